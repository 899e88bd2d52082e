//! Golden traces of small worlds, one for each policy that keeps state.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that is not what it was fails the test"
)]

mod worlds;

use std::fmt::Write as _;
use std::rc::Rc;

use splitbrain_engine::playground::{chat_service, documents_trial, playground};
use splitbrain_engine::replication::quorum::Settings;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey};
use splitbrain_engine::sim::time::Time;

use worlds::{action, five, small};

/// A run's facts as text, a line each, for people and for comparison.
fn trace_of(scenario: Scenario, commands: &[(u64, Command)]) -> String {
    trace_until(6_000, scenario, commands)
}

fn trace_until(end_ms: u64, scenario: Scenario, commands: &[(u64, Command)]) -> String {
    let mut run = Run::new(Rc::new(scenario), 1);
    run.commands = commands
        .iter()
        .map(|&(ms, command)| TimedCommand {
            at: Time::from_ms(ms),
            command,
        })
        .collect();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(end_ms)));
    let mut text = String::new();
    for (id, fact) in player.trace().range(FactId(0), player.end()) {
        let detail = match fact.kind() {
            FactKind::MessageSent => format!("{:?}", fact.message().unwrap()),
            FactKind::OperationStarted | FactKind::WriteAccepted => {
                OpKind::from_number(fact.flag()).unwrap().id().into()
            }
            FactKind::OperationReturned => Outcome::from_number(fact.flag()).unwrap().id().into(),
            _ => String::new(),
        };
        let cause = if fact.cause.is_some() {
            fact.cause.0.to_string()
        } else {
            "-".into()
        };
        writeln!(
            text,
            "{:4} {:>9} h{} {} h{} ({} {} {}) because {cause} {detail}",
            id.0,
            fact.at().0,
            fact.host.0,
            fact.kind().id(),
            fact.peer.0,
            fact.a,
            fact.b,
            fact.c,
        )
        .unwrap();
    }
    text
}

fn act(customer: u16, kind: OpKind, service: u8, argument: u32) -> Command {
    Command::Act {
        customer,
        action: action(kind, Key::new(service, 0), argument, PaymentKey::Fresh),
    }
}

const CUT: Command = Command::CutLink {
    from: 0,
    to: 1,
    direction: Direction::Both,
};
const HEAL: Command = Command::HealLink {
    from: 0,
    to: 1,
    direction: Direction::Both,
};

#[test]
fn each_merge_rule_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for rule in ["last_writer_wins", "arrival_order", "observed_remove_set"] {
        let script = [
            (100, act(0, OpKind::Add, 1, 1)),
            (1_000, CUT),
            (1_100, act(0, OpKind::Add, 1, 2)),
            (1_200, act(1, OpKind::Add, 1, 3)),
            (1_500, act(1, OpKind::Remove, 1, 1)),
            (2_000, HEAL),
        ];
        let trace = trace_of(small("last_writer_wins", rule, "none"), &script);
        assert!(!seen.contains(&trace));
        insta::assert_snapshot!(format!("merge_{rule}"), trace);
        seen.push(trace);
    }
}

#[test]
fn each_way_to_merge_a_text_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for merge in ["sequence", "logoot", "last_writer_wins"] {
        let script = [
            (100, act(0, OpKind::InsertWord, 0, 0)),
            (1_000, CUT),
            (1_100, act(0, OpKind::InsertWord, 0, 0x600)),
            (1_200, act(1, OpKind::InsertWord, 0, 0x700)),
            (1_300, act(0, OpKind::InsertWord, 0, 0x801)),
            (1_400, act(1, OpKind::InsertWord, 0, 0x901)),
            (2_000, HEAL),
            (4_000, act(1, OpKind::DeleteWord, 0, 1)),
        ];
        let mut scenario = small("last_writer_wins", "last_writer_wins", "none");
        scenario.services = documents_trial().services;
        let choice = Choice {
            service: ServiceKind::Documents,
            slot: Slot::Merge,
            policy: merge.into(),
        };
        let trace = trace_of(scenario.with(&[choice]), &script);
        assert!(!seen.contains(&trace));
        insta::assert_snapshot!(format!("text_{merge}"), trace);
        seen.push(trace);
    }
}

