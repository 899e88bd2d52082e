//! A customer with an app: operations, attempts, time-outs, retries.
//!
//! A customer does one thing at a time; what comes meanwhile waits. Operations
//! come at random moments that do not depend on the answers (an open workload),
//! so two designs under one seed are asked the same.

use std::collections::VecDeque;
use std::rc::Rc;

use splitbrain_sorted::Map;

use super::NextAttempt;
use super::profile::Profile;
use super::wants::OWN_ROOM;
use crate::chat::{Shown, Text};
use crate::conflict::ReadContext;
use crate::conflict::shown::Shown as Siblings;
use crate::records::Stage;
use crate::sim::dice::{Purpose, identity};
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind, Outcome};
use crate::sim::node::{
    Action, Addr, Body, Context, IdempotencyKey, Key, Node, PaymentKey, Reply, Request,
    SessionToken, Status, Timer, Value,
};

const THINK: u8 = 1;
const TIMEOUT: u8 = 2;
const RETRY: u8 = 3;
/// Actions that wait at most; a customer who is kept waiting gives up the rest.
const QUEUE: usize = 8;

#[derive(Clone, Copy, Debug)]
struct Operation {
    op: FactId,
    intent: u64,
    action: Action,
    attempt: u8,
    region: u8,
    idempotency_key: Option<IdempotencyKey>,
    /// The attempt came to nothing and the next one has not begun.
    backing_off: bool,
    /// Some attempt was neither answered nor refused: it may take effect.
    is_open: bool,
    /// The fact that started the attempt at hand, or ended the last.
    latest: FactId,
}

/// A customer's state machine.
#[derive(Clone, Debug)]
pub struct Customer {
    pub(super) profile: Rc<Profile>,
    busy: Option<Operation>,
    waiting: VecDeque<(u64, FactId, Action)>,
    /// Operations started, for the trace.
    started: u32,
    /// The next operation of its own, its place in its script.
    place: u32,
    last_payment_key: Option<IdempotencyKey>,
    /// What it last saw in the cart.
    pub(super) cart: Value,
    /// The order that it last saw, and in which state.
    pub(super) order: (u32, Option<Stage>),
    /// What it last saw in a room.
    pub(super) room: Shown,
    /// What it asked there last.
    pub(super) asked: Option<Text>,
    /// What it carries for each service, by its place in the scenario.
    sessions: Vec<SessionToken>,
    /// The context of what it was last told of each key, where its app gives that back.
    contexts: Map<Key, Rc<ReadContext>>,
}

impl Customer {
    /// A customer who has done nothing yet.
    pub fn new(profile: Profile) -> Self {
        Self {
            profile: Rc::new(profile),
            busy: None,
            waiting: VecDeque::new(),
            started: 0,
            place: 0,
            last_payment_key: None,
            cart: Value(0),
            order: (0, None),
            room: Shown::from_value(Value(0)),
            asked: None,
            sessions: Vec::new(),
            contexts: Map::new(),
        }
    }

    fn session(&self, service: u8) -> SessionToken {
        let held = self.sessions.get(service as usize);
        held.copied().unwrap_or_default()
    }

    fn carry(&mut self, service: u8, token: SessionToken) {
        if token.is_some() {
            let place = service as usize;
            if self.sessions.len() <= place {
                self.sessions.resize(place + 1, SessionToken::NONE);
            }
            self.sessions[place] = token;
        }
    }

    fn script_identity(&self, place: u32) -> u64 {
        identity(u64::from(self.profile.me.0), u64::from(place))
    }

    fn think(&mut self, cx: &mut Context<'_>) {
        if let Some(mean_us) = self.profile.think_us {
            self.place += 1;
            let id = self.script_identity(self.place);
            let pause_us = cx.dice.exponential_us(Purpose::Think, id, mean_us);
            let timer = Timer {
                kind: THINK,
                tick: self.place,
            };
            cx.set_timer(pause_us.max(1), timer, FactId::NONE);
        }
    }

    fn ask(&mut self, cx: &mut Context<'_>, intent: u64, cause: FactId, action: Action) {
        if self.busy.is_none() {
            self.start(cx, intent, cause, action);
        } else if self.waiting.len() < QUEUE {
            self.waiting.push_back((intent, cause, action));
        }
    }

