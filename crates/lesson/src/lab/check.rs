//! Whether an answer is right: the engine's law lab says so, a slice at a time.

use splitbrain_engine::crdt::catalogue::Entry;
use splitbrain_engine::crdt::laws::judge::judge;
use splitbrain_engine::crdt::laws::rules::{Kept, RuleLab};
use splitbrain_engine::crdt::laws::{
    Counterexample, Effort, Finding, History, Lab, Law, Search, Sight, Violation,
};
use splitbrain_engine::sim::fact::FactId;

use super::{Answer, Ask, LabGoal};
use crate::goal::{Arg, Reason, Status};

/// An answer that is being checked. Only this says that a goal of the lab is met.
#[derive(Clone, Debug)]
pub struct Check {
    ask: Ask,
    answer: Answer,
    /// What is tried on random histories, if anything has to be.
    trial: Option<Trial>,
}

#[derive(Clone, Debug)]
struct Trial {
    subject: Tried,
    search: Search,
}

#[derive(Clone, Debug)]
enum Tried {
    Type(&'static Entry),
    Rule(RuleLab),
}

impl Tried {
    fn lab(&self) -> &dyn Lab {
        match self {
            Self::Type(entry) => entry.lab,
            Self::Rule(rule) => rule,
        }
    }
}

/// Enough to know whether a law is broken; how small it can be made is another question.
fn effort(goal: &LabGoal, seed: u64) -> Effort {
    Effort {
        histories: goal.histories,
        seed,
        shrunk: 1,
    }
}

impl Check {
    /// Of an answer to a goal, with the seed of the learner's run.
    pub fn new(goal: &LabGoal, answer: &Answer, seed: u64) -> Self {
        let (subject, laws) = match (&goal.ask, answer) {
            (Ask::BrokenLaws { subject, among }, Answer::Laws(_)) => {
                (Some(Tried::Type(subject)), among.as_slice())
            }
            (Ask::SafeRule { laws, .. }, Answer::Rule(rule)) => {
                (RuleLab::parse(rule).ok().map(Tried::Rule), laws.as_slice())
            }
            _ => (None, [].as_slice()),
        };
        let trial = subject.map(|subject| Trial {
            subject,
            search: Search::new(laws, effort(goal, seed)),
        });
        Self {
            ask: goal.ask.clone(),
            answer: answer.clone(),
            trial,
        }
    }

    /// Judges at most so many histories, and says whether it is done.
    pub fn advance(&mut self, budget: u32) -> bool {
        let Some(trial) = &mut self.trial else {
            return true;
        };
        trial.search.advance(trial.subject.lab(), budget)
    }

    /// What was found about each law so far, where something has to be searched.
    pub fn findings(&self) -> &[Finding] {
        let trial = self.trial.as_ref();
        trial.map_or(&[], |trial| trial.search.findings())
    }

    /// How the goal stands with the answer, once [`Check::advance`] is done.
    pub fn decided(&self) -> Decided {
        let status = match (&self.ask, &self.answer) {
            (
                Ask::Counterexample {
                    subject,
                    law,
                    at_most,
                },
                Answer::History { history, .. },
            ) => of_history(subject.lab, *law, *at_most, history),
            (Ask::BrokenLaws { .. }, Answer::Laws(named)) => of_laws(self.findings(), named),
            (Ask::SafeRule { kept, .. }, Answer::Rule(rule)) => {
                of_rule(*kept, rule, self.findings())
            }
            _ => unanswered(),
        };
        Decided {
            answer: self.answer.to_string(),
            status,
        }
    }
}

/// An answer that the law lab has decided on. Nothing else makes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    answer: String,
    status: Status,
}

impl Decided {
    /// The answer, as [`Answer::parse`] reads it.
    pub fn answer(&self) -> &str {
        &self.answer
    }

    /// How the goal stands with it.
    pub fn status(&self) -> &Status {
        &self.status
    }

    /// Has the lab decide on an answer, in one go; nothing where it is none.
    pub fn of(goal: &LabGoal, answer: &str, seed: u64) -> Option<Self> {
        let answer = Answer::parse(goal, answer).ok()?;
        let mut check = Check::new(goal, &answer, seed);
        while !check.advance(u32::MAX) {}
        Some(check.decided())
    }
}

