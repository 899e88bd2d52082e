//! What every sequence for text keeps whatever its characters are named by: a strong list
//! (Attiya, Burckhardt, Gotsman, Morrison, Yang and Zawirski, "Specification and complexity of
//! collaborative text editing", 2016, section 3). A character stands where it was typed, and
//! of any two that somebody saw the same one is first for everybody, for ever.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;

use splitbrain_engine::crdt::Dot;
use splitbrain_engine::crdt::catalogue::find;
use splitbrain_engine::crdt::laws::world::World;
use splitbrain_engine::crdt::laws::{History, Replica, Step};
use splitbrain_engine::crdt::replicated::{Act, Datum};

const HISTORIES: u64 = 3_000;

/// The names of what a replica shows, in order.
fn shown(replica: &dyn Replica) -> Vec<Dot> {
    let parts = replica.state();
    let letters = parts.iter().filter(|part| part.id == "letters");
    let data = letters.flat_map(|part| part.rows.iter().flatten());
    let dots = data.filter_map(|datum| match datum {
        Datum::Dot(dot) => Some(*dot),
        _ => None,
    });
    dots.collect()
}

#[test]
fn a_character_stands_where_it_was_typed_and_stays_on_its_side_of_every_other() {
    for id in ["sequence", "logoot"] {
        let lab = find(id).expect("it is in the catalogue").lab;
        let (mut typed, mut pairs) = (0, 0);
        for seed in 0..HISTORIES {
            let mut world = World::new(lab);
            let mut order: BTreeSet<(Dot, Dot)> = BTreeSet::new();
            for step in History::of_seed(seed, lab.verbs(), lab.is_timed()).steps {
                let place = match step {
                    Step::Act { replica, .. } => usize::from(replica),
                    Step::Merge { into, .. } => usize::from(into),
                };
                let before = shown(world.replicas[place].as_ref());
                world.step(step);
                let after = shown(world.replicas[place].as_ref());
                if let Step::Act {
                    act: Act::Insert { at, .. },
                    ..
                } = step
                {
                    let at = (at as usize).min(before.len());
                    assert_eq!(after.len(), before.len() + 1, "{id} {seed}");
                    assert!(!before.contains(&after[at]), "{id} {seed}");
                    let rest = [&after[..at], &after[at + 1..]].concat();
                    assert_eq!(rest, before, "{id} {seed}");
                    typed += 1;
                }
                for (at, &one) in after.iter().enumerate() {
                    for &other in &after[at + 1..] {
                        assert!(!order.contains(&(other, one)), "{id} {seed}");
                        pairs += usize::from(order.insert((one, other)));
                    }
                }
            }
        }
        assert!(typed > 5_000 && pairs > 10_000, "{id}: {typed} {pairs}");
    }
}
