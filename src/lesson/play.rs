//! What happens to the session in a lesson: opening, predicting, showing, solving.

use splitbrain_engine::run::Run;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::{Prediction, StepKind};
use splitbrain_lesson::goal::{Goal, Status};
use splitbrain_lesson::grade;
use splitbrain_lesson::predict::Trial;

use super::state::{LessonState, Locked, Progress};
use crate::session::{Desk, Place, Session};

/// A prediction that is being played out, aside from what is shown.
#[derive(Debug)]
pub struct Pending {
    step: u8,
    /// When it was asked.
    at: Time,
    trial: Trial,
}

/// What can be asked of a lesson that is open.
#[derive(Clone, Debug, PartialEq)]
pub enum LessonAction {
    /// A lesson has come: as it was left, or at its beginning.
    Open(Box<LessonState>, Option<Desk>),
    /// To another step, as far as it is open.
    GoTo(u8),
    /// Locks a prediction in, and plays it out.
    Predict(u8),
    /// Takes the prediction of this step back, where the engine could not decide it.
    PredictAgain,
    /// Opens one more hint of this step.
    OpenHint,
    /// Shows a solution, by its place.
    ShowSolution(u8),
    /// Back from what is shown to the learner's own run.
    BackToOwn,
    /// Starts anew.
    Reset,
}

impl Session {
    /// Takes an action in the lesson that is open.
    pub fn reduce_lesson(&mut self, action: LessonAction) {
        match action {
            LessonAction::Open(lesson, desk) => self.open_lesson(*lesson, desk),
            LessonAction::GoTo(step) => self.go_to_step(step),
            LessonAction::Predict(choice) => self.predict(choice),
            LessonAction::PredictAgain => {
                let step = self.step();
                if let Some(lesson) = &mut self.lesson {
                    lesson.progress.predictions.remove(&step);
                }
            }
            LessonAction::OpenHint => {
                let step = self.step();
                if let Some(lesson) = &mut self.lesson {
                    *lesson.progress.hints.entry(step).or_default() += 1;
                }
            }
            LessonAction::ShowSolution(place) => self.show_solution(place),
            LessonAction::BackToOwn => self.back_to_own(),
            LessonAction::Reset => self.reset_lesson(),
        }
    }

    /// The step that is shown, from 0.
    pub fn step(&self) -> u8 {
        match self.place {
            Place::Lesson { step, .. } => step,
            _ => 0,
        }
    }

    fn open_lesson(&mut self, lesson: LessonState, desk: Option<Desk>) {
        self.lay_aside();
        self.slot.clone_from(&lesson.lesson.id);
        match desk {
            Some(desk) => {
                let lesson = Some(lesson);
                self.sit_down(Desk { lesson, ..desk }, false);
            }
            None => self.begin(lesson),
        }
        self.clamp_step();
    }

    /// At the beginning of a lesson: paused, since reading comes first.
    fn begin(&mut self, lesson: LessonState) {
        let (run, begins_at) = (lesson.run(), lesson.lesson.begins_at);
        self.lesson = Some(lesson);
        self.load(run, begins_at, false);
        self.own_branch_is_open();
    }

    fn reset_lesson(&mut self) {
        let Some(lesson) = self.lesson.clone() else {
            return;
        };
        self.trial = None;
        self.begin(LessonState {
            progress: Progress::default(),
            ..lesson
        });
        if let Place::Lesson { step, .. } = &mut self.place {
            *step = 0;
        }
    }

    /// Nobody gets further than they have come.
    pub fn clamp_step(&mut self) {
        let Some(lesson) = &self.lesson else { return };
        if let Place::Lesson { id, step } = &mut self.place
            && *id == lesson.lesson.id
        {
            *step = (*step).min(lesson.progress.reached);
        }
    }

    fn go_to_step(&mut self, to: u8) {
        let (step, can_go_on) = (self.step(), self.can_go_on());
        self.back_to_own();
        self.playing = false;
        let Some(lesson) = &mut self.lesson else {
            return;
        };
        if to == step + 1 && can_go_on {
            lesson.progress.reached = lesson.progress.reached.max(to);
        }
        if let Place::Lesson { step, .. } = &mut self.place {
            *step = to;
        }
        self.clamp_step();
        self.check_solved();
    }

    /// Whether the next step may be opened.
    pub fn can_go_on(&self) -> bool {
        let step = self.step();
        let Some(lesson) = &self.lesson else {
            return false;
        };
        if usize::from(step) + 1 >= lesson.lesson.steps.len() {
            return false;
        }
        if lesson.progress.reached > step {
            return true;
        }
        match lesson.step(step).map(|step| &step.kind) {
            Some(StepKind::Predict(_)) => {
                let locked = lesson.progress.predictions.get(&step);
                locked.is_some_and(|locked| locked.outcome.is_some())
            }
            Some(StepKind::Do(goals)) => !self.is_shown() && self.are_met(goals),
            Some(StepKind::Read | StepKind::Explain(_)) => true,
            None => false,
        }
    }

