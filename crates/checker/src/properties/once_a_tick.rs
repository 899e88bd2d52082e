//! Once a tick: no scheduled time of a job is run twice.
//!
//! # What it says
//! The half of [`super::job_runs`] that a scheduler can keep while it cannot be
//! reached: a time may go without a run, but never has two. Whoever cannot know
//! whether a time was run keeps this by not running it.
//!
//! | runs of one time | verdict |
//! |---|---|
//! | none, or one | fine |
//! | two or more | run repeated, from the second one on, for ever |
//!
//! # Cost
//! A map look-up a run, and a map entry a scheduled time, kept for ever.
//!
//! # Source
//! Beyer et al., *Site Reliability Engineering*, 2016, chapter 24 (distributed periodic
//! scheduling: skip rather than run twice).

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::observation::{FactRef, KeyRef, Observation, Replica};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::OnceATick,
    id: "once_a_tick",
    per_customer: false,
    kinds: &[ViolationKind::RunRepeated],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct OnceATick {
    ran: Map<(KeyRef, u32), Run>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone, Copy)]
struct Run {
    fact: FactRef,
    replica: Replica,
    is_reported: bool,
}

impl OnceATick {
    fn run(&mut self, again: Run, job: KeyRef, tick: u32) {
        let Some(first) = self.ran.get_mut(&(job, tick)) else {
            self.ran.insert((job, tick), again);
            return;
        };
        if first.is_reported {
            return;
        }
        first.is_reported = true;
        let mut replicas = vec![first.replica, again.replica];
        replicas.dedup();
        let witness = vec![(first.fact, Role::Ran), (again.fact, Role::RanAgain)];
        self.violations.push(Violation {
            key: Some(job),
            replicas,
            ..Violation::new(ViolationKind::RunRepeated, witness)
        });
    }
}

impl Property for OnceATick {
    fn observe(&mut self, observation: &Observation) {
        if let Observation::JobRan {
            fact,
            job,
            tick,
            replica,
        } = *observation
        {
            let is_reported = false;
            let run = Run {
                fact,
                replica,
                is_reported,
            };
            self.run(run, job, tick);
        }
    }

    fn has_subject(&self) -> bool {
        !self.ran.is_empty()
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use PropertyId::OnceATick as IT;
    use ViolationKind::RunRepeated;

    #[test]
    fn a_time_without_a_run_is_none_of_its_business() {
        let mut run = Script::new(1);
        for tick in [0, 1, 5] {
            run.due(tick);
        }
        run.runs(5, 0);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn the_second_run_of_a_time_is_a_violation_and_a_third_is_the_same_one() {
        let mut run = Script::new(2);
        let [one, two] = [run.runs(3, 0), run.runs(3, 1)];
        run.runs(3, 0);
        run.runs(4, 0);
        assert_eq!(run.kinds(IT), [RunRepeated]);
        let violation = run.violation(IT);
        assert_eq!(violation.replicas, [Replica(0), Replica(1)]);
        assert_eq!(violation.witness, [(one, Role::Ran), (two, Role::RanAgain)]);
        assert!(violation.stands());
    }
}
