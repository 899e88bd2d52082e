//! One region of a single-writer service: the writer, or one that follows.

use super::Settings;
use super::message::{Message, Segment};
use super::reclaim::Claim;
use super::sessions::{HOLD, Held, ReadAt};
use super::settings::Failover;
use crate::replication::Setup;
use crate::replication::log::{Log, Values};
use crate::replication::proxy::{self, Asked, Said};
use crate::session::flag::Flags;
use crate::session::token::Position;
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, OpKind};
use crate::sim::node::{Addr, Context, Node, Payload, Request, SessionToken, Status, Timer, Value};
use crate::view::{EntryView, StateView};

const CHECK: u8 = 1;

/// What a region is at the moment. In memory only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Writer,
    Follower,
    Candidate,
}

/// What a writer knows of a follower. In memory only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Peer {
    /// Its log is the writer's up to here.
    pub(super) matched: u32,
    /// What has been sent, confirmed or not.
    pub(super) sent: u32,
    /// When it last answered, by the own monotonic clock, in microseconds.
    pub(super) heard_us: u64,
}

/// A write that is in the writer's log and not yet confirmed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) place: u32,
    pub(super) value: Value,
    pub(super) cause: FactId,
    pub(super) asked: Asked,
}

/// What is on its way into the log. In memory only.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    Own(Asked),
    Append(u8, Segment),
    Vote { epoch: u32, to: u8 },
    Claim(Claim),
}

/// One region.
#[derive(Clone, Debug)]
pub struct Replica {
    pub(super) setup: Setup,
    pub(super) settings: Settings,
    pub(super) log: Log,
    pub(super) values: Values,
    /// Durable with the log.
    pub(super) epoch: u32,
    pub(super) role: Role,
    pub(super) peers: Vec<Peer>,
    /// When the writer was last heard of, by the own monotonic clock, in microseconds.
    pub(super) heard_us: u64,
    /// Who voted for this region, in a mask.
    pub(super) votes: u32,
    pub(super) waiting: Vec<Waiting>,
    /// The latest epoch whose writer has what this region alone had. In memory only.
    pub(super) reclaimed: u32,
    /// In memory only.
    pub(super) flags: Flags,
    pub(super) held: Vec<Held>,
    /// Reads held so far.
    pub(super) holds: u32,
    pending: Vec<(FactId, Pending)>,
    flushing: usize,
    checks: u32,
}

impl Replica {
    /// A region with an empty log; the first one of the scenario is the writer.
    pub fn new(setup: Setup, settings: Settings) -> Self {
        let is_writer = setup.me.host().0 == 0;
        Self {
            setup,
            settings,
            log: Log::default(),
            values: Values::by_item(),
            epoch: u32::from(setup.regions),
            role: if is_writer {
                Role::Writer
            } else {
                Role::Follower
            },
            peers: vec![Peer::default(); setup.regions as usize],
            heard_us: 0,
            votes: 0,
            waiting: Vec::new(),
            reclaimed: 0,
            flags: Flags::default(),
            held: Vec::new(),
            holds: 0,
            pending: Vec::new(),
            flushing: 0,
            checks: 0,
        }
    }

    pub(super) fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    pub(super) fn peer(&self, region: u8) -> Addr {
        Addr::new(HostId(u16::from(region)), self.setup.me.service())
    }

    pub(super) fn others(&self) -> impl Iterator<Item = u8> + use<> {
        let here = self.region();
        (0..self.setup.regions).filter(move |&region| region != here)
    }

