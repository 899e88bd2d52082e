//! Lessons in the page: the column of one, and the catalogue of all.
//!
//! - [`load`] fetches, [`state`] is how far somebody has come, [`play`] what an action
//!   does to the session, [`show`] what plays beside the learner's own run.
//! - [`rail`] is the column, of [`prose`], [`predict`], [`goals`],
//!   [`judged`] and [`help`].
//! - [`index`] is the list, [`catalogue`] shows it; [`trouble`] what is there instead of a lesson.

pub mod catalogue;
pub mod goals;
pub mod help;
pub mod index;
pub mod judged;
pub mod load;
pub mod play;
pub mod predict;
pub mod prose;
pub mod rail;
pub mod show;
pub mod state;
#[cfg(test)]
mod tests;
pub mod trouble;

use yew::prelude::*;

use crate::chunk::Later;
use crate::session::{Handle, Session};
use catalogue::Catalogue;
pub use play::LessonAction;
use rail::LessonRail;
pub use show::Pending;
pub use state::LessonState;
pub use trouble::Trouble;

/// What the page fetches when a lesson, or their catalogue, is opened.
#[derive(Debug)]
pub struct Chunk {
    /// The column of the open lesson.
    pub rail: fn() -> Html,
    /// The catalogue.
    pub catalogue: fn() -> Html,
    /// Takes an action.
    pub reduce: fn(&mut Session, LessonAction),
    /// Goes on with a prediction, and looks whether the lesson is solved where
    /// everything has been observed; true when there is nothing left to do.
    pub work: fn(&mut Session, bool, u32) -> bool,
    /// Opens a lesson at a step; see [`load::open`].
    pub open: fn(Handle, String, u8) -> Later<()>,
    /// Opens the lesson of a run; see [`load::open_for_run`].
    pub open_for_run: fn(Handle, String) -> Later<load::Opened>,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    rail: || html! { <LessonRail /> },
    catalogue: || html! { <Catalogue key="catalogue" /> },
    reduce: Session::reduce_lesson,
    work: |session, is_observed, events| {
        if is_observed {
            session.check_solved();
        }
        session.work_on_trial(events)
    },
    open: |handle, id, step| Box::pin(async move { load::open(&handle, &id, step).await }),
    open_for_run: |handle, scenario| {
        Box::pin(async move { load::open_for_run(&handle, &scenario).await })
    },
};
