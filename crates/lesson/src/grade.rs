//! Grades: plays a run to its end and says how the goals stand.

use splitbrain_engine::run::{Player, Run, Target};
use splitbrain_engine::sim::time::Time;

use crate::format::{Lesson, StepKind};
use crate::goal::{Predicate, Status};
use crate::lab::{self, Answers};
use crate::observe::Observer;
use crate::script::Script;

/// How a run of a lesson went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Each goal's id and how it stands, in the order of the steps.
    pub goals: Vec<(String, Status)>,
    /// The digest of the run up to its end.
    pub digest: u64,
    /// How many actions it took.
    pub actions: u32,
    /// How many the shortest solution takes.
    pub par: u32,
    /// When it ended.
    pub ends_at: Time,
}

impl Report {
    /// Whether every goal is met.
    pub fn is_solved(&self) -> bool {
        !self.goals.is_empty() && self.goals.iter().all(|(_, status)| status.is_met())
    }

    /// The goals that are not met.
    pub fn unmet(&self) -> Vec<&str> {
        let unmet = self.goals.iter().filter(|(_, status)| !status.is_met());
        unmet.map(|(id, _)| id.as_str()).collect()
    }
}

/// How the goals of a lesson stand at the end of what an observer has read; those of the
/// law lab are not among them.
pub fn goals(lesson: &Lesson, observer: &Observer) -> Vec<(String, Status)> {
    let standing = lesson.goals().filter_map(|goal| {
        let status = status(&goal.predicate, observer)?;
        Some((goal.id.clone(), status))
    });
    standing.collect()
}

/// How every goal stands, those of the law lab too, in the order of the steps.
fn in_order(
    lesson: &Lesson,
    observer: &Observer,
    answers: &Answers,
    seed: u64,
) -> Vec<(String, Status)> {
    let mut standing = Vec::new();
    for step in &lesson.steps {
        match &step.kind {
            StepKind::Do(goals) => standing.extend(goals.iter().filter_map(|goal| {
                let status = status(&goal.predicate, observer)?;
                Some((goal.id.clone(), status))
            })),
            StepKind::Lab(goals) => standing.extend(goals.iter().map(|goal| {
                let status = lab::status(goal, answers.get(&goal.id), seed);
                (goal.id.clone(), status)
            })),
            _ => {}
        }
    }
    standing
}

/// How a predicate stands at the end of what an observer has read; nothing if it
/// keeps no record.
pub fn status(predicate: &Predicate, observer: &Observer) -> Option<Status> {
    let record = observer.record()?;
    Some(predicate.status(record, observer.judge()))
}

/// Plays a run to its end, has the law lab try the answers with the run's seed, and grades
/// both.
pub fn grade(lesson: &Lesson, run: Run, answers: &Answers, ends_at: Time) -> Report {
    let seed = run.seed;
    let actions = lesson.actions(&run);
    let mut observer = Observer::with_record(&run.scenario);
    let mut player = Player::new(run);
    player.jump(Target::Time(ends_at));
    observer.follow_player(&mut player);
    Report {
        goals: in_order(lesson, &observer, answers, seed),
        digest: player.world().digest(),
        actions,
        par: lesson.par,
        ends_at,
    }
}

/// Plays a script under a seed, and grades it.
pub fn grade_script(lesson: &Lesson, script: &Script, seed: u64) -> Report {
    let run = lesson.run_of(script, seed);
    grade(lesson, run, &script.answers, script.ends_at)
}
