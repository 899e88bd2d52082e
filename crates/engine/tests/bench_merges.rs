//! How many states of replicated data types are merged in a second in the browser, in the
//! page's profile: the same states and names as `splitbrain bench merges` has natively.
//!
//! `cargo xtask bench` runs it and puts the lines `bench NAME VALUE` beside the targets.
//! Nothing here fails for being slow.
#![cfg(target_arch = "wasm32")]

use std::hint::black_box;

use js_sys::Date;
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
const BATCH: u32 = 1_000;

/// How long one measurement takes at least, in milliseconds: the clock shows whole ones.
const LEAST_MS: f64 = 60.0;

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

/// Copies are made, merged and dropped; the same without merging is taken off.
fn seconds_a_merge<T: Replicated>(own: &T, other: &T) -> f64 {
    let (with, without) = (
        seconds_a_pair(own, other, T::merge),
        seconds_a_pair(own, other, |_, _| {}),
    );
    (with - without).max(1e-9)
}

fn seconds_a_pair<T: Replicated>(own: &T, other: &T, merge: impl Fn(&mut T, &T)) -> f64 {
    let begin = Date::now();
    let mut batches = 0;
    while Date::now() - begin < LEAST_MS {
        let mut pairs: Vec<(T, T)> = (0..BATCH).map(|_| (own.clone(), other.clone())).collect();
        for (own, other) in &mut pairs {
            merge(own, other);
        }
        // Without it nobody would need what was merged, and nothing had to be.
        black_box(&mut pairs);
        batches += 1;
    }
    (Date::now() - begin) / 1e3 / f64::from(batches * BATCH)
}
