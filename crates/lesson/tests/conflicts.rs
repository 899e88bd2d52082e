//! What becomes of writes that meet, rule by rule: scripts with clocks set by hand, what the
//! judge says of them, and what a reader of the facts is told.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::playground::{playground, services};
use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

const LAMP: Key = Key::new(0, 0);

/// Three regions with two shopkeepers at the first and one at each other, who ask once and
/// only do what they are told.
fn world() -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(3);
    scenario.customers.truncate(4);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = [0, 0, 1, 2][place];
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    scenario.retry.attempts = 1;
    scenario.physics.clock_offset_us = 0;
    scenario.physics.clock_drift_ppm = 0;
    scenario
}

/// A customer at the first region, and one at the second.
const ANA: u16 = 0;
const CHIYO: u16 = 2;

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
}

fn act(customer: u16, kind: OpKind, value: u32) -> Command {
    let action = Action {
        kind,
        key: LAMP,
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    Command::Act { customer, action }
}

fn write(ms: u64, customer: u16, price: u32) -> TimedCommand {
    at(ms, act(customer, OpKind::Write, price))
}

fn clock_ahead(ms: u64, region: u8, seconds: i64) -> TimedCommand {
    let (offset_us, drift_ppm) = (seconds * 1_000_000, 0);
    at(
        ms,
        Command::StepClock {
            region,
            offset_us,
            drift_ppm,
        },
    )
}

fn play(design: &[(Slot, &str)], commands: Vec<TimedCommand>) -> Player {
    let mut run = Run::new(Rc::new(world()), 5);
    for &(slot, policy) in design {
        run = run.with(Choice {
            service: ServiceKind::Prices,
            slot,
            policy: policy.into(),
        });
    }
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(30_000)));
    player
}

fn under(rule: &str, commands: Vec<TimedCommand>) -> Player {
    play(&[(Slot::Merge, rule)], commands)
}

/// What each region shows of the lamp.
fn shown(player: &Player) -> Vec<u32> {
    let regions = 0..3_u16;
    let entries = regions.map(|region| {
        player
            .world()
            .view(Addr::new(HostId(region), LAMP.service()))
    });
    let held = entries.map(|entries| entries.into_iter().find(|entry| entry.key == LAMP));
    held.map(|entry| entry.map_or(0, |entry| entry.value.0))
        .collect()
}

fn violations(player: &mut Player, property: PropertyId) -> usize {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    match observer.judge().verdict(property) {
        Verdict::Violated { violations, .. } => violations.len(),
        _ => 0,
    }
}

#[test]
fn a_write_on_top_of_what_a_fast_clock_stamped_is_kept_by_hybrid_clocks_only() {
    let script = || {
        vec![
            clock_ahead(500, 0, 5),
            write(2_000, ANA, 100),
            write(4_000, CHIYO, 110),
        ]
    };
    let mut by_wall = under("last_writer_wins", script());
    assert_eq!(shown(&by_wall), [100; 3]);
    assert_eq!(violations(&mut by_wall, PropertyId::AcknowledgedWrites), 1);
    let mut by_hybrid = under("hybrid_last_writer_wins", script());
    assert_eq!(shown(&by_hybrid), [110; 3]);
    assert_eq!(
        violations(&mut by_hybrid, PropertyId::AcknowledgedWrites),
        0
    );
}

#[test]
fn of_concurrent_writes_the_fast_clock_wins_under_hybrid_clocks_too() {
    let script = vec![
        clock_ahead(500, 0, 5),
        write(2_000, ANA, 100),
        write(2_020, CHIYO, 110),
    ];
    let mut player = under("hybrid_last_writer_wins", script);
    assert_eq!(shown(&player), [100; 3]);
    assert_eq!(violations(&mut player, PropertyId::AcknowledgedWrites), 1);
    assert_eq!(violations(&mut player, PropertyId::Convergence), 0);
}

#[test]
fn a_hybrid_stamp_is_never_behind_one_that_has_arrived() {
    let script = vec![
        clock_ahead(500, 0, 5),
        write(2_000, ANA, 100),
        write(4_000, CHIYO, 110),
    ];
    let player = under("hybrid_last_writer_wins", script);
    let entries = player.world().view(Addr::new(HostId(1), LAMP.service()));
    let version = entries[0].versions[0];
    assert_eq!(version.origin, 1);
    // Seven seconds and a bit by the clock of the region that was ahead.
    assert!(
        (7_000_000..7_200_000).contains(&version.stamp_us),
        "{version:?}"
    );
}

#[test]
fn two_regions_that_write_in_one_second_part_for_ever_if_each_keeps_its_own_on_equal() {
    let script = || vec![write(2_200, ANA, 100), write(2_220, CHIYO, 110)];
    let mut broken = under("own_on_equal", script());
    let after = shown(&broken);
    assert_eq!((after[0], after[1]), (100, 110));
    assert_eq!(violations(&mut broken, PropertyId::Convergence), 1);
    let mut sound = under("last_writer_wins", script());
    assert_eq!(shown(&sound), [110; 3]);
    assert_eq!(violations(&mut sound, PropertyId::Convergence), 0);
}
