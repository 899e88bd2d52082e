//! Fetching lessons, and opening them as they were left.

use std::rc::Rc;

use splitbrain_engine::scenario::Scenario;
use splitbrain_lesson::format::{Lesson, MAX_BYTES, from_json};

use super::play::LessonAction;
use super::state::LessonState;
use crate::fetch::{FetchProblem, fetch_text};
use crate::session::{Action, Handle, Place, Said, SaidArg, keeper};
use crate::share::playground_scenario;

/// What the ids of lessons' scenarios begin with.
const SCENARIO: &str = "lesson/";

/// Opens a lesson at a step, fetching it where it has not been open before.
pub async fn open(handle: &Handle, id: &str, step: u8) {
    let place = Place::Lesson {
        id: id.to_owned(),
        step,
    };
    handle.dispatch(Action::LessonTrouble(None));
    handle.dispatch(Action::Navigate(place.clone()));
    if !handle.read(crate::session::Session::lacks_lesson) {
        return;
    }
    let fetched = fetch(handle, id).await;
    // Somebody may have gone on while it came.
    if handle.read(|session| session.place.slot().as_deref() != Some(id) || !session.lacks_lesson())
    {
        return;
    }
    match fetched {
        Ok(lesson) => take_up(handle, Rc::new(lesson)),
        Err(said) => handle.dispatch(Action::LessonTrouble(Some(said))),
    }
}

/// The scenario of a lesson that was opened, or why it was not.
pub type Opened = Result<Rc<Scenario>, Said>;

/// Goes to the lesson that has this scenario, to open a run in it.
///
/// # Errors
/// A scenario that belongs to no lesson, or a lesson that does not come.
pub async fn open_for_run(handle: &Handle, scenario: &str) -> Opened {
    let unknown = || {
        let args = vec![("scenario", SaidArg::Plain(scenario.to_owned()))];
        Said::Words("ui.error.scenario_unknown", args)
    };
    let id = scenario.strip_prefix(SCENARIO).ok_or_else(unknown)?;
    if !crate::route::is_id(id) {
        return Err(unknown());
    }
    let held = |handle: &Handle| {
        handle.read(|session| {
            let open = session.lesson.as_ref();
            let aside = session.desks.get(id).and_then(|desk| desk.lesson.as_ref());
            let held = open.filter(|open| open.lesson.id == id).or(aside)?;
            Some(held.lesson.scenario.clone())
        })
    };
    let scenario = held(handle);
    let is_there = scenario.is_some();
    let lesson = if is_there {
        None
    } else {
        Some(fetch(handle, id).await?)
    };
    let reached = handle.read(|session| {
        let open = session.lesson.as_ref().filter(|open| open.lesson.id == id);
        open.map_or(0, |open| open.progress.reached)
    });
    handle.dispatch(Action::LessonTrouble(None));
    handle.dispatch(Action::Navigate(Place::Lesson {
        id: id.to_owned(),
        step: reached,
    }));
    if let Some(lesson) = lesson {
        take_up(handle, Rc::new(lesson));
    }
    held(handle).ok_or_else(unknown)
}

/// Opens a lesson that has come, as it was left.
fn take_up(handle: &Handle, lesson: Rc<Lesson>) {
    let (seed, name) = handle.read(|session| (session.seed, session.desk_name(&lesson.id)));
    let fresh = LessonState::new(lesson.clone(), seed);
    let find = |id: &str| {
        let own = (lesson.scenario.id == id).then(|| lesson.scenario.clone());
        own.or_else(|| playground_scenario(id))
    };
    let (desk, said) = keeper::recall(&name, find, &|lines| {
        let mut kept = fresh.clone();
        kept.read(lines)?;
        Ok(Some(kept))
    });
    let kept = desk.as_ref().and_then(|desk| desk.lesson.clone());
    let state = Box::new(kept.unwrap_or(fresh));
    handle.dispatch(Action::Lesson(LessonAction::Open(state, desk)));
    for (kind, said) in said {
        handle.dispatch(Action::Say(kind, said));
    }
}

async fn fetch(handle: &Handle, id: &str) -> Result<Lesson, Said> {
    let src = handle.read(|session| session.src.clone());
    let file = src.unwrap_or_else(|| format!("lessons/{id}.json"));
    let source = fetch_text(&file, MAX_BYTES as u32).await.map_err(|error| {
        let missing = vec![("lesson", SaidArg::Plain(id.to_owned()))];
        match &error.problem {
            FetchProblem::Missing => Said::Words("ui.error.lesson_unknown", missing),
            _ => Said::About("ui.error.lesson_fetch", Box::new(Said::Fetch(error))),
        }
    })?;
    let broken = |said: Said| Said::About("ui.error.lesson_broken", Box::new(said));
    let lesson = from_json(&file, &source).map_err(|errors| {
        let first = errors.into_iter().next();
        broken(first.map_or(Said::Plain(file.clone()), Said::Lesson))
    })?;
    if lesson.id == id {
        Ok(lesson)
    } else {
        let what = format!("{file}: lesson.id: {} ≠ {id}", lesson.id);
        Err(broken(Said::Plain(what)))
    }
}
