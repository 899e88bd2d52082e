//! Who is the writer: signs of life, votes, epochs.

use super::message::Message;
use super::replica::{Pending, Replica, Role};
use super::settings::Failover;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context, SessionToken, Status, Value};

/// Signs of life that may be missed before a follower believes the writer gone, and
/// before a writer that needs votes stops. A choice.
const MISSED: u64 = 3;

impl Replica {
    /// The next epoch in which this region may write.
    fn next_epoch(&self) -> u32 {
        let regions = u32::from(self.setup.regions);
        let here = u32::from(self.region());
        let round = self.epoch / regions;
        let same_round = round * regions + here;
        if same_round > self.epoch {
            same_round
        } else {
            same_round + regions
        }
    }

    /// Every so often: a writer shows that it lives, and a follower looks whether it does.
    pub(super) fn check(&mut self, cx: &mut Context<'_>) {
        let every_us = self.setup.compare_every_us;
        let now_us = cx.monotonic_us;
        match self.role {
            Role::Writer => {
                let patience_us = MISSED * every_us;
                let near = |heard_us: &u64| now_us.saturating_sub(*heard_us) <= patience_us;
                let others = self.others();
                let heard = others
                    .filter(|&region| near(&self.peers[region as usize].heard_us))
                    .count();
                if self.settings.failover == Failover::ByVote
                    && heard < usize::from(self.setup.regions / 2)
                {
                    return self.step_down(cx, self.epoch);
                }
                let others: Vec<u8> = self.others().collect();
                for region in others {
                    let from = self.peers[region as usize].matched;
                    self.append_to(cx, region, from, cx.cause, FactId::NONE);
                }
            }
            Role::Follower | Role::Candidate => {
                // The farther after the writer, the later, so that one goes first.
                let regions = u32::from(self.setup.regions);
                let here = u32::from(self.region()) + regions;
                let rank = u64::from((here - self.writer_of(self.epoch) - 1) % regions);
                let patience_us = (MISSED + rank) * every_us;
                if now_us.saturating_sub(self.heard_us) > patience_us {
                    match self.settings.failover {
                        Failover::ByHand => {}
                        Failover::Unfenced | Failover::ByEpoch => self.promote(cx),
                        Failover::ByVote => self.ask_for_votes(cx),
                    }
                }
            }
        }
    }

    pub(super) fn writer_of(&self, epoch: u32) -> u32 {
        epoch % u32::from(self.setup.regions)
    }

    /// Becomes the writer of the next epoch of its own.
    pub(super) fn promote(&mut self, cx: &mut Context<'_>) {
        self.epoch = self.next_epoch();
        self.take_over(cx);
    }

    fn take_over(&mut self, cx: &mut Context<'_>) {
        self.role = Role::Writer;
        let here = cx.me.host();
        let subjects = [self.epoch, u32::from(cx.me.service()), 0];
        let promoted = cx.record(FactKind::RegionPromoted, 0, here, subjects);
        let len = self.log.len();
        for peer in &mut self.peers {
            peer.matched = 0;
            peer.sent = len;
            peer.heard_us = cx.monotonic_us;
        }
        let others: Vec<u8> = self.others().collect();
        for region in others {
            self.append_to(cx, region, len, promoted, FactId::NONE);
        }
    }

    fn ask_for_votes(&mut self, cx: &mut Context<'_>) {
        self.role = Role::Candidate;
        self.epoch = self.next_epoch();
        self.votes = 0;
        // Not again before a whole round of patience.
        self.heard_us = cx.monotonic_us;
        let here = self.region();
        self.enqueue(
            cx,
            Pending::Vote {
                epoch: self.epoch,
                to: here,
            },
        );
    }

