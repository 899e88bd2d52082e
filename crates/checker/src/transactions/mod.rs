//! Weak consistency, judged in polynomial time: histories of sessions and
//! transactions in, verdicts with minimal witnesses out.
//!
//! ```
//! use splitbrain_checker::transactions::*;
//!
//! let (post, answer) = (Key(0), Key(1));
//! let of = |process, operation| SingleOperation {
//!     process,
//!     status: Status::Committed,
//!     operation,
//! };
//! let history = TransactionalHistory::of_operations(&[
//!     of(0, Operation::write(post, Value(1))),
//!     of(1, Operation::read(post, Value(1))),
//!     of(1, Operation::write(answer, Value(2))),
//!     of(2, Operation::read(answer, Value(2))),
//!     of(2, Operation::read_initial(post)),
//! ])?;
//! let Verdict::Violated { witness } = check(&history, Model::WritesFollowReads)? else {
//!     panic!("the answer is seen without the post");
//! };
//! assert_eq!(witness.pattern.id(), "followed_write_unseen");
//! assert_eq!(witness.transactions.len(), 5);
//! assert!(check(&history, Model::MonotonicReads)?.holds());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The lattice
//!
//! ```text
//! linearizable → sequential → causal convergence → causal → read your writes
//!                                     ↓                   → monotonic reads
//!                               read atomic               → monotonic writes
//!                                     ↓                   → writes follow reads
//!                              read committed
//! ```
//!
//! holds by construction. All models share two axioms: no read is at fault by
//! itself ([`mod@read_consistency`]), and causality, which is session order and
//! read-from and their chains, has no cycle (Burckhardt 2014, *no circular
//! causality*). Beyond that each model obliges a read to reflect certain writes,
//! and fails it where it returns the initial value or something in the causal past
//! of such a write. Causal consistency obliges it to all writes of its causal past;
//! each session guarantee to some of them. Causal convergence, and the levels below
//! it, demand that what is so forced is one order for all; a stronger one only
//! forces more. Sequential consistency has that order.
//!
//! The stronger models must be given the same sessions: to a session here a write
//! of unknown outcome precedes nothing, and all else that one customer did is in
//! order.
//!
//! # Code map
//!
//! | file | what |
//! |---|---|
//! | `operation`, `history` | what is judged; sub-histories |
//! | `read_from` | which write each read saw |
//! | `order`, `cycle` | session order and read-from; ways and cycles in them |
//! | `read_consistency` | reads that no model allows |
//! | `read_committed`, `read_atomic` | models over the order of transactions |
//! | `causality`, `watch`, `playback` | vector clocks; what models over causality share |
//! | `causal`, `causal_convergence` | these models, one a file |
//! | `read_your_writes`, `monotonic_reads`, `monotonic_writes`, `writes_follow_reads` | the session guarantees, one a file |
//! | `visible_writes`, `shown`, `by_session` | tables of those |
//! | `finding`, `witness` | the proof, and how it becomes minimal |
//! | `live` | the session guarantees and causal consistency while a run plays |
//! | `awdit` | reading histories from a file |
//!
//! # Sources
//!
//! - `terry_1994`: Terry, Demers, Petersen, Spreitzer, Theimer, Welch, *Session
//!   Guarantees for Weakly Consistent Replicated Data*, PDIS 1994.
//! - `burckhardt_2014`: Burckhardt, *Principles of Eventual Consistency*, 2014,
//!   section 5.
//! - `bouajjani_2017`: Bouajjani, Enea, Guerraoui, Hamza, *On Verifying Causal
//!   Consistency*, POPL 2017.
//! - `biswas_enea_2019`: Biswas, Enea, *On the Complexity of Checking Transactional
//!   Consistency*, OOPSLA 2019.
//! - `moldrup_pavlogiannis_2025`: Møldrup, Pavlogiannis, *AWDIT: An Optimal Weak
//!   Database Isolation Tester*, PLDI 2025.

