//! What a protocol is: a state machine that does no I/O.
//!
//! A node is given its *local* clocks, its draws, and a list to push effects on.
//! It never sees the queue, the network, true time or another node, so a test can
//! drive it with no world at all.

use std::rc::Rc;

use super::dice::{Dice, identity};
use super::fact::{Draft, FactId, FactKind, HostId, Label, MoveRefusal, OpKind};
pub use super::message::{
    Addr, Body, IdempotencyKey, Key, MAX_SERVICES, Payload, Reply, Request, SessionToken, Status,
    Value,
};
use crate::clocks::time_service::Correction;
use crate::conflict::ReadContext;
use crate::view::{EntryView, LogView, StateView};

/// A timer, told apart by its kind and tick.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// The node's own number for what it is for.
    pub kind: u8,
    /// Which one of that kind; with the node and the kind its stable identity.
    pub tick: u32,
}

/// What a customer can be asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub kind: OpKind,
    /// On which key.
    pub key: Key,
    /// A new value, an item's index, or an amount.
    pub argument: Value,
    /// Which idempotency key a payment carries.
    pub payment_key: PaymentKey,
    /// Ask this region, by its place in the scenario, instead of the one that
    /// routing would choose.
    pub via: Option<u8>,
}

/// Which idempotency key a payment carries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[repr(u8)]
pub enum PaymentKey {
    /// A new one for this intent; every attempt carries the same.
    #[default]
    Fresh = 0,
    /// None.
    Missing = 1,
    /// The one of the customer's previous payment.
    Previous = 2,
}

/// What a node asks of the world.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Send a message.
    Send {
        /// To whom.
        to: Addr,
        /// What it is, for whoever draws it.
        label: Label,
        /// What it carries.
        body: Body,
        /// The fact that led to it.
        cause: FactId,
        /// The operation or write it is about.
        about: FactId,
    },
    /// Begin to correct the wall clock of my host, or end it.
    Correct {
        /// How.
        correction: Correction,
        /// Whether it is at its end.
        ends: bool,
        /// The fact that led to it.
        cause: FactId,
    },
    /// Wake me after this long by my monotonic clock.
    Timer {
        /// In microseconds of the monotonic clock.
        after_us: u64,
        /// Which timer.
        timer: Timer,
        /// The fact that led to it.
        cause: FactId,
    },
    /// Tell me when what I hold in memory now is in the log.
    Persist {
        /// The fact that led to it.
        cause: FactId,
    },
}

/// A fact on its way into the trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Where it happened.
    pub host: HostId,
    /// The fact that led to it.
    pub cause: FactId,
    /// The rest.
    pub draft: Draft,
}

/// What a node is given when something happens to it.
#[derive(Debug)]
pub struct Context<'a> {
    /// Its own address.
    pub me: Addr,
    /// What its wall clock shows, in microseconds.
    pub wall_us: i64,
    /// What its monotonic clock shows, in microseconds.
    pub monotonic_us: u64,
    /// The fact that led here; new facts are caused by it unless they say otherwise.
    pub cause: FactId,
    /// The stable identity of what happens now.
    pub identity: u64,
    /// The dice of the run.
    pub dice: Dice,
    /// Facts recorded so far in this step.
    pub facts: &'a mut Vec<Recorded>,
    /// The id that the first of them has.
    pub first_fact: FactId,
    /// Effects asked for so far in this step.
    pub effects: &'a mut Vec<Effect>,
}

