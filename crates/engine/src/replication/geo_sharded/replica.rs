//! One region of a geo-sharded service: home of some keys, and a proxy for the others.

use std::any::Any;

use crate::replication::log::{Entry, Values};
use crate::replication::proxy::{self, Answer, Asked, FORWARD_BYTES, Said};
use crate::replication::{Homes, Setup};
use crate::sim::fact::{FactId, FactKind, OpKind};
use crate::sim::node::{Addr, Context, Key, Node, Payload, Request, SessionToken, Status, Value};
use crate::view::EntryView;

#[derive(Clone, Debug)]
enum Message {
    /// A request for the key's home.
    Forward { request: Request, customer: Addr },
    /// The answer to it.
    Forwarded(Answer),
}

impl Payload for Message {
    fn bytes(&self) -> u32 {
        match self {
            Self::Forward { .. } => FORWARD_BYTES,
            Self::Forwarded(_) => Answer::BYTES,
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// One region.
#[derive(Clone, Debug)]
pub struct Replica {
    setup: Setup,
    homes: Homes,
    /// Of the keys that are at home here. Durable.
    values: Values,
    /// Writes on their way into the log. In memory only.
    pending: Vec<(FactId, Asked)>,
    flushing: usize,
}

impl Replica {
    /// A region that keeps nothing yet.
    pub fn new(setup: Setup, homes: Homes) -> Self {
        Self {
            setup,
            homes,
            values: Values::default(),
            pending: Vec::new(),
            flushing: 0,
        }
    }

    /// The region that keeps a key.
    pub fn home_of(&self, key: Key) -> u8 {
        self.homes.of(key.index(), self.setup.regions)
    }

    fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    /// Serves what is at home here.
    fn serve(&mut self, cx: &mut Context<'_>, asked: Asked) {
        if asked.request.kind == OpKind::Read {
            let (value, write) = self.values.get(asked.request.key, self.setup.initial);
            let cause = cx.cause;
            return Self::answer(cx, &asked, value, Some(write), cause);
        }
        self.pending.push((cx.cause, asked));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    fn answer(
        cx: &mut Context<'_>,
        asked: &Asked,
        value: Value,
        chosen: Option<FactId>,
        cause: FactId,
    ) {
        let said = Said {
            status: Status::OK,
            value,
            chosen,
            session: SessionToken::NONE,
        };
        asked.answer(cx, said, cause, Message::Forwarded);
    }

    /// A write is in the log: name it, apply it, answer.
    fn write_durable(&mut self, cx: &mut Context<'_>, cause: FactId, asked: &Asked) {
        let request = &asked.request;
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let (kind, customer) = (request.kind as u8, asked.customer.host());
        let accepted = FactKind::WriteAccepted;
        let write = cx.record_because(cause, accepted, kind, customer, subjects);
        let entry = Entry {
            // A home is never replaced.
            epoch: 1,
            key: request.key,
            kind: request.kind,
            argument: request.argument,
            write,
            origin: self.region(),
            stamp_us: cx.wall_us,
            is_reclaimed: false,
        };
        let value = self.values.apply(cx, write, &entry, self.setup.initial);
        Self::answer(cx, asked, value, None, write);
    }
}

impl Node for Replica {
    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        let home = self.home_of(request.key);
        if home == self.region() {
            let asked = Asked {
                request: *request,
                customer: from,
                through: None,
            };
            return self.serve(cx, asked);
        }
        let message = Message::Forward {
            request: *request,
            customer: from,
        };
        proxy::forward(cx, home, request, message);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        match message.as_any().downcast_ref::<Message>() {
            Some(&Message::Forward { request, customer }) => {
                let asked = Asked {
                    request,
                    customer,
                    through: Some(from),
                };
                self.serve(cx, asked);
            }
            Some(Message::Forwarded(answer)) => {
                let cause = cx.cause;
                answer.tell(cx, cause);
            }
            None => {}
        }
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, asked) in waiting.drain(..self.flushing) {
            self.write_durable(cx, cause, &asked);
        }
        self.pending = waiting;
        self.flushing = self.pending.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        self.flushing = 0;
        for (cause, asked) in self.pending.drain(..) {
            let subjects = [asked.request.op.0, asked.request.key.0, cause.0];
            cx.record(FactKind::UnflushedLost, 0, asked.customer.host(), subjects);
        }
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        self.values.view(entries);
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
