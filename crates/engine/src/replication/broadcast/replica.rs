//! One region of a chat: its log of messages, what it shows of each room, and what waits.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::inbox::{Inbox, lacks};
use super::message::{Message, Post};
use super::shelf::Shelf;
use crate::chat::{Shown, Text};
use crate::clocks::VersionVector;
use crate::replication::Setup;
use crate::replication::proxy::{self, Asked, Said};
use crate::sim::dice::Purpose;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind};
use crate::sim::node::{
    Addr, Body, Context, Key, Node, Payload, Request, SessionToken, Status, Timer, Value,
};
use crate::view::{EntryView, StateView, VersionView};

/// Messages in one repair at most.
const REPAIR_POSTS: usize = 256;
const COMPARE: u8 = 1;

/// When a message is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// As soon as it is in the log.
    AsItComes,
    /// After all that its sender had shown.
    AfterCauses,
}

/// What waits for the log.
#[derive(Clone, Debug)]
enum Pending {
    Local(Asked),
    Remote(Rc<Post>),
}

/// One region.
#[derive(Clone, Debug)]
pub(super) struct Replica {
    setup: Setup,
    order: Order,
    /// Every message that is here, by the region that sent it. Durable.
    shelves: Vec<Shelf>,
    /// How many messages of each region are shown here. Durable.
    clock: VersionVector,
    /// The messages of each room in the order in which they came to be shown. Durable.
    rooms: Map<Key, Vec<Rc<Post>>>,
    /// Those that wait. Durable.
    inbox: Inbox,
    /// How many of this region's messages each one said it has. In memory only.
    confirmed: Vec<u32>,
    /// What customers posted here, by intent, and the fact that says so. Durable.
    posted: Map<u64, FactId>,
    /// In memory only; with each the fact that brought it.
    pending: Vec<(FactId, Pending)>,
    /// How many of these are on their way into the log.
    flushing: usize,
    comparisons: u32,
}

impl Replica {
    pub(super) fn new(setup: Setup, order: Order) -> Self {
        Self {
            setup,
            order,
            shelves: vec![Shelf::default(); setup.regions as usize],
            clock: VersionVector::new(setup.regions),
            rooms: Map::new(),
            inbox: Inbox::default(),
            confirmed: vec![0; setup.regions as usize],
            posted: Map::new(),
            pending: Vec::new(),
            flushing: 0,
            comparisons: 0,
        }
    }

    fn region(&self) -> u8 {
        self.setup.me.host().0 as u8
    }

    fn peer(&self, region: u8) -> Addr {
        Addr::new(HostId(u16::from(region)), self.setup.me.service())
    }

    fn others(&self) -> impl Iterator<Item = u8> + use<> {
        let me = self.region();
        (0..self.setup.regions).filter(move |&region| region != me)
    }

    fn have(&self) -> VersionVector {
        let mut have = VersionVector::new(self.setup.regions);
        for (region, shelf) in self.shelves.iter().enumerate() {
            have.set(region as u8, shelf.contiguous());
        }
        have
    }

    /// What a read of a room returns now.
    fn shown(&self, room: Key) -> Value {
        let posts = self.rooms.get(&room).map_or(&[][..], Vec::as_slice);
        let last = posts.last().map(|post| Text::from_argument(post.text));
        let count = posts.len() as u32;
        Shown { count, last }.value()
    }

    fn enqueue(&mut self, cx: &mut Context<'_>, cause: FactId, pending: Pending) {
        self.pending.push((cause, pending));
        if self.flushing == 0 {
            self.flushing = self.pending.len();
            cx.persist();
        }
    }

    /// Serves somebody who lives here.
    fn serve(&mut self, cx: &mut Context<'_>, asked: Asked) {
        let request = &asked.request;
        if request.kind != OpKind::Read {
            return self.enqueue(cx, cx.cause, Pending::Local(asked));
        }
        let value = self.shown(request.key);
        let subjects = [request.op.0, request.key.0, value.0];
        let served = cx.record(FactKind::ReadServed, 0, asked.customer.host(), subjects);
        Self::answer(cx, &asked, value, served);
    }

    fn answer(cx: &mut Context<'_>, asked: &Asked, value: Value, cause: FactId) {
        let said = Said {
            status: Status::OK,
            value,
            chosen: None,
            session: SessionToken::NONE,
        };
        asked.answer(cx, said, cause, Message::Forwarded);
    }