pub mod awdit;
mod by_session;
pub mod causal;
pub mod causal_convergence;
mod causality;
mod cycle;
mod finding;
mod history;
mod level;
pub mod monotonic_reads;
pub mod monotonic_writes;
mod operation;
mod order;
mod playback;
pub mod read_atomic;
pub mod read_committed;
mod read_consistency;
mod read_from;
pub mod read_your_writes;
mod shown;
mod visible_writes;
mod watch;
mod witness;
pub mod writes_follow_reads;

use order::Order;
use playback::{Played, play};

pub use causality::{MAX_CLOCK_ENTRIES, TooWide};
pub use finding::SHRUNK_TRANSACTIONS;
pub use history::{HistoryError, MAX_OPERATIONS, TransactionalHistory};
pub use level::{Level, strongest_level};
pub use operation::{
    Access, Key, Operation, OperationId, SingleOperation, Status, Transaction, TransactionId, Value,
};
pub use read_from::{Repeats, Source};
pub use witness::{Edge, EdgeKind, End, Pattern, Witness};

/// A model, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ModelInfo {
    /// The stable id, under which its words stand in the catalogues.
    pub id: &'static str,
    /// The ways in which it can be broken, beside the reads that no model allows.
    pub patterns: &'static [Pattern],
    /// Where it is from; see the list of sources in [the module](self).
    pub sources: &'static [&'static str],
}

/// Which model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Model {
    /// [`mod@read_committed`]
    ReadCommitted,
    /// [`mod@read_atomic`]
    ReadAtomic,
    /// [`mod@causal_convergence`]
    CausalConvergence,
    /// [`mod@causal`]
    Causal,
    /// [`mod@read_your_writes`]
    ReadYourWrites,
    /// [`mod@monotonic_reads`]
    MonotonicReads,
    /// [`mod@monotonic_writes`]
    MonotonicWrites,
    /// [`mod@writes_follow_reads`]
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
    fn find(self, history: &TransactionalHistory) -> Result<Option<finding::Finding>, TooWide> {
        let order = Order::new(history);
        if let Some(fault) = read_consistency::find(&order) {
            return Ok(Some(fault));
        }
        let mut causal = causal::Causal::default();
        let mut read_your_writes = read_your_writes::ReadYourWrites::default();
        let mut monotonic_reads = monotonic_reads::MonotonicReads::default();
        let mut monotonic_writes = monotonic_writes::MonotonicWrites::default();
        let mut writes_follow_reads = writes_follow_reads::WritesFollowReads::default();
        let watch: &mut dyn watch::Watch = match self {
            Self::ReadCommitted => return Ok(read_committed::find(&order)),
            Self::ReadAtomic => return Ok(read_atomic::find(&order)),
            Self::CausalConvergence => {
                return causal_convergence::find(&order, MAX_CLOCK_ENTRIES);
            }
            Self::Causal => &mut causal,
            Self::ReadYourWrites => &mut read_your_writes,
            Self::MonotonicReads => &mut monotonic_reads,
            Self::MonotonicWrites => &mut monotonic_writes,
            Self::WritesFollowReads => &mut writes_follow_reads,
        };
        match play(&order, watch, MAX_CLOCK_ENTRIES)? {
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
/// A model over causality, where the vector clocks would have more than
/// [`MAX_CLOCK_ENTRIES`]: sessions that write, times transactions that write.
pub fn check(history: &TransactionalHistory, model: Model) -> Result<Verdict, TooWide> {
    match model.find(history)? {
        None => Ok(Verdict::Holds),
        Some(finding) => {
            let witness = finding::minimal_witness(model, history, finding)?;
            Ok(Verdict::Violated { witness })
        }
    }
}

/// Whether a history keeps a model; [`check`] without the proof.
///
/// # Errors
///
/// As [`check`].
pub fn holds(history: &TransactionalHistory, model: Model) -> Result<bool, TooWide> {
    Ok(model.find(history)?.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique() {
        let ids = Model::ALL
            .map(Model::id)
            .into_iter()
            .chain(Pattern::ALL.map(Pattern::id));
        let mut ids: Vec<_> = ids.collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), Model::ALL.len() + Pattern::ALL.len());
    }
}
