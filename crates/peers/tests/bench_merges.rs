//! How many states of replicated data types are merged in a second in the browser, in the
//! page's profile, how large they are, and how long text is typed: the same states, texts
//! and names as `splitbrain bench merges` has natively, beside the same peers.
//!
//! `cargo xtask bench` runs it and puts the lines `bench NAME VALUE` beside the targets.
//! Nothing here fails for being slow.
#![cfg(target_arch = "wasm32")]

use js_sys::wasm_bindgen::{JsCast, JsValue};
use js_sys::{Function, Reflect};
use splitbrain_peers::merging::{Clock, Side, TYPES};
use splitbrain_peers::typing;
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// The browser's clock shows a tenth of a millisecond, which evens out over batches of
/// some milliseconds each.
const CLOCK: Clock = Clock {
    now: || now_ms() / 1e3,
    batch: 10_000,
};

/// Merges of a round.
const MERGES: u32 = 40_000;

/// Characters that are typed.
const CHARACTERS: u32 = 10_000;

#[wasm_bindgen_test]
fn merges_of_every_sound_type() {
    for (id, measure) in TYPES {
        let row = measure(id, MERGES, CLOCK);
        console_log!("bench merges_per_s_{id} {:.0}", row.ours.news);
        let of = |side: Side| format!("{:.0} merges/s, {} bytes", side.news, side.bytes);
        let theirs = row.theirs.map_or("-".to_owned(), of);
        console_log!("{id}: {}; crdts: {theirs}", of(row.ours));
    }
}

#[wasm_bindgen_test]
fn typing_a_text() {
    for typed in typing::measure(CHARACTERS, CLOCK.now) {
        console_log!("bench {} {:.1}", typed.figure(), typed.ours.letter_ns);
        let of = |side: typing::Side| format!("{:.0} ns, {} bytes", side.letter_ns, side.bytes);
        let (ours, yrs) = (of(typed.ours), of(typed.yrs));
        console_log!("a character typed {:?}: {ours}; yrs: {yrs}", typed.place);
    }
}

/// The browser's finest clock.
fn now_ms() -> f64 {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).expect("it is there");
    let performance = get(&js_sys::global(), "performance");
    let now: Function = get(&performance, "now").unchecked_into();
    let now = now.call0(&performance).expect("a browser measures time");
    now.as_f64().expect("a number")
}
