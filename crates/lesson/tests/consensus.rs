//! What a consensus group shows its customers is linearizable, under faults; and a lease
//! holds as long as clocks drift within its bound, and no longer.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::consensus::{ends_at, schedule};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 150;

/// How many schedules break a property, and how many operations were told Ok.
fn play(reads: &str, property: PropertyId) -> u32 {
    let mut broken = 0;
    for seed in 0..SCHEDULES {
        let run = schedule(seed, reads);
        let scenario = run.scenario.clone();
        let mut player = Player::new(run);
        player.jump(Target::Time(ends_at(player.run())));
        let mut observer = Observer::new(&scenario);
        observer.follow_player(&mut player);
        let verdict = observer.judge().verdict(property);
        broken += u32::from(matches!(verdict, Verdict::Violated { .. }));
    }
    broken
}

#[test]
fn reads_confirmed_by_a_majority_are_linearizable() {
    assert_eq!(play("read_index", PropertyId::Linearizable), 0);
}

#[test]
fn no_acknowledged_write_is_lost() {
    assert_eq!(play("read_index", PropertyId::AcknowledgedWrites), 0);
}

#[test]
fn reads_by_lease_are_linearizable_within_the_bound_of_drift() {
    // The schedules drift by at most a twentieth either way; a lease allows a tenth.
    assert_eq!(play("read_lease", PropertyId::Linearizable), 0);
}

#[test]
fn reads_anywhere_are_not_linearizable() {
    assert!(play("read_anywhere", PropertyId::Linearizable) > 0);
}

/// The leader's clock runs at this rate, it is cut off, and both sides go on reading and
/// writing. Whether that is linearizable.
fn with_a_leader_whose_clock_drifts(seed: u64, drift_ppm: i32) -> bool {
    let act = |at_ms, via: u8, kind, value| TimedCommand {
        at: Time::from_ms(at_ms),
        command: Command::Act {
            customer: u16::from(via),
            action: Action {
                kind,
                key: Key::new(0, 0),
                argument: Value(value),
                payment_key: PaymentKey::Fresh,
                via: Some(via),
            },
        },
    };
    let mut run = Run::new(schedule(seed, "read_lease").scenario, seed);
    let regions = run.scenario.regions.len() as u8;
    let mut player = Player::new(run.clone());
    player.jump(Target::Time(Time::from_ms(5_000)));
    let facts = player.trace().range(FactId(0), player.end());
    let elected = facts.filter(|(_, fact)| fact.kind() == FactKind::RegionPromoted);
    let leader = elected.last().expect("somebody was elected").1.host.0 as u8;
    let other = (leader + 1) % regions;
    let step = Command::StepClock {
        region: leader,
        offset_us: 0,
        drift_ppm,
    };
    run.commands.push(TimedCommand {
        at: Time::from_ms(5_000),
        command: step,
    });
    for to in (0..regions).filter(|&to| to != leader) {
        let cut = Command::CutLink {
            from: leader,
            to,
            direction: Direction::Both,
        };
        run.commands.push(TimedCommand {
            at: Time::from_ms(6_000),
            command: cut,
        });
    }
    for at_ms in (7_000..9_500).step_by(100) {
        run.commands
            .push(act(at_ms, other, OpKind::Write, at_ms as u32));
        run.commands.push(act(at_ms + 50, leader, OpKind::Read, 0));
    }
    run.commands.sort_by_key(|timed| timed.at);
    let scenario = run.scenario.clone();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(12_000)));
    let mut observer = Observer::new(&scenario);
    observer.follow_player(&mut player);
    let verdict = observer.judge().verdict(PropertyId::Linearizable);
    !matches!(verdict, Verdict::Violated { .. })
}

#[test]
fn a_clock_that_drifts_beyond_the_bound_makes_a_lease_lie() {
    let linearizable = |drift_ppm| {
        let seeds = (0..40).filter(|&seed| with_a_leader_whose_clock_drifts(seed, drift_ppm));
        seeds.count()
    };
    assert_eq!(linearizable(0), 40);
    // Half as fast, its lease lasts twice as long as others wait.
    assert!(linearizable(-500_000) < 40);
}