#[test]
fn each_key_store_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for store in ["none", "per_region", "home_region"] {
        let drop_reply = Command::DropNextReply {
            region: 0,
            customer: Some(0),
        };
        let script = [(500, drop_reply), (1_000, act(0, OpKind::Pay, 2, 45))];
        let trace = trace_of(
            small("last_writer_wins", "last_writer_wins", store),
            &script,
        );
        assert!(!seen.contains(&trace));
        insta::assert_snapshot!(format!("key_store_{store}"), trace);
        let charges = trace
            .lines()
            .filter(|line| line.contains("ChargeMade"))
            .count();
        assert_eq!(
            charges,
            if store == "home_region" { 1 } else { 2 },
            "{store}"
        );
        seen.push(trace);
    }
}

#[test]
fn a_key_is_answered_as_the_draft_says() {
    let pay = |customer, amount, payment_key| Command::Act {
        customer,
        action: action(OpKind::Pay, Key::new(2, 0), amount, payment_key),
    };
    let mut scenario = small("last_writer_wins", "last_writer_wins", "home_region");
    scenario.retry.timeout_us = 20_000;
    scenario.retry.backoff_us = 1;
    let script = [
        (100, pay(0, 45, PaymentKey::Missing)),
        (1_000, pay(0, 45, PaymentKey::Fresh)),
        (3_000, pay(0, 45, PaymentKey::Previous)),
        (4_000, pay(0, 50, PaymentKey::Previous)),
    ];
    let trace = trace_of(scenario, &script);
    let count = |what: &str| trace.lines().filter(|line| line.contains(what)).count();
    let rejected = |status: u32| {
        let end = format!(" {status} 0)");
        let lines = trace.lines();
        lines
            .filter(|line| line.contains("RequestRejected") && line.contains(&end))
            .count()
    };
    assert!(rejected(400) >= 1, "{trace}");
    assert!(rejected(409) >= 1, "{trace}");
    assert!(rejected(422) >= 1, "{trace}");
    assert_eq!(count("ChargeMade"), 1, "{trace}");
    assert!(count("DuplicateSuppressed") >= 1, "{trace}");
}

#[test]
fn a_home_region_that_crashes_between_charge_and_store_does_not_charge_again() {
    let scenario = small("last_writer_wins", "last_writer_wins", "home_region");
    for crash_ms in (1_000..1_200).step_by(3) {
        let script = [
            (1_000, act(0, OpKind::Pay, 2, 45)),
            (crash_ms, Command::CrashRegion { region: 0 }),
            (crash_ms + 300, Command::RestartRegion { region: 0 }),
        ];
        let trace = trace_of(scenario.clone(), &script);
        let charges = trace
            .lines()
            .filter(|line| line.contains("ChargeMade"))
            .count();
        assert_eq!(charges, 1, "crash at {crash_ms} ms:\n{trace}");
    }
}

#[test]
fn what_was_not_in_the_log_is_gone_after_a_crash_and_was_not_acknowledged() {
    let scenario = small("last_writer_wins", "last_writer_wins", "none");
    let trace = trace_of(
        scenario,
        &[
            (1_000, act(0, OpKind::Write, 0, 7)),
            // The request arrives about 9.5 ms later and is logged 1 ms after that.
            (1_011, Command::CrashRegion { region: 0 }),
            (5_900, Command::RestartRegion { region: 0 }),
        ],
    );
    assert!(trace.contains("UnflushedLost"), "{trace}");
    let accepted: Vec<&str> = trace
        .lines()
        .filter(|line| line.contains("WriteAccepted"))
        .collect();
    assert!(
        accepted
            .iter()
            .all(|line| line.contains("h1 WriteAccepted")),
        "{trace}"
    );
}

