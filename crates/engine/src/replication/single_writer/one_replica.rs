//! A single writer that waits for one follower.
//!
//! # What it does
//! The writer answers when one other region has the write in its log.
//!
//! # Guarantees
//! A write survives the loss of the writer, if that one follower is promoted.
//!
//! # Gives up
//! It if another one is. A write under way when both are away waits.
//!
//! # Cost
//! A round trip to the writer, and from there to its nearest follower.
//!
//! # Source
//! Alsberg and Day, "A principle for resilient sharing of distributed resources",
//! ICSE 1976.

use crate::policy::{Cost, Info};

/// What the catalogue says of it.
pub const INFO: Info = super::info(
    "single_writer_one_replica",
    &[
        Cost::RoundTripToWriter,
        Cost::UnavailableWithoutWriter,
        Cost::RoundTripToNearestPeer,
    ],
);

super::entry!(OneReplica, |regions| u8::from(regions > 1));
