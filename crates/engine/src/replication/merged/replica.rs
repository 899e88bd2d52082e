//! One replica of a service that a data type keeps.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::super::Setup;
use super::super::group_commit::GroupCommit;
use super::super::turns::Turns;
use super::act::{Asked, asked};
use super::cell::Cell;
use super::collection::Collecting;
use super::escrow::Wanted;
use super::forms::Form;
use super::message::{AskRights, Letter, Message, Whole};
use super::provenance::Told;
use crate::clocks::VersionVector;
use crate::conflict::ReadContext;
use crate::crdt::MergedType;
use crate::crdt::replicated::Writer;
use crate::design::ServiceKind;
use crate::documents::refusal;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Key, Node, Payload, Reply, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, StateView, oldest};

pub(super) const RIGHTS: u8 = 2;

/// What waits for the log; with each the fact that brought it.
#[derive(Clone, Debug)]
enum Pending {
    Local(Request, Addr, Option<Rc<ReadContext>>),
    Letter(Key, Letter),
    State(Key, Whole),
    /// The same, to be answered by this region.
    Snapshot(Key, Whole, u8),
    AskRights(AskRights, u8),
}

/// One replica of a service.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    pub(super) setup: Setup,
    pub(super) of: &'static MergedType,
    pub(super) form: Form,
    pub(super) cells: Map<Key, Cell>,
    pending: GroupCommit<Pending>,
    pub(super) turns: Turns,
    /// Purchases that wait for rights; in memory only.
    pub(super) wanted: Vec<Wanted>,
    pub(super) asks: u32,
    kind: ServiceKind,
    /// How removals are forgotten, if not by what the type does of itself.
    pub(super) collecting: Option<Collecting>,
}

impl Replica {
    /// An empty one.
    pub(super) fn new(
        setup: Setup,
        of: &'static MergedType,
        form: Form,
        kind: ServiceKind,
    ) -> Self {
        Self {
            setup,
            of,
            form,
            cells: Map::new(),
            pending: GroupCommit::new(),
            turns: Turns::default(),
            wanted: Vec::new(),
            asks: 0,
            kind,
            collecting: None,
        }
    }

    /// The same, forgetting removals so.
    pub(super) fn collecting(self, collecting: Option<Collecting>) -> Self {
        Self { collecting, ..self }
    }

    pub(super) fn cell(&mut self, key: Key) -> &mut Cell {
        let (of, setup) = (self.of, &self.setup);
        self.cells
            .get_or_insert_with(key, || Cell::new(of, setup.regions, setup.initial))
    }

    pub(super) fn writer(&mut self, cx: &Context<'_>, key: Key) -> Writer {
        /// What a clock may show before the beginning, in microseconds.
        const EARLIEST_US: i64 = 7_200_000_000;
        /// In microseconds: so that a day and more fits.
        const TICK_US: i64 = 32;
        let ticks = (cx.wall_us + EARLIEST_US).max(0) / TICK_US;
        Writer {
            dot: {
                let me = self.setup.region();
                self.cell(key).next(me)
            },
            time: u32::try_from(ticks).unwrap_or(u32::MAX),
            replicas: self.setup.regions,
        }
    }

