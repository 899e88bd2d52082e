//! The law lab: `#/laws`, `#/laws/TYPE`, `#/laws/rule=TEXT`.
//!
//! A replicated data type converges because its merge keeps a few laws. Here the laws of
//! each type, or of a merge rule that somebody composes, are tried on random histories,
//! and of a law that does not hold the smallest history that breaks it is drawn. The
//! engine's `crdt::laws` does the work, in slices between frames.
//!
//! - [`address`]: what of it an address asks for. [`subject`]: what is tried.
//! - [`trial`]: trying it in slices; [`settings`]: how hard. [`page`], [`shelf`]: the place,
//!   and the list of types.
//! - [`verdicts`]: a row a law. [`story`], [`drawing`], [`replicas`]: a broken law step by
//!   step, as text, as a picture and as states.
//! - [`inside`]: a replica, what it is made of, and what its updates weigh.
//! - [`by_hand`]: a history made by hand, with each merge as a step of its own; [`acts`]: what
//!   can be done in it.
//! - [`bench`]: the lab inside of a lesson.
//! - [`compose`], [`form`], [`draft`]: a merge rule as a form and as its text; [`in_world`]:
//!   the same deciding in a world.

mod acts;
mod address;
mod bench;
mod by_hand;
mod compose;
mod draft;
mod drawing;
mod form;
mod in_world;
mod inside;
mod page;
mod replicas;
mod settings;
mod shelf;
mod story;
mod subject;
mod trial;
mod verdicts;

use yew::prelude::*;

/// What the page fetches when the law lab is opened, or a step of a lesson in it.
#[derive(Debug)]
pub struct Chunk {
    /// The place.
    pub page: fn() -> Html,
    /// What a step of a lesson asks of it, in place of the stage.
    pub bench: fn() -> Html,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    page: || html! { <page::Page key="laws" /> },
    bench: || html! { <bench::Bench key="bench" /> },
};
