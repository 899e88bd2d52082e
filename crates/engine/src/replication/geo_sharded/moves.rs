//! How a key moves: the new home asks, the old one lets go and sends, and from then on
//! nobody but the new home decides about the key.
//!
//! ```text
//! new home   ask ──╮                     ╭──▶ log ── taken ──╮
//! old home         ╰──▶ log: released ───╯ transfer          ╰──▶ forgets it
//! ```
//!
//! The old home writes into its log that it is the home no more, together with the value
//! that it sends, so a crash on either side loses nothing: it sends again until the new
//! home has the key in its own log. The epoch that goes along orders the homes, and a
//! copy of an old message begins nothing. Requests that come meanwhile are passed on to
//! the new home and wait there for the key.
//!
//! Once released a key cannot come back by itself: if the transfer does not get through,
//! nobody serves the key until it does. Whether the other side has it cannot be known
//! from here (Gray, "Notes on data base operating systems", 1978, section 5.8.3.3.1: the
//! generals' paradox).
//!
//! Source: Adya et al., "Slicer: auto-sharding for datacenter applications", OSDI 2016,
//! section 4.3 (a key has one owner at a time); Das et al., "Albatross", VLDB 2011, and
//! Elmore et al., "Zephyr", SIGMOD 2011 (live migration of a tenant).

use super::message::{Message, Parcel};
use super::replica::{Held, Pending, Replica, TICK};
use super::seats::Seat;
use crate::replication::log::Values;
use crate::replication::proxy::{Asked, Said};
use crate::sim::fact::{FactId, FactKind, HostId, Label, MoveRefusal};
use crate::sim::node::{Addr, Body, Context, Key, SessionToken, Status, Timer, Value};

/// How often a region asks for a key before it gives up. A choice.
const PATIENCE: u32 = 3;
/// Requests that wait for keys at most, in one region.
const MOST_HELD: usize = 64;

/// A key that this region wants to be the home of. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    pub(super) key: Key,
    /// The command.
    cause: FactId,
    asked: u32,
}

/// Says something about the home of a key to another region.
pub(super) fn send(cx: &mut Context<'_>, to: u8, message: Message, cause: FactId) {
    let label = match message {
        Message::Transfer(_) => Label::HomeTransfer,
        _ => Label::HomeNotice,
    };
    let host = HostId(u16::from(to));
    let addr = Addr::new(host, cx.me.service());
    cx.send(addr, label, Body::protocol(message), cause, FactId::NONE);
}

impl Replica {
    /// Looks after what is on the move, every so often while anything is.
    pub(super) fn tick_later(&mut self, cx: &mut Context<'_>) {
        let is_idle = self.parcels.is_empty() && self.wishes.is_empty() && self.held.is_empty();
        if !is_idle && !self.is_ticking {
            self.is_ticking = true;
            self.ticks += 1;
            let timer = Timer {
                kind: TICK,
                tick: self.ticks,
            };
            cx.set_timer(self.setup.compare_every_us, timer, FactId::NONE);
        }
    }

    /// Sends again what was not confirmed, asks again for what did not come, and refuses
    /// who has waited too long.
    pub(super) fn tick(&mut self, cx: &mut Context<'_>) {
        self.is_ticking = false;
        for (parcel, cause) in self.parcels.clone() {
            send(cx, parcel.seat.home, Message::Transfer(parcel), cause);
        }
        for mut wish in std::mem::take(&mut self.wishes) {
            if self.is_coming(wish.key) {
                // The other side sends it until it is here.
            } else if wish.asked < PATIENCE {
                self.ask(cx, &mut wish);
                self.wishes.push(wish);
            } else {
                self.refuse_move(cx, wish.cause, wish.key, MoveRefusal::NoAnswer);
            }
        }
        // Apps do not wait for long either, and a refusal is better than none.
        let patience_us = self.setup.compare_every_us;
        let now_us = cx.monotonic_us;
        let held = std::mem::take(&mut self.held);
        let (late, held) = held
            .into_iter()
            .partition(|held| now_us.saturating_sub(held.since_us) >= patience_us);
        self.held = held;
        for Held { asked, cause, .. } in late {
            Self::refuse(cx, &asked, cause);
        }
        self.tick_later(cx);
    }

    /// Whether a key was let go by its home before, for this region, and is not here yet.
    pub(super) fn is_coming(&self, key: Key) -> bool {
        let here = self.region();
        self.seats.known(key).home == here && self.seats.logged(key).home != here
    }

    /// It cannot be served now, and was not executed.
    pub(super) fn refuse(cx: &mut Context<'_>, asked: &Asked, cause: FactId) {
        let status = Status::UNAVAILABLE;
        let subjects = [asked.request.op.0, u32::from(status.0), 0];
        let customer = asked.customer.host();
        let rejected = FactKind::RequestRejected;
        let refused = cx.record_because(cause, rejected, 0, customer, subjects);
        let said = Said {
            status,
            value: Value(0),
            chosen: None,
            session: SessionToken::NONE,
        };
        asked.answer(cx, said, refused, Message::Forwarded);
    }

    /// A request for a key that is on its way here waits for it.
    pub(super) fn hold(&mut self, cx: &mut Context<'_>, cause: FactId, asked: Asked) {
        if self.held.len() >= MOST_HELD {
            return Self::refuse(cx, &asked, cause);
        }
        self.held.push(Held {
            asked,
            cause,
            since_us: cx.monotonic_us,
        });
        self.tick_later(cx);
    }

