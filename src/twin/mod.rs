//! Two designs side by side: the open run, and the same run under another design.
//!
//! The other one is a whole session of its own in a handle of its own, so that the map
//! and the diagram show it as they show any. It follows the first: it has its commands,
//! its moment and its pace, and whatever is asked of it is asked of the first. What
//! differs is found out by `splitbrain_lesson::twin`.
//!
//! - [`follow`]: keeps the other session where the first one is, a slice at a time.
//! - [`lead`]: what becomes of what is asked of the other one.
//! - [`desk`]: both stages under one transport bar. [`difference`], [`table`]: the column
//!   beside them.

mod desk;
mod difference;
mod follow;
mod lead;
mod table;

use std::rc::Rc;

use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::Choice;
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::twin::{Comparison, Divergence, Seeker};
use yew::prelude::*;

use crate::session::{Handle, Session};

/// The other session, and what is known of the difference.
#[derive(Debug)]
pub(crate) struct Twin {
    /// Where it is.
    pub(crate) handle: Handle,
    /// Policies of its run, as [`Run::choices`].
    choices: Vec<Choice>,
    seeker: Seeker,
    /// What differs at the cursor, as of lately.
    comparison: Option<Rc<Comparison>>,
    /// The facts that were compared, and the operations among them.
    compared: ([u32; 2], usize),
    /// Whether the other one is not where the first one is yet.
    is_behind: bool,
}

impl Twin {
    /// Where they part, if they do so far.
    pub(crate) fn first(&self) -> Option<Divergence> {
        self.seeker.first()
    }

    /// The moment of it, for the scrubber.
    pub(crate) fn parts_at(&self) -> Option<Time> {
        Some(self.first()?.at)
    }

    /// What the other design has elsewhere than a run, as links write it.
    pub(crate) fn link(&self, run: &Run) -> String {
        let other = self.run(run);
        let differing = splitbrain_lesson::twin::differences(run, &other);
        splitbrain_lesson::twin::choices::write(&differing)
    }

    /// A run under the other design.
    fn run(&self, run: &Run) -> Run {
        Run {
            choices: self.choices.clone(),
            ..run.clone()
        }
    }
}

/// What the page fetches when two designs are first compared.
#[derive(Debug)]
pub struct Chunk {
    /// Begins to compare with this run, or ends it.
    pub(crate) compare: fn(&mut Session, Option<Run>),
    /// Compares again with what was compared with when the desk was laid aside.
    pub(crate) resume: fn(&mut Session),
    /// In what the other design differs, as links write it.
    pub(crate) link: fn(&Session) -> Option<String>,
    /// Goes on with the other run, with at most so many events; true when it is there.
    pub(crate) work: fn(&mut Session, u32) -> bool,
    /// Both stages and what differs.
    pub(crate) desk: fn() -> Html,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    compare: follow::compare,
    resume: follow::resume,
    link: |session| Some(session.twin.as_ref()?.link(session.player.run())),
    work: follow::work,
    desk: || html! { <desk::TwinDesk key="twin" /> },
};

#[cfg(test)]
mod tests;
