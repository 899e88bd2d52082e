//! What replicas of a data type say to each other.

use std::any::Any;
use std::rc::Rc;

use super::provenance::Mark;
use crate::clocks::VersionVector;
use crate::crdt::Dot;
use crate::crdt::laws::{Operation, Replica};
use crate::sim::node::{Key, Payload};

/// What of a write travels.
#[derive(Clone, Debug)]
pub(super) enum Load {
    /// The operation.
    Operation(Operation),
    /// The delta.
    Delta(Rc<dyn Replica>),
    /// Nothing by itself: states travel.
    Nothing,
}

/// One write on its way to every replica.
#[derive(Clone, Debug)]
pub(super) struct Letter {
    /// The write. Only its name travels; the rest is for the trace.
    pub(super) mark: Mark,
    /// How many writes of the key from each region its origin had, this one left out.
    pub(super) past: VersionVector,
    /// What to do.
    pub(super) load: Load,
}

impl Letter {
    fn bytes(&self) -> u32 {
        Dot::BYTES
            + vector_bytes(&self.past)
            + match &self.load {
                Load::Operation(operation) => operation.bytes,
                Load::Delta(delta) => delta.bytes(),
                Load::Nothing => 0,
            }
    }
}

/// All that is held under a key.
#[derive(Clone, Debug)]
pub(super) struct Whole {
    /// The state.
    pub(super) state: Rc<dyn Replica>,
    /// How many writes of each region it has.
    pub(super) vector: VersionVector,
    /// Those that the receiver may lack, for the trace.
    pub(super) marks: Vec<Mark>,
    /// Of what keeps one write of all, that one; for the trace.
    pub(super) newest: Option<Mark>,
}

/// A region wants rights.
#[derive(Clone, Debug)]
pub(super) struct AskRights {
    /// To what.
    pub(super) key: Key,
    /// How many.
    pub(super) units: u32,
    /// Which of the asks of its region it is.
    pub(super) ask: u32,
    /// How many writes of each region of the key are there.
    pub(super) has: VersionVector,
}

/// A message.
#[derive(Clone, Debug)]
pub(super) enum Message {
    /// Writes of keys, just made or lacking.
    Letters(Vec<(Key, Letter)>),
    /// The state of a key.
    State(Key, Whole),
    /// The same for who lacks a removal that is forgotten here: the answer is the state there.
    Snapshot(Key, Whole),
    /// Are there rights to spare?
    AskRights(AskRights),
    /// So many were given on this ask; they come as a write does.
    Rights(u32, u32),
    /// How many writes of each region are here, by key.
    Have(Vec<(Key, VersionVector)>),
}

const KEY_BYTES: u32 = 4;

fn vector_bytes(vector: &VersionVector) -> u32 {
    4 * vector.counts().len() as u32
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Letters(letters) => {
                let each = letters.iter().map(|(_, letter)| KEY_BYTES + letter.bytes());
                each.sum()
            }
            Self::State(_, whole) | Self::Snapshot(_, whole) => {
                KEY_BYTES + vector_bytes(&whole.vector) + whole.state.bytes()
            }
            Self::AskRights(ask) => KEY_BYTES + 4 + 4 + vector_bytes(&ask.has),
            Self::Rights(..) => 4 + 4,
            Self::Have(keys) => {
                let each = keys
                    .iter()
                    .map(|(_, vector)| KEY_BYTES + vector_bytes(vector));
                each.sum()
            }
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
