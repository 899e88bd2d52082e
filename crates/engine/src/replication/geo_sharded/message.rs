//! What the regions of a geo-sharded service say to each other.

use std::any::Any;

use super::gather::Query;
use super::seats::Seat;
use crate::replication::log::Cell;
use crate::replication::proxy::{Answer, FORWARD_BYTES};
use crate::sim::node::{Addr, Key, Payload, Request};

/// A key on its way to a new home.
#[derive(Clone, Copy, Debug)]
pub(super) struct Parcel {
    /// Which key.
    pub(super) key: Key,
    /// Its new home, and since which epoch.
    pub(super) seat: Seat,
    /// What is held of it; nothing if it was never written.
    pub(super) cell: Option<Cell>,
}

#[derive(Clone, Debug)]
pub(super) enum Message {
    /// A request for the key's home, which the sender believes to be the receiver since
    /// this epoch.
    Forward {
        request: Request,
        customer: Addr,
        epoch: u32,
    },
    /// The answer to it.
    Forwarded(Answer),
    /// Give me the key that you are the home of in this epoch.
    Ask { key: Key, epoch: u32 },
    /// Here it is.
    Transfer(Parcel),
    /// It is in the log here.
    Taken { key: Key, epoch: u32 },
    /// How much do you hold, all in all?
    Count(Query),
    /// So much.
    Counted { query: Query, count: u32 },
    /// Somebody else is its home.
    Moved { key: Key, seat: Seat },
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        /// Of a key and an epoch.
        const NOTICE_BYTES: u32 = 8;
        /// Of an operation's identity and its attempt.
        const QUERY_BYTES: u32 = 9;
        match self {
            // The first epoch goes without saying.
            Self::Forward { epoch, .. } => FORWARD_BYTES + if *epoch > 1 { 4 } else { 0 },
            Self::Forwarded(_) => Answer::BYTES,
            Self::Ask { .. } | Self::Taken { .. } => NOTICE_BYTES,
            Self::Count(_) => QUERY_BYTES,
            Self::Counted { .. } => QUERY_BYTES + 4,
            Self::Moved { .. } => NOTICE_BYTES + 1,
            Self::Transfer(parcel) => NOTICE_BYTES + parcel.cell.map_or(0, |_| Cell::BYTES),
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
