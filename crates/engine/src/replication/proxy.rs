//! Requests that are passed on to the region that can serve them, and the answers to
//! them.

use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{
    Addr, Body, Context, Key, Payload, Reply, Request, SessionToken, Status, Value,
};

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

    /// Whether it says that a write took effect.
    pub(super) fn is_of_a_write(&self) -> bool {
        self.reply.status.is_ok() && self.chosen.is_none()
    }

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

/// A request, and whom its answer goes to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub(super) request: Request,
    pub(super) customer: Addr,
    /// The region that passed it on, if one did.
    pub(super) through: Option<Addr>,
}

/// How an attempt went.
#[derive(Clone, Copy, Debug)]
pub(super) struct Said {
    pub(super) status: Status,
    pub(super) value: Value,
    /// See [`Answer::chosen`].
    pub(super) chosen: Option<FactId>,
    /// What the customer's app is to carry.
    pub(super) session: SessionToken,
}

impl Asked {
    /// Answers the customer, by the region that passed the request on if one did;
    /// `forwarded` wraps the answer for it.
    pub(super) fn answer<P: Payload>(
        &self,
        cx: &mut Context<'_>,
        said: Said,
        cause: FactId,
        forwarded: fn(Answer) -> P,
    ) {
        let answer = Answer {
            reply: Reply {
                op: self.request.op,
                attempt: self.request.attempt,
                status: said.status,
                value: said.value,
                session: said.session,
            },
            key: self.request.key,
            customer: self.customer,
            chosen: said.chosen,
        };
        match self.through {
            Some(region) => {
                let body = Body::protocol(forwarded(answer));
                cx.send(region, Label::ForwardResult, body, cause, answer.reply.op);
            }
            None => answer.tell(cx, cause),
        }
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
