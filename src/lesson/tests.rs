//! A lesson from beginning to end, as actions on a session.

use std::rc::Rc;

use splitbrain_engine::run::Command;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::{Folder, Lesson, from_folder};
use splitbrain_lesson::lab::Decided;
use splitbrain_lesson::predict::Outcome;

use super::{LessonAction, LessonState};
use crate::session::{Action, Place, Session};

const LESSON: &str = include_str!("../../lessons/03-two-truths/last-write-wins-loses/lesson.toml");

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

/// Cuts a link, and lets what there is to do be done.
fn cut(session: &mut Session, to: u8) {
    session.reduce(Action::Act(Command::CutLink {
        from: 0,
        to,
        direction: splitbrain_engine::run::Direction::Both,
    }));
    while !session.work(u32::MAX) {}
}

#[test]
fn what_is_asked_for_is_watched_unless_time_was_stopped_by_hand() {
    let mut playground = Session::new(1);
    // As when somebody opens a link.
    playground.reduce(Action::Pause);
    for mut session in [session(), playground] {
        let place = session.place.clone();
        cut(&mut session, 1);
        assert!(
            session.playing,
            "{place:?} waited, and now something is done"
        );
        for by_hand in [Action::TogglePlay, Action::StepOn, Action::StepBack] {
            session.reduce(by_hand);
            session.playing = false;
            while !session.work(u32::MAX) {}
            let moment = session.time();
            for to in [1, 2] {
                cut(&mut session, to);
            }
            assert!(!session.playing, "{place:?}");
            assert!(session.time().0 <= moment.0 + 2, "both in one moment");
        }
        session.reduce(Action::TogglePlay);
        session.reduce(Action::Pause);
        cut(&mut session, 1);
        assert!(session.playing, "{place:?}: it was let go on since");
    }
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
        .and_then(|held| held.progress.predictions.get(&5).cloned());
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
    assert_eq!(count(&session), (1, Some(7)));
    for moment_ms in [9_000, 39_000] {
        session.reduce(Action::GoTo(Time::from_ms(moment_ms)));
        while !session.work(u32::MAX) {}
    }
    assert_eq!(count(&session), (1, Some(7)));
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

const LAB: &str = include_str!("../../lessons/04-merging/the-law-lab/lesson.toml");

/// The lesson in the law lab, at its first step there.
fn in_the_lab() -> Session {
    let folder = Folder {
        lesson: LAB.into(),
        texts: Vec::new(),
    };
    let lesson = Rc::new(from_folder(&folder).expect("the lesson is right"));
    let mut session = Session::new(7);
    let lesson = LessonState::new(lesson, None);
    session.reduce(Action::Navigate(Place::Lesson {
        id: lesson.lesson.id.clone(),
        step: 0,
    }));
    take(&mut session, LessonAction::Open(Box::new(lesson), None));
    reach(&mut session, 2);
    session
}

/// Has the lab decide, as the bench does.
fn answer(session: &mut Session, id: &str, answer: &str) {
    let lesson = &session.lesson.as_ref().expect("it is open").lesson;
    let goal = lesson.lab_goals().find(|goal| goal.id == id).cloned();
    let seed = lesson.seeds[0];
    let decided = Decided::of(&goal.expect("the lesson has it"), answer, seed);
    let decided = Box::new(decided.expect("it is an answer"));
    take(session, LessonAction::Answer(id.into(), decided));
}

#[test]
fn a_step_in_the_lab_opens_the_next_when_its_goals_are_met() {
    let mut session = in_the_lab();
    assert!(session.is_at_lab() && !session.can_go_on());
    answer(&mut session, "which", "idempotent");
    assert!(!session.can_go_on());
    answer(&mut session, "which", "updates_go_up, specification");
    assert!(session.can_go_on());
    take(&mut session, LessonAction::GoTo(3));
    assert!(session.is_at_lab() && !session.can_go_on());
    take(&mut session, LessonAction::Reset);
    assert!(!session.is_at_lab());
}

#[test]
fn a_solution_in_the_lab_shows_its_answers_and_answers_nothing() {
    let mut session = in_the_lab();
    let branches = session.branches.len();
    let shown = |session: &Session, step: u8, goal: &str| {
        let lesson = session.lesson.as_ref().expect("it is open");
        lesson.shown_answer(step, goal).map(ToString::to_string)
    };
    assert_eq!(shown(&session, 2, "which"), None);
    take(&mut session, LessonAction::ShowSolution(0));
    let answer = shown(&session, 2, "which");
    assert_eq!(answer.as_deref(), Some("updates_go_up, specification"));
    let lesson = session.lesson.as_ref().expect("it is open");
    assert!(lesson.progress.saw_solution && !lesson.has_answered("which"));
    assert!(!session.can_go_on() && !session.is_shown());
    assert_eq!(session.branches.len(), branches, "nothing is played");
    // Each step has its own.
    reach(&mut session, 3);
    assert_eq!(shown(&session, 3, "comes-back"), None);
    take(&mut session, LessonAction::Reset);
    assert_eq!(shown(&session, 2, "which"), None);
}

#[test]
fn what_was_answered_in_the_lab_is_kept_and_decided_again() {
    let mut session = in_the_lab();
    answer(&mut session, "which", "updates_go_up, specification");
    answer(&mut session, "comes-back", "A: add(0); A: remove(0)");
    let held = session.lesson.clone().expect("it is open");
    let written = held.write();
    let lines =
        |text: &str| -> Vec<(u32, String)> { (1..).zip(text.lines().map(str::to_owned)).collect() };
    let mut read = LessonState::new(held.lesson.clone(), None);
    read.read(&lines(&written)).expect("it was written by us");
    assert_eq!(read.progress, held.progress);
    assert!(read.has_answered("which") && !read.has_answered("comes-back"));
    // A record from elsewhere cannot say that something is right.
    let forged = "answered which met\nanswered comes-back A: add(9)\nanswered nothing x\n";
    let mut read = LessonState::new(held.lesson.clone(), None);
    read.read(&lines(forged)).expect("lines of a known kind");
    assert!(read.progress.answers.iter().next().is_none());
}
