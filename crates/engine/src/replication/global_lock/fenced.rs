//! A global lock with a fence.
//!
//! # What it does
//! Every region remembers the token under which a key was written last, and refuses what
//! comes with a lower one.
//!
//! # Guarantees
//! No acknowledged write is lost and no two are concurrent: a holder has in its own
//! log whatever was acknowledged before, and the fence turns away a holder that stood
//! still while its lock was given to another. Who was told "saved" reads it everywhere.
//!
//! # Gives up
//! Writes while any region, or where locks are kept, cannot be reached. While a write
//! spreads, regions that have it show it and others do not yet, so who moves between
//! them may go back; and one whose holder was lost on the way may still surface. Who
//! reads before she takes the lock may write over what came between.
//!
//! # Cost
//! Two wide round trips a write, one to the lock and one to the farthest region, and
//! the wait for those who want the same key. The loss of a holder costs the rest of its
//! lease.
//!
//! # Source
//! Burrows, "The Chubby lock service", OSDI 2006, section 2.4 (sequencers); Kleppmann,
//! "How to do distributed locking", 2016.

use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "global_lock",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::ReadYourWrites,
    ],
    gives_up: &[
        Property::LostUpdate,
        Property::MonotonicReads,
        Property::WritesFollowReads,
        Property::Causal,
        Property::Linearizable,
    ],
    soundness: Soundness::Sound,
    costs: &[
        Cost::RoundTripToLock,
        Cost::MessagePerPeer,
        Cost::UnavailableWithoutAll,
        Cost::WaitsForExpiry,
        Cost::CheckAtReceiver,
    ],
    sources: super::SOURCES,
};

super::entry!(GlobalLock, true);
