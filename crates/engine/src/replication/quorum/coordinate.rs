//! What a region does for a customer's request: it asks replicas and counts answers.

use super::message::{Copy, Message};
use super::replica::{ASK_SPARES, Replica, WAIT};
use super::settings::{ReadRepair, Settings};
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::conflict::{Version, Winner};
use crate::replication::change::changed;
use crate::replication::proxy::Answer;
use crate::sim::dice::identity;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Key, Reply, Request, SessionToken, Status, Timer, Value,
};
use crate::view::StateView;

/// After this long without an answer a spare is asked, in microseconds. A choice: a
/// fifth of the whole wait.
const SPARES_AFTER_US: u64 = 100_000;

/// What a coordination waits for.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Phase {
    /// R versions.
    Query,
    /// Its own log.
    Log,
    /// W confirmations of a customer's write.
    Write,
    /// W confirmations of what a read is going to return.
    ReadBack,
    /// Nothing; late answers are repaired.
    Done,
}

/// One request.
#[derive(Clone, Debug)]
pub(super) struct Coordination {
    pub(super) request: Request,
    pub(super) customer: Addr,
    /// The region that passed it on, if one did.
    through: Option<Addr>,
    phase: Phase,
    /// The fact that led to the phase at hand.
    since: FactId,
    /// Regions that answered in this phase, in a mask; spares stand for who they stand in
    /// for.
    answered: u32,
    /// Versions told by replicas: who, and what.
    told: Vec<(u8, Option<Version>)>,
    newest: Option<Copy>,
}

impl Coordination {
    /// What panels show of it, while it waits for other regions.
    pub(super) fn state(&self, settings: &Settings) -> Option<StateView> {
        let needed = match self.phase {
            Phase::Query => settings.read,
            Phase::Write | Phase::ReadBack => settings.write,
            Phase::Log | Phase::Done => return None,
        };
        Some(StateView::Waiting {
            key: self.request.key,
            op: self.request.op,
            is_write: self.phase == Phase::Write,
            answered: self.answered,
            needed,
        })
    }

    /// The version of a customer's write that this region has not confirmed, as long as
    /// anybody waits for that.
    pub(super) fn unconfirmed(&self, region: u8) -> Option<FactId> {
        let is_sent = matches!(self.phase, Phase::Write | Phase::Done);
        let is_write = is_sent && self.request.kind == OpKind::Write;
        let lacks = is_write && self.answered >> region & 1 == 0;
        let newest = self.newest.as_ref().filter(|_| lacks);
        newest.map(|copy| copy.version.write)
    }
}

fn is_newer(copy: Option<&Copy>, than: Option<&Version>) -> bool {
    match (copy, than) {
        (Some(copy), Some(than)) => LastWriterWins.replaces(than, &copy.version),
        (Some(_), None) => true,
        (None, _) => false,
    }
}

impl Replica {
    /// Starts on a request.
    pub(super) fn coordinate(
        &mut self,
        cx: &mut Context<'_>,
        request: &Request,
        customer: Addr,
        through: Option<Addr>,
    ) {
        let ticket = identity(request.intent, u64::from(request.attempt)) as u32;
        if self.coordinations.contains_key(&ticket) {
            // The network delivered one attempt twice.
            return;
        }
        let coordination = Coordination {
            request: *request,
            customer,
            through,
            phase: Phase::Query,
            since: cx.cause,
            answered: 0,
            told: Vec::new(),
            newest: None,
        };
        self.coordinations.insert(ticket, coordination);
        let timer = |kind| Timer { kind, tick: ticket };
        cx.set_timer(self.settings.wait_us, timer(WAIT), cx.cause);
        if self.settings.has_spares {
            cx.set_timer(SPARES_AFTER_US, timer(ASK_SPARES), cx.cause);
        }
        let asks_first =
            request.kind != OpKind::Write || self.settings.repair == ReadRepair::Before;
        if !asks_first {
            return self.start_write(cx, ticket);
        }
        let here = self.region();
        for region in self.holders(request.key).filter(|&region| region != here) {
            let key = request.key;
            let read = Body::protocol(Message::Read { ticket, key });
            let (to, cause) = (self.peer(region), cx.cause);
            cx.send(to, Label::QuorumRead, read, cause, request.op);
        }
        if self.holds(request.key) {
            let held = self.held(request.key);
            self.answered(cx, ticket, here, held.as_ref());
        }
    }

