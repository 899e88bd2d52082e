//! The counter that goes up and down (PN-counter).
//!
//! # What it does
//! Two counters that only grow, one for what was added and one for what was taken away;
//! the value is their difference.
//!
//! # Guarantees
//! Every increment and every decrement counts once.
//!
//! # Gives up
//! Bounds: no replica knows what the others take away meanwhile, so the value can fall
//! below any number that each of them minds.
//!
//! # Cost
//! Two counts a replica.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 7.

use super::g_counter::{Counted, rows};
use super::replicated::{Act, Content, Part, Replicated, Writer};
use super::totals::Totals;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "pn_counter",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::CountPerReplica],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// A replica of the counter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PnCounter {
    up: Totals<u8>,
    down: Totals<u8>,
}

/// A change on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// More.
    Up(Counted),
    /// Less.
    Down(Counted),
}

impl PnCounter {
    /// What was added less what was taken away.
    pub fn number(&self) -> i64 {
        self.up.sum() - self.down.sum()
    }
}

impl Replicated for PnCounter {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        let replica = writer.dot.origin;
        match act {
            Act::Increment(by) => {
                self.up.raised(replica, by)?;
                Some(Change::Up(Counted { replica, by }))
            }
            Act::Decrement(by) => {
                self.down.raised(replica, by)?;
                Some(Change::Down(Counted { replica, by }))
            }
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match update {
            Change::Up(it) => self.up.add(it.replica, it.by),
            Change::Down(it) => self.down.add(it.replica, it.by),
        }
    }

    fn merge(&mut self, other: &Self) {
        self.up.merge(&other.up);
        self.down.merge(&other.down);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        match update {
            Change::Up(it) => delta.up = self.up.only(it.replica),
            Change::Down(it) => delta.down = self.down.only(it.replica),
        }
        delta
    }

    fn value(&self) -> Content {
        Content::Number(self.number())
    }

    fn state(&self) -> Vec<Part> {
        vec![
            Part::new("up", rows(&self.up)),
            Part::new("down", rows(&self.down)),
        ]
    }

    fn bytes(&self) -> u32 {
        self.up.bytes(1) + self.down.bytes(1)
    }

    fn update_bytes(_: &Change) -> u32 {
        6
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn a_decrement_survives_a_merge_with_an_older_self() {
        let mut counter = PnCounter::default();
        act(&mut counter, 0, 1, Act::Increment(3));
        let older = counter.clone();
        act(&mut counter, 0, 2, Act::Decrement(2));
        assert_eq!(joined(&older, &counter).value(), Content::Number(1));
        assert_eq!(joined(&counter, &older), counter);
    }
}