    fn start(&mut self, cx: &mut Context<'_>, intent: u64, cause: FactId, action: Action) {
        self.started += 1;
        let region = action
            .via
            .or(self.session(action.key.service()).region())
            .unwrap_or(self.profile.regions[0]);
        let op = cx.record_because(
            cause,
            FactKind::OperationStarted,
            action.kind as u8,
            HostId(u16::from(region)),
            [action.key.0, action.argument.0, self.started],
        );
        let services = self.profile.services;
        if action.kind == OpKind::ReadAll && !services.is_whole(action.key.service()) {
            // Her app knows what the service offers.
            let (failed, status) = (Outcome::Failed, Status::NOT_IMPLEMENTED);
            let subjects = [op.0, 0, u32::from(status.0)];
            let returned = FactKind::OperationReturned;
            let host = HostId(u16::from(region));
            cx.record_because(op, returned, failed as u8, host, subjects);
            return self.next(cx);
        }
        let idempotency_key = (action.kind == OpKind::Pay)
            .then(|| match action.payment_key {
                PaymentKey::Fresh => Some(IdempotencyKey(identity(intent, 1))),
                PaymentKey::Missing => None,
                PaymentKey::Previous => self
                    .last_payment_key
                    .or(Some(IdempotencyKey(identity(intent, 1)))),
            })
            .flatten();
        self.last_payment_key = idempotency_key.or(self.last_payment_key);
        let operation = Operation {
            op,
            intent,
            action,
            attempt: 0,
            region,
            idempotency_key,
            backing_off: false,
            is_open: false,
            latest: op,
        };
        self.attempt(cx, operation);
    }

    fn attempt(&mut self, cx: &mut Context<'_>, mut operation: Operation) {
        operation.attempt += 1;
        operation.backing_off = false;
        let attempt = operation.attempt;
        let host = HostId(u16::from(operation.region));
        let subjects = [operation.op.0, u32::from(attempt), 0];
        let sent = cx.record_because(
            operation.latest,
            FactKind::AttemptStarted,
            0,
            host,
            subjects,
        );
        operation.latest = sent;
        let request = Request {
            op: operation.op,
            intent: operation.intent,
            attempt,
            kind: operation.action.kind,
            key: operation.action.key,
            argument: operation.action.argument,
            idempotency_key: operation.idempotency_key,
            home: self.profile.home,
            session: self.session(operation.action.key.service()),
        };
        let to = Addr::new(host, operation.action.key.service());
        let body = match self.contexts.get(&operation.action.key) {
            Some(read) => Body::RequestAfter(Box::new((request, Rc::clone(read)))),
            None => Body::Request(request),
        };
        cx.send(to, Label::Request, body, sent, operation.op);
        let timer = Self::timer(TIMEOUT, &operation);
        cx.set_timer(self.profile.retry.timeout_us, timer, sent);
        self.busy = Some(operation);
    }

    fn timer(kind: u8, operation: &Operation) -> Timer {
        Timer {
            kind,
            tick: identity(operation.intent, u64::from(operation.attempt)) as u32,
        }
    }

    /// An attempt came to nothing: try again, or give up not knowing.
    fn again(&mut self, cx: &mut Context<'_>, mut operation: Operation) {
        let retry = self.profile.retry;
        if operation.attempt >= retry.attempts {
            let (outcome, status) = if operation.is_open {
                (Outcome::Unknown, Status(0))
            } else {
                (Outcome::Failed, Status::UNAVAILABLE)
            };
            return self.finish(cx, operation, operation.latest, outcome, status, Value(0));
        }
        if retry.next == NextAttempt::NextRegion {
            let regions = &self.profile.regions;
            let now = regions
                .iter()
                .position(|&region| region == operation.region);
            let next = now.map_or(0, |place| (place + 1) % regions.len());
            operation.region = regions[next];
        }
        let id = identity(operation.intent, u64::from(operation.attempt));
        let most_us = (retry.backoff_us << (operation.attempt - 1).min(16)).max(1);
        let wait_us = cx.dice.below(
            Purpose::Backoff,
            id,
            most_us.min(u64::from(u32::MAX)) as u32,
        );
        let timer = Self::timer(RETRY, &operation);
        cx.set_timer(u64::from(wait_us) + 1, timer, operation.latest);
        operation.backing_off = true;
        self.busy = Some(operation);
    }

