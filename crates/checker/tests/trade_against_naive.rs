//! Overselling, job runs and message order against naive oracles that take the
//! definitions literally, on small random runs: no difference at any step.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use splitbrain_checker::{
    FactRef, Judge, KeyRef, Observation, OpRef, PropertyId, Replica, Session, Verdict,
    ViolationKind,
};

/// Four random bytes: what happens, to what, by whom, and a coin.
type Action = [u8; 4];

/// Violations by kind, the fact that they stand from and what they are about, with
/// whether they still stand.
type Found = BTreeMap<(ViolationKind, FactRef, u32), bool>;

/// One observation an action: two items, two jobs, four people who talk.
fn observations(actions: &[Action]) -> Vec<Observation> {
    let mut due = [0_u32; 2];
    let mut messages = Vec::new();
    let mut seen = Vec::new();
    for (place, &[what, which, who, coin]) in actions.iter().enumerate() {
        let fact = FactRef(place as u32);
        let (two, session) = (usize::from(which % 2), Session(u16::from(who % 4)));
        let key = KeyRef(two as u32);
        seen.push(match what % 8 {
            0 => Observation::Stocked {
                fact,
                item: key,
                units: u32::from(coin % 4),
            },
            1 | 2 => Observation::Sold {
                fact,
                op: OpRef(fact.0),
                session,
                item: key,
                units: u32::from(coin % 3),
            },
            3 => {
                due[two] += 1;
                Observation::JobDue {
                    fact,
                    job: key,
                    tick: due[two],
                }
            }
            4 => Observation::JobRan {
                fact,
                job: key,
                // Mostly the latest time, now and then an older one or the next.
                tick: (due[two] + 1).saturating_sub(u32::from(coin % 3)),
                replica: Replica(who % 2),
            },
            5 => {
                messages.push(OpRef(fact.0));
                Observation::MessagePosted {
                    fact,
                    op: OpRef(fact.0),
                    room: KeyRef(u32::from(coin % 2)),
                    session,
                }
            }
            _ => Observation::MessageShown {
                fact,
                op: *messages
                    .get(usize::from(which) % messages.len().max(1))
                    .unwrap_or(&OpRef(u32::MAX)),
                session,
            },
        });
    }
    seen
}

fn said(judge: &Judge) -> Found {
    let mut found = Found::new();
    for property in [
        PropertyId::NoOversell,
        PropertyId::JobRuns,
        PropertyId::OnceATick,
        PropertyId::MessageOrder,
    ] {
        let Verdict::Violated { violations, .. } = judge.verdict(property) else {
            continue;
        };
        for violation in violations {
            let about = match violation.kind {
                ViolationKind::RunMissed | ViolationKind::RunTwice | ViolationKind::RunRepeated => {
                    violation.key.map(|it| it.0)
                }
                _ => violation.op.map(|it| it.0),
            };
            assert!(violation.witness.windows(2).all(|pair| pair[0] < pair[1]));
            let key = (violation.kind, violation.first, about.expect("a subject"));
            assert!(found.insert(key, violation.stands()).is_none());
        }
    }
    found
}

fn oversold(seen: &[Observation], found: &mut Found) {
    for item in [KeyRef(0), KeyRef(1)] {
        let stocked = |until: usize| -> u32 {
            let all = seen[..until].iter().map(|it| match *it {
                Observation::Stocked {
                    item: of, units, ..
                } if of == item => units,
                _ => 0,
            });
            all.sum()
        };
        let mut sold = 0;
        for (place, observation) in seen.iter().enumerate() {
            if let Observation::Sold {
                fact,
                op,
                item: of,
                units,
                ..
            } = *observation
                && of == item
                && units > 0
            {
                sold += units;
                if sold > stocked(place) {
                    let stands = sold > stocked(seen.len());
                    found.insert((ViolationKind::Oversold, fact, op.0), stands);
                }
            }
        }
    }
}

fn jobs(seen: &[Observation], found: &mut Found) {
    for job in [KeyRef(0), KeyRef(1)] {
        let runs_of = |time: u32| {
            let all = seen.iter().filter_map(move |it| match *it {
                Observation::JobRan {
                    fact,
                    job: of,
                    tick,
                    ..
                } if (of, tick) == (job, time) => Some(fact),
                _ => None,
            });
            all.collect::<Vec<FactRef>>()
        };
        for time in 0..seen.len() as u32 {
            let runs = runs_of(time);
            if let [_, again, ..] = runs[..] {
                found.insert((ViolationKind::RunTwice, again, job.0), true);
                found.insert((ViolationKind::RunRepeated, again, job.0), true);
            }
            let came = |wanted: u32| {
                seen.iter().find_map(|it| match *it {
                    Observation::JobDue {
                        fact,
                        job: of,
                        tick,
                    } if (of, tick) == (job, wanted) => Some(fact),
                    _ => None,
                })
            };
            if let (Some(_), Some(next)) = (came(time), came(time + 1))
                && runs.iter().all(|&run| run > next)
            {
                found.insert((ViolationKind::RunMissed, next, job.0), runs.is_empty());
            }
        }
    }
}

