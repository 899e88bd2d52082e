//! Forget a removal when every region is known to have it.
//!
//! # What it does
//! A region forgets a removal once the comparing messages of all others have told that they
//! have it: the removal is *causally stable*.
//!
//! # Guarantees
//! Nothing comes back: whoever might send what was removed has the removal too. A state that
//! was sent before its sender had it, and comes late, is older than what that sender has
//! told since, and is put aside.
//!
//! # Gives up
//! Forgetting while somebody is away. One region that is cut off or down holds up all of
//! them, for every removal since, and one that never returns has to be taken out of the group.
//!
//! # Cost
//! A count for each region, which comparing takes anyway.
//!
//! # Source
//! Baquero, Almeida and Shoker, "Pure operation-based replicated data types", 2017,
//! section 5 (causal stability); Wuu and Bernstein, "Efficient solutions to the replicated
//! log and dictionary problems", PODC 1984 (who knows what whom to know).

use super::{Collection, Tombstone};
use crate::policy::{Cost, Info};

/// What the catalogue says of it.
pub(super) static INFO: Info = Info::setting(
    "collect_when_stable",
    &[Cost::CountPerReplica],
    &[
        "Baquero, Almeida and Shoker, Pure operation-based replicated data types, 2017",
        "Wuu and Bernstein, Efficient solutions to the replicated log and dictionary problems, PODC 1984",
    ],
);

/// The policy.
pub(super) struct WhenStable;

impl Collection for WhenStable {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn may_drop(&self, tombstone: Tombstone) -> bool {
        tombstone.known_in == tombstone.regions
    }
}
