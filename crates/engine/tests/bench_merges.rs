//! How many states of replicated data types are merged in a second in the browser, in the
//! page's profile: the same states and names as `splitbrain bench merges` has natively.
//!
//! `cargo xtask bench` runs it and puts the lines `bench NAME VALUE` beside the targets.
//! Nothing here fails for being slow.
#![cfg(target_arch = "wasm32")]

use std::hint::black_box;

use js_sys::wasm_bindgen::{JsCast, JsValue};
use js_sys::{Function, Reflect};
use splitbrain_engine::crdt::catalogue::find;
use splitbrain_engine::crdt::merging::replicas;
use splitbrain_engine::crdt::replicated::{Act, Replicated, Writer};
use splitbrain_engine::crdt::{
    BoundedCounter, GCounter, GSet, LwwElementSet, LwwRegister, MultiValueRegister,
    ObservedRemoveMap, ObservedRemoveSet, PnCounter, RemoveWinsSet, Sequence, TombstoneSet,
    TwoPhaseSet,
};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_browser);

/// Pairs of states that are in memory at a time.
const BATCH: u32 = 10_000;

/// How much merging one measurement has at least, in milliseconds. The browser's clock
/// shows a tenth of one, which evens out over many batches.
const LEAST_MS: f64 = 40.0;

/// Batches of a measurement at most.
const BATCHES: u32 = 1_000;

/// Of which the fastest counts: what disturbs one only slows it.
const ROUNDS: u32 = 5;

#[wasm_bindgen_test]
fn merges_of_every_sound_type() {
    measure::<GCounter>("g_counter");
    measure::<PnCounter>("pn_counter");
    measure::<BoundedCounter>("bounded_counter");
    measure::<GSet>("g_set");
    measure::<TwoPhaseSet>("two_phase_set");
    measure::<LwwElementSet>("lww_element_set");
    measure::<ObservedRemoveSet>("observed_remove_set");
    measure::<TombstoneSet>("tombstone_set");
    measure::<RemoveWinsSet>("remove_wins_set");
    measure::<LwwRegister>("lww_register");
    measure::<MultiValueRegister>("multi_value_register");
    measure::<ObservedRemoveMap>("observed_remove_map");
    measure::<Sequence>("sequence");
}

/// News: what one did goes into another, neither having seen what the other did.
fn measure<T: Replicated + Default>(id: &str) {
    let entry = find(id).expect("it is in the catalogue");
    let act = |state: &mut T, writer: Writer, act: Act| {
        if let Some(update) = state.prepare(writer, act) {
            state.apply(&update);
        }
    };
    let [own, other, _] = replicas(entry.lab.verbs(), act, T::merge);
    let rounds = (0..ROUNDS).map(|_| seconds_a_merge(&own, &other));
    let fastest = rounds.fold(f64::INFINITY, f64::min);
    console_log!("bench merges_per_s_{id} {:.0}", 1.0 / fastest);
}

/// Only merging is timed, not copying states or taking them apart.
fn seconds_a_merge<T: Replicated>(own: &T, other: &T) -> f64 {
    let (mut merging_ms, mut batches) = (0.0, 0);
    while merging_ms < LEAST_MS && batches < BATCHES {
        let mut pairs: Vec<(T, T)> = (0..BATCH).map(|_| (own.clone(), other.clone())).collect();
        let begin = now_ms();
        for (own, other) in &mut pairs {
            own.merge(other);
        }
        // Without it nobody would need what was merged, and nothing had to be.
        black_box(&mut pairs);
        merging_ms += now_ms() - begin;
        batches += 1;
    }
    merging_ms.max(1e-3) / 1e3 / f64::from(batches * BATCH)
}

/// The browser's finest clock.
fn now_ms() -> f64 {
    let get = |of: &JsValue, name: &str| Reflect::get(of, &name.into()).expect("it is there");
    let performance = get(&js_sys::global(), "performance");
    let now: Function = get(&performance, "now").unchecked_into();
    let now = now.call0(&performance).expect("a browser measures time");
    now.as_f64().expect("a number")
}
