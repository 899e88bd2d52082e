//! Reading along: the observer follows the cursor in slices. What judges more than the
//! first three properties comes with the panels; then a second observer reads the run from
//! its beginning, and takes over when it has caught up, so that nothing flickers.

use std::rc::Rc;

use splitbrain_engine::run::{Player, Run};
use splitbrain_engine::sim::fact::FactId;
use splitbrain_lesson::observe::Observer;

use super::model::Session;
use crate::chunk::Chunks;

/// Facts that an observer reads before it looks at the clock.
const OBSERVE_FACTS: u32 = 5_000;

/// An observer of a run, with every verdict whose code has come.
pub(super) fn observer_of(run: &Run, chunks: Chunks) -> Observer {
    let further = chunks.panels.map(|panels| (panels.0.further)());
    Observer::judging(&run.scenario, further)
}

impl Session {
    /// Whether the observer has read everything up to the cursor.
    pub fn is_observed(&self) -> bool {
        self.observer.next() == self.player.end()
    }

    /// Takes in parts of the page that have come.
    pub(crate) fn take_in(&mut self, chunks: Chunks) {
        let had_panels = self.chunks.panels.is_some();
        let had_designs = self.chunks.designs.is_some();
        self.chunks.take_in(chunks);
        if let Some(designs) = self.chunks.designs.filter(|_| !had_designs) {
            (designs.0.install)();
            self.text = self.text.and(&Rc::new((designs.0.words)()));
        }
        if !had_panels && self.chunks.panels.is_some() {
            self.observer_to_be = Some(observer_of(self.player.run(), self.chunks));
        }
    }

    /// Another run is open.
    pub(super) fn observe_anew(&mut self, run: &Run) {
        self.observer = observer_of(run, self.chunks);
        self.observer_to_be = None;
    }

    /// The run has been forked where the player stands.
    pub(crate) fn forget_what_was_ahead(&mut self) {
        let end = self.player.end();
        self.observer.forget_from(end);
        if let Some(observer) = &mut self.observer_to_be {
            observer.forget_from(end);
        }
    }

    /// Reads on, so many facts at most; true when everything up to the cursor is read.
    pub(super) fn observe(&mut self) -> bool {
        if !read_on(&mut self.observer, &mut self.player) {
            return false;
        }
        match self.observer_to_be.take() {
            None => true,
            Some(mut observer) => {
                let has_caught_up = read_on(&mut observer, &mut self.player);
                if has_caught_up {
                    self.observer = observer;
                    self.changes += 1;
                } else {
                    self.observer_to_be = Some(observer);
                }
                has_caught_up
            }
        }
    }
}

fn read_on(observer: &mut Observer, player: &mut Player) -> bool {
    let (next, end) = (observer.next(), player.end());
    // Only whole events are read, and the first fact of one is easy to find.
    let trace = player.trace();
    let far = FactId(next.0.saturating_add(OBSERVE_FACTS)).min(end);
    let far = match trace.get(far) {
        Some(fact) if far < end => trace.first_of_event(fact.event + 1).min(end),
        _ => end,
    };
    if let Err(missing) = observer.follow(player.trace(), far) {
        player.load(missing.from, missing.to);
    }
    observer.next() == end
}
