//! A search for schedules that break a policy. It does not know what it judges:
//! the same schedules, the same judge, the same effort for every entry of every
//! catalogue. What is marked broken has to be broken by it, in what it is said to
//! lose; what is sound must not be, in anything it is said to keep.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::{playground, services};
use splitbrain_engine::policy::{Info, Property, Soundness};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::sim::dice::identity;
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

/// What is looked at: what an entry of these catalogues can keep or give up. How stale
/// a read may be is up to the links and the replication between them.
const JUDGED: [PropertyId; 8] = [
    PropertyId::AcknowledgedWrites,
    PropertyId::Convergence,
    PropertyId::ExactlyOnce,
    PropertyId::JobRuns,
    PropertyId::OnceATick,
    PropertyId::LostUpdate,
    PropertyId::ReadYourWrites,
    PropertyId::MonotonicReads,
];
/// Schedules tried for each entry.
const SCHEDULES: u64 = 150;
/// And for each way to set a strategy, which is tried under it too.
const SCHEDULES_OF_A_SETTING: u64 = 40;
/// Faults stop here; after it every link is healed and every region runs, at its pace.
const CALM_MS: u64 = 12_000;
/// Long enough after that for every update to arrive.
const END_MS: u64 = 25_000;

/// Three regions, two customers at each of two of them who share an account, and
/// nobody acts unasked.
fn world() -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(3);
    scenario.customers.truncate(4);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = (place % 3) as u8;
        customer.account = (place / 2) as u32;
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    scenario.services.push(Service {
        kind: ServiceKind::Jobs,
        design: vec![(Slot::Schedule, "designated_region".into())],
    });
    scenario
}

fn command(chance: &mut Chance) -> Command {
    let region = chance.below(3) as u8;
    let other = (region + 1 + chance.below(2) as u8) % 3;
    let direction = [Direction::OneWay, Direction::Both][chance.below(2) as usize];
    match chance.below(16) {
        0 => Command::CutLink {
            from: region,
            to: other,
            direction,
        },
        1 => Command::HealLink {
            from: region,
            to: other,
            direction,
        },
        2 => Command::CrashRegion { region },
        3 => Command::RestartRegion { region },
        4 => Command::StepClock {
            region,
            offset_us: chance.below(4_000_000) as i64 - 2_000_000,
            drift_ppm: 0,
        },
        5 => Command::DropNextReply {
            region,
            customer: None,
        },
        6 => Command::DegradeLink {
            from: region,
            to: other,
            loss_ppm: chance.below(400_000) as u32,
            duplicate_ppm: chance.below(400_000) as u32,
            reorder_ppm: chance.below(400_000) as u32,
            extra_us: chance.below(200_000) as u32,
        },
        7 => Command::PromoteRegion { region },
        8 => Command::PauseRegion { region },
        9 => Command::ResumeRegion { region },
        10 => Command::SlowRegion {
            region,
            extra_us: chance.below(1_000_000) as u32,
        },
        _ => {
            let (service, kind) = [
                (0, OpKind::Read),
                (0, OpKind::Write),
                (1, OpKind::Add),
                (1, OpKind::Add),
                (1, OpKind::Remove),
                (2, OpKind::Pay),
            ][chance.below(6) as usize];
            let customer = chance.below(4) as u16;
            let index = if service == 0 {
                0
            } else {
                u32::from(customer) / 2
            };
            Command::Act {
                customer,
                action: Action {
                    kind,
                    key: Key::new(service, index),
                    argument: Value(1 + chance.below(3) as u32),
                    payment_key: PaymentKey::Fresh,
                    via: None,
                },
            }
        }
    }
}

/// The change of what a read is to show.
fn changed(command: &Command, chance: &mut Chance) -> Option<Command> {
    let Command::Act { customer, action } = *command else {
        return None;
    };
    (action.kind == OpKind::Read).then(|| Command::Act {
        customer,
        action: Action {
            kind: OpKind::Write,
            argument: Value(1 + chance.below(3) as u32),
            ..action
        },
    })
}

fn schedule(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let count = 8 + chance.below(24);
    let mut times: Vec<u64> = (0..count).map(|_| chance.below(CALM_MS * 1_000)).collect();
    times.sort_unstable();
    let mut commands = Vec::new();
    for at in times {
        let command = command(&mut chance);
        let at = Time(at);
        // Who reads means to change what she reads, after a while.
        let change = changed(&command, &mut chance).map(|command| TimedCommand {
            at: Time(at.0 + chance.below(CALM_MS * 1_000 - at.0)),
            command,
        });
        commands.push(TimedCommand { at, command });
        commands.extend(change);
    }
    commands.sort_by_key(|timed| timed.at);
    end(&mut commands);
    commands
}

