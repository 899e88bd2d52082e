//! One region with its queues.

use splitbrain_sorted::Map;

use super::REDELIVER_US;
use super::delivered::Delivered;
use super::message::Message;
use super::names::Names;
use crate::clocks::VersionVector;
use crate::crdt::{Dot, Superseded, Update};
use crate::replication::Setup;
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Key, Node, Payload, Reply, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, StateView, oldest};

/// Updates that a queue sends again in one step at most.
const BATCH: usize = 64;
const LOOK: u8 = 1;

/// One update in a queue. Durable, but for the moment.
#[derive(Clone, Debug)]
struct Queued {
    update: Update,
    /// When it was sent last, by the own monotonic clock, in microseconds; none since the
    /// last crash.
    sent_us: Option<u64>,
}

/// One key. Durable.
#[derive(Clone, Debug)]
struct Cell {
    names: Names,
    /// Updates of this key applied here, by origin.
    vector: VersionVector,
}

/// What waits for the log.
#[derive(Clone, Debug)]
enum Pending {
    Local(Request, Addr),
    Delivery(Update),
}

/// One region.
#[derive(Clone, Debug)]
pub struct Replica {
    setup: Setup,
    deduplicates: bool,
    cells: Map<Key, Cell>,
    /// Updates of this region's so far. Durable.
    sequence: u32,
    /// To each region, by its place; to itself nothing.
    queues: Vec<Vec<Queued>>,
    /// What was delivered of each region's, in the same log write that applied it; of
    /// its own, nothing. Not kept by who does not ask.
    delivered: Vec<Delivered>,
    /// In memory only; with each the fact that brought it.
    pending: Vec<(FactId, Pending)>,
    /// How many of these are on their way into the log.
    flushing: usize,
    looks: u32,
}

impl Replica {
    /// A region with empty carts and queues, and whether it takes each update once.
    pub fn new(setup: Setup, deduplicates: bool) -> Self {
        let regions = usize::from(setup.regions);
        Self {
            setup,
            deduplicates,
            cells: Map::new(),
            sequence: 0,
            queues: vec![Vec::new(); regions],
            delivered: vec![Delivered::default(); regions],
            pending: Vec::new(),
            flushing: 0,
            looks: 0,
        }
    }

    fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    fn addr(&self, region: u8) -> Addr {
        Addr::new(HostId(u16::from(region)), self.setup.me.service())
    }

    fn others(&self) -> impl Iterator<Item = u8> + use<> {
        let here = self.region();
        (0..self.setup.regions).filter(move |&region| region != here)
    }

    fn value(&self, key: Key) -> Value {
        let cell = self.cells.get(&key);
        cell.map_or(self.setup.initial, |cell| cell.names.value())
    }

    fn cell(&mut self, key: Key) -> &mut Cell {
        let regions = self.setup.regions;
        self.cells.get_or_insert_with(key, || Cell {
            names: Names::default(),
            vector: VersionVector::new(regions),
        })
    }

    fn enqueue(&mut self, cx: &mut Context<'_>, pending: Pending) {
        self.pending.push((cx.cause, pending));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    /// A customer's write is in the log: name it, apply it, answer, deliver.
    fn accept(&mut self, cx: &mut Context<'_>, request: &Request, customer: Addr) {
        self.sequence += 1;
        let dot = Dot {
            origin: self.region(),
            counter: self.sequence,
        };
        let names = &self.cell(request.key).names;
        let change = names.prepare(request.kind, request.argument);
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let (kind, host) = (request.kind as u8, customer.host());
        let write = cx.record(FactKind::WriteAccepted, kind, host, subjects);
        let update = Update {
            sequence: self.sequence,
            dot,
            write,
            key: request.key,
            stamp_us: cx.wall_us,
            change,
        };
        let value = self.apply(cx, write, &update);
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status: Status::OK,
            value,
            session: SessionToken::NONE,
        };
        cx.reply(customer, reply, write);
        for region in self.others() {
            self.deliver(cx, region, &update);
            self.queues[usize::from(region)].push(Queued {
                update: update.clone(),
                sent_us: Some(cx.monotonic_us),
            });
        }
    }

    fn deliver(&self, cx: &mut Context<'_>, region: u8, update: &Update) {
        let body = Body::protocol(Message::Deliver(update.clone()));
        let (to, write) = (self.addr(region), update.write);
        cx.send(to, Label::Replicate, body, write, write);
    }

    /// Applies an update and records what that did; gives the new value.
    fn apply(&mut self, cx: &mut Context<'_>, cause: FactId, update: &Update) -> Value {
        let here = self.region();
        let delivered = std::mem::take(&mut self.delivered);
        // Nobody hears of a name of this region's before it is here.
        let has_come =
            |dot: Dot| dot.origin == here || delivered[usize::from(dot.origin)].has(dot.counter);
        let mut superseded = Vec::new();
        let cell = self.cell(update.key);
        let before = cell.names.value();
        let reflected = cell.names.apply(update, has_come, &mut superseded);
        cell.vector.increment(update.dot.origin);
        let after = cell.names.value();
        self.delivered = delivered;
        let host = HostId(u16::from(update.dot.origin));
        let subjects = [update.write.0, update.key.0, 0];
        let flag = u8::from(reflected);
        let applied = cx.record_because(cause, FactKind::WriteApplied, flag, host, subjects);
        for Superseded { lost, by } in superseded {
            let subjects = [lost.0, by.0, update.key.0];
            cx.record_because(applied, FactKind::ValueOverwritten, 0, host, subjects);
        }
        if before != after {
            let subjects = [update.key.0, after.0, before.0];
            cx.record_because(applied, FactKind::ValueShown, 0, cx.me.host(), subjects);
        }
        after
    }

