//! Lessons in the page: the column of one, and the catalogue of all.
//!
//! - [`load`] fetches, [`state`] is how far somebody has come, [`play`] what an action
//!   does to the session, [`show`] what plays beside the learner's own run.
//! - [`rail`] is the column, of [`prose`], [`predict`], [`goals`] and [`help`].
//! - [`index`] is the list, [`catalogue`] shows it; [`trouble`] what is there instead of a lesson.

pub mod catalogue;
pub mod goals;
pub mod help;
pub mod index;
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

pub use catalogue::Catalogue;
pub use load::{open, open_for_run};
pub use play::LessonAction;
pub use rail::LessonRail;
pub use show::Pending;
pub use state::LessonState;
pub use trouble::Trouble;
