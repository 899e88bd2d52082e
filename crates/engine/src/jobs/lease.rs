//! One lease for all regions. Broken for a holder that is stopped.
//!
//! # What it does
//! A lease store in the first region gives a lease to one region at a time. Its holder
//! asks for more before it runs out; when it does run out another region may have it,
//! asks the outside system which time was run last, and goes on from there.
//!
//! # Guarantees
//! One run a time, while no holder is stopped between its check and its report.
//!
//! # Gives up
//! That: a holder that is paused past the end of its lease does not know it. Its report
//! arrives after another region has run the same time.
//!
//! # Cost
//! A message to the lease store and back every third of a lease; no runs until the
//! lease of a holder that is gone has run out, nor without the store.
//!
//! # Source
//! Gray and Cheriton, "Leases", SOSP 1989; Kleppmann, "How to do distributed locking",
//! 2016, on the process that is paused.

use super::{Runner, Scheme, StoreAt};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "lease",
    keeps: &[],
    gives_up: &[Property::OnceATick, Property::JobRuns],
    soundness: Soundness::Broken {
        loses: &[Property::OnceATick],
    },
    costs: &[
        Cost::LeaseRenewals,
        Cost::WaitsForExpiry,
        Cost::UnavailableWithoutStore,
    ],
    sources: &[
        "Gray and Cheriton, Leases, SOSP 1989",
        "Kleppmann, How to do distributed locking, 2016",
    ],
};

super::entry!(
    Lease,
    Scheme {
        runner: Runner::Holder(StoreAt::FirstRegion),
        is_fenced: false,
    }
);
