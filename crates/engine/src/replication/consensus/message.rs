//! What the members of a consensus group say to each other.

use std::any::Any;

use crate::replication::log::Entry;
use crate::replication::proxy::{Answer, FORWARD_BYTES};
use crate::sim::node::{Addr, Payload, Request};

/// What stands in the leader's log from a place on; without entries a heartbeat.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    pub(super) term: u32,
    pub(super) place: u32,
    /// Of the entry before that place.
    pub(super) term_before: u32,
    pub(super) entries: Vec<Entry>,
    /// How much the leader has committed.
    pub(super) commit: u32,
    /// Numbers what the leader sends, so that an answer tells that it was still followed
    /// then.
    pub(super) round: u32,
}

#[derive(Clone, Debug)]
pub(super) enum Message {
    Append(Segment),
    /// The log is the leader's up to `len`, or may be.
    Appended {
        term: u32,
        len: u32,
        agrees: bool,
        round: u32,
    },
    /// Vote for me in this term; would you, if it is a pre-vote.
    Ask {
        term: u32,
        last_term: u32,
        len: u32,
        is_pre: bool,
        /// The leader is to be replaced although it lives.
        is_transfer: bool,
    },
    Vote {
        term: u32,
        is_pre: bool,
    },
    /// Let me lead.
    Transfer,
    /// Do: I do not lead any more.
    GoAhead {
        term: u32,
    },
    Forward {
        request: Request,
        customer: Addr,
    },
    Forwarded(Answer),
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Append(segment) => 20 + Entry::BYTES * segment.entries.len() as u32,
            Self::Appended { .. } | Self::Ask { .. } => 13,
            Self::Vote { .. } => 5,
            Self::Transfer => 1,
            Self::GoAhead { .. } => 4,
            Self::Forward { .. } => FORWARD_BYTES,
            Self::Forwarded(_) => Answer::BYTES,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