    /// A customer's message became durable: name it, show it, answer, send it on.
    fn post(&mut self, cx: &mut Context<'_>, cause: FactId, asked: &Asked) {
        let me = self.region();
        let request = &asked.request;
        let customer = asked.customer.host();
        if let Some(&before) = self.posted.get(&request.intent) {
            let subjects = [request.op.0, before.0, 0];
            let again = FactKind::DuplicateSuppressed;
            let again = cx.record_because(cause, again, 0, customer, subjects);
            return Self::answer(cx, asked, self.shown(request.key), again);
        }
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let message = cx.record_because(cause, FactKind::MessagePosted, 0, customer, subjects);
        self.posted.insert(request.intent, message);
        let number = self.shelves[me as usize].contiguous() + 1;
        let mut past = VersionVector::default();
        if self.order == Order::AfterCauses {
            past = self.clock.clone();
            past.set(me, number);
        }
        let post = Rc::new(Post {
            origin: me,
            number,
            room: request.key,
            text: request.argument,
            message,
            stamp_us: cx.wall_us,
            past,
        });
        self.shelves[me as usize].insert(&post);
        self.show(cx, message, &post, false);
        Self::answer(cx, asked, self.shown(request.key), message);
        let push = Body::protocol(Message::Push(post));
        for region in self.others() {
            let to = self.peer(region);
            cx.send(to, Label::Broadcast, push.clone(), message, message);
        }
    }

    /// Another region's message became durable: show it, and what waited for it, or keep it.
    fn take_in(&mut self, cx: &mut Context<'_>, cause: FactId, post: &Rc<Post>) {
        if !self.shelves[post.origin as usize].insert(post) {
            return;
        }
        let lacking = lacks(&self.clock, post).next();
        if let Some((region, number)) = lacking {
            let subjects = [post.message.0, post.room.0, number];
            let peer = HostId(u16::from(region));
            cx.record_because(cause, FactKind::MessageBuffered, 0, peer, subjects);
            return self.inbox.put(Rc::clone(post));
        }
        let mut ready = vec![(cause, Rc::clone(post), false)];
        while let Some((cause, post, has_waited)) = ready.pop() {
            let shown = self.show(cx, cause, &post, has_waited);
            // Nothing that waits was ready before this one was shown.
            let released = self.inbox.take_ready(&self.clock);
            ready.extend(released.into_iter().map(|post| (shown, post, true)));
        }
    }

    /// Shows a message at the end of its room.
    fn show(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        post: &Rc<Post>,
        waited: bool,
    ) -> FactId {
        let before = self.shown(post.room);
        self.clock.increment(post.origin);
        self.rooms
            .get_or_insert_with(post.room, Vec::new)
            .push(Rc::clone(post));
        let origin = HostId(u16::from(post.origin));
        let subjects = [post.message.0, post.room.0, post.number];
        let waited = u8::from(waited);
        let kind = FactKind::MessageDelivered;
        let delivered = cx.record_because(cause, kind, waited, origin, subjects);
        let subjects = [post.room.0, self.shown(post.room).0, before.0];
        cx.record_because(delivered, FactKind::ValueShown, 0, origin, subjects);
        delivered
    }

    /// Sends a peer what it lacks; asks for what it has more.
    fn compare(&mut self, cx: &mut Context<'_>, region: u8, theirs: &VersionVector) {
        let mut posts = Vec::new();
        let mut lacking = 0;
        for (origin, shelf) in self.shelves.iter().enumerate() {
            let given = theirs.get(origin as u8);
            lacking += given.saturating_sub(shelf.contiguous());
            let room = REPAIR_POSTS - posts.len();
            posts.extend(shelf.after(given, room));
        }
        if lacking == 0 && posts.is_empty() {
            return;
        }
        let subjects = [lacking, posts.len() as u32, 0];
        let host = HostId(u16::from(region));
        let compared = cx.record(FactKind::ReplicasCompared, 0, host, subjects);
        let peer = self.peer(region);
        if lacking > 0 {
            let have = Body::protocol(Message::Have(self.have()));
            cx.send(peer, Label::Digest, have, compared, FactId::NONE);
        }
        if let Some(last) = posts.last() {
            let about = last.message;
            let repair = Body::protocol(Message::Repair(posts));
            cx.send(peer, Label::Repair, repair, compared, about);
        }
    }

