//! The page: the playground, the lessons and the embedded exercise.
//!
//! # In one breath
//! [`session::Session`] is the whole state: a player with a cursor in a run, the
//! branches, what is open and what is selected. Components read parts of it with
//! [`session::use_session`] and send [`session::Action`]s; one reducer takes them.
//! Moving things are painted on canvases by frame callbacks, outside yew.
//!
//! # Code map
//! - [`app`]: the frame of the page and the places it can be at.
//! - `session`: the model, its actions, the reducer; `driver` alone touches timers,
//!   `store` alone touches storage.
//! - `stage`: map, space-time diagram, transport bar, toolbox.
//! - `panels`: one panel a file, listed in `panels::ALL`.
//! - [`chunk`]: what is fetched when it is first needed, and how it is reached.
//! - `parts`: icons and shapes that many components share.
//! - `lesson`: a lesson's column and the catalogue of lessons.
//! - `twin`: the same run under two designs, side by side.
//! - [`judge`]: histories from files, judged in a worker that runs this same module.
//! - [`laws`]: the law lab of replicated data types.
//! - `embed`: the only one that talks to a parent window.
//! - [`route`], `navigation`, `settings`: what addresses mean, and following them.
//! - [`share`], `deflate`, [`base64`], `fetch`: runs and files that come and go.
//! - `text`, `intl`: words in the page's language. [`fault`]: the screen after a panic.
//!
//! # Invariants
//! - Nothing is shown that the trace or a world snapshot does not say.
//! - Every string goes through `splitbrain_words`.
//! - Panels refresh at most ten times a second; no heavy call outlasts its slice.

pub mod app;
pub mod bar;
pub mod base64;
pub mod chunk;
pub mod deflate;
pub mod dialogs;
pub mod drawer;
pub mod embed;
pub mod fault;
pub mod fetch;
pub mod intl;
pub mod judge;
pub mod laws;
pub mod lesson;
pub mod navigation;
pub mod notices;
mod panels;
mod parts;
pub mod route;
mod said;
pub mod session;
pub mod settings;
pub mod share;
mod stage;
pub mod text;
pub mod truth;
mod twin;

/// Mounts the page into `#app`, or serves the page where this is its worker.
pub fn start() {
    if web_sys::window().is_some() {
        app::mount();
    } else {
        chunk::serve();
    }
}
