use super::history::REPLICAS;
use super::judge::judge;
use super::*;
use crate::crdt::catalogue::{ALL_TYPES, Family, find};
use crate::crdt::replicated::Act;
use crate::policy::{Property, Soundness};

fn act(replica: u8, act: Act) -> Step {
    let time = 0;
    Step::Act { replica, time, act }
}

fn merge(from: u8, into: u8) -> Step {
    Step::Merge { from, into }
}

/// The smallest history that is found to break a law.
fn smallest(id: &str, law: Law) -> Counterexample {
    let entry = find(id).unwrap();
    let found = search(entry.lab, &[law], Effort::default()).remove(0);
    let what = format!("{id} breaks {}", law.id());
    found.counterexample.expect(&what)
}

#[test]
fn the_search_finds_the_broken_laws_of_every_type_and_no_other() {
    for entry in ALL_TYPES {
        let findings = search(entry.lab, entry.laws, Effort::default());
        let broken = findings.iter().filter(|it| it.counterexample.is_some());
        let broken: Vec<Law> = broken.map(|it| it.law).collect();
        assert_eq!(broken, entry.breaks, "{}", entry.info.id);
        for finding in &findings {
            let applies = match finding.law {
                Law::Bounds => entry.lab.is_allowed().is_some(),
                Law::NoInterleaving => entry.family == Family::Text,
                _ => true,
            };
            assert_eq!(finding.tried > 0, applies, "{:?}", finding.law);
        }
    }
}

#[test]
fn what_is_marked_broken_breaks_a_law_and_loses_what_it_gives_up() {
    let mut ids: Vec<&str> = Vec::new();
    for entry in ALL_TYPES {
        let info = entry.info;
        assert!(!ids.contains(&info.id), "{} is there twice", info.id);
        ids.push(info.id);
        // Nobody who judges a world reads whether a line makes sense.
        let judged = entry.breaks.iter().any(|&law| law != Law::NoInterleaving);
        assert_eq!(entry.is_broken(), judged, "{}", info.id);
        if let Soundness::Broken { loses } = info.soundness {
            assert!(!loses.is_empty(), "{}", info.id);
            assert!(loses.iter().all(|it| info.gives_up.contains(it)));
        }
        assert!(info.keeps.iter().all(|it| !info.gives_up.contains(it)));
        // An equal set of updates gives an equal value exactly if both laws hold.
        let agrees = [Law::Commutative, Law::Convergence];
        let agrees = agrees.iter().all(|law| !entry.breaks.contains(law));
        let keeps = info.keeps.contains(&Property::Convergence);
        assert!(agrees || !keeps, "{}", info.id);
    }
}

#[test]
fn the_smallest_counterexamples_are_those_known_by_hand() {
    let (one, two) = (Act::Increment(1), Act::Decrement(1));
    let (add, remove) = (Act::Add(0), Act::Remove(0));
    let raise = Act::Raise { item: 0, by: 1 };
    let lower = Act::Lower { item: 0, by: 1 };
    let (early, tags) = ("early_collecting_set", "region_tag_set");
    let (published, cart) = ("published_add_wins_set", "cart_by_maximum");
    let clocks = "published_clock_register";
    let insert = |at, letter| Act::Insert { at, letter };
    let known: &[(&str, Law, &[Step])] = &[
        // Two concurrent additions of an item count as one.
        (
            cart,
            Law::Specification,
            &[act(0, raise), act(1, raise), merge(0, 1)],
        ),
        // A decrease is undone by a merge with an older self.
        (cart, Law::UpdatesGoUp, &[act(0, raise), act(0, lower)]),
        (
            "counter_by_last_write",
            Law::Specification,
            &[act(0, one), act(1, one), merge(0, 1)],
        ),
        // The last item is sold twice.
        (
            "stock_counter",
            Law::Bounds,
            &[
                act(0, one),
                merge(0, 1),
                act(0, two),
                act(1, two),
                merge(0, 1),
            ],
        ),
        // A removal does not survive a merge with an older self; nor does it bind it.
        (published, Law::UpdatesGoUp, &[act(0, add), act(0, remove)]),
        (
            published,
            Law::Specification,
            &[act(0, remove), act(0, add)],
        ),
        (
            published,
            Law::Convergence,
            &[act(0, add), act(0, remove), merge(0, 1)],
        ),
        // Two writers of a region mint one tag, and removing the one removes the other.
        (
            tags,
            Law::Specification,
            &[act(0, add), act(0, remove), act(1, add), merge(0, 1)],
        ),
        // Who had not heard of the removal brings the item back.
        (
            early,
            Law::Specification,
            &[
                act(0, add),
                merge(0, 1),
                act(0, remove),
                act(0, Act::Collect),
                merge(0, 1),
            ],
        ),
        // Equal stamps: each keeps its own.
        (
            "own_on_equal_register",
            Law::Commutative,
            &[act(0, Act::Write(1)), act(1, Act::Write(2))],
        ),
        // Equal clocks are called concurrent: a version is in conflict with itself.
        (clocks, Law::Idempotent, &[act(0, Act::Write(1))]),
        // Of two first writes neither dictionary has the other's entry.
        (
            clocks,
            Law::Commutative,
            &[act(0, Act::Write(1)), act(1, Act::Write(2))],
        ),
        // Receiving takes over no counts, so that a write does not cover what it replaced.
        (
            clocks,
            Law::UpdatesGoUp,
            &[act(0, Act::Write(1)), merge(0, 1), act(1, Act::Write(2))],
        ),
        // Whoever types behind a letter halves the gap that another one halved before.
        (
            "logoot",
            Law::NoInterleaving,
            &[
                act(0, insert(0, 'a')),
                act(0, insert(1, 'b')),
                act(1, insert(0, 'c')),
                merge(0, 1),
            ],
        ),
    ];
    for (id, law, steps) in known {
        let found = smallest(id, *law);
        assert_eq!(found.history.steps, *steps, "{id}, {}", law.id());
        assert_eq!(found.moments.len(), steps.len());
        assert_ne!(found.violation.found.value, found.violation.expected.value);
    }
}

