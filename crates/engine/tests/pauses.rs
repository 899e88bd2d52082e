//! What a pause keeps, what a crash in the middle of one loses, and how much later a
//! slow region serves.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::playground::{playground, services};
use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;

/// Two regions, a customer at each, who asks once and waits long.
fn world() -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(2);
    scenario.customers.truncate(2);
    for customer in &mut scenario.customers {
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    scenario.retry.timeout_us = 60_000_000;
    scenario.retry.attempts = 1;
    scenario
}

/// A write at the first region.
fn write(customer: u16, value: u32) -> Command {
    Command::Act {
        customer,
        action: Action {
            kind: OpKind::Write,
            key: Key::new(0, 0),
            argument: Value(value),
            payment_key: PaymentKey::Fresh,
            via: Some(0),
        },
    }
}

fn play(script: &[(u64, Command)], end_ms: u64) -> Player {
    let mut run = Run::new(Rc::new(world()), 1);
    run.commands = script
        .iter()
        .map(|&(ms, command)| TimedCommand {
            at: Time::from_ms(ms),
            command,
        })
        .collect();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(end_ms)));
    player
}

fn facts(player: &Player, kind: FactKind) -> Vec<Fact> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(_, fact)| *fact);
    held.filter(|fact| fact.kind() == kind).collect()
}

#[test]
fn a_paused_region_keeps_what_came_and_serves_it_in_its_order_when_it_resumes() {
    let script = [
        (1_000, Command::PauseRegion { region: 0 }),
        (1_100, write(0, 7)),
        (1_200, write(1, 8)),
        (3_000, Command::ResumeRegion { region: 0 }),
    ];
    let paused = play(&script, 2_999);
    assert!(paused.world().is_paused(0));
    let accepted = facts(&paused, FactKind::WriteAccepted);
    assert!(
        accepted.iter().all(|fact| fact.host != HostId(0)),
        "{accepted:?}"
    );
    let player = play(&script, 6_000);
    let accepted: Vec<u32> = facts(&player, FactKind::WriteAccepted)
        .iter()
        .map(|fact| fact.c)
        .collect();
    assert_eq!(accepted, [7, 8]);
    let told = facts(&player, FactKind::OperationReturned);
    assert!(
        told.iter().all(|fact| fact.outcome() == Some(Outcome::Ok)),
        "{told:?}"
    );
    assert!(facts(&player, FactKind::MessageDropped).is_empty());
    assert!(facts(&player, FactKind::RegionResumed)[0].a >= 2);
}

#[test]
fn the_clocks_of_a_paused_region_go_on() {
    let script = [
        (1_000, Command::PauseRegion { region: 0 }),
        (3_000, Command::ResumeRegion { region: 0 }),
        (3_500, write(0, 7)),
    ];
    let player = play(&script, 6_000);
    let at = splitbrain_engine::sim::node::Addr::new(HostId(0), 0);
    let held = player.world().view(at);
    // Within the offset that clocks start with.
    let stamp_us = held[0].versions[0].stamp_us;
    assert!((3_490_000..3_530_000).contains(&stamp_us), "{stamp_us}");
}

#[test]
fn a_timer_that_falls_due_in_a_pause_fires_once_when_it_ends() {
    let compared = |script: &[(u64, Command)]| {
        let player = play(script, 10_000);
        let sent = facts(&player, FactKind::MessageSent).into_iter();
        let from = sent.filter(|fact| fact.host == HostId(0));
        from.map(|fact| fact.at().0).collect::<Vec<u64>>()
    };
    let pause = [
        (2_000, Command::PauseRegion { region: 0 }),
        (7_000, Command::ResumeRegion { region: 0 }),
    ];
    let (with, without) = (compared(&pause), compared(&[]));
    assert!(with.iter().all(|at| !(2_000_000..7_000_000).contains(at)));
    assert!(with.iter().any(|at| (7_000_000..7_000_100).contains(at)));
    // What was missed is not made up for: a timer is set again when it has fired.
    assert!(with.len() < without.len());
}

#[test]
fn a_crash_in_a_pause_loses_what_waited_and_a_restart_is_not_paused() {
    let script = [
        (1_000, Command::PauseRegion { region: 0 }),
        (1_100, write(0, 7)),
        (2_000, Command::CrashRegion { region: 0 }),
        (2_500, Command::ResumeRegion { region: 0 }),
        (3_000, Command::RestartRegion { region: 0 }),
        (4_000, write(1, 8)),
    ];
    let player = play(&script, 6_000);
    let dropped = facts(&player, FactKind::MessageDropped);
    assert!(
        dropped.iter().any(|fact| fact.at() == Time::from_ms(2_000)),
        "{dropped:?}"
    );
    assert!(facts(&player, FactKind::RegionResumed).is_empty());
    let accepted = facts(&player, FactKind::WriteAccepted);
    assert_eq!(accepted.len(), 1, "{accepted:?}");
    assert_eq!(accepted[0].c, 8);
}

#[test]
fn a_slow_region_serves_later_by_each_step_and_then_as_fast_as_ever() {
    let took = |extra_us| {
        let slow = |extra_us| Command::SlowRegion {
            region: 0,
            extra_us,
        };
        let script = [
            (1_000, slow(extra_us)),
            (1_100, write(0, 7)),
            (4_000, slow(0)),
            (5_000, write(0, 8)),
        ];
        let player = play(&script, 8_000);
        let times = |kind| {
            let all = facts(&player, kind).into_iter();
            all.map(|fact| fact.at().0).collect::<Vec<u64>>()
        };
        let began = times(FactKind::OperationStarted);
        let ended = times(FactKind::OperationReturned);
        let spans: Vec<u64> = ended.iter().zip(began).map(|(end, at)| end - at).collect();
        (spans[0], spans[1])
    };
    let (plain, slow) = (took(0), took(400_000));
    // The request, and the log write that it waits for.
    assert_eq!(slow.0, plain.0 + 800_000);
    assert_eq!(slow.1, plain.1);
}
