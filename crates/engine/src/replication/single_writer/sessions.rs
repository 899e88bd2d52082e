//! What a session may count on, as a writer and its followers keep it: which reads a
//! follower answers, which it holds, and which go to the writer.

use super::replica::{Replica, Role};
use crate::replication::proxy::{Answer, Asked};
use crate::session::Session;
use crate::session::flag::Flag;
use crate::session::sticky;
use crate::session::token::{Known, PATIENCE_US, Position};
use crate::sim::fact::{FactId, FactKind, OpKind};
use crate::sim::node::{Context, Request, SessionToken, Status, Timer, Value};

/// The timer of a read that is held.
pub(super) const HOLD: u8 = 2;

/// Where a read is to be answered.
#[derive(Clone, Copy, Debug)]
pub(super) enum ReadAt {
    /// Here, because of this fact.
    Here(FactId),
    /// At the writer.
    Writer,
    /// Here, if what is missing comes soon.
    Later(Position),
}

/// A read that waits for the log. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    asked: Asked,
    seen: Position,
    tick: u32,
}

impl Replica {
    /// Where a read that arrived here is to be answered.
    pub(super) fn read_at(&mut self, cx: &mut Context<'_>, asked: &Asked) -> ReadAt {
        if self.settings.reads_at_writer {
            return ReadAt::Writer;
        }
        match self.settings.session {
            Session::None | Session::Sticky => ReadAt::Here(cx.cause),
            // Whoever passed it on has looked.
            Session::Flag if asked.through.is_some() => ReadAt::Writer,
            Session::Flag => match self.flags.look(asked.customer, cx.monotonic_us) {
                Flag::Absent => ReadAt::Here(cx.cause),
                Flag::Stands => ReadAt::Writer,
                Flag::Expired => {
                    let (customer, subjects) = (asked.customer.host(), [asked.request.op.0, 0, 0]);
                    ReadAt::Here(cx.record(FactKind::FlagExpired, 0, customer, subjects))
                }
            },
            Session::Token if self.role == Role::Writer => ReadAt::Writer,
            Session::Token => match Position::from_token(asked.request.session) {
                Some(seen) if !self.may_read(seen, &asked.request) => {
                    if seen.in_log(&self.log, 0) == Known::Lags && asked.through.is_none() {
                        ReadAt::Later(seen)
                    } else {
                        ReadAt::Writer
                    }
                }
                _ => ReadAt::Here(cx.cause),
            },
        }
    }

    fn may_read(&self, seen: Position, request: &Request) -> bool {
        let key_epoch = self.values.epoch(request.key);
        seen.may_read(&self.log, self.writes_in(), key_epoch)
    }

    /// The epoch in which this region writes; 0 if it does not.
    fn writes_in(&self) -> u32 {
        if self.role == Role::Writer {
            self.epoch
        } else {
            0
        }
    }

    /// Refuses a request at the writer if its session has seen what this log has not, and
    /// could go back. A write can only where a later writer is about.
    pub(super) fn refuses(&mut self, cx: &mut Context<'_>, asked: &Asked) -> bool {
        let request = &asked.request;
        let Some(seen) = Position::from_token(request.session) else {
            return false;
        };
        let is_served = match request.kind {
            OpKind::Read => self.may_read(seen, request),
            _ => seen.in_log(&self.log, self.epoch) != Known::Lags,
        };
        if !is_served {
            let subjects = [request.op.0, seen.epoch, self.epoch];
            let customer = asked.customer.host();
            let refused = cx.record(FactKind::HistoryLost, 0, customer, subjects);
            let none = SessionToken::NONE;
            Self::answer(
                cx,
                asked,
                Status::UNAVAILABLE,
                Value(0),
                None,
                none,
                refused,
            );
        }
        !is_served
    }

    /// Holds a read until the log has what its session has seen, for a while.
    pub(super) fn hold(&mut self, cx: &mut Context<'_>, asked: Asked, seen: Position) {
        self.holds += 1;
        let customer = asked.customer.host();
        let subjects = [asked.request.op.0, seen.len, self.log.len()];
        let held = cx.record(FactKind::ReadHeld, 0, customer, subjects);
        let tick = self.holds;
        self.held.push(Held { asked, seen, tick });
        cx.set_timer(PATIENCE_US, Timer { kind: HOLD, tick }, held);
    }

    /// Answers held reads that the log has enough for now.
    pub(super) fn release(&mut self, cx: &mut Context<'_>, cause: FactId) {
        let mut held = std::mem::take(&mut self.held);
        held.retain(|it| {
            let is_ready = self.may_read(it.seen, &it.asked.request);
            if is_ready {
                self.read_here(cx, &it.asked, cause);
            }
            !is_ready
        });
        self.held = held;
    }

    /// A read was held long enough: the writer is asked.
    pub(super) fn stop_holding(&mut self, cx: &mut Context<'_>, tick: u32) {
        let place = self.held.iter().position(|it| it.tick == tick);
        if let Some(place) = place {
            let held = self.held.remove(place);
            self.serve_as_writer(cx, held.asked);
        }
    }

    /// What the app is to carry after an answer that rests on the log up to a position.
    pub(super) fn token(&self, request: &Request, now: Position) -> SessionToken {
        match self.settings.session {
            Session::None | Session::Flag => SessionToken::NONE,
            Session::Sticky => sticky::served_by(self.region()),
            Session::Token => {
                let seen = Position::from_token(request.session);
                let after = seen.map(|seen| seen.after(&self.log, self.writes_in(), now));
                after.unwrap_or(now).token()
            }
        }
    }

    /// The writer answered for a customer of this region's: sets her flag if that was a
    /// write. Gives what led to telling her.
    pub(super) fn note_commit(&mut self, cx: &mut Context<'_>, answer: &Answer) -> FactId {
        if self.settings.session != Session::Flag || !answer.is_of_a_write() {
            return cx.cause;
        }
        self.flags.set(answer.customer, cx.monotonic_us);
        let subjects = [answer.reply.op.0, 0, 0];
        cx.record(FactKind::FlagSet, 0, answer.customer.host(), subjects)
    }

    pub(super) fn forget_sessions(&mut self) {
        self.flags.clear();
        self.held.clear();
    }
}
