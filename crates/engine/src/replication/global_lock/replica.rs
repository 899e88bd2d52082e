//! One region under a global lock: it asks for locks, writes, and keeps what others
//! write; the first region of the scenario gives the locks.

use splitbrain_sorted::Map;

use super::GIVE_UP_US;
use super::keep::Cell;
use super::locks::{Asker, EXPIRE, Locks};
use super::message::{Message, Version};
use super::spread::Spread;
use crate::clocks::VersionVector;
use crate::replication::Setup;
use crate::replication::change::changed;
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Key, Node, Payload, Reply, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, StateView, VersionView};

/// Time to ask and to send again.
const AGAIN: u8 = 2;
/// The end of patience with a ticket.
const GIVE_UP: u8 = 3;

/// A customer's write that waits for its lock, or for the log here. In memory only.
#[derive(Clone, Copy, Debug)]
struct Ticket {
    number: u32,
    request: Request,
    customer: Addr,
    /// The message that brought it.
    cause: FactId,
    /// When it was asked for last, by the own monotonic clock, in microseconds.
    asked_us: u64,
    /// Under which lock it is being logged.
    token: Option<u32>,
}

/// What is on its way into the log. In memory only.
#[derive(Clone, Copy, Debug)]
enum Pending {
    /// The next holder of a lock.
    Grant(Key),
    /// The write of a ticket.
    Own(u32),
    /// A write that came from a region.
    Write(u8, Key, Version),
}

/// One region.
#[derive(Clone, Debug)]
pub struct Replica {
    pub(super) setup: Setup,
    /// Whether a holder whose lock is another's by now is refused.
    pub(super) is_fenced: bool,
    /// Used in the first region only.
    pub(super) locks: Locks,
    pub(super) cells: Map<Key, Cell>,
    tickets: Vec<Ticket>,
    pub(super) spreading: Vec<Spread>,
    /// Tickets so far; as good as drawn at random, it survives a crash.
    numbers: u32,
    again: u32,
    pending: Vec<(FactId, Pending)>,
    flushing: usize,
}

impl Replica {
    /// A region that keeps nothing yet, and whether it refuses who holds a lock no more.
    pub fn new(setup: Setup, is_fenced: bool) -> Self {
        Self {
            setup,
            is_fenced,
            locks: Locks::default(),
            cells: Map::new(),
            tickets: Vec::new(),
            spreading: Vec::new(),
            numbers: 0,
            again: 0,
            pending: Vec::new(),
            flushing: 0,
        }
    }

    fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    pub(super) fn addr(&self, region: u8) -> Addr {
        Addr::new(HostId(u16::from(region)), self.setup.me.service())
    }

    fn enqueue(&mut self, cx: &mut Context<'_>, pending: Pending) {
        self.pending.push((cx.cause, pending));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    pub(super) fn reply(
        cx: &mut Context<'_>,
        request: &Request,
        customer: Addr,
        status: Status,
        value: Value,
        cause: FactId,
    ) {
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status,
            value,
            session: SessionToken::NONE,
        };
        cx.reply(customer, reply, cause);
    }

    /// Nothing was written, and nothing will be.
    fn refuse(cx: &mut Context<'_>, ticket: &Ticket) {
        let status = Status::UNAVAILABLE;
        let subjects = [ticket.request.op.0, u32::from(status.0), 0];
        let kind = FactKind::RequestRejected;
        let rejected = cx.record(kind, 0, ticket.customer.host(), subjects);
        let (request, customer) = (&ticket.request, ticket.customer);
        Self::reply(cx, request, customer, status, Value(0), rejected);
    }

    fn ask(&self, cx: &mut Context<'_>, ticket: &Ticket) {
        let ask = Body::protocol(Message::Ask {
            key: ticket.request.key,
            ticket: ticket.number,
            op: ticket.request.op,
        });
        let (locks, op) = (self.addr(0), ticket.request.op);
        cx.send(locks, Label::LeaseAsk, ask, ticket.cause, op);
    }

    /// Asks again where there was no answer for long enough: question or answer may be lost.
    fn ask_again(&mut self, cx: &mut Context<'_>) {
        let (now_us, after_us) = (cx.monotonic_us, self.setup.compare_every_us);
        let has_waited = |it: &Ticket| it.token.is_none() && now_us >= it.asked_us + after_us;
        for place in 0..self.tickets.len() {
            let ticket = self.tickets[place];
            if has_waited(&ticket) {
                self.tickets[place].asked_us = now_us;
                self.ask(cx, &ticket);
            }
        }
    }

    /// A lock is this region's: what is to be logged because of it.
    fn granted(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        number: u32,
        token: u32,
    ) -> Option<Pending> {
        let mut tickets = self.tickets.iter_mut();
        let Some(ticket) = tickets.find(|ticket| ticket.number == number) else {
            // Whoever it was for has given up, or was forgotten in a crash.
            if self.spreading.iter().all(|spread| spread.ticket != number) {
                Self::release(cx, key, number);
            }
            return None;
        };
        if ticket.token.is_some() {
            return None;
        }
        ticket.token = Some(token);
        let cell = self.cells.get_or_insert_with(key, Cell::default);
        cell.promised = cell.promised.max(token);
        Some(Pending::Own(number))
    }

