//! The judge: takes observations, keeps every property, answers verdicts.

use crate::further::Further;
use crate::lineage::Lineage;
use crate::observation::{Observation, Session};
use crate::properties::acknowledged_writes::AcknowledgedWrites;
use crate::properties::bounded_staleness::Staleness;
use crate::properties::convergence::Convergence;
use crate::properties::exactly_once::ExactlyOnce;
use crate::properties::{self, Property, PropertyId};
use crate::verdict::{Counts, Report, Verdict};
use crate::witness::Violation;

/// Judges a run while it happens.
///
/// Feed every observation in the order of the facts and call
/// [`Judge::end_of_step`] after the last one of each step. A clone goes on by
/// itself, so one belongs beside each checkpoint of the run.
#[derive(Debug, Clone)]
pub struct Judge {
    lineage: Lineage,
    acknowledged_writes: AcknowledgedWrites,
    convergence: Convergence,
    exactly_once: ExactlyOnce,
    further: Option<Further>,
}

impl Judge {
    /// The greatest number of replicas.
    pub const REPLICAS_MAX: u8 = 63;

    /// A judge of a system with this many replicas, each of which is to receive
    /// every write, by every property; see [`Further::all`].
    ///
    /// # Panics
    /// Without a replica, or with more than [`Judge::REPLICAS_MAX`].
    pub fn new(replicas: u8) -> Self {
        Self::with(replicas, Some(Further::all()))
    }

    /// The same by acknowledged writes, convergence and exactly once, and by these.
    ///
    /// # Panics
    /// As [`Judge::new`].
    pub fn with(replicas: u8, further: Option<Further>) -> Self {
        assert!((1..=Self::REPLICAS_MAX).contains(&replicas));
        Self {
            lineage: Lineage::new(replicas),
            acknowledged_writes: AcknowledgedWrites::default(),
            convergence: Convergence::new(replicas),
            exactly_once: ExactlyOnce::default(),
            further,
        }
    }

    /// Takes the next observation. Verdicts stay as they are until the step ends.
    pub fn observe(&mut self, observation: &Observation) {
        self.lineage.observe(observation);
        self.acknowledged_writes.observe(observation);
        self.convergence.observe(observation);
        self.exactly_once.observe(observation);
        if let Some(further) = &mut self.further {
            further.observe(observation, &self.lineage);
        }
    }

    /// The step is over: what was observed since the last one is judged together.
    /// Costs nothing when nothing was observed.
    pub fn end_of_step(&mut self) {
        self.acknowledged_writes.end_of_step(&self.lineage);
        self.convergence.end_of_step(&self.lineage);
        self.exactly_once.end_of_step(&self.lineage);
        if let Some(further) = &mut self.further {
            further.end_of_step();
        }
        let settled = self.lineage.end_of_step();
        for settled in &settled {
            self.acknowledged_writes.settle(*settled);
        }
        if let Some(further) = &mut self.further {
            further.settle(&settled);
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
        self.further.as_ref()?.worst_staleness()
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
            other => {
                let further = self.further.as_ref();
                let judged = further.and_then(|further| further.property(other));
                judged.unwrap_or(&Unjudged)
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn reading(&self) -> &crate::reading::Reading {
        let further = self.further.as_ref();
        further.expect("a judge of everything").reading()
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        self.lineage.remembered() + self.acknowledged_writes.remembered()
    }

    /// The same of what reads are judged by.
    #[cfg(test)]
    pub(crate) fn remembered_of_reads(&self) -> u32 {
        self.further.as_ref().map_or(0, Further::remembered)
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

/// A property that this judge does not look at.
struct Unjudged;

impl Property for Unjudged {
    fn has_subject(&self) -> bool {
        false
    }

    fn violations(&self) -> &[Violation] {
        &[]
    }
}
