//! The outside system that gets the reports: a regulator, a bank, everybody's inbox.
//!
//! It never crashes and is equally near to every region. It expects a report a period by
//! its own clock, and takes every one that it is sent: two for the same time are two.
//! Where it checks tokens, it refuses what comes with one lower than it has seen.

use crate::replication::Setup;
use crate::sim::fact::{FactId, FactKind, Label};
use crate::sim::node::{Addr, Body, Context, Node, Payload, Timer};

use super::message::Message;

/// Its state machine.
#[derive(Clone, Debug)]
pub struct Sink {
    service: u8,
    is_fenced: bool,
    period_us: u64,
    /// The highest token that it was shown.
    newest: u32,
    /// The latest time that was run.
    last: u32,
}

impl Sink {
    /// One that expects a report every so many microseconds.
    pub fn new(setup: &Setup, is_fenced: bool, period_us: u64) -> Self {
        Self {
            service: setup.me.service(),
            is_fenced,
            period_us,
            newest: 0,
            last: 0,
        }
    }

    /// Waits for the time after this one.
    fn expect(&self, cx: &mut Context<'_>, after: u32) {
        let tick = after + 1;
        let at_us = u64::from(tick) * self.period_us;
        let timer = Timer { kind: 0, tick };
        let span_us = at_us.saturating_sub(cx.monotonic_us);
        cx.set_timer(span_us, timer, FactId::NONE);
    }

    /// Whether a token is good here. One that is not is refused, and that is a fact.
    fn checks(&mut self, cx: &mut Context<'_>, from: Addr, tick: u32, token: u32) -> bool {
        if self.is_fenced && token < self.newest {
            let subjects = [tick, token, self.newest];
            let refused = cx.record(FactKind::StaleTokenRefused, 0, from.host(), subjects);
            Self::answer(cx, from, Message::Refused { token }, refused);
            return false;
        }
        self.newest = self.newest.max(token);
        true
    }

    fn answer(cx: &mut Context<'_>, to: Addr, message: Message, cause: FactId) {
        let body = Body::protocol(message);
        cx.send(to, Label::JobResult, body, cause, cause);
    }

    fn claim(&mut self, cx: &mut Context<'_>, from: Addr, token: u32) {
        if self.checks(cx, from, 0, token) {
            let (last, cause) = (self.last, cx.cause);
            Self::answer(cx, from, Message::Claimed { token, last }, cause);
        }
    }

    fn report(&mut self, cx: &mut Context<'_>, from: Addr, tick: u32, token: u32) {
        if self.checks(cx, from, tick, token) {
            self.last = self.last.max(tick);
            let subjects = [tick, u32::from(self.service), token];
            let ran = cx.record(FactKind::JobRan, 0, from.host(), subjects);
            Self::answer(cx, from, Message::Done, ran);
        }
    }
}

impl Node for Sink {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.expect(cx, 0);
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        let subjects = [timer.tick, u32::from(self.service), 0];
        let here = cx.me.host();
        cx.record(FactKind::JobDue, 0, here, subjects);
        self.expect(cx, timer.tick);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        match message.as_any().downcast_ref::<Message>() {
            Some(&Message::Claim { token }) => {
                self.claim(cx, from, token);
            }
            Some(&Message::Report { tick, token }) => {
                self.report(cx, from, tick, token);
            }
            _ => {}
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
