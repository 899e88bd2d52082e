//! Laws of merging, tried over everything in the catalogues.
#![cfg(not(target_arch = "wasm32"))]

use proptest::prelude::*;
use splitbrain_engine::conflict;
use splitbrain_engine::crdt::{self, Dot, Object, ObservedRemoveSet, Update};
use splitbrain_engine::policy::{Info, Property, Soundness};
use splitbrain_engine::scenario::MergeRule;
use splitbrain_engine::sim::dice::mix;
use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::{Key, Value};

/// One step of a little world of three replicas.
#[derive(Clone, Copy, Debug)]
enum Step {
    Do { replica: u8, kind: OpKind, item: u8 },
    Merge { from: u8, into: u8 },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let kind = prop::sample::select(vec![OpKind::Add, OpKind::Remove]);
    let step = prop_oneof![
        (0..3_u8, kind, 0..3_u8).prop_map(|(replica, kind, item)| Step::Do {
            replica,
            kind,
            item
        }),
        (0..3_u8, 0..3_u8).prop_map(|(from, into)| Step::Merge { from, into }),
    ];
    prop::collection::vec(step, 0..24)
}

/// The naive model of one replica: additions by tag with their items, and tags removed.
type Model = (Vec<(u32, u8)>, Vec<u32>);

/// Plays the steps on three sets, and beside them on a naive model straight from
/// the specification (Shapiro et al. 2011): additions and removals of unique
/// tags, both kept for ever.
fn play(steps: &[Step]) -> ([ObservedRemoveSet; 3], [Model; 3]) {
    let mut sets: [ObservedRemoveSet; 3] = Default::default();
    let mut models: [Model; 3] = Default::default();
    for (number, &step) in (0_u32..).zip(steps) {
        match step {
            Step::Do {
                replica,
                kind,
                item,
            } => {
                let set = &mut sets[replica as usize];
                let update = Update {
                    sequence: number,
                    dot: set.next_dot(replica),
                    write: FactId(number),
                    key: Key(0),
                    stamp_us: 0,
                    change: set.prepare(kind, Value(u32::from(item))),
                };
                let before = set.clone();
                set.apply(&update, &mut Vec::new());
                let mut joined = before.clone();
                joined.merge(set);
                assert_eq!(&joined, set, "updates only go up");
                let mut delta = before;
                delta.merge(&ObservedRemoveSet::delta(&update));
                assert_eq!(&delta, set, "a delta merge equals the full merge");
                let (added, removed) = &mut models[replica as usize];
                removed.extend(added.iter().filter(|tag| tag.1 == item).map(|tag| tag.0));
                if kind == OpKind::Add {
                    added.push((number, item));
                }
            }
            Step::Merge { from, into } => {
                let other = sets[from as usize].clone();
                sets[into as usize].merge(&other);
                let (added, removed) = models[from as usize].clone();
                models[into as usize].0.extend(added);
                models[into as usize].1.extend(removed);
            }
        }
    }
    (sets, models)
}

fn merged(left: &ObservedRemoveSet, right: &ObservedRemoveSet) -> ObservedRemoveSet {
    let mut merged = left.clone();
    merged.merge(right);
    merged
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn the_observed_remove_set_keeps_the_laws_of_a_merge(steps in steps()) {
        let ([a, b, c], _) = play(&steps);
        prop_assert_eq!(merged(&a, &b), merged(&b, &a), "commutative");
        prop_assert_eq!(merged(&merged(&a, &b), &c), merged(&a, &merged(&b, &c)), "associative");
        prop_assert_eq!(merged(&a, &a), a, "idempotent");
    }

    #[test]
    fn without_tombstones_it_shows_what_its_specification_says(steps in steps()) {
        let (sets, models) = play(&steps);
        for (set, (added, removed)) in sets.iter().zip(models) {
            for item in 0..3 {
                let expected = added.iter().any(|tag| tag.1 == item && !removed.contains(&tag.0));
                prop_assert_eq!(set.contains(item), expected);
            }
        }
    }
}

/// Three replicas write and hear of each other's updates in random orders. True
/// if two that have heard the same show something different.
fn diverges(rule: MergeRule, seed: u64) -> bool {
    let mut word = mix(seed);
    let mut below = |n: u64| {
        word = mix(word);
        word % n
    };
    let mut replicas: Vec<(Box<dyn Object>, u64)> = (0..3)
        .map(|region| (rule.empty_object(Value(0), region), 0))
        .collect();
    let mut updates: Vec<Update> = Vec::new();
    for step in 0..12 {
        let at = below(3) as usize;
        if below(2) == 0 && updates.len() < 5 {
            let kind = [OpKind::Add, OpKind::Remove][below(2) as usize];
            let change = replicas[at].0.prepare(kind, Value(below(2) as u32));
            let counter = 1 + updates
                .iter()
                .filter(|update| update.dot.origin == at as u8)
                .count();
            updates.push(Update {
                sequence: counter as u32,
                dot: Dot {
                    origin: at as u8,
                    counter: counter as u32,
                },
                write: FactId(step),
                key: Key(0),
                stamp_us: below(4) as i64,
                change,
            });
            replicas[at]
                .0
                .apply(&updates[updates.len() - 1], &mut Vec::new());
            replicas[at].1 |= 1 << (updates.len() - 1);
        } else if !updates.is_empty() {
            let index = below(updates.len() as u64) as usize;
            if replicas[at].1 >> index & 1 == 0 {
                replicas[at].0.apply(&updates[index], &mut Vec::new());
                replicas[at].1 |= 1 << index;
            }
        }
        let differ = |a: usize, b: usize| {
            replicas[a].1 == replicas[b].1 && replicas[a].0.value() != replicas[b].0.value()
        };
        if differ(0, 1) || differ(1, 2) || differ(0, 2) {
            return true;
        }
    }
    false
}

#[test]
fn a_search_finds_divergence_in_what_is_marked_broken_and_in_nothing_else() {
    let rules = conflict::all().map(|rule| (rule.info(), MergeRule::Conflict(rule)));
    let types = crdt::ALL
        .iter()
        .map(|entry| (entry.info, MergeRule::Type(entry)));
    let entries: Vec<(&Info, MergeRule)> = rules.chain(types).collect();
    for (info, rule) in entries {
        let found = (0..20_000).find(|&seed| diverges(rule, seed));
        let expected = matches!(info.soundness, Soundness::Broken { loses } if loses.contains(&Property::Convergence));
        assert_eq!(found.is_some(), expected, "{}: {found:?}", info.id);
        assert_eq!(
            info.keeps.contains(&Property::Convergence),
            !expected,
            "{}",
            info.id
        );
    }
}

#[test]
fn ids_are_unique_and_what_is_broken_keeps_nothing_it_loses() {
    let mut ids: Vec<&str> = Vec::new();
    for info in splitbrain_engine::scenario::catalog() {
        assert!(!ids.contains(&info.id), "{}", info.id);
        ids.push(info.id);
        if let Soundness::Broken { loses } = info.soundness {
            assert!(!loses.is_empty(), "{}", info.id);
            assert!(
                loses.iter().all(|property| !info.keeps.contains(property)),
                "{}",
                info.id
            );
            assert!(
                loses
                    .iter()
                    .all(|property| info.gives_up.contains(property)),
                "{}",
                info.id
            );
        }
    }
}
