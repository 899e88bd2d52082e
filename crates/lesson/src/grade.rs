//! Grades: plays a run to its end and says how the goals stand.

use splitbrain_engine::run::{Player, Run, Target};
use splitbrain_engine::sim::time::Time;

use crate::format::Lesson;
use crate::goal::{Predicate, Status};
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

/// How the goals of a lesson stand at the end of what an observer has read.
pub fn goals(lesson: &Lesson, observer: &Observer) -> Vec<(String, Status)> {
    let standing = lesson.goals().filter_map(|goal| {
        let status = status(&goal.predicate, observer)?;
        Some((goal.id.clone(), status))
    });
    standing.collect()
}

/// How a predicate stands at the end of what an observer has read; nothing if it
/// keeps no record.
pub fn status(predicate: &Predicate, observer: &Observer) -> Option<Status> {
    let record = observer.record()?;
    Some(predicate.status(record, observer.judge()))
}

/// Plays a run to its end, and grades it.
pub fn grade(lesson: &Lesson, run: Run, ends_at: Time) -> Report {
    let actions = lesson.actions(&run);
    let mut observer = Observer::with_record(&run.scenario);
    let mut player = Player::new(run);
    player.jump(Target::Time(ends_at));
    observer.follow_player(&mut player);
    Report {
        goals: goals(lesson, &observer),
        digest: player.world().digest(),
        actions,
        par: lesson.par,
        ends_at,
    }
}

/// Plays a script under a seed, and grades it.
pub fn grade_script(lesson: &Lesson, script: &Script, seed: u64) -> Report {
    grade(lesson, lesson.run_of(script, seed), script.ends_at)
}