    fn set_comparison(&mut self, cx: &mut Context<'_>, after_us: u64) {
        self.comparisons += 1;
        let timer = Timer {
            kind: COMPARE,
            tick: self.comparisons,
        };
        cx.set_timer(after_us, timer, FactId::NONE);
    }
}

impl Node for Replica {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        if self.setup.regions > 1 {
            let every_us = self.setup.compare_every_us;
            let phase_us = cx.dice.below(Purpose::Phase, cx.identity, every_us as u32);
            self.set_comparison(cx, u64::from(phase_us) + 1);
        }
    }

    fn on_request(&mut self, cx: &mut Context<'_>, from: Addr, request: &Request) {
        if request.home == self.region() || request.home >= self.setup.regions {
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
        proxy::forward(cx, request.home, request, message);
    }

    fn on_message(&mut self, cx: &mut Context<'_>, from: Addr, message: &dyn Payload) {
        let cause = cx.cause;
        match message.as_any().downcast_ref::<Message>() {
            Some(Message::Push(post)) => {
                self.enqueue(cx, cause, Pending::Remote(Rc::clone(post)));
            }
            Some(Message::Repair(posts)) => {
                for post in posts {
                    self.enqueue(cx, cause, Pending::Remote(Rc::clone(post)));
                }
            }
            Some(Message::Have(have)) => {
                let region = from.host().0 as u8;
                let confirmed = &mut self.confirmed[region as usize];
                *confirmed = have.get(self.setup.region()).max(*confirmed);
                self.compare(cx, region, have);
            }
            Some(&Message::Forward { request, customer }) => {
                let asked = Asked {
                    request,
                    customer,
                    through: Some(from),
                };
                self.serve(cx, asked);
            }
            Some(Message::Forwarded(answer)) => answer.tell(cx, cause),
            None => {}
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, _timer: Timer) {
        let others: Vec<u8> = self.others().collect();
        let region = others[self.comparisons as usize % others.len()];
        let have = Body::protocol(Message::Have(self.have()));
        let to = self.peer(region);
        cx.send(to, Label::Digest, have, FactId::NONE, FactId::NONE);
        self.set_comparison(cx, self.setup.compare_every_us);
    }

    fn on_durable(&mut self, cx: &mut Context<'_>) {
        let mut waiting = std::mem::take(&mut self.pending);
        for (cause, pending) in waiting.drain(..self.flushing) {
            match pending {
                Pending::Local(asked) => self.post(cx, cause, &asked),
                Pending::Remote(post) => self.take_in(cx, cause, &post),
            }
        }
        self.pending = waiting;
        self.flushing = self.pending.len();
        if self.flushing > 0 {
            cx.persist();
        }
    }

    fn on_crash(&mut self, cx: &mut Context<'_>) {
        self.flushing = 0;
        self.confirmed.fill(0);
        for (cause, pending) in self.pending.drain(..) {
            if let Pending::Local(asked) = pending {
                let subjects = [asked.request.op.0, asked.request.key.0, cause.0];
                cx.record(FactKind::UnflushedLost, 0, asked.customer.host(), subjects);
            }
        }
    }

    fn view(&self, entries: &mut Vec<EntryView>) {
        for (&key, posts) in self.rooms.iter() {
            let mut vector = VersionVector::new(self.setup.regions);
            let versions = posts.iter().map(|post| {
                vector.increment(post.origin);
                VersionView {
                    write: post.message,
                    value: post.text,
                    origin: post.origin,
                    sequence: post.number,
                    stamp_us: post.stamp_us,
                    count: 0,
                }
            });
            entries.push(EntryView {
                key,
                value: self.shown(key),
                versions: versions.collect(),
                vector,
                payment: None,
            });
        }
    }

    fn state(&self, state: &mut Vec<StateView>) {
        if self.order == Order::AfterCauses {
            state.push(StateView::Clock {
                counts: self.clock.clone(),
            });
        }
        state.extend(self.inbox.posts().iter().map(|post| StateView::Held {
            message: post.message,
            room: post.room,
            text: post.text,
            past: post.past.clone(),
            needs: lacks(&self.clock, post).collect(),
        }));
        let own = &self.shelves[self.region() as usize];
        for region in self.others() {
            let has = self.confirmed[region as usize];
            let first = own.after(has, 1);
            state.extend(first.first().map(|post| StateView::Unconfirmed {
                region,
                count: own.contiguous() - has,
                oldest: post.message,
            }));
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}
