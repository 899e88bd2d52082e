//! The set whose items come once and go once (two-phase set).
//!
//! # What it does
//! Two sets that only grow: what was added, and what was removed. An item is in the set
//! if it is in the first and not in the second. Only what is in the set can be removed.
//!
//! # Guarantees
//! What was removed stays removed.
//!
//! # Gives up
//! Adding again: an item that was removed never comes back.
//!
//! # Cost
//! Every item ever added, and every one ever removed.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 12.

use super::g_set::GSet;
use super::replicated::{Act, Content, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "two_phase_set",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::TombstonePerRemoval],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// A replica of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TwoPhaseSet {
    added: GSet,
    removed: GSet,
}

/// A change on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// An item comes.
    Add(u8),
    /// An item goes.
    Remove(u8),
}

impl TwoPhaseSet {
    /// Whether an item is in the set.
    pub fn contains(&self, item: u8) -> bool {
        self.added.contains(item) && !self.removed.contains(item)
    }
}

impl Replicated for TwoPhaseSet {
    type Update = Change;

    fn prepare(&self, _: Writer, act: Act) -> Option<Change> {
        match act {
            Act::Add(item) => Some(Change::Add(item)),
            Act::Remove(item) if self.contains(item) => Some(Change::Remove(item)),
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match *update {
            Change::Add(item) => self.added.insert(item),
            Change::Remove(item) => self.removed.insert(item),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.added.unite(&other.added);
        self.removed.unite(&other.removed);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        let items = self.added.items().filter(|&item| self.contains(item));
        Content::Items(items.collect())
    }

    fn state(&self) -> Vec<Part> {
        vec![self.added.part("added"), self.removed.part("removed")]
    }

    fn bytes(&self) -> u32 {
        self.added.bytes() + self.removed.bytes()
    }

    fn update_bytes(_: &Change) -> u32 {
        2
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn what_was_removed_never_comes_back() {
        let mut set = TwoPhaseSet::default();
        assert!(act(&mut set, 0, 1, Act::Remove(4)).is_none());
        act(&mut set, 0, 1, Act::Add(4));
        act(&mut set, 0, 2, Act::Remove(4));
        act(&mut set, 0, 3, Act::Add(4));
        assert_eq!(set.value(), Content::Items(vec![]));
    }
}
