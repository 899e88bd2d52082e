//! A leader that is asked to hand over: to whoever has all of its log.
//!
//! It takes no more writes until the member that is to lead has everything and nobody waits
//! for an answer, and then steps down before it says so, so that nobody is answered by two
//! leaders. A member that does not get there within an election's time is given up, and the
//! writes that were held are taken after all. Reads are answered meanwhile.
//!
//! Source: Ongaro, "Consensus: bridging theory and practice", 2014, section 3.10. There
//! customers are refused meanwhile; here they wait, and are refused once it has stepped down,
//! which for most of them is earlier than another try.

use super::message::Message;
use super::replica::{Pending, Replica, Role};
use crate::replication::proxy::Asked;
use crate::sim::fact::{Fact, FactId, Label};
use crate::sim::node::{Body, Context, Status, Value};

/// A hand-over that is under way, and what waits for its end. In memory only.
#[derive(Clone, Debug)]
pub(super) struct Handing {
    pub(super) to: u8,
    /// When it was asked for, by the own monotonic clock, in microseconds.
    since_us: u64,
    /// Writes that came since, each with what brought it.
    pub(super) held: Vec<(FactId, Asked)>,
}

impl Replica {
    /// A member asks to lead. Whoever asks last is the one.
    pub(super) fn hand_over(&mut self, cx: &mut Context<'_>, to: u8) {
        if self.role != Role::Leader || !self.is_voter(to) {
            return;
        }
        let before = self.handing.take();
        self.handing = Some(Handing {
            to,
            since_us: cx.monotonic_us,
            held: before.map(|handing| handing.held).unwrap_or_default(),
        });
        self.hand_over_if_level(cx);
    }

    /// A write for the leader: into its log, or behind a hand-over that is under way.
    pub(super) fn lead_write(&mut self, cx: &mut Context<'_>, asked: Asked) {
        match &mut self.handing {
            Some(handing) => handing.held.push((cx.cause, asked)),
            None => self.enqueue(cx, Pending::Own(asked)),
        }
    }

    /// Hands over, if the member that is to lead has the whole log by now and everything in
    /// it was answered.
    pub(super) fn hand_over_if_level(&mut self, cx: &mut Context<'_>) {
        let Some(to) = self.handing.as_ref().map(|handing| handing.to) else {
            return;
        };
        let is_level = self.peers[to as usize].matched >= self.log.len();
        if self.role != Role::Leader || !is_level || !self.owes_nothing() {
            return;
        }
        let term = self.term;
        self.step_down(cx, term, None, Fact::HANDED_OVER);
        self.follow(cx, term, None);
        let go_ahead = Body::protocol(Message::GoAhead { term });
        let (addr, cause) = (self.peer(to), cx.cause);
        cx.send(addr, Label::ForwardResult, go_ahead, cause, FactId::NONE);
    }

    /// Gives a hand-over up that takes too long.
    pub(super) fn look_at_hand_over(&mut self, cx: &mut Context<'_>) {
        let patience_us = self.patience_us();
        let is_late =
            |handing: &mut Handing| cx.monotonic_us.saturating_sub(handing.since_us) > patience_us;
        if let Some(handing) = self.handing.take_if(is_late) {
            for (cause, asked) in handing.held {
                self.enqueue_because(cx, cause, Pending::Own(asked));
            }
        }
    }

    /// A leader is one no more: what it held never came into its log.
    pub(super) fn refuse_held(&mut self, cx: &mut Context<'_>, down: FactId) {
        for (_, asked) in self.handing.take().into_iter().flat_map(|it| it.held) {
            Self::answer(cx, &asked, Status::UNAVAILABLE, Value(0), None, down);
        }
    }
}
