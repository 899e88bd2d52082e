//! A session token: the position in the writer's log that a customer has seen.
//!
//! # What it does
//! Each answer carries the position up to which its region had the writer's log, and the
//! customer's next request brings it back. A region that does not have that much yet
//! holds a read for a while, then passes it on to the writer.
//!
//! # Guarantees
//! Nobody reads anything older than what she wrote or read, through cuts, crashes and
//! whoever is promoted.
//!
//! # Gives up
//! Answers. Where a promotion lost what a customer had seen, she is refused, rather than
//! shown an older value, until somebody writes the key anew.
//!
//! # Cost
//! A few bytes in each request and answer; a wait where a region lags.
//!
//! # Source
//! Terry et al., "Session guarantees for weakly consistent replicated data", PDIS 1994;
//! Azure Cosmos DB documentation, "Session consistency"; Tyulenev, Schwerin, Kamsky, Tan,
//! Cabral and Mulrow, "Implementation of cluster-wide logical clock and causal
//! consistency in `MongoDB`", SIGMOD 2019.

use crate::policy::{Cost, Info, Property, Soundness};
use crate::replication::log::Log;
use crate::sim::node::SessionToken;

/// What the catalogue says of it.
pub static INFO: Info = Info {
    id: "session_token",
    keeps: &[Property::ReadYourWrites, Property::MonotonicReads],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::TokenPerRequest, Cost::WaitsForReplica],
    sources: &[
        "Terry et al., Session guarantees for weakly consistent replicated data, PDIS 1994",
        "Tyulenev et al., Implementation of cluster-wide logical clock and causal \
         consistency in MongoDB, SIGMOD 2019",
    ],
};

/// For how long a region that lags holds a read before it passes it on to the writer, in
/// microseconds: a choice, about a way between continents.
pub const PATIENCE_US: u64 = 80_000;

/// How far a customer has seen a writer's log. Two logs with an entry of the same epoch
/// at the same place are the same up to there, so a position names all before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The epoch of the last entry that she has seen.
    pub epoch: u32,
    /// Entries that she has seen.
    pub len: u32,
    /// She has seen entries of this epoch or earlier ones that are in this history no
    /// more: what was not written anew since may be older than those. 0: none.
    pub lost_epoch: u32,
}

/// What a log is to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// It has all that the session has seen.
    Covers,
    /// It may have it later.
    Lags,
    /// It went on without it.
    Lost,
}

const EPOCH_BITS: u32 = 20;
const LEN_BITS: u32 = 22;

impl Position {
    /// Where a log stands now.
    pub fn of(log: &Log) -> Self {
        Self {
            epoch: log.last_epoch(),
            len: log.len(),
            lost_epoch: 0,
        }
    }

    /// As the customer's app carries it.
    pub fn token(self) -> SessionToken {
        let fit = |number: u32, bits: u32| u64::from(number.min((1 << bits) - 1));
        SessionToken::of_service(
            fit(self.epoch, EPOCH_BITS)
                | fit(self.len, LEN_BITS) << EPOCH_BITS
                | fit(self.lost_epoch, EPOCH_BITS) << (EPOCH_BITS + LEN_BITS),
        )
    }

    /// What a customer's app carries; nothing for one that has none yet.
    pub fn from_token(token: SessionToken) -> Option<Self> {
        let bits = token.service_bits()?;
        let take = |from: u32, count: u32| (bits >> from) as u32 & ((1 << count) - 1);
        Some(Self {
            epoch: take(0, EPOCH_BITS),
            len: take(EPOCH_BITS, LEN_BITS),
            lost_epoch: take(EPOCH_BITS + LEN_BITS, EPOCH_BITS),
        })
    }

    /// What a log is to whoever has seen this much. `writes_in` is the epoch in which its
    /// region writes; 0 if it follows.
    pub fn in_log(self, log: &Log, writes_in: u32) -> Known {
        if log.agrees(self.len, self.epoch) {
            Known::Covers
        } else if log.last_epoch().max(writes_in) > self.epoch {
            Known::Lost
        } else {
            Known::Lags
        }
    }

    /// Whether a log may answer a read of a key that was last written in this epoch (0:
    /// never) without going back before what the session has seen.
    pub fn may_read(self, log: &Log, writes_in: u32, key_epoch: u32) -> bool {
        match self.in_log(log, writes_in) {
            Known::Covers => self.lost_epoch == 0 || key_epoch > self.lost_epoch,
            Known::Lags => false,
            // What was written in a later epoch is not in the past of what was lost.
            Known::Lost => key_epoch > self.epoch.max(self.lost_epoch),
        }
    }

    /// What the session has seen once this log, now at that position, has answered.
    #[must_use]
    pub fn after(self, log: &Log, writes_in: u32, now: Self) -> Self {
        let lost_epoch = match self.in_log(log, writes_in) {
            Known::Lost => self.lost_epoch.max(self.epoch),
            Known::Covers | Known::Lags => self.lost_epoch,
        };
        Self { lost_epoch, ..now }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::replication::log::Entry;
    use crate::sim::fact::{FactId, OpKind};
    use crate::sim::node::{Key, Value};

    fn log(epochs: &[u32]) -> Log {
        let mut log = Log::default();
        for &epoch in epochs {
            log.push(Entry {
                epoch,
                key: Key(0),
                kind: OpKind::Write,
                argument: Value(0),
                write: FactId(0),
                origin: 0,
                stamp_us: 0,
            });
        }
        log
    }

    #[test]
    fn a_position_travels_as_a_token_and_comes_back() {
        let position = Position {
            epoch: 640_000,
            len: 4_000_000,
            lost_epoch: 639_990,
        };
        assert_eq!(Position::from_token(position.token()), Some(position));
        let first = Position::of(&Log::default());
        assert_eq!(Position::from_token(first.token()), Some(first));
        assert_eq!(Position::from_token(SessionToken::NONE), None);
    }

    #[test]
    fn a_log_covers_lags_or_has_gone_on_without_what_was_seen() {
        let seen = Position::of(&log(&[3, 3, 4]));
        assert_eq!(seen.in_log(&log(&[3, 3, 4, 6]), 0), Known::Covers);
        assert_eq!(seen.in_log(&log(&[3, 3]), 0), Known::Lags);
        assert_eq!(seen.in_log(&log(&[3, 3, 6]), 0), Known::Lost);
        // Who writes in a later epoch will not get it any more.
        assert_eq!(seen.in_log(&log(&[3, 3]), 6), Known::Lost);
    }

    #[test]
    fn what_was_lost_bars_a_key_until_it_is_written_in_a_later_epoch() {
        let without = log(&[3, 6]);
        let seen = Position::of(&log(&[3, 4]));
        assert!(!seen.may_read(&without, 0, 3) && seen.may_read(&without, 0, 6));
        let after = seen.after(&without, 0, Position::of(&without));
        assert_eq!(after.lost_epoch, 4);
        assert!(!after.may_read(&without, 0, 3) && after.may_read(&without, 0, 6));
    }
}
