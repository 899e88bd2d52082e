//! Showing how something goes, beside the learner's own run: predictions that were
//! locked in, and solutions. Both are branches that are not her own doing.

use splitbrain_engine::run::Run;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::{Prediction, StepKind};
use splitbrain_lesson::predict::Trial;

use super::state::Locked;
use crate::session::Session;

/// A prediction that is being played out, aside from what is shown.
#[derive(Debug)]
pub struct Pending {
    step: u8,
    /// When it was asked.
    at: Time,
    trial: Trial,
}

impl Session {
    pub(super) fn predict(&mut self, choice: u8) {
        let step = self.step();
        let at = self.player.time();
        let Some(prediction) = self.prediction() else {
            return;
        };
        let trial = Trial::new(&prediction, self.player.run(), at);
        self.trial = Some(Pending { step, at, trial });
        if let Some(lesson) = &mut self.lesson {
            let locked = Locked {
                choice,
                outcome: None,
            };
            lesson.progress.predictions.insert(step, locked);
        }
    }

    fn prediction(&self) -> Option<Prediction> {
        let step = self.lesson.as_ref()?.step(self.step())?;
        match &step.kind {
            StepKind::Predict(prediction) => Some(prediction.clone()),
            _ => None,
        }
    }

    /// Goes on playing a prediction out; when it is decided, shows how it went. True
    /// when there is nothing left to do.
    pub fn work_on_trial(&mut self, events: u32) -> bool {
        let Some(pending) = &mut self.trial else {
            return true;
        };
        if !pending.trial.work(events) {
            return false;
        }
        let outcome = pending.trial.outcome();
        let (step, at) = (pending.step, pending.at);
        let run = pending.trial.player().run().clone();
        let ends_at = pending.trial.player().time();
        self.trial = None;
        if let Some(lesson) = &mut self.lesson
            && let Some(locked) = lesson.progress.predictions.get_mut(&step)
        {
            locked.outcome = Some(outcome);
        }
        self.changes += 1;
        self.show(run, at, ends_at);
        true
    }

    /// Plays a solution; in the law lab, where nothing plays, shows what it answers.
    pub(super) fn show_solution(&mut self, place: u8) {
        if self.is_at_lab() {
            return self.show_answers();
        }
        let Some(lesson) = &mut self.lesson else {
            return;
        };
        let Some(solution) = lesson.lesson.solutions.get(place as usize) else {
            return;
        };
        let run = lesson.lesson.run_of(&solution.script, lesson.seed);
        let ends_at = solution.script.ends_at;
        let begins_at = lesson.lesson.begins_at;
        lesson.progress.saw_solution = true;
        self.show(run, begins_at, ends_at);
    }

    fn show_answers(&mut self) {
        let step = self.step();
        if let Some(lesson) = &mut self.lesson {
            lesson.progress.saw_solution = true;
            lesson.shown_answers = Some(step);
        }
        self.changes += 1;
        // On a phone the lab is another view than the hints.
        self.tab = "diagram";
    }

    /// Plays a run for the learner to watch, as a branch that is not her own.
    fn show(&mut self, run: Run, from: Time, to: Time) {
        let own = self.branch;
        self.keep_open_branch();
        let known = self.branches.iter().find(|branch| branch.run == run);
        if let Some(number) = known.map(|branch| branch.number) {
            self.open(run, from);
            self.branch = number;
        } else {
            self.open(run, from);
            self.add_branch(Some((own, from)));
        }
        self.playing = true;
        self.is_held = false;
        self.stop_at = Some(to);
        let shown = self.branch;
        if let Some(lesson) = &mut self.lesson {
            if !lesson.shown.contains(&own) {
                lesson.own = own;
            }
            if shown != lesson.own && !lesson.shown.contains(&shown) {
                lesson.shown.push(shown);
            }
        }
    }

    /// Whether what is open is being shown, and not the learner's own doing.
    pub fn is_shown(&self) -> bool {
        let lesson = self.lesson.as_ref();
        lesson.is_some_and(|lesson| lesson.shown.contains(&self.branch))
    }

    pub(super) fn back_to_own(&mut self) {
        let own = self.lesson.as_ref().map(|lesson| lesson.own);
        if let Some(own) = own
            && self.is_shown()
        {
            self.open_branch(own);
            self.playing = false;
        }
    }
}