/// Each strategy with what it can be set to, one setting at a time.
fn strategies() -> Vec<(String, Scenario)> {
    let mut all = Vec::new();
    let strategies = splitbrain_engine::replication::all();
    for strategy in strategies.filter(|entry| entry.serves(ServiceKind::Prices)) {
        let chosen = (Slot::Replication, strategy.info().id);
        all.push((chosen.1.to_owned(), five(&[chosen])));
        // Of prices only versions travel, and nothing is removed.
        let of_merging = [Slot::Merge, Slot::Travels, Slot::Collection];
        for &slot in strategy
            .slots()
            .iter()
            .filter(|slot| !of_merging.contains(slot))
        {
            let others = slot.choices(ServiceKind::Prices).into_iter().skip(1);
            let others = others.map(|info| {
                let name = format!("{}_{}", chosen.1, info.id);
                (name, five(&[chosen, (slot, info.id)]))
            });
            // Three is the majority of five, and five is all: other names of the same.
            let counts = |scenario: &Scenario| {
                let service = &scenario.services[0];
                (service.choice(Slot::Replication) == Some("quorum"))
                    .then(|| Settings::of(service, 5))
            };
            for (name, scenario) in others {
                let same = |(_, held): &(String, Scenario)| counts(held) == counts(&scenario);
                if counts(&scenario).is_none() || !all.iter().any(same) {
                    all.push((name, scenario));
                }
            }
        }
    }
    all
}

#[test]
fn each_strategy_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for (name, scenario) in strategies() {
        let others = || (1..5).map(|to| (0, to, Direction::Both));
        let mut script = vec![
            (1_900, act(0, OpKind::Write, 0, 7)),
            (2_200, act(1, OpKind::Read, 0, 0)),
            (2_500, act(0, OpKind::Write, 0, 8)),
            (3_900, act(1, OpKind::Write, 0, 9)),
            (4_320, act(1, OpKind::Read, 0, 0)),
            (5_000, Command::PromoteRegion { region: 0 }),
            (5_600, act(0, OpKind::Read, 0, 0)),
        ];
        script.extend(others().map(|(from, to, direction)| {
            let cut = Command::CutLink {
                from,
                to,
                direction,
            };
            (2_400, cut)
        }));
        script.extend(others().map(|(from, to, direction)| {
            let heal = Command::HealLink {
                from,
                to,
                direction,
            };
            (4_300, heal)
        }));
        script.sort_by_key(|(at, _)| *at);
        let trace = trace_of(scenario, &script);
        let is_new = !seen.contains(&trace);
        // Where every region holds a key nobody is spare; spares, sessions and failing back
        // have scripts of their own; 14 ms of commit wait are over before a majority answers.
        let own = [
            "_sloppy_quorum",
            "_session_",
            "_failback_",
            "_commit_wait_7ms",
        ];
        let is_same_here = own.iter().any(|of| name.contains(of));
        assert!(is_new || is_same_here, "{name}");
        let ids = splitbrain_engine::replication::all();
        if ids.into_iter().any(|entry| entry.info().id == name) {
            insta::assert_snapshot!(format!("strategy_{name}"), trace);
        }
        seen.push(trace);
    }
}

#[test]
fn each_way_to_stand_in_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for info in Slot::Spares.choices(ServiceKind::Prices) {
        let scenario = five(&[
            (Slot::Replication, "quorum"),
            (Slot::Copies, "copies_three"),
            (Slot::Spares, info.id),
        ]);
        let link = |ms, to, heals| {
            let (from, direction) = (0, Direction::Both);
            let [cut, heal] = Command::cut_and_heal(from, to, direction);
            (ms, if heals { heal } else { cut })
        };
        // Two of the three that hold the price are away.
        let script = [
            link(900, 1, false),
            link(900, 2, false),
            (1_000, act(0, OpKind::Write, 0, 7)),
            (3_500, act(1, OpKind::Read, 0, 0)),
            link(4_000, 1, true),
            link(4_000, 2, true),
        ];
        let trace = trace_of(scenario, &script);
        assert_eq!(
            trace.contains("HintStored") && trace.contains("HintDelivered"),
            info.id == "sloppy_quorum"
        );
        assert!(!seen.contains(&trace), "{}", info.id);
        insta::assert_snapshot!(info.id, trace);
        seen.push(trace);
    }
}

