//! Job runs: a scheduled job runs once for each of its times.
//!
//! # What it says
//! For every scheduled time of a job there is exactly one run. A second run for the
//! same time is a violation from that run on, for ever. A time without a run is one
//! from the moment at which the next time of that job comes (a choice: a job that is
//! late by a whole period has missed it), and ends if it is run after all.
//!
//! | runs until the next time | verdict |
//! |---|---|
//! | one | fine |
//! | none | run missed |
//! | none, and one later | run missed, ended by that run |
//! | two, in two regions that each took themselves for the leader | run twice |
//!
//! A run that comes before its time, by a fast clock, counts for that time.
//!
//! # Cost
//! A map look-up or two a run, and a map entry a scheduled time, kept for ever: a
//! scheduler that comes back may run an old time again.
//!
//! # Source
//! Burrows, *The Chubby Lock Service*, OSDI 2006, section 2.4 (a lock that expired is
//! held twice); Beyer et al., *Site Reliability Engineering*, 2016, chapter 24
//! (distributed periodic scheduling: skip or run twice).

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::observation::{FactRef, KeyRef, Observation, Replica};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::JobRuns,
    id: "job_runs",
    per_customer: false,
    kinds: &[ViolationKind::RunMissed, ViolationKind::RunTwice],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct JobRuns {
    times: Map<(KeyRef, u32), Time>,
    /// The latest time of each job that has come.
    latest: Map<KeyRef, u32>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone, Default)]
struct Time {
    due: Option<FactRef>,
    ran: Option<(FactRef, Replica)>,
    is_reported: bool,
    /// Where a standing `run_missed` is in the list of violations.
    missed: Option<u32>,
}

impl JobRuns {
    fn due(&mut self, fact: FactRef, job: KeyRef, tick: u32) {
        let time = self.times.get_or_insert_with((job, tick), Time::default);
        if time.due.is_some() {
            return;
        }
        time.due = Some(fact);
        let before = self.latest.get(&job).copied();
        self.latest.insert(job, tick);
        let Some(before) = before.and_then(|before| self.times.get_mut(&(job, before))) else {
            return;
        };
        if let (Some(due), None) = (before.due, before.ran) {
            before.missed = Some(self.violations.len() as u32);
            let witness = vec![(due, Role::Due), (fact, Role::NextDue)];
            self.violations.push(Violation {
                key: Some(job),
                ..Violation::new(ViolationKind::RunMissed, witness)
            });
        }
    }

    fn run(&mut self, fact: FactRef, job: KeyRef, tick: u32, replica: Replica) {
        let time = self.times.get_or_insert_with((job, tick), Time::default);
        if let Some(place) = time.missed.take() {
            self.violations[place as usize].ended = Some(fact);
        }
        let Some((ran, first)) = time.ran else {
            time.ran = Some((fact, replica));
            return;
        };
        if !time.is_reported {
            time.is_reported = true;
            let mut replicas = vec![first, replica];
            replicas.dedup();
            self.violations.push(Violation {
                key: Some(job),
                replicas,
                ..Violation::new(
                    ViolationKind::RunTwice,
                    vec![(ran, Role::Ran), (fact, Role::RanAgain)],
                )
            });
        }
    }
}

impl Property for JobRuns {
    fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::JobDue { fact, job, tick } => self.due(fact, job, tick),
            Observation::JobRan {
                fact,
                job,
                tick,
                replica,
            } => self.run(fact, job, tick, replica),
            _ => {}
        }
    }

    fn has_subject(&self) -> bool {
        !self.times.is_empty()
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use PropertyId::JobRuns as IT;
    use ViolationKind::{RunMissed, RunTwice};

    #[test]
    fn one_run_for_each_time_is_fine() {
        let mut run = Script::new(1);
        for tick in 0..5 {
            run.due(tick);
            run.runs(tick, 0);
        }
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn two_leaders_run_the_same_time_twice() {
        let mut run = Script::new(2);
        run.due(0);
        let [one, two] = [run.runs(0, 0), run.runs(0, 1)];
        run.runs(0, 1);
        assert_eq!(run.kinds(IT), [RunTwice]);
        let violation = run.violation(IT);
        assert_eq!(violation.first, two);
        assert_eq!(violation.replicas, [Replica(0), Replica(1)]);
        assert_eq!(violation.witness, [(one, Role::Ran), (two, Role::RanAgain)]);
    }

    #[test]
    fn a_time_without_a_run_is_missed_when_the_next_comes_until_it_is_run() {
        let mut run = Script::new(1);
        let due = run.due(0);
        assert!(run.kinds(IT).is_empty());
        let next = run.due(1);
        assert_eq!(run.kinds(IT), [RunMissed]);
        let witness = [(due, Role::Due), (next, Role::NextDue)];
        assert_eq!(run.violation(IT).witness, witness);
        let late = run.runs(0, 0);
        assert_eq!(run.violation(IT).ended, Some(late));
        run.runs(0, 0);
        assert_eq!(run.kinds(IT), [RunMissed, RunTwice]);
    }

    #[test]
    fn a_fast_clock_runs_a_time_before_it_comes() {
        let mut run = Script::new(1);
        run.runs(0, 0);
        run.due(0);
        run.due(1);
        assert!(run.kinds(IT).is_empty());
    }
}
