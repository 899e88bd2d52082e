//! Broken on purpose: forget a removal when it is old enough.
//!
//! # What it does
//! A region forgets a removal so many seconds after it was made, as its own wall clock and
//! the one of the region that made it have it. Whether anybody lacks it is not asked.
//!
//! # Guarantees
//! None by itself: it is right as long as every region hears of every removal in that time,
//! and as long as no clock is far ahead. Nothing in the system sees to either.
//!
//! # Gives up
//! Removals, when a region is away for longer: what was removed is still there, nobody can
//! tell it any more, and it brings the item back for everybody.
//!
//! # Cost
//! A stamp a tombstone, and somebody who repairs in time.
//!
//! # Source
//! `gc_grace_seconds` of Apache Cassandra (ten days unless set otherwise), and what its
//! documentation says of tombstones, of repairs within that time, and of "zombies". The times
//! here are seconds so that one can wait for them: a choice.

use super::{Collection, Tombstone};
use crate::policy::{Cost, Info, Property, Soundness};

const CASSANDRA: &str = "Apache Cassandra documentation, Tombstones";

const fn info(id: &'static str) -> Info {
    Info {
        id,
        keeps: &[],
        gives_up: &[Property::AcknowledgedWrites, Property::Convergence],
        soundness: Soundness::Broken {
            loses: &[Property::AcknowledgedWrites, Property::Convergence],
        },
        costs: &[Cost::StampPerValue],
        sources: &[CASSANDRA],
    }
}

/// What the catalogue says of the shorter time.
pub(super) static INFO_OF_TEN_SECONDS: Info = info("collect_after_10_s");
/// What the catalogue says of the longer time.
pub(super) static INFO_OF_THIRTY_SECONDS: Info = info("collect_after_30_s");

/// The policy.
pub(super) struct AfterATime {
    info: &'static Info,
    /// How long a removal is remembered, in microseconds.
    for_us: i64,
}

/// Ten seconds.
pub(super) static TEN_SECONDS: AfterATime = AfterATime {
    info: &INFO_OF_TEN_SECONDS,
    for_us: 10_000_000,
};
/// Half a minute.
pub(super) static THIRTY_SECONDS: AfterATime = AfterATime {
    info: &INFO_OF_THIRTY_SECONDS,
    for_us: 30_000_000,
};

impl Collection for AfterATime {
    fn info(&self) -> &'static Info {
        self.info
    }

    fn may_drop(&self, tombstone: Tombstone) -> bool {
        tombstone.age_us >= self.for_us
    }
}
