//! Worlds in which everything happens, told in every language.

use std::rc::Rc;

use splitbrain_engine::playground;
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{
    Draft, Fact, FactId, FactKind, Fate, HostId, Label, MoveRefusal, OpKind, Outcome,
};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_words::{Lang, Scene};

use crate::spoken::{check, words};

/// One command of each kind and each variation.
pub(crate) fn commands() -> Vec<Command> {
    let mut all = vec![
        Command::CrashRegion { region: 1 },
        Command::RestartRegion { region: 1 },
        Command::PromoteRegion { region: 2 },
        Command::SlowRegion {
            region: 2,
            extra_us: 250_000,
        },
        Command::MoveHome {
            key: Key::new(0, 3),
            region: 2,
        },
        Command::MoveHome {
            key: Key::new(1, 2),
            region: 0,
        },
        Command::PauseRegion { region: 2 },
        Command::ResumeRegion { region: 2 },
        Command::SlowRegion {
            region: 2,
            extra_us: 0,
        },
        Command::DropNextReply {
            region: 0,
            customer: None,
        },
        Command::DropNextReply {
            region: 0,
            customer: Some(0),
        },
        Command::DegradeLink {
            from: 0,
            to: 2,
            loss_ppm: 300_000,
            duplicate_ppm: 300_000,
            reorder_ppm: 100_000,
            extra_us: 50_000,
        },
    ];
    for direction in [Direction::OneWay, Direction::Both] {
        all.push(Command::CutLink {
            from: 0,
            to: 1,
            direction,
        });
        all.push(Command::HealLink {
            from: 0,
            to: 1,
            direction,
        });
    }
    for offset_us in [0, 2_500_000, -40_000] {
        all.push(Command::StepClock {
            region: 2,
            offset_us,
            drift_ppm: -30,
        });
    }
    for (place, &kind) in OpKind::ALL.iter().enumerate() {
        let service = match kind {
            OpKind::Add | OpKind::Remove => 1,
            OpKind::Pay => 2,
            _ => 0,
        };
        for payment_key in [PaymentKey::Fresh, PaymentKey::Missing, PaymentKey::Previous] {
            all.push(Command::Act {
                customer: 0,
                action: Action {
                    kind,
                    key: Key::new(service, 0),
                    argument: Value(3),
                    payment_key,
                    via: (place % 2 == 0).then_some(1),
                },
            });
        }
    }
    all
}

#[test]
fn every_command_has_a_name_and_a_summary_in_every_language() {
    let scenario = playground::playground();
    for &lang in Lang::ALL {
        let words = words(lang);
        for command in commands() {
            check(&words.command_name(&scenario, &command), lang);
            check(&words.did(&scenario, &command), lang);
        }
    }
}

