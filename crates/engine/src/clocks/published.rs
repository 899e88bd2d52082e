//! Broken on purpose: the version vectors of a published program, and its comparison.
//!
//! # What it does
//! A clock is a dictionary: a count under the name of each region that has counted here.
//! One clock *happens before* another if no count is larger and one is smaller. Two are
//! *concurrent* if neither happens before the other. There is nothing more to it: no
//! comparison for equality, and no merge on receiving.
//!
//! # Guarantees
//! Clocks of one region alone are ordered as they were made.
//!
//! # Gives up
//! - Equal clocks: neither is before the other, so that a version is in conflict with
//!   itself.
//! - First writes of two regions: each dictionary lacks the other's entry, and looking it
//!   up is an error. Those are the truly concurrent ones.
//! - What somebody knew: a region that received a write counts on in its own entry alone,
//!   so that its clock says nothing of what it received.
//!
//! # Cost
//! A count for each region that has counted.
//!
//! # Source
//! Published tutorials on active-active systems. Their example of concurrent clocks is
//! 1, 1 and 1, 2, of which one is before the other. How it is done: [`super::VersionVector`].

/// An entry that a comparison looked up and a dictionary lacks: an error that ends it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MissingEntry {
    /// The region whose count it is.
    pub origin: u8,
}

/// A dictionary of counts, by region in their order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedClock(Vec<(u8, u32)>);

impl PublishedClock {
    /// Counts one more event of a region. Here alone a missing entry stands for zero.
    pub fn increment(&mut self, origin: u8) {
        match self.0.binary_search_by_key(&origin, |entry| entry.0) {
            Ok(at) => self.0[at].1 += 1,
            Err(at) => self.0.insert(at, (origin, 1)),
        }
    }

    /// The entries that there are.
    pub fn entries(&self) -> &[(u8, u32)] {
        &self.0
    }

    fn look_up(&self, origin: u8) -> Result<u32, MissingEntry> {
        let entry = self.0.iter().find(|entry| entry.0 == origin);
        entry.map(|entry| entry.1).ok_or(MissingEntry { origin })
    }

    /// Whether this clock happened before the other one, as published.
    ///
    /// # Errors
    /// Where one of the two lacks an entry that the other one has.
    pub fn happens_before(&self, other: &Self) -> Result<bool, MissingEntry> {
        let mut is_less = false;
        for &(origin, _) in self.0.iter().chain(&other.0) {
            let (own, others) = (self.look_up(origin)?, other.look_up(origin)?);
            if own > others {
                return Ok(false);
            }
            is_less |= own < others;
        }
        Ok(is_less)
    }

    /// Whether neither happened before the other, as published.
    ///
    /// # Errors
    /// As [`Self::happens_before`].
    pub fn concurrent(&self, other: &Self) -> Result<bool, MissingEntry> {
        Ok(!self.happens_before(other)? && !other.happens_before(self)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clocks::{Causality, VersionVector};

    fn both(counts: &[(u8, u32)]) -> (PublishedClock, VersionVector) {
        let (mut published, mut vector) = (PublishedClock::default(), VersionVector::new(2));
        for &(origin, count) in counts {
            for _ in 0..count {
                published.increment(origin);
                vector.increment(origin);
            }
        }
        (published, vector)
    }

    /// What the published comparison says, and how it is.
    fn compared(one: &[(u8, u32)], other: &[(u8, u32)]) -> (Result<bool, MissingEntry>, Causality) {
        let (one, other) = (both(one), both(other));
        (one.0.concurrent(&other.0), one.1.compare(&other.1))
    }

    #[test]
    fn its_own_example_of_concurrent_clocks_is_not_concurrent() {
        let found = compared(&[(0, 1), (1, 1)], &[(0, 1), (1, 2)]);
        assert_eq!(found, (Ok(false), Causality::Before));
    }

    #[test]
    fn equal_clocks_are_called_concurrent() {
        let found = compared(&[(0, 1)], &[(0, 1)]);
        assert_eq!(found, (Ok(true), Causality::Equal));
    }

    #[test]
    fn concurrent_first_writes_end_it_with_an_error() {
        let (published, causality) = compared(&[(0, 1)], &[(1, 1)]);
        assert!(published.is_err());
        assert_eq!(causality, Causality::Concurrent);
        // As does whoever knew more regions than the other.
        let (published, causality) = compared(&[(0, 1)], &[(0, 1), (1, 1)]);
        assert_eq!(published, Err(MissingEntry { origin: 1 }));
        assert_eq!(causality, Causality::Before);
    }

    #[test]
    fn with_every_entry_there_concurrent_clocks_are_found() {
        let found = compared(&[(0, 2), (1, 1)], &[(0, 1), (1, 2)]);
        assert_eq!(found, (Ok(true), Causality::Concurrent));
    }
}
