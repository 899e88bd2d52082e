//! What the regions of a quorum store say to each other.

use std::any::Any;
use std::rc::Rc;

use super::merkle::Branch;
use crate::conflict::Version;
use crate::replication::proxy::{Answer, FORWARD_BYTES};
use crate::sim::fact::FactId;
use crate::sim::node::{Addr, Key, Payload, Request};

/// A version on its way, with the writes that it is known to have superseded.
#[derive(Clone, Debug)]
pub(super) struct Copy {
    pub(super) version: Version,
    /// Named so that whoever skips them is known to have skipped them; real messages
    /// carry the version alone, and so does the count of bytes.
    pub(super) superseded: Rc<[FactId]>,
}

/// A version on the wire: value, stamp, origin and counter.
const VERSION_BYTES: u32 = 4 + 8 + 1 + 4;

#[derive(Clone, Debug)]
pub(super) enum Message {
    /// Make this durable and confirm it.
    Write {
        ticket: u32,
        key: Key,
        copy: Copy,
        /// Keep it for this region, if not for yourself.
        keep_for: Option<u8>,
    },
    /// It is.
    WriteAck { ticket: u32, keep_for: Option<u8> },
    /// What do you have?
    Read { ticket: u32, key: Key },
    /// This.
    ReadReply { ticket: u32, copy: Option<Copy> },
    /// A request for a key that is not held here.
    Forward { request: Request, customer: Addr },
    /// The answer to it.
    Forwarded(Answer),
    /// A part of a hash tree.
    Tree { range: u8, branch: Branch },
    /// Everything in some leaves of a range; the other side's, if it is asked for.
    Leaves {
        range: u8,
        leaves: u64,
        copies: Vec<(Key, Copy)>,
        answer: bool,
    },
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Write { .. } => 4 + 4 + 1 + VERSION_BYTES,
            Self::WriteAck { .. } => 5,
            Self::Read { .. } => 8,
            Self::ReadReply { copy, .. } => 4 + copy.as_ref().map_or(1, |_| VERSION_BYTES),
            Self::Forward { .. } => FORWARD_BYTES,
            Self::Forwarded(_) => Answer::BYTES,
            Self::Tree { branch, .. } => 1 + branch.bytes(),
            Self::Leaves { copies, .. } => 10 + (4 + VERSION_BYTES) * copies.len() as u32,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
