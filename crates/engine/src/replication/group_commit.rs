//! What waits for the log of a region, and gets into it together.
//!
//! Whatever comes while the log is being written waits for the next time (group commit):
//! Gray and Reuter, "Transaction processing", 1993, section 9.4. It stands in memory only
//! until it is durable.

use crate::sim::fact::FactId;
use crate::sim::node::Context;

/// What waits, each with the fact that brought it.
#[derive(Clone, Debug)]
pub(super) struct GroupCommit<P> {
    waiting: Vec<(FactId, P)>,
    /// How many of these are on their way into the log.
    flushing: usize,
}

impl<P> GroupCommit<P> {
    /// Nothing waits.
    pub(super) const fn new() -> Self {
        Self {
            waiting: Vec::new(),
            flushing: 0,
        }
    }

    /// This waits too; it begins its way into the log unless something else is on it.
    pub(super) fn push(&mut self, cx: &mut Context<'_>, pending: P) {
        self.waiting.push((cx.cause, pending));
        if self.flushing == 0 {
            self.flush(cx);
        }
    }

    /// What waits or is on its way.
    pub(super) fn iter(&self) -> impl Iterator<Item = &P> {
        self.waiting.iter().map(|(_, pending)| pending)
    }

    /// Takes out what has just become durable, in the order in which it came. What comes
    /// until [`GroupCommit::go_on`] waits.
    pub(super) fn durable(&mut self) -> Vec<(FactId, P)> {
        let later = self.waiting.split_off(self.flushing);
        std::mem::replace(&mut self.waiting, later)
    }

    /// What has become durable is worked off: the rest begins its way. The memory of that
    /// list is used again.
    pub(super) fn go_on(&mut self, cx: &mut Context<'_>, mut done: Vec<(FactId, P)>) {
        done.clear();
        done.append(&mut self.waiting);
        self.waiting = done;
        self.flush(cx);
    }

    /// A crash: nothing of it is durable. What it was.
    pub(super) fn lose(&mut self) -> impl Iterator<Item = (FactId, P)> {
        self.flushing = 0;
        self.waiting.drain(..)
    }

    fn flush(&mut self, cx: &mut Context<'_>) {
        self.flushing = self.waiting.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }
}
