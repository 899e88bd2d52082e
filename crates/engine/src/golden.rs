//! The golden runs: designs × fault scripts × seeds, whose digests are committed
//! and must come out the same natively and in the browser.
//!
//! Renewing them is a commit of its own, which says what behaviour changed and why.

mod scripts;
mod settings;

use std::rc::Rc;

use crate::playground::{chat_service, documents, likes, playground, profiles, services, stock};
use crate::replication;
use crate::run::{Command, Run, TimedCommand};
use crate::scenario::{Choice, Scenario, Service, ServiceKind, Slot};
use crate::sim::time::Time;
use crate::workload::NextAttempt;
use scripts::{away, moves, records, scripts};

/// Seeds of each design and script.
pub const SEEDS: u64 = 15;

/// Seeds of each strategy and script.
pub const SEEDS_OF_A_STRATEGY: u64 = 3;

/// Simulated time of each run.
pub const END: Time = Time::from_ms(15_000);

/// One golden run.
#[derive(Clone, Debug)]
pub struct Golden {
    /// Its name: design, script and seed.
    pub name: String,
    /// The run.
    pub run: Run,
}

/// All golden runs, in the order of the committed file.
pub fn all() -> Vec<Golden> {
    let mut all = Vec::new();
    for (design, scenario) in designs() {
        let scenario = Rc::new(scenario);
        for (script, commands) in scripts(&scenario) {
            for seed in 1..=SEEDS {
                let mut run = Run::new(Rc::clone(&scenario), seed);
                run.commands.clone_from(&commands);
                all.push(Golden {
                    name: format!("{design} {script} {seed}"),
                    run,
                });
            }
        }
    }
    for (design, choices) in STRATEGIES {
        let choices: Vec<Choice> = choices
            .iter()
            .flat_map(|&(slot, policy)| {
                let both = [ServiceKind::Prices, ServiceKind::Carts].into_iter();
                both.map(move |service| Choice {
                    service,
                    slot,
                    policy: policy.into(),
                })
            })
            .filter(|choice| {
                let choices = choice.slot.choices(choice.service);
                choices.iter().any(|info| info.id == choice.policy)
            })
            .collect();
        let scenario = Rc::new(playground().with(&choices));
        for (script, mut commands) in scripts(&scenario) {
            // Where there is a writer, another takes its place.
            commands.push(TimedCommand {
                at: Time::from_ms(12_500),
                command: Command::PromoteRegion { region: 1 },
            });
            all.extend(seeds(&format!("{design} {script}"), &scenario, &commands));
        }
    }
    for &schedule in JOBS {
        let scenario = Rc::new(with_a_job(schedule));
        for (script, commands) in scripts(&scenario) {
            all.extend(seeds(&format!("{schedule} {script}"), &scenario, &commands));
        }
    }
    for &source in TIME {
        let mut scenario = playground();
        scenario.services.push(Service {
            kind: ServiceKind::Time,
            design: vec![(Slot::TimeSource, source.into())],
        });
        let scenario = Rc::new(scenario);
        for (script, commands) in scripts(&scenario) {
            all.extend(seeds(&format!("{source} {script}"), &scenario, &commands));
        }
    }
    for &delivery in CHATS {
        let scenario = Rc::new(with_a_chat(delivery));
        for (script, commands) in scripts(&scenario) {
            all.extend(seeds(&format!("{delivery} {script}"), &scenario, &commands));
        }
    }
    let homes = [ServiceKind::Prices, ServiceKind::Carts].map(|service| Choice {
        service,
        slot: Slot::Replication,
        policy: "geo_sharded".into(),
    });
    let scenario = Rc::new(playground().with(&homes));
    for (script, mut commands) in scripts(&scenario) {
        commands.extend(moves(&scenario));
        commands.sort_by_key(|timed| timed.at);
        all.extend(seeds(&format!("homes {script}"), &scenario, &commands));
    }
    for &(design, orders, profiles) in RECORDS {
        let scenario = Rc::new(with_records(orders, profiles));
        for (script, mut commands) in scripts(&scenario) {
            commands.extend(records(&scenario));
            commands.sort_by_key(|timed| timed.at);
            all.extend(seeds(&format!("{design} {script}"), &scenario, &commands));
        }
    }
    all.extend(types());
    let whole = [Choice {
        service: ServiceKind::Documents,
        slot: Slot::Merge,
        policy: "last_writer_wins".into(),
    }];
    let scenario = Rc::new(documents().with(&whole));
    for (script, commands) in scripts(&scenario) {
        all.extend(seeds(&format!("whole_text {script}"), &scenario, &commands));
    }
    all.extend(collections());
    all.extend(settings::settings());
    all
}

