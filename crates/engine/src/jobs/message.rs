//! What regions, the lease store and the outside system say to each other.

use std::any::Any;

use crate::sim::node::Payload;

#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    /// To the lease store: a lease, or more of the one with this token.
    Ask {
        token: Option<u32>,
        /// What the asker's monotonic clock showed, in microseconds.
        asked_us: u64,
    },
    /// From the lease store: a lease, or more of it, from the moment of asking on.
    Granted { token: u32, asked_us: u64 },
    /// To the outside system: somebody takes over; what was run last?
    Claim { token: u32 },
    /// From the outside system: this was.
    Claimed { token: u32, last: u32 },
    /// To the outside system: the report of a time.
    Report { tick: u32, token: u32 },
    /// From the outside system: it has it.
    Done,
    /// From the outside system: it has seen a higher token.
    Refused { token: u32 },
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Ask { .. } | Self::Granted { .. } => 12,
            Self::Claimed { .. } => 8,
            Self::Claim { .. } | Self::Refused { .. } => 4,
            // Its text.
            Self::Report { .. } => 2_000,
            Self::Done => 1,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
