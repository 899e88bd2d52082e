//! Rights to sell that move between regions.
//!
//! A bounded counter sells by rights. A region that has none left for a customer asks every
//! other at once for the units that it lacks; who has them to spare gives them, for good.
//! It says "sold out" only when all have answered that they have none, and that it cannot
//! say where some did not answer. Real systems move rights ahead of need too.
//!
//! Source: Balegas et al., "Extending eventually consistent cloud databases for enforcing
//! numeric invariants", SRDS 2015, section IV; O'Neil, "The escrow transactional method",
//! ACM TODS 11(4), 1986.

use super::act::units;
use super::message::{AskRights, Message};
use super::replica::{RIGHTS, Replica};
use crate::crdt::replicated::{Act, Verb};
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{Addr, Body, Context, Request, Status, Timer, Value};

/// So long a region waits for the answers of others, in microseconds: a choice, twice the
/// longest round trip.
const PATIENCE_US: u64 = 800_000;

/// A purchase that waits for rights.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wanted {
    request: Request,
    customer: Addr,
    /// The fact since which it waits.
    cause: FactId,
    /// Regions that have not answered, in a mask.
    open: u32,
    /// Somebody gave some, which may be under way.
    was_given: bool,
    /// Which of the asks of this region, and of their timers, is its own.
    tick: u32,
}

impl Replica {
    /// A purchase finds too few rights here: asks for some, where there are any.
    pub(super) fn seek(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        request: Request,
        customer: Addr,
    ) {
        if !self.of.does(Verb::Transfer) || self.setup.others().next().is_none() {
            return cx.refuse(customer, &request, Status::SOLD_OUT);
        }
        let is_known = self.wanted.iter().any(|it| it.request.op == request.op);
        if is_known {
            return;
        }
        self.asks += 1;
        let (key, units) = (request.key, units(request.argument));
        let mut asked = cause;
        for region in self.setup.others() {
            let subjects = [request.op.0, key.0, units];
            let host = HostId(u16::from(region));
            asked = cx.record_because(cause, FactKind::RightsAsked, 0, host, subjects);
            let has = self.cell(key).vector.clone();
            let ask = Body::protocol(Message::AskRights(AskRights {
                key,
                units,
                ask: self.asks,
                has,
            }));
            cx.send(
                self.setup.peer(region),
                Label::RightsAsk,
                ask,
                asked,
                request.op,
            );
        }
        let timer = Timer {
            kind: RIGHTS,
            tick: self.asks,
        };
        cx.set_timer(PATIENCE_US, timer, asked);
        self.wanted.push(Wanted {
            request,
            customer,
            cause: asked,
            open: self
                .setup
                .others()
                .fold(0, |mask, region| mask | 1 << region),
            was_given: false,
            tick: self.asks,
        });
    }

    /// Another region lacks rights: gives it what can be spared, and says how much. With them
    /// goes all that it lacks of the key, on which they may rest.
    pub(super) fn give(&mut self, cx: &mut Context<'_>, asked: &AskRights, region: u8) {
        let (key, units) = (asked.key, asked.units);
        let writer = self.writer(cx, key);
        let cell = self.cell(key);
        let mark = cell.mark(writer.dot, (OpKind::Restock, Value(0)), None, cx.wall_us);
        let prepared = (1..=units).rev().find_map(|by| {
            let act = Act::Transfer { to: region, by };
            Some((by, cell.prepare(writer, act, None)?))
        });
        let host = HostId(u16::from(region));
        let (given, cause) = match prepared {
            Some((by, operation)) => {
                let subjects = [key.0, by, 0];
                let given = cx.record(FactKind::RightsGiven, 0, host, subjects);
                let form = self.form;
                let letter = self.change(cx, given, key, |cell, told| {
                    cell.write(operation, mark, form, told)
                });
                let others = self.setup.others().filter(|&other| other != region);
                self.spread(cx, key, letter, given, others);
                self.send_lacking(cx, key, given, (region, &asked.has));
                (by, given)
            }
            None => (0, cx.cause),
        };
        let answer = Body::protocol(Message::Rights(asked.ask, given));
        let peer = self.setup.peer(region);
        cx.send(peer, Label::RightsAsk, answer, cause, FactId::NONE);
    }

    /// Another region has answered an ask.
    pub(super) fn answered(&mut self, cx: &mut Context<'_>, ask: u32, region: u8, given: u32) {
        for wanted in self.wanted.iter_mut().filter(|it| it.tick == ask) {
            wanted.open &= !(1 << region);
            wanted.was_given |= given > 0;
        }
        let is_over = |it: &Wanted| it.tick == ask && it.open == 0 && !it.was_given;
        for wanted in self.taken(is_over) {
            cx.refuse(wanted.customer, &wanted.request, Status::SOLD_OUT);
        }
    }

    /// Purchases that can be made now are made, in the order in which they came.
    pub(super) fn serve(&mut self, cx: &mut Context<'_>) {
        for wanted in self.taken(|_| true) {
            let act = Act::Decrement(units(wanted.request.argument));
            let writer = self.writer(cx, wanted.request.key);
            let cell = self.cell(wanted.request.key);
            if cell.prepare(writer, act, None).is_some() {
                self.accept(cx, wanted.cause, (&wanted.request, None), wanted.customer);
            } else {
                self.wanted.push(wanted);
            }
        }
    }

    /// A purchase has waited long enough, and nobody can say that nothing is left.
    pub(super) fn give_up(&mut self, cx: &mut Context<'_>, tick: u32) {
        for wanted in self.taken(|it| it.tick == tick) {
            cx.refuse(wanted.customer, &wanted.request, Status::UNAVAILABLE);
        }
    }

    fn taken(&mut self, which: impl Fn(&Wanted) -> bool) -> Vec<Wanted> {
        let all = std::mem::take(&mut self.wanted);
        let (taken, kept) = all.into_iter().partition(which);
        self.wanted = kept;
        taken
    }
}
