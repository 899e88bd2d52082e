//! Never forget a removal.
//!
//! # What it does
//! Every tombstone stays, for as long as the key does.
//!
//! # Guarantees
//! Nothing comes back, however long a region was away.
//!
//! # Gives up
//! An end to growing: a cart that is filled and emptied every day gets heavier every day, and
//! so does whatever carries its state.
//!
//! # Cost
//! A tombstone for each removal there ever was, in every region.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 15, as it stands; section 4.1 calls for collection.

use super::{Collection, Tombstone};
use crate::policy::{Cost, Info};

/// What the catalogue says of it.
pub(super) static INFO: Info = Info::setting(
    "collect_never",
    &[Cost::TombstonePerRemoval],
    &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
);

/// The policy.
pub(super) struct Never;

impl Collection for Never {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn may_drop(&self, _: Tombstone) -> bool {
        false
    }
}
