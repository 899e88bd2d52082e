//! Any script in any lesson's world replays to the same digest, and what is read out
//! of it does not depend on how it was read.
#![cfg(not(target_arch = "wasm32"))]

mod support;

use proptest::prelude::*;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::goal::Reason;
use splitbrain_lesson::grade::{goals, grade};
use splitbrain_lesson::lab::Answers;
use splitbrain_lesson::observe::Observer;
use support::open;

const LESSONS: [&str; 3] = [
    "last-write-wins-loses",
    "the-cart-that-remembers",
    "charged-twice",
];
const END: Time = Time(30_000_000);

/// A command that fits the scenario, from three numbers.
fn command(scenario: &Scenario, which: u8, x: u16, y: u16) -> Command {
    let regions = scenario.regions.len() as u16;
    let region = (x % regions) as u8;
    let other = ((x % regions + 1 + y % (regions - 1)) % regions) as u8;
    let customer = y % scenario.customers.len() as u16;
    let service = &scenario.services[0];
    let account = scenario.customers[customer as usize].account;
    let item = u32::from(x) % scenario.items.len() as u32;
    match which % 8 {
        0 => Command::CutLink {
            from: region,
            to: other,
            direction: Direction::Both,
        },
        1 => Command::HealLink {
            from: region,
            to: other,
            direction: Direction::Both,
        },
        2 => Command::CrashRegion { region },
        3 => Command::RestartRegion { region },
        4 => Command::StepClock {
            region,
            offset_us: i64::from(y) * 100,
            drift_ppm: 0,
        },
        5 => Command::DropNextReply {
            region,
            customer: None,
        },
        _ => Command::Act {
            customer,
            action: match service.kind {
                ServiceKind::Prices => action(OpKind::Write, item, u32::from(y)),
                ServiceKind::Carts if y.is_multiple_of(3) => action(OpKind::Remove, account, item),
                ServiceKind::Carts => action(OpKind::Add, account, item),
                ServiceKind::Payments => action(OpKind::Pay, account, u32::from(y)),
                ServiceKind::Likes => action(OpKind::Like, item, 1),
                ServiceKind::Stock if y.is_multiple_of(3) => action(OpKind::Restock, item, 2),
                ServiceKind::Stock => action(OpKind::Buy, item, 1),
                ServiceKind::Documents if y.is_multiple_of(3) => {
                    action(OpKind::DeleteWord, 0, u32::from(y) % 7)
                }
                ServiceKind::Documents => action(OpKind::InsertWord, 0, u32::from(y)),
                ServiceKind::Chat => action(OpKind::Write, 0, u32::from(y)),
                ServiceKind::Orders => action(OpKind::Write, account, 1 + u32::from(y) % 4),
                ServiceKind::Profiles => action(OpKind::WriteField, account, u32::from(y)),
                // Nobody can ask for anything there, and is refused.
                ServiceKind::Jobs | ServiceKind::Time => action(OpKind::Read, 0, 0),
            },
        },
    }
}

fn action(kind: OpKind, index: u32, argument: u32) -> Action {
    Action {
        kind,
        key: Key::new(0, index),
        argument: Value(argument),
        payment_key: PaymentKey::Fresh,
        via: None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn any_script_replays_to_the_same_digest_and_the_same_goals(
        which in 0_usize..3,
        seed: u64,
        policy: usize,
        script in prop::collection::vec((5_100_u64..25_000, any::<u8>(), any::<u16>(), any::<u16>()), 0..20),
        stops in prop::collection::vec(0_u64..30_000, 0..6),
    ) {
        let lesson = &open(LESSONS[which]);
        let mut run: Run = lesson.run(seed);
        if let Some(open) = lesson.designs.first() {
            let policy = open.policies[policy % open.policies.len()].clone();
            run = run.with(Choice { service: open.service, slot: open.slot, policy });
        }
        let mut commands: Vec<TimedCommand> = script
            .iter()
            .map(|&(at_ms, which, x, y)| TimedCommand {
                at: Time::from_ms(at_ms),
                command: command(&lesson.scenario, which, x, y),
            })
            .collect();
        commands.sort_by_key(|timed| timed.at);
        run.commands.extend(commands);

        let report = grade(lesson, run.clone(), &Answers::default(), END);
        prop_assert_eq!(report.digest, run.digest_at(END));
        prop_assert_eq!(&report, &grade(lesson, run.clone(), &Answers::default(), END));

        for (goal, status) in &report.goals {
            let reason = status.reason().map_or("", |reason| reason.id);
            let is_known = Reason::IDS.iter().any(|(id, _)| *id == reason);
            prop_assert!(is_known || status.is_met(), "{}: {}", goal, reason);
        }

        // Reading it in pieces, back and forth, comes to the same.
        let mut player = Player::new(run);
        let mut observer = Observer::with_record(&lesson.scenario);
        for stop in stops {
            player.jump(Target::Time(Time::from_ms(stop)));
            observer.follow_player(&mut player);
        }
        player.jump(Target::Time(END));
        observer.follow_player(&mut player);
        prop_assert_eq!(player.world().digest(), report.digest);
        prop_assert_eq!(goals(lesson, &observer), report.goals);
    }
}
