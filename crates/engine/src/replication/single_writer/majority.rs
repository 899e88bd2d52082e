//! A single writer that waits for a majority.
//!
//! # What it does
//! The writer answers when more than half of the regions, itself among them, have the
//! write in their logs.
//!
//! # Guarantees
//! With a promotion that a majority votes for, no acknowledged write is lost: the two
//! majorities share a region, and who lacks its log gets no vote.
//!
//! # Gives up
//! That, when somebody promotes a follower that lags.
//!
//! # Cost
//! A round trip to the writer, and from there to the last of the nearest majority.
//!
//! # Source
//! Oki and Liskov, "Viewstamped replication", PODC 1988.

use crate::policy::{Cost, Info};

/// What the catalogue says of it.
pub const INFO: Info = super::info(
    "single_writer_majority",
    &[
        Cost::RoundTripToWriter,
        Cost::UnavailableWithoutWriter,
        Cost::RoundTripToMajority,
    ],
);

super::entry!(Majority, |regions| regions / 2);