    /// A delivery: into the log with it, unless it is here already or on its way there.
    fn receive(&mut self, cx: &mut Context<'_>, update: &Update) {
        let (origin, sequence) = (update.dot.origin, update.sequence);
        let is_here = self.delivered[usize::from(origin)].has(sequence);
        let is_coming = self.pending.iter().any(|(_, pending)| {
            matches!(pending, Pending::Delivery(other)
                if (other.dot.origin, other.sequence) == (origin, sequence))
        });
        if !self.deduplicates || !(is_here || is_coming) {
            return self.enqueue(cx, Pending::Delivery(update.clone()));
        }
        let subjects = [update.write.0, update.key.0, 0];
        let host = HostId(u16::from(origin));
        let dropped = cx.record(FactKind::DuplicateDropped, 0, host, subjects);
        // What is on its way into the log is confirmed when it is there.
        if is_here {
            self.confirm(cx, update, dropped);
        }
    }

    fn confirm(&self, cx: &mut Context<'_>, update: &Update, cause: FactId) {
        let confirm = Body::protocol(Message::Confirm {
            sequence: update.sequence,
        });
        let (to, about) = (self.addr(update.dot.origin), update.write);
        cx.send(to, Label::DeliveryAck, confirm, cause, about);
    }

    /// Sends again what was not confirmed for long enough.
    fn look(&mut self, cx: &mut Context<'_>) {
        let now_us = cx.monotonic_us;
        let is_late = |it: &Queued| {
            it.sent_us
                .is_none_or(|at_us| now_us >= at_us + REDELIVER_US)
        };
        for region in self.others() {
            let mut queue = std::mem::take(&mut self.queues[usize::from(region)]);
            for queued in queue.iter_mut().filter(|it| is_late(it)).take(BATCH) {
                queued.sent_us = Some(now_us);
                self.deliver(cx, region, &queued.update);
            }
            self.queues[usize::from(region)] = queue;
        }
    }

    fn set_look(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.looks += 1;
        let timer = Timer {
            kind: LOOK,
            tick: self.looks,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        let every_us = self.setup.compare_every_us;
        let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us as u32);
        self.set_look(cx, u64::from(phase_us) + 1);
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        if request.kind != OpKind::Read {
            return self.enqueue(cx, Pending::Local(*request, from));
        }
        let value = self.value(request.key);
        let subjects = [request.op.0, request.key.0, value.0];
        let served = cx.record(FactKind::ReadServed, 0, from.host(), subjects);
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status: Status::OK,
            value,
            session: SessionToken::NONE,
        };
        cx.reply(from, reply, served);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        match message.as_any().downcast_ref::<Message>() {
            Some(Message::Deliver(update)) => self.receive(cx, update),
            Some(&Message::Confirm { sequence }) => {
                let queue = &mut self.queues[usize::from(from.host().0)];
                queue.retain(|queued| queued.update.sequence != sequence);
            }
            None => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, _timer: Timer) {
        self.look(cx);
        self.set_look(cx, self.setup.compare_every_us);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        // Taken out and put back, so that its memory is used again.
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, pending) in waiting.drain(..self.flushing) {
            // What brought it led here, not what first waited for this log write.
            cx.cause = cause;
            match pending {
                Pending::Local(request, customer) => self.accept(cx, &request, customer),
                Pending::Delivery(update) => {
                    self.apply(cx, cause, &update);
                    if self.deduplicates {
                        let of = usize::from(update.dot.origin);
                        self.delivered[of].insert(update.sequence);
                    }
                    self.confirm(cx, &update, cause);
                }
            }
        }
        self.pending = waiting;
        self.flushing = self.pending.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        self.flushing = 0;
        for (cause, pending) in self.pending.drain(..) {
            if let Pending::Local(request, customer) = pending {
                let subjects = [request.op.0, request.key.0, cause.0];
                cx.record(FactKind::UnflushedLost, 0, customer.host(), subjects);
            }
        }
        for queued in self.queues.iter_mut().flatten() {
            queued.sent_us = None;
        }
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        entries.extend(self.cells.iter().map(|(&key, cell)| EntryView {
            key,
            value: cell.names.value(),
            versions: cell.names.versions(),
            vector: cell.vector.clone(),
            payment: None,
        }));
    }

    /// How much waits in each queue.
    fn state(&self, state: &mut Vec<StateView>) {
        for region in self.others() {
            let queue = self.queues[usize::from(region)].iter();
            let held = oldest(queue.map(|queued| queued.update.write));
            state.extend(held.map(|(count, oldest)| StateView::Queue {
                region,
                count,
                oldest,
            }));
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