/// A script in a world under a strategy, by a few seeds.
fn seeds(name: &str, scenario: &Rc<Scenario>, commands: &[TimedCommand]) -> Vec<Golden> {
    let seeds = 1..=SEEDS_OF_A_STRATEGY;
    let runs = seeds.map(|seed| {
        let mut run = Run::new(Rc::clone(scenario), seed);
        run.commands = commands.to_vec();
        Golden {
            name: format!("{name} {seed}"),
            run,
        }
    });
    runs.collect()
}

/// What each data type with a node of its own is for, under it with a node of its own, with each form that travels.
fn types() -> Vec<Golden> {
    let mut all = Vec::new();
    for of in replication::merged_types() {
        let kind = of.kinds[0];
        for form in Slot::Travels.choices(kind) {
            let choices = [(Slot::Merge, of.info.id), (Slot::Travels, form.id)];
            let choices = choices.map(|(slot, policy)| Choice {
                service: kind,
                slot,
                policy: policy.into(),
            });
            let world = match kind {
                ServiceKind::Likes => likes(),
                ServiceKind::Stock => stock(),
                ServiceKind::Documents => documents(),
                ServiceKind::Profiles => profiles(),
                _ => playground(),
            };
            let scenario = Rc::new(world.with(&choices));
            let scripts = scripts(&scenario).into_iter();
            for (script, commands) in
                scripts.filter(|(name, _)| ["crash", "weather"].contains(name))
            {
                let mut run = Run::new(Rc::clone(&scenario), 1);
                run.commands = commands;
                all.push(Golden {
                    name: format!("{} {} {script} 1", of.info.id, form.id),
                    run,
                });
            }
        }
    }
    all
}

/// Carts whose removals are forgotten in each way, with each form that travels, while a region
/// is away.
fn collections() -> Vec<Golden> {
    let mut all = Vec::new();
    for info in Slot::Collection.choices(ServiceKind::Carts) {
        for form in Slot::Travels.choices(ServiceKind::Carts) {
            let choices = [
                (Slot::Merge, "tombstone_set"),
                (Slot::Travels, form.id),
                (Slot::Collection, info.id),
            ];
            let choices = choices.map(|(slot, policy)| Choice {
                service: ServiceKind::Carts,
                slot,
                policy: policy.into(),
            });
            let scenario = Rc::new(playground().with(&choices));
            let mut run = Run::new(Rc::clone(&scenario), 1);
            run.commands = away(&scenario);
            all.push(Golden {
                name: format!("{} {} away 1", info.id, form.id),
                run,
            });
        }
    }
    all
}

/// What merges orders and what merges profiles.
const RECORDS: &[(&str, &str, &str)] = &[
    ("whole_records", "last_writer_wins", "last_writer_wins"),
    ("application_rules", "order_of_states", "field_wise"),
];

/// The playground's shop, with orders and profiles.
fn with_records(orders: &str, profiles: &str) -> Scenario {
    let mut scenario = playground();
    let record = |kind, merge: &str| Service {
        kind,
        design: vec![
            (Slot::Replication, "multi_master".into()),
            (Slot::Merge, merge.into()),
        ],
    };
    scenario.services.extend([
        record(ServiceKind::Orders, orders),
        record(ServiceKind::Profiles, profiles),
    ]);
    scenario
}

/// Whom regions ask what time it is.
const TIME: &[&str] = &["reference_clock", "first_region_clock"];

/// How messages of a chat are delivered.
const CHATS: &[&str] = &["plain_broadcast", "causal_broadcast"];

/// The playground's shop, with a chat for those who shop there.
fn with_a_chat(delivery: &str) -> Scenario {
    let mut scenario = playground();
    scenario.services.push(chat_service(delivery));
    for customer in &mut scenario.customers {
        customer.habits.read_room = 60;
        customer.habits.post = 40;
    }
    scenario
}

/// Schemes by which a scheduled job is run.
const JOBS: &[&str] = &[
    "everywhere",
    "designated_region",
    "lease_per_cluster",
    "lease",
    "lease_with_fencing_token",
];

/// The playground's shop, with a scheduled job.
fn with_a_job(schedule: &str) -> Scenario {
    let mut scenario = playground();
    scenario.services.push(Service {
        kind: ServiceKind::Jobs,
        design: vec![(Slot::Schedule, schedule.into())],
    });
    scenario
}

