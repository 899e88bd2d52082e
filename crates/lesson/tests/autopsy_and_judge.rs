//! Autopsies against the judge, in runs in which nobody knows the cause.
#![cfg(not(target_arch = "wasm32"))]

mod told;

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::documents::{Edit, Word};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::records::Field;
use splitbrain_engine::run::{Command, Player, Run, TimedCommand};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::autopsy::{Conclusion, Loss, of_violation};
use splitbrain_lesson::observe::Observer;
use told::{act, autopsy, chosen, cut, heal, played_by, set, step, world, world_of};

/// Writes all the time; now and then a region is cut off, crashes, or its clock is set.
fn schedule(seed: u64, service: u8) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for place in 0..40 {
        let key = Key::new(service, chance.below(3) as u32);
        let customer = chance.below(3) as u16;
        let command = match (service, chance.below(3)) {
            (0, _) => act(customer, OpKind::Write, key, place + 1),
            (_, 0) => act(customer, OpKind::Remove, key, place / 3),
            _ => act(customer, OpKind::Add, key, place / 2),
        };
        commands.push(TimedCommand {
            at: Time(chance.below(20_000_000)),
            command,
        });
    }
    for _ in 0..4 {
        let region = chance.below(3) as u8;
        let from = chance.below(20_000_000);
        let until = from + 1_000_000 + chance.below(6_000_000);
        let mut push = |us, command| {
            commands.push(TimedCommand {
                at: Time(us),
                command,
            });
        };
        match chance.below(3) {
            0 => {
                push(from, Command::CrashRegion { region });
                push(until, Command::RestartRegion { region });
            }
            1 => push(
                from,
                step(region, chance.below(8_000_000) as i64 - 4_000_000),
            ),
            _ => {
                for other in (0..3).filter(|&other| other != region) {
                    push(from, cut(region, other));
                    push(until, heal(region, other));
                }
            }
        }
    }
    commands.sort_by_key(|timed| timed.at);
    commands
}

/// Operations on the service that the judge holds lost, and those that autopsies do.
fn both_losses(player: &Player, service: u8) -> (Vec<FactId>, Vec<FactId>) {
    let mut observer = Observer::new(&player.run().scenario);
    let mut reader = player.clone();
    observer.follow_player(&mut reader);
    let mut judged = Vec::new();
    let verdict = observer.judge().verdict(PropertyId::AcknowledgedWrites);
    if let Verdict::Violated { violations, .. } = verdict {
        for violation in violations.iter().filter(|it| it.stands()) {
            let fact = of_violation(violation).expect("a lost write can be asked about");
            let sheet = autopsy(player, fact);
            assert_eq!(Some(sheet.lost.asked.fact.0), violation.op.map(|it| it.0));
            let is_explained = !matches!(
                sheet.conclusion,
                Conclusion::Knowingly | Conclusion::Shown | Conclusion::Vanished
            );
            assert!(is_explained, "{sheet:#?}");
            judged.push(sheet.lost.asked.fact);
        }
    }
    let facts = player.trace().range(FactId(0), player.end());
    let asked = facts.filter(|(_, fact)| {
        fact.kind() == FactKind::OperationStarted
            && fact.op_kind() != Some(OpKind::Read)
            && Key(fact.a).service() == service
    });
    let lost = asked.map(|(id, _)| autopsy(player, id));
    let lost = lost.filter(|sheet| sheet.loss == Loss::Lost);
    let mut lost: Vec<FactId> = lost.map(|sheet| sheet.lost.asked.fact).collect();
    judged.sort_unstable();
    lost.sort_unstable();
    (judged, lost)
}

fn agrees(run: &Run, service: u8, seeds: std::ops::Range<u64>) -> usize {
    let mut found = 0;
    for seed in seeds {
        let commands = schedule(seed, service);
        let run = Run {
            commands,
            seed,
            ..run.clone()
        };
        let player = played_by(run, 60_000);
        let (judged, lost) = both_losses(&player, service);
        assert_eq!(judged, lost, "seed {seed}");
        found += lost.len();
    }
    found
}

#[test]
fn what_an_autopsy_calls_lost_the_judge_does_too_under_both_rules() {
    for rule in ["last_writer_wins", "arrival_order"] {
        let run = Run::new(Rc::new(world(rule, rule)), 0);
        for service in 0..2 {
            let found = agrees(&run, service, 0..12);
            assert!(found > 5, "{rule}: {found}");
        }
    }
}

#[test]
fn what_an_autopsy_calls_lost_the_judge_does_too_after_promotions() {
    for failover in ["promotion_by_vote", "promotion_by_epoch"] {
        let world = world("last_writer_wins", "last_writer_wins");
        let run = chosen(world, "single_writer_asynchronous", failover);
        let found = agrees(&run, 0, 0..12);
        assert!(found > 0, "{failover}: {found}");
    }
}

#[test]
fn what_an_autopsy_calls_lost_the_judge_does_too_whatever_the_strategy() {
    let world = Rc::new(world("last_writer_wins", "last_writer_wins"));
    for entry in splitbrain_engine::replication::all() {
        for (service, kind) in [(0, ServiceKind::Prices), (1, ServiceKind::Carts)] {
            if !entry.serves(kind) {
                continue;
            }
            let choice = Choice {
                service: kind,
                slot: Slot::Replication,
                policy: entry.info().id.into(),
            };
            println!("{} of {}", entry.info().id, kind.id());
            agrees(&Run::new(Rc::clone(&world), 0).with(choice), service, 0..4);
        }
    }
}