    /// Answers a customer what is here: that is what she asked for, or it is done, or there
    /// was nothing to do.
    fn confirm(&mut self, cx: &mut Context<'_>, to: Addr, request: &Request, cause: FactId) {
        let cell = self.cell(request.key);
        let (value, context) = (cell.value(), cell.told());
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status: Status::OK,
            value,
            session: SessionToken::NONE,
        };
        cx.reply_with(to, reply, context, cause);
    }

    /// A customer's request became durable: name it, apply it, answer, spread it.
    pub(super) fn accept(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        (request, given): (&Request, Option<&Rc<ReadContext>>),
        customer: Addr,
    ) {
        let of = self.of;
        let key = request.key;
        let shown = self.cell(key).replica.value();
        let Asked::Act(act) = asked(of, request.kind, request.argument, &shown) else {
            return self.confirm(cx, customer, request, cause);
        };
        let value = self.cell(key).value();
        if let Some(why) = refusal(request.kind, request.argument, value) {
            return cx.refuse(customer, request, why);
        }
        let writer = self.writer(cx, key);
        let cell = self.cell(key);
        let read = cell.read(request.kind, given);
        let asks = (request.kind, request.argument);
        let mut mark = cell.mark(writer.dot, asks, read.clone(), cx.wall_us);
        let Some(operation) = cell.prepare(writer, act, read.as_deref()) else {
            if request.kind == OpKind::Remove {
                return self.confirm(cx, customer, request, cause);
            }
            return if request.kind == OpKind::Buy {
                self.seek(cx, cause, *request, customer);
            } else {
                cx.refuse(customer, request, Status::UNPROCESSABLE);
            };
        };
        let write = cx.record_because(
            cause,
            FactKind::WriteAccepted,
            request.kind as u8,
            customer.host(),
            [request.op.0, key.0, request.argument.0],
        );
        mark.write = write;
        if let Some(read) = read {
            read.record(cx, write, customer.host(), key);
        }
        let form = self.form;
        let letter = self.change(cx, write, key, |cell, told| {
            cell.write(operation, mark, form, told)
        });
        self.confirm(cx, customer, request, write);
        self.spread(cx, key, letter, write, self.setup.others());
    }

    /// Changes a key, and records what that did.
    pub(super) fn change<T>(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        key: Key,
        change: impl FnOnce(&mut Cell, &mut Vec<Told>) -> T,
    ) -> T {
        let mut told = Vec::new();
        let cell = self.cell(key);
        let before = cell.value();
        let result = change(cell, &mut told);
        let after = cell.value();
        let mut latest = cause;
        let mut host = cx.me.host();
        for told in told {
            match told {
                Told::Applied {
                    write,
                    origin,
                    is_reflected,
                } => {
                    host = HostId(u16::from(origin));
                    let (kind, flag) = (FactKind::WriteApplied, u8::from(is_reflected));
                    latest = cx.record_because(cause, kind, flag, host, [write.0, key.0, 0]);
                    let removals = &self.cell(key).removals;
                    let forgotten = removals.forgotten_of(write).filter(|_| is_reflected);
                    if let Some(forgotten) = forgotten {
                        let subjects = [write.0, key.0, forgotten.0];
                        let kind = FactKind::RemovedReturned;
                        latest = cx.record_because(latest, kind, 0, host, subjects);
                    }
                }
                Told::Inserted { write, after } => {
                    let subjects = [write.0, key.0, after.0];
                    cx.record_because(latest, FactKind::WordInserted, 0, host, subjects);
                }
                Told::Deleted { write, word } => {
                    let subjects = [write.0, key.0, word.0];
                    cx.record_because(latest, FactKind::WordDeleted, 0, host, subjects);
                }
                Told::Beside {
                    write,
                    beside,
                    count,
                } => {
                    let subjects = [write.0, beside.0, key.0];
                    cx.record_because(latest, FactKind::SiblingKept, count, host, subjects);
                }
                Told::Superseded(it) => {
                    let subjects = [it.lost.0, it.by.0, key.0];
                    cx.record_because(latest, FactKind::ValueOverwritten, 0, host, subjects);
                }
            }
        }
        if before != after {
            let subjects = [key.0, after.0, before.0];
            let shown = cx.record_because(latest, FactKind::ValueShown, 0, host, subjects);
            let is_below = |value: Value| (value.0 as i32) < 0;
            if self.kind == ServiceKind::Stock && is_below(after) && !is_below(before) {
                let subjects = [key.0, after.0, 0];
                cx.record_because(shown, FactKind::StockOversold, 0, host, subjects);
            }
        }
        self.count_tombstones(cx, key, latest);
        result
    }

    /// Records how many removals are remembered of a key, if that has changed.
    pub(super) fn count_tombstones(&mut self, cx: &mut Context<'_>, key: Key, cause: FactId) {
        if !self.collecting.is_some_and(|how| how.is_told) {
            return;
        }
        let me = cx.me.host();
        let cell = self.cell(key);
        let now = cell.replica.tombstones().len() as u32;
        if let Some((now, before)) = cell.removals.counted(now) {
            let subjects = [key.0, now, before];
            cx.record_because(cause, FactKind::TombstonesHeld, 0, me, subjects);
        }
    }

    /// Takes in the state of a key, and hands on what no write says: what was forgotten here,
    /// and is there again.
    fn merge(&mut self, cx: &mut Context<'_>, cause: FactId, key: Key, whole: &Whole) {
        let is_unsaid = self.change(cx, cause, key, |cell, told| cell.merge(whole, told));
        if is_unsaid && self.collecting.is_some() {
            for region in self.setup.others() {
                self.send_state(cx, cause, key, region);
            }
        }
    }

    fn send_state(&mut self, cx: &mut Context<'_>, cause: FactId, key: Key, region: u8) {
        let body = Body::protocol(Message::State(key, self.cell(key).whole(region)));
        cx.send(
            self.setup.peer(region),
            Label::Repair,
            body,
            cause,
            FactId::NONE,
        );
    }

    /// Sends a new write to other regions, in whatever form travels.
    pub(super) fn spread(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        letter: Letter,
        about: FactId,
        to: impl Iterator<Item = u8>,
    ) {
        let letters = Body::protocol(Message::Letters(vec![(key, letter)]));
        for region in to {
            let body = match self.form {
                Form::State => Body::protocol(Message::State(key, self.cell(key).whole(region))),
                Form::Operation | Form::Delta => letters.clone(),
            };
            let peer = self.setup.peer(region);
            cx.send(peer, Label::Replicate, body, about, about);
        }
    }

    /// Sends a region that has so much of a key what it lacks, in whatever form travels.
    pub(super) fn send_lacking(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        about: FactId,
        (region, has): (u8, &VersionVector),
    ) {
        let message = match self.form {
            Form::State => Message::State(key, self.cell(key).whole(region)),
            Form::Operation | Form::Delta => {
                let lacking = self.cell(key).lacking(has).into_iter();
                Message::Letters(lacking.map(|letter| (key, letter)).collect())
            }
        };
        let peer = self.setup.peer(region);
        cx.send(
            peer,
            Label::Replicate,
            Body::protocol(message),
            about,
            about,
        );
    }

    /// A read is answered, whatever else is asked waits for the log.
    fn take(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        request: &Request,
        read: Option<Rc<ReadContext>>,
    ) {
        let of = self.of;
        let cell = self.cell(request.key);
        if request.kind != OpKind::Read {
            let shown = cell.replica.value();
            if asked(of, request.kind, request.argument, &shown) == Asked::Unknown {
                return cx.refuse(from, request, Status::NOT_IMPLEMENTED);
            }
            return self.pending.push(cx, Pending::Local(*request, from, read));
        }
        let subjects = [request.op.0, request.key.0, cell.value().0];
        let served = cx.record(FactKind::ReadServed, 0, from.host(), subjects);
        self.confirm(cx, from, request, served);
    }

    fn is_pending(&self, key: Key, letter: &Letter) -> bool {
        self.pending.iter().any(|pending| {
            matches!(pending, Pending::Letter(of, other)
                if (*of, other.mark.dot) == (key, letter.mark.dot))
        })
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.turns.begin(&self.setup, cx);
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        self.take(cx, from, request, None);
    }

    fn on_request_after(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        request: &Request,
        read: &Rc<ReadContext>,
    ) {
        self.take(cx, from, request, Some(Rc::clone(read)));
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let region = from.host().0 as u8;
        match message.as_any().downcast_ref::<Message>() {
            Some(Message::Letters(letters)) => {
                for (key, letter) in letters {
                    if !self.cell(*key).has(letter.mark.dot) && !self.is_pending(*key, letter) {
                        self.pending.push(cx, Pending::Letter(*key, letter.clone()));
                    }
                }
            }
            Some(Message::State(key, whole)) => {
                self.pending.push(cx, Pending::State(*key, whole.clone()));
            }
            Some(Message::Snapshot(key, whole)) => {
                self.pending
                    .push(cx, Pending::Snapshot(*key, whole.clone(), region));
            }
            Some(Message::AskRights(asked)) => {
                self.pending
                    .push(cx, Pending::AskRights(asked.clone(), region));
            }
            Some(Message::Rights(ask, given)) => self.answered(cx, *ask, region, *given),
            Some(Message::Have(have)) => self.compare(cx, region, have),
            None => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        if timer.kind == RIGHTS {
            return self.give_up(cx, timer.tick);
        }
        self.compare_with_next(cx);
        self.turns.next(&self.setup, cx);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        let mut durable = self.pending.durable();
        for (cause, pending) in durable.drain(..) {
            match pending {
                Pending::Local(request, customer, read) => {
                    self.accept(cx, cause, (&request, read.as_ref()), customer);
                }
                Pending::Letter(key, letter) => {
                    self.change(cx, cause, key, |cell, told| cell.take(letter, told));
                }
                Pending::AskRights(asked, region) => self.give(cx, &asked, region),
                Pending::State(key, whole) => self.merge(cx, cause, key, &whole),
                Pending::Snapshot(key, whole, region) => {
                    self.merge(cx, cause, key, &whole);
                    if !self.cell(key).replica.is_same(whole.state.as_ref()) {
                        self.send_state(cx, cause, key, region);
                    }
                }
            }
        }
        // What has come may be what somebody waits for.
        self.serve(cx);
        self.pending.go_on(cx, durable);
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        // Nobody was told anything: their customers ask again.
        self.wanted.clear();
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
            cell.provenance.versions(&mut versions);
            EntryView {
                key,
                value: cell.value(),
                versions,
                vector: cell.vector.clone(),
                payment: None,
            }
        }));
    }

    fn state(&self, state: &mut Vec<StateView>) {
        state.extend(self.cells.iter().map(|(&key, cell)| StateView::Parts {
            key,
            bytes: cell.replica.bytes(),
            parts: cell.replica.state(),
        }));
        if self.collecting.is_some() {
            let me = self.setup.region();
            let held = self
                .cells
                .iter()
                .map(|(&key, cell)| (key, cell.tombstones(me)));
            let held = held.filter(|(_, (count, _))| *count > 0);
            state.extend(held.map(|(key, (count, awaited))| StateView::Tombstones {
                key,
                count,
                awaited,
            }));
        }
        let me = self.setup.region();
        for region in self.setup.others() {
            let cells = self.cells.values();
            let lacks = oldest(cells.flat_map(|cell| cell.unconfirmed(me, region)));
            state.extend(lacks.map(|(count, oldest)| StateView::Unconfirmed {
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