    /// A vote is in the log of whoever gave it.
    pub(super) fn vote_durable(&mut self, cx: &mut Context<'_>, cause: FactId, epoch: u32, to: u8) {
        if epoch < self.epoch {
            return;
        }
        let host = HostId(u16::from(to));
        let subjects = [epoch, u32::from(cx.me.service()), 0];
        let given = cx.record_because(cause, FactKind::VoteGiven, 0, host, subjects);
        if to != self.region() {
            let vote = Body::protocol(Message::Vote { epoch });
            return cx.send(self.peer(to), Label::Vote, vote, given, FactId::NONE);
        }
        let (last_epoch, len) = (self.log.last_epoch(), self.log.len());
        let ask = Body::protocol(Message::Ask {
            epoch,
            last_epoch,
            len,
        });
        let others: Vec<u8> = self.others().collect();
        for region in others {
            let to = self.peer(region);
            cx.send(to, Label::AskForVote, ask.clone(), given, FactId::NONE);
        }
        self.count_vote(cx, epoch, to);
    }

    /// Somebody asks for this region's vote.
    pub(super) fn asked(&mut self, cx: &mut Context<'_>, from: u8, epoch: u32, theirs: (u32, u32)) {
        let every_us = self.setup.compare_every_us;
        // A candidate has heard of no writer: were it deaf to others as a follower is, two
        // that ask at once would do so for ever.
        let waited_us = cx.monotonic_us.saturating_sub(self.heard_us);
        let hears_writer = match self.role {
            Role::Writer => true,
            Role::Follower => waited_us <= (MISSED - 1) * every_us,
            Role::Candidate => false,
        };
        if epoch <= self.epoch || hears_writer {
            return;
        }
        // Who lacks something that may be acknowledged gets no vote. Its epoch is taken note
        // of, or whoever has more would ask in older ones for ever.
        if theirs < (self.log.last_epoch(), self.log.len()) {
            self.epoch = epoch;
            self.role = Role::Follower;
            return;
        }
        self.epoch = epoch;
        self.role = Role::Follower;
        self.heard_us = cx.monotonic_us;
        self.enqueue(cx, Pending::Vote { epoch, to: from });
    }

    /// Somebody voted for this region.
    pub(super) fn count_vote(&mut self, cx: &mut Context<'_>, epoch: u32, from: u8) {
        if self.role != Role::Candidate || epoch != self.epoch {
            return;
        }
        self.votes |= 1 << from;
        if self.votes.count_ones() > u32::from(self.setup.regions / 2) {
            self.take_over(cx);
        }
    }

    /// Follows a later epoch; whoever waits for a confirmation will not get it here.
    pub(super) fn step_down(&mut self, cx: &mut Context<'_>, epoch: u32) {
        if self.role == Role::Writer {
            let to = HostId(self.writer_of(epoch) as u16);
            let subjects = [epoch, u32::from(cx.me.service()), self.epoch];
            let down = cx.record(FactKind::SteppedDown, 0, to, subjects);
            for waiting in std::mem::take(&mut self.waiting) {
                let status = Status::GATEWAY_TIMEOUT;
                let none = SessionToken::NONE;
                Self::answer(cx, &waiting.asked, status, Value(0), None, none, down);
            }
        }
        self.role = Role::Follower;
        self.epoch = epoch;
        self.heard_us = cx.monotonic_us;
    }

    /// Whether a message of this epoch counts; takes note of a later one.
    pub(super) fn heeds(&mut self, cx: &mut Context<'_>, from: u8, epoch: u32) -> bool {
        if self.settings.failover == Failover::Unfenced {
            // Followers believe whoever calls itself the writer; a writer steps down when
            // it hears of a later one.
            let is_writer = self.role == Role::Writer;
            if epoch > self.epoch {
                self.step_down(cx, epoch);
            } else if is_writer {
                return false;
            }
            self.heard_us = cx.monotonic_us;
            return true;
        }
        if epoch < self.epoch {
            let host = HostId(u16::from(from));
            let subjects = [epoch, self.epoch, u32::from(cx.me.service())];
            let fenced = cx.record(FactKind::EpochRefused, 0, host, subjects);
            let epoch = self.epoch;
            let message = Body::protocol(Message::Fenced { epoch });
            cx.send(
                self.peer(from),
                Label::LogAck,
                message,
                fenced,
                FactId::NONE,
            );
            return false;
        }
        if epoch > self.epoch || self.role == Role::Candidate {
            self.step_down(cx, epoch);
        }
        self.heard_us = cx.monotonic_us;
        true
    }
}
