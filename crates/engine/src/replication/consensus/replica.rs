//! One member of a consensus group: what it keeps, and what it does when something
//! happens to it.

use super::Settings;
use super::message::{Message, Segment};
use super::reads;
use super::settings::LeaderReads;
use super::transfer::Handing;
use crate::replication::Setup;
use crate::replication::log::{Entry, Log, Values};
use crate::replication::proxy::{self, Asked, Said};
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Node, Payload, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, LogView, StateView};

const CHECK: u8 = 1;
/// A stamp has certainly passed.
pub(super) const HOLD: u8 = 2;
/// Checks between two heartbeats.
const CHECKS: u64 = 4;

/// What a member is at the moment. In memory only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Leader,
    Follower,
    PreCandidate,
    Candidate,
}

/// What a leader knows of another member. In memory only.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Peer {
    /// Its log is the leader's up to here.
    pub(super) matched: u32,
    /// What has been sent, confirmed or not.
    pub(super) sent: u32,
    /// When it last answered, by the own monotonic clock, in microseconds.
    pub(super) heard_us: u64,
    /// The latest round that it answered.
    pub(super) round: u32,
    /// When that round was sent.
    pub(super) followed_us: u64,
}

/// A write in the leader's log that is not yet applied. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) place: u32,
    pub(super) asked: Asked,
}

/// What is on its way into the log. In memory only.
#[derive(Clone, Debug)]
pub(super) enum Pending {
    Own(Asked),
    /// A leader's first entry.
    Nothing(Entry),
    /// A member joins or leaves.
    Change(Entry),
    Append(u8, Segment),
    Vote {
        term: u32,
        to: u8,
        is_transfer: bool,
    },
}

/// One member.
#[derive(Clone, Debug)]
pub struct Replica {
    pub(super) setup: Setup,
    pub(super) settings: Settings,
    /// Durable, as are term, vote, and what is applied.
    pub(super) log: Log,
    pub(super) values: Values,
    pub(super) applied: u32,
    pub(super) term: u32,
    pub(super) voted_for: Option<u8>,
    /// Who has a vote, in a mask, and the length of the log with the entry that says so.
    /// Both follow from the log.
    pub(super) voters: u32,
    pub(super) voters_len: u32,
    /// Known to be committed. In memory only, as is all that follows.
    pub(super) commit: u32,
    pub(super) role: Role,
    pub(super) leader: Option<u8>,
    pub(super) peers: Vec<Peer>,
    /// When a leader or candidate was last heeded, by the own monotonic clock, in
    /// microseconds.
    pub(super) heard_us: u64,
    /// When it restarted after a crash.
    pub(super) woke_us: Option<u64>,
    /// When the last heartbeat went out.
    pub(super) beat_us: u64,
    /// Who voted for this member, in a mask.
    pub(super) votes: u32,
    /// The latest round, and when recent ones were sent.
    pub(super) round: u32,
    pub(super) sent_us: Vec<(u32, u64)>,
    /// A leader's log had this length with the first entry of its term.
    pub(super) term_begins: u32,
    /// Up to here a leader has set timers for what a majority has, and how many ever.
    pub(super) held_len: u32,
    pub(super) holds: u32,
    pub(super) waiting: Vec<Waiting>,
    pub(super) reads: Vec<reads::Waiting>,
    /// A leader is about to lead no more.
    pub(super) handing: Option<Handing>,
    pending: Vec<(FactId, Pending)>,
    flushing: usize,
    checks: u32,
}

