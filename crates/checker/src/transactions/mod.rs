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
//! itself (`read_consistency`), and causality, which is session order and
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
//! order. [`single`] sees to that for recorded histories.
//!
//! # Code map
//!
//! | file | what |
//! |---|---|
//! | `model` | the models by name; [`check`] |
//! | `operation`, `history` | what is judged; sub-histories |
//! | `read_from` | which write each read saw |
//! | `order`, `cycle` | session order and read-from; ways and cycles in them |
//! | `read_consistency` | reads that no model allows |
//! | `read_committed`, `read_atomic` | models over the order of transactions |
//! | `causality`, `watch`, `playback` | vector clocks; what models over causality share |
//! | `causal`, `causal_convergence` | these models, one a file |
//! | `read_your_writes`, `monotonic_reads`, `monotonic_writes`, `writes_follow_reads` | the session guarantees, one a file |
//! | `visible_writes`, `shown`, `by_session`, `recent` | tables of those |
//! | `single` | recorded histories of single operations as sessions |
//! | `undecided` | what is too large |
//! | `finding`, `witness` | the proof, and how it becomes minimal |
//! | `live` | the session guarantees and causal consistency while a run plays |
//! | `awdit` | reading histories from a file |
//! | `definition`, `sample` | the models by brute force, and random histories to hold the others against it |
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
pub mod definition;
mod finding;
mod history;
mod level;
pub mod live;
mod model;
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
mod recent;
pub mod sample;
mod shown;
pub mod single;
mod undecided;
mod visible_writes;
mod watch;
mod witness;
pub mod writes_follow_reads;

pub use finding::SHRUNK_TRANSACTIONS;
pub use history::{HistoryError, MAX_OPERATIONS, TransactionalHistory};
pub use level::{Level, strongest_level};
pub use live::{LiveViolation, Returned, SessionsLive};
pub use model::{Model, ModelInfo, Verdict, check, holds};
pub use operation::{
    Access, Key, Operation, OperationId, SingleOperation, Status, Transaction, TransactionId, Value,
};
pub use read_from::{Repeats, Source};
pub use single::{NotJudged, Sessions};
pub use undecided::{MAX_CLOCK_ENTRIES, MAX_STEPS, Undecided};
pub use witness::{Edge, EdgeKind, End, Pattern, Witness};

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
