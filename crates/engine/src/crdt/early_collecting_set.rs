//! Broken on purpose: a set that forgets its tombstones too early.
//!
//! # What it does
//! The observed-remove set with tombstones, except that [`Act::Collect`] drops all of them
//! at once, whoever may still need them.
//!
//! # Guarantees
//! None that outlives a collection.
//!
//! # Gives up
//! Removals: a replica that has not heard of one brings the item back, for everybody.
//!
//! # Cost
//! A dot for every addition and every removal since the last collection.
//!
//! # Source
//! What `gc_grace_seconds` of Apache Cassandra is there for: its documentation, "Tombstones
//! and garbage collection"; causal stability is what it lacks, Baquero, Almeida and Shoker,
//! "Pure operation-based replicated data types", 2017, section 5.

use super::replicated::{Act, Content, Part, Replicated, Writer};
use super::tombstone_set::{Change, Marks, update_bytes};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "early_collecting_set",
    keeps: &[],
    gives_up: &[Property::AcknowledgedWrites, Property::Convergence],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::Convergence],
    },
    costs: &[
        Cost::AnswersLocally,
        Cost::MetadataPerElement,
        Cost::TombstonePerRemoval,
    ],
    sources: &["Baquero, Almeida and Shoker, Pure operation-based replicated data types, 2017"],
};

/// A replica of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EarlyCollectingSet(Marks);

impl Replicated for EarlyCollectingSet {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        self.0.prepare(writer, act)
    }

    fn apply(&mut self, update: &Change) {
        self.0.apply(update);
        if let Change::Collect { .. } = update {
            self.0.collect(|_| true);
        }
    }

    fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        self.0.value()
    }

    fn state(&self) -> Vec<Part> {
        self.0.parts()
    }

    fn bytes(&self) -> u32 {
        self.0.bytes()
    }

    fn update_bytes(update: &Change) -> u32 {
        update_bytes(update)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn what_was_removed_comes_back_from_a_replica_that_had_not_heard() {
        let mut here = EarlyCollectingSet::default();
        act(&mut here, 0, 1, Act::Add(1));
        let away = here.clone();
        act(&mut here, 0, 2, Act::Remove(1));
        act(&mut here, 0, 3, Act::Collect);
        assert_eq!(here.value(), Content::Items(vec![]));
        here.merge(&away);
        assert_eq!(here.value(), Content::Items(vec![1]));
    }
}
