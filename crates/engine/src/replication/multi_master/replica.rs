//! One replica: what it keeps, and how it accepts and pushes what is written.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::message::Message;
use super::origin::Origin;
use crate::clocks::VersionVector;
use crate::clocks::hybrid::{HybridClock, HybridStamp};
use crate::conflict::{Questions, ReadContext};
use crate::crdt::{Change, Dot, Object, Superseded, Update};
use crate::documents::refusal;
use crate::replication::Setup;
use crate::replication::group_commit::GroupCommit;
use crate::replication::turns::Turns;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Key, Node, Payload, Reply, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, StateView};

/// What waits for the log.
#[derive(Clone, Debug)]
enum Pending {
    /// A customer's write, with the context of what she had read, if she gives it back.
    Local(Request, Addr, Option<Rc<ReadContext>>),
    Remote(Update),
}

/// One key here.
#[derive(Clone, Debug)]
struct Cell {
    object: Box<dyn Object>,
    /// Updates of this key reflected or discarded here, by origin.
    vector: VersionVector,
}

/// One replica of a service.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) setup: Setup,
    cells: Map<Key, Cell>,
    pub(super) origins: Vec<Origin>,
    /// What each peer said it has.
    pub(super) peers: Vec<VersionVector>,
    pending: GroupCommit<Pending>,
    turns: Turns,
    superseded: Vec<Superseded>,
    /// Goes on from every stamp that it hears of, if the rule stamps by it. Durable, as the
    /// updates are that it was read for.
    hybrid: HybridClock,
    /// Durable too.
    questions: Questions,
}

impl Replica {
    pub(super) fn new(setup: Setup, questions: Questions) -> Self {
        let regions = setup.regions as usize;
        Self {
            setup,
            cells: Map::new(),
            origins: vec![Origin::default(); regions],
            peers: vec![VersionVector::new(setup.regions); regions],
            pending: GroupCommit::new(),
            turns: Turns::default(),
            superseded: Vec::new(),
            hybrid: HybridClock::default(),
            questions,
        }
    }

    pub(super) fn have(&self) -> VersionVector {
        let mut have = VersionVector::new(self.setup.regions);
        for (region, origin) in self.origins.iter().enumerate() {
            have.set(region as u8, origin.contiguous);
        }
        have
    }

    fn cell(&mut self, key: Key) -> &mut Cell {
        let setup = &self.setup;
        self.cells.get_or_insert_with(key, || Cell {
            object: setup
                .rule
                .empty_object(setup.initial, setup.me.host().0 as u8),
            vector: VersionVector::new(setup.regions),
        })
    }

    /// The stamp of a write of its own, and the change that carries the rest of it.
    fn stamped(&mut self, wall_us: i64, change: Change) -> (i64, Change) {
        let Change::Put(value) = change else {
            return (wall_us, change);
        };
        if !self.setup.rule.is_stamped_by_hybrid_clock() {
            return (wall_us, change);
        }
        // A clock that was set to before the beginning shows nothing that could count.
        let physical_us = wall_us.max(0) as u64;
        let stamp = self.hybrid.tick(physical_us).unwrap_or_else(|_| {
            // So many writes at one reading: l runs ahead, as the clock's own page says.
            let next = self.hybrid.last().next().unwrap_or_default();
            self.hybrid.advance_to(next);
            self.hybrid.last()
        });
        let count = stamp.c();
        (stamp.l_us() as i64, Change::PutAt { value, count })
    }

    /// Takes in an update unless it is here already or on its way into the log.
    fn receive(&mut self, cx: &mut Context<'_>, update: &Update) {
        let known = self.origins[update.dot.origin as usize].has(update.sequence)
            || self.pending.iter().any(|pending| {
                matches!(pending, Pending::Remote(other)
                    if (other.dot.origin, other.sequence) == (update.dot.origin, update.sequence))
            });
        if !known {
            if let Change::PutAt { count, .. } = update.change
                && let Some(sent) = HybridStamp::new(update.stamp_us as u64, count)
                && self.hybrid.receive(sent, cx.wall_us.max(0) as u64).is_err()
            {
                self.hybrid.advance_to(sent.next().unwrap_or(sent));
            }
            self.pending.push(cx, Pending::Remote(update.clone()));
        }
    }

