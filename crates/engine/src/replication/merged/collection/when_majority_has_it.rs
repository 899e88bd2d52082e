//! Broken on purpose: forget a removal when most regions are known to have it.
//!
//! # What it does
//! A region forgets a removal once it knows more than half of all regions to have it, itself
//! among them.
//!
//! # Guarantees
//! None. A majority is enough where reads ask a majority too; here every region answers by
//! itself, and one that has not heard is enough.
//!
//! # Gives up
//! Removals: whoever was not in the majority still has the item, and brings it back.
//!
//! # Cost
//! A count for each region.
//!
//! # Source
//! The wrong half of a right idea: majorities overlap, Gifford, "Weighted voting for
//! replicated data", SOSP 1979. What is needed is causal stability: Baquero, Almeida and
//! Shoker, "Pure operation-based replicated data types", 2017, section 5.

use super::{Collection, Tombstone};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub(super) static INFO: Info = Info {
    id: "collect_when_majority_has_it",
    keeps: &[],
    gives_up: &[Property::AcknowledgedWrites, Property::Convergence],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::Convergence],
    },
    costs: &[Cost::CountPerReplica],
    sources: &[
        "Gifford, Weighted voting for replicated data, SOSP 1979",
        "Baquero, Almeida and Shoker, Pure operation-based replicated data types, 2017",
    ],
};

/// The policy.
pub(super) struct WhenMajorityHasIt;

impl Collection for WhenMajorityHasIt {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn may_drop(&self, tombstone: Tombstone) -> bool {
        2 * tombstone.known_in > tombstone.regions
    }
}