/// Designs of strategies other than multi-master, and of other conflict rules under it: their
/// names and what is chosen for prices and carts, where it serves them.
const STRATEGIES: &[(&str, &[(Slot, &str)])] = &[
    (
        "asynchronous",
        &[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Failover, "promotion_by_epoch"),
        ],
    ),
    (
        "one_replica",
        &[
            (Slot::Replication, "single_writer_one_replica"),
            (Slot::Failover, "promotion_unfenced"),
        ],
    ),
    (
        "majority",
        &[
            (Slot::Replication, "single_writer_majority"),
            (Slot::Failover, "promotion_by_vote"),
            (Slot::Reads, "reads_at_writer"),
        ],
    ),
    (
        "all_replicas",
        &[(Slot::Replication, "single_writer_all_replicas")],
    ),
    ("quorum", &[(Slot::Replication, "quorum")]),
    (
        "sloppy",
        &[
            (Slot::Replication, "quorum"),
            (Slot::Copies, "copies_three"),
            (Slot::ReadRepair, "read_back"),
            (Slot::Spares, "sloppy_quorum"),
        ],
    ),
    ("consensus", &[(Slot::Replication, "consensus")]),
    (
        "lease",
        &[
            (Slot::Replication, "consensus"),
            (Slot::LeaderReads, "read_lease"),
            (Slot::Witness, "witness_last"),
        ],
    ),
    ("geo_sharded", &[(Slot::Replication, "geo_sharded")]),
    (
        "flag",
        &[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Session, "session_flag"),
        ],
    ),
    (
        "sticky_session",
        &[
            (Slot::Replication, "single_writer_one_replica"),
            (Slot::Failover, "promotion_by_epoch"),
            (Slot::Session, "session_sticky"),
        ],
    ),
    (
        "token",
        &[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Failover, "promotion_by_epoch"),
            (Slot::Session, "session_token"),
        ],
    ),
    ("global_lock", &[(Slot::Replication, "global_lock")]),
    (
        "without_fence",
        &[(Slot::Replication, "global_lock_without_fence")],
    ),
    ("regional_queues", &[(Slot::Replication, "regional_queues")]),
    (
        "without_deduplication",
        &[(Slot::Replication, "regional_queues_without_deduplication")],
    ),
    (
        "reclaiming",
        &[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Failover, "promotion_by_epoch"),
            (Slot::Failback, "failback_reconcile"),
        ],
    ),
    ("hybrid", &[(Slot::Merge, "hybrid_last_writer_wins")]),
    ("own_on_equal", &[(Slot::Merge, "own_on_equal")]),
    (
        "siblings_by_vector",
        &[(Slot::Merge, "siblings_by_version_vector")],
    ),
    (
        "siblings_under_one",
        &[(Slot::Merge, "siblings_under_one_vector")],
    ),
    (
        "siblings_by_dots",
        &[(Slot::Merge, "siblings_by_dotted_version_vector")],
    ),
    (
        "forgotten_contexts",
        &[
            (Slot::Merge, "siblings_by_dotted_version_vector"),
            (Slot::Contexts, "contexts_forgotten"),
        ],
    ),
    ("ask_user", &[(Slot::Merge, "ask_user")]),
    ("minimum", &[(Slot::Merge, "minimum")]),
    ("maximum", &[(Slot::Merge, "maximum")]),
    ("sum", &[(Slot::Merge, "sum")]),
    (
        "commit_wait",
        &[
            (Slot::Replication, "consensus"),
            (Slot::CommitWait, "commit_wait_150ms"),
        ],
    ),
];

/// The committed file: a line a run, its name and its digest in hexadecimal.
pub fn digests() -> String {
    let line = |golden: Golden| format!("{} {:016x}\n", golden.name, golden.run.digest_at(END));
    all().into_iter().map(line).collect()
}

fn designs() -> Vec<(&'static str, Scenario)> {
    let designed = |prices: &str, carts: &str, store: &str, next| {
        let mut scenario = playground();
        scenario.services = services(prices, carts, store);
        scenario.retry.next = next;
        scenario
    };
    let elsewhere = NextAttempt::NextRegion;
    vec![
        ("default", playground()),
        (
            "broken",
            designed("arrival_order", "arrival_order", "none", elsewhere),
        ),
        (
            "stamped",
            designed(
                "last_writer_wins",
                "last_writer_wins",
                "per_region",
                NextAttempt::SameRegion,
            ),
        ),
    ]
}
