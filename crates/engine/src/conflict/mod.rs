//! Conflict rules: which of two versions of a register a replica keeps. One rule
//! a file.

pub mod arrival_order;
pub mod last_writer_wins;
mod register;

pub use register::Register;

use crate::crdt::Dot;
use crate::policy::Info;
use crate::sim::fact::FactId;
use crate::sim::node::Value;

/// One version of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The value.
    pub value: Value,
    /// What the origin's wall clock showed, in microseconds.
    pub stamp_us: i64,
    /// Where it was accepted, and which one there.
    pub dot: Dot,
    /// The fact that accepted it.
    pub write: FactId,
}

/// A rule that chooses between the version a replica has and one that arrives.
pub trait ConflictRule: Sync {
    /// What the catalogue says of it.
    fn info(&self) -> &'static Info;

    /// Whether the arriving version replaces the current one.
    fn replaces(&self, current: &Version, incoming: &Version) -> bool;
}

impl std::fmt::Debug for dyn ConflictRule {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

/// Every conflict rule, in the order in which menus show them.
pub const ALL: &[&dyn ConflictRule] = &[
    &last_writer_wins::LastWriterWins,
    &arrival_order::ArrivalOrder,
];
