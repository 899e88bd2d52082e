//! What is judged beside the first three properties, as one thing that a judge may have or
//! not. Behind a `dyn`, so that who has no use for it yet, as a page that has just been
//! opened, need not have its code either.

use std::fmt;

use crate::lineage::{Lineage, Settled};
use crate::observation::Observation;
use crate::properties::bounded_staleness::{BoundedStaleness, Staleness};
use crate::properties::consistency::Consistency;
use crate::properties::job_runs::JobRuns;
use crate::properties::lost_update::LostUpdate;
use crate::properties::message_order::MessageOrder;
use crate::properties::no_oversell::NoOversell;
use crate::properties::once_a_tick::OnceATick;
use crate::properties::{OfReads, Property, PropertyId};
use crate::reading::Reading;

/// For how long what a read returns may have been overwritten, in microseconds, where
/// nobody says otherwise. A choice: the lag at which operators are told to worry.
pub const STALENESS_BOUND_US: u64 = 10_000_000;

/// The properties of reads, stocks, jobs and messages, for [`crate::Judge::with`].
pub struct Further(Box<dyn More>);

impl Further {
    /// All of them; reads may be stale by [`STALENESS_BOUND_US`].
    pub fn all() -> Self {
        Self::with_staleness_bound(STALENESS_BOUND_US)
    }

    /// All of them; reads may be stale by this much, in microseconds.
    pub fn with_staleness_bound(bound_us: u64) -> Self {
        Self(Box::new(All {
            reading: Reading::default(),
            lost_update: LostUpdate::default(),
            bounded_staleness: BoundedStaleness::new(bound_us),
            consistency: Consistency::default(),
            no_oversell: NoOversell::default(),
            job_runs: JobRuns::default(),
            once_a_tick: OnceATick::default(),
            message_order: MessageOrder::default(),
        }))
    }

    pub(crate) fn observe(&mut self, observation: &Observation, lineage: &Lineage) {
        self.0.observe(observation, lineage);
    }

    pub(crate) fn end_of_step(&mut self) {
        self.0.end_of_step();
    }

    pub(crate) fn settle(&mut self, settled: &[Settled]) {
        self.0.settle(settled);
    }

    pub(crate) fn property(&self, property: PropertyId) -> Option<&dyn Property> {
        self.0.property(property)
    }

    pub(crate) fn worst_staleness(&self) -> Option<Staleness> {
        self.0.worst_staleness()
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        self.0.remembered()
    }

    #[cfg(test)]
    pub(crate) fn reading(&self) -> &Reading {
        self.0.reading()
    }
}

impl Clone for Further {
    fn clone(&self) -> Self {
        Self(self.0.boxed())
    }
}

impl fmt::Debug for Further {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Further")
    }
}

/// Observations first, then the end of the step, then what the lineage forgets.
trait More {
    fn observe(&mut self, observation: &Observation, lineage: &Lineage);
    fn end_of_step(&mut self);
    fn settle(&mut self, settled: &[Settled]);
    fn property(&self, property: PropertyId) -> Option<&dyn Property>;
    fn worst_staleness(&self) -> Option<Staleness>;
    fn boxed(&self) -> Box<dyn More>;
    #[cfg(test)]
    fn remembered(&self) -> u32;
    #[cfg(test)]
    fn reading(&self) -> &Reading;
}

#[derive(Clone)]
struct All {
    reading: Reading,
    lost_update: LostUpdate,
    bounded_staleness: BoundedStaleness,
    consistency: Consistency,
    no_oversell: NoOversell,
    job_runs: JobRuns,
    once_a_tick: OnceATick,
    message_order: MessageOrder,
}

impl More for All {
    fn observe(&mut self, observation: &Observation, lineage: &Lineage) {
        self.reading.observe(observation, lineage);
        self.consistency.observe(observation);
        self.no_oversell.observe(observation);
        self.job_runs.observe(observation);
        self.once_a_tick.observe(observation);
        self.message_order.observe(observation);
    }

    fn end_of_step(&mut self) {
        self.lost_update.judge_reads(&self.reading);
        self.bounded_staleness.judge_reads(&self.reading);
        self.consistency.judge_reads(&self.reading);
    }

    fn settle(&mut self, settled: &[Settled]) {
        for settled in settled {
            self.reading.settle(*settled);
        }
        for (key, op) in self.reading.end_of_step() {
            self.lost_update.forget(key, op);
            self.bounded_staleness.forget(key, op);
        }
    }

    fn property(&self, property: PropertyId) -> Option<&dyn Property> {
        Some(match property {
            PropertyId::AcknowledgedWrites | PropertyId::Convergence | PropertyId::ExactlyOnce => {
                return None;
            }
            PropertyId::LostUpdate => &self.lost_update,
            PropertyId::BoundedStaleness => &self.bounded_staleness,
            PropertyId::ReadYourWrites
            | PropertyId::MonotonicReads
            | PropertyId::MonotonicWrites
            | PropertyId::WritesFollowReads
            | PropertyId::Causal
            | PropertyId::Linearizable => self.consistency.verdict(property),
            PropertyId::NoOversell => &self.no_oversell,
            PropertyId::JobRuns => &self.job_runs,
            PropertyId::OnceATick => &self.once_a_tick,
            PropertyId::MessageOrder => &self.message_order,
        })
    }

    fn worst_staleness(&self) -> Option<Staleness> {
        self.bounded_staleness.worst()
    }

    fn boxed(&self) -> Box<dyn More> {
        Box::new(self.clone())
    }

    #[cfg(test)]
    fn reading(&self) -> &Reading {
        &self.reading
    }

    #[cfg(test)]
    fn remembered(&self) -> u32 {
        self.reading.remembered()
            + self.lost_update.remembered()
            + self.bounded_staleness.remembered()
    }
}
