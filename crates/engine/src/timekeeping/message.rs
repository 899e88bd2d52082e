//! What clients and servers of the time service say to each other.

use std::any::Any;

use crate::clocks::time_service::{TimeReply, TimeRequest};
use crate::sim::node::Payload;

#[derive(Clone, Copy, Debug)]
pub(super) enum Message {
    /// What time is it?
    Ask(TimeRequest),
    /// This.
    Told(TimeReply),
}

impl Payload for Message {
    /// That of RFC 5905, section 7.3, without extensions.
    fn bytes(&self) -> u32 {
        48
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
