//! Golden runs of what strategies and rules can be set to, where no other run sets it.

use std::rc::Rc;

use super::scripts::{records, scripts};
use super::{Golden, with_a_job, with_records};
use crate::playground::playground;
use crate::run::{Command, Run, TimedCommand};
use crate::scenario::{Choice, Scenario, ServiceKind, Slot};
use crate::sim::fact::OpKind;
use crate::sim::node::{Action, Key, PaymentKey, Value};
use crate::sim::time::Time;

/// Designs of prices and carts: a name, and what is chosen.
const SHOPS: &[(&str, &[(Slot, &str)])] = &[
    (
        "one_and_all",
        &quorum("copies_five", "read_one", "write_all"),
    ),
    (
        "all_and_one",
        &quorum("copies_four", "read_all", "write_one"),
    ),
    ("two_of_two", &quorum("copies_two", "read_two", "write_two")),
    ("one_copy", &quorum("copies_one", "read_five", "write_five")),
    (
        "three_of_four",
        &quorum("copies_four", "read_three", "write_three"),
    ),
    (
        "four_of_five",
        &quorum("copies_five", "read_four", "write_four"),
    ),
    (
        "left_stale",
        &[
            (Slot::Replication, "quorum"),
            (Slot::ReadRepair, "no_read_repair"),
        ],
    ),
    (
        "anywhere",
        &[
            (Slot::Replication, "consensus"),
            (Slot::LeaderReads, "read_anywhere"),
        ],
    ),
    (
        "short_wait",
        &[
            (Slot::Replication, "consensus"),
            (Slot::CommitWait, "commit_wait_7ms"),
        ],
    ),
    (
        "three_questions",
        &[
            (Slot::Merge, "ask_user"),
            (Slot::Questions, "three_questions"),
        ],
    ),
    (
        "ten_questions",
        &[
            (Slot::Merge, "ask_user"),
            (Slot::Questions, "ten_questions"),
        ],
    ),
    (
        "any_questions",
        &[
            (Slot::Merge, "ask_user"),
            (Slot::Questions, "any_questions"),
        ],
    ),
];

