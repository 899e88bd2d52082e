//! What happens in the golden runs: faults, and what customers do meanwhile.

use crate::records::{Field, Stage};
use crate::run::{Command, Direction, TimedCommand};
use crate::scenario::{Scenario, ServiceKind};
use crate::sim::fact::OpKind;
use crate::sim::node::{Action, Key, PaymentKey, Value};
use crate::sim::time::Time;

/// What goes wrong in each script.
pub(super) fn scripts(scenario: &Scenario) -> Vec<(&'static str, Vec<TimedCommand>)> {
    let at = |ms, command| TimedCommand {
        at: Time::from_ms(ms),
        command,
    };
    let cut = |from, to, direction| Command::CutLink {
        from,
        to,
        direction,
    };
    let heal = |from, to, direction| Command::HealLink {
        from,
        to,
        direction,
    };
    let act = |customer, kind, service, index, argument| {
        let place = scenario.service(service).unwrap_or(0);
        Command::Act {
            customer,
            action: Action {
                kind,
                key: Key::new(place, index),
                argument: Value(argument),
                payment_key: PaymentKey::Fresh,
                via: None,
            },
        }
    };
    let price = |customer, value| act(customer, OpKind::Write, ServiceKind::Prices, 0, value);
    let lossy = |from, to| Command::DegradeLink {
        from,
        to,
        loss_ppm: 200_000,
        duplicate_ppm: 150_000,
        reorder_ppm: 250_000,
        extra_us: 30_000,
    };
    vec![
        ("calm", Vec::new()),
        (
            "cut",
            vec![
                at(2_000, cut(0, 1, Direction::Both)),
                at(2_500, price(0, 100)),
                at(2_640, price(1, 110)),
                at(6_000, heal(0, 1, Direction::Both)),
                at(8_000, cut(2, 0, Direction::OneWay)),
                at(9_000, price(2, 120)),
                at(12_000, heal(2, 0, Direction::OneWay)),
            ],
        ),
        (
            "crash",
            vec![
                at(1_500, price(1, 90)),
                at(1_502, Command::CrashRegion { region: 1 }),
                at(3_000, price(0, 95)),
                at(5_000, Command::RestartRegion { region: 1 }),
                at(7_000, Command::CrashRegion { region: 0 }),
                at(7_500, act(0, OpKind::Pay, ServiceKind::Payments, 0, 45)),
                at(9_000, Command::RestartRegion { region: 0 }),
            ],
        ),
        (
            "weather",
            vec![
                at(500, lossy(0, 1)),
                at(600, lossy(1, 2)),
                at(
                    1_000,
                    Command::StepClock {
                        region: 1,
                        offset_us: 5_000_000,
                        drift_ppm: 200,
                    },
                ),
                at(2_000, price(0, 70)),
                at(2_200, price(1, 80)),
                at(9_000, price(2, 60)),
            ],
        ),
        (
            "pauses",
            vec![
                at(1_000, Command::PauseRegion { region: 0 }),
                at(1_200, price(0, 75)),
                at(1_300, price(1, 85)),
                at(3_000, Command::ResumeRegion { region: 0 }),
                at(
                    4_000,
                    Command::SlowRegion {
                        region: 1,
                        extra_us: 300_000,
                    },
                ),
                at(4_500, price(1, 65)),
                at(
                    6_000,
                    Command::SlowRegion {
                        region: 1,
                        extra_us: 0,
                    },
                ),
                at(7_000, Command::PauseRegion { region: 2 }),
                at(8_000, Command::CrashRegion { region: 2 }),
                at(9_000, Command::RestartRegion { region: 2 }),
                at(9_500, Command::PauseRegion { region: 1 }),
            ],
        ),
        (
            "replies",
            vec![
                at(
                    1_000,
                    Command::DropNextReply {
                        region: 0,
                        customer: Some(0),
                    },
                ),
                at(1_001, act(0, OpKind::Pay, ServiceKind::Payments, 0, 45)),
                at(
                    4_000,
                    Command::DropNextReply {
                        region: 1,
                        customer: None,
                    },
                ),
                at(4_500, act(1, OpKind::Add, ServiceKind::Carts, 1, 3)),
                at(6_000, act(1, OpKind::Remove, ServiceKind::Carts, 1, 3)),
            ],
        ),
    ]
}

/// An item goes while a region is away, and one clock says that this was long ago.
pub(super) fn away(scenario: &Scenario) -> Vec<TimedCommand> {
    let place = scenario.service(ServiceKind::Carts).unwrap_or(0);
    let act = |kind| Command::Act {
        customer: 0,
        action: Action {
            kind,
            key: Key::new(place, 0),
            argument: Value(5),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    let mut commands = vec![
        (500, act(OpKind::Add)),
        (2_500, act(OpKind::Remove)),
        (
            3_000,
            Command::StepClock {
                region: 0,
                offset_us: 26_000_000,
                drift_ppm: 0,
            },
        ),
    ];
    let away = 2;
    let regions = scenario.regions.len() as u8;
    for from in (0..regions).filter(|&region| region != away) {
        let (to, direction) = (away, Direction::Both);
        let [cut, heal] = Command::cut_and_heal(from, to, direction);
        commands.extend([(1_500, cut), (9_000, heal)]);
    }
    commands.sort_by_key(|timed| timed.0);
    let commands = commands.into_iter();
    commands
        .map(|(ms, command)| TimedCommand {
            at: Time::from_ms(ms),
            command,
        })
        .collect()
}

/// One order and one profile that customers of two regions change by turns.
pub(super) fn records(scenario: &Scenario) -> Vec<TimedCommand> {
    let act = |customer, kind, service, argument| Command::Act {
        customer,
        action: Action {
            kind,
            key: Key::new(scenario.service(service).unwrap_or(0), 0),
            argument,
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    let stages = (0_u16..).zip(Stage::ALL.iter().chain(Stage::ALL));
    let writes = stages.flat_map(|(turn, &stage)| {
        let field = Field::ALL[usize::from(turn) % 2];
        let number = 10 + u32::from(turn);
        let state = Value(stage as u32);
        [
            act(turn % 2, OpKind::Write, ServiceKind::Orders, state),
            act(
                turn % 2,
                OpKind::WriteField,
                ServiceKind::Profiles,
                field.argument(number),
            ),
            act(turn % 3, OpKind::Read, ServiceKind::Profiles, Value(0)),
        ]
    });
    let times = (0..).map(|turn: u64| Time::from_ms(2_000 + 330 * turn));
    let commands = times.zip(writes);
    commands
        .map(|(at, command)| TimedCommand { at, command })
        .collect()
}

/// Homes that move, back and forth, in the middle of what the scripts do.
pub(super) fn moves(scenario: &Scenario) -> Vec<TimedCommand> {
    let moves = [
        (1_490, ServiceKind::Prices, 1, 0),
        (2_450, ServiceKind::Prices, 0, 1),
        (3_500, ServiceKind::Carts, 1, 2),
        (5_010, ServiceKind::Carts, 1, 0),
        (8_500, ServiceKind::Prices, 0, 2),
        (8_600, ServiceKind::Prices, 0, 3),
        (11_000, ServiceKind::Prices, 0, 0),
    ];
    let commands = moves.iter().map(|&(ms, service, index, region)| {
        let place = scenario.service(service).unwrap_or(0);
        TimedCommand {
            at: Time::from_ms(ms),
            command: Command::MoveHome {
                key: Key::new(place, index),
                region,
            },
        }
    });
    commands.collect()
}
