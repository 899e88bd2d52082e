//! A lesson, as its file says it.

use std::rc::Rc;

use splitbrain_engine::run::{Run, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::time::Time;
use splitbrain_sorted::Map;

use super::text::Text;
use crate::goal::{Goal, Predicate};
use crate::lab::LabGoal;
use crate::script::{Script, Tool};

/// A lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lesson {
    /// Stable id, the name of its folder.
    pub id: String,
    /// Its module, the name of the folder above.
    pub module: String,
    /// Its place in the curriculum.
    pub order: u32,
    /// How long it takes, about.
    pub minutes: u32,
    /// The world it plays in, with the id `lesson/ID`.
    pub scenario: Rc<Scenario>,
    /// Seeds that the lesson is proven with, the first being its own.
    pub seeds: Vec<u64>,
    /// What happens before the learner comes.
    pub opening: Vec<TimedCommand>,
    /// When the learner comes.
    pub begins_at: Time,
    /// How far a learner's run goes at most.
    pub ends_at: Time,
    /// What the learner is given to act with.
    pub tools: Vec<Tool>,
    /// What the learner may choose.
    pub designs: Vec<OpenSlot>,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// Scripts that solve it.
    pub solutions: Vec<Solution>,
    /// Scripts that look as if they did.
    pub must_fail: Vec<MustFail>,
    /// The actions of the shortest solution.
    pub par: u32,
    /// What it says, by language.
    pub texts: Map<String, Text>,
}

/// A slot that the learner may fill.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSlot {
    /// Of which service.
    pub service: ServiceKind,
    /// Which slot.
    pub slot: Slot,
    /// With one of these policies, by id.
    pub policies: Vec<String>,
}

/// A step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Stable id, unique in its lesson.
    pub id: String,
    /// What the learner does.
    pub kind: StepKind,
}

/// What the learner does in a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// Reads.
    Read,
    /// Says beforehand what will happen.
    Predict(Prediction),
    /// Acts until the goals are met.
    Do(Vec<Goal>),
    /// Answers in the law lab until the goals are met.
    Lab(Vec<LabGoal>),
    /// Reads why it happened, beside the facts of this goal, if it names one.
    Explain(Option<String>),
}

impl StepKind {
    /// The ids of the goals that the learner has to meet in this step.
    pub fn goal_ids(&self) -> Vec<&str> {
        match self {
            Self::Do(goals) => goals.iter().map(|goal| goal.id.as_str()).collect(),
            Self::Lab(goals) => goals.iter().map(|goal| goal.id.as_str()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A question about what will happen, answered by the engine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Prediction {
    /// Policies that it is asked about, where they are not the run's own.
    pub choices: Vec<Choice>,
    /// What happens next; times count from the moment of asking.
    pub continuation: Vec<TimedCommand>,
    /// How long it is watched, in microseconds.
    pub for_us: u64,
    /// What may come of it; exactly one does.
    pub options: Vec<Answer>,
}

/// What may come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Stable id, unique in its prediction.
    pub id: String,
    /// All of this has to be so.
    pub when: Vec<Predicate>,
}

/// A script that solves the lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Solution {
    /// Stable id.
    pub id: String,
    /// What is done.
    pub script: Script,
}

/// A script that looks as if it solved the lesson.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MustFail {
    /// Stable id.
    pub id: String,
    /// The goal that it breaks; the others hold.
    pub breaks: String,
    /// What is done.
    pub script: Script,
}

impl Lesson {
    /// Every goal that a run has to meet, in the order of the steps.
    pub fn goals(&self) -> impl Iterator<Item = &Goal> {
        self.steps.iter().flat_map(|step| match &step.kind {
            StepKind::Do(goals) => goals.as_slice(),
            _ => &[],
        })
    }

    /// The goals of the steps before this one, which a prediction waits for.
    pub fn goals_before(&self, step: usize) -> impl Iterator<Item = &Goal> {
        let before = self.steps.iter().take(step);
        before.flat_map(|step| match &step.kind {
            StepKind::Do(goals) => goals.as_slice(),
            _ => &[],
        })
    }

    /// Every goal in the law lab, in the order of the steps.
    pub fn lab_goals(&self) -> impl Iterator<Item = &LabGoal> {
        self.steps.iter().flat_map(|step| match &step.kind {
            StepKind::Lab(goals) => goals.as_slice(),
            _ => &[],
        })
    }

    /// The ids of all goals, in the order of the steps.
    pub fn goal_ids(&self) -> Vec<&str> {
        let steps = self.steps.iter();
        steps.flat_map(|step| step.kind.goal_ids()).collect()
    }

    /// The step with this id.
    pub fn step(&self, id: &str) -> Option<usize> {
        self.steps.iter().position(|step| step.id == id)
    }

    /// A learner's run at the beginning. Play it to [`Lesson::begins_at`] and let
    /// nobody act before that.
    pub fn run(&self, seed: u64) -> Run {
        let mut run = Run::new(self.scenario.clone(), seed);
        run.commands.clone_from(&self.opening);
        run
    }

    /// The run of a script.
    pub fn run_of(&self, script: &Script, seed: u64) -> Run {
        let mut run = self.run(seed);
        for choice in &script.choices {
            run = run.with(choice.clone());
        }
        run.commands.extend_from_slice(&script.commands);
        run
    }

    /// How many actions of the learner's own are in a run: choices that differ from
    /// the scenario's, and commands after the opening.
    pub fn actions(&self, run: &Run) -> u32 {
        let commands = run.commands.len().saturating_sub(self.opening.len());
        (run.choices.len() + commands) as u32
    }

    /// Its text in a language, or in the one it was written in first, and which
    /// one that is.
    pub fn text(&self, language: &str) -> Option<(&str, &Text)> {
        let in_language =
            |wanted: &str| self.texts.iter().find(|(language, _)| *language == wanted);
        let found = in_language(language).or_else(|| in_language("en"));
        let found = found.or_else(|| self.texts.iter().next());
        found.map(|(language, text)| (language.as_str(), text))
    }
}
