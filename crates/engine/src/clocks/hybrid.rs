//! Hybrid logical clocks: a Lamport clock that stays near the wall clock.
//!
//! # What it does
//! A stamp is (l, c): l is the largest physical time that the node has heard of, its
//! own among them, and c counts events while l stands still. Both are packed into one
//! integer, 48 bits of microseconds over 16 bits of counter, whose order is theirs.
//!
//! # Guarantees
//! If e happened before f, the stamp of e is smaller. l is never behind the node's own
//! wall clock, and ahead of it by at most ε, the largest spread of wall clocks. c is
//! at most the number of earlier events with the same l: N·(ε + 1) for N nodes whose
//! clocks tick between any two of their events.
//!
//! # Gives up
//! Telling concurrent events apart from ordered ones, as Lamport's clock does. While a
//! clock stands still or is set back, c can fill its 16 bits; that is answered with
//! [`Refused::CounterFull`], never wrapped. A stamp from a clock that runs far ahead
//! pulls every node along for good; [`HybridClock::with_max_ahead`] refuses it.
//!
//! # Cost
//! Eight bytes a node and a message.
//!
//! # Source
//! Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical physical clocks and
//! consistent snapshots in globally distributed databases", 2014: section 3 for the
//! algorithm, its theorems and corollaries; the packing after its compact form.

mod schedules;

pub use schedules::{Broken, Law, Report, validate};

use super::facts::{ClockInfo, Tells};
use crate::policy::Cost;

/// What the list says of it.
pub const INFO: ClockInfo = ClockInfo {
    id: "hybrid_clock",
    keeps: &[Tells::Order, Tells::Time],
    gives_up: &[
        Tells::Concurrency,
        Tells::ClientsOfOneServer,
        Tells::Uncertainty,
        Tells::RealTimeOrder,
    ],
    costs: &[Cost::StampPerValue],
    sources: &[
        "Kulkarni et al., Logical physical clocks and consistent snapshots in globally distributed databases, 2014",
    ],
};

/// The largest l: 2^48 - 1 microseconds.
pub const MAX_L_US: u64 = (1 << 48) - 1;

/// A stamp, packed. Comparing two compares (l, c).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HybridStamp(u64);

impl HybridStamp {
    /// A stamp of these parts; none if `l_us` is beyond [`MAX_L_US`].
    pub const fn new(l_us: u64, c: u16) -> Option<Self> {
        if l_us > MAX_L_US {
            return None;
        }
        Some(Self(l_us << 16 | c as u64))
    }

    /// The largest physical time heard of, in microseconds.
    pub const fn l_us(self) -> u64 {
        self.0 >> 16
    }

    /// Events since l last changed.
    pub const fn c(self) -> u16 {
        self.0 as u16
    }

    /// Both parts as one integer, as they travel.
    pub const fn packed(self) -> u64 {
        self.0
    }

    /// The stamp that was packed so. Every integer is one.
    pub const fn from_packed(packed: u64) -> Self {
        Self(packed)
    }

    /// The least stamp that is larger; a full counter carries into l. None after the
    /// last one.
    pub const fn next(self) -> Option<Self> {
        match self.0.checked_add(1) {
            Some(packed) => Some(Self(packed)),
            None => None,
        }
    }
}

/// Why there is no stamp. The clock stays as it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// As many events as c can count had the same l. The node may wait until its wall
    /// clock has passed l, or take [`HybridStamp::next`] and let l run ahead.
    #[error("the counter of a hybrid clock is full at {l_us} µs")]
    CounterFull {
        /// The l that all of them had, in microseconds.
        l_us: u64,
    },
    /// The wall clock shows more than 48 bits hold.
    #[error("a wall clock that shows {physical_us} µs is beyond the 48 bits of a hybrid stamp")]
    TooLate {
        /// What it shows, in microseconds.
        physical_us: u64,
    },
    /// A message comes from a clock that is ahead by more than is allowed.
    #[error(
        "a hybrid stamp is {ahead_us} µs ahead of the wall clock, at most {max_us} are allowed"
    )]
    TooFarAhead {
        /// How far its l is ahead of the receiver's wall clock, in microseconds.
        ahead_us: u64,
        /// What is allowed, in microseconds.
        max_us: u64,
    },
}

/// The clock of one node. Physical time is what its wall clock shows, in microseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HybridClock {
    last: HybridStamp,
    max_ahead_us: u64,
}

impl Default for HybridClock {
    /// At (0, 0), and accepting stamps however far ahead.
    fn default() -> Self {
        Self {
            last: HybridStamp::default(),
            max_ahead_us: u64::MAX,
        }
    }
}

impl HybridClock {
    /// A clock at (0, 0) that refuses messages whose l is further ahead of its own wall
    /// clock. Systems that know their ε set it a little above.
    pub const fn with_max_ahead(max_ahead_us: u64) -> Self {
        Self {
            last: HybridStamp(0),
            max_ahead_us,
        }
    }

    /// The stamp of the last event; (0, 0) if there was none.
    pub const fn last(&self) -> HybridStamp {
        self.last
    }

    /// Goes on from a stamp, if it is larger: one that was kept over a crash, or one
    /// that was carried on past a full counter.
    pub fn advance_to(&mut self, stamp: HybridStamp) {
        self.last = self.last.max(stamp);
    }

