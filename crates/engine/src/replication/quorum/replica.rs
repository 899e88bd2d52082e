//! What one region of a quorum store holds, and how versions get there.

use splitbrain_sorted::Map;

use super::Settings;
use super::coordinate::Coordination;
use super::message::{Copy, Message};
use crate::clocks::VersionVector;
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::conflict::{Version, Winner};
use crate::replication::{Setup, proxy};
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, Key, Node, Payload, Request, Timer, Value};
use crate::view::{EntryView, StateView, VersionView, oldest};

/// Compare with a peer, and try to deliver hints.
pub(super) const COMPARE: u8 = 1;
/// A coordinator has waited long enough for its quorum.
pub(super) const WAIT: u8 = 2;
/// A coordinator has waited long enough to ask spares.
pub(super) const ASK_SPARES: u8 = 3;
/// Offer what is kept for others.
pub(super) const OFFER_HINTS: u8 = 4;

/// Superseded writes that are remembered of a key at most.
const KNOWN: usize = 32;

/// One key here. All of it is durable.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) current: Option<Version>,
    /// The latest writes that `current` superseded here.
    superseded: Vec<FactId>,
}

impl Cell {
    fn knows(&self, write: FactId) -> bool {
        self.current.is_some_and(|held| held.write == write) || self.superseded.contains(&write)
    }

    fn supersede(&mut self, write: FactId) {
        if self.superseded.len() == KNOWN {
            self.superseded.remove(0);
        }
        self.superseded.push(write);
    }

    pub(super) fn copy(&self) -> Option<Copy> {
        self.current.map(|version| Copy {
            version,
            superseded: self.superseded.as_slice().into(),
        })
    }
}

/// Something on its way into the log.
#[derive(Clone, Debug)]
enum Pending {
    /// A coordinator's own write: whose request it is, and the stamp it gets.
    Own { ticket: u32, version: Version },
    /// A version from elsewhere, and whom to tell when it is durable.
    Other {
        key: Key,
        copy: Copy,
        confirm: Option<(Addr, u32)>,
    },
    /// A hint for another region, and whom to tell.
    Hint {
        region: u8,
        key: Key,
        copy: Copy,
        confirm: Option<(Addr, u32)>,
    },
}

/// One region of a quorum store.
#[derive(Clone, Debug)]
pub struct Replica {
    pub(super) setup: Setup,
    pub(super) settings: Settings,
    pub(super) cells: Map<Key, Cell>,
    /// Versions kept for regions that did not answer. Durable.
    pub(super) hints: Map<(u8, Key), Copy>,
    /// Writes accepted here, for names; it counts on through crashes.
    accepted: u32,
    /// Requests being coordinated. In memory only.
    pub(super) coordinations: Map<u32, Coordination>,
    /// In memory only; with each the fact that brought it.
    pending: Vec<(FactId, Pending)>,
    flushing: usize,
    pub(super) comparisons: u32,
    /// Times set to offer hints; the last one counts. In memory only, but for the number.
    pub(super) offers: u32,
}

impl Replica {
    /// A region that holds nothing yet.
    pub fn new(setup: Setup, settings: Settings) -> Self {
        Self {
            setup,
            settings,
            cells: Map::new(),
            hints: Map::new(),
            accepted: 0,
            coordinations: Map::new(),
            pending: Vec::new(),
            flushing: 0,
            comparisons: 0,
            offers: 0,
        }
    }

    pub(super) fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    pub(super) fn peer(&self, region: u8) -> Addr {
        Addr::new(HostId(u16::from(region)), self.setup.me.service())
    }

    /// The range of a key: the first of the regions that hold it.
    pub(super) fn range(&self, key: Key) -> u8 {
        if self.settings.copies >= self.setup.regions {
            0
        } else {
            (key.index() % u32::from(self.setup.regions)) as u8
        }
    }

