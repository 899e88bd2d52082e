//! Version vectors: how many updates from each region something reflects.
//!
//! # What it does
//! Counts updates by the region that made them. Merging takes the larger count of both.
//! Counting events in place of updates makes it a vector clock.
//!
//! # Guarantees
//! Of two versions it tells exactly whether one is in the past of the other or neither
//! is, provided each update raises its own region's count.
//!
//! # Gives up
//! Telling two writes apart that one server took from clients that had not seen each
//! other's: that is what [`super::dotted`] adds.
//!
//! # Cost
//! A count for each region, in every version and message.
//!
//! # Source
//! Parker et al., "Detection of mutual inconsistency in distributed systems", 1983; as
//! a clock: Fidge 1988 and Mattern 1989.

use super::facts::{ClockInfo, Tells};
use crate::policy::Cost;

/// What the list says of it.
pub const INFO: ClockInfo = ClockInfo {
    id: "version_vector",
    keeps: &[Tells::Order, Tells::Concurrency],
    gives_up: &[
        Tells::ClientsOfOneServer,
        Tells::Time,
        Tells::Uncertainty,
        Tells::RealTimeOrder,
    ],
    costs: &[Cost::VectorPerVersion],
    sources: &[
        "Parker et al., Detection of mutual inconsistency in distributed systems, 1983",
        "Fidge, Timestamps in message-passing systems that preserve the partial ordering, 1988",
        "Mattern, Virtual time and global states of distributed systems, 1989",
    ],
};

/// How two versions stand to each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Causality {
    /// The left one is in the past of the right one.
    Before,
    /// The right one is in the past of the left one.
    After,
    /// They are the same.
    Equal,
    /// Neither has seen the other.
    Concurrent,
}

/// A count of updates by origin, indexed by the region's place in the scenario.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VersionVector(Vec<u32>);

impl VersionVector {
    /// A vector of zeros for this many origins.
    pub fn new(origins: u8) -> Self {
        Self(vec![0; origins as usize])
    }

    /// The count for one origin; zero for an unknown one.
    pub fn get(&self, origin: u8) -> u32 {
        self.0.get(origin as usize).copied().unwrap_or(0)
    }

    /// Sets the count for one origin.
    pub fn set(&mut self, origin: u8, count: u32) {
        let index = origin as usize;
        if self.0.len() <= index {
            self.0.resize(index + 1, 0);
        }
        self.0[index] = count;
    }

    /// Adds one to an origin's count and returns the new count.
    pub fn increment(&mut self, origin: u8) -> u32 {
        self.set(origin, self.get(origin) + 1);
        self.get(origin)
    }

    /// Takes the larger count of both, for every origin.
    pub fn merge(&mut self, other: &Self) {
        for (origin, &count) in other.0.iter().enumerate() {
            self.set(origin as u8, self.get(origin as u8).max(count));
        }
    }

    /// Whether everything the other one counts is counted here too.
    pub fn covers(&self, other: &Self) -> bool {
        (0..other.0.len()).all(|origin| self.get(origin as u8) >= other.0[origin])
    }

    /// How this vector stands to another.
    pub fn compare(&self, other: &Self) -> Causality {
        match (self.covers(other), other.covers(self)) {
            (true, true) => Causality::Equal,
            (false, true) => Causality::Before,
            (true, false) => Causality::After,
            (false, false) => Causality::Concurrent,
        }
    }

    /// The counts in the order of the scenario's regions.
    pub fn counts(&self) -> &[u32] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_vectors_are_equal_and_not_in_conflict() {
        let mut left = VersionVector::new(2);
        let mut right = VersionVector::new(2);
        assert_eq!(left.compare(&right), Causality::Equal);
        left.increment(0);
        assert_eq!(left.compare(&right), Causality::After);
        assert_eq!(right.compare(&left), Causality::Before);
        right.increment(1);
        assert_eq!(left.compare(&right), Causality::Concurrent);
        left.merge(&right);
        assert_eq!(left.counts(), [1, 1]);
    }

    #[test]
    fn vectors_of_different_length_compare_by_origin() {
        let mut long = VersionVector::new(3);
        let short = VersionVector::new(1);
        assert_eq!(long.compare(&short), Causality::Equal);
        long.increment(2);
        assert_eq!(short.compare(&long), Causality::Before);
    }
}
