//! A write on its way to every region.

use super::message::{Message, Version};
use super::replica::Replica;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, Key, Request, Status, Value};

/// A write of this region's that not every other one has answered. Durable, so that a
/// region that comes back goes on with it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Spread {
    pub(super) ticket: u32,
    pub(super) key: Key,
    pub(super) version: Version,
    /// Who has it, or has a later one, in a mask. In memory only: whoever is asked again
    /// says so again.
    pub(super) answered: u32,
    /// When it was sent last, by the own monotonic clock, in microseconds. In memory only.
    sent_us: u64,
    /// Some region has a later one. In memory only.
    is_stale: bool,
    /// Who waits to hear of it. In memory only.
    pub(super) waiting: Option<(Request, Addr)>,
}

impl Spread {
    pub(super) fn new(ticket: u32, version: Version, request: Request, customer: Addr) -> Self {
        Self {
            ticket,
            key: request.key,
            version,
            answered: 1 << version.origin,
            sent_us: 0,
            is_stale: false,
            waiting: Some((request, customer)),
        }
    }

    /// Sends it to all that have not answered.
    fn send(&mut self, cx: &mut Context<'_>, regions: u8) {
        self.sent_us = cx.monotonic_us;
        let write = self.version.write;
        for region in (0..regions).filter(|region| self.answered >> region & 1 == 0) {
            let to = Addr::new(HostId(u16::from(region)), cx.me.service());
            let body = Body::protocol(Message::Write {
                key: self.key,
                version: self.version,
            });
            cx.send(to, Label::QuorumWrite, body, write, write);
        }
    }

    /// Forgets what is not in the log.
    pub(super) fn crash(&mut self) {
        self.answered = 1 << self.version.origin;
        self.sent_us = 0;
        self.is_stale = false;
        self.waiting = None;
    }
}

/// What comes of a write that spreads.
impl Replica {
    /// A region has the write, or a later one.
    pub(super) fn answered(
        &mut self,
        cx: &mut Context<'_>,
        region: u8,
        key: Key,
        token: u32,
        is_stale: bool,
    ) {
        let mut spreading = self.spreading.iter_mut();
        let of = spreading.find(|it| (it.key, it.version.token) == (key, token));
        if let Some(spread) = of {
            spread.answered |= 1 << region;
            spread.is_stale |= is_stale;
            self.settle(cx);
        }
    }

    /// Answers and releases where every region has answered.
    pub(super) fn settle(&mut self, cx: &mut Context<'_>) {
        let regions = u32::from(self.setup.regions);
        let everywhere = u32::MAX >> (32 - regions);
        let mut spreading = std::mem::take(&mut self.spreading);
        spreading.retain_mut(|spread| {
            let is_done = spread.answered == everywhere;
            if spread.is_stale {
                // Where it went first it may have been seen: nobody can say.
                Self::give_up_on(cx, spread, regions);
            }
            if is_done {
                if let Some((request, customer)) = spread.waiting.take() {
                    let value = spread.version.value;
                    let cause = cx.cause;
                    Self::reply(cx, &request, customer, Status::OK, value, cause);
                }
                Self::release(cx, spread.key, spread.ticket);
            }
            !is_done
        });
        self.spreading = spreading;
    }

    /// The customer is told that nobody can say.
    pub(super) fn give_up_on(cx: &mut Context<'_>, spread: &mut Spread, needed: u32) {
        let Some((request, customer)) = spread.waiting.take() else {
            return;
        };
        let answers = spread.answered.count_ones();
        let subjects = [request.op.0, answers, needed];
        let (flag, host) = (request.kind as u8, customer.host());
        let missed = cx.record(FactKind::QuorumMissed, flag, host, subjects);
        let status = Status::GATEWAY_TIMEOUT;
        Self::reply(cx, &request, customer, status, Value(0), missed);
    }

    /// Sends again what has waited for answers long enough.
    pub(super) fn spread_again(&mut self, cx: &mut Context<'_>) {
        let (regions, after_us) = (self.setup.regions, self.setup.compare_every_us);
        for spread in &mut self.spreading {
            if cx.monotonic_us >= spread.sent_us + after_us {
                spread.send(cx, regions);
            }
        }
    }

    /// Has every other region log a write that is in the log here.
    pub(super) fn spread(&mut self, cx: &mut Context<'_>, mut spread: Spread) {
        spread.send(cx, self.setup.regions);
        self.spreading.push(spread);
        self.settle(cx);
    }

    /// Gives back the lock of a ticket, or its place in the queue.
    pub(super) fn release(cx: &mut Context<'_>, key: Key, ticket: u32) {
        let cause = cx.cause;
        let body = Body::protocol(Message::Release { key, ticket });
        let locks = Addr::new(HostId(0), cx.me.service());
        cx.send(locks, Label::LockRelease, body, cause, FactId::NONE);
    }
}
