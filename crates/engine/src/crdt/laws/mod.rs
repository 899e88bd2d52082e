//! The law lab: what every sound data type keeps, tried over random histories, and the
//! smallest history in which a broken one does not.
//!
//! # Code map
//! - [`history`]: acts and merges at a few replicas, and the dice that make them up.
//! - [`erased`]: a replica of any type. [`world`]: replicas that live through a history.
//! - [`judge`]: the laws themselves. [`specification`]: what the value has to be, by the
//!   papers, from what was done and seen alone.
//! - [`mod@search`]: tries many histories. [`mod@shrink`]: makes one that breaks a law smaller.
//!   [`counterexample`]: that one, drawn step by step.
//! - [`notation`]: how a step is written, and read from whoever makes a history by hand.
//! - [`example`]: a history to begin with. [`sample`]: one replica to look at, and what its updates weigh.
//! - [`rules`]: merge rules that a learner composes, tried by the same laws.
//!
//! # Invariants
//! - Nothing here knows which type it judges: a [`Lab`] is all it sees.
//! - The specification never asks a replica.

pub mod counterexample;
pub mod erased;
pub mod example;
pub mod history;
pub mod judge;
pub mod notation;
pub mod rules;
pub mod sample;
pub mod search;
pub mod shrink;
pub mod specification;
pub mod world;

pub use counterexample::{Counterexample, Moment, moments};
pub use erased::{Operation, Replica};
pub use history::{History, Step};
pub use judge::{Judged, Sight, View, Violation};
pub use sample::Sample;
pub use search::{Effort, Finding, Search, search};
pub use specification::{Expected, Visible};

use super::replicated::{Content, Verb};

#[cfg(test)]
mod tests;

/// What a sound type keeps, as far as the law says anything of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Law {
    /// Merging left into right gives what merging right into left gives.
    Commutative,
    /// It does not matter which two of three are merged first.
    Associative,
    /// Merging a state into itself changes nothing.
    Idempotent,
    /// A state after an update merged with the one before it is the one after it.
    UpdatesGoUp,
    /// The value is what the specification says of the updates that were delivered.
    Specification,
    /// Merging the delta of an update does what the update did; all deltas together do
    /// what all updates did, in any order.
    Deltas,
    /// Operations delivered after what their origin had seen give one state in any order.
    Operations,
    /// Replicas that have the same updates show the same value, at every moment.
    Convergence,
    /// The value is one that the type allows, such as none below zero.
    Bounds,
    /// Of a text: what one replica typed in one go is not mixed with what another typed in
    /// one go at the same place and time.
    NoInterleaving,
}

impl Law {
    /// Every one, in the order of tables.
    pub const ALL: [Self; 10] = [
        Self::Commutative,
        Self::Associative,
        Self::Idempotent,
        Self::UpdatesGoUp,
        Self::Specification,
        Self::Deltas,
        Self::Operations,
        Self::Convergence,
        Self::Bounds,
        Self::NoInterleaving,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Commutative => "commutative",
            Self::Associative => "associative",
            Self::Idempotent => "idempotent",
            Self::UpdatesGoUp => "updates_go_up",
            Self::Specification => "specification",
            Self::Deltas => "deltas",
            Self::Operations => "operations",
            Self::Convergence => "convergence",
            Self::Bounds => "bounds",
            Self::NoInterleaving => "no_interleaving",
        }
    }
}

/// Something whose laws can be tried: a data type, or a merge rule that somebody composed.
pub trait Lab {
    /// A replica that has seen nothing.
    fn empty(&self) -> Box<dyn Replica>;

    /// What can be done to a replica.
    fn verbs(&self) -> &[Verb];

    /// Whether clocks matter to it.
    fn is_timed(&self) -> bool;

    /// The value that the specification asks for.
    fn expected(&self, visible: &Visible<'_>) -> Expected;

    /// Whether a value is allowed at all; nothing where every value is.
    fn is_allowed(&self) -> Option<fn(&Content) -> bool>;
}
