//! What regions say to each other, and to where locks are kept.

use std::any::Any;

use crate::sim::fact::FactId;
use crate::sim::node::{Key, Payload, Value};

/// What a write made of a key.
#[derive(Clone, Copy, Debug)]
pub(super) struct Version {
    /// Of the lock that it was written under; the highest counts.
    pub(super) token: u32,
    pub(super) value: Value,
    pub(super) write: FactId,
    pub(super) origin: u8,
    /// What the origin's wall clock showed, in microseconds. For people only.
    pub(super) stamp_us: i64,
}

#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    /// The lock on this key, for this ticket of mine.
    Ask { key: Key, ticket: u32, op: FactId },
    /// It is yours, under this token.
    Granted { key: Key, ticket: u32, token: u32 },
    /// The ticket needs it no more, whether it has it or waits.
    Release { key: Key, ticket: u32 },
    /// Make this durable and confirm it.
    Write { key: Key, version: Version },
    /// What was written under this token is durable here.
    Confirmed { key: Key, token: u32 },
    /// A later token has written here.
    Stale { key: Key, token: u32 },
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            // A key, a token, and a ticket or a value.
            Self::Granted { .. } | Self::Write { .. } => 12,
            // A key, and a ticket or a token.
            _ => 8,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