impl Context<'_> {
    /// Records a fact caused by what led here.
    pub fn record(&mut self, kind: FactKind, flag: u8, peer: HostId, subjects: [u32; 3]) -> FactId {
        self.record_because(self.cause, kind, flag, peer, subjects)
    }

    /// Records a fact with a cause of its own.
    pub fn record_because(
        &mut self,
        cause: FactId,
        kind: FactKind,
        flag: u8,
        peer: HostId,
        subjects: [u32; 3],
    ) -> FactId {
        let id = FactId(self.first_fact.0 + self.facts.len() as u32);
        let draft = Draft {
            kind,
            flag,
            peer,
            subjects,
        };
        self.facts.push(Recorded {
            host: self.me.host(),
            cause,
            draft,
        });
        id
    }

    /// Sends a message because of a fact.
    pub fn send(&mut self, to: Addr, label: Label, body: Body, cause: FactId, about: FactId) {
        self.effects.push(Effect::Send {
            to,
            label,
            body,
            cause,
            about,
        });
    }

    /// Answers a customer.
    pub fn reply(&mut self, to: Addr, reply: Reply, cause: FactId) {
        self.send(to, Label::Reply, Body::Reply(reply), cause, reply.op);
    }

    /// The same, with the context of what the answer tells, if there is any.
    pub fn reply_with(
        &mut self,
        to: Addr,
        reply: Reply,
        context: Option<ReadContext>,
        cause: FactId,
    ) {
        let body = match context {
            None => Body::Reply(reply),
            Some(context) => Body::ReplyWith(Box::new((reply, Rc::new(context)))),
        };
        self.send(to, Label::Reply, body, cause, reply.op);
    }

    /// Refuses a customer's request with this status, for all to see.
    pub fn refuse(&mut self, to: Addr, request: &Request, status: Status) {
        let subjects = [request.op.0, u32::from(status.0), 0];
        let rejected = self.record(FactKind::RequestRejected, 0, to.host(), subjects);
        let reply = Reply {
            op: request.op,
            attempt: request.attempt,
            status,
            value: Value(0),
            session: SessionToken::NONE,
        };
        self.reply(to, reply, rejected);
    }

    /// Sets a timer.
    pub fn set_timer(&mut self, after_us: u64, timer: Timer, cause: FactId) {
        self.effects.push(Effect::Timer {
            after_us,
            timer,
            cause,
        });
    }

    /// Begins to correct the wall clock of the host, or ends it. A slew that somebody who set
    /// the clock has cut short has ended already.
    pub fn correct(&mut self, correction: Correction, ends: bool, cause: FactId) {
        self.effects.push(Effect::Correct {
            correction,
            ends,
            cause,
        });
    }

    /// Asks to be told when what is in memory now is in the log.
    pub fn persist(&mut self) {
        self.effects.push(Effect::Persist { cause: self.cause });
    }

    /// The identity of something that this step makes.
    pub fn identity_of(&self, child: u64) -> u64 {
        identity(self.identity, child)
    }
}

/// A protocol's state machine on one host.
pub trait Node {
    /// It starts, at the beginning or after a crash.
    fn on_start(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// A customer's request arrived.
    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        let _ = (cx, from, request);
    }

    /// The same, with the context of what the customer last read of the key.
    fn on_request_after(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        request: &Request,
        read: &Rc<ReadContext>,
    ) {
        let _ = read;
        self.on_request(cx, from, request);
    }

    /// An answer arrived, with the context of what it tells.
    fn on_reply_with(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        reply: &Reply,
        context: &Rc<ReadContext>,
    ) {
        let _ = context;
        self.on_reply(cx, from, reply);
    }

    /// An answer arrived.
    fn on_reply(&mut self, cx: &mut Context<'_>, from: Addr, reply: &Reply) {
        let _ = (cx, from, reply);
    }

    /// A message of its own protocol arrived.
    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let _ = (cx, from, message);
    }

    /// A timer fired.
    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        let _ = (cx, timer);
    }

    /// What was in memory when it asked to persist is in the log.
    fn on_durable(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// A learner asks a customer to do something.
    fn on_action(&mut self, cx: &mut Context<'_>, action: &Action) {
        let _ = (cx, action);
    }

    /// A learner makes its region the writer, where there is one.
    fn on_promote(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// A learner makes its region the home of a key, where keys have one that can move.
    fn on_move_home(&mut self, cx: &mut Context<'_>, key: Key) {
        let here = cx.me.host();
        let why = MoveRefusal::NoHomes as u8;
        cx.record(FactKind::HomeMoveRefused, why, here, [key.0, 0, 0]);
    }

    /// It crashes: whatever is not in the log is gone. It may record what that was.
    fn on_crash(&mut self, cx: &mut Context<'_>) {
        let _ = cx;
    }

    /// What it holds, for panels; pushes an entry a key.
    fn view(&self, entries: &mut Vec<EntryView>) {
        let _ = entries;
    }

    /// What else is to be seen of its state, for panels.
    fn state(&self, state: &mut Vec<StateView>) {
        let _ = state;
    }

    /// Its log, for checks, if it keeps one with terms.
    fn log_view(&self) -> Option<LogView<'_>> {
        None
    }

    /// A copy of its state, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Node>;
}

impl std::fmt::Debug for dyn Node {
    /// Its kind only: what it holds would put every type's text into the page.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Node")
    }
}

impl Clone for Box<dyn Node> {
    fn clone(&self) -> Self {
        self.as_ref().boxed_clone()
    }
}
