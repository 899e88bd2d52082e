//! The counter that only grows (G-counter).
//!
//! # What it does
//! Each replica counts its own increments; the value is the sum. Merging takes the
//! larger count of each replica.
//!
//! # Guarantees
//! Every increment counts once, however often states are merged.
//!
//! # Gives up
//! Counting down. A replica's count belongs to it alone: two writers that count under
//! one name lose increments.
//!
//! # Cost
//! A count a replica. Operations are smaller, but must be delivered exactly once.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 6.

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::totals::Totals;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "g_counter",
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
pub struct GCounter {
    counts: Totals<u8>,
}

/// An increment on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counted {
    /// Who counted.
    pub replica: u8,
    /// How much.
    pub by: u32,
}

/// The rows of counts by replica.
pub(super) fn rows(counts: &Totals<u8>) -> impl Iterator<Item = Vec<Datum>> + '_ {
    let counts = counts.iter();
    counts.map(|(replica, count)| vec![Datum::Replica(replica), Datum::Number(count.into())])
}

impl Replicated for GCounter {
    type Update = Counted;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Counted> {
        let (Act::Increment(by), replica) = (act, writer.dot.origin) else {
            return None;
        };
        self.counts.raised(replica, by)?;
        Some(Counted { replica, by })
    }

    fn apply(&mut self, update: &Counted) {
        self.counts.add(update.replica, update.by);
    }

    fn merge(&mut self, other: &Self) {
        self.counts.merge(&other.counts);
    }

    fn delta(&self, update: &Counted) -> Self {
        Self {
            counts: self.counts.only(update.replica),
        }
    }

    fn value(&self) -> Content {
        Content::Number(self.counts.sum())
    }

    fn state(&self) -> Vec<Part> {
        vec![Part::new("counts", rows(&self.counts))]
    }

    fn bytes(&self) -> u32 {
        self.counts.bytes(1)
    }

    fn update_bytes(_: &Counted) -> u32 {
        5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn concurrent_increments_all_count_once() {
        let (mut left, mut right) = (GCounter::default(), GCounter::default());
        act(&mut left, 0, 1, Act::Increment(2));
        act(&mut right, 1, 1, Act::Increment(3));
        let both = joined(&left, &right);
        assert_eq!(both.value(), Content::Number(5));
        assert_eq!(joined(&both, &left), both);
    }

    #[test]
    fn it_refuses_to_count_down_and_to_overflow() {
        let mut counter = GCounter::default();
        assert!(act(&mut counter, 0, 1, Act::Decrement(1)).is_none());
        assert!(act(&mut counter, 0, 1, Act::Increment(u32::MAX)).is_some());
        assert!(act(&mut counter, 0, 2, Act::Increment(1)).is_none());
    }
}
