//! What a writer and its followers say to each other.

use std::any::Any;

use crate::replication::log::Entry;
use crate::replication::proxy::{Answer, FORWARD_BYTES};
use crate::sim::fact::FactId;
use crate::sim::node::{Addr, Payload, Request};

/// What stands in the writer's log from a place on; without entries a sign of life.
#[derive(Clone, Debug)]
pub(super) struct Segment {
    /// Whose log it is.
    pub(super) epoch: u32,
    pub(super) place: u32,
    /// Of the entry before that place.
    pub(super) epoch_before: u32,
    pub(super) entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
pub(super) enum Message {
    /// Follow.
    Append(Segment),
    /// The follower's log is the writer's up to here.
    Ack { epoch: u32, len: u32 },
    /// It is not; it may be up to here.
    Lacks { epoch: u32, len: u32 },
    /// There is a later epoch.
    Fenced { epoch: u32 },
    /// Vote for me in this epoch.
    Ask {
        epoch: u32,
        last_epoch: u32,
        len: u32,
    },
    /// I do.
    Vote { epoch: u32 },
    /// Entries of mine that your log does not have from this place on: take them again.
    Reclaim {
        epoch: u32,
        place: u32,
        entries: Vec<Entry>,
    },
    /// That is done. Some were not taken: each with the write that was made meanwhile.
    Reclaimed {
        epoch: u32,
        aside: Vec<(FactId, FactId)>,
    },
    /// A request for the writer.
    Forward { request: Request, customer: Addr },
    /// The answer to it.
    Forwarded(Answer),
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Append(segment) => 12 + Entry::BYTES * segment.entries.len() as u32,
            Self::Ack { .. } | Self::Lacks { .. } => 8,
            Self::Fenced { .. } | Self::Vote { .. } => 4,
            Self::Ask { .. } => 12,
            Self::Reclaim { entries, .. } => 8 + Entry::BYTES * entries.len() as u32,
            Self::Reclaimed { aside, .. } => 4 + 16 * aside.len() as u32,
            Self::Forward { .. } => FORWARD_BYTES,
            Self::Forwarded(_) => Answer::BYTES,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
