//! Elections: pre-votes, votes, terms, and stepping down.

use super::membership::NO_KEY;
use super::message::Message;
use super::replica::{Pending, Replica, Role};
use super::settings::{LeaderReads, Mistake};
use crate::replication::log::Entry;
use crate::sim::dice::{Purpose, identity};
use crate::sim::fact::{Fact, FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{Body, Context, Status, Value};

/// Heartbeats that a leader may miss before an election. A choice; it has to be well
/// above the longest round trip.
pub(super) const PATIENCE: u64 = 3;

impl Replica {
    /// How long a follower waits at least before it asks for votes, in microseconds.
    pub(super) fn patience_us(&self) -> u64 {
        PATIENCE * self.setup.compare_every_us
    }

    /// Waits up to twice as long, by the luck of the region and the term.
    fn deadline_us(&self, cx: &Context<'_>) -> u64 {
        let id = identity(u64::from(cx.me.0), u64::from(self.term));
        let patience_us = self.patience_us();
        let luck_us = cx.dice.below(Purpose::Election, id, patience_us as u32);
        patience_us + u64::from(luck_us)
    }

    pub(super) fn is_witness(&self, region: u8) -> bool {
        self.settings.has_witness && region + 1 == self.setup.regions
    }

    /// Whether this member restarted so lately that it may have answered a leader before
    /// whose lease still lasts: it knows of none, for that was in memory only.
    pub(super) fn minds_a_lease(&self, cx: &Context<'_>) -> bool {
        let is_lately = |woke_us| cx.monotonic_us.saturating_sub(woke_us) < self.patience_us();
        self.settings.reads == LeaderReads::Lease
            && self.woke_us.is_some_and(is_lately)
            && self.settings.mistake != Mistake::ForgetsTheLease
    }

    /// Every so often: a leader shows that it lives, others look whether it does.
    pub(super) fn check(&mut self, cx: &mut Context<'_>) {
        let now_us = cx.monotonic_us;
        if self.role == Role::Leader {
            let patience_us = match self.settings.mistake {
                Mistake::LeaseWithoutMargin => 2 * self.patience_us(),
                _ => self.patience_us(),
            };
            let here = self.region();
            let heard = self.mask(|region, peer| {
                region == here || now_us.saturating_sub(peer.heard_us) <= patience_us
            });
            let steps_down = self.settings.mistake != Mistake::NeverStepsDown;
            if !self.is_majority(heard) && steps_down {
                let term = self.term;
                return self.follow(cx, term, None);
            }
            if now_us.saturating_sub(self.beat_us) >= self.setup.compare_every_us {
                self.beat(cx, FactId::NONE);
            }
            self.look_at_hand_over(cx);
            self.look_at_members(cx);
            self.look_at_stamps(cx);
            return;
        }
        let waited_us = now_us.saturating_sub(self.heard_us);
        if self.may_lead() && waited_us > self.deadline_us(cx) {
            let is_pre = self.settings.mistake != Mistake::SkipsPreVote;
            self.ask(cx, is_pre, false);
        }
    }

    /// Asks for votes, or first whether it would get them.
    pub(super) fn ask(&mut self, cx: &mut Context<'_>, is_pre: bool, is_transfer: bool) {
        self.heard_us = cx.monotonic_us;
        self.leader = None;
        self.votes = 0;
        if is_pre {
            self.role = Role::PreCandidate;
            self.send_asks(cx, cx.cause, is_pre, is_transfer);
            let (term, here) = (self.term + 1, self.region());
            return self.count_vote(cx, term, true, here);
        }
        self.role = Role::Candidate;
        self.term += 1;
        self.voted_for = Some(self.region());
        let to = self.region();
        let term = self.term;
        self.enqueue(
            cx,
            Pending::Vote {
                term,
                to,
                is_transfer,
            },
        );
    }

    fn send_asks(&self, cx: &mut Context<'_>, cause: FactId, is_pre: bool, is_transfer: bool) {
        let message = Body::protocol(Message::Ask {
            term: self.term + u32::from(is_pre),
            last_term: self.log.last_epoch(),
            len: self.log.len(),
            is_pre,
            is_transfer,
        });
        let label = if is_pre {
            Label::AskForPreVote
        } else {
            Label::AskForVote
        };
        for region in self.others() {
            let to = self.peer(region);
            cx.send(to, label, message.clone(), cause, FactId::NONE);
        }
    }

    /// Somebody asks for this region's vote.
    pub(super) fn asked(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        term: u32,
        theirs: (u32, u32),
        is_pre: bool,
        is_transfer: bool,
    ) {
        let waited_us = cx.monotonic_us.saturating_sub(self.heard_us);
        let hears_leader =
            self.role == Role::Leader || (self.leader.is_some() && waited_us < self.patience_us());
        if term < self.term + u32::from(is_pre) {
            // Whoever asks missed a term. Without being told, a member whose log is the longest
            // of those left might ask about the same term for ever.
            self.refuse_term(cx, from, cx.cause);
            return;
        }
        if (hears_leader || self.minds_a_lease(cx)) && !is_transfer {
            return;
        }
        let knows_enough = theirs >= (self.log.last_epoch(), self.log.len())
            || self.settings.mistake == Mistake::VotesForTheIgnorant;
        if is_pre {
            if knows_enough {
                let vote = Body::protocol(Message::Vote { term, is_pre });
                cx.send(
                    self.peer(from),
                    Label::PreVote,
                    vote,
                    cx.cause,
                    FactId::NONE,
                );
            }
            return;
        }
        if term > self.term {
            self.follow(cx, term, None);
        }
        let is_free = self.voted_for.is_none_or(|whom| whom == from)
            || self.settings.mistake == Mistake::VotesTwice;
        if knows_enough && is_free {
            self.voted_for = Some(from);
            self.heard_us = cx.monotonic_us;
            self.enqueue(
                cx,
                Pending::Vote {
                    term,
                    to: from,
                    is_transfer: false,
                },
            );
        }
    }

    /// A vote is in the log of whoever gave it.
    pub(super) fn vote_durable(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        term: u32,
        to: u8,
        is_transfer: bool,
    ) {
        if term != self.term {
            return;
        }
        let host = HostId(u16::from(to));
        let subjects = [term, u32::from(cx.me.service()), 0];
        let given = cx.record_because(cause, FactKind::VoteGiven, Fact::OF_A_TERM, host, subjects);
        if to == self.region() {
            self.send_asks(cx, given, false, is_transfer);
            return self.count_vote(cx, term, false, to);
        }
        let is_pre = false;
        let vote = Body::protocol(Message::Vote { term, is_pre });
        cx.send(self.peer(to), Label::Vote, vote, given, FactId::NONE);
    }

    /// Somebody voted for this region, or would.
    pub(super) fn count_vote(&mut self, cx: &mut Context<'_>, term: u32, is_pre: bool, from: u8) {
        let is_awaited = if is_pre {
            self.role == Role::PreCandidate && term == self.term + 1
        } else {
            self.role == Role::Candidate && term == self.term
        };
        if !is_awaited {
            return;
        }
        self.votes |= 1 << from;
        if !self.is_majority(self.votes) {
            return;
        }
        if is_pre {
            self.ask(cx, false, false);
        } else {
            self.lead(cx);
        }
    }

    fn lead(&mut self, cx: &mut Context<'_>) {
        self.role = Role::Leader;
        self.leader = Some(self.region());
        let here = cx.me.host();
        let subjects = [self.term, u32::from(cx.me.service()), 0];
        let elected = cx.record(FactKind::RegionPromoted, Fact::OF_A_TERM, here, subjects);
        if self.settings.mistake == Mistake::LeaderTruncates {
            let taken = self.log.truncate(self.commit);
            self.find_voters();
            let initial = self.setup.initial;
            self.values
                .roll_back(cx, elected, &taken, &self.log, initial);
        }
        self.held_len = 0;
        let (len, now_us) = (self.log.len(), cx.monotonic_us);
        for peer in &mut self.peers {
            peer.matched = 0;
            peer.sent = len;
            peer.heard_us = now_us;
            peer.followed_us = 0;
        }
        // An entry of its own term, by which the older ones are committed too.
        let nothing = Entry {
            epoch: self.term,
            key: NO_KEY,
            kind: OpKind::Read,
            argument: Value(0),
            write: FactId::NONE,
            origin: self.region(),
            stamp_us: self.stamp_us(cx),
        };
        if self.settings.mistake != Mistake::CommitsOldTerms {
            self.enqueue(cx, Pending::Nothing(nothing));
        }
        self.beat(cx, elected);
    }

    /// Follows a term, and leads no more.
    pub(super) fn follow(&mut self, cx: &mut Context<'_>, term: u32, leader: Option<u8>) {
        if self.role == Role::Leader {
            self.step_down(cx, term, leader, 0);
        }
        if term > self.term {
            self.term = term;
            self.voted_for = None;
        }
        self.role = Role::Follower;
        self.leader = leader;
        self.heard_us = cx.monotonic_us;
    }

    /// A leader is one no more; whoever waits for it will not be answered by it.
    pub(super) fn step_down(
        &mut self,
        cx: &mut Context<'_>,
        term: u32,
        leader: Option<u8>,
        flag: u8,
    ) {
        let to = HostId(u16::from(leader.unwrap_or(self.region())));
        let subjects = [term, u32::from(cx.me.service()), self.term];
        let flag = Fact::OF_A_TERM | flag;
        let down = cx.record(FactKind::SteppedDown, flag, to, subjects);
        self.role = Role::Follower;
        for waiting in std::mem::take(&mut self.waiting) {
            let status = Status::GATEWAY_TIMEOUT;
            Self::answer(cx, &waiting.asked, status, Value(0), None, down);
        }
        for read in std::mem::take(&mut self.reads) {
            let status = Status::UNAVAILABLE;
            Self::answer(cx, &read.asked, status, Value(0), None, down);
        }
        self.refuse_held(cx, down);
    }
}
