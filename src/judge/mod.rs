//! The judge of histories that somebody else recorded: `#/judge`.
//!
//! A file goes onto the [`desk`]; the [`clerk`] carries it to a worker, which runs this
//! very module without a window ([`serve`]), and the answers back. Nothing is uploaded,
//! and the page goes on while a worker thinks.
//!
//! - [`request`], [`answer`], [`sent`], [`packed`]: what page and worker say to each other.
//! - [`job`], [`weak`], [`bars`], [`consistency`]: what is done with a file, one model
//!   at a time.
//! - [`page`], [`files`], [`result`], [`proof`], [`say`]: what is seen.
//! - [`timeline`], [`paint`], [`draw`], [`lanes`], [`window`], [`sheet`]: the picture of it.

mod answer;
mod bars;
mod clerk;
mod desk;
mod draw;
mod files;
mod job;
mod lanes;
mod packed;
mod page;
mod paint;
mod proof;
mod request;
mod result;
mod say;
mod sent;
mod serve;
mod sheet;
mod timeline;
mod window;

use yew::prelude::*;

use crate::chunk;

/// What the page fetches when the judge is opened, and its worker when it starts.
#[derive(Debug)]
pub struct Chunk {
    /// The place.
    pub page: fn() -> Html,
    /// How it, and whatever else opens later, looks.
    pub style: fn() -> &'static str,
    /// What the module does where there is no window.
    pub serve: fn(),
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    page: || html! { <page::Page key="judge" /> },
    style: chunk::style,
    serve: serve::serve,
};
