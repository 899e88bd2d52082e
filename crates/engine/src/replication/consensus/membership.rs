//! Who has a vote: members join and leave one at a time, by entries of the log.
//!
//! An entry counts as soon as it stands in a log, committed or not; one taken out of it
//! counts no more. Since two groups that differ by one member have no majorities without a
//! common member, one change at a time is safe, if a leader has first committed an entry
//! of its own term: else a change of an earlier leader's, which it knows nothing of, may
//! meet its own, and those two groups differ by two.
//!
//! Whoever has no vote still gets the log, so that one who joins has it already. Real
//! systems also stop sending it to members that are gone.
//!
//! Source: Ongaro, "Consensus: bridging theory and practice", 2014, sections 4.1 to 4.3;
//! "Bug in single-server membership changes", raft-dev mailing list, 10 July 2015.

use super::replica::{Pending, Replica, Role};
use super::settings::{Changes, Mistake};
use crate::replication::log::Entry;
use crate::sim::dice::{Purpose, identity};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Context, Key, Value};

/// The key of entries that write nothing for customers.
pub(super) const NO_KEY: Key = Key(u32::MAX);

/// One in so many looks of a leader changes the group, where it changes at random.
const EVERY: u32 = 40;
/// While somebody does not answer it is one in so many: that is when people do it.
const EVERY_IN_TROUBLE: u32 = 6;
/// And in one of so many terms as soon as it begins.
const EVERY_TERM: u32 = 2;
/// Fewest members with a vote.
const FEWEST: u32 = 3;

/// Who has a vote from an entry on, in a mask; none if it does not say.
pub fn voters_of(entry: &Entry) -> Option<u32> {
    let is_change = entry.key == NO_KEY && entry.kind == OpKind::Write;
    is_change.then_some(entry.argument.0)
}

impl Replica {
    /// Who has a vote before anything stands in the log.
    pub(super) fn first_voters(regions: u8, changes: Changes) -> u32 {
        match changes {
            Changes::Never => (1 << regions) - 1,
            // One is there already that may join.
            Changes::AtRandom => (1 << (regions - 1)) - 1,
        }
    }

    /// Whether a region has a vote, by what stands in this log.
    pub(super) fn is_voter(&self, region: u8) -> bool {
        self.voters & 1 << region != 0
    }

    /// Whether this member may lead.
    pub(super) fn may_lead(&self) -> bool {
        self.is_voter(self.region()) && !self.is_witness(self.region())
    }

    /// How many votes make a majority.
    pub(super) fn majority(&self) -> u32 {
        self.voters.count_ones() / 2 + 1
    }

    /// Whether the regions of a mask are a majority.
    pub(super) fn is_majority(&self, mask: u32) -> bool {
        (mask & self.voters).count_ones() >= self.majority()
    }

    /// Takes note of an entry that was put at the end of the log.
    pub(super) fn note_voters(&mut self, entry: &Entry) {
        if let Some(voters) = voters_of(entry) {
            self.voters = voters;
            self.voters_len = self.log.len();
        }
    }

    /// Looks up who has a vote after entries were taken out of the log.
    pub(super) fn find_voters(&mut self) {
        if self.voters_len <= self.log.len() {
            return;
        }
        let entries = self.log.entries().iter().enumerate().rev();
        let mut changes = entries.filter_map(|(place, entry)| Some((place, voters_of(entry)?)));
        let first = Self::first_voters(self.setup.regions, self.settings.changes);
        let (len, voters) = changes
            .next()
            .map_or((0, first), |(place, voters)| (place as u32 + 1, voters));
        (self.voters_len, self.voters) = (len, voters);
    }

    /// Whether a leader may change the group now.
    pub(super) fn may_change(&self) -> bool {
        let has_own = self.log.epoch_before(self.commit) == self.term
            || self.settings.mistake == Mistake::ChangesBeforeItsTerm;
        self.role == Role::Leader && has_own && self.voters_len <= self.commit
    }

    /// A leader has a member join or leave now and then, where the group changes at random.
    pub(super) fn change_now_and_then(&mut self, cx: &mut Context<'_>, every: u32) {
        if self.settings.changes == Changes::Never || !self.may_change() {
            return;
        }
        let id = identity(cx.identity, u64::from(NO_KEY.0));
        if cx.dice.below(Purpose::Election, id, every) != 0 {
            return;
        }
        let which = identity(id, 1);
        let regions = u32::from(self.setup.regions);
        let region = cx.dice.below(Purpose::Election, which, regions);
        let voters = self.voters ^ 1 << region;
        if voters.count_ones() < FEWEST {
            return;
        }
        let change = Entry {
            epoch: self.term,
            key: NO_KEY,
            kind: OpKind::Write,
            argument: Value(voters),
            write: FactId::NONE,
            origin: self.region(),
            stamp_us: self.stamp_us(cx),
        };
        self.enqueue(cx, Pending::Change(change));
    }

    /// Looks, as often as it looks at its followers, whether the group is to change.
    pub(super) fn look_at_members(&mut self, cx: &mut Context<'_>) {
        let late_us = 2 * self.setup.compare_every_us;
        let silent = self.mask(|region, peer| {
            region != self.region() && cx.monotonic_us.saturating_sub(peer.heard_us) > late_us
        });
        let is_trouble = silent & self.voters != 0;
        self.change_now_and_then(cx, if is_trouble { EVERY_IN_TROUBLE } else { EVERY });
    }

    /// The same when its term begins, when an earlier leader's change may still be under
    /// way: it is too early unless its first entry is committed.
    pub(super) fn look_at_members_first(&mut self, cx: &mut Context<'_>) {
        self.change_now_and_then(cx, EVERY_TERM);
    }

    /// A change of the group is in the log of the leader that makes it.
    pub(super) fn change_durable(&mut self, cx: &mut Context<'_>, cause: FactId, change: Entry) {
        if change.epoch == self.term && self.may_change() {
            self.push(cx, change, cause);
            self.advance(cx);
        }
    }

    /// A leader that has no vote any more leads no more, once a majority of the others
    /// knows.
    pub(super) fn leave(&mut self, cx: &mut Context<'_>) {
        let is_gone = !self.is_voter(self.region()) && self.voters_len <= self.commit;
        if self.role == Role::Leader && is_gone {
            let term = self.term;
            self.follow(cx, term, None);
        }
    }
}