    pub(super) fn enqueue(&mut self, cx: &mut Context<'_>, pending: Pending) {
        self.pending.push((cx.cause, pending));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    pub(super) fn answer(
        cx: &mut Context<'_>,
        asked: &Asked,
        status: Status,
        value: Value,
        chosen: Option<FactId>,
        session: SessionToken,
        cause: FactId,
    ) {
        let said = Said {
            status,
            value,
            chosen,
            session,
        };
        asked.answer(cx, said, cause, Message::Forwarded);
    }

    /// The same for what was not executed.
    pub(super) fn refuse(cx: &mut Context<'_>, asked: &Asked, cause: FactId) {
        let (status, none) = (Status::UNAVAILABLE, SessionToken::NONE);
        Self::answer(cx, asked, status, Value(0), None, none, cause);
    }

    /// Serves a read from what this region has, or has the writer serve it.
    fn serve(&mut self, cx: &mut Context<'_>, asked: Asked) {
        if asked.request.kind == OpKind::Read {
            match self.read_at(cx, &asked) {
                ReadAt::Here(cause) => return self.read_here(cx, &asked, cause),
                ReadAt::Later(seen) => return self.hold(cx, asked, seen),
                ReadAt::Writer => {}
            }
        }
        self.serve_as_writer(cx, asked);
    }

    /// Answers a read from what this region has.
    pub(super) fn read_here(&mut self, cx: &mut Context<'_>, asked: &Asked, cause: FactId) {
        let request = &asked.request;
        let (value, _) = self.values.get(request.key, self.setup.initial);
        let subjects = [request.op.0, request.key.0, value.0];
        let customer = asked.customer.host();
        let served = cx.record_because(cause, FactKind::ReadServed, 0, customer, subjects);
        let token = self.token(request, Position::of(&self.log));
        Self::answer(cx, asked, Status::OK, value, None, token, served);
    }

    /// Serves a request where this is the writer, or passes it on.
    pub(super) fn serve_as_writer(&mut self, cx: &mut Context<'_>, asked: Asked) {
        let request = &asked.request;
        let is_read = request.kind == OpKind::Read;
        if self.role == Role::Writer && self.refuses(cx, &asked) {
            return;
        }
        match (self.role, is_read) {
            (Role::Writer, true) => {
                let (value, write) = self.values.get(request.key, self.setup.initial);
                let token = self.token(request, Position::of(&self.log));
                let (cause, chosen) = (cx.cause, Some(write));
                Self::answer(cx, &asked, Status::OK, value, chosen, token, cause);
            }
            (Role::Writer, false) => self.enqueue(cx, Pending::Own(asked)),
            (_, _) => {
                let writer = self.writer_of(self.epoch) as u8;
                if asked.through.is_some() || writer == self.region() {
                    // Passed on once already, or nobody to pass it on to.
                    let cause = cx.cause;
                    return Self::refuse(cx, &asked, cause);
                }
                let message = Message::Forward {
                    request: *request,
                    customer: asked.customer,
                };
                proxy::forward(cx, writer, request, message);
            }
        }
    }

    fn set_check(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.checks += 1;
        let timer = Timer {
            kind: CHECK,
            tick: self.checks,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.heard_us = cx.monotonic_us;
        for peer in &mut self.peers {
            peer.heard_us = cx.monotonic_us;
        }
        if self.setup.regions > 1 {
            let every_us = self.setup.compare_every_us;
            let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us as u32);
            self.set_check(cx, u64::from(phase_us) + 1);
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        let asked = Asked {
            request: *request,
            customer: from,
            through: None,
        };
        self.serve(cx, asked);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let region = from.host().0 as u8;
        let Some(message) = message.as_any().downcast_ref::<Message>() else {
            return;
        };
        match *message {
            Message::Append(ref segment) => {
                if !self.heeds(cx, region, segment.epoch) {
                    return;
                }
                if segment.entries.is_empty() && self.pending.is_empty() {
                    // Nothing to write: the answer is ready.
                    let cause = cx.cause;
                    return self.append_durable(cx, cause, region, segment);
                }
                self.enqueue(cx, Pending::Append(region, segment.clone()));
            }
            Message::Ack { epoch, len } => self.told(cx, region, epoch, len, true),
            Message::Lacks { epoch, len } => self.told(cx, region, epoch, len, false),
            Message::Fenced { epoch } => {
                if epoch > self.epoch {
                    self.step_down(cx, epoch);
                }
            }
            Message::Ask {
                epoch,
                last_epoch,
                len,
            } => self.asked(cx, region, epoch, (last_epoch, len)),
            Message::Vote { epoch } => self.count_vote(cx, epoch, region),
            Message::Reclaim {
                epoch,
                place,
                ref entries,
            } => self.claimed(cx, region, epoch, place, entries),
            Message::Reclaimed { epoch, ref aside } => self.reclaimed(cx, region, epoch, aside),
            Message::Forward { request, customer } => {
                let asked = Asked {
                    request,
                    customer,
                    through: Some(from),
                };
                self.serve(cx, asked);
            }
            Message::Forwarded(answer) => {
                let cause = self.note_commit(cx, &answer);
                answer.tell(cx, cause);
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        if timer.kind == HOLD {
            return self.stop_holding(cx, timer.tick);
        }
        self.check(cx);
        self.set_check(cx, self.setup.compare_every_us);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        // Taken out and put back, so that its memory is used again.
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, pending) in waiting.drain(..self.flushing) {
            match pending {
                Pending::Own(asked) => self.own_durable(cx, cause, asked),
                Pending::Append(from, segment) => self.append_durable(cx, cause, from, &segment),
                Pending::Vote { epoch, to } => self.vote_durable(cx, cause, epoch, to),
                Pending::Claim(claim) => self.claim_durable(cx, cause, &claim),
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

    fn on_promote(&mut self, cx: &mut Context<'_>) {
        if self.role != Role::Writer {
            self.promote(cx);
        }
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        self.flushing = 0;
        for (cause, pending) in self.pending.drain(..) {
            if let Pending::Own(asked) = pending {
                let subjects = [asked.request.op.0, asked.request.key.0, cause.0];
                cx.record(FactKind::UnflushedLost, 0, asked.customer.host(), subjects);
            }
        }
        self.waiting.clear();
        self.forget_sessions();
        self.reclaimed = 0;
        self.votes = 0;
        // A writer that comes back goes on as the writer of its epoch until it hears of a
        // later one; unless it needs votes.
        if self.role == Role::Candidate || self.settings.failover == Failover::ByVote {
            self.role = Role::Follower;
        }
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
