//! The counter that never falls below zero (bounded counter, escrow).
//!
//! # What it does
//! Counting up creates rights to count down, and they belong to the replica that counted.
//! A replica counts down only by rights of its own, and can hand some to another.
//!
//! # Guarantees
//! The value is never below zero, anywhere, at any time, without asking another replica.
//!
//! # Gives up
//! Serving every request: a replica without rights refuses although others have some,
//! until they hand some over.
//!
//! # Cost
//! A number for each pair of replicas that ever handed rights over, two for each replica.
//!
//! # Source
//! Balegas et al., "Extending eventually consistent cloud databases for enforcing numeric
//! invariants", SRDS 2015, section IV; escrow after O'Neil, "The escrow transactional
//! method", 1986.

use super::g_counter::rows;
use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::totals::Totals;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "bounded_counter",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::NoOversell,
    ],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::CountPerReplica],
    sources: &[
        "Balegas et al., Extending eventually consistent cloud databases for enforcing numeric invariants, 2015",
        "O’Neil, The escrow transactional method, 1986",
    ],
};

/// A replica of the counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BoundedCounter {
    /// Rights by who gave them and who has them; a replica gives itself what it counts up.
    rights: Totals<(u8, u8)>,
    used: Totals<u8>,
}

/// A change on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// Rights from one replica to another, or to itself: new ones.
    Give {
        /// Whose they were.
        from: u8,
        /// Whose they are.
        to: u8,
        /// How many.
        by: u32,
    },
    /// Rights that a replica used to count down.
    Use {
        /// Whose.
        replica: u8,
        /// How many.
        by: u32,
    },
}

impl BoundedCounter {
    /// By how much a replica can count down now.
    pub fn rights(&self, replica: u8) -> i64 {
        let moved = self.rights.iter().map(|((from, to), by)| {
            let by = i64::from(by);
            match (from == replica, to == replica) {
                (_, true) => by,
                (true, false) => -by,
                (false, false) => 0,
            }
        });
        moved.sum::<i64>() - i64::from(self.used.get(replica))
    }

    /// The counter's number.
    pub fn number(&self) -> i64 {
        let made = self.rights.iter().filter(|((from, to), _)| from == to);
        made.map(|(_, by)| i64::from(by)).sum::<i64>() - self.used.sum()
    }
}

impl Replicated for BoundedCounter {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        let replica = writer.dot.origin;
        let give = |to, by| {
            let from = replica;
            self.rights.raised((from, to), by)?;
            Some(Change::Give { from, to, by })
        };
        match act {
            Act::Increment(by) => give(replica, by),
            Act::Transfer { to, by } if to != replica && i64::from(by) <= self.rights(replica) => {
                give(to, by)
            }
            Act::Decrement(by) if i64::from(by) <= self.rights(replica) => {
                self.used.raised(replica, by)?;
                Some(Change::Use { replica, by })
            }
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match *update {
            Change::Give { from, to, by } => self.rights.add((from, to), by),
            Change::Use { replica, by } => self.used.add(replica, by),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.rights.merge(&other.rights);
        self.used.merge(&other.used);
    }

    /// Delivered after the deltas that its origin had merged, it never shows a value below
    /// zero; in another order it may until the others have come.
    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        match *update {
            Change::Give { from, to, .. } => delta.rights = self.rights.only((from, to)),
            Change::Use { replica, .. } => delta.used = self.used.only(replica),
        }
        delta
    }

    fn value(&self) -> Content {
        Content::Number(self.number())
    }

    fn state(&self) -> Vec<Part> {
        let rights = self.rights.iter().map(|((from, to), by)| {
            let by = Datum::Number(by.into());
            vec![Datum::Replica(from), Datum::Replica(to), by]
        });
        vec![
            Part::new("rights", rights),
            Part::new("used", rows(&self.used)),
        ]
    }

    fn bytes(&self) -> u32 {
        self.rights.bytes(2) + self.used.bytes(1)
    }

    fn update_bytes(_: &Change) -> u32 {
        7
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn the_last_item_is_sold_once() {
        let mut left = BoundedCounter::default();
        act(&mut left, 0, 1, Act::Increment(1));
        let mut right = left.clone();
        assert!(act(&mut left, 0, 2, Act::Decrement(1)).is_some());
        assert!(act(&mut right, 1, 1, Act::Decrement(1)).is_none());
        right.merge(&left);
        assert_eq!(right.value(), Content::Number(0));
    }

    #[test]
    fn rights_that_were_handed_over_are_the_others_to_use() {
        let mut left = BoundedCounter::default();
        act(&mut left, 0, 1, Act::Increment(3));
        act(&mut left, 0, 2, Act::Transfer { to: 1, by: 2 });
        assert_eq!((left.rights(0), left.rights(1)), (1, 2));
        assert!(act(&mut left, 0, 3, Act::Decrement(2)).is_none());
        let mut right = left.clone();
        assert!(act(&mut right, 1, 1, Act::Decrement(2)).is_some());
        left.merge(&right);
        assert_eq!((left.number(), left.rights(1)), (1, 0));
    }
}
