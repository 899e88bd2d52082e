//! What verdicts cost in the browser, in the page's profile: the same figures as
//! `cargo bench` gives natively, under the same names.
//!
//! `cargo xtask bench` runs it and puts the lines `bench NAME VALUE` beside the targets.
//! Nothing here fails for being slow.
#![cfg(target_arch = "wasm32")]

mod long_register;

use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

#[wasm_bindgen_test]
fn a_million_operations_of_a_register() {
    let window = web_sys::window().expect("it runs in a window");
    let performance = window.performance().expect("a browser measures time");
    let clock = || performance.now() * 1e6;
    let (name, nanos) = long_register::sweeps(1_000_000, clock);
    console_log!("bench {name} {nanos:.2}");
    for (name, nanos) in long_register::incremental(clock) {
        console_log!("bench {name} {nanos:.1}");
    }
}