/// Customers who go on reading what they write, here and there, while links are cut for
/// seconds, regions crash and replies get lost.
fn conversation(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(identity(2, seed));
    let mut commands = Vec::new();
    for place in 0..40 {
        let customer = chance.below(4) as u16;
        let (service, index, kind, argument) = if chance.below(2) == 0 {
            (0, 0, OpKind::Write, 1 + place)
        } else {
            let kind = [OpKind::Add, OpKind::Remove][chance.below(2) as usize];
            (1, u32::from(customer) / 2, kind, 1 + chance.below(3) as u32)
        };
        let from = chance.below(CALM_MS * 1_000);
        let mut act = |at, kind| {
            let elsewhere = chance.below(3) == 0;
            let action = Action {
                kind,
                key: Key::new(service, index),
                argument: Value(argument),
                payment_key: PaymentKey::Fresh,
                via: elsewhere.then(|| chance.below(3) as u8),
            };
            let command = Command::Act { customer, action };
            let at = Time(at);
            commands.push(TimedCommand { at, command });
        };
        act(from, kind);
        for later_us in [1_000, 300_000, 1_500_000] {
            act(from + later_us, OpKind::Read);
        }
    }
    for _ in 0..2 + chance.below(5) {
        let region = chance.below(3) as u8;
        let (from, to) = (region, (region + 1 + chance.below(2) as u8) % 3);
        let at = chance.below(CALM_MS * 1_000);
        let until = at + 1_000_000 + chance.below(6_000_000);
        let direction = [Direction::OneWay, Direction::Both][chance.below(2) as usize];
        let (bad, good) = match chance.below(5) {
            0 | 1 => {
                let cut = Command::CutLink {
                    from,
                    to,
                    direction,
                };
                let heal = Command::HealLink {
                    from,
                    to,
                    direction,
                };
                (cut, heal)
            }
            2 => (
                Command::CrashRegion { region },
                Command::RestartRegion { region },
            ),
            3 => {
                let drop = Command::DropNextReply {
                    region,
                    customer: None,
                };
                (drop, drop)
            }
            _ => {
                let promote = Command::PromoteRegion { region };
                (promote, promote)
            }
        };
        for (at, command) in [(at, bad), (until, good)] {
            let at = Time(at);
            commands.push(TimedCommand { at, command });
        }
    }
    commands.retain(|timed| timed.at < Time::from_ms(CALM_MS));
    commands.sort_by_key(|timed| timed.at);
    end(&mut commands);
    commands
}

/// Every link is healed and every region runs from here on.
fn end(commands: &mut Vec<TimedCommand>) {
    let calm = |command| TimedCommand {
        at: Time::from_ms(CALM_MS),
        command,
    };
    for (from, to) in [(0, 1), (1, 2), (0, 2)] {
        commands.push(calm(Command::HealLink {
            from,
            to,
            direction: Direction::Both,
        }));
        commands.push(calm(Command::DegradeLink {
            from,
            to,
            loss_ppm: 0,
            duplicate_ppm: 0,
            reorder_ppm: 0,
            extra_us: 0,
        }));
    }
    for region in 0..3 {
        commands.push(calm(Command::RestartRegion { region }));
        commands.push(calm(Command::ResumeRegion { region }));
        let extra_us = 0;
        commands.push(calm(Command::SlowRegion { region, extra_us }));
    }
}

/// The properties that a schedule breaks for one service under one design.
fn broken(
    service: ServiceKind,
    design: &[Choice],
    seed: u64,
    schedule: fn(u64) -> Vec<TimedCommand>,
    attempts: u8,
) -> Vec<&'static str> {
    let mut scenario = world();
    scenario.retry.attempts = attempts;
    let scenario = Rc::new(scenario);
    let place = scenario
        .service(service)
        .expect("the world has every service");
    let run = Run::new(Rc::clone(&scenario), identity(1, seed));
    let run = design
        .iter()
        .cloned()
        .fold(run, |run, choice| run.with(choice));
    let mut player = Player::new(Run {
        commands: schedule(seed),
        ..run
    });
    player.jump(Target::Time(Time::from_ms(END_MS)));
    let mut observer = Observer::new(&scenario);
    observer.follow_player(&mut player);
    let mut broken = Vec::new();
    for property in JUDGED {
        if let Verdict::Violated { violations, .. } = observer.judge().verdict(property)
            && violations.iter().any(|violation| {
                let key = violation.key.map(|key| Key(key.0).service());
                key.is_none_or(|key| key == place)
            })
        {
            broken.push(property.id());
        }
    }
    broken
}

