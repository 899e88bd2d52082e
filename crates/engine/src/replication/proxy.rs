//! Requests that are passed on to the region that can serve them, and the answers to
//! them.

use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, Key, Payload, Reply, Request};

/// An answer on its way to a customer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Answer {
    pub(super) reply: Reply,
    pub(super) key: Key,
    pub(super) customer: Addr,
    /// For a read that was not served from what this region shows itself: the write
    /// whose value it returns, or [`FactId::NONE`] if there is none.
    pub(super) chosen: Option<FactId>,
}

impl Answer {
    /// Its size on the wire in bytes.
    pub(super) const BYTES: u32 = 18;

    /// Tells the customer, and records which version a read was answered with.
    pub(super) fn tell(self, cx: &mut Context<'_>, cause: FactId) {
        let mut because = cause;
        if let Some(write) = self.chosen {
            let host = self.customer.host();
            let subjects = [self.reply.op.0, write.0, self.key.0];
            because = cx.record_because(because, FactKind::VersionChosen, 0, host, subjects);
            let subjects = [self.reply.op.0, self.key.0, self.reply.value.0];
            because = cx.record_because(because, FactKind::ReadServed, 0, host, subjects);
        }
        cx.reply(self.customer, self.reply, because);
    }
}

/// The size of a request that is passed on, in bytes.
pub(super) const FORWARD_BYTES: u32 = 42;

/// Passes a request on to another region of the same service.
pub(super) fn forward(cx: &mut Context<'_>, to: u8, request: &Request, message: impl Payload) {
    let host = HostId(u16::from(to));
    let passed = cx.record(FactKind::RequestForwarded, 0, host, [request.op.0, 0, 0]);
    let addr = Addr::new(host, cx.me.service());
    let body = Body::protocol(message);
    cx.send(addr, Label::Forward, body, passed, request.op);
}
