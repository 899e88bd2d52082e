//! Time from the first region.
//!
//! # What it does
//! Every other region asks the first one what time it is. That one asks nobody.
//!
//! # Guarantees
//! All agree with the first region to within half of a round trip: 35 ms across the
//! Atlantic, if the two ways are unequal.
//!
//! # Gives up
//! True time: where the first region's clock goes wrong, all follow it. While it cannot be
//! reached each goes its own way.
//!
//! # Cost
//! A round trip to the first region each time a region asks.
//!
//! # Source
//! Cristian, "Probabilistic clock synchronization", Distributed Computing 3(3), 1989 (one
//! master, bounds by round trips).

use super::Source;
use crate::policy::{Cost, Info, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "first_region_clock",
    keeps: &[],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::QuestionPerInterval],
    sources: &["Cristian, Probabilistic clock synchronization, Distributed Computing 3(3), 1989"],
};

super::entry!(FirstRegion, Source::FirstRegion);