    /// A learner wants this region to be the home of a key.
    pub(super) fn wish(&mut self, cx: &mut Context<'_>, key: Key) {
        let cause = cx.cause;
        if self.seats.known(key).home == self.region() {
            return self.refuse_move(cx, cause, key, MoveRefusal::AtHome);
        }
        self.wishes.retain(|wish| wish.key != key);
        let asked = 0;
        let mut wish = Wish { key, cause, asked };
        self.ask(cx, &mut wish);
        self.wishes.push(wish);
        self.tick_later(cx);
    }

    fn ask(&self, cx: &mut Context<'_>, wish: &mut Wish) {
        let (key, seat) = (wish.key, self.seats.known(wish.key));
        wish.asked += 1;
        // It is on its way then.
        if seat.home != self.region() {
            let epoch = seat.epoch;
            send(cx, seat.home, Message::Ask { key, epoch }, wish.cause);
        }
    }

    fn refuse_move(&self, cx: &mut Context<'_>, cause: FactId, key: Key, why: MoveRefusal) {
        let seat = self.seats.known(key);
        let home = HostId(u16::from(seat.home));
        let subjects = [key.0, seat.epoch, 0];
        cx.record_because(cause, FactKind::HomeMoveRefused, why as u8, home, subjects);
    }

    /// A crash ends the wishes.
    pub(super) fn give_up(&mut self, cx: &mut Context<'_>) {
        for wish in std::mem::take(&mut self.wishes) {
            self.refuse_move(cx, wish.cause, wish.key, MoveRefusal::Down);
        }
    }

    /// Another region asks for a key of which it believes this one to be the home.
    pub(super) fn asked_for(&mut self, cx: &mut Context<'_>, from: u8, key: Key, epoch: u32) {
        let seat = self.seats.logged(key);
        let to = from;
        if seat.home == self.region() && seat.epoch == epoch {
            let is_it = |pending: &Pending| matches!(pending, Pending::Release { key: it, .. } if *it == key);
            // The first who asks gets it.
            if !self.pending.iter().any(|(_, pending)| is_it(pending)) {
                let cause = cx.cause;
                self.enqueue(cx, cause, Pending::Release { key, to });
            }
            return;
        }
        let seat = self.seats.known(key);
        let cause = cx.cause;
        send(cx, to, Message::Moved { key, seat }, cause);
    }

    /// It is in the log that this region is the home of the key no more.
    pub(super) fn released(&mut self, cx: &mut Context<'_>, cause: FactId, key: Key, to: u8) {
        let seat = self.seats.logged(key);
        if seat.home != self.region() {
            return;
        }
        let (home, epoch) = (to, seat.epoch + 1);
        let seat = Seat { home, epoch };
        let initial = self.setup.initial;
        let (value, write) = self.values.get(key, initial);
        let cell = self.values.take(key);
        let subjects = [key.0, epoch, write.0];
        let peer = HostId(u16::from(to));
        let released = cx.record_because(cause, FactKind::HomeReleased, 0, peer, subjects);
        Values::show(cx, released, key, value, initial);
        self.seats.log(key, seat);
        let parcel = Parcel { key, seat, cell };
        self.parcels.push((parcel, released));
        send(cx, to, Message::Transfer(parcel), released);
        self.tick_later(cx);
    }

    /// A key arrives.
    pub(super) fn arrived(&mut self, cx: &mut Context<'_>, from: u8, parcel: Parcel) {
        let (key, seat) = (parcel.key, parcel.seat);
        if seat.epoch <= self.seats.logged(key).epoch {
            let epoch = seat.epoch;
            let cause = cx.cause;
            return send(cx, from, Message::Taken { key, epoch }, cause);
        }
        self.seats.hear(key, seat);
        let cause = cx.cause;
        self.enqueue(cx, cause, Pending::Take { from, parcel });
    }

    /// It is in the log that this region is the home of the key.
    pub(super) fn taken(&mut self, cx: &mut Context<'_>, cause: FactId, from: u8, parcel: Parcel) {
        let Parcel { key, seat, cell } = parcel;
        let epoch = seat.epoch;
        if epoch > self.seats.logged(key).epoch {
            self.seats.log(key, seat);
            let write = cell.map_or(FactId::NONE, |cell| cell.by.write);
            let (peer, subjects) = (HostId(u16::from(from)), [key.0, epoch, write.0]);
            let taken = cx.record_because(cause, FactKind::HomeTaken, 0, peer, subjects);
            if let Some(cell) = cell {
                let origin = HostId(u16::from(cell.by.origin));
                let subjects = [write.0, key.0, 0];
                cx.record_because(taken, FactKind::WriteApplied, 1, origin, subjects);
                Values::show(cx, taken, key, self.setup.initial, cell.value);
                self.values.put(key, cell);
            }
            self.wishes.retain(|wish| wish.key != key);
            let held = std::mem::take(&mut self.held);
            let (here, held) = held
                .into_iter()
                .partition(|held| held.asked.request.key == key);
            self.held = held;
            for Held { asked, .. } in here {
                self.serve(cx, taken, asked);
            }
        }
        send(cx, from, Message::Taken { key, epoch }, cause);
    }

    /// The new home has the key in its log.
    pub(super) fn confirmed(&mut self, key: Key, epoch: u32) {
        let is_it = |parcel: &Parcel| parcel.key == key && parcel.seat.epoch == epoch;
        self.parcels.retain(|(parcel, _)| !is_it(parcel));
    }

    /// Another region says who the home of a key is.
    pub(super) fn heard(&mut self, cx: &mut Context<'_>, key: Key, seat: Seat) {
        if !self.seats.hear(key, seat) {
            return;
        }
        let mut wishes = std::mem::take(&mut self.wishes);
        for wish in wishes.iter_mut().filter(|wish| wish.key == key) {
            self.ask(cx, wish);
        }
        self.wishes = wishes;
    }
}
