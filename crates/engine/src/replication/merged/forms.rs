//! What travels between the replicas of a data type.
//!
//! Source: Shapiro et al., "A comprehensive study of convergent and commutative replicated
//! data types", 2011, sections 2.2 and 2.3 (states and operations); Almeida, Shoker and
//! Baquero, "Delta state replicated data types", 2018 (deltas).

use crate::policy::{Cost, Info};

/// What travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The update itself, once, and after what its origin had seen.
    Operation,
    /// A state with only the news.
    Delta,
    /// All that is held under the key.
    State,
}

impl Form {
    /// The one with this id.
    pub(super) fn find(id: &str) -> Option<Self> {
        match id {
            "travels_operation" => Some(Self::Operation),
            "travels_delta" => Some(Self::Delta),
            "travels_state" => Some(Self::State),
            _ => None,
        }
    }
}

const STUDY: &str = "Shapiro et al., A comprehensive study of convergent and commutative \
                     replicated data types, 2011";
const DELTAS: &str = "Almeida, Shoker and Baquero, Delta state replicated data types, 2018";

static OPERATION: Info = Info::setting("travels_operation", &[Cost::CountPerReplica], &[STUDY]);
static DELTA: Info = Info::setting("travels_delta", &[Cost::CountPerReplica], &[DELTAS]);
static STATE: Info = Info::setting("travels_state", &[Cost::StatePerMessage], &[STUDY]);

/// What can travel.
pub static TRAVELS: &[&Info] = &[&OPERATION, &DELTA, &STATE];
