//! The promise of rights to sell: nobody is refused while a region that can be asked, over a
//! link of its own, has the rights that are wanted.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::crdt::replicated::Datum;
use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;

const REGIONS: u8 = 3;
const SCHEDULES: u64 = 120;
const SECOND_US: u64 = 1_000_000;
const ITEM: Key = Key::new(0, 0);
/// Between two looks at a region, in microseconds.
const LOOK_US: u64 = 5_000;

/// A link that is cut, from when and until when.
#[derive(Clone, Copy)]
struct Cut {
    ends: [u8; 2],
    from: Time,
    until: Time,
}

/// Deliveries, purchases of one unit each at all regions, and cuts of a few seconds.
fn schedule(seed: u64) -> (Vec<TimedCommand>, Vec<Cut>) {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    let act = |at_us: u64, customer: u16, kind: OpKind, units: u32| {
        let action = Action {
            kind,
            key: ITEM,
            argument: Value(units),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let command = Command::Act { customer, action };
        TimedCommand {
            at: Time(at_us),
            command,
        }
    };
    for customer in [0, 3] {
        commands.push(act(100_000, customer, OpKind::Restock, 2));
    }
    // Now and then while somebody has asked, and is told that there is nothing.
    for _ in 0..4 {
        let at_us = 2 * SECOND_US + chance.below(14 * SECOND_US);
        commands.push(act(at_us, chance.below(4) as u16, OpKind::Restock, 2));
        // Two of one region ask for it, one before and one after it is there.
        let via = Some(chance.below(u64::from(REGIONS)) as u8);
        for (customer, after_us) in [(1, 0), (2, 50_000 + chance.below(150_000))] {
            let mut buys = act(at_us - 60_000 + after_us, customer, OpKind::Buy, 1);
            if let Command::Act { action, .. } = &mut buys.command {
                action.via = via;
            }
            commands.push(buys);
        }
    }
    for _ in 0..16 {
        let at_us = 2 * SECOND_US + chance.below(14 * SECOND_US);
        commands.push(act(at_us, chance.below(4) as u16, OpKind::Buy, 1));
    }
    let cuts = [[0, 1], [0, 2], [1, 2]]
        .into_iter()
        .filter_map(|ends: [u8; 2]| {
            let from = Time(2 * SECOND_US + chance.below(8 * SECOND_US));
            let until = Time(from.0 + SECOND_US + chance.below(6 * SECOND_US));
            (chance.below(4) > 0).then_some(Cut { ends, from, until })
        });
    let cuts: Vec<Cut> = cuts.collect();
    for cut in &cuts {
        let ([from, to], direction) = (cut.ends, Direction::Both);
        commands.push(TimedCommand {
            at: cut.from,
            command: Command::CutLink {
                from,
                to,
                direction,
            },
        });
        commands.push(TimedCommand {
            at: cut.until,
            command: Command::HealLink {
                from,
                to,
                direction,
            },
        });
    }
    commands.sort_by_key(|timed| timed.at);
    (commands, cuts)
}

/// The rights that a region has by its own books.
fn rights(player: &Player, region: u8) -> i64 {
    let state = { player.world() }.state(Addr::new(HostId(region.into()), 0));
    let parts = state.into_iter().find_map(|line| match line {
        StateView::Parts { key, parts, .. } if key == ITEM => Some(parts),
        _ => None,
    });
    let rows = |id: &str| -> Vec<Vec<Datum>> {
        let parts = parts.iter().flatten();
        let mut parts = parts.filter(|part| part.id == id);
        parts.next().map_or_else(Vec::new, |part| part.rows.clone())
    };
    let moved = rows("rights").into_iter().map(|row| match row[..] {
        [Datum::Replica(from), Datum::Replica(to), Datum::Number(by)] => {
            if to == region {
                by
            } else if from == region {
                -by
            } else {
                0
            }
        }
        _ => panic!("{row:?}"),
    });
    let used = rows("used").into_iter().map(|row| match row[..] {
        [Datum::Replica(of), Datum::Number(by)] if of == region => by,
        _ => 0,
    });
    moved.sum::<i64>() - used.sum::<i64>()
}

/// Refusals of a schedule: where, since when the region asked others, and until when.
fn refusals(player: &Player) -> Vec<(u8, Time, Time)> {
    let facts = || player.trace().range(FactId(0), player.end());
    let refused = facts().filter(|(_, fact)| fact.kind() == FactKind::RequestRejected);
    let asked = |op: u32, region: HostId| {
        let mut asked = facts().filter(|(_, fact)| {
            fact.kind() == FactKind::RightsAsked && (fact.host, fact.a) == (region, op)
        });
        asked.next().map(|(_, fact)| fact.at())
    };
    let refused = refused.map(|(_, fact)| {
        let since = asked(fact.a, fact.host).expect("it asks before it refuses");
        (fact.host.0 as u8, since, fact.at())
    });
    refused.collect()
}

#[test]
fn nobody_is_refused_while_a_region_that_can_be_asked_has_rights() {
    let (mut refused, mut alone, mut moved) = (0, 0, 0);
    for seed in 0..SCHEDULES {
        let (commands, cuts) = schedule(seed);
        let forms = Slot::Travels.choices(ServiceKind::Stock);
        let mut scenario = playground::stock_trial().with(&[Choice {
            service: ServiceKind::Stock,
            slot: Slot::Travels,
            policy: forms[seed as usize % forms.len()].id.into(),
        }]);
        // Whoever is refused does not try again elsewhere.
        scenario.retry.attempts = 1;
        let mut run = Run::new(Rc::new(scenario), seed);
        run.commands = commands;
        let mut player = Player::new(run);
        player.jump(Target::Time(Time::from_ms(25_000)));
        let facts = player.trace().range(FactId(0), player.end());
        moved += facts
            .filter(|(_, fact)| fact.kind() == FactKind::RightsGiven)
            .count();
        for (region, since, until) in refusals(&player) {
            refused += 1;
            let is_whole = |other: u8| {
                let mut cuts = cuts
                    .iter()
                    .filter(|cut| cut.ends.contains(&region) && cut.ends.contains(&other));
                cuts.all(|cut| cut.until < since || cut.from > until)
            };
            let near = (0..REGIONS).filter(|&other| other != region && is_whole(other));
            let near: Vec<u8> = near.collect();
            alone += usize::from(near.is_empty());
            for other in near {
                let mut always = true;
                let mut at = since;
                while always && at < until {
                    player.jump(Target::Time(at));
                    always = rights(&player, other) > 0;
                    at = at.after(LOOK_US);
                }
                assert!(
                    !always,
                    "seed {seed}: {region} refused at {until:?} what {other} had"
                );
            }
        }
    }
    // It was put to the test: by refusals with and without somebody to ask.
    assert!(
        refused > 50 && alone > 10 && moved > 100,
        "{refused} {alone} {moved}"
    );
    assert!(alone < refused);
}