    /// The stamp of an event of the node's own, or of a message that it sends.
    ///
    /// # Errors
    /// [`Refused::CounterFull`] and [`Refused::TooLate`].
    pub fn tick(&mut self, physical_us: u64) -> Result<HybridStamp, Refused> {
        let old = self.last;
        let l_us = old.l_us().max(physical_us);
        let before = (l_us == old.l_us()).then_some(old.c());
        self.set(l_us, before, physical_us)
    }

    /// The stamp of receiving a message that carries `sent`.
    ///
    /// # Errors
    /// [`Refused`]; the message was not received then.
    pub fn receive(&mut self, sent: HybridStamp, physical_us: u64) -> Result<HybridStamp, Refused> {
        let ahead_us = sent.l_us().saturating_sub(physical_us);
        if ahead_us > self.max_ahead_us {
            let max_us = self.max_ahead_us;
            return Err(Refused::TooFarAhead { ahead_us, max_us });
        }
        let old = self.last;
        let l_us = old.l_us().max(sent.l_us()).max(physical_us);
        let own = (l_us == old.l_us()).then_some(old.c());
        let theirs = (l_us == sent.l_us()).then_some(sent.c());
        self.set(l_us, own.max(theirs), physical_us)
    }

    /// `before` is the largest counter of those that had this l already.
    fn set(
        &mut self,
        l_us: u64,
        before: Option<u16>,
        physical_us: u64,
    ) -> Result<HybridStamp, Refused> {
        let c = match before {
            None => 0,
            Some(c) => c.checked_add(1).ok_or(Refused::CounterFull { l_us })?,
        };
        self.last = HybridStamp::new(l_us, c).ok_or(Refused::TooLate { physical_us })?;
        Ok(self.last)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stamp(l_us: u64, c: u16) -> HybridStamp {
        HybridStamp::new(l_us, c).unwrap()
    }

    #[test]
    fn the_published_rules_give_this_trace() {
        // Physical time, what is received (nothing: a sending), and the stamp of it.
        let trace = [
            (5, None, (5, 0)),
            (6, None, (6, 0)),
            (10, Some((10, 5)), (10, 6)),
            (7, None, (10, 7)),
            (8, Some((10, 4)), (10, 8)),
            (10, Some((10, 99)), (10, 100)),
            (11, Some((10, 31)), (11, 0)),
            (11, None, (11, 1)),
        ];
        let mut clock = HybridClock::default();
        for (physical_us, received, (l_us, c)) in trace {
            let given = match received {
                None => clock.tick(physical_us),
                Some((l_us, c)) => clock.receive(stamp(l_us, c), physical_us),
            };
            assert_eq!(given, Ok(stamp(l_us, c)), "at {physical_us}");
        }
    }

    #[test]
    fn a_message_from_a_clock_ahead_sets_l_and_counts_on_from_it() {
        let mut clock = HybridClock::default();
        clock.tick(5).unwrap();
        assert_eq!(clock.receive(stamp(20, 3), 6), Ok(stamp(20, 4)));
        assert_eq!(clock.receive(stamp(7, 90), 7), Ok(stamp(20, 5)));
    }

    #[test]
    fn packed_stamps_are_ordered_as_their_parts() {
        let in_order = [
            stamp(0, 0),
            stamp(0, u16::MAX),
            stamp(1, 0),
            stamp(MAX_L_US, 0),
            stamp(MAX_L_US, u16::MAX),
        ];
        assert!(in_order.is_sorted());
        for one in in_order {
            assert_eq!(HybridStamp::from_packed(one.packed()), one);
            assert_eq!(HybridStamp::new(one.l_us(), one.c()), Some(one));
        }
        assert_eq!(HybridStamp::new(MAX_L_US + 1, 0), None);
    }

    #[test]
    fn a_full_counter_is_told_of_and_not_wrapped() {
        let full = stamp(9, u16::MAX);
        let mut clock = HybridClock::default();
        clock.advance_to(full);
        assert_eq!(clock.tick(9), Err(Refused::CounterFull { l_us: 9 }));
        let received = clock.receive(stamp(9, 1), 3);
        assert_eq!(received, Err(Refused::CounterFull { l_us: 9 }));
        assert_eq!(clock.last(), full, "it stays as it was");
        let mut carried = clock;
        carried.advance_to(full.next().unwrap());
        assert_eq!(carried.last(), stamp(10, 0));
        assert_eq!(
            clock.tick(10),
            Ok(stamp(10, 0)),
            "time goes on, and so it does"
        );
        let mut other = HybridClock::default();
        assert!(
            other.receive(full, 3).is_err(),
            "a full counter also arrives"
        );
    }

    #[test]
    fn a_time_that_does_not_fit_is_told_of() {
        let mut clock = HybridClock::default();
        let physical_us = MAX_L_US + 1;
        assert_eq!(
            clock.tick(physical_us),
            Err(Refused::TooLate { physical_us })
        );
        assert_eq!(clock.tick(MAX_L_US), Ok(stamp(MAX_L_US, 0)));
        assert_eq!(stamp(MAX_L_US, u16::MAX).next(), None);
    }

    #[test]
    fn a_stamp_too_far_ahead_does_not_pull_a_bounded_clock_along() {
        let mut clock = HybridClock::with_max_ahead(500);
        let (ahead_us, max_us) = (501, 500);
        let refused = clock.receive(stamp(1_501, 0), 1_000);
        assert_eq!(refused, Err(Refused::TooFarAhead { ahead_us, max_us }));
        assert_eq!(clock.receive(stamp(1_500, 0), 1_000), Ok(stamp(1_500, 1)));
    }
}
