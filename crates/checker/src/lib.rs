//! The judge: observations of a replicated system in, verdicts with witnesses
//! out, while the system runs.
//!
//! ```
//! use splitbrain_checker::*;
//!
//! let mut judge = Judge::new(3);
//! let (op, session, key) = (OpRef(0), Session(4), KeyRef(0));
//! judge.observe(&Observation::OperationStarted {
//!     fact: FactRef(1), at_us: 0, op, session, kind: OperationKind::Pay, key, argument: 50,
//! });
//! judge.end_of_step();
//! for fact in [2, 3] {
//!     judge.observe(&Observation::EffectMade { fact: FactRef(fact), op, amount: 50 });
//!     judge.end_of_step();
//! }
//! let Verdict::Violated { violations, .. } = judge.verdict(PropertyId::ExactlyOnce) else {
//!     panic!("two charges for one intent");
//! };
//! assert_eq!(violations[0].kind.id(), "charged_twice");
//! assert_eq!(violations[0].first, FactRef(3));
//! ```
//!
//! Beside the judge stands the general checker, for histories that anybody recorded:
//! [`import`] reads them, [`search::check`] decides them, [`search::witness`] shows why.
//!
//! # Code map
//!
//! | file | what |
//! |---|---|
//! | `observation` | what may be told to the judge, and the references it is told in |
//! | `judge` | owns everything, takes observations, answers verdicts |
//! | `further` | the properties that a judge may do without |
//! | `lineage` | which write was built on which, who received it, where it lives on |
//! | `reading` | which write each read returned |
//! | `properties/` | one property a file, listed in [`properties::ALL`] |
//! | `verdict` | held, broken, not yet known |
//! | `witness` | the facts that prove a violation |
//! | [`history`], [`import`] | histories of operations from anywhere, and their formats |
//! | [`models`], [`search`] | whether such a history has an order that a model allows |
//! | [`consistency`] | the models that a history is held against, of both families |
//! | [`transactions`] | weak consistency of transactions and sessions, whole and live |
//!
//! # Invariants
//!
//! - Nothing here knows who is judged: no protocol, no engine, no browser, no
//!   clock, no I/O. A causal past is computed here from what was observed and
//!   never taken from the metadata of a protocol.
//! - Nothing here speaks: kinds, roles and properties are ids, and words are made
//!   of them elsewhere.
//! - Every observation costs about the same late in a run as early. What is
//!   settled is forgotten when its key converges; what is kept for ever is the
//!   violations, what each replica shows of each key, and some bytes a payment, a
//!   scheduled time of a job, and a message.
//! - Observations in the middle of a step are never judged. [`Judge::end_of_step`]
//!   is the only moment at which a verdict changes.
//! - Unknown references are ignored, never a panic: a stream may begin late.
//!
//! # Glossary
//!
//! - **fact**: a place in the trace of what was observed; grows with time.
//! - **step**: what happens at one instant at one place, one event of a simulator.
//! - **operation**: one intent of a customer, all its attempts together.
//! - **write**: what one accepted attempt left at the replica that took it, and
//!   sends to the others. An operation that was retried may have several.
//! - **received**: the write is durable at that replica.
//! - **reflected**: the value that a replica would show rests on this write.
//! - **base** of a write: what it replaced knowingly; see [`mod@properties::acknowledged_writes`].
//! - **lives on**: reflected, or on its way, or base of a write that lives on.

pub mod consistency;
mod further;
pub mod history;
pub mod import;
mod judge;
mod lineage;
pub mod models;
pub mod observation;
pub mod properties;
mod reading;
pub mod search;
pub mod transactions;
pub mod verdict;
pub mod witness;

#[cfg(test)]
mod script;

pub use further::{Further, STALENESS_BOUND_US};
pub use judge::Judge;
pub use observation::{
    EMPTY, FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Replica, Session,
    WriteKind, WriteRef,
};
pub use properties::bounded_staleness::Staleness;
pub use properties::{Info, PropertyId};
pub use verdict::{AtRisk, Counts, Report, Verdict};
pub use witness::{Role, Violation, ViolationKind};
