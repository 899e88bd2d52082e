//! Quorums that overlap are not linearizable: a search finds it, and finds nothing once
//! reads write back. And a write that failed may surface later.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::{playground, services};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 120;
const CALM_MS: u64 = 8_000;
const END_MS: u64 = 12_000;

/// Three regions with two customers each, who do what they are told.
fn world() -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(3);
    scenario.customers.truncate(6);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = (place % 3) as u8;
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    // A write that is tried again may take effect twice, with another between.
    scenario.retry.attempts = 1;
    scenario
}

fn chosen(slot: Slot, policy: &str) -> Choice {
    Choice {
        service: ServiceKind::Prices,
        slot,
        policy: policy.into(),
    }
}

fn act(at: Time, customer: u16, kind: OpKind, value: u32) -> TimedCommand {
    let action = Action {
        kind,
        key: Key::new(0, 0),
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    let command = Command::Act { customer, action };
    TimedCommand { at, command }
}

/// Six customers read and write one price, while links are cut and regions crash and
/// clocks are off.
fn schedule(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for _ in 0..60 {
        let at = Time(chance.below(CALM_MS * 1_000));
        let (region, other) = (chance.below(3) as u8, 1 + chance.below(2) as u8);
        let (from, to) = (region, (region + other) % 3);
        let command = match chance.below(60) {
            0 | 1 => Command::CutLink {
                from,
                to,
                direction: Direction::Both,
            },
            2 | 3 => Command::HealLink {
                from,
                to,
                direction: Direction::Both,
            },
            4 => Command::CrashRegion { region },
            5..=7 => Command::RestartRegion { region },
            8 => Command::StepClock {
                region,
                offset_us: chance.below(2_000_000) as i64 - 1_000_000,
                drift_ppm: 0,
            },
            _ => {
                let customer = chance.below(6) as u16;
                let is_write = chance.below(3) == 0;
                let kind = if is_write {
                    OpKind::Write
                } else {
                    OpKind::Read
                };
                commands.push(act(at, customer, kind, commands.len() as u32 + 1));
                continue;
            }
        };
        commands.push(TimedCommand { at, command });
    }
    commands.sort_by_key(|timed| timed.at);
    commands
}

/// In how many schedules reads and writes of the price were not linearizable.
fn not_linearizable(design: &[Choice]) -> u64 {
    let scenario = Rc::new(world());
    let broken = (0..SCHEDULES).filter(|&seed| {
        let run = Run::new(Rc::clone(&scenario), seed);
        let run = design.iter().cloned().fold(run, |run, it| run.with(it));
        let mut player = Player::new(Run {
            commands: schedule(seed),
            ..run
        });
        player.jump(Target::Time(Time::from_ms(END_MS)));
        let mut observer = Observer::new(&scenario);
        observer.follow_player(&mut player);
        let verdict = observer.judge().verdict(PropertyId::Linearizable);
        matches!(verdict, Verdict::Violated { .. })
    });
    broken.count() as u64
}

#[test]
fn overlapping_quorums_are_not_linearizable_until_reads_write_back() {
    let quorum = chosen(Slot::Replication, "quorum");
    let repairs = not_linearizable(std::slice::from_ref(&quorum));
    assert!(
        repairs > 0,
        "the search finds a new value and then an old one"
    );
    let without = chosen(Slot::ReadRepair, "no_read_repair");
    assert!(not_linearizable(&[quorum.clone(), without]) > 0);
    let back = chosen(Slot::ReadRepair, "read_back");
    assert_eq!(not_linearizable(&[quorum, back]), 0);
}

#[test]
fn a_write_that_failed_surfaces_later() {
    let scenario = Rc::new(world());
    let cut = |at_ms, is_cut| {
        [1, 2].map(|to| TimedCommand {
            at: Time::from_ms(at_ms),
            command: if is_cut {
                Command::CutLink {
                    from: 0,
                    to,
                    direction: Direction::Both,
                }
            } else {
                Command::HealLink {
                    from: 0,
                    to,
                    direction: Direction::Both,
                }
            },
        })
    };
    let mut commands = Vec::from(cut(100, true));
    commands.push(act(Time::from_ms(200), 0, OpKind::Write, 77));
    commands.push(act(Time::from_ms(5_000), 1, OpKind::Read, 0));
    commands.extend(cut(6_000, false));
    commands.push(act(Time::from_ms(10_000), 1, OpKind::Read, 0));
    let mut run = Run::new(Rc::clone(&scenario), 3).with(chosen(Slot::Replication, "quorum"));
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(END_MS)));
    let facts = || player.trace().range(FactId(0), player.end());
    let told: Vec<(Option<Outcome>, u32)> = facts()
        .filter(|(_, fact)| fact.kind() == FactKind::OperationReturned)
        .map(|(_, fact)| (fact.outcome(), fact.b))
        .collect();
    let initial = scenario.initial(ServiceKind::Prices).0;
    assert_eq!(
        told,
        [
            (Some(Outcome::Unknown), 0),
            (Some(Outcome::Ok), initial),
            (Some(Outcome::Ok), 77),
        ]
    );
    assert!(facts().any(|(_, fact)| fact.kind() == FactKind::QuorumMissed));
}