/// Every step there can be at two replicas with these acts.
fn alphabet(acts: &[Act]) -> Vec<Step> {
    let mut steps = vec![merge(0, 1), merge(1, 0)];
    steps.extend((0..2).flat_map(|replica| acts.iter().map(move |&it| act(replica, it))));
    steps
}

#[test]
fn no_history_with_fewer_steps_breaks_the_law() {
    let set = [
        Act::Add(0),
        Act::Remove(0),
        Act::Add(1),
        Act::Remove(1),
        Act::Collect,
    ];
    let count = [
        Act::Increment(1),
        Act::Increment(2),
        Act::Decrement(1),
        Act::Decrement(2),
    ];
    let raise = |item, by| Act::Raise { item, by };
    let cart = [
        raise(0, 1),
        raise(1, 1),
        raise(0, 2),
        Act::Lower { item: 0, by: 1 },
    ];
    let insert = |at, letter| Act::Insert { at, letter };
    let typed = [
        insert(0, 'a'),
        insert(1, 'b'),
        insert(0, 'c'),
        Act::Erase(0),
    ];
    let writes = [Act::Write(1), Act::Write(2), Act::Write(3)];
    for (id, law, acts) in [
        ("published_clock_register", Law::UpdatesGoUp, &writes[..]),
        ("logoot", Law::NoInterleaving, &typed[..]),
        ("early_collecting_set", Law::Specification, &set[..]),
        ("early_collecting_set", Law::Convergence, &set[..]),
        ("region_tag_set", Law::Specification, &set[..4]),
        ("published_add_wins_set", Law::Convergence, &set[..4]),
        ("stock_counter", Law::Bounds, &count[..]),
        ("counter_by_last_write", Law::Specification, &count[..2]),
        ("cart_by_maximum", Law::Specification, &cart[..]),
        ("cart_by_maximum", Law::Convergence, &cart[..]),
    ] {
        let lab = find(id).unwrap().lab;
        let fewer = smallest(id, law).history.steps.len() - 1;
        let alphabet = alphabet(acts);
        let mut tried = 0;
        for number in 0..alphabet.len().pow(fewer as u32) {
            let digits = (0..fewer).scan(number, |rest, _| {
                let digit = *rest % alphabet.len();
                *rest /= alphabet.len();
                Some(alphabet[digit])
            });
            let history = History {
                steps: digits.collect(),
            };
            let found = judge(lab, &history, &[law], Sight::Value);
            assert!(found.violations.is_empty(), "{id}: {history:?}");
            tried += 1;
        }
        assert!(tried > 10, "{id}");
    }
}

#[test]
fn a_counterexample_is_drawn_with_every_replica_that_matters() {
    let found = smallest("early_collecting_set", Law::Convergence);
    for moment in &found.moments {
        assert_eq!(moment.replicas.len(), 2);
        assert!(!moment.is_refused);
        assert!(moment.replicas.iter().all(|view| !view.state.is_empty()));
    }
    let last = found.moments.last().unwrap();
    assert_eq!(last.replicas[1].value, found.violation.found.value);
    assert!(last.bytes > 0);
}

#[test]
fn what_a_lab_is_told_of_a_violation_names_replicas_that_are_there() {
    for entry in ALL_TYPES {
        for &law in entry.breaks {
            let found = smallest(entry.info.id, law);
            assert_eq!(found.violation.law, law);
            assert!(found.violation.replicas.iter().all(|&it| it < REPLICAS));
            assert_eq!(found.violation.orders.is_some(), law == Law::Operations);
        }
    }
}

#[test]
fn a_search_in_pieces_finds_what_one_at_a_stretch_finds() {
    let effort = Effort {
        histories: 200,
        seed: 7,
        shrunk: 3,
    };
    for entry in ALL_TYPES {
        let whole = search(entry.lab, &Law::ALL, effort);
        for budget in [1, 97] {
            let mut pieces = Search::new(&Law::ALL, effort);
            let mut last = pieces.progress();
            assert_eq!(last, (0, 400));
            while !pieces.advance(entry.lab, budget) {
                assert!(last <= pieces.progress(), "{}", entry.info.id);
                last = pieces.progress();
            }
            assert_eq!(pieces.findings(), whole, "{}", entry.info.id);
            assert_eq!(pieces.progress(), (400, 400));
            for finding in &whole {
                let broken = finding.counterexample.is_some();
                assert_eq!(pieces.is_broken(finding.law), broken);
            }
        }
    }
}
