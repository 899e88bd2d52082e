//! A single writer that answers before anybody follows.
//!
//! # What it does
//! The writer logs a write, answers, and sends it to the others.
//!
//! # Guarantees
//! One order of all writes, the same in every region. The writer answers at once.
//!
//! # Gives up
//! What the others did not have yet when one of them is promoted: acknowledged writes
//! vanish. Reads at followers are as old as the lag.
//!
//! # Cost
//! A round trip to the writer for customers elsewhere.
//!
//! # Source
//! Alsberg and Day, "A principle for resilient sharing of distributed resources",
//! ICSE 1976.

use crate::policy::{Cost, Info};

/// What the catalogue says of it.
pub const INFO: Info = super::info(
    "single_writer_asynchronous",
    &[Cost::RoundTripToWriter, Cost::UnavailableWithoutWriter],
);

super::entry!(Asynchronous, |_| 0);
