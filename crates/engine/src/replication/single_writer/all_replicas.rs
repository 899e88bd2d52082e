//! A single writer that waits for everybody.
//!
//! # What it does
//! The writer answers when every region has the write in its log.
//!
//! # Guarantees
//! Whoever is promoted has every acknowledged write.
//!
//! # Gives up
//! Writes while any region cannot be reached; what was not acknowledged may still
//! surface.
//!
//! # Cost
//! A round trip to the writer, and from there to the farthest region.
//!
//! # Source
//! Alsberg and Day, "A principle for resilient sharing of distributed resources",
//! ICSE 1976.

use crate::policy::{Cost, Info, Property};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::ReadYourWrites,
        Property::MonotonicWrites,
    ],
    gives_up: &[
        Property::LostUpdate,
        Property::MonotonicReads,
        Property::WritesFollowReads,
        Property::Causal,
        Property::Linearizable,
    ],
    ..super::info(
        "single_writer_all_replicas",
        &[
            Cost::RoundTripToWriter,
            Cost::UnavailableWithoutWriter,
            Cost::UnavailableWithoutAll,
        ],
    )
};

super::entry!(AllReplicas, |regions| regions.saturating_sub(1));
