//! Messages of rooms, and what regions say to each other about them.

use std::any::Any;
use std::rc::Rc;

use crate::clocks::VersionVector;
use crate::replication::proxy::{Answer, FORWARD_BYTES};
use crate::sim::fact::FactId;
use crate::sim::node::{Addr, Key, Payload, Request, Value};

/// A message of a room.
#[derive(Debug)]
pub(super) struct Post {
    /// The region that sent it, by its place in the scenario.
    pub(super) origin: u8,
    /// Which of that region's messages it is, from 1.
    pub(super) number: u32,
    /// The room.
    pub(super) room: Key,
    /// What it says.
    pub(super) text: Value,
    /// The fact by which others name it.
    pub(super) message: FactId,
    /// What its sender's wall clock showed, in microseconds.
    pub(super) stamp_us: i64,
    /// How many messages of each region its sender had shown, this one among them;
    /// nothing where nobody asks.
    pub(super) past: VersionVector,
}

impl Post {
    /// Its size on the wire in bytes: room, text, origin and number, stamp, and four for
    /// each count of the clock.
    fn bytes(&self) -> u32 {
        22 + 4 * self.past.counts().len() as u32
    }
}

/// What regions say to each other.
#[derive(Debug)]
pub(super) enum Message {
    /// A message, just posted.
    Push(Rc<Post>),
    /// Everything up to these numbers is here.
    Have(VersionVector),
    /// Messages that the other one lacked.
    Repair(Vec<Rc<Post>>),
    /// A request for the region at which the customer lives.
    Forward { request: Request, customer: Addr },
    /// The answer to it.
    Forwarded(Answer),
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Push(post) => post.bytes(),
            Self::Have(vector) => 4 * vector.counts().len() as u32,
            Self::Repair(posts) => posts.iter().map(|post| post.bytes()).sum(),
            Self::Forward { .. } => FORWARD_BYTES,
            Self::Forwarded(_) => Answer::BYTES,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
