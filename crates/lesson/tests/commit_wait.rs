//! Stamps of two consensus groups, which know nothing of each other: in the order of real
//! time if commits wait until their stamps have passed, while clocks are within the bound.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::RoleView;
use splitbrain_lesson::latency::{Wait, legs};

const SEEDS: u64 = 60;

fn run(commit_wait: &str, seed: u64) -> Run {
    let mut scenario = playground();
    for customer in &mut scenario.customers {
        customer.think_us = None;
    }
    let kinds = [ServiceKind::Prices, ServiceKind::Carts];
    let choices = kinds.map(|service| {
        let policies = [
            (Slot::Replication, "consensus"),
            (Slot::CommitWait, commit_wait),
        ];
        policies.map(|(slot, policy)| Choice {
            service,
            slot,
            policy: policy.into(),
        })
    });
    Run::new(Rc::new(scenario.with(&choices.concat())), seed)
}

/// Who leads the group of a service.
fn leader(player: &Player, service: u8) -> Option<u8> {
    (0..5).find(|&region| {
        let at = Addr::new(HostId(u16::from(region)), service);
        let view = player.world().log_view(at);
        view.is_some_and(|view| view.role == RoleView::Leader)
    })
}

/// When a customer at this region changes something of a service.
fn act(at: Time, service: u8, kind: OpKind, via: u8) -> TimedCommand {
    let action = Action {
        kind,
        key: Key::new(service, 0),
        argument: Value(3),
        payment_key: PaymentKey::Fresh,
        via: Some(via),
    };
    let customer = u16::from(via);
    TimedCommand {
        at,
        command: Command::Act { customer, action },
    }
}

/// The stamp of the last write of a group, in its leader's log.
fn stamp_us(player: &Player, service: u8, leader: u8) -> Option<i64> {
    let at = Addr::new(HostId(u16::from(leader)), service);
    let entries = player.world().log_view(at)?.log.entries();
    Some(
        entries
            .iter()
            .rfind(|entry| entry.write.is_some())?
            .stamp_us,
    )
}

/// What came of a price that was set and, once that was answered, an item that was put into
/// a cart, by groups whose leaders' clocks are off by as much, one ahead and one behind.
struct Came {
    /// By how much the second stamp is larger, in microseconds, as is the rest.
    ahead: i64,
    /// How long the first write took, and how much of it was waiting for its stamp.
    took: u64,
    waited: u64,
}

/// None if one region leads both, or a write fails.
fn play(commit_wait: &str, off_us: i64, seed: u64) -> Option<Came> {
    let mut run = run(commit_wait, seed);
    let mut player = Player::new(run.clone());
    player.jump(Target::Time(Time::from_ms(6_000)));
    let (first, second) = (leader(&player, 0)?, leader(&player, 1)?);
    if first == second {
        return None;
    }
    for (region, offset_us) in [(first, off_us), (second, -off_us)] {
        let command = Command::StepClock {
            region,
            offset_us,
            drift_ppm: 0,
        };
        let at = Time::from_ms(6_000);
        run.commands.push(TimedCommand { at, command });
    }
    let at = Time::from_ms(8_000);
    run.commands.push(act(at, 0, OpKind::Write, first));
    let mut player = Player::new(run.clone());
    player.jump(Target::Time(Time::from_ms(10_000)));
    let mut facts = player
        .trace()
        .range(player.trace().first_at(at), player.end());
    let (id, told) = facts.find(|(_, fact)| fact.kind() == FactKind::OperationReturned)?;
    if told.outcome() != Some(Outcome::Ok) {
        return None;
    }
    let legs = legs(player.trace(), id)?;
    let waits = legs
        .iter()
        .filter(|leg| matches!(leg.wait, Wait::Uncertainty(_)));
    let waited = waits.map(|leg| leg.span_us).sum();
    let took = told.at().since(at);
    run.commands
        .push(act(told.at().after(1), 1, OpKind::Add, second));
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(12_000)));
    if (leader(&player, 0)?, leader(&player, 1)?) != (first, second) {
        return None;
    }
    Some(Came {
        ahead: stamp_us(&player, 1, second)? - stamp_us(&player, 0, first)?,
        took,
        waited,
    })
}

fn all(commit_wait: &str, off_us: i64) -> Vec<Came> {
    let came: Vec<Came> = (0..SEEDS)
        .filter_map(|seed| play(commit_wait, off_us, seed))
        .collect();
    assert!(came.len() > 20, "{} have two leaders", came.len());
    came
}

fn inverted(came: &[Came]) -> usize {
    came.iter().filter(|it| it.ahead <= 0).count()
}

#[test]
fn without_commit_wait_a_later_write_may_have_the_earlier_stamp() {
    assert!(inverted(&all("no_commit_wait", 140_000)) > 0);
}

#[test]
fn with_it_whoever_begins_after_an_answer_has_the_later_stamp() {
    assert_eq!(inverted(&all("commit_wait_150ms", 140_000)), 0);
    assert_eq!(inverted(&all("commit_wait_7ms", 6_000)), 0);
}

#[test]
fn beyond_its_bound_nothing_tells_that_stamps_are_out_of_order() {
    assert!(inverted(&all("commit_wait_7ms", 140_000)) > 0);
}

#[test]
fn a_large_bound_is_a_leg_of_the_latency_and_a_small_one_hides_behind_the_majority() {
    for came in all("commit_wait_150ms", 0) {
        assert!(came.took >= 300_000, "{}", came.took);
        assert!(came.waited > 50_000, "{}", came.waited);
    }
    for came in all("commit_wait_7ms", 0) {
        assert_eq!(came.waited, 0);
        assert!(came.took < 300_000, "{}", came.took);
    }
}
