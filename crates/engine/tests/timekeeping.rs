//! Wall clocks that are set by asking what time it is: how right they become, what a step
//! and a slew look like in a trace, and whom they follow when the one they ask is wrong.

use std::rc::Rc;

use splitbrain_engine::clocks::PhysicalClock;
use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::time::Time;

/// The playground, whose regions ask; their clocks are off by half a second at first.
fn world(source: &str) -> Scenario {
    let mut scenario = playground();
    scenario.physics.clock_offset_us = 500_000;
    scenario.physics.clock_drift_ppm = 100;
    scenario.services.push(Service {
        kind: ServiceKind::Time,
        design: vec![(Slot::TimeSource, source.into())],
    });
    assert_eq!(scenario.check(), []);
    scenario
}

fn play(source: &str, commands: &[(u64, Command)]) -> Player {
    let mut run = Run::new(Rc::new(world(source)), 7);
    let timed = commands.iter().map(|&(ms, command)| TimedCommand {
        at: Time::from_ms(ms),
        command,
    });
    run.commands = timed.collect();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(60_000)));
    player
}

fn facts(player: &Player, kind: FactKind) -> Vec<Fact> {
    let all = player.trace().range(FactId(0), player.end());
    all.map(|(_, fact)| *fact)
        .filter(|fact| fact.kind() == kind)
        .collect()
}

/// How far each region's clock is ahead at the end, in microseconds.
fn offsets(player: &Player) -> Vec<i64> {
    let clock = |region| -> PhysicalClock { player.world().clock(region) };
    (0..5)
        .map(|region| clock(region).offset_us(player.time()))
        .collect()
}

const fn set(region: u8, offset_us: i64) -> Command {
    Command::StepClock {
        region,
        offset_us,
        drift_ppm: 0,
    }
}

#[test]
fn whoever_asks_a_reference_clock_is_right_to_a_millisecond() {
    let player = play("reference_clock", &[]);
    for offset_us in offsets(&player) {
        assert!(offset_us.abs() < 1_500, "{:?}", offsets(&player));
    }
    let measured = facts(&player, FactKind::ClockMeasured);
    assert!(measured.len() > 5 * 25, "{}", measured.len());
    // What is off by more than 128 ms is set at once, the rest little by little.
    let changed = facts(&player, FactKind::ClockStepped);
    let steps = changed
        .iter()
        .filter(|fact| fact.flag() == Fact::SET_BY_SERVICE);
    let slews = changed.iter().filter(|fact| fact.flag() == Fact::SLEWED);
    assert!((2..=5).contains(&steps.count()), "{changed:?}");
    assert!(slews.count() > 5, "{changed:?}");
}

#[test]
fn a_clock_that_somebody_sets_wrong_is_set_right_again() {
    for ahead_us in [5_000_000, -5_000_000] {
        let player = play("reference_clock", &[(20_000, set(1, ahead_us))]);
        let offsets = offsets(&player);
        assert!(offsets[1].abs() < 1_500, "{offsets:?}");
        let of_region = |fact: &&Fact| fact.host.0 == 1 && fact.at() > Time::from_ms(20_000);
        let changed = facts(&player, FactKind::ClockStepped);
        let set_right = changed
            .iter()
            .filter(of_region)
            .find(|fact| fact.flag() == Fact::SET_BY_SERVICE)
            .expect("the service steps it");
        assert!(set_right.clock_offset_us().abs() < 2_000);
        // Half the round trips of eight may be longer than one from before.
        assert!(set_right.at() < Time::from_ms(20_000 + 9 * 2_000));
    }
}

#[test]
fn all_follow_the_first_region_into_the_wrong() {
    let player = play("first_region_clock", &[(20_000, set(0, 5_000_000))]);
    for offset_us in offsets(&player) {
        let from_first = offset_us - offsets(&player)[0];
        assert!(from_first.abs() < 8_000, "{:?}", offsets(&player));
        assert!(offset_us > 4_900_000, "{:?}", offsets(&player));
    }
}

#[test]
fn a_slew_that_somebody_cuts_short_leaves_no_drift_behind() {
    let mut script = Vec::new();
    for place in 0..8_u64 {
        script.push((10_000 + 3_700 * place, set(2, 60_000)));
    }
    let player = play("reference_clock", &script);
    let drift_ppm = player.world().clock(2).drift_ppm();
    // None of its own since it was set by hand, and what a slew under way adds.
    assert!([0, 500, -500].contains(&drift_ppm), "{drift_ppm}");
}