impl Replica {
    /// A member with an empty log.
    pub fn new(setup: Setup, settings: Settings) -> Self {
        Self {
            setup,
            settings,
            log: Log::default(),
            values: Values::by_item(),
            applied: 0,
            term: 0,
            voted_for: None,
            voters: Self::first_voters(setup.regions, settings.changes),
            voters_len: 0,
            commit: 0,
            role: Role::Follower,
            leader: None,
            peers: vec![Peer::default(); setup.regions as usize],
            heard_us: 0,
            woke_us: None,
            beat_us: 0,
            votes: 0,
            round: 0,
            sent_us: Vec::new(),
            term_begins: 0,
            held_len: 0,
            holds: 0,
            waiting: Vec::new(),
            reads: Vec::new(),
            handing: None,
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

    /// The regions of which something holds, in a mask.
    pub(super) fn mask(&self, holds: impl Fn(u8, &Peer) -> bool) -> u32 {
        let peers = (0..self.setup.regions).zip(&self.peers);
        let those = peers.filter(|&(region, peer)| holds(region, peer));
        those.fold(0, |mask, (region, _)| mask | 1 << region)
    }

    /// Whether no write waits for an answer or for the log.
    pub(super) fn owes_nothing(&self) -> bool {
        let is_own = |(_, pending): &(FactId, Pending)| matches!(pending, Pending::Own(_));
        self.waiting.is_empty() && !self.pending.iter().any(is_own)
    }

    pub(super) fn enqueue(&mut self, cx: &mut Context<'_>, pending: Pending) {
        self.enqueue_because(cx, cx.cause, pending);
    }

    pub(super) fn enqueue_because(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        pending: Pending,
    ) {
        self.pending.push((cause, pending));
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
        cause: FactId,
    ) {
        let said = Said {
            session: SessionToken::NONE,
            status,
            value,
            chosen,
        };
        asked.answer(cx, said, cause, Message::Forwarded);
    }

    fn serve(&mut self, cx: &mut Context<'_>, asked: Asked) {
        let request = &asked.request;
        let is_read = request.kind == OpKind::Read;
        let is_local = is_read
            && self.settings.reads == LeaderReads::Anywhere
            && !self.is_witness(self.region());
        if is_local {
            let (value, _) = self.values.get(request.key, self.setup.initial);
            let subjects = [request.op.0, request.key.0, value.0];
            let customer = asked.customer.host();
            let served = cx.record(FactKind::ReadServed, 0, customer, subjects);
            return Self::answer(cx, &asked, Status::OK, value, None, served);
        }
        match (self.role, self.leader) {
            (Role::Leader, _) if is_read => self.lead_read(cx, asked),
            (Role::Leader, _) => self.lead_write(cx, asked),
            (_, Some(leader)) if asked.through.is_none() => {
                let message = Message::Forward {
                    request: *request,
                    customer: asked.customer,
                };
                proxy::forward(cx, leader, request, message);
            }
            // Nobody leads, as far as is known here.
            _ => {
                let cause = cx.cause;
                Self::answer(cx, &asked, Status::UNAVAILABLE, Value(0), None, cause);
            }
        }
    }

    fn own_durable(&mut self, cx: &mut Context<'_>, cause: FactId, asked: Asked) {
        if self.role != Role::Leader {
            return Self::answer(cx, &asked, Status::UNAVAILABLE, Value(0), None, cause);
        }
        let request = &asked.request;
        if self.settings.has_witness && self.values.is_new(request.key) {
            let mask = (1 << (self.setup.regions - 1)) - 1;
            let here = cx.me.host();
            let subjects = [request.key.0, mask, 0];
            cx.record_because(cause, FactKind::KeyPlaced, 0, here, subjects);
        }
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let (kind, customer) = (request.kind as u8, asked.customer.host());
        let accepted = FactKind::WriteAccepted;
        let write = cx.record_because(cause, accepted, kind, customer, subjects);
        let entry = Entry {
            epoch: self.term,
            key: request.key,
            kind: request.kind,
            argument: request.argument,
            write,
            origin: self.region(),
            stamp_us: self.stamp_us(cx),
        };
        let place = self.push(cx, entry, write);
        self.waiting.push(Waiting { place, asked });
        self.advance(cx);
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
        self.woke_us = (self.term > 0).then_some(cx.monotonic_us);
        let every_us = self.setup.compare_every_us / CHECKS;
        let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us as u32);
        self.set_check(cx, u64::from(phase_us) + 1);
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
                if !self.heeds(cx, region, segment.term) {
                    return;
                }
                if self.role == Role::Leader && segment.term == self.term {
                    // Two leaders of one term: somebody voted twice.
                    return;
                }
                self.follow(cx, segment.term, Some(region));
                if segment.entries.is_empty() && self.pending.is_empty() {
                    // Nothing to write: the answer is ready.
                    let cause = cx.cause;
                    return self.append_durable(cx, cause, region, segment);
                }
                self.enqueue(cx, Pending::Append(region, segment.clone()));
            }
            Message::Appended {
                term,
                len,
                agrees,
                round,
            } => {
                if term > self.term {
                    self.follow(cx, term, None);
                } else if self.role == Role::Leader && term == self.term {
                    self.appended(cx, region, len, agrees, round);
                }
            }
            Message::Ask {
                term,
                last_term,
                len,
                is_pre,
                is_transfer,
            } => self.asked(cx, region, term, (last_term, len), is_pre, is_transfer),
            Message::Vote { term, is_pre } => self.count_vote(cx, term, is_pre, region),
            Message::Transfer => self.hand_over(cx, region),
            Message::GoAhead { term } => {
                if term == self.term && self.role != Role::Leader && self.may_lead() {
                    self.ask(cx, false, true);
                }
            }
            Message::Forward { request, customer } => {
                let asked = Asked {
                    request,
                    customer,
                    through: Some(from),
                };
                self.serve(cx, asked);
            }
            Message::Forwarded(answer) => {
                let cause = cx.cause;
                answer.tell(cx, cause);
            }
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        if timer.kind == HOLD {
            return self.look_at_stamps(cx);
        }
        self.check(cx);
        self.set_check(cx, self.setup.compare_every_us / CHECKS);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        // Taken out and put back, so that its memory is used again.
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, pending) in waiting.drain(..self.flushing) {
            match pending {
                Pending::Own(asked) => self.own_durable(cx, cause, asked),
                Pending::Nothing(entry) => {
                    if self.role == Role::Leader && entry.epoch == self.term {
                        self.term_begins = self.push(cx, entry, cause) + 1;
                        self.advance(cx);
                    }
                    self.look_at_members_first(cx);
                }
                Pending::Change(change) => self.change_durable(cx, cause, change),
                Pending::Append(from, segment) => self.append_durable(cx, cause, from, &segment),
                Pending::Vote {
                    term,
                    to,
                    is_transfer,
                } => self.vote_durable(cx, cause, term, to, is_transfer),
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
        if self.role == Role::Leader || !self.may_lead() {
            return;
        }
        match self.leader {
            Some(leader) => {
                let transfer = Body::protocol(Message::Transfer);
                let to = self.peer(leader);
                cx.send(to, Label::Forward, transfer, cx.cause, FactId::NONE);
            }
            None if self.minds_a_lease(cx) => {}
            None => self.ask(cx, true, false),
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
        self.commit = self.applied;
        self.role = Role::Follower;
        self.leader = None;
        self.votes = 0;
        self.waiting.clear();
        self.reads.clear();
        self.handing = None;
        self.sent_us.clear();
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        self.values.view(entries);
    }

    fn state(&self, state: &mut Vec<StateView>) {
        super::state::of(self, state);
    }

    fn log_view(&self) -> Option<LogView<'_>> {
        Some(LogView {
            role: super::state::role(self),
            term: self.term,
            leader: self.leader,
            commit: self.commit,
            log: &self.log,
        })
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