fn met() -> Status {
    Status::Met {
        since: FactId::NONE,
    }
}

/// How a goal stands that nobody has answered.
pub fn unanswered() -> Status {
    Reason::new("lab_unanswered", &[]).not_met()
}

fn of_history(lab: &dyn Lab, law: Law, at_most: u32, history: &History) -> Status {
    let steps = history.steps.len() as u32;
    if violation(lab, law, history).is_none() {
        return Reason::new("lab_keeps_law", &[]).not_met();
    }
    if steps > at_most {
        let counts = [Arg::Count(steps), Arg::Count(at_most)];
        return Reason::new("lab_longer", &counts).not_met();
    }
    met()
}

/// What a history breaks a law by: in what is read, or else in the state.
fn violation(lab: &dyn Lab, law: Law, history: &History) -> Option<Violation> {
    let in_sight = |sight| {
        let judged = judge(lab, history, &[law], sight);
        judged.violations.into_iter().next()
    };
    in_sight(Sight::Value).or_else(|| in_sight(Sight::State))
}

fn is_broken(finding: &Finding) -> bool {
    finding.counterexample.is_some()
}

fn of_laws(findings: &[Finding], named: &[Law]) -> Status {
    let held = findings
        .iter()
        .filter(|it| named.contains(&it.law) && !is_broken(it));
    let missed = findings
        .iter()
        .filter(|it| !named.contains(&it.law) && is_broken(it));
    let (held, missed) = (held.count() as u32, missed.count() as u32);
    if (held, missed) == (0, 0) {
        return met();
    }
    let counts = [Arg::Count(held), Arg::Count(missed)];
    Reason::new("lab_named_otherwise", &counts).not_met()
}

fn of_rule(kept: Kept, rule: &str, findings: &[Finding]) -> Status {
    let keeps = RuleLab::parse(rule).ok().map(|lab| lab.plan().kept);
    if keeps != Some(kept) {
        return Reason::new("lab_keeps_another", &[]).not_met();
    }
    let broken = findings.iter().filter(|it| is_broken(it)).count() as u32;
    if broken > 0 {
        return Reason::new("lab_rule_breaks", &[Arg::Count(broken)]).not_met();
    }
    met()
}

/// How a goal stands with an answer or without one, in one go.
pub fn status(goal: &LabGoal, answer: Option<&Answer>, seed: u64) -> Status {
    let Some(answer) = answer else {
        return unanswered();
    };
    let mut check = Check::new(goal, answer, seed);
    while !check.advance(u32::MAX) {}
    check.decided().status
}

/// The machine that looks for the smallest counterexample, to be compared with a learner's
/// own, a slice at a time.
#[derive(Clone, Debug)]
pub struct Machine {
    subject: &'static Entry,
    search: Search,
}

impl Machine {
    /// Looks for what a goal asks for; nothing where it asks for no history.
    pub fn new(goal: &LabGoal, seed: u64) -> Option<Self> {
        let Ask::Counterexample { subject, law, .. } = &goal.ask else {
            return None;
        };
        let effort = Effort {
            shrunk: Effort::default().shrunk,
            ..effort(goal, seed)
        };
        Some(Self {
            subject,
            search: Search::new(&[*law], effort),
        })
    }

    /// Judges at most so many histories, and says whether it is done.
    pub fn advance(&mut self, budget: u32) -> bool {
        self.search.advance(self.subject.lab, budget)
    }

    /// The smallest that was found.
    pub fn found(&self) -> Option<&Counterexample> {
        self.search.findings().first()?.counterexample.as_ref()
    }
}

/// A learner's own history, drawn where it breaks the law that a goal asks for.
pub fn own(goal: &LabGoal, answer: &Answer) -> Option<Counterexample> {
    let (Ask::Counterexample { subject, law, .. }, Answer::History { history, .. }) =
        (&goal.ask, answer)
    else {
        return None;
    };
    let violation = violation(subject.lab, *law, history)?;
    Some(Counterexample::draw(
        subject.lab,
        history.clone(),
        violation,
    ))
}