    fn finish(
        &mut self,
        cx: &mut Context<'_>,
        operation: Operation,
        cause: FactId,
        outcome: Outcome,
        status: Status,
        value: Value,
    ) {
        let host = HostId(u16::from(operation.region));
        let subjects = [operation.op.0, value.0, u32::from(status.0)];
        cx.record_because(
            cause,
            FactKind::OperationReturned,
            outcome as u8,
            host,
            subjects,
        );
        if outcome == Outcome::Ok
            && operation.action.kind != OpKind::ReadAll
            && Some(operation.action.key.service()) == self.profile.services.carts
        {
            self.cart = value;
        }
        if outcome == Outcome::Ok
            && Some(operation.action.key.service()) == self.profile.services.orders
        {
            let is_several = self.profile.services.several;
            let is_several = is_several >> operation.action.key.service() & 1 == 1;
            // Of several states her app shows all; she goes by the one that comes last.
            let state = match Siblings::from_value(value) {
                Siblings::Several { greatest, .. } if is_several => Value(greatest),
                _ => value,
            };
            self.order = (operation.action.key.index(), Stage::from_value(state));
        }
        let own_room = self.profile.services.chat;
        let own_room = own_room.map(|chat| Key::new(chat, OWN_ROOM));
        if outcome == Outcome::Ok && Some(operation.action.key) == own_room {
            self.room = Shown::from_value(value);
            let said = Text::from_argument(operation.action.argument);
            if operation.action.kind == OpKind::Write && !said.is_answer {
                self.asked = Some(said);
            }
        }
        self.busy = None;
        self.next(cx);
    }

    /// What waited meanwhile comes next.
    fn next(&mut self, cx: &mut Context<'_>) {
        if let Some((intent, cause, action)) = self.waiting.pop_front() {
            self.start(cx, intent, cause, action);
        }
    }
}

impl Node for Customer {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        self.think(cx);
    }

    fn on_action(&mut self, cx: &mut Context<'_>, action: &Action) {
        self.ask(cx, cx.identity, cx.cause, *action);
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        if timer.kind == THINK {
            let id = self.script_identity(timer.tick);
            self.think(cx);
            if let Some(action) = self.choose(cx, id) {
                self.ask(cx, id, cx.cause, action);
            }
            return;
        }
        let Some(mut operation) = self.busy else {
            return;
        };
        if timer == Self::timer(RETRY, &operation) {
            self.attempt(cx, operation);
        } else if timer == Self::timer(TIMEOUT, &operation) && !operation.backing_off {
            let host = HostId(u16::from(operation.region));
            let subjects = [operation.op.0, u32::from(operation.attempt), 0];
            let latest = operation.latest;
            operation.latest =
                cx.record_because(latest, FactKind::AttemptTimedOut, 0, host, subjects);
            operation.is_open = true;
            self.again(cx, operation);
        }
    }

    fn on_reply(&mut self, cx: &mut Context<'_>, from: Addr, reply: &Reply) {
        let Some(mut operation) = self.busy else {
            return;
        };
        if reply.op != operation.op {
            return;
        }
        let outcome = match reply.status {
            status if status.is_ok() => Outcome::Ok,
            Status::CONFLICT | Status::UNAVAILABLE | Status::GATEWAY_TIMEOUT => {
                // The answer to an attempt that was given up already changes nothing.
                if reply.attempt == operation.attempt && !operation.backing_off {
                    operation.is_open |= reply.status != Status::UNAVAILABLE;
                    operation.latest = cx.cause;
                    self.again(cx, operation);
                }
                return;
            }
            // An earlier attempt may have got the last one, the last room, or the word.
            Status::SOLD_OUT | Status::FULL | Status::NOT_FOUND if operation.is_open => {
                Outcome::Unknown
            }
            _ => Outcome::Failed,
        };
        operation.region = from.host().0 as u8;
        self.carry(operation.action.key.service(), reply.session);
        self.finish(cx, operation, cx.cause, outcome, reply.status, reply.value);
    }

    fn on_reply_with(
        &mut self,
        cx: &mut Context<'_>,
        from: Addr,
        reply: &Reply,
        context: &Rc<ReadContext>,
    ) {
        if let Some(operation) = self.busy
            && reply.op == operation.op
        {
            let key = operation.action.key;
            if self.profile.services.contexts >> key.service() & 1 == 1 {
                self.contexts.insert(key, Rc::clone(context));
            }
        }
        self.on_reply(cx, from, reply);
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