#[test]
fn the_state_of_an_order_is_no_price_and_a_record_is_told_by_its_owner() {
    let mut scenario = playground::playground();
    scenario.services[0].kind = ServiceKind::Orders;
    let paid = Value(Stage::Paid as u32);
    let write = Command::Act {
        customer: 0,
        action: Action {
            kind: OpKind::Write,
            key: Key::new(0, 0),
            argument: paid,
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    for (lang, name, brief) in [
        (Lang::En, "Change the state of an order", "Ana: paid"),
        (Lang::Uk, "Змінити стан замовлення", "Ana: оплачено"),
    ] {
        let words = words(lang);
        let said = words.command_name(&scenario, &write);
        assert_eq!(said.to_string(), name);
        let said = words.brief(&scenario, OpKind::Write, Key::new(0, 0), paid);
        assert_eq!(said, brief);
    }
    scenario.services[0].kind = ServiceKind::Profiles;
    let words = words(Lang::En);
    let argument = Field::Phone.argument(8);
    let said = words.brief(&scenario, OpKind::WriteField, Key::new(0, 1), argument);
    assert_eq!(said, "Ben: phone 8");
    let said = words.brief(&scenario, OpKind::Add, Key::new(1, 0), Value(0));
    assert_eq!(said, "+ lamp");
}

#[test]
fn what_is_written_in_a_room_is_a_message_and_no_price() {
    let mut scenario = playground::playground();
    scenario.services[0].kind = ServiceKind::Chat;
    let write = Command::Act {
        customer: 0,
        action: Action {
            kind: OpKind::Write,
            key: Key::new(0, 0),
            argument: Value(3),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    for (lang, name) in [
        (Lang::En, "Post in a room"),
        (Lang::Uk, "Написати в кімнаті"),
    ] {
        let said = words(lang).command_name(&scenario, &write);
        assert_eq!(said.to_string(), name);
    }
    let said = words(Lang::En).command_name(&playground::playground(), &write);
    assert_eq!(said.to_string(), "Set a price");
}

/// A trace with a fact of every kind, flag and pair of hosts.
fn every_fact(scenario: &Scenario) -> Trace {
    let mut trace = Trace::default();
    let customer = scenario.customer_host(2);
    let gateway = scenario.gateway();
    let mut push = |kind, flag, host, peer, subjects| {
        let draft = Draft {
            kind,
            flag,
            peer,
            subjects,
        };
        trace
            .push(Fact::new(draft, Time(7), 0, FactId::NONE, host))
            .0
    };
    for &op in OpKind::ALL {
        let service = match op {
            OpKind::Add | OpKind::Remove => 1,
            OpKind::Pay => 2,
            _ => 0,
        };
        let key = Key::new(service, 2).0;
        let region = HostId(1);
        let flag = op as u8;
        let started = push(
            FactKind::OperationStarted,
            flag,
            customer,
            region,
            [key, 3, 1],
        );
        let write = push(
            FactKind::WriteAccepted,
            flag,
            region,
            customer,
            [started, key, 3],
        );
        let message = Fact::message_flag(Label::Reply, Fate::Arrives);
        let message = push(
            FactKind::MessageSent,
            message,
            region,
            customer,
            [70_000, started, 9],
        );
        for &kind in FactKind::ALL {
            let subjects: Vec<[u32; 3]> = match kind {
                FactKind::CommandGiven => vec![[0, 0, 0], [9_999, 0, 0]],
                FactKind::OperationStarted => vec![[key, 3, 1]],
                FactKind::OperationReturned => vec![[started, 3, 200], [started, 0, 503]],
                FactKind::ReadServed | FactKind::WriteAccepted => vec![[started, key, 3]],
                FactKind::WriteApplied => vec![[write, key, 0], [u32::MAX, key, 0]],
                FactKind::ValueOverwritten => vec![[write, write, key]],
                FactKind::ValueShown => vec![[key, 3, 0]],
                FactKind::MessageSent => vec![[70_000, started, 90]],
                FactKind::MessageDropped => vec![[message, 0, 0], [u32::MAX, 0, 0]],
                FactKind::ClockStepped => vec![[0, 0, 0], [5_000, 0, 20], [u32::MAX, u32::MAX, 0]],
                FactKind::ClockMeasured => vec![[5_000, 20_000, 1], [u32::MAX - 5_000, 20_000, 0]],
                FactKind::RequestRejected | FactKind::ResultStored => vec![[started, 409, 0]],
                FactKind::KeyPlaced => vec![[key, 1, 0], [key, 5, 0]],
                FactKind::VersionChosen => vec![[started, write, key], [started, u32::MAX, key]],
                FactKind::ContextGiven => vec![[write, write, key], [write, u32::MAX, key]],
                FactKind::SiblingKept | FactKind::QuestionAsked | FactKind::QuestionNotAsked => {
                    vec![[write, write, key]]
                }
                FactKind::QuestionAnswered => vec![[write, key, message]],
                FactKind::WriteRolledBack
                | FactKind::HintStored
                | FactKind::HintDelivered
                | FactKind::DuplicateDropped => {
                    vec![[write, key, 0]]
                }
                FactKind::HomeReleased | FactKind::HomeTaken => {
                    vec![[key, 2, write], [key, 3, u32::MAX]]
                }
                FactKind::HomeMoveRefused | FactKind::RightsGiven | FactKind::StockOversold => {
                    vec![[key, 2, 0]]
                }
                FactKind::ShardsRead => vec![[started, 3, 3], [started, 1, 3]],
                FactKind::WriteReclaimed | FactKind::WriteSetAside => vec![[write, key, write]],
                FactKind::SteppedDown => vec![[3, 0, 3], [4, 0, 3]],
                FactKind::RegionPromoted | FactKind::VoteGiven => vec![[3, 0, 0]],
                FactKind::JobDue | FactKind::LeaseGranted | FactKind::LeaseExpired => {
                    vec![[3, 0, 0]]
                }
                FactKind::JobStarted | FactKind::JobRan => vec![[3, 0, 0], [3, 0, 2]],
                FactKind::LockGranted => vec![[3, key, u32::MAX], [3, key, message]],
                FactKind::LockReleased | FactKind::LockExpired => vec![[3, key, 0]],
                FactKind::LockWaited | FactKind::RightsAsked => vec![[started, key, 2]],
                FactKind::StaleLockRefused => vec![[write, 2, 3], [u32::MAX, 2, 3]],
                FactKind::StaleTokenRefused => vec![[3, 1, 2], [0, 1, 2]],
                FactKind::RegionSlowed => vec![[250_000, 0, 0], [0, 0, 0]],
                _ => vec![[started, 2, 1]],
            };
            let flags: Vec<u8> = match kind {
                FactKind::MessageSent => (0..=u8::MAX).collect(),
                FactKind::OperationReturned => Outcome::ALL.iter().map(|&it| it as u8).collect(),
                FactKind::HomeMoveRefused => MoveRefusal::ALL.iter().map(|&it| it as u8).collect(),
                FactKind::OperationStarted | FactKind::WriteAccepted => vec![flag],
                FactKind::ClockStepped => vec![0, 1, 2],
                _ => vec![0, 1],
            };
            for subjects in subjects {
                for &flag in &flags {
                    push(kind, flag, HostId(0), HostId(1), subjects);
                    push(kind, flag, HostId(1), HostId(1), subjects);
                    push(kind, flag, gateway, HostId(1), subjects);
                    push(kind, flag, customer, HostId(1), subjects);
                    push(kind, flag, HostId(0), customer, subjects);
                }
            }
        }
    }
    trace
}

#[test]
fn every_kind_of_fact_has_a_sentence_in_every_language() {
    let scenario = playground::playground();
    let trace = every_fact(&scenario);
    let commands = [splitbrain_engine::run::TimedCommand {
        at: Time::ZERO,
        command: Command::CrashRegion { region: 0 },
    }];
    let scene = Scene {
        scenario: &scenario,
        trace: &trace,
        commands: &commands,
    };
    for &lang in Lang::ALL {
        let words = words(lang);
        for id in 0..trace.len() {
            check(&words.fact(&scene, FactId(id)), lang);
        }
        check(&words.fact(&scene, FactId::NONE), lang);
        check(&words.fact_at(&scene, FactId(0)), lang);
    }
}

#[test]
fn a_run_in_which_everything_breaks_can_be_told_in_every_language() {
    let mut player = Player::new(Run::new(Rc::new(playground::playground()), 5));
    for command in commands() {
        player.jump(Target::Time(player.time().after(1_500_000)));
        player.act(command).expect("it fits");
    }
    player.jump(Target::Time(player.time().after(5_000_000)));
    let design = player.run().design();
    let scene = Scene::of(&player, &design);
    for &lang in Lang::ALL {
        let words = words(lang);
        for id in 0..player.trace().len() {
            check(&words.fact(&scene, FactId(id)), lang);
        }
    }
}
