//! What replicas say to each other.

use std::any::Any;

use crate::clocks::VersionVector;
use crate::crdt::Update;
use crate::sim::node::Payload;

/// What replicas say to each other.
#[derive(Debug)]
pub(super) enum Message {
    /// One update, just made.
    Push(Update),
    /// Everything up to these sequences is here.
    Have(VersionVector),
    /// Updates the other one lacked.
    Repair(Vec<Update>),
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Push(update) => update.bytes(),
            Self::Have(vector) => 4 * vector.counts().len() as u32,
            Self::Repair(updates) => updates.iter().map(Update::bytes).sum(),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
