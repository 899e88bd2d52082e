//! One region of a geo-sharded service: home of some keys, and a proxy for the others.

use super::gather::Gathering;
use super::message::{Message, Parcel};
use super::moves::{Wish, send};
use super::seats::{Seat, Seats};
use crate::replication::log::{Entry, Values};
use crate::replication::proxy::{self, Asked, Said};
use crate::replication::{Homes, Setup};
use crate::sim::fact::{FactId, FactKind, OpKind};
use crate::sim::node::{
    Addr, Context, Key, Node, Payload, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, StateView};

/// The timer by which what is on the move is looked after.
pub(super) const TICK: u8 = 1;
/// The timer that ends the wait for the homes of all keys.
pub(super) const GATHER: u8 = 2;

/// What is on its way into the log. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) enum Pending {
    Write(Asked),
    /// The key is at home here no more.
    Release {
        key: Key,
        to: u8,
    },
    /// It is at home here.
    Take {
        from: u8,
        parcel: Parcel,
    },
}

/// A request that waits for its key. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Held {
    pub(super) asked: Asked,
    pub(super) cause: FactId,
    /// By the own monotonic clock, in microseconds.
    pub(super) since_us: u64,
}

/// One region.
#[derive(Clone, Debug)]
pub struct Replica {
    pub(super) setup: Setup,
    pub(super) seats: Seats,
    /// A value is a set of items, and not a number.
    pub(super) holds_sets: bool,
    /// Of the keys that are at home here. Durable.
    pub(super) values: Values,
    /// Keys that were given away and have not arrived for certain, with the fact that let
    /// each go. Durable.
    pub(super) parcels: Vec<(Parcel, FactId)>,
    /// Keys that are wanted here. In memory only.
    pub(super) wishes: Vec<Wish>,
    pub(super) held: Vec<Held>,
    /// What is on its way into the log. In memory only.
    pub(super) pending: Vec<(FactId, Pending)>,
    /// Reads of all keys that are under way. In memory only.
    pub(super) gatherings: Vec<Gathering>,
    /// How many there were, over all incarnations.
    pub(super) gathers: u32,
    flushing: usize,
    /// Ticks so far, over all incarnations.
    pub(super) ticks: u32,
    pub(super) is_ticking: bool,
}

impl Replica {
    /// A region that keeps nothing yet.
    pub fn new(setup: Setup, homes: Homes, holds_sets: bool) -> Self {
        Self {
            setup,
            seats: Seats::new(setup.regions, homes),
            holds_sets,
            values: Values::default(),
            parcels: Vec::new(),
            wishes: Vec::new(),
            held: Vec::new(),
            pending: Vec::new(),
            gatherings: Vec::new(),
            gathers: 0,
            flushing: 0,
            ticks: 0,
            is_ticking: false,
        }
    }

