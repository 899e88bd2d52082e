//! Lessons: their format, their goals, predictions and grades; and what is read out
//! of a trace: verdicts, the ledger, the answer to "why?".
//!
//! # Code map
//! - [`mod@format`]: a lesson's files, strictly read; [`format::Lesson`].
//! - [`observe`]: follows a trace and keeps up [`splitbrain_checker::Judge`], the
//!   [`ledger`] and the [`record`].
//! - [`goal`]: the closed set of predicates over what happened.
//! - [`predict`]: what will happen? Answered by running the engine.
//! - [`grade`]: plays a script and says which goals it meets.
//! - [`lab`]: what a lesson asks of the engine's law lab, and whether an answer is right.
//! - [`lint`]: proves that a lesson can be solved, and only by what it teaches.
//! - [`why`]: from a value, a loss or a charge to the facts that led to it. [`autopsy`]: all
//!   that is known of one write that gave way, or of one payment.
//! - [`latency`], [`lag`]: where the time of an operation went, and how far regions are
//!   behind.
//! - [`twin`]: one workload under two designs, and what differs.
//! - [`search`]: looks for schedules that break a policy.
//! - [`script`]: scripts, and the tools of a learner.
//!
//! # How a page uses it
//! [`format::from_json`] gives a lesson; [`format::Lesson::run`] a run, to be played to
//! `begins_at`. An [`observe::Observer`] with a record follows the player, and
//! [`goal::Predicate::status`] is asked of it. Changing a policy is
//! [`splitbrain_engine::run::Run::with`]: the same commands under another design, so
//! goals are always about the whole run. A prediction makes a [`predict::Trial`].
//!
//! # Invariants
//! - Nothing here asks protocol code what it thinks; what is decided, is decided
//!   from facts and by the judge.
//! - No I/O, no browser, no clock, no chance. Files come in as texts.
//! - Ids and values, no sentences; `words` makes them.
//! - A lesson is data, and a stranger's may be hostile: everything is bounded.
//!
//! # Glossary
//! *Opening*: what happens before the learner comes. *Action*: a choice or a
//! command of the learner. *Par*: the actions of the shortest solution.
//! *Continuation*: what a prediction lets happen.

pub mod autopsy;
pub mod format;
pub mod goal;
pub mod grade;
pub mod lab;
pub mod lag;
pub mod latency;
pub mod ledger;
pub mod lint;
pub mod observe;
pub mod predict;
pub mod record;
mod rooms;
mod sales;
pub mod script;
pub mod search;
pub mod twin;
pub mod why;
