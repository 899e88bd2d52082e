//! Schedules that lead up to what is rare in random ones.

use std::rc::Rc;

use super::schedules::{Expected, Group, Schedule, world};
use crate::measure::Chance;
use crate::run::{Command, Direction, Run, TimedCommand};
use crate::sim::fact::OpKind;
use crate::sim::node::{Action, Key, PaymentKey, Value};
use crate::sim::time::Time;

/// Somebody leads by now, so that another may be chosen.
const LED_US: u64 = 6_000_000;
/// And leads by now.
const CHOSEN_US: u64 = 8_000_000;

fn of(
    regions: u8,
    seed: u64,
    group: &Group,
    mut commands: Vec<TimedCommand>,
    expected: Option<Expected>,
) -> Schedule {
    commands.sort_by_key(|timed| timed.at);
    let mut run = Run::new(Rc::new(world(regions, group)), seed);
    run.commands = commands;
    Schedule { run, expected }
}

fn timed(at_us: u64, command: Command) -> TimedCommand {
    let at = Time(at_us);
    TimedCommand { at, command }
}

fn act(at_us: u64, via: u8, kind: OpKind, value: u32) -> TimedCommand {
    let action = Action {
        kind,
        key: Key::new(0, 0),
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: Some(via),
    };
    let customer = u16::from(via);
    timed(at_us, Command::Act { customer, action })
}

/// A group of three or five, one that is to lead, and another. The last one may be a
/// witness and is neither.
fn cast(chance: &mut Chance) -> (u8, u8, u8) {
    let regions = if chance.below(2) == 0 { 5 } else { 3 };
    let leader = chance.below(regions - 1);
    let other = (leader + 1 + chance.below(regions - 2)) % (regions - 1);
    (regions as u8, leader as u8, other as u8)
}

/// A leader hears nobody any more, while everybody hears it: it has to step down for
/// anything to be committed again.
pub(super) fn goes_deaf(chance: &mut Chance, seed: u64, group: &Group) -> Schedule {
    let (regions, leader, other) = cast(chance);
    let mut commands = vec![timed(LED_US, Command::PromoteRegion { region: leader })];
    let deaf_us = CHOSEN_US + chance.below(1_000_000);
    for from in (0..regions).filter(|&from| from != leader) {
        let cut = Command::CutLink {
            from,
            to: leader,
            direction: Direction::OneWay,
        };
        commands.push(timed(deaf_us, cut));
    }
    // By then whatever was under way has arrived, and another may lead.
    let from_us = deaf_us + 8_000_000;
    for place in 0..6 {
        let at_us = from_us + 100_000 + chance.below(4_000_000);
        commands.push(act(at_us, other, OpKind::Write, place + 1));
        commands.push(act(at_us + 500_000, other, OpKind::Read, 0));
    }
    let from = Time(from_us);
    let expected = Expected::Progress { from };
    of(regions, seed, group, commands, Some(expected))
}

/// A member that was cut off comes back: whoever leads meanwhile goes on.
pub(super) fn comes_back(chance: &mut Chance, seed: u64, group: &Group) -> Schedule {
    let (regions, leader, other) = cast(chance);
    let mut commands = vec![timed(LED_US, Command::PromoteRegion { region: leader })];
    let cut_us = CHOSEN_US + chance.below(1_000_000);
    let back_us = cut_us + 3_000_000 + chance.below(4_000_000);
    let direction = Direction::Both;
    for to in (0..regions).filter(|&to| to != other) {
        let from = other;
        let [cut, heal] = Command::cut_and_heal(from, to, direction);
        commands.extend([timed(cut_us, cut), timed(back_us, heal)]);
    }
    for place in 0..6 {
        let at_us = cut_us + chance.below(9_000_000);
        commands.push(act(at_us, leader, OpKind::Write, place + 1));
        commands.push(act(at_us + 500_000, leader, OpKind::Read, 0));
    }
    let from = Time(cut_us);
    let expected = Expected::Stability { leader, from };
    of(regions, seed, group, commands, Some(expected))
}

/// A leader whose clock is as slow, and everybody else's as fast, as a lease allows for is
/// cut off, and both sides go on reading and writing.
pub(super) fn leases_at_the_bound(chance: &mut Chance, seed: u64, group: &Group) -> Schedule {
    let (regions, leader, other) = cast(chance);
    let mut commands = vec![timed(LED_US, Command::PromoteRegion { region: leader })];
    for region in 0..regions {
        let drift_ppm = if region == leader { -50_000 } else { 50_000 };
        let step = Command::StepClock {
            region,
            offset_us: 0,
            drift_ppm,
        };
        commands.push(timed(CHOSEN_US, step));
    }
    let cut_us = CHOSEN_US + 1_000_000 + chance.below(1_000_000);
    let direction = Direction::Both;
    for to in (0..regions).filter(|&to| to != leader) {
        let from = leader;
        let cut = Command::CutLink {
            from,
            to,
            direction,
        };
        commands.push(timed(cut_us, cut));
    }
    // Regions that just answered the leader may forget that they did.
    if chance.below(2) == 0 {
        let again_us = cut_us + 20_000 + chance.below(200_000);
        for region in (0..regions).filter(|&region| region != leader) {
            commands.extend([
                timed(cut_us, Command::CrashRegion { region }),
                timed(again_us, Command::RestartRegion { region }),
            ]);
        }
        let region = other;
        commands.push(timed(again_us + 1_000, Command::PromoteRegion { region }));
    }
    for step in 0..40 {
        let at_us = cut_us + u64::from(step) * 60_000;
        commands.push(act(at_us, other, OpKind::Write, step + 1));
        commands.push(act(at_us + 25_000, leader, OpKind::Read, 0));
        commands.push(act(at_us + 50_000, leader, OpKind::Read, 0));
    }
    of(regions, seed, group, commands, None)
}