#[test]
fn each_time_source_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for source in Slot::TimeSource.choices(ServiceKind::Time) {
        let mut scenario = small("last_writer_wins", "last_writer_wins", "none");
        scenario.customers.clear();
        scenario.services = vec![Service {
            kind: ServiceKind::Time,
            design: vec![(Slot::TimeSource, source.id.into())],
        }];
        let step = Command::StepClock {
            region: 0,
            offset_us: 3_000_000,
            drift_ppm: 0,
        };
        let trace = trace_of(scenario, &[(1_000, step)]);
        assert!(!seen.contains(&trace), "{}", source.id);
        insta::assert_snapshot!(format!("time_{}", source.id), trace);
        seen.push(trace);
    }
}

#[test]
fn what_only_carts_can_be_kept_by_has_its_own_golden_trace() {
    let is_for_carts = |entry: &&'static dyn splitbrain_engine::replication::Strategy| {
        entry.serves(ServiceKind::Carts) && !entry.serves(ServiceKind::Prices)
    };
    let mut seen: Vec<String> = Vec::new();
    for strategy in splitbrain_engine::replication::all().filter(is_for_carts) {
        let id = strategy.info().id;
        let scenario = small("last_writer_wins", "last_writer_wins", "none").with(&[Choice {
            service: ServiceKind::Carts,
            slot: Slot::Replication,
            policy: id.into(),
        }]);
        let (from, to, direction) = (1, 0, Direction::OneWay);
        let [cut, heal] = Command::cut_and_heal(from, to, direction);
        let script = [
            // The addition arrives, its confirmation does not.
            (900, cut),
            (1_000, act(0, OpKind::Add, 1, 1)),
            (1_500, act(1, OpKind::Remove, 1, 1)),
            (3_500, heal),
            (5_000, act(0, OpKind::Read, 1, 0)),
        ];
        let trace = trace_of(scenario, &script);
        assert!(!seen.contains(&trace), "{id}");
        insta::assert_snapshot!(format!("carts_{id}"), trace);
        seen.push(trace);
    }
}

#[test]
fn each_way_to_fail_back_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for info in Slot::Failback.choices(ServiceKind::Prices) {
        let scenario = five(&[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Failback, info.id),
        ]);
        let link = |heal, to| {
            let (from, direction) = (0, Direction::Both);
            if heal {
                Command::HealLink {
                    from,
                    to,
                    direction,
                }
            } else {
                Command::CutLink {
                    from,
                    to,
                    direction,
                }
            }
        };
        // The first region writes alone; another is promoted and writes the same.
        let mut script: Vec<_> = (1..5).map(|to| (1_000, link(false, to))).collect();
        script.push((1_200, act(0, OpKind::Write, 0, 7)));
        script.push((2_000, Command::PromoteRegion { region: 1 }));
        script.push((2_400, act(1, OpKind::Write, 0, 9)));
        script.extend((1..5).map(|to| (3_000, link(true, to))));
        let trace = trace_of(scenario, &script);
        assert!(!seen.contains(&trace), "{}", info.id);
        insta::assert_snapshot!(info.id, trace);
        seen.push(trace);
    }
}

#[test]
fn each_way_to_forget_a_removal_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for info in Slot::Collection.choices(ServiceKind::Carts) {
        let mut scenario = small("last_writer_wins", "tombstone_set", "none");
        scenario.regions = playground().regions[..3].to_vec();
        scenario.physics.compare_every_us = 300_000;
        let choice = |slot, policy: &str| Choice {
            service: ServiceKind::Carts,
            slot,
            policy: policy.into(),
        };
        let design = [
            choice(Slot::Travels, "travels_state"),
            choice(Slot::Collection, info.id),
        ];
        let scenario = scenario.with(&design);
        let (to, direction) = (2, Direction::Both);
        let cut = |from| Command::CutLink {
            from,
            to,
            direction,
        };
        let heal = |from| Command::HealLink {
            from,
            to,
            direction,
        };
        let clock = |region, offset_us| Command::StepClock {
            region,
            offset_us,
            drift_ppm: 0,
        };
        // One clock says that the removal is old, and another that it is older.
        let script = [
            (500, act(0, OpKind::Add, 1, 1)),
            (1_000, cut(0)),
            (1_000, cut(1)),
            (1_000, clock(1, 40_000_000)),
            (2_000, act(0, OpKind::Remove, 1, 1)),
            (2_600, clock(0, 15_000_000)),
            (4_300, heal(0)),
            (4_300, heal(1)),
        ];
        let trace = trace_of(scenario, &script);
        assert!(!seen.contains(&trace), "{}", info.id);
        insta::assert_snapshot!(info.id, trace);
        seen.push(trace);
    }
}