    /// A ticket's write is in the log: name it, apply it, spread it.
    fn own_durable(&mut self, cx: &mut Context<'_>, number: u32) {
        let place = self.tickets.iter().position(|it| it.number == number);
        let Some(place) = place else {
            return;
        };
        let ticket = self.tickets.remove(place);
        let Ticket {
            request, customer, ..
        } = ticket;
        let token = ticket.token.unwrap_or(0);
        let newest = self.cells.get(&request.key).map_or(0, Cell::token);
        if self.is_fenced && newest >= token {
            // Its lock ran out, and the next holder has written.
            Self::refuse(cx, &ticket);
            return Self::release(cx, request.key, number);
        }
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let (kind, host) = (request.kind as u8, customer.host());
        let write = cx.record(FactKind::WriteAccepted, kind, host, subjects);
        let version = Version {
            token,
            value: changed(request.kind, request.argument, self.value(request.key)),
            write,
            origin: self.region(),
            stamp_us: cx.wall_us,
        };
        self.apply(cx, write, request.key, version);
        self.spread(cx, Spread::new(number, version, request, customer));
    }

    fn give_up(&mut self, cx: &mut Context<'_>, number: u32) {
        let is_waiting = |it: &Ticket| it.number == number && it.token.is_none();
        if let Some(place) = self.tickets.iter().position(is_waiting) {
            let ticket = self.tickets.remove(place);
            Self::refuse(cx, &ticket);
            return Self::release(cx, ticket.request.key, number);
        }
        let mut spreading = self.spreading.iter_mut();
        if let Some(spread) = spreading.find(|spread| spread.ticket == number) {
            Self::give_up_on(cx, spread, u32::from(self.setup.regions));
        }
    }

    fn set_again(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.again += 1;
        let timer = Timer {
            kind: AGAIN,
            tick: self.again,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.locks.start(cx);
        let every_us = self.setup.compare_every_us;
        let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us as u32);
        self.set_again(cx, u64::from(phase_us) + 1);
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        if request.kind == OpKind::Read {
            let value = self.value(request.key);
            let subjects = [request.op.0, request.key.0, value.0];
            let served = cx.record(FactKind::ReadServed, 0, from.host(), subjects);
            return Self::reply(cx, request, from, Status::OK, value, served);
        }
        self.numbers += 1;
        let ticket = Ticket {
            number: self.numbers,
            request: *request,
            customer: from,
            cause: cx.cause,
            asked_us: cx.monotonic_us,
            token: None,
        };
        self.tickets.push(ticket);
        self.ask(cx, &ticket);
        let timer = Timer {
            kind: GIVE_UP,
            tick: ticket.number,
        };
        cx.set_timer(GIVE_UP_US, timer, ticket.cause);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let region = from.host().0 as u8;
        let logged = match message.as_any().downcast_ref::<Message>() {
            Some(&Message::Ask { key, ticket, op }) => {
                let asker = Asker {
                    region,
                    ticket,
                    op,
                    cause: cx.cause,
                };
                let is_free = self.locks.ask(cx, key, asker);
                is_free.then_some(Pending::Grant(key))
            }
            Some(&Message::Granted { key, ticket, token }) => self.granted(cx, key, ticket, token),
            Some(&Message::Release { key, ticket }) => {
                let passes_on = self.locks.release(cx, key, region, ticket);
                passes_on.then_some(Pending::Grant(key))
            }
            Some(&Message::Write { key, version }) => {
                let is_later = self.lets_in(cx, region, key, version);
                is_later.then_some(Pending::Write(region, key, version))
            }
            Some(&Message::Confirmed { key, token }) => {
                self.answered(cx, region, key, token, false);
                None
            }
            Some(&Message::Stale { key, token }) => {
                self.answered(cx, region, key, token, true);
                None
            }
            None => None,
        };
        if let Some(logged) = logged {
            self.enqueue(cx, logged);
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        match timer.kind {
            EXPIRE => {
                if let Some(key) = self.locks.expire(cx, timer.tick) {
                    self.enqueue(cx, Pending::Grant(key));
                }
            }
            GIVE_UP => self.give_up(cx, timer.tick),
            _ => {
                self.ask_again(cx);
                self.spread_again(cx);
                self.set_again(cx, self.setup.compare_every_us);
            }
        }
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        // Taken out and put back, so that its memory is used again.
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, pending) in waiting.drain(..self.flushing) {
            // What brought it led here, not what first waited for this log write.
            cx.cause = cause;
            match pending {
                Pending::Grant(key) => self.locks.logged(cx, key),
                Pending::Own(number) => self.own_durable(cx, number),
                Pending::Write(from, key, version) => {
                    self.write_durable(cx, from, key, version);
                }
            }
        }
        // What was asked for meanwhile comes after.
        waiting.append(&mut self.pending);
        self.pending = waiting;
        self.flushing = self.pending.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        self.pending.clear();
        self.flushing = 0;
        for ticket in self.tickets.drain(..) {
            let subjects = [ticket.request.op.0, ticket.request.key.0, ticket.cause.0];
            let host = ticket.customer.host();
            cx.record(FactKind::UnflushedLost, 0, host, subjects);
        }
        for spread in &mut self.spreading {
            spread.crash();
        }
        for cell in self.cells.values_mut() {
            cell.promised = 0;
        }
        self.locks.crash();
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        for (&key, cell) in self.cells.iter() {
            let Some(version) = cell.version else {
                continue;
            };
            entries.push(EntryView {
                key,
                value: version.value,
                versions: vec![VersionView {
                    write: version.write,
                    value: version.value,
                    origin: version.origin,
                    sequence: version.token,
                    stamp_us: version.stamp_us,
                    count: 0,
                }],
                vector: VersionVector::default(),
                payment: None,
            });
        }
    }

    fn state(&self, state: &mut Vec<StateView>) {
        super::state::of(self, state);
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
