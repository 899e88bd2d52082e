//! Notices what a host page wants to know, and says each thing once.

use splitbrain_lesson::format::StepKind;
use splitbrain_lesson::format::tree::Node;
use splitbrain_lesson::goal::Status;
use splitbrain_lesson::predict::Outcome;

use super::outgoing::{Done, message, number, statement, truth};
use crate::lesson::LessonState;
use crate::session::Session;

/// What has been said already.
#[derive(Clone, Debug, Default)]
pub struct Reporter {
    /// Of which lesson the rest is.
    lesson: Option<String>,
    progress: String,
    predictions: Vec<(u8, u8)>,
    solved_count: u32,
}

impl Reporter {
    /// Says the progress again when it is next asked: somebody new is listening.
    pub fn forget_progress(&mut self) {
        self.progress.clear();
    }

    /// What is new, as messages. `page` is the address of the page, `now` the time.
    pub fn news(&mut self, session: &Session, page: &str, now: &str) -> Vec<String> {
        let Some(lesson) = &session.lesson else {
            return Vec::new();
        };
        let mut news = Vec::new();
        let predictions = decided(lesson);
        if self.lesson.as_deref() != Some(&lesson.lesson.id) {
            // What was done before it was opened here is no news.
            self.lesson = Some(lesson.lesson.id.clone());
            self.predictions.clone_from(&predictions);
            self.solved_count = lesson.solved_count;
        }
        if !session.is_shown() && session.is_observed() {
            let progress = progress(session, lesson);
            if progress != self.progress {
                news.push(progress.clone());
                self.progress = progress;
            }
        }
        for &(step, choice) in &predictions {
            if !self.predictions.contains(&(step, choice)) {
                let said = prediction(session, lesson, step, page, now);
                news.extend(said.into_iter().flatten());
            }
        }
        self.predictions = predictions;
        if lesson.solved_count > self.solved_count {
            news.extend(completed(session, lesson, page, now));
        }
        self.solved_count = lesson.solved_count;
        news
    }
}

/// What was chosen in each prediction that is decided, by step.
fn decided(lesson: &LessonState) -> Vec<(u8, u8)> {
    let predictions = lesson.progress.predictions.iter();
    let decided =
        predictions.filter(|(_, locked)| matches!(locked.outcome, Some(Outcome::Option(_))));
    decided
        .map(|(&step, locked)| (step, locked.choice))
        .collect()
}

fn progress(session: &Session, lesson: &LessonState) -> String {
    let goals = lesson.lesson.goal_ids().into_iter().map(|goal| {
        let is_met = session.standing(goal).as_ref().is_some_and(Status::is_met);
        Node::table([("id", Node::text(goal)), ("met", truth(is_met))])
    });
    let actions = lesson.lesson.actions(session.player.run());
    message(
        "progress",
        [
            ("lesson", Node::text(&lesson.lesson.id)),
            ("step", number(u64::from(session.step()) + 1)),
            ("steps", number(lesson.lesson.steps.len() as u64)),
            ("goals", Node::list(goals)),
            ("actions", number(actions.into())),
        ],
    )
}

fn prediction(
    session: &Session,
    lesson: &LessonState,
    step: u8,
    page: &str,
    now: &str,
) -> Option<[String; 2]> {
    let locked = lesson.progress.predictions.get(&step)?;
    let Some(Outcome::Option(actual)) = locked.outcome else {
        return None;
    };
    let held = lesson.step(step)?;
    let StepKind::Predict(question) = &held.kind else {
        return None;
    };
    let option = question.options.get(locked.choice as usize)?;
    let correct = actual == locked.choice;
    let said = message(
        "prediction",
        [
            ("lesson", Node::text(&lesson.lesson.id)),
            ("step", number(u64::from(step) + 1)),
            ("choice", number(locked.choice.into())),
            ("correct", truth(correct)),
        ],
    );
    let (lang, says) = lesson.lesson.text(session.text.lang().code())?;
    let name = says
        .steps
        .get(step as usize)
        .map_or("", |step| step.title.as_str());
    let statement = statement(&Done {
        verb: "answered",
        object: &format!(
            "{page}#/lesson/{}/{}",
            lesson.lesson.id,
            u32::from(step) + 1
        ),
        name,
        lang,
        kind: "cmi.interaction",
        success: correct,
        completion: true,
        response: Some(&option.id),
        at: now,
    });
    Some([said, statement])
}

fn completed(session: &Session, lesson: &LessonState, page: &str, now: &str) -> [String; 2] {
    let id = &lesson.lesson.id;
    let actions = lesson.lesson.actions(session.player.run());
    let said = message(
        "completed",
        [
            ("lesson", Node::text(id)),
            ("actions", number(actions.into())),
            ("par", number(lesson.lesson.par.into())),
            ("hints", number(lesson.hints_opened().into())),
        ],
    );
    let lang = lesson.lesson.text(session.text.lang().code());
    let statement = statement(&Done {
        verb: "completed",
        object: &format!("{page}#/lesson/{id}"),
        name: lesson.title(&session.text),
        lang: lang.map_or("en", |(lang, _)| lang),
        kind: "lesson",
        success: true,
        completion: true,
        response: None,
        at: now,
    });
    [said, statement]
}