/// A leader is cut off while it may be changing the group; the next one, which knows nothing
/// of that, reaches only some of the others; then the first one comes back to the rest.
pub(super) fn divided(chance: &mut Chance, seed: u64, group: &Group) -> Schedule {
    const REGIONS: u8 = 5;
    let direction = Direction::Both;
    let cut = |from, to, direction| Command::CutLink {
        from,
        to,
        direction,
    };
    let [first, next, reached, rest] = {
        let shift = chance.below(4) as u8;
        let swap = chance.below(3) as u8;
        let others = [1, 2, 3].map(|place| (shift + 1 + (place + swap) % 3) % 4);
        [shift, others[0], others[1], others[2]]
    };
    let mut commands = vec![timed(LED_US, Command::PromoteRegion { region: first })];
    let alone_us = CHOSEN_US + chance.below(1_000_000);
    let others = || (0..REGIONS).filter(move |&to| to != first);
    for to in others() {
        commands.push(timed(alone_us, cut(first, to, direction)));
    }
    // As soon as the others have waited long enough, one asks for their votes: it has
    // forgotten the leader.
    let asks_us = alone_us + 1_600_000 + chance.below(500_000);
    let region = next;
    commands.extend([
        timed(alone_us + 100_000, Command::CrashRegion { region }),
        timed(asks_us - 1_000, Command::RestartRegion { region }),
        timed(asks_us, Command::PromoteRegion { region }),
    ]);
    let voted_us = asks_us + 100_000 + chance.below(700_000);
    commands.push(timed(voted_us, cut(next, rest, Direction::OneWay)));
    let back_us = voted_us + 500_000 + chance.below(1_500_000);
    for region in [next, reached] {
        commands.push(timed(back_us, Command::CrashRegion { region }));
    }
    for to in others() {
        let from = first;
        let heal = Command::HealLink {
            from,
            to,
            direction,
        };
        commands.push(timed(back_us, heal));
    }
    for (place, via) in [first, next, rest].into_iter().enumerate() {
        let at_us = alone_us + chance.below(4_000_000);
        commands.push(act(at_us, via, OpKind::Write, place as u32 + 1));
        commands.push(act(at_us + 6_000_000, via, OpKind::Read, 0));
    }
    of(REGIONS, seed, group, commands, None)
}

/// A run in which one region after the other is made the leader and is then cut off
/// from most of the rest while it takes a write.
pub(super) fn churn(chance: &mut Chance, seed: u64, group: &Group) -> Schedule {
    const REGIONS: u64 = 5;
    let direction = Direction::Both;
    let mut commands = Vec::new();
    let mut at = |at_us: u64, command| {
        let at = Time(at_us);
        commands.push(TimedCommand { at, command });
    };
    let mut now_us = 2_500_000;
    let mut away = None;
    for round in 0..8 {
        let region = chance.below(REGIONS) as u8;
        // Whoever was cut off comes back before or after the next one leads.
        let back_us = now_us - 500_000 + chance.below(1_600_000);
        if let Some(from) = away.replace(region) {
            for to in (0..REGIONS as u8).filter(|&to| to != from) {
                at(
                    back_us,
                    Command::HealLink {
                        from,
                        to,
                        direction,
                    },
                );
            }
        }
        at(now_us, Command::PromoteRegion { region });
        now_us += 500_000 + chance.below(700_000);
        let spared = chance.below(REGIONS + 2) as u8;
        for to in (0..REGIONS as u8).filter(|&to| to != region && to != spared) {
            let from = region;
            at(
                now_us,
                Command::CutLink {
                    from,
                    to,
                    direction,
                },
            );
        }
        let action = Action {
            kind: OpKind::Write,
            key: Key::new(0, 0),
            argument: Value(round + 1),
            payment_key: PaymentKey::Fresh,
            via: Some(region),
        };
        let customer = u16::from(region);
        at(
            now_us + chance.below(200_000),
            Command::Act { customer, action },
        );
        // Somebody else, who reaches most of them, looks.
        let elsewhere = (u64::from(region) + 1 + chance.below(REGIONS - 1)) % REGIONS;
        let looks = Action {
            kind: OpKind::Read,
            via: Some(elsewhere as u8),
            ..action
        };
        at(
            now_us + 1_000_000 + chance.below(2_500_000),
            Command::Act {
                customer: elsewhere as u16,
                action: looks,
            },
        );
        now_us += 2_500_000 + chance.below(1_500_000);
    }
    of(REGIONS as u8, seed, group, commands, None)
}