    /// A customer's write became durable: name it, apply it, answer, push.
    fn accept(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        (request, read): (&Request, Option<&Rc<ReadContext>>),
        customer: Addr,
    ) {
        let me = self.setup.region();
        let cell = self.cell(request.key);
        if let Some(why) = refusal(request.kind, request.argument, cell.object.value()) {
            return cx.refuse(customer, request, why);
        }
        let object = &cell.object;
        let change = object.prepare_after(request.kind, request.argument, read);
        let dot = Dot {
            origin: me,
            counter: cell.vector.get(me) + 1,
        };
        let (stamp_us, change) = self.stamped(cx.wall_us, change);
        let write = cx.record_because(
            cause,
            FactKind::WriteAccepted,
            request.kind as u8,
            customer.host(),
            [request.op.0, request.key.0, request.argument.0],
        );
        if let Change::PutAfter { .. } = change {
            let object = &self.cell(request.key).object;
            object.record_context(cx, write, customer.host(), request.key, &change);
        }
        let update = Update {
            sequence: self.origins[me as usize].contiguous + 1,
            dot,
            write,
            key: request.key,
            stamp_us,
            change,
        };
        let (value, context) = self.apply(cx, write, &update);
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status: Status::OK,
            value,
            session: SessionToken::NONE,
        };
        cx.reply_with(customer, reply, context, write);
        let push = Body::Protocol(Rc::new(Message::Push(update)));
        for region in self.setup.others() {
            cx.send(
                self.setup.peer(region),
                Label::Replicate,
                push.clone(),
                write,
                write,
            );
        }
    }

    /// Applies a durable update, records what that did, and returns the value; of a write of
    /// its own also the context that goes with it.
    fn apply(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        update: &Update,
    ) -> (Value, Option<ReadContext>) {
        let mut superseded = std::mem::take(&mut self.superseded);
        let mut questions = self.questions;
        let cell = self.cell(update.key);
        let before = cell.object.value();
        let reflected = cell.object.apply(update, &mut superseded);
        cell.vector.increment(update.dot.origin);
        let after = cell.object.value();
        let host = HostId(u16::from(update.dot.origin));
        let subjects = [update.write.0, update.key.0, 0];
        let applied = cx.record_because(
            cause,
            FactKind::WriteApplied,
            u8::from(reflected),
            host,
            subjects,
        );
        for Superseded { lost, by } in superseded.drain(..) {
            let subjects = [lost.0, by.0, update.key.0];
            cx.record_because(applied, FactKind::ValueOverwritten, 0, host, subjects);
        }
        if before != after {
            let subjects = [update.key.0, after.0, before.0];
            cx.record_because(applied, FactKind::ValueShown, 0, host, subjects);
        }
        cell.object
            .record_apply(cx, applied, update, &mut questions);
        let is_own = host == cx.me.host();
        let context = is_own.then(|| cell.object.context()).flatten();
        self.questions = questions;
        self.superseded = superseded;
        self.origins[update.dot.origin as usize].insert(update.clone());
        (after, context)
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.turns.begin(&self.setup, cx);
    }

    fn on_request_after(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        request: &Request,
        read: &Rc<ReadContext>,
    ) {
        if request.kind == OpKind::Read {
            return self.on_request(cx, from, request);
        }
        let read = Some(Rc::clone(read));
        self.pending.push(cx, Pending::Local(*request, from, read));
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        if request.kind != OpKind::Read {
            self.pending.push(cx, Pending::Local(*request, from, None));
            return;
        }
        let object = &self.cell(request.key).object;
        let (value, context) = (object.value(), object.context());
        let subjects = [request.op.0, request.key.0, value.0];
        let served = cx.record(FactKind::ReadServed, 0, from.host(), subjects);
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status: Status::OK,
            value,
            session: SessionToken::NONE,
        };
        cx.reply_with(from, reply, context, served);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let region = from.host().0 as u8;
        match message.as_any().downcast_ref::<Message>() {
            Some(Message::Push(update)) => self.receive(cx, update),
            Some(Message::Repair(updates)) => {
                for update in updates {
                    self.receive(cx, update);
                }
            }
            Some(Message::Have(have)) => {
                self.peers[region as usize].merge(have);
                self.trim();
                self.compare(cx, region, have);
            }
            None => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, _timer: Timer) {
        let peer = self.setup.peer(self.turns.peer(&self.setup));
        let have = Body::protocol(Message::Have(self.have()));
        cx.send(peer, Label::Digest, have, FactId::NONE, FactId::NONE);
        self.turns.next(&self.setup, cx);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        let mut durable = self.pending.durable();
        for (cause, pending) in durable.drain(..) {
            match pending {
                Pending::Local(request, customer, read) => {
                    self.accept(cx, cause, (&request, read.as_ref()), customer);
                }
                Pending::Remote(update) => {
                    self.apply(cx, cause, &update);
                }
            }
        }
        self.pending.go_on(cx, durable);
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        for (cause, pending) in self.pending.lose() {
            if let Pending::Local(request, customer, _) = pending {
                let subjects = [request.op.0, request.key.0, cause.0];
                cx.record(FactKind::UnflushedLost, 0, customer.host(), subjects);
            }
        }
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        entries.extend(self.cells.iter().map(|(&key, cell)| {
            let mut versions = Vec::new();
            cell.object.versions(&mut versions);
            EntryView {
                key,
                value: cell.object.value(),
                versions,
                vector: cell.vector.clone(),
                payment: None,
            }
        }));
    }

    fn state(&self, state: &mut Vec<StateView>) {
        for (&key, cell) in self.cells.iter() {
            // A key that was only read has nothing inside.
            if cell.vector.counts().iter().all(|&count| count == 0) {
                continue;
            }
            let mut versions = Vec::new();
            cell.object.versions(&mut versions);
            if let Some(question) = cell.object.question() {
                state.push(StateView::Question {
                    key,
                    question,
                    versions: versions.clone(),
                });
            }
            state.push(StateView::Inside {
                key,
                versions,
                beside: cell.object.beside(),
            });
        }
        let me = self.setup.region();
        let own = &self.origins[me as usize].log;
        for region in self.setup.others() {
            let next = self.peers[region as usize].get(me) + 1;
            let mut lacks = own.range_from(&next);
            if let Some((_, update)) = lacks.next() {
                state.push(StateView::Unconfirmed {
                    region,
                    count: 1 + lacks.count() as u32,
                    oldest: update.write,
                });
            }
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
