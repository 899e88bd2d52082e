//! How entries get from the leader's log into the others, and when they are committed
//! and applied.

use super::message::{Message, Segment};
use super::replica::{Replica, Role};
use super::settings::Mistake;
use crate::replication::log::Entry;
use crate::sim::fact::{Fact, FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context, Status};

/// Entries in one message at most.
const BATCH: usize = 128;

impl Replica {
    /// Tells every follower that the leader lives, and what it may lack.
    pub(super) fn beat(&mut self, cx: &mut Context<'_>, cause: FactId) {
        self.round += 1;
        self.beat_us = cx.monotonic_us;
        let patience_us = self.patience_us();
        self.sent_us
            .retain(|(_, sent_us)| cx.monotonic_us.saturating_sub(*sent_us) < patience_us);
        self.sent_us.push((self.round, cx.monotonic_us));
        for region in self.others() {
            let from = self.peers[region as usize].matched;
            // What is on its way is not sent again by every beat, but by the regular ones.
            let from = if cause.is_some() {
                self.peers[region as usize].sent.max(from)
            } else {
                from
            };
            self.append_to(cx, region, from, cause, FactId::NONE);
        }
    }

    pub(super) fn append_to(
        &mut self,
        cx: &mut Context<'_>,
        region: u8,
        place: u32,
        cause: FactId,
        about: FactId,
    ) {
        let place = place.min(self.log.len());
        let entries = self.log.from(place, BATCH);
        self.peers[region as usize].sent = place + entries.len() as u32;
        let label = if entries.is_empty() {
            Label::Digest
        } else {
            Label::Replicate
        };
        let append = Body::protocol(Message::Append(Segment {
            term: self.term,
            place,
            term_before: self.log.epoch_before(place),
            entries,
            commit: self.commit,
            round: self.round,
        }));
        cx.send(self.peer(region), label, append, cause, about);
    }

    /// A leader's own entry is in its log.
    pub(super) fn push(&mut self, cx: &mut Context<'_>, entry: Entry, cause: FactId) -> u32 {
        let place = self.log.push(entry);
        self.note_voters(&entry);
        for region in self.others() {
            let sent = self.peers[region as usize].sent.min(place);
            self.append_to(cx, region, sent, cause, entry.write);
        }
        place
    }

    /// A leader commits what a majority has; whoever knows of a commit applies it.
    pub(super) fn advance(&mut self, cx: &mut Context<'_>) {
        if self.role == Role::Leader {
            let here = self.region();
            let others = self.peers.iter().enumerate();
            let mut held: Vec<u32> = others
                .filter(|(region, _)| self.is_voter(*region as u8))
                .map(|(region, peer)| {
                    if region == usize::from(here) {
                        self.log.len()
                    } else {
                        peer.matched
                    }
                })
                .collect();
            held.sort_unstable();
            let by_majority = held[held.len() - self.majority() as usize];
            // What an older term left is committed by an entry of the leader's own
            // (Ongaro and Ousterhout, section 5.4.2).
            let is_own = self.log.epoch_before(by_majority) == self.term
                || self.settings.mistake == Mistake::CommitsOldTerms;
            if by_majority > self.commit && is_own {
                self.commit = self.past(cx, by_majority);
            }
        }
        while self.applied < self.commit.min(self.log.len()) {
            let place = self.applied;
            self.applied += 1;
            let Some(&entry) = self.log.get(place) else {
                return;
            };
            if self.is_witness(self.region()) {
                continue;
            }
            let initial = self.setup.initial;
            let cause = cx.cause;
            let value = self.values.apply(cx, cause, &entry, initial);
            if let Some(at) = self.waiting.iter().position(|it| it.place == place) {
                let waiting = self.waiting.remove(at);
                Self::answer(cx, &waiting.asked, Status::OK, value, None, cause);
            }
        }
        if self.role == Role::Leader {
            self.confirm_reads(cx);
            self.leave(cx);
            self.hand_over_if_level(cx);
        }
    }