#[test]
fn each_session_guarantee_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for info in splitbrain_engine::session::ALL {
        let scenario = five(&[
            (Slot::Replication, "single_writer_asynchronous"),
            (Slot::Session, info.id),
        ]);
        let read_via = |region| Command::Act {
            customer: 1,
            action: Action {
                via: Some(region),
                ..action(OpKind::Read, Key::new(0, 0), 0, PaymentKey::Fresh)
            },
        };
        let script = [
            (500, act(1, OpKind::Write, 0, 7)),
            (1_000, act(1, OpKind::Read, 0, 0)),
            (1_500, read_via(0)),
            (2_000, CUT),
            (2_100, act(0, OpKind::Write, 0, 8)),
            // Round the cut she sees the new value, and then asks where it is not yet.
            (2_500, read_via(0)),
            (3_000, read_via(1)),
            (5_000, HEAL),
            (5_700, act(1, OpKind::Read, 0, 0)),
        ];
        let trace = trace_of(scenario, &script);
        assert!(!seen.contains(&trace), "{}", info.id);
        insta::assert_snapshot!(format!("session_{}", info.id), trace);
        seen.push(trace);
    }
}

#[test]
fn each_scheme_for_a_job_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for scheme in Slot::Schedule.choices(ServiceKind::Jobs) {
        let mut scenario = small("last_writer_wins", "last_writer_wins", "none");
        scenario.customers.clear();
        scenario.services = vec![Service {
            kind: ServiceKind::Jobs,
            design: vec![(Slot::Schedule, scheme.id.into())],
        }];
        let script = [
            (2_150, Command::PauseRegion { region: 1 }),
            (5_500, Command::ResumeRegion { region: 1 }),
        ];
        let trace = trace_of(scenario.clone(), &script);
        // A fence matters only where a region freezes between a run and its report, and
        // another has reported before it wakes up.
        scenario.regions = playground().regions;
        let frozen = |region| {
            let script = [
                (2_150, Command::PauseRegion { region }),
                (9_000, Command::ResumeRegion { region }),
            ];
            trace_until(10_000, scenario.clone(), &script)
        };
        let all = trace.clone() + &(0..5).map(frozen).collect::<String>();
        assert!(!seen.contains(&all), "{}", scheme.id);
        insta::assert_snapshot!(format!("job_{}", scheme.id), trace);
        seen.push(all);
    }
}

#[test]
fn each_delivery_of_a_chat_has_its_own_golden_trace() {
    let mut seen: Vec<String> = Vec::new();
    for delivery in Slot::Replication.choices(ServiceKind::Chat) {
        let mut scenario = five(&[]);
        scenario.services = vec![chat_service(delivery.id)];
        // No comparison brings the question round the slow link.
        scenario.physics.compare_every_us = 3_000_000;
        let script = [
            (400, slow_link(0, 2, 900_000)),
            (1_000, act(0, OpKind::Write, 0, 6)),
            (1_500, act(1, OpKind::Read, 0, 0)),
            (1_800, act(1, OpKind::Write, 0, 7)),
            (3_000, CUT),
            (3_100, act(0, OpKind::Write, 0, 8)),
            (4_500, HEAL),
        ];
        let trace = trace_of(scenario, &script);
        assert!(!seen.contains(&trace), "{}", delivery.id);
        let waits = trace.contains("MessageBuffered");
        assert_eq!(waits, delivery.id == "causal_broadcast");
        insta::assert_snapshot!(format!("chat_{}", delivery.id), trace);
        seen.push(trace);
    }
}

fn slow_link(from: u8, to: u8, extra_us: u32) -> Command {
    Command::DegradeLink {
        from,
        to,
        loss_ppm: 0,
        duplicate_ppm: 0,
        reorder_ppm: 0,
        extra_us,
    }
}