/// What people do with such a service where they set prices else; of fields and states
/// several are at stake, and every number is another.
fn as_done_with(kind: ServiceKind, mut commands: Vec<TimedCommand>) -> Vec<TimedCommand> {
    for timed in &mut commands {
        let Command::Act { action, .. } = &mut timed.command else {
            continue;
        };
        let number = action.argument.0;
        (action.kind, action.argument) = match kind {
            ServiceKind::Profiles => {
                let field = Field::ALL[number as usize % 2];
                (OpKind::WriteField, field.argument(number))
            }
            ServiceKind::Orders => (OpKind::Write, Value(1 + number % 4)),
            ServiceKind::Stock if number % 3 == 0 => (OpKind::Buy, Value(1)),
            ServiceKind::Stock => (OpKind::Restock, Value(1)),
            ServiceKind::Documents => {
                let (at, word) = (number % 5, Word::new(number % 15));
                if number % 4 == 0 {
                    (OpKind::DeleteWord, Value(at))
                } else {
                    (OpKind::InsertWord, Edit { at, word }.argument())
                }
            }
            _ => (OpKind::Like, Value(1)),
        };
    }
    commands
}

#[test]
fn what_an_autopsy_calls_lost_the_judge_does_too_whatever_is_written() {
    let numbers: &[(Slot, &str)] = &[
        (Slot::AddressRule, "field_minimum"),
        (Slot::PhoneRule, "field_maximum"),
    ];
    for (kind, rule, settings, loses) in [
        (ServiceKind::Profiles, "field_wise", &[][..], true),
        (ServiceKind::Profiles, "field_wise", numbers, true),
        (
            ServiceKind::Profiles,
            "field_wise",
            &[(Slot::AddressRule, "field_sum")],
            true,
        ),
        (ServiceKind::Profiles, "last_writer_wins", &[], true),
        (ServiceKind::Orders, "order_of_states", &[], true),
        (
            ServiceKind::Orders,
            "order_of_states",
            &[(Slot::StateOrder, "cancelled_last")],
            true,
        ),
        (ServiceKind::Orders, "last_writer_wins", &[], true),
        (ServiceKind::Likes, "pn_counter", &[], false),
        (ServiceKind::Likes, "counter_by_last_write", &[], true),
    ] {
        let world = set(world_of(kind, rule), kind, settings);
        let run = Run::new(Rc::new(world), 0);
        let mut found = 0;
        for seed in 0..8 {
            let commands = as_done_with(kind, schedule(seed, 0));
            let player = played_by(
                Run {
                    commands,
                    seed,
                    ..run.clone()
                },
                60_000,
            );
            let (judged, lost) = both_losses(&player, 0);
            let name = format!("{} under {rule} {settings:?}", kind.id());
            assert_eq!(judged, lost, "{name}, seed {seed}");
            found += lost.len();
        }
        assert_eq!(found > 0, loses, "{} under {rule}: {found}", kind.id());
    }
}

#[test]
fn every_rule_and_type_that_merges_is_held_against_the_judge() {
    let mut differ: Vec<String> = Vec::new();
    let merging = ServiceKind::ALL.iter().filter(|kind| {
        let mut strategies = kind.first_slot().choices(**kind).into_iter();
        strategies.any(|info| info.id == "multi_master")
    });
    let mut tried = 0;
    for &kind in merging {
        tried += 1;
        for info in Slot::Merge.choices(kind) {
            // Where the slot means nothing, the choice changes nothing.
            let forms = Slot::Travels.choices(kind).into_iter().map(|it| it.id);
            for form in forms {
                let choice = Choice {
                    service: kind,
                    slot: Slot::Travels,
                    policy: form.into(),
                };
                let run = Run::new(Rc::new(world_of(kind, info.id)), 0).with(choice);
                for seed in 0..3 {
                    let commands = match kind {
                        ServiceKind::Prices => schedule(seed, 0),
                        ServiceKind::Carts => in_carts(schedule(seed, 1)),
                        _ => as_done_with(kind, schedule(seed, 0)),
                    };
                    let run = Run {
                        commands,
                        seed,
                        ..run.clone()
                    };
                    let player = played_by(run, 60_000);
                    let of = (kind.id(), info.id, form, seed);
                    let (judged, lost) = both_losses(&player, 0);
                    if judged != lost {
                        differ.push(format!("{of:?}: judge {judged:?}, autopsy {lost:?}"));
                    }
                }
            }
        }
    }
    assert!(differ.is_empty(), "{}", differ.join("\n"));
    // All that regions hold, but for payments, jobs, rooms and the time.
    assert_eq!(tried, ServiceKind::ALL.len() - 4);
}

/// The same in a world whose first service are the carts.
fn in_carts(mut commands: Vec<TimedCommand>) -> Vec<TimedCommand> {
    for timed in &mut commands {
        if let Command::Act { action, .. } = &mut timed.command {
            action.key = Key::new(0, action.key.index());
        }
    }
    commands
}

#[test]
fn with_a_set_that_observes_removals_nothing_is_lost() {
    let run = Run::new(Rc::new(world("last_writer_wins", "observed_remove_set")), 0);
    assert_eq!(agrees(&run, 1, 0..12), 0);
}