    fn are_met(&self, goals: &[Goal]) -> bool {
        self.is_observed()
            && goals.iter().all(|goal| {
                let status = grade::status(&goal.predicate, &self.observer);
                status.is_some_and(|status| status.is_met())
            })
    }

    /// How a goal stands at the cursor.
    pub fn standing(&self, goal: &str) -> Option<Status> {
        let lesson = self.lesson.as_ref()?;
        let goal = lesson.lesson.goals().find(|held| held.id == goal)?;
        grade::status(&goal.predicate, &self.observer)
    }

    fn predict(&mut self, choice: u8) {
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

    /// After a lesson was taken up again: a prediction that was not decided is taken
    /// back, and what was solved before is no news.
    pub fn take_up_lesson(&mut self) {
        let run = self.player.run().clone();
        if let Some(lesson) = &mut self.lesson {
            let predictions = &mut lesson.progress.predictions;
            predictions.retain(|_, locked| locked.outcome.is_some());
            lesson.solved_run = lesson.progress.solved.is_some().then_some(run);
        }
    }

    fn show_solution(&mut self, place: u8) {
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
        self.stop_at = Some(to);
        let shown = self.branch;
        if let Some(lesson) = &mut self.lesson {
            if !lesson.shown.contains(&own) {
                lesson.own = own;
            }
            if shown != lesson.own {
                lesson.shown.insert(shown);
            }
        }
    }

    /// Whether what is open is being shown, and not the learner's own doing.
    pub fn is_shown(&self) -> bool {
        let lesson = self.lesson.as_ref();
        lesson.is_some_and(|lesson| lesson.shown.contains(&self.branch))
    }

    fn back_to_own(&mut self) {
        let own = self.lesson.as_ref().map(|lesson| lesson.own);
        if let Some(own) = own
            && self.is_shown()
        {
            self.open_branch(own);
            self.playing = false;
        }
    }

    /// The open branch is the learner's.
    pub fn own_branch_is_open(&mut self) {
        let branch = self.branch;
        if let Some(lesson) = &mut self.lesson {
            lesson.shown.clear();
            lesson.own = branch;
        }
    }

    /// A fork of what is shown is no more the learner's own than that.
    pub fn inherit_shown(&mut self, from: u32) {
        let branch = self.branch;
        if let Some(lesson) = &mut self.lesson {
            if lesson.shown.contains(&from) {
                lesson.shown.insert(branch);
            } else {
                lesson.own = branch;
            }
        }
    }

    /// Notes it when every goal is met in the learner's own run, and every step that
    /// asks for one has been opened.
    pub fn check_solved(&mut self) {
        let is_candidate = self.lesson.as_ref().is_some_and(|lesson| {
            let is_do = |kind: &StepKind| matches!(kind, StepKind::Do(_));
            let last = lesson
                .lesson
                .steps
                .iter()
                .rposition(|step| is_do(&step.kind));
            last.is_some_and(|last| usize::from(lesson.progress.reached) >= last)
        });
        if !is_candidate || self.is_shown() || !self.is_observed() {
            return;
        }
        let Some(lesson) = &self.lesson else { return };
        let standing = grade::goals(&lesson.lesson, &self.observer);
        let is_solved = !standing.is_empty() && standing.iter().all(|(_, it)| it.is_met());
        let run = self.player.run();
        let actions = lesson.lesson.actions(run);
        // Going back and forth in a run does not solve it again.
        let is_news = is_solved && lesson.solved_run.as_ref() != Some(run);
        let run = is_news.then(|| run.clone());
        if let Some(lesson) = &mut self.lesson {
            lesson.is_solved_now = is_solved;
            if is_news {
                let best = lesson
                    .progress
                    .solved
                    .map_or(actions, |best| best.min(actions));
                lesson.progress.solved = Some(best);
                lesson.solved_run = run;
                lesson.solved_count += 1;
                self.changes += 1;
            }
        }
    }

    /// The moments between which somebody may act.
    pub fn time_to_act(&self) -> (Time, Time) {
        self.lesson
            .as_ref()
            .map_or((Time::ZERO, Time::MAX), |lesson| {
                (lesson.lesson.begins_at, lesson.lesson.ends_at)
            })
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_engine::run::Command;
    use splitbrain_lesson::format::{Folder, Lesson, from_folder};
    use splitbrain_lesson::predict::Outcome;

    use super::*;
    use crate::session::Action;

    const LESSON: &str =
        include_str!("../../lessons/03-two-truths/last-write-wins-loses/lesson.toml");

    fn lesson() -> Rc<Lesson> {
        let folder = Folder {
            lesson: LESSON.into(),
            texts: Vec::new(),
        };
        Rc::new(from_folder(&folder).expect("the lesson is right"))
    }

    /// At the beginning of a lesson, everything done that was begun.
    fn session() -> Session {
        let mut session = Session::new(7);
        let lesson = LessonState::new(lesson(), None);
        session.reduce(Action::Navigate(Place::Lesson {
            id: lesson.lesson.id.clone(),
            step: 0,
        }));
        take(&mut session, LessonAction::Open(Box::new(lesson), None));
        session
    }

    fn take(session: &mut Session, action: LessonAction) {
        session.reduce(Action::Lesson(action));
        while !session.work(u32::MAX) {}
    }

    /// Does what a solution does, at the moments at which it does it.
    fn solve(session: &mut Session) {
        let solution = session
            .lesson
            .as_ref()
            .map(|held| held.lesson.solutions[0].clone());
        let script = solution.expect("there is a lesson").script;
        for timed in &script.commands {
            session.reduce(Action::GoTo(timed.at));
            while !session.work(u32::MAX) {}
            session.reduce(Action::Act(timed.command));
            while !session.work(u32::MAX) {}
        }
        session.reduce(Action::GoTo(script.ends_at));
        while !session.work(u32::MAX) {}
    }

    fn reach(session: &mut Session, step: u8) {
        if let Some(lesson) = &mut session.lesson {
            lesson.progress.reached = step;
        }
        take(session, LessonAction::GoTo(step));
    }

    #[test]
    fn a_lesson_begins_paused_at_its_beginning() {
        let session = session();
        assert_eq!(session.time(), lesson().begins_at);
        assert!(!session.playing);
        assert!(session.is_untouched());
        assert!(session.desks.contains_key(crate::session::PLAYGROUND));
    }

    #[test]
    fn nobody_gets_further_than_they_have_come() {
        let mut session = session();
        take(&mut session, LessonAction::GoTo(5));
        assert_eq!(session.step(), 0);
        take(&mut session, LessonAction::GoTo(1));
        assert_eq!(session.step(), 1);
        take(&mut session, LessonAction::GoTo(2));
        assert_eq!(session.step(), 1, "its goals are not met");
    }

    #[test]
    fn a_prediction_is_played_out_aside_and_then_shown() {
        let mut session = session();
        reach(&mut session, 5);
        let (own, run) = (session.branch, session.player.run().clone());
        take(&mut session, LessonAction::Predict(0));
        let locked = session
            .lesson
            .as_ref()
            .map(|held| held.progress.predictions[&5].clone());
        let outcome = locked.and_then(|locked| locked.outcome);
        assert_eq!(outcome, Some(Outcome::Option(1)));
        assert!(session.is_shown() && session.playing);
        take(&mut session, LessonAction::BackToOwn);
        assert_eq!((session.branch, session.player.run()), (own, &run));
        assert!(!session.is_shown() && !session.playing);
    }

    #[test]
    fn solving_it_counts_once_however_often_it_is_watched() {
        let mut session = session();
        reach(&mut session, 6);
        solve(&mut session);
        let count = |session: &Session| {
            let lesson = session.lesson.as_ref().expect("there is a lesson");
            (lesson.solved_count, lesson.progress.solved)
        };
        assert_eq!(count(&session), (1, Some(6)));
        for moment_ms in [9_000, 39_000] {
            session.reduce(Action::GoTo(Time::from_ms(moment_ms)));
            while !session.work(u32::MAX) {}
        }
        assert_eq!(count(&session), (1, Some(6)));
    }

    #[test]
    fn a_solution_that_was_shown_does_not_count() {
        let mut session = session();
        reach(&mut session, 6);
        take(&mut session, LessonAction::ShowSolution(0));
        session.reduce(Action::GoTo(Time::from_ms(40_000)));
        while !session.work(u32::MAX) {}
        assert!(session.is_shown());
        session.reduce(Action::GoTo(Time::from_ms(20_000)));
        while !session.work(u32::MAX) {}
        session.reduce(Action::Act(Command::CrashRegion { region: 0 }));
        while !session.work(u32::MAX) {}
        assert!(session.is_shown(), "a fork of what is shown is shown");
        assert_eq!(session.lesson.map(|held| held.progress.solved), Some(None));
    }

    #[test]
    fn progress_is_read_back_as_it_was_written() {
        let mut session = session();
        reach(&mut session, 5);
        take(&mut session, LessonAction::Predict(0));
        take(&mut session, LessonAction::OpenHint);
        solve(&mut session);
        let text = session.desk().text();
        let before = session.lesson.expect("there is a lesson");
        let scenario = before.lesson.scenario.clone();
        let read = crate::session::record::read(&text, |_| Some(scenario.clone()))
            .expect("what was written can be read");
        let mut after = LessonState::new(before.lesson.clone(), None);
        after.read(&read.rest).expect("so can the progress");
        assert_eq!(after.progress, before.progress);
        assert_eq!((after.own, after.shown), (before.own, before.shown));
    }
}