    pub(super) fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    pub(super) fn enqueue(&mut self, cx: &mut Context<'_>, cause: FactId, pending: Pending) {
        self.pending.push((cause, pending));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    /// Serves what is at home here; what is on its way here waits; the rest is passed on.
    pub(super) fn serve(&mut self, cx: &mut Context<'_>, cause: FactId, asked: Asked) {
        let (key, here) = (asked.request.key, self.region());
        if self.seats.logged(key).home != here {
            if self.is_coming(key) {
                return self.hold(cx, cause, asked);
            }
            return self.pass_on(cx, cause, asked);
        }
        if asked.request.kind == OpKind::Read {
            let (value, write) = self.values.get(key, self.setup.initial);
            return Self::answer(cx, &asked, value, Some(write), cause);
        }
        self.enqueue(cx, cause, Pending::Write(asked));
    }

    /// Passes a request on to the key's home; who sent it here in error hears where that is.
    fn pass_on(&self, cx: &mut Context<'_>, cause: FactId, asked: Asked) {
        let Asked {
            request, customer, ..
        } = asked;
        let key = request.key;
        let seat = self.seats.known(key);
        let epoch = seat.epoch;
        let message = Message::Forward {
            request,
            customer,
            epoch,
        };
        // It may have waited for something else meanwhile.
        let happening = std::mem::replace(&mut cx.cause, cause);
        proxy::forward(cx, seat.home, &request, message);
        cx.cause = happening;
        if let Some(from) = asked.through {
            send(cx, from.host().0 as u8, Message::Moved { key, seat }, cause);
        }
    }

    fn answer(
        cx: &mut Context<'_>,
        asked: &Asked,
        value: Value,
        chosen: Option<FactId>,
        cause: FactId,
    ) {
        let said = Said {
            status: Status::OK,
            value,
            chosen,
            session: SessionToken::NONE,
        };
        asked.answer(cx, said, cause, Message::Forwarded);
    }

    /// A write is in the log: name it, apply it, answer. If the key was given away before
    /// it, it is the new home's.
    fn write_durable(&mut self, cx: &mut Context<'_>, cause: FactId, asked: &Asked) {
        let request = &asked.request;
        let seat = self.seats.logged(request.key);
        if seat.home != self.region() {
            return self.serve(cx, cause, *asked);
        }
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let (kind, customer) = (request.kind as u8, asked.customer.host());
        let accepted = FactKind::WriteAccepted;
        let write = cx.record_because(cause, accepted, kind, customer, subjects);
        let entry = Entry {
            epoch: seat.epoch,
            key: request.key,
            kind: request.kind,
            argument: request.argument,
            write,
            origin: self.region(),
            stamp_us: cx.wall_us,
        };
        let value = self.values.apply(cx, write, &entry, self.setup.initial);
        Self::answer(cx, asked, value, None, write);
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.tick_later(cx);
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        let asked = Asked {
            request: *request,
            customer: from,
            through: None,
        };
        if request.kind == OpKind::ReadAll {
            return self.gather(cx, asked);
        }
        let cause = cx.cause;
        self.serve(cx, cause, asked);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let (region, cause) = (from.host().0 as u8, cx.cause);
        let Some(message) = message.as_any().downcast_ref::<Message>() else {
            return;
        };
        match *message {
            Message::Forward {
                request,
                customer,
                epoch,
            } => {
                let home = self.region();
                self.heard(cx, request.key, Seat { home, epoch });
                let asked = Asked {
                    request,
                    customer,
                    through: Some(from),
                };
                self.serve(cx, cause, asked);
            }
            Message::Forwarded(answer) => answer.tell(cx, cause),
            Message::Ask { key, epoch } => self.asked_for(cx, region, key, epoch),
            Message::Transfer(parcel) => self.arrived(cx, region, parcel),
            Message::Taken { key, epoch } => self.confirmed(key, epoch),
            Message::Count(query) => self.tell_count(cx, from, query),
            Message::Counted { query, count } => self.counted(cx, region, query, count),
            Message::Moved { key, seat } => self.heard(cx, key, seat),
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        if timer.kind == GATHER {
            return self.stop_gathering(cx, timer.tick);
        }
        self.tick(cx);
    }

    fn on_move_home(&mut self, cx: &mut Context<'_>, key: Key) {
        self.wish(cx, key);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        let mut waiting = std::mem::take(&mut self.pending);
        // Nothing that comes of these begins a log write of its own.
        let flushing = self.flushing;
        for (cause, pending) in waiting.drain(..flushing) {
            match pending {
                Pending::Write(asked) => self.write_durable(cx, cause, &asked),
                Pending::Release { key, to } => self.released(cx, cause, key, to),
                Pending::Take { from, parcel } => self.taken(cx, cause, from, parcel),
            }
        }
        waiting.append(&mut self.pending);
        self.pending = waiting;
        self.flushing = self.pending.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        self.flushing = 0;
        for (cause, pending) in std::mem::take(&mut self.pending) {
            if let Pending::Write(asked) = pending {
                let subjects = [asked.request.op.0, asked.request.key.0, cause.0];
                cx.record(FactKind::UnflushedLost, 0, asked.customer.host(), subjects);
            }
        }
        self.give_up(cx);
        self.seats.forget();
        self.held.clear();
        self.gatherings.clear();
        self.is_ticking = false;
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        self.values.view(entries);
    }

    fn state(&self, state: &mut Vec<StateView>) {
        super::state::of(self, state);
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
