//! Lessons in the page: the column of one, and the catalogue of all.

pub mod state;

use std::rc::Rc;

use splitbrain_engine::scenario::Scenario;
use yew::prelude::*;

pub use state::LessonState;

use crate::session::{Action, Handle, Place, Said};

/// Opens a lesson at a step, fetching it.
pub async fn open(handle: &Handle, id: &str, step: u8) {
    handle.dispatch(Action::Navigate(Place::Lesson {
        id: id.to_owned(),
        step,
    }));
}

/// Goes to the lesson that has this scenario, to open a run in it.
///
/// # Errors
/// A scenario that belongs to no lesson, or a lesson that does not come.
pub async fn open_for_run(_handle: &Handle, scenario: &str) -> Result<Rc<Scenario>, Said> {
    Err(Said::Words(
        "ui.error.scenario_unknown",
        vec![(
            "scenario",
            crate::session::SaidArg::Plain(scenario.to_owned()),
        )],
    ))
}

/// The column of the lesson that is open.
#[component]
pub fn LessonRail() -> Html {
    html! { <section class="rail"></section> }
}

/// The catalogue of lessons.
#[component]
pub fn Catalogue() -> Html {
    html! { <main class="page"></main> }
}
