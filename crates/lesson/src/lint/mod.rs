//! The linter: proves that a lesson can be solved, that it does not start solved, and
//! that what looks like a solution fails where the lesson says.

mod finding;

pub use finding::{Finding, Part};

use splitbrain_engine::run::{Player, Run, Target};
use splitbrain_engine::sim::time::Time;

use crate::format::{Lesson, Prediction, StepKind};
use crate::goal::Predicate;
use crate::grade::{grade, grade_script};
use crate::lab::Answers;
use crate::observe::Observer;
use crate::predict::{self, Outcome};
use crate::script::{Script, Tool};

/// Hints of a step in which something has to be done, at least.
pub const MIN_HINTS: usize = 2;

/// The id of the last step: where real systems do this.
pub const LAST_STEP: &str = "real-systems";

/// Everything that is wrong with a lesson. `folder` is its own and the one above.
pub fn lint(lesson: &Lesson, folder: Option<[&str; 2]>) -> Vec<Finding> {
    let mut findings = Vec::new();
    if let Some([module, id]) = folder {
        for (found, expected) in [(module, &lesson.module), (id, &lesson.id)] {
            if found != expected {
                findings.push(Finding::Folder {
                    found: found.into(),
                    expected: expected.clone(),
                });
            }
        }
    }
    parts(lesson, &mut findings);
    given(lesson, &mut findings);
    let shortest = lesson.solutions.iter().map(|it| it.script.actions()).min();
    if let Some(expected) = shortest
        && expected != lesson.par
    {
        let found = lesson.par;
        findings.push(Finding::Par { found, expected });
    }
    for &seed in &lesson.seeds {
        starts(lesson, seed, &mut findings);
        solutions(lesson, seed, &mut findings);
        must_fail(lesson, seed, &mut findings);
        predictions(lesson, seed, &mut findings);
    }
    findings
}

/// What every lesson has.
fn parts(lesson: &Lesson, findings: &mut Vec<Finding>) {
    let has = |is_it: fn(&StepKind) -> bool| lesson.steps.iter().any(|step| is_it(&step.kind));
    let last = lesson.steps.last().map(|step| step.id.as_str());
    for (is_there, what) in [
        (
            has(|kind| matches!(kind, StepKind::Predict(_))),
            Part::Prediction,
        ),
        (!lesson.goal_ids().is_empty(), Part::Goal),
        (!lesson.solutions.is_empty(), Part::Solution),
        (!lesson.must_fail.is_empty(), Part::MustFail),
        (lesson.texts.contains_key("en"), Part::English),
        (last == Some(LAST_STEP), Part::LastStep),
    ] {
        if !is_there {
            findings.push(Finding::Lacks { what });
        }
    }
    for (language, text) in lesson.texts.iter() {
        for (step, said) in lesson.steps.iter().zip(&text.steps) {
            let has_goals = matches!(step.kind, StepKind::Do(_) | StepKind::Lab(_));
            if has_goals && said.hints.len() < MIN_HINTS {
                findings.push(Finding::Hints {
                    language: language.clone(),
                    step: step.id.clone(),
                    found: said.hints.len() as u32,
                });
            }
        }
    }
}

fn scripts(lesson: &Lesson) -> impl Iterator<Item = (&str, &Script)> {
    let solutions = lesson.solutions.iter();
    let solutions = solutions.map(|it| (it.id.as_str(), &it.script));
    let failing = lesson.must_fail.iter();
    solutions.chain(failing.map(|it| (it.id.as_str(), &it.script)))
}

/// Scripts use nothing but what the learner is given.
fn given(lesson: &Lesson, findings: &mut Vec<Finding>) {
    for (script, content) in scripts(lesson) {
        let mut not_given = |what: String| {
            let script = script.to_string();
            let finding = Finding::NotGiven { script, what };
            if !findings.contains(&finding) {
                findings.push(finding);
            }
        };
        for timed in &content.commands {
            let tool = Tool::of(&timed.command, &lesson.scenario);
            if !lesson.tools.contains(&tool) {
                not_given(tool.id().into());
            }
        }
        for choice in &content.choices {
            let open = lesson.designs.iter().any(|open| {
                (open.service, open.slot) == (choice.service, choice.slot)
                    && open.policies.contains(&choice.policy)
            });
            if !open {
                not_given(choice.policy.clone());
            }
        }
    }
}

