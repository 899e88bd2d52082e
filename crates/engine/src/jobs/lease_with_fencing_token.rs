//! One lease for all regions, with a token that the outside system checks.
//!
//! # What it does
//! As with a lease alone, and each lease has a number higher than every one before. Its
//! holder shows it when it takes over and with every report; the outside system
//! remembers the highest that it was shown and refuses whatever comes with a lower one.
//!
//! # Guarantees
//! No time is run twice, whoever is stopped for however long: once a later holder has
//! been told which time was run last, no earlier one can run another.
//!
//! # Gives up
//! Runs while the lease store cannot be reached, and until the lease of a holder that is
//! gone has run out.
//!
//! # Cost
//! As with a lease alone, and an outside system that keeps a number and compares.
//!
//! # Source
//! Burrows, "The Chubby lock service", OSDI 2006, section 2.4 (sequencers); Kleppmann,
//! "How to do distributed locking", 2016.

use super::{Runner, Scheme, StoreAt};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "lease_with_fencing_token",
    keeps: &[Property::OnceATick],
    gives_up: &[Property::JobRuns],
    soundness: Soundness::Sound,
    costs: &[
        Cost::LeaseRenewals,
        Cost::WaitsForExpiry,
        Cost::UnavailableWithoutStore,
        Cost::CheckAtReceiver,
    ],
    sources: &[
        "Burrows, The Chubby lock service, OSDI 2006, section 2.4",
        "Kleppmann, How to do distributed locking, 2016",
    ],
};

super::entry!(
    LeaseWithFencingToken,
    Scheme {
        runner: Runner::Holder(StoreAt::FirstRegion),
        is_fenced: true,
    }
);
