//! Golden traces of strategies and of what they can be set to, in small worlds.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that is not what it was fails the test"
)]

mod traces;
mod worlds;

use splitbrain_engine::playground::{chat_service, playground};
use splitbrain_engine::replication::quorum::Settings;
use splitbrain_engine::run::{Command, Direction};
use splitbrain_engine::scenario::{Choice, Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey};

use traces::{CUT, HEAL, act, trace_of, trace_until};
use worlds::{action, five, small};

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
        let links = (1..5).map(|to| Command::cut_and_heal(0, to, Direction::Both));
        let mut script = vec![
            (1_900, act(0, OpKind::Write, 0, 7)),
            (2_200, act(1, OpKind::Read, 0, 0)),
            (2_500, act(0, OpKind::Write, 0, 8)),
            (3_900, act(1, OpKind::Write, 0, 9)),
            (4_320, act(1, OpKind::Read, 0, 0)),
            (5_000, Command::PromoteRegion { region: 0 }),
            (5_600, act(0, OpKind::Read, 0, 0)),
        ];
        script.extend(links.flat_map(|[cut, heal]| [(2_400, cut), (4_300, heal)]));
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
        let links = || (1..5).map(|to| Command::cut_and_heal(0, to, Direction::Both));
        // The first region writes alone; another is promoted and writes the same.
        let mut script: Vec<_> = links().map(|[cut, _]| (1_000, cut)).collect();
        script.push((1_200, act(0, OpKind::Write, 0, 7)));
        script.push((2_000, Command::PromoteRegion { region: 1 }));
        script.push((2_400, act(1, OpKind::Write, 0, 9)));
        script.extend(links().map(|[_, heal]| (3_000, heal)));
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