/// Neither at the beginning nor by waiting is a lesson solved; and no goal is met
/// at the beginning.
fn starts(lesson: &Lesson, seed: u64, findings: &mut Vec<Finding>) {
    let untouched = |ends_at| grade(lesson, lesson.run(seed), &Answers::default(), ends_at);
    let report = untouched(lesson.begins_at);
    if report.is_solved() || untouched(lesson.ends_at).is_solved() {
        findings.push(Finding::StartsSolved { seed });
    }
    for (goal, status) in report.goals {
        if status.is_met() {
            findings.push(Finding::GoalStartsMet { seed, goal });
        }
    }
}

fn solutions(lesson: &Lesson, seed: u64, findings: &mut Vec<Finding>) {
    for solution in &lesson.solutions {
        let report = grade_script(lesson, &solution.script, seed);
        if !report.is_solved() {
            findings.push(Finding::NotSolved {
                seed,
                script: solution.id.clone(),
                unmet: report.unmet().into_iter().map(Into::into).collect(),
            });
            continue;
        }
        for commands in 0..solution.script.commands.len() {
            let mut prefix = solution.script.clone();
            prefix.commands.truncate(commands);
            // What was answered in the law lab is right already, and takes a while to try.
            prefix.answers = Answers::default();
            let report = grade_script(lesson, &prefix, seed);
            let mut unmet = report.unmet().into_iter();
            if unmet.all(|goal| lesson.lab_goals().any(|it| it.id == goal)) {
                findings.push(Finding::PrefixSolves {
                    seed,
                    script: solution.id.clone(),
                    actions: commands as u32,
                });
                break;
            }
        }
    }
}

fn must_fail(lesson: &Lesson, seed: u64, findings: &mut Vec<Finding>) {
    for failing in &lesson.must_fail {
        let report = grade_script(lesson, &failing.script, seed);
        if report.unmet() != [failing.breaks.as_str()] {
            findings.push(Finding::BreaksOther {
                seed,
                script: failing.id.clone(),
                breaks: failing.breaks.clone(),
                broken: report.unmet().into_iter().map(Into::into).collect(),
            });
        }
    }
}

/// Each prediction has exactly one true option: at the beginning, and wherever a
/// solution has met the goals that come before it.
fn predictions(lesson: &Lesson, seed: u64, findings: &mut Vec<Finding>) {
    for (place, step) in lesson.steps.iter().enumerate() {
        let StepKind::Predict(prediction) = &step.kind else {
            continue;
        };
        let before: Vec<&Predicate> = lesson.goals_before(place).map(|it| &it.predicate).collect();
        let mut check = |prediction: &Prediction, run: &Run, at: Time, before: &str| {
            if predict::outcome(prediction, run, at) == Outcome::Undecided {
                findings.push(Finding::Undecided {
                    seed,
                    step: step.id.clone(),
                    before: before.into(),
                });
            }
        };
        if before.is_empty() {
            check(prediction, &lesson.run(seed), lesson.begins_at, "start");
            continue;
        }
        for solution in &lesson.solutions {
            let run = lesson.run_of(&solution.script, seed);
            if let Some(at) = first_met(&run, &before, solution.script.ends_at) {
                check(prediction, &run, at, &solution.id);
            }
        }
    }
}

/// The first moment of a run at which all of these are met.
fn first_met(run: &Run, goals: &[&Predicate], ends_at: Time) -> Option<Time> {
    let mut observer = Observer::with_record(&run.scenario);
    let mut player = Player::new(run.clone());
    loop {
        let event = player.world().events() + 1;
        player.jump(Target::Event(event));
        if player.world().events() < event || player.time() > ends_at {
            return None;
        }
        observer.follow_player(&mut player);
        let record = observer.record()?;
        let mut goals = goals.iter();
        if goals.all(|goal| goal.status(record, observer.judge()).is_met()) {
            return Some(player.time());
        }
    }
}
