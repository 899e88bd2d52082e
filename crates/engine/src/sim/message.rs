//! What travels between nodes: addresses, keys and values, requests and replies, and what
//! protocols say to themselves.

use std::any::Any;
use std::rc::Rc;

use super::fact::{FactId, HostId, OpKind};
use crate::conflict::ReadContext;

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