/// An entry that a service can be given.
struct Entry {
    info: &'static Info,
    service: ServiceKind,
    design: Vec<Choice>,
    /// What the strategy that it is tried under gives up by itself.
    given_up: &'static [Property],
    /// Whether it is what a strategy is set to, and not what decides what is kept.
    is_setting: bool,
}

/// All of them: strategies, and what each can be set to.
fn entries() -> Vec<Entry> {
    let mut all = Vec::new();
    for &service in ServiceKind::ALL {
        let first = service.first_slot();
        for strategy in first.choices(service) {
            let choice = |slot, info: &Info| Choice {
                service,
                slot,
                policy: info.id.into(),
            };
            let chosen = choice(first, strategy);
            let design = world().with(std::slice::from_ref(&chosen));
            let mut held = design.services.iter();
            let held = held.find(|held| held.kind == service);
            let slots = held.expect("the world has every service").slots();
            // What it does then is up to what merges.
            if !slots.contains(&Slot::Merge) {
                all.push(Entry {
                    info: strategy,
                    service,
                    design: vec![chosen.clone()],
                    given_up: &[],
                    is_setting: false,
                });
            }
            for &slot in &slots[1..] {
                all.extend(slot.choices(service).into_iter().map(|info| Entry {
                    info,
                    service,
                    design: vec![chosen.clone(), choice(slot, info)],
                    given_up: strategy.gives_up,
                    is_setting: slot != Slot::Merge,
                }));
            }
        }
    }
    all
}

/// A kind of schedules, and how often customers try.
type Schedule = (fn(u64) -> Vec<TimedCommand>, u8);

/// Every entry, with what the search found against it.
fn search() -> Vec<(Entry, Vec<&'static str>)> {
    let entries = entries().into_iter();
    let searched = entries.map(|entry| {
        let mut found = Vec::new();
        let is_broken = entry.info.soundness != Soundness::Sound;
        let schedules = if is_broken || !entry.is_setting {
            SCHEDULES
        } else {
            SCHEDULES_OF_A_SETTING
        };
        for seed in 0..schedules {
            // A write that is tried again may take effect twice, with another between: a
            // customer who reads the older one again says nothing about the design.
            let is_read = entry.service != ServiceKind::Payments && seed % 3 == 0;
            let tried: &[Schedule] = &[(schedule, 3), (conversation, 1)];
            for &(schedule, attempts) in &tried[..=usize::from(is_read)] {
                let found_now = broken(entry.service, &entry.design, seed, schedule, attempts);
                for property in found_now {
                    if !found.contains(&property) {
                        found.push(property);
                    }
                }
            }
        }
        (entry, found)
    });
    searched.collect()
}

#[test]
fn what_is_marked_broken_is_broken_by_a_schedule_and_what_is_sound_is_not() {
    let searched = search();
    for (entry, found) in &searched {
        let Entry { info, service, .. } = entry;
        let name = format!("{} for {}: found {found:?}", info.id, service.id());
        for property in info.keeps {
            assert!(!found.contains(&property.id()), "{name}");
        }
        if let Soundness::Broken { loses } = info.soundness {
            // What belongs to several strategies breaks some of them.
            let same = searched
                .iter()
                .filter(|(other, _)| other.info.id == info.id && other.service == entry.service);
            let found: Vec<&str> = same.flat_map(|(_, found)| found).copied().collect();
            for property in loses {
                assert!(found.contains(&property.id()), "{name}");
            }
        }
        // No rule for registers asks what a customer had read.
        assert!(
            *service != ServiceKind::Prices
                || entry.is_setting
                || found.contains(&PropertyId::LostUpdate.id()),
            "{name}"
        );
        for property in found {
            let mut given_up = info.gives_up.iter().chain(entry.given_up);
            let is_known = given_up.any(|given| given.id() == *property);
            assert!(is_known, "{name}");
        }
    }
}