    pub(super) fn of_range(&self, range: u8) -> impl Iterator<Item = u8> + use<> {
        let regions = self.setup.regions;
        (0..self.settings.copies.min(regions)).map(move |step| (range + step) % regions)
    }

    /// The regions that hold a key, in the order of preference.
    pub(super) fn holders(&self, key: Key) -> impl Iterator<Item = u8> + use<> {
        self.of_range(self.range(key))
    }

    /// Regions that stand in for a key's holders, in the order of preference.
    pub(super) fn spares(&self, key: Key) -> impl Iterator<Item = u8> + use<> {
        let (first, regions) = (self.range(key), self.setup.regions);
        (self.settings.copies.min(regions)..regions).map(move |step| (first + step) % regions)
    }

    pub(super) fn holds(&self, key: Key) -> bool {
        self.holders(key).any(|region| region == self.region())
    }

    /// What is held of a key, for itself or for somebody else.
    pub(super) fn held(&self, key: Key) -> Option<Copy> {
        let own = self.cells.get(&key).and_then(Cell::copy);
        let kept = self.hints.iter().filter(|((_, of), _)| *of == key);
        kept.map(|(_, copy)| copy.clone())
            .chain(own)
            .max_by_key(|copy| (copy.version.stamp_us, copy.version.dot))
    }

    /// A name and a stamp for a new write.
    pub(super) fn next_version(
        &mut self,
        cx: &Context<'_>,
        value: Value,
        above_us: i64,
    ) -> Version {
        self.accepted += 1;
        Version {
            value,
            stamp_us: cx.wall_us.max(above_us),
            count: 0,
            dot: crate::crdt::Dot {
                origin: self.region(),
                counter: self.accepted,
            },
            write: FactId::NONE,
        }
    }

