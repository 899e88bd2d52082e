//! Properties that a replicated system may keep or break, one a file.
//!
//! A new one is a file, a `mod` line, an id, an entry in [`ALL`], and its field in
//! [`crate::Further`]; the first three stand in [`crate::Judge`] itself.

pub mod acknowledged_writes;
pub mod bounded_staleness;
pub mod consistency;
pub mod convergence;
pub mod exactly_once;
pub mod job_runs;
pub mod lost_update;
pub mod message_order;
pub mod no_oversell;
pub mod once_a_tick;

use crate::lineage::Lineage;
use crate::observation::Observation;
use crate::reading::{Reading, Seen};
use crate::verdict::AtRisk;
use crate::witness::{Violation, ViolationKind};

/// Every property, in the order in which they are shown.
pub const ALL: [&Info; 15] = [
    &acknowledged_writes::INFO,
    &convergence::INFO,
    &exactly_once::INFO,
    &lost_update::INFO,
    &bounded_staleness::INFO,
    &consistency::READ_YOUR_WRITES,
    &consistency::MONOTONIC_READS,
    &consistency::MONOTONIC_WRITES,
    &consistency::WRITES_FOLLOW_READS,
    &consistency::CAUSAL,
    &consistency::LINEARIZABLE,
    &no_oversell::INFO,
    &job_runs::INFO,
    &once_a_tick::INFO,
    &message_order::INFO,
];

/// Which property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PropertyId {
    /// [`mod@acknowledged_writes`]
    AcknowledgedWrites,
    /// [`mod@convergence`]
    Convergence,
    /// [`mod@exactly_once`]
    ExactlyOnce,
    /// [`mod@lost_update`]
    LostUpdate,
    /// [`mod@bounded_staleness`]
    BoundedStaleness,
    /// [`consistency::READ_YOUR_WRITES`]
    ReadYourWrites,
    /// [`consistency::MONOTONIC_READS`]
    MonotonicReads,
    /// [`consistency::MONOTONIC_WRITES`]
    MonotonicWrites,
    /// [`consistency::WRITES_FOLLOW_READS`]
    WritesFollowReads,
    /// [`consistency::CAUSAL`]
    Causal,
    /// [`consistency::LINEARIZABLE`]
    Linearizable,
    /// [`mod@no_oversell`]
    NoOversell,
    /// [`mod@job_runs`]
    JobRuns,
    /// [`mod@once_a_tick`]
    OnceATick,
    /// [`mod@message_order`]
    MessageOrder,
}

impl PropertyId {
    /// What is known of it.
    pub fn info(self) -> &'static Info {
        match self {
            Self::AcknowledgedWrites => &acknowledged_writes::INFO,
            Self::Convergence => &convergence::INFO,
            Self::ExactlyOnce => &exactly_once::INFO,
            Self::LostUpdate => &lost_update::INFO,
            Self::BoundedStaleness => &bounded_staleness::INFO,
            Self::ReadYourWrites => &consistency::READ_YOUR_WRITES,
            Self::MonotonicReads => &consistency::MONOTONIC_READS,
            Self::MonotonicWrites => &consistency::MONOTONIC_WRITES,
            Self::WritesFollowReads => &consistency::WRITES_FOLLOW_READS,
            Self::Causal => &consistency::CAUSAL,
            Self::Linearizable => &consistency::LINEARIZABLE,
            Self::NoOversell => &no_oversell::INFO,
            Self::JobRuns => &job_runs::INFO,
            Self::OnceATick => &once_a_tick::INFO,
            Self::MessageOrder => &message_order::INFO,
        }
    }

    /// The stable id.
    pub fn id(self) -> &'static str {
        self.info().id
    }
}

/// A property, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// Which one.
    pub property: PropertyId,
    /// The stable id, under which its words stand in the catalogues.
    pub id: &'static str,
    /// Whether it can be judged for one customer alone.
    pub per_customer: bool,
    /// The ways in which it can be broken.
    pub kinds: &'static [ViolationKind],
}

/// What all properties share. Observations first, then the end of the step, at which
/// the lineage is complete and nothing settled in it is forgotten yet.
pub(crate) trait Property {
    fn observe(&mut self, _observation: &Observation) {}
    fn end_of_step(&mut self, _lineage: &Lineage) {}
    /// Whether anything was observed that it is about. Without that it holds, and says
    /// nothing about the system.
    fn has_subject(&self) -> bool;
    fn violations(&self) -> &[Violation];
    fn at_risk(&self) -> Vec<AtRisk> {
        Vec::new()
    }
    fn at_risk_count(&self) -> u32 {
        0
    }
}

/// What is judged by what reads returned, step by step.
pub(crate) trait OfReads: Property {
    /// Takes an operation that returned.
    fn take(&mut self, seen: &Seen, reading: &Reading);
    /// Takes all those of a step.
    fn judge_reads(&mut self, reading: &Reading) {
        for seen in reading.seen() {
            self.take(seen, reading);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_kind_of_violation_belongs_to_one_property() {
        let mut ids: Vec<_> = ALL.iter().map(|info| info.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
        let kinds: Vec<_> = ALL.iter().flat_map(|info| info.kinds).copied().collect();
        assert_eq!(kinds, ViolationKind::ALL);
        for info in ALL {
            assert_eq!(info.property.info(), info);
        }
    }
}
