//! Golden traces of rules, key stores and ways to forget: what decides in one region which
//! of two values stays, what is answered again, and what is dropped.
#![cfg(not(target_arch = "wasm32"))]
#![expect(
    clippy::unwrap_used,
    reason = "a fixture that is not what it was fails the test"
)]

mod traces;
#[expect(dead_code, reason = "worlds of five regions are for strategies")]
mod worlds;

use splitbrain_engine::playground::{documents_trial, playground};
use splitbrain_engine::run::{Command, Direction};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Key, PaymentKey};

use traces::{CUT, HEAL, act, trace_of};
use worlds::{action, small};

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
        let [[cut_0, heal_0], [cut_1, heal_1]] =
            [0, 1].map(|from| Command::cut_and_heal(from, 2, Direction::Both));
        let clock = |region, offset_us| Command::StepClock {
            region,
            offset_us,
            drift_ppm: 0,
        };
        // One clock says that the removal is old, and another that it is older.
        let script = [
            (500, act(0, OpKind::Add, 1, 1)),
            (1_000, cut_0),
            (1_000, cut_1),
            (1_000, clock(1, 40_000_000)),
            (2_000, act(0, OpKind::Remove, 1, 1)),
            (2_600, clock(0, 15_000_000)),
            (4_300, heal_0),
            (4_300, heal_1),
        ];
        let trace = trace_of(scenario, &script);
        assert!(!seen.contains(&trace), "{}", info.id);
        insta::assert_snapshot!(info.id, trace);
        seen.push(trace);
    }
}