    pub(super) fn append_durable(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        from: u8,
        new: &Segment,
    ) {
        if new.term != self.term || self.role == Role::Leader {
            return;
        }
        let skips = self.settings.mistake == Mistake::SkipsTheCheck && new.place <= self.log.len();
        let agrees = self.log.agrees(new.place, new.term_before) || skips;
        let mut len = self.log.back_off(new.place);
        if agrees {
            if let Some(conflict) = self.log.conflict(new.place, &new.entries) {
                let taken = self.log.truncate(conflict);
                self.find_voters();
                self.take_back(cx, cause, &taken);
            }
            let known = self.log.len() - new.place;
            for entry in new.entries.iter().skip(known as usize) {
                self.log.push(*entry);
                self.note_voters(entry);
            }
            len = new.place + new.entries.len() as u32;
            self.commit = self.commit.max(new.commit.min(len));
        }
        if self.settings.mistake == Mistake::CommitsUnseen {
            self.commit = self.commit.max(new.commit.min(self.log.len()));
        }
        let (term, round) = (self.term, new.round);
        let appended = Body::protocol(Message::Appended {
            term,
            len,
            agrees,
            round,
        });
        let about = new.entries.last().map_or(FactId::NONE, |entry| entry.write);
        cx.send(self.peer(from), Label::LogAck, appended, cause, about);
        self.advance(cx);
    }

    /// Entries that were never committed leave the log.
    pub(super) fn take_back(&mut self, cx: &mut Context<'_>, cause: FactId, taken: &[Entry]) {
        for entry in taken.iter().rev().filter(|entry| entry.write.is_some()) {
            let origin = HostId(u16::from(entry.origin));
            let subjects = [entry.write.0, entry.key.0, 0];
            cx.record_because(cause, FactKind::WriteRolledBack, 0, origin, subjects);
        }
        self.applied = self.applied.min(self.log.len());
        self.commit = self.commit.min(self.log.len());
    }

    pub(super) fn appended(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        len: u32,
        agrees: bool,
        round: u32,
    ) {
        let sent = self.sent_us.iter().find(|(of, _)| *of == round);
        let sent_us = sent.map(|&(_, sent_us)| sent_us);
        let peer = &mut self.peers[from as usize];
        peer.heard_us = cx.monotonic_us;
        peer.round = peer.round.max(round);
        peer.followed_us = peer.followed_us.max(sent_us.unwrap_or(0));
        if agrees {
            peer.matched = peer.matched.max(len);
            let next = peer.sent.max(peer.matched);
            if peer.matched < self.log.len() && next < self.log.len() {
                let cause = cx.cause;
                self.append_to(cx, from, next, cause, FactId::NONE);
            }
            self.advance(cx);
        } else {
            let cause = cx.cause;
            if self.settings.mistake == Mistake::LeaderGivesWay {
                let taken = self.log.truncate(len);
                self.take_back(cx, cause, &taken);
            }
            self.append_to(cx, from, len, cause, FactId::NONE);
        }
    }

    /// Takes note of a later term.
    pub(super) fn heeds(&mut self, cx: &mut Context<'_>, from: u8, term: u32) -> bool {
        if term < self.term {
            let host = HostId(u16::from(from));
            let subjects = [term, self.term, u32::from(cx.me.service())];
            let refused = cx.record(FactKind::EpochRefused, Fact::OF_A_TERM, host, subjects);
            self.refuse_term(cx, from, refused);
            return false;
        }
        true
    }

    /// Tells a member that the term it spoke of is over.
    pub(super) fn refuse_term(&self, cx: &mut Context<'_>, from: u8, cause: FactId) {
        let message = Body::protocol(Message::Appended {
            term: self.term,
            len: 0,
            agrees: false,
            round: 0,
        });
        cx.send(self.peer(from), Label::LogAck, message, cause, FactId::NONE);
    }
}
