//! How fast the engine is in the browser, in the page's profile: the same figures
//! of the same world as `splitbrain bench` gives natively, under the same names.
//!
//! `cargo xtask bench` runs it and puts the lines `bench NAME VALUE` beside the
//! targets. Nothing here fails for being slow.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use js_sys::Date;
use splitbrain_engine::playground::busy;
use splitbrain_engine::run::{Player, Run, Target};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::time::Time;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Ten simulated minutes.
const END: Time = Time::from_ms(600_000);

/// Seeks that are measured, spread over the run and never in order.
const SEEKS: u64 = 24;

/// Each speed is the best of this many runs: what disturbs a run only slows it.
const RUNS: u32 = 3;

#[wasm_bindgen_test]
fn ten_minutes_of_the_busy_world() {
    let run = Run::new(Rc::new(busy()), 1);

    let mut recording_ms = f64::INFINITY;
    let mut player = Player::new(run.clone());
    for _ in 0..RUNS {
        // One after the other: two of them in memory at once would disturb both.
        player = Player::new(run.clone());
        recording_ms = recording_ms.min(milliseconds(|| player.jump(Target::Time(END))));
    }
    let events = f64::from(player.world().events());
    say("events", events);
    say("events_per_s_recording", events / recording_ms * 1e3);
    say("speed_up", END.0 as f64 / 1e3 / recording_ms);
    // To the end with nothing kept is the farthest that anybody can seek.
    say("seek_cold", recording_ms);

    let held = player.trace().range(FactId(0), player.end()).count();
    say(
        "bytes_per_fact",
        player.trace().bytes() as f64 / held as f64,
    );
    say("facts_per_event", f64::from(player.trace().len()) / events);

    let before = player.events_again();
    let (mut all_ms, mut worst_ms) = (0.0, 0.0_f64);
    for seek in 0..SEEKS {
        let target = Time(END.0 / SEEKS * (seek * 7 % SEEKS) + END.0 / 100);
        let one_ms = milliseconds(|| player.jump(Target::Time(target)));
        all_ms += one_ms;
        worst_ms = worst_ms.max(one_ms);
    }
    say("seek_warm", all_ms / SEEKS as f64);
    say("seek_warm_worst", worst_ms);
    let again = player.events_again() - before;
    say("events_reexecuted_per_seek", again as f64 / SEEKS as f64);
    drop(player);

    let mut silent_ms = f64::INFINITY;
    for _ in 0..RUNS {
        let mut world = run.world();
        silent_ms = silent_ms.min(milliseconds(|| {
            while world.next_at(&[]).is_some_and(|at| at <= END) {
                world.step(&[], None);
            }
        }));
    }
    say("events_per_s_silent", events / silent_ms * 1e3);
}

fn say(name: &str, value: f64) {
    console_log!("bench {name} {value}");
}

/// To the millisecond, so only for work that takes many.
fn milliseconds(work: impl FnOnce()) -> f64 {
    let begin = Date::now();
    work();
    Date::now() - begin
}
