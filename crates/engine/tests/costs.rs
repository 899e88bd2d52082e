//! What a run costs, in figures that are the same on every machine, so that CI
//! can hold them. Speeds are measured elsewhere (`cargo xtask bench`) and judged
//! by people.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::playground::busy;
use splitbrain_engine::run::{CHECKPOINT_EVERY_US, Player, Run, Target};
use splitbrain_engine::sim::fact::{Fact, FactId};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::{CHUNK_FACTS, WINDOW_CHUNKS};

const BYTES_PER_FACT: u64 = 32;

#[test]
fn a_fact_takes_at_most_32_bytes_and_only_the_last_chunk_has_slack() {
    assert!(size_of::<Fact>() as u64 <= BYTES_PER_FACT);
    let mut player = Player::new(Run::new(Rc::new(busy()), 1));
    for minutes in 1..=3 {
        player.jump(Target::Time(Time::from_ms(minutes * 60_000)));
        let held = player.trace().range(FactId(0), player.end()).count() as u64;
        assert_eq!(held, u64::from(player.trace().len()));
        let slack = u64::from(CHUNK_FACTS) * BYTES_PER_FACT;
        assert!(player.trace().bytes() <= held * BYTES_PER_FACT + slack);
    }
}

#[test]
fn the_trace_of_a_long_run_takes_no_more_than_its_window() {
    let mut player = Player::new(Run::new(Rc::new(busy()), 1));
    player.jump(Target::Time(Time::from_ms(900_000)));
    assert!(player.trace().len() > (WINDOW_CHUNKS + 2) * CHUNK_FACTS);
    let window = u64::from(WINDOW_CHUNKS + 1) * u64::from(CHUNK_FACTS) * BYTES_PER_FACT;
    assert!(player.trace().bytes() <= window);
}

#[test]
fn a_seek_in_the_busy_world_executes_at_most_what_lies_between_two_checkpoints() {
    const END: Time = Time::from_ms(600_000);
    let mut player = Player::new(Run::new(Rc::new(busy()), 1));
    player.jump(Target::Time(END));
    let intervals = END.0 / CHECKPOINT_EVERY_US;
    let between = u64::from(player.frontier_event()) / intervals;
    for seek in 0..intervals {
        let before = player.events_again();
        let target = END.0 / intervals * (seek * 7 % intervals) + END.0 / 100;
        player.jump(Target::Time(Time(target)));
        let again = player.events_again() - before;
        // Load is even, but not to the event.
        assert!(
            again <= between * 11 / 10,
            "{again} of {between} to {target} µs"
        );
    }
}
