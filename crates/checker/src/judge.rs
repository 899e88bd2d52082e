//! The judge: takes observations, keeps every property, answers verdicts.

use crate::lineage::Lineage;
use crate::observation::{Observation, Session};
use crate::properties::acknowledged_writes::AcknowledgedWrites;
use crate::properties::bounded_staleness::{BoundedStaleness, Staleness};
use crate::properties::consistency::Consistency;
use crate::properties::convergence::Convergence;
use crate::properties::exactly_once::ExactlyOnce;
use crate::properties::job_runs::JobRuns;
use crate::properties::lost_update::LostUpdate;
use crate::properties::message_order::MessageOrder;
use crate::properties::no_oversell::NoOversell;
use crate::properties::{self, Property, PropertyId, Step};
use crate::reading::Reading;
use crate::verdict::{Counts, Report, Verdict};

/// For how long what a read returns may have been overwritten, in microseconds, where
/// nobody says otherwise. A choice: the lag at which operators are told to worry.
pub const STALENESS_BOUND_US: u64 = 10_000_000;

/// Judges a run while it happens.
///
/// Feed every observation in the order of the facts and call
/// [`Judge::end_of_step`] after the last one of each step. A clone goes on by
/// itself, so one belongs beside each checkpoint of the run.
#[derive(Debug, Clone)]
pub struct Judge {
    lineage: Lineage,
    reading: Reading,
    acknowledged_writes: AcknowledgedWrites,
    convergence: Convergence,
    exactly_once: ExactlyOnce,
    lost_update: LostUpdate,
    bounded_staleness: BoundedStaleness,
    consistency: Consistency,
    no_oversell: NoOversell,
    job_runs: JobRuns,
    message_order: MessageOrder,
}

impl Judge {
    /// The greatest number of replicas.
    pub const REPLICAS_MAX: u8 = 63;

    /// A judge of a system with this many replicas, each of which is to receive
    /// every write; reads may be stale by [`STALENESS_BOUND_US`].
    ///
    /// # Panics
    /// Without a replica, or with more than [`Judge::REPLICAS_MAX`].
    pub fn new(replicas: u8) -> Self {
        Self::with_staleness_bound(replicas, STALENESS_BOUND_US)
    }

    /// The same, where reads may be stale by this much, in microseconds.
    ///
    /// # Panics
    /// As [`Judge::new`].
    pub fn with_staleness_bound(replicas: u8, bound_us: u64) -> Self {
        assert!((1..=Self::REPLICAS_MAX).contains(&replicas));
        Self {
            lineage: Lineage::new(replicas),
            reading: Reading::default(),
            acknowledged_writes: AcknowledgedWrites::default(),
            convergence: Convergence::new(replicas),
            exactly_once: ExactlyOnce::default(),
            lost_update: LostUpdate::default(),
            bounded_staleness: BoundedStaleness::new(bound_us),
            consistency: Consistency::default(),
            no_oversell: NoOversell::default(),
            job_runs: JobRuns::default(),
            message_order: MessageOrder::default(),
        }
    }

    /// Takes the next observation. Verdicts stay as they are until the step ends.
    pub fn observe(&mut self, observation: &Observation) {
        self.lineage.observe(observation);
        self.reading.observe(observation, &self.lineage);
        self.acknowledged_writes.observe(observation);
        self.convergence.observe(observation);
        self.exactly_once.observe(observation);
        self.consistency.observe(observation);
        self.no_oversell.observe(observation);
        self.job_runs.observe(observation);
        self.message_order.observe(observation);
    }

    /// The step is over: what was observed since the last one is judged together.
    /// Costs nothing when nothing was observed.
    pub fn end_of_step(&mut self) {
        let step = Step {
            lineage: &self.lineage,
            reading: &self.reading,
        };
        self.acknowledged_writes.end_of_step(step);
        self.convergence.end_of_step(step);
        self.exactly_once.end_of_step(step);
        self.lost_update.end_of_step(step);
        self.bounded_staleness.end_of_step(step);
        self.consistency.end_of_step(step);
        for settled in self.lineage.end_of_step() {
            self.acknowledged_writes.settle(settled);
            self.reading.settle(settled);
        }
        for (key, op) in self.reading.end_of_step() {
            self.lost_update.forget(key, op);
            self.bounded_staleness.forget(key, op);
        }
    }

    /// The verdict of every property that something was observed of, in the order of
    /// [`properties::ALL`]: where nothing is sold, nothing is said of overselling.
    pub fn verdicts(&self) -> Vec<Report<'_>> {
        self.reports(None)
    }

    /// The verdicts on what this customer was told, of the properties that are
    /// about single customers.
    pub fn verdicts_for(&self, session: Session) -> Vec<Report<'_>> {
        self.reports(Some(session))
    }

    /// One property's verdict.
    pub fn verdict(&self, property: PropertyId) -> Verdict<'_> {
        verdict_of(self.property(property), None)
    }

    /// One property's verdict on what this customer was told. A property that is
    /// not about single customers holds for each of them.
    pub fn verdict_for(&self, property: PropertyId, session: Session) -> Verdict<'_> {
        verdict_of(self.property(property), Some(session))
    }

    /// The stalest read so far; none while none was stale.
    pub fn worst_staleness(&self) -> Option<Staleness> {
        self.bounded_staleness.worst()
    }

    /// One property's verdict in numbers.
    pub fn counts(&self, property: PropertyId) -> Counts {
        let property = self.property(property);
        let violations = property.violations();
        Counts {
            violations: violations.len() as u32,
            standing: violations.iter().filter(|it| it.stands()).count() as u32,
            at_risk: property.at_risk_count(),
        }
    }

    fn reports(&self, session: Option<Session>) -> Vec<Report<'_>> {
        properties::ALL
            .iter()
            .filter(|info| session.is_none() || info.per_customer)
            .filter(|info| self.property(info.property).has_subject())
            .map(|info| Report {
                info,
                verdict: verdict_of(self.property(info.property), session),
            })
            .collect()
    }

    fn property(&self, property: PropertyId) -> &dyn Property {
        match property {
            PropertyId::AcknowledgedWrites => &self.acknowledged_writes,
            PropertyId::Convergence => &self.convergence,
            PropertyId::ExactlyOnce => &self.exactly_once,
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
            PropertyId::MessageOrder => &self.message_order,
        }
    }

    #[cfg(test)]
    pub(crate) fn reading(&self) -> &Reading {
        &self.reading
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        self.lineage.remembered() + self.acknowledged_writes.remembered()
    }

    /// The same of what reads are judged by.
    #[cfg(test)]
    pub(crate) fn remembered_of_reads(&self) -> u32 {
        self.reading.remembered()
            + self.lost_update.remembered()
            + self.bounded_staleness.remembered()
    }
}

fn verdict_of(property: &dyn Property, session: Option<Session>) -> Verdict<'_> {
    let violations = property.violations().iter();
    let at_risk = property.at_risk().into_iter();
    Verdict::new(
        violations
            .filter(|it| session.is_none_or(|session| it.concerns(session)))
            .collect(),
        at_risk
            .filter(|it| session.is_none_or(|s| it.session == s))
            .collect(),
    )
}
