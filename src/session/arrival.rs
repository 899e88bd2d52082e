//! Coming to a place, and runs that come from outside.

use splitbrain_engine::run::Run;
use splitbrain_engine::sim::time::Time;

use super::action::{Expected, NoticeKind, Place, Said};
use super::model::Session;

impl Session {
    /// A run from outside: what was open stays as a branch, unless nothing was done
    /// in it. The same run is not taken in twice.
    pub(super) fn import(&mut self, run: Run, cursor: Time, expected: Option<Expected>) {
        self.keep_open_branch();
        let known = self.branches.iter().find(|branch| branch.run == run);
        if let Some(number) = known.map(|branch| branch.number) {
            self.open(run, cursor);
            self.branch = number;
        } else if self.is_untouched() {
            self.load(run, cursor, false);
            self.own_branch_is_open();
        } else {
            self.open(run, cursor);
            self.add_branch(None);
        }
        self.inherit_shown(self.branch);
        self.playing = false;
        self.expected = expected;
    }

    /// Compares a run from outside with what it is said to be, once, at its moment.
    pub(super) fn compare(&mut self) {
        let Some(expected) = self.expected else {
            return;
        };
        if self.player.time() < expected.at {
            return;
        }
        self.expected = None;
        if self.player.time() == expected.at && self.player.world().digest() != expected.digest {
            let said = Said::Words("ui.warn.digest", Vec::new());
            self.say(NoticeKind::Warning, said);
        }
    }

    /// Goes to a place, and takes its desk up if there is one; a lesson that was not
    /// open before gets its desk when it has been fetched.
    pub(super) fn navigate(&mut self, place: Place) {
        // A phone shows one part at a time: what one came for is in the column.
        if place.slot() != self.place.slot() {
            self.tab = "rail";
        }
        let slot = place.slot().filter(|slot| *slot != self.slot);
        if let Some(slot) = slot
            && let Some(desk) = self.desks.remove(&slot)
        {
            self.lay_aside();
            self.slot = slot;
            // A lesson waits for its reader.
            let play = desk.playing && desk.lesson.is_none();
            self.sit_down(desk, play);
        }
        self.place = place;
        self.clamp_step();
    }
}
