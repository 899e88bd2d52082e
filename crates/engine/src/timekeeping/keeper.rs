//! One place that keeps time: a region that asks, or whoever is asked.

use super::message::Message;
use super::{ASK_US, Source};
use crate::clocks::time_service::{Correction, Discipline, TimeClient, TimeReply};
use crate::replication::Setup;
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, Node, Payload, Request, Status, Timer};

/// Time to ask.
const ASK: u8 = 0;
/// A slew has gone on for long enough.
const SLEWED: u8 = 1;

/// Its state machine. What it measured is in memory only; the clock is the host's.
#[derive(Clone, Debug)]
pub struct Keeper {
    /// Whom it asks, if it asks anybody.
    server: Option<Addr>,
    client: TimeClient,
    /// The slew that is under way, and which it is.
    slew: Option<(Correction, u32)>,
    asks: u32,
}

impl Keeper {
    /// A region's.
    pub fn region(setup: &Setup, source: Source) -> Self {
        let host = match source {
            Source::Reference => HostId(u16::from(setup.regions)),
            Source::FirstRegion => HostId(0),
        };
        let server = Addr::new(host, setup.me.service());
        Self::asking((server != setup.me).then_some(server))
    }

    /// The outside clock's.
    pub fn reference() -> Self {
        Self::asking(None)
    }

    fn asking(server: Option<Addr>) -> Self {
        Self {
            server,
            client: TimeClient::new(Discipline::default()),
            slew: None,
            asks: 0,
        }
    }

    fn set_ask(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.asks += 1;
        let timer = Timer {
            kind: ASK,
            tick: self.asks,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }

    fn told(&mut self, cx: &mut Context<'_>, from: Addr, reply: &TimeReply) {
        let Ok(correction) = self.client.on_reply(reply, cx.wall_us) else {
            return;
        };
        let (offset_us, delay_us) = self
            .client
            .latest()
            .map_or((0, 0), |sample| (sample.offset_us, sample.delay_us));
        let offset_us = offset_us.clamp(i64::from(i32::MIN), i64::from(i32::MAX)) as i32;
        let subjects = [
            offset_us as u32,
            delay_us.min(u64::from(u32::MAX)) as u32,
            u32::from(correction != Correction::Keep),
        ];
        let measured = cx.record(FactKind::ClockMeasured, 0, from.host(), subjects);
        if correction == Correction::Keep {
            return;
        }
        self.end_slew(cx, measured);
        cx.correct(correction, false, measured);
        if let Correction::Slew { span_us, .. } = correction {
            let timer = Timer {
                kind: SLEWED,
                tick: self.asks,
            };
            self.slew = Some((correction, self.asks));
            cx.set_timer(span_us, timer, measured);
        }
    }

    fn end_slew(&mut self, cx: &mut Context<'_>, cause: FactId) {
        if let Some((slew, _)) = self.slew.take() {
            cx.correct(slew, true, cause);
        }
    }
}

impl Node for Keeper {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        // What was under way when it crashed went on meanwhile.
        let cause = cx.cause;
        self.end_slew(cx, cause);
        if self.server.is_some() {
            let phase_us = cx.dice.below(Purpose::Phase, cx.identity, ASK_US as u32);
            self.set_ask(cx, u64::from(phase_us) + 1);
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        // Customers have clocks of their own.
        cx.refuse(from, request, Status::BAD_REQUEST);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        match message.as_any().downcast_ref::<Message>() {
            Some(&Message::Ask(request)) => {
                let reply = TimeReply::to(request, cx.wall_us, cx.wall_us);
                let told = Body::protocol(Message::Told(reply));
                cx.send(from, Label::TimeAnswer, told, cx.cause, FactId::NONE);
            }
            Some(Message::Told(reply)) => self.told(cx, from, reply),
            None => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        if timer.kind == SLEWED {
            if self.slew.is_some_and(|(_, tick)| tick == timer.tick) {
                let cause = cx.cause;
                self.end_slew(cx, cause);
            }
            return;
        }
        if let Some(server) = self.server {
            let ask = Body::protocol(Message::Ask(self.client.ask(cx.wall_us)));
            cx.send(server, Label::TimeAsk, ask, cx.cause, FactId::NONE);
        }
        self.set_ask(cx, ASK_US);
    }

    fn on_crash(&mut self, _cx: &mut Context<'_>) {
        // Its clock goes on at the rate at which it was left.
        self.client.forget();
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