const fn quorum(
    copies: &'static str,
    read: &'static str,
    write: &'static str,
) -> [(Slot, &'static str); 4] {
    [
        (Slot::Replication, "quorum"),
        (Slot::Copies, copies),
        (Slot::ReadQuorum, read),
        (Slot::WriteQuorum, write),
    ]
}

/// How often a job runs.
const PERIODS: &[&str] = &["every_ten_seconds", "every_minute"];

/// What decides about addresses, about phones, and which state of an order comes last.
const RULES: &[(&str, [&str; 3])] = &[
    (
        "lowest_and_highest",
        ["field_minimum", "field_maximum", "cancelled_last"],
    ),
    (
        "highest_and_sum",
        ["field_maximum", "field_sum", "shipped_last"],
    ),
    (
        "sum_and_lowest",
        ["field_sum", "field_minimum", "cancelled_last"],
    ),
    (
        "latest_of_each",
        ["field_latest", "field_latest", "shipped_last"],
    ),
];

/// What keeps states of orders side by side.
const ORDERS: &[(&str, &str)] = &[
    ("orders_by_dots", "siblings_by_dotted_version_vector"),
    ("orders_asked", "ask_user"),
];

/// Each in a crash and in bad weather.
pub(super) fn settings() -> Vec<Golden> {
    let mut all = Vec::new();
    for (name, choices) in SHOPS {
        let kinds = [ServiceKind::Prices, ServiceKind::Carts].into_iter();
        let choices = kinds.flat_map(|service| {
            choices.iter().map(move |&(slot, policy)| Choice {
                service,
                slot,
                policy: policy.into(),
            })
        });
        let choices: Vec<Choice> = choices.filter(is_offered).collect();
        all.extend(runs(name, playground().with(&choices), quarrels()));
    }
    for &period in PERIODS {
        let choice = Choice {
            service: ServiceKind::Jobs,
            slot: Slot::Period,
            policy: period.into(),
        };
        let world = with_a_job("lease").with(&[choice]);
        all.extend(runs(period, world, quarrels()));
    }
    for (name, rules) in RULES {
        let places = [
            (ServiceKind::Profiles, Slot::AddressRule),
            (ServiceKind::Profiles, Slot::PhoneRule),
            (ServiceKind::Orders, Slot::StateOrder),
        ];
        let choices = places.into_iter().zip(rules);
        let choices: Vec<Choice> = choices
            .map(|((service, slot), &policy)| Choice {
                service,
                slot,
                policy: policy.into(),
            })
            .collect();
        let world = with_records("order_of_states", "field_wise").with(&choices);
        let changes = records(&world);
        all.extend(runs(name, world, changes.into_iter()));
    }
    for (name, rule) in ORDERS {
        let world = with_records(rule, "field_wise");
        let changes = records(&world);
        all.extend(runs(name, world, changes.into_iter()));
    }
    all
}

/// Whether the service has it; carts cannot be asked for.
fn is_offered(choice: &Choice) -> bool {
    let choices = choice.slot.choices(choice.service);
    choices.iter().any(|info| info.id == choice.policy)
}

fn runs(
    name: &str,
    scenario: Scenario,
    acts: impl Iterator<Item = TimedCommand> + Clone,
) -> Vec<Golden> {
    let scenario = Rc::new(scenario);
    let scripts = scripts(&scenario).into_iter();
    let scripts = scripts.filter(|(script, _)| ["crash", "weather"].contains(script));
    let runs = scripts.map(|(script, commands)| {
        let mut run = Run::new(Rc::clone(&scenario), 1);
        run.commands = commands;
        run.commands.extend(acts.clone());
        run.commands.sort_by_key(|timed| timed.at);
        Golden {
            name: format!("{name} {script} 1"),
            run,
        }
    });
    runs.collect()
}

/// Two regions that set one price and another at once, time and again: so often that it
/// matters how many questions may be asked.
fn quarrels() -> impl Iterator<Item = TimedCommand> + Clone {
    (0..80_u16).map(|turn| TimedCommand {
        at: Time::from_ms(2_000 + 150 * u64::from(turn / 2)),
        command: Command::Act {
            customer: turn % 2,
            action: Action {
                kind: OpKind::Write,
                key: Key::new(0, u32::from(turn / 2 % 8)),
                argument: Value(200 + u32::from(turn)),
                payment_key: PaymentKey::Fresh,
                via: None,
            },
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::golden::all;

    #[test]
    fn every_choice_of_every_slot_occurs_in_a_golden_run() {
        let mut chosen: Vec<(Slot, String)> = Vec::new();
        for golden in all() {
            for service in &golden.run.design().services {
                for slot in service.slots() {
                    let choice = service.choice(slot).map(|id| (slot, id.to_owned()));
                    if let Some(choice) = choice.filter(|choice| !chosen.contains(choice)) {
                        chosen.push(choice);
                    }
                }
            }
        }
        let mut missing = Vec::new();
        for &kind in ServiceKind::ALL {
            for slot in kind.slots() {
                for info in slot.choices(kind) {
                    let choice = (slot, info.id.to_owned());
                    if !chosen.contains(&choice) && !missing.contains(&choice) {
                        missing.push(choice);
                    }
                }
            }
        }
        assert_eq!(missing, []);
    }

    #[test]
    fn no_two_settings_go_the_same_way() {
        // Nobody has eleven questions in a quarter of a minute.
        let all = settings().into_iter();
        let all = all.filter(|golden| !golden.name.starts_with("any_questions"));
        let digests = all.map(|golden| {
            let mut scenario = golden.name.split(' ');
            let name = scenario.next().unwrap_or_default().to_owned();
            (name, golden.run.digest_at(crate::golden::END))
        });
        let mut seen: Vec<(String, u64)> = Vec::new();
        for (name, digest) in digests {
            let same = seen.iter().find(|(_, held)| *held == digest);
            assert_eq!(same, None, "{name}");
            seen.push((name, digest));
        }
    }
}
