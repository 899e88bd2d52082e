//! What a region does with a request to pay.
//!
//! | request | answer |
//! |---|---|
//! | key missing where one is required | 400 |
//! | first use of a key | processed: marked in flight, charged, stored |
//! | after completion | the stored result |
//! | while the first is in flight | 409 |
//! | the same key with another body | 422 |
//!
//! Source: IETF draft "The Idempotency-Key HTTP Header Field", section 2.

use std::any::Any;

use splitbrain_sorted::Map;

use super::gateway::{Charge, Charged};
use super::{Keeper, KeyStore};
use crate::clocks::VersionVector;
use crate::sim::dice::identity;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{
    Addr, Body, Context, IdempotencyKey, Key, Node, Payload, Reply, Request, SessionToken, Status,
    Value,
};
use crate::view::{EntryView, PaymentView};

/// A request passed on to its home region.
#[derive(Clone, Copy, Debug)]
struct Forward {
    request: Request,
    customer: Addr,
}

/// The home region's answer to it.
#[derive(Clone, Copy, Debug)]
struct Forwarded {
    reply: Reply,
    customer: Addr,
}

impl Payload for Forward {
    fn bytes(&self) -> u32 {
        42
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

impl Payload for Forwarded {
    fn bytes(&self) -> u32 {
        18
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// Who waits for an answer.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    request: Request,
    customer: Addr,
    /// The region that passed it on, if one did.
    through: Option<Addr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    /// In memory only.
    New,
    /// Logged; the gateway has been asked.
    InFlight,
    /// The result is in memory only.
    Storing,
    /// Logged.
    Stored,
}

/// What is known of one key, or of one request where there are no keys.
#[derive(Clone, Debug)]
struct Record {
    op: FactId,
    key: Key,
    amount: Value,
    idempotency_key: Option<IdempotencyKey>,
    stage: Stage,
    /// The fact that answers a repetition: the charge's answer.
    answered: FactId,
    /// In memory only.
    waiting: Option<Waiting>,
}

/// The payments of one region.
#[derive(Clone, Debug)]
pub struct Payments {
    me: Addr,
    gateway: Addr,
    store: &'static dyn KeyStore,
    records: Map<u64, Record>,
    /// Records to log, with the fact that asks for it. In memory only.
    pending: Vec<(FactId, u64)>,
    flushing: usize,
}

impl Payments {
    /// The payments of one region.
    pub fn new(me: Addr, gateway: Addr, store: &'static dyn KeyStore) -> Self {
        Self {
            me,
            gateway,
            store,
            records: Map::new(),
            pending: Vec::new(),
            flushing: 0,
        }
    }

    fn region(&self) -> u8 {
        self.me.host().0 as u8
    }

    fn answer(cx: &mut Context<'_>, to: Waiting, status: Status, cause: FactId) {
        let reply = Reply {
            op: to.request.op,
            attempt: to.request.attempt,
            status,
            value: to.request.argument,
            session: SessionToken::NONE,
        };
        if let Some(region) = to.through {
            let answer = Body::protocol(Forwarded {
                reply,
                customer: to.customer,
            });
            cx.send(region, Label::ForwardResult, answer, cause, reply.op);
        } else {
            cx.reply(to.customer, reply, cause);
        }
    }

    fn reject(cx: &mut Context<'_>, to: Waiting, status: Status) {
        let subjects = [to.request.op.0, u32::from(status.0), 0];
        let rejected = cx.record(FactKind::RequestRejected, 0, to.customer.host(), subjects);
        Self::answer(cx, to, status, rejected);
    }

    /// The key's keeper decides.
    fn decide(&mut self, cx: &mut Context<'_>, to: Waiting) {
        let request = &to.request;
        let number = match (self.store.keeper(), request.idempotency_key) {
            (Keeper::Nobody, _) => identity(request.intent, u64::from(request.attempt)),
            (_, None) => return Self::reject(cx, to, Status::BAD_REQUEST),
            // A key is the customer's own: it is scoped to the account.
            (_, Some(key)) => identity(key.0, u64::from(request.key.0)),
        };
        let Some(record) = self.records.get(&number) else {
            let record = Record {
                op: request.op,
                key: request.key,
                amount: request.argument,
                idempotency_key: request.idempotency_key,
                stage: Stage::New,
                answered: FactId::NONE,
                waiting: Some(to),
            };
            self.records.insert(number, record);
            self.log(cx, number);
            return;
        };
        if self.store.keeper() == Keeper::Nobody {
            // The network delivered one attempt twice, and nobody remembers.
            let again = identity(number, cx.identity);
            let record = Record {
                stage: Stage::New,
                waiting: Some(to),
                ..record.clone()
            };
            self.records.insert(again, record);
            return self.log(cx, again);
        }
        if record.amount != request.argument {
            return Self::reject(cx, to, Status::UNPROCESSABLE);
        }
        if record.stage != Stage::Stored {
            return Self::reject(cx, to, Status::CONFLICT);
        }
        let subjects = [request.op.0, record.answered.0, 0];
        let host = to.customer.host();
        let suppressed = cx.record(FactKind::DuplicateSuppressed, 0, host, subjects);
        Self::answer(cx, to, Status::OK, suppressed);
    }

    fn log(&mut self, cx: &mut Context<'_>, number: u64) {
        self.pending.push((cx.cause, number));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    fn charge(&self, cx: &mut Context<'_>, number: u64, record: &Record, cause: FactId) {
        let key = record.idempotency_key.and_then(|_| {
            self.store
                .gateway_key(IdempotencyKey(number), self.region())
        });
        let charge = Body::protocol(Charge {
            op: record.op,
            amount: record.amount,
            key,
            ticket: number,
        });
        cx.send(self.gateway, Label::Charge, charge, cause, record.op);
    }
}

impl Node for Payments {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        // After a crash between charge and store: ask the gateway again.
        for (&number, record) in self.records.iter() {
            if record.stage == Stage::InFlight {
                self.charge(cx, number, record, cx.cause);
            }
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        if self.store.keeper() == Keeper::Home && request.home != self.region() {
            let home = HostId(u16::from(request.home));
            let passed = cx.record(FactKind::RequestForwarded, 0, home, [request.op.0, 0, 0]);
            let forward = Body::protocol(Forward {
                request: *request,
                customer: from,
            });
            let to = Addr::new(home, self.me.service());
            return cx.send(to, Label::Forward, forward, passed, request.op);
        }
        let to = Waiting {
            request: *request,
            customer: from,
            through: None,
        };
        self.decide(cx, to);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let message = message.as_any();
        if let Some(forward) = message.downcast_ref::<Forward>() {
            let to = Waiting {
                request: forward.request,
                customer: forward.customer,
                through: Some(from),
            };
            self.decide(cx, to);
        } else if let Some(done) = message.downcast_ref::<Forwarded>() {
            cx.reply(done.customer, done.reply, cx.cause);
        } else if let Some(charged) = message.downcast_ref::<Charged>() {
            let Some(record) = self.records.get_mut(&charged.ticket) else {
                return;
            };
            if record.stage == Stage::InFlight {
                record.stage = Stage::Storing;
                record.answered = cx.cause;
                self.log(cx, charged.ticket);
            }
        }
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        // Taken out and put back, so that its memory is used again.
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, number) in waiting.drain(..self.flushing) {
            let Some(record) = self.records.get_mut(&number) else {
                continue;
            };
            let peer = record.waiting.map_or(self.me, |to| to.customer).host();
            if record.stage == Stage::New {
                record.stage = Stage::InFlight;
                let subjects = [record.op.0, record.amount.0, 0];
                let because = if self.store.keeper() == Keeper::Nobody {
                    cause
                } else {
                    cx.record_because(cause, FactKind::KeyMarkedInFlight, 0, peer, subjects)
                };
                if let Some(record) = self.records.get(&number) {
                    self.charge(cx, number, record, because);
                }
            } else {
                record.stage = Stage::Stored;
                let subjects = [record.op.0, u32::from(Status::OK.0), 0];
                let stored = cx.record_because(cause, FactKind::ResultStored, 0, peer, subjects);
                if let Some(to) = record.waiting.take() {
                    Self::answer(cx, to, Status::OK, stored);
                }
            }
        }
        self.pending = waiting;
        self.flushing = self.pending.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }

    fn on_crash(&mut self, _cx: &mut Context<'_>) {
        self.flushing = 0;
        self.pending.clear();
        let remembers = self.store.keeper() != Keeper::Nobody;
        self.records.retain(|_, record| {
            record.waiting = None;
            if record.stage == Stage::Storing {
                record.stage = Stage::InFlight;
            }
            remembers && record.stage != Stage::New
        });
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        entries.extend(self.records.values().map(|record| EntryView {
            key: record.key,
            value: record.amount,
            versions: Vec::new(),
            vector: VersionVector::default(),
            payment: Some(PaymentView {
                op: record.op,
                result: (record.stage == Stage::Stored).then_some(Status::OK),
            }),
        }));
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
