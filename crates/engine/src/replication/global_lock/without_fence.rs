//! A global lock without a fence. Broken for a holder that stands still, and for news of a
//! write that comes late.
//!
//! # What it does
//! The same lock. A region logs whatever a holder sends, and does not ask whether the lock
//! is still its own.
//!
//! # Guarantees
//! One order of writes, while no holder is stopped past the end of its lock and no message
//! is under way for longer than that.
//!
//! # Gives up
//! That: a holder that stood still goes on where it was, and what it sends replaces what
//! was written under the next lock; in which order, each region sees for itself.
//!
//! # Cost
//! Two wide round trips a write, and the wait for those who want the same key.
//!
//! # Source
//! Kleppmann, "How to do distributed locking", 2016, on the process that is paused.

use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "global_lock_without_fence",
    keeps: &[],
    gives_up: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::LostUpdate,
        Property::ReadYourWrites,
        Property::MonotonicReads,
        Property::MonotonicWrites,
        Property::WritesFollowReads,
        Property::Causal,
        Property::Linearizable,
    ],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::Convergence],
    },
    costs: &[
        Cost::RoundTripToLock,
        Cost::MessagePerPeer,
        Cost::UnavailableWithoutAll,
        Cost::WaitsForExpiry,
    ],
    sources: super::SOURCES,
};

super::entry!(WithoutFence, false);
