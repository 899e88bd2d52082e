//! The strongest of the transactional levels that a history keeps.

use super::{Model, TooWide, TransactionalHistory, holds};

/// How strongly transactions are isolated; each level contains those below it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Not even read committed.
    None,
    /// [`Model::ReadCommitted`].
    ReadCommitted,
    /// [`Model::ReadAtomic`].
    ReadAtomic,
    /// What the literature on transactions calls causal consistency: one commit
    /// order for all that contains causality, which is [`Model::CausalConvergence`]
    /// here. [`Model::Causal`] is weaker.
    Causal,
}

impl Level {
    /// Every level, from the weakest.
    pub const ALL: [Self; 4] = [
        Self::None,
        Self::ReadCommitted,
        Self::ReadAtomic,
        Self::Causal,
    ];

    /// The stable id, by which published data calls it.
    pub fn id(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::ReadCommitted => "read-committed",
            Self::ReadAtomic => "read-atomic",
            Self::Causal => "causal",
        }
    }

    /// The model that a history of this level keeps.
    pub fn model(self) -> Option<Model> {
        match self {
            Self::None => None,
            Self::ReadCommitted => Some(Model::ReadCommitted),
            Self::ReadAtomic => Some(Model::ReadAtomic),
            Self::Causal => Some(Model::CausalConvergence),
        }
    }
}

/// The strongest level that a history keeps.
///
/// # Errors
///
/// As [`super::check`], of [`Model::CausalConvergence`].
pub fn strongest_level(history: &TransactionalHistory) -> Result<Level, TooWide> {
    let mut strongest = Level::None;
    for level in Level::ALL {
        if let Some(model) = level.model() {
            if !holds(history, model)? {
                break;
            }
            strongest = level;
        }
    }
    Ok(strongest)
}