/// Message, author and place of what was sent.
fn sent(seen: &[Observation]) -> Vec<(OpRef, Session, usize)> {
    let all = seen.iter().enumerate().filter_map(|(place, it)| match *it {
        Observation::MessagePosted { op, session, .. } => Some((op, session, place)),
        _ => None,
    });
    all.collect()
}

/// Every message that was sent before another one.
fn before(seen: &[Observation], message: OpRef) -> BTreeSet<OpRef> {
    let sent = sent(seen);
    let mut found = BTreeSet::new();
    let mut open = vec![message];
    while let Some(next) = open.pop() {
        let Some(&(_, author, place)) = sent.iter().find(|it| it.0 == next) else {
            continue;
        };
        for observation in &seen[..place] {
            let (Observation::MessagePosted { op, session, .. }
            | Observation::MessageShown { op, session, .. }) = *observation
            else {
                continue;
            };
            if session == author && op != message && found.insert(op) {
                open.push(op);
            }
        }
    }
    found
}

fn out_of_order(seen: &[Observation], found: &mut Found) {
    let authors: BTreeMap<OpRef, Session> = sent(seen).iter().map(|it| (it.0, it.1)).collect();
    let rooms = seen.iter().filter_map(|it| match *it {
        Observation::MessagePosted { op, room, .. } => Some((op, room)),
        _ => None,
    });
    let rooms: BTreeMap<OpRef, KeyRef> = rooms.collect();
    for reader in (0..4).map(Session) {
        let mut shown: Vec<OpRef> = Vec::new();
        for observation in seen {
            let Observation::MessageShown { fact, op, session } = *observation else {
                continue;
            };
            if session != reader || shown.contains(&op) || authors.get(&op) == Some(&reader) {
                continue;
            }
            let late =
                |&it: &OpRef| rooms.get(&it) == rooms.get(&op) && before(seen, it).contains(&op);
            if shown.iter().any(late) {
                found.insert((ViolationKind::ShownOutOfOrder, fact, op.0), true);
            }
            shown.push(op);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..Default::default() })]

    #[test]
    fn stock_jobs_and_messages_are_judged_at_every_step_as_the_definitions_say(
        actions in prop::collection::vec(any::<Action>(), 1..80),
    ) {
        let all = observations(&actions);
        let mut judge = Judge::new(2);
        for (place, observation) in all.iter().enumerate() {
            judge.observe(observation);
            judge.end_of_step();
            let seen = &all[..=place];
            let mut expected = Found::new();
            oversold(seen, &mut expected);
            jobs(seen, &mut expected);
            out_of_order(seen, &mut expected);
            prop_assert_eq!(said(&judge), expected, "after {:#?}", seen);
        }
    }

    #[test]
    fn what_nothing_was_observed_of_is_not_reported(
        actions in prop::collection::vec(any::<Action>(), 0..12),
    ) {
        let all = observations(&actions);
        let mut judge = Judge::new(2);
        for observation in &all {
            judge.observe(observation);
            judge.end_of_step();
        }
        let is_there = |of: fn(&Observation) -> bool| all.iter().any(of);
        let mut expected = Vec::new();
        let sells = |it: &Observation| match *it {
            Observation::Stocked { .. } => true,
            Observation::Sold { units, .. } => units > 0,
            _ => false,
        };
        if is_there(sells) {
            expected.push(PropertyId::NoOversell);
        }
        if is_there(|it| matches!(it, Observation::JobDue { .. } | Observation::JobRan { .. })) {
            expected.push(PropertyId::JobRuns);
        }
        if is_there(|it| matches!(it, Observation::JobRan { .. })) {
            expected.push(PropertyId::OnceATick);
        }
        if is_there(|it| matches!(it, Observation::MessagePosted { .. })) {
            expected.push(PropertyId::MessageOrder);
        }
        let reported: Vec<_> = judge.verdicts().iter().map(|it| it.info.property).collect();
        prop_assert_eq!(reported, expected);
    }
}
