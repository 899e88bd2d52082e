//! The same data types as somebody else wrote them: the crate `crdts`, and for text `yrs`,
//! to be compared with ours and measured beside them, natively and in the browser.
//!
//! # Code map
//! - Here: a [`Peer`] lives through the same acts and merges as a replica of ours, and shows
//!   its value in our terms. What has no counterpart there is [`Nobody`].
//! - [`merging`]: how long it takes to merge states of both, and how large they are.
//! - [`typing`]: how long it takes to type a text in both, and how large it is.
//!
//! No product code knows these: `splitbrain validate` compares, `splitbrain bench merges`
//! and `tests/bench_merges.rs` measure.

mod counters;
mod list;
pub mod merging;
mod registers;
mod sets;
pub mod typing;

pub use counters::{GrowOnly, UpAndDown};
pub use list::Characters;
pub use registers::{Entries, LastWrite, ManyValues};
pub use sets::{Growing, ObservedRemove};

use serde::Serialize;
use splitbrain_engine::crdt::replicated::{Act, Content, Writer};

/// A replica that somebody else wrote.
pub trait Peer: Clone + Default {
    /// Does what was done to our replica. Only what ours took comes here.
    fn act(&mut self, writer: Writer, act: Act);

    /// Joins another replica's state.
    fn merge(&mut self, other: Self);

    /// What a read returns; nothing where there is no counterpart.
    fn content(&self) -> Option<Content>;

    /// Its size on the wire in bytes.
    fn bytes(&self) -> u64;
}

/// What has no counterpart: it shows nothing.
#[derive(Clone, Debug, Default)]
pub struct Nobody;

impl Peer for Nobody {
    fn act(&mut self, _: Writer, _: Act) {}

    fn merge(&mut self, _: Self) {}

    fn content(&self) -> Option<Content> {
        None
    }

    fn bytes(&self) -> u64 {
        0
    }
}

/// The size of a state in `postcard`, a compact binary form with numbers of variable
/// length.
fn packed(state: &impl Serialize) -> u64 {
    postcard::to_allocvec(state).map_or(0, |bytes| bytes.len() as u64)
}
