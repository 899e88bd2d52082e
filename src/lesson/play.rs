//! What happens to the session in a lesson: opening, going on, solving.

use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::StepKind;
use splitbrain_lesson::goal::{Goal, Status};
use splitbrain_lesson::grade;
use splitbrain_lesson::lab::{self, Decided, LabGoal};

use super::state::{LessonState, Progress};
use crate::session::{Desk, Place, Session};

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
    /// The law lab has decided on an answer to a goal.
    Answer(String, Box<Decided>),
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
            LessonAction::Answer(goal, decided) => self.answer(goal, *decided),
            LessonAction::OpenHint => {
                let step = self.step();
                if let Some(lesson) = &mut self.lesson {
                    *lesson.progress.hints.get_or_insert_with(step, || 0) += 1;
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
            shown_answers: None,
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
            Some(StepKind::Lab(goals)) => goals.iter().all(|goal| lesson.has_answered(&goal.id)),
            Some(StepKind::Read | StepKind::Explain(_)) => true,
            None => false,
        }
    }

    /// Takes an answer in, instead of the one before.
    fn answer(&mut self, goal: String, decided: Decided) {
        let Some(lesson) = &mut self.lesson else {
            return;
        };
        if lesson.lesson.lab_goals().all(|held| held.id != goal) {
            return;
        }
        lesson.progress.answers.insert(goal, decided);
        self.changes += 1;
        self.check_solved();
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
        if lesson.lesson.lab_goals().any(|held| held.id == goal) {
            let decided = lesson.progress.answers.get(goal);
            return Some(decided.map_or_else(lab::unanswered, |it| it.status().clone()));
        }
        let goal = lesson.lesson.goals().find(|held| held.id == goal)?;
        grade::status(&goal.predicate, &self.observer)
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
                lesson.shown.push(branch);
            } else {
                lesson.own = branch;
            }
        }
    }

    /// Notes it when every goal is met in the learner's own run, and every step that
    /// asks for one has been opened.
    pub fn check_solved(&mut self) {
        let is_candidate = self.lesson.as_ref().is_some_and(|lesson| {
            let is_do = |kind: &StepKind| matches!(kind, StepKind::Do(_) | StepKind::Lab(_));
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
        let has_answered = |goal: &LabGoal| lesson.has_answered(&goal.id);
        let is_solved = standing.iter().all(|(_, it)| it.is_met())
            && lesson.lesson.lab_goals().all(has_answered);
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
