//! What regions say to each other.

use std::any::Any;

use crate::crdt::Update;
use crate::sim::node::Payload;

#[derive(Clone, Debug)]
pub(super) enum Message {
    /// The next of the queue, or one that was not confirmed.
    Deliver(Update),
    /// This one of yours is in the log here.
    Confirm { sequence: u32 },
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Deliver(update) => update.bytes(),
            Self::Confirm { .. } => 4,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