    fn enqueue(&mut self, cx: &mut Context<'_>, pending: Pending) {
        self.pending.push((cx.cause, pending));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    /// Logs a write of its own; [`Replica::own_durable`] follows.
    pub(super) fn log_own(&mut self, cx: &mut Context<'_>, ticket: u32, version: Version) {
        self.enqueue(cx, Pending::Own { ticket, version });
    }

    /// Logs a version that a read found newer than what is held here.
    pub(super) fn log_other(&mut self, cx: &mut Context<'_>, key: Key, copy: Copy) {
        let known = self
            .cells
            .get(&key)
            .is_some_and(|cell| cell.knows(copy.version.write));
        if !known {
            let confirm = None;
            self.enqueue(cx, Pending::Other { key, copy, confirm });
        }
    }

    /// Logs a version that a read is to be answered with once enough have it.
    pub(super) fn log_returned(&mut self, cx: &mut Context<'_>, ticket: u32, key: Key, copy: Copy) {
        let confirm = Some((self.setup.me, ticket));
        self.enqueue(cx, Pending::Other { key, copy, confirm });
    }

    /// Takes in a durable version, and records what that did.
    pub(super) fn apply(&mut self, cx: &mut Context<'_>, cause: FactId, key: Key, copy: &Copy) {
        let initial = self.setup.initial;
        let here = self.region();
        let cell = self.cells.get_or_insert_with(key, Cell::default);
        let incoming = copy.version;
        let before = cell.current.map_or(initial, |held| held.value);
        // What it stands for comes before it.
        for &skipped in copy.superseded.iter() {
            if !cell.knows(skipped) {
                let subjects = [skipped.0, key.0, 0];
                let host = HostId(u16::from(here));
                cx.record_because(cause, FactKind::WriteApplied, 0, host, subjects);
                let subjects = [skipped.0, incoming.write.0, key.0];
                cx.record_because(cause, FactKind::ValueOverwritten, 0, host, subjects);
                cell.supersede(skipped);
            }
        }
        if cell.knows(incoming.write) {
            return;
        }
        let origin = HostId(u16::from(incoming.dot.origin));
        let replaces = cell
            .current
            .is_none_or(|held| LastWriterWins.replaces(&held, &incoming));
        let subjects = [incoming.write.0, key.0, 0];
        let flag = u8::from(replaces);
        let applied = cx.record_because(cause, FactKind::WriteApplied, flag, origin, subjects);
        let loser_and_winner = match cell.current {
            Some(held) if replaces => Some((held.write, incoming.write)),
            Some(held) => Some((incoming.write, held.write)),
            None => None,
        };
        if let Some((lost, by)) = loser_and_winner {
            let subjects = [lost.0, by.0, key.0];
            cx.record_because(applied, FactKind::ValueOverwritten, 0, origin, subjects);
            cell.supersede(lost);
        }
        if replaces {
            cell.current = Some(incoming);
            if before != incoming.value {
                let subjects = [key.0, incoming.value.0, before.0];
                cx.record_because(applied, FactKind::ValueShown, 0, origin, subjects);
            }
        }
    }

    /// Records where a key lives, before its first write here.
    pub(super) fn place(&self, cx: &mut Context<'_>, key: Key) {
        if self.settings.copies < self.setup.regions && !self.cells.contains_key(&key) {
            let mask = self.holders(key).fold(0, |mask, region| mask | 1 << region);
            let here = HostId(u16::from(self.region()));
            cx.record(FactKind::KeyPlaced, 0, here, [key.0, mask, 0]);
        }
    }

    /// What is held here of a key after a write became durable.
    pub(super) fn copy(&self, key: Key) -> Option<Copy> {
        self.cells.get(&key).and_then(Cell::copy)
    }

    pub(super) fn send(
        &self,
        cx: &mut Context<'_>,
        to: u8,
        label: Label,
        message: Message,
        about: FactId,
    ) {
        let cause = cx.cause;
        cx.send(self.peer(to), label, Body::protocol(message), cause, about);
    }

    fn confirm(
        cx: &mut Context<'_>,
        cause: FactId,
        confirm: Option<(Addr, u32)>,
        keep_for: Option<u8>,
        about: FactId,
    ) {
        if let Some((to, ticket)) = confirm {
            let ack = Body::protocol(Message::WriteAck { ticket, keep_for });
            cx.send(to, Label::QuorumWriteAck, ack, cause, about);
        }
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        if self.setup.regions > 1 && self.setup.compare_every_us > 0 {
            let every_us = self.setup.compare_every_us;
            let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us as u32);
            self.set_comparison(cx, u64::from(phase_us) + 1);
        }
        // A crash does not take what is kept for others, but the time to offer it.
        if !self.hints.is_empty() {
            self.set_offer(cx);
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        if self.holds(request.key) || self.settings.anyone_coordinates {
            return self.coordinate(cx, request, from, None);
        }
        // Another holder for each attempt, so that one that is away does not block all.
        let holders: Vec<u8> = self.holders(request.key).collect();
        let attempt = usize::from(request.attempt.saturating_sub(1));
        let to = holders[attempt % holders.len()];
        let forward = Message::Forward {
            request: *request,
            customer: from,
        };
        proxy::forward(cx, to, request, forward);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let region = from.host().0 as u8;
        let Some(message) = message.as_any().downcast_ref::<Message>() else {
            return;
        };
        match message {
            Message::Write {
                ticket,
                key,
                copy,
                keep_for,
            } => {
                let (key, copy) = (*key, copy.clone());
                let confirm = Some((from, *ticket));
                let pending = match *keep_for {
                    Some(region) => Pending::Hint {
                        region,
                        key,
                        copy,
                        confirm,
                    },
                    None => Pending::Other { key, copy, confirm },
                };
                self.enqueue(cx, pending);
            }
            Message::WriteAck { ticket, keep_for } => {
                self.confirmed(cx, *ticket, region, *keep_for);
                self.hint_delivered(cx, region, *ticket);
            }
            Message::Read { ticket, key } => {
                let copy = self.held(*key);
                let about = copy
                    .as_ref()
                    .map_or(FactId::NONE, |copy| copy.version.write);
                let ticket = *ticket;
                let reply = Message::ReadReply { ticket, copy };
                self.send(cx, region, Label::QuorumReadReply, reply, about);
            }
            Message::ReadReply { ticket, copy } => {
                self.answered(cx, *ticket, region, copy.as_ref());
            }
            Message::Forward { request, customer } => {
                self.coordinate(cx, request, *customer, Some(from));
            }
            Message::Forwarded(answer) => {
                let cause = cx.cause;
                answer.tell(cx, cause);
            }
            Message::Tree { range, branch } => self.compare_trees(cx, region, *range, branch),
            Message::Leaves {
                range,
                leaves,
                copies,
                answer,
            } => {
                for (key, copy) in copies {
                    self.log_other(cx, *key, copy.clone());
                }
                if *answer {
                    self.send_leaves(cx, region, *range, *leaves, false);
                }
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        match timer.kind {
            COMPARE => self.compare(cx),
            ASK_SPARES => self.ask_spares(cx, timer.tick),
            OFFER_HINTS if timer.tick == self.offers => self.offer_hints_again(cx),
            // A crash came in between, and another one is set.
            OFFER_HINTS => {}
            _ => self.give_up(cx, timer.tick),
        }
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        // Taken out and put back, so that its memory is used again.
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, pending) in waiting.drain(..self.flushing) {
            match pending {
                Pending::Own { ticket, version } => self.own_durable(cx, cause, ticket, version),
                Pending::Other { key, copy, confirm } => {
                    self.apply(cx, cause, key, &copy);
                    if let Some((to, ticket)) = confirm
                        && to == self.setup.me
                    {
                        let here = self.region();
                        self.confirmed(cx, ticket, here, None);
                        continue;
                    }
                    Self::confirm(cx, cause, confirm, None, copy.version.write);
                }
                Pending::Hint {
                    region,
                    key,
                    copy,
                    confirm,
                } => {
                    let about = copy.version.write;
                    self.keep_hint(cx, cause, (region, key), copy);
                    Self::confirm(cx, cause, confirm, Some(region), about);
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
        self.flushing = 0;
        for (cause, pending) in self.pending.drain(..) {
            if let Pending::Own { ticket, .. } = pending
                && let Some(of) = self.coordinations.get(&ticket)
            {
                let subjects = [of.request.op.0, of.request.key.0, cause.0];
                cx.record(FactKind::UnflushedLost, 0, of.customer.host(), subjects);
            }
        }
        self.coordinations = Map::new();
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        for (&key, cell) in self.cells.iter() {
            let Some(held) = cell.current else {
                continue;
            };
            entries.push(EntryView {
                key,
                value: held.value,
                versions: vec![VersionView {
                    write: held.write,
                    value: held.value,
                    origin: held.dot.origin,
                    sequence: held.dot.counter,
                    stamp_us: held.stamp_us,
                    count: 0,
                }],
                vector: VersionVector::default(),
                payment: None,
            });
        }
    }

    fn state(&self, state: &mut Vec<StateView>) {
        for of in self.coordinations.values() {
            state.extend(of.state(&self.settings));
        }
        for region in 0..self.setup.regions {
            let held = self.hints.iter();
            let held = held.filter(|((for_region, _), _)| *for_region == region);
            let held = oldest(held.map(|(_, copy)| copy.version.write));
            state.extend(held.map(|(count, oldest)| StateView::Hints {
                region,
                count,
                oldest,
            }));
        }
        for region in self.setup.others() {
            let under_way = self.coordinations.values().filter_map(|of| {
                let holds = self.holders(of.request.key).any(|it| it == region);
                of.unconfirmed(region).filter(|_| holds)
            });
            state.extend(
                oldest(under_way).map(|(count, oldest)| StateView::Unconfirmed {
                    region,
                    count,
                    oldest,
                }),
            );
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
