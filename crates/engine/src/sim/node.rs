//! What a protocol is: a state machine that does no I/O.
//!
//! A node is given its *local* clocks, its draws, and a list to push effects on.
//! It never sees the queue, the network, true time or another node, so a test can
//! drive it with no world at all.

use crate::conflict::ReadContext;
use std::any::Any;
use std::rc::Rc;

use super::dice::{Dice, identity};
use super::fact::{Draft, FactId, FactKind, HostId, Label, MoveRefusal, OpKind};
use crate::clocks::time_service::Correction;
use crate::view::{EntryView, LogView, StateView};

/// The address of a node: a host and a service on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Addr(pub u16);

/// Services on one host.
pub const MAX_SERVICES: u8 = 16;

impl Addr {
    /// The node of a service on a host.
    pub const fn new(host: HostId, service: u8) -> Self {
        Self(host.0 * MAX_SERVICES as u16 + service as u16)
    }

    /// The host it runs on.
    pub const fn host(self) -> HostId {
        HostId(self.0 / MAX_SERVICES as u16)
    }

    /// The service it belongs to, by its place in the scenario.
    pub const fn service(self) -> u8 {
        (self.0 % MAX_SERVICES as u16) as u8
    }
}

/// A key: a service and an index into it (an item, a customer's cart).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub u32);

impl Key {
    /// The key of this index in a service.
    pub const fn new(service: u8, index: u32) -> Self {
        Self((service as u32) << 24 | (index & 0x00FF_FFFF))
    }

    /// The service it belongs to.
    pub const fn service(self) -> u8 {
        (self.0 >> 24) as u8
    }

    /// Its index in the service.
    pub const fn index(self) -> u32 {
        self.0 & 0x00FF_FFFF
    }
}

/// A value: a number for a register, a set of items (a bit each) for a cart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Value(pub u32);

/// An HTTP-like status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Status(pub u16);

impl Status {
    /// It took effect.
    pub const OK: Self = Self(200);
    /// The request lacks something it needs.
    pub const BAD_REQUEST: Self = Self(400);
    /// An earlier request with the same key is still being worked on.
    pub const CONFLICT: Self = Self(409);
    /// There is nothing at that place.
    pub const NOT_FOUND: Self = Self(404);
    /// There is no room for it.
    pub const FULL: Self = Self(413);
    /// There is nothing left of what was wanted.
    pub const SOLD_OUT: Self = Self(410);
    /// The key was used before for another request.
    pub const UNPROCESSABLE: Self = Self(422);
    /// The service does not do that at all.
    pub const NOT_IMPLEMENTED: Self = Self(501);
    /// It cannot be served now, and was not executed.
    pub const UNAVAILABLE: Self = Self(503);
    /// It was passed on, and who was asked did not answer in time: it may take effect.
    pub const GATEWAY_TIMEOUT: Self = Self(504);

    /// Whether it says that the request took effect.
    pub fn is_ok(self) -> bool {
        self.0 / 100 == 2
    }
}

/// The idempotency key of a payment, as the customer's app made it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IdempotencyKey(pub u64);

/// What a customer's app carries from a service's answer to its next request there. The
/// two highest bits say what the others are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct SessionToken(u64);

impl SessionToken {
    /// Nothing is carried.
    pub const NONE: Self = Self(0);
    /// How many bits a service has for its own.
    pub const SERVICE_BITS: u32 = 62;

    const TO_REGION: u64 = 1;
    const OF_SERVICE: u64 = 2;

    const fn new(kind: u64, bits: u64) -> Self {
        Self(kind << Self::SERVICE_BITS | (bits & ((1 << Self::SERVICE_BITS) - 1)))
    }

    /// Asks the app to put its next request to this region.
    pub const fn to_region(region: u8) -> Self {
        Self::new(Self::TO_REGION, region as u64)
    }

    /// Bits that only the service understands; what is above the first 62 is lost.
    pub const fn of_service(bits: u64) -> Self {
        Self::new(Self::OF_SERVICE, bits)
    }

    /// Whether there is anything to carry.
    pub fn is_some(self) -> bool {
        self != Self::NONE
    }

    /// The region that the next request is to go to, if it says so.
    pub fn region(self) -> Option<u8> {
        (self.0 >> Self::SERVICE_BITS == Self::TO_REGION).then_some(self.0 as u8)
    }

    /// The service's own bits, if it is such a token.
    pub fn service_bits(self) -> Option<u64> {
        let bits = self.0 & ((1 << Self::SERVICE_BITS) - 1);
        (self.0 >> Self::SERVICE_BITS == Self::OF_SERVICE).then_some(bits)
    }

    /// Its size on the wire in bytes.
    fn bytes(self) -> u32 {
        if self.is_some() { 8 } else { 0 }
    }
}

/// One attempt of an operation, as a region receives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Request {
    /// The fact that started the operation.
    pub op: FactId,
    /// The operation's stable identity.
    pub intent: u64,
    /// From 1.
    pub attempt: u8,
    /// What is wanted.
    pub kind: OpKind,
    /// Of which key.
    pub key: Key,
    /// A new value, an item's index, or an amount.
    pub argument: Value,
    /// The key of a payment, if the app sends one.
    pub idempotency_key: Option<IdempotencyKey>,
    /// The region, by its place in the scenario, where the customer's account lives.
    pub home: u8,
    /// What the service's last answer gave the app to carry.
    pub session: SessionToken,
}

/// The answer to one attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The operation.
    pub op: FactId,
    /// The attempt it answers.
    pub attempt: u8,
    /// How it went.
    pub status: Status,
    /// What was read, if anything.
    pub value: Value,
    /// What the app is to carry from now on; nothing: what it has.
    pub session: SessionToken,
}

/// A message between the nodes of one protocol.
pub trait Payload: Any {
    /// Its size on the wire in bytes, headers left out.
    fn bytes(&self) -> u32;

    /// For the protocol that sent it to take it apart again.
    fn as_any(&self) -> &dyn Any;
}

impl std::fmt::Debug for dyn Payload {
    /// Its kind only: what it holds would put every type's text into the page.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Payload")
    }
}

/// The content of a message.
#[derive(Clone, Debug)]
pub enum Body {
    /// A customer's request.
    Request(Request),
    /// A region's answer.
    Reply(Reply),
    /// A request, with the context of what its customer last read of the key.
    RequestAfter(Box<(Request, Rc<ReadContext>)>),
    /// An answer, with the context of what it tells of the key.
    ReplyWith(Box<(Reply, Rc<ReadContext>)>),
    /// Anything a protocol says to itself in another region.
    Protocol(Rc<dyn Payload>),
}

impl Body {
    /// Wraps a protocol's own message.
    pub fn protocol(payload: impl Payload) -> Self {
        Self::Protocol(Rc::new(payload))
    }

    /// Its size on the wire in bytes: 40 of headers and what it carries.
    pub fn bytes(&self) -> u32 {
        const HEADER_BYTES: u32 = 40;
        HEADER_BYTES
            + match self {
                Self::Request(request) => 40 + request.session.bytes(),
                Self::Reply(reply) => 16 + reply.session.bytes(),
                Self::RequestAfter(held) => 40 + held.0.session.bytes() + held.1.bytes(),
                Self::ReplyWith(held) => 16 + held.0.session.bytes() + held.1.bytes(),
                Self::Protocol(payload) => payload.bytes(),
            }
    }
}

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
