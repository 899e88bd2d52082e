//! What a consensus group shows its customers is linearizable, under faults; and a lease
//! holds as long as clocks drift within its bound, and no longer.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::consensus::{ends_at, schedule};
use splitbrain_engine::run::{Player, Target};
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
