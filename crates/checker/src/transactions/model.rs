//! The models by name, and how a history is judged by one.

use super::finding::{Finding, minimal_witness};
use super::history::TransactionalHistory;
use super::order::Order;
use super::playback::{Played, play};
use super::undecided::Undecided;
use super::watch::Watch;
use super::witness::{Pattern, Witness};
use super::{
    causal, causal_convergence, monotonic_reads, monotonic_writes, read_atomic, read_committed,
    read_consistency, read_your_writes, writes_follow_reads,
};

/// A model, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelInfo {
    /// The stable id, under which its words stand in the catalogues.
    pub id: &'static str,
    /// The ways in which it can be broken, beside the reads that no model allows.
    pub patterns: &'static [Pattern],
    /// Where it is from; see the list of sources in [the module](super).
    pub sources: &'static [&'static str],
}

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Model {
    /// [`mod@super::read_committed`]
    ReadCommitted,
    /// [`mod@super::read_atomic`]
    ReadAtomic,
    /// [`mod@super::causal_convergence`]
    CausalConvergence,
    /// [`mod@super::causal`]
    Causal,
    /// [`mod@super::read_your_writes`]
    ReadYourWrites,
    /// [`mod@super::monotonic_reads`]
    MonotonicReads,
    /// [`mod@super::monotonic_writes`]
    MonotonicWrites,
    /// [`mod@super::writes_follow_reads`]
    WritesFollowReads,
}

impl Model {
    /// Every model.
    pub const ALL: [Self; 8] = [
        Self::ReadCommitted,
        Self::ReadAtomic,
        Self::CausalConvergence,
        Self::Causal,
        Self::ReadYourWrites,
        Self::MonotonicReads,
        Self::MonotonicWrites,
        Self::WritesFollowReads,
    ];

    /// What is known of it.
    pub fn info(self) -> &'static ModelInfo {
        match self {
            Self::ReadCommitted => &read_committed::INFO,
            Self::ReadAtomic => &read_atomic::INFO,
            Self::CausalConvergence => &causal_convergence::INFO,
            Self::Causal => &causal::INFO,
            Self::ReadYourWrites => &read_your_writes::INFO,
            Self::MonotonicReads => &monotonic_reads::INFO,
            Self::MonotonicWrites => &monotonic_writes::INFO,
            Self::WritesFollowReads => &writes_follow_reads::INFO,
        }
    }

    /// The stable id.
    pub fn id(self) -> &'static str {
        self.info().id
    }

    /// The models that are weaker than this one by one step: whatever keeps this
    /// one keeps them.
    pub fn implies(self) -> &'static [Self] {
        match self {
            Self::CausalConvergence => &[Self::Causal, Self::ReadAtomic],
            Self::ReadAtomic => &[Self::ReadCommitted],
            Self::Causal => &[
                Self::ReadYourWrites,
                Self::MonotonicReads,
                Self::MonotonicWrites,
                Self::WritesFollowReads,
            ],
            _ => &[],
        }
    }

    /// A violation, not yet minimal.
    pub(super) fn find(self, history: &TransactionalHistory) -> Result<Option<Finding>, Undecided> {
        let order = Order::new(history);
        if let Some(fault) = read_consistency::find(&order) {
            return Ok(Some(fault));
        }
        let mut causal = causal::Causal::default();
        let mut read_your_writes = read_your_writes::ReadYourWrites::default();
        let mut monotonic_reads = monotonic_reads::MonotonicReads::default();
        let mut monotonic_writes = monotonic_writes::MonotonicWrites::default();
        let mut writes_follow_reads = writes_follow_reads::WritesFollowReads::default();
        let watch: &mut dyn Watch = match self {
            Self::ReadCommitted => return Ok(read_committed::find(&order)),
            Self::ReadAtomic => return Ok(read_atomic::find(&order)),
            Self::CausalConvergence => {
                return causal_convergence::find(&order);
            }
            Self::Causal => &mut causal,
            Self::ReadYourWrites => &mut read_your_writes,
            Self::MonotonicReads => &mut monotonic_reads,
            Self::MonotonicWrites => &mut monotonic_writes,
            Self::WritesFollowReads => &mut writes_follow_reads,
        };
        match play(&order, watch)? {
            Played::Violated(finding) => Ok(Some(finding)),
            Played::Whole { .. } => Ok(None),
        }
    }
}

/// What can be said of a history and a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// The history keeps it.
    Holds,
    /// The history violates it.
    Violated {
        /// The proof.
        witness: Witness,
    },
}

impl Verdict {
    /// Whether it holds.
    pub fn holds(&self) -> bool {
        matches!(self, Self::Holds)
    }

    /// The stable id: `holds`, `violated`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Violated { .. } => "violated",
        }
    }
}

/// Judges a history by a model, with a minimal proof of a violation.
///
/// # Errors
///
/// A model over causality, where there are too many sessions; see [`Undecided`].
pub fn check(history: &TransactionalHistory, model: Model) -> Result<Verdict, Undecided> {
    match model.find(history)? {
        None => Ok(Verdict::Holds),
        Some(finding) => {
            let witness = minimal_witness(model, history, finding)?;
            Ok(Verdict::Violated { witness })
        }
    }
}

/// Whether a history keeps a model; [`check`] without the proof.
///
/// # Errors
///
/// As [`check`].
pub fn holds(history: &TransactionalHistory, model: Model) -> Result<bool, Undecided> {
    Ok(model.find(history)?.is_none())
}