    fn start_write(&mut self, cx: &mut Context<'_>, ticket: u32) {
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return;
        };
        of.phase = Phase::Log;
        let (request, newest) = (of.request, of.newest.clone());
        let known = newest.map(|copy| copy.version);
        let above_us = match self.settings.repair {
            ReadRepair::Before => known.map_or(i64::MIN, |version| version.stamp_us + 1),
            _ => i64::MIN,
        };
        let held = known.map_or(self.setup.initial, |version| version.value);
        let version =
            self.next_version(cx, changed(request.kind, request.argument, held), above_us);
        if self.holds(request.key) {
            self.log_own(cx, ticket, version);
        } else {
            // Whoever only coordinates has no log to write.
            let cause = cx.cause;
            self.own_durable(cx, cause, ticket, version);
        }
    }

    /// A write of its own is in the log: it has a name now, and goes to all.
    pub(super) fn own_durable(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        ticket: u32,
        mut version: Version,
    ) {
        let Some(of) = self.coordinations.get(&ticket) else {
            return;
        };
        let (request, customer) = (of.request, of.customer.host());
        self.place(cx, request.key);
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let kind = request.kind as u8;
        let accepted = FactKind::WriteAccepted;
        version.write = cx.record_because(cause, accepted, kind, customer, subjects);
        let mut copy = Copy {
            version,
            superseded: [].into(),
        };
        if self.holds(request.key) {
            self.apply(cx, version.write, request.key, &copy);
            if let Some(held) = self.copy(request.key)
                && held.version.write == version.write
            {
                copy = held;
            }
        }
        self.spread(cx, ticket, Phase::Write, copy, version.write);
    }

    /// Sends a version to every holder and waits for W of them.
    fn spread(
        &mut self,
        cx: &mut Context<'_>,
        ticket: u32,
        phase: Phase,
        copy: Copy,
        cause: FactId,
    ) {
        let here = self.region();
        let Some(key) = self.coordinations.get(&ticket).map(|of| of.request.key) else {
            return;
        };
        let holds = self.holds(key);
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return;
        };
        of.phase = phase;
        of.since = cause;
        of.answered = 0;
        let has_it = |region: u8| {
            let told = of.told.iter().find(|(who, _)| *who == region);
            told.is_some_and(|(_, version)| {
                version.is_some_and(|version| version.write == copy.version.write)
            })
        };
        // What a read already knows to be there counts without being sent.
        let there: Vec<u8> = match of.phase {
            Phase::ReadBack => (0..self.setup.regions).filter(|&r| has_it(r)).collect(),
            // A write is spread once it is in the coordinator's own log.
            _ => holds.then_some(here).into_iter().collect(),
        };
        of.newest = Some(copy.clone());
        let write = copy.version.write;
        let message = Body::protocol(Message::Write {
            ticket,
            key,
            copy: copy.clone(),
            keep_for: None,
        });
        for region in self.holders(key) {
            if region != here && !there.contains(&region) {
                let to = self.peer(region);
                cx.send(to, Label::QuorumWrite, message.clone(), cause, write);
            }
        }
        if holds && !there.contains(&here) {
            self.log_returned(cx, ticket, key, copy);
        }
        for region in there {
            self.confirmed(cx, ticket, region, None);
        }
    }

    fn count(&mut self, cx: &mut Context<'_>, ticket: u32, region: u8, needed: u8) -> bool {
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return false;
        };
        if of.answered >> region & 1 == 1 {
            return false;
        }
        of.answered |= 1 << region;
        let answers = of.answered.count_ones();
        if answers > u32::from(needed) {
            return false;
        }
        let subjects = [of.request.op.0, answers, u32::from(needed)];
        let (kind, host) = (of.request.kind as u8, HostId(u16::from(region)));
        of.since = cx.record(FactKind::QuorumAnswered, kind, host, subjects);
        answers == u32::from(needed)
    }

    /// A replica told its version.
    pub(super) fn answered(
        &mut self,
        cx: &mut Context<'_>,
        ticket: u32,
        region: u8,
        copy: Option<&Copy>,
    ) {
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return;
        };
        let told = copy.map(|copy| copy.version);
        let key = of.request.key;
        if of.phase != Phase::Query {
            if of.request.kind == OpKind::Read {
                let newest = of.newest.clone();
                self.repair(cx, key, region, told.as_ref(), newest);
            }
            return;
        }
        of.told.push((region, told));
        if is_newer(copy, of.newest.as_ref().map(|newest| &newest.version)) {
            of.newest = copy.cloned();
        }
        if self.count(cx, ticket, region, self.settings.read) {
            self.queried(cx, ticket);
        }
    }

    /// R replicas have told their versions.
    fn queried(&mut self, cx: &mut Context<'_>, ticket: u32) {
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return;
        };
        if of.request.kind != OpKind::Read {
            return self.start_write(cx, ticket);
        }
        let (key, since, newest, told) =
            (of.request.key, of.since, of.newest.clone(), of.told.clone());
        if self.settings.repair == ReadRepair::Before
            && let Some(newest) = newest
        {
            return self.spread(cx, ticket, Phase::ReadBack, newest, since);
        }
        self.answer_read(cx, ticket);
        for (region, version) in told {
            self.repair(cx, key, region, version.as_ref(), newest.clone());
        }
    }

    fn answer_read(&mut self, cx: &mut Context<'_>, ticket: u32) {
        let initial = self.setup.initial;
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return;
        };
        of.phase = Phase::Done;
        let version = of.newest.as_ref().map(|copy| copy.version);
        let value = version.map_or(initial, |version| version.value);
        let chosen = version.map_or(FactId::NONE, |version| version.write);
        self.answer(cx, ticket, Status::OK, value, Some(chosen));
    }

    fn repair(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        region: u8,
        told: Option<&Version>,
        newest: Option<Copy>,
    ) {
        if self.settings.repair != ReadRepair::Afterwards || !is_newer(newest.as_ref(), told) {
            return;
        }
        let Some(copy) = newest else {
            return;
        };
        if region == self.region() {
            return self.log_other(cx, key, copy);
        }
        let copies = vec![(key, copy)];
        let about = copies[0].1.version.write;
        let repair = Body::protocol(Message::Leaves {
            range: 0,
            leaves: 0,
            copies,
            answer: false,
        });
        let (to, cause) = (self.peer(region), cx.cause);
        cx.send(to, Label::Repair, repair, cause, about);
    }

    /// A replica, or a spare in its place, has a version in its log.
    pub(super) fn confirmed(
        &mut self,
        cx: &mut Context<'_>,
        ticket: u32,
        region: u8,
        keep_for: Option<u8>,
    ) {
        let Some(of) = self.coordinations.get_mut(&ticket) else {
            return;
        };
        let reads_back = of.phase == Phase::ReadBack;
        let stands_for = keep_for.unwrap_or(region);
        if !reads_back && of.phase != Phase::Write {
            // Too late for the customer; panels show who has it.
            if of.phase == Phase::Done && of.request.kind == OpKind::Write {
                of.answered |= 1 << stands_for;
            }
            return;
        }
        if self.count(cx, ticket, stands_for, self.settings.write) {
            if reads_back {
                return self.answer_read(cx, ticket);
            }
            let Some(of) = self.coordinations.get_mut(&ticket) else {
                return;
            };
            of.phase = Phase::Done;
            let value = of
                .newest
                .as_ref()
                .map_or(Value(0), |copy| copy.version.value);
            self.answer(cx, ticket, Status::OK, value, None);
        }
    }

    /// Some holders have not answered for a while: spares are asked in their place.
    pub(super) fn ask_spares(&mut self, cx: &mut Context<'_>, ticket: u32) {
        let Some(of) = self.coordinations.get(&ticket) else {
            return;
        };
        let (key, op, answered) = (of.request.key, of.request.op, of.answered);
        let (phase, newest) = (of.phase.clone(), of.newest.clone());
        let missing: Vec<u8> = self
            .holders(key)
            .filter(|region| answered >> region & 1 == 0)
            .collect();
        let spares: Vec<u8> = self.spares(key).collect();
        for (for_whom, spare) in missing.into_iter().zip(spares) {
            let (to, cause) = (self.peer(spare), cx.cause);
            match (&phase, &newest) {
                (Phase::Query, _) => {
                    let read = Body::protocol(Message::Read { ticket, key });
                    cx.send(to, Label::QuorumRead, read, cause, op);
                }
                (Phase::Write | Phase::ReadBack, Some(copy)) => {
                    let write = Body::protocol(Message::Write {
                        ticket,
                        key,
                        copy: copy.clone(),
                        keep_for: Some(for_whom),
                    });
                    cx.send(to, Label::QuorumWrite, write, cause, copy.version.write);
                }
                _ => {}
            }
        }
    }

    /// The time is up: whoever still waits is told so, and late answers go nowhere.
    pub(super) fn give_up(&mut self, cx: &mut Context<'_>, ticket: u32) {
        let Some(of) = self.coordinations.get(&ticket) else {
            return;
        };
        let (phase, request, answers) = (of.phase.clone(), of.request, of.answered.count_ones());
        if phase != Phase::Done {
            let needed = match phase {
                Phase::Query => self.settings.read,
                _ => self.settings.write,
            };
            // Before anything was written, nothing can have been.
            let status = match phase {
                Phase::Query | Phase::ReadBack => Status::UNAVAILABLE,
                _ => Status::GATEWAY_TIMEOUT,
            };
            let subjects = [request.op.0, answers, u32::from(needed)];
            let (kind, customer) = (request.kind as u8, of.customer.host());
            let missed = cx.record(FactKind::QuorumMissed, kind, customer, subjects);
            if let Some(of) = self.coordinations.get_mut(&ticket) {
                of.since = missed;
            }
            self.answer(cx, ticket, status, Value(0), None);
        }
        self.coordinations.remove(&ticket);
    }

    fn answer(
        &mut self,
        cx: &mut Context<'_>,
        ticket: u32,
        status: Status,
        value: Value,
        chosen: Option<FactId>,
    ) {
        let Some(of) = self.coordinations.get(&ticket) else {
            return;
        };
        let (since, customer) = (of.since, of.customer);
        let reply = Reply {
            op: of.request.op,
            attempt: of.request.attempt,
            status,
            value,
            session: SessionToken::NONE,
        };
        let answer = Answer {
            reply,
            key: of.request.key,
            customer,
            chosen,
        };
        match of.through {
            Some(region) => {
                let forwarded = Body::protocol(Message::Forwarded(answer));
                cx.send(region, Label::ForwardResult, forwarded, since, reply.op);
            }
            None => answer.tell(cx, since),
        }
    }
}
