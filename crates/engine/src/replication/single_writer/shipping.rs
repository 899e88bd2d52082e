//! Shipping the log: what the writer appends goes to those who follow, and its customers
//! hear of it when enough of them have it.

use super::message::{Message, Segment};
use super::replica::{Peer, Replica, Role, Waiting};
use super::settings::Failover;
use crate::replication::log::Entry;
use crate::replication::proxy::Asked;
use crate::session::token::Position;
use crate::sim::fact::{FactId, FactKind, Label};
use crate::sim::node::{Body, Context, Status};

/// Entries in one message at most.
const BATCH: usize = 128;

impl Replica {
    /// Sends a follower what stands in the log from a place on.
    pub(super) fn append_to(
        &mut self,
        cx: &mut Context<'_>,
        region: u8,
        place: u32,
        cause: FactId,
        about: FactId,
    ) {
        let entries = self.log.from(place, BATCH);
        self.peers[region as usize].sent = place + entries.len() as u32;
        let label = if entries.is_empty() {
            Label::Digest
        } else {
            Label::Replicate
        };
        let append = Body::protocol(Message::Append(Segment {
            epoch: self.epoch,
            place,
            epoch_before: self.log.epoch_before(place),
            entries,
        }));
        cx.send(self.peer(region), label, append, cause, about);
    }

    /// A customer's write is in the log: name it, apply it, send it on.
    pub(super) fn own_durable(&mut self, cx: &mut Context<'_>, cause: FactId, asked: Asked) {
        if self.role != Role::Writer {
            return Self::refuse(cx, &asked, cause);
        }
        let request = &asked.request;
        let subjects = [request.op.0, request.key.0, request.argument.0];
        let (kind, customer) = (request.kind as u8, asked.customer.host());
        let accepted = FactKind::WriteAccepted;
        let write = cx.record_because(cause, accepted, kind, customer, subjects);
        let entry = Entry {
            epoch: self.epoch,
            key: request.key,
            kind: request.kind,
            argument: request.argument,
            write,
            origin: self.region(),
            stamp_us: cx.wall_us,
        };
        let place = self.log.push(entry);
        let value = self.values.apply(cx, write, &entry, self.setup.initial);
        self.waiting.push(Waiting {
            place,
            value,
            cause: write,
            asked,
        });
        let others: Vec<u8> = self.others().collect();
        for region in others {
            let sent = self.peers[region as usize].sent.min(place);
            self.append_to(cx, region, sent, write, write);
        }
        self.confirm(cx);
    }

    /// Answers whoever's write enough followers have.
    pub(super) fn confirm(&mut self, cx: &mut Context<'_>) {
        let needed = usize::from(self.settings.confirmations);
        let here = self.region();
        let mut waiting = std::mem::take(&mut self.waiting);
        waiting.retain(|it| {
            let others = self.peers.iter().enumerate();
            let has_it = |(region, peer): &(usize, &Peer)| {
                *region != usize::from(here) && peer.matched > it.place
            };
            let is_done = others.filter(has_it).count() >= needed;
            if is_done {
                let because = if needed == 0 { it.cause } else { cx.cause };
                let epoch = self.log.epoch_before(it.place + 1);
                let now = Position {
                    epoch,
                    len: it.place + 1,
                    lost_epoch: 0,
                };
                let token = self.token(&it.asked.request, now);
                Self::answer(cx, &it.asked, Status::OK, it.value, None, token, because);
            }
            !is_done
        });
        self.waiting = waiting;
    }

    /// Entries of the writer's are in the log, if they fit what is there.
    pub(super) fn append_durable(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        from: u8,
        segment: &Segment,
    ) {
        let &Segment {
            epoch,
            place,
            epoch_before,
            ref entries,
        } = segment;
        let is_fenced = self.settings.failover != Failover::Unfenced;
        if self.role == Role::Writer || (is_fenced && epoch < self.epoch) {
            return;
        }
        if !self.log.agrees(place, epoch_before) {
            return self.lacks(cx, cause, from, epoch, place);
        }
        if let Some(conflict) = self.log.conflict(place, entries) {
            if self.hand_in(cx, cause, from, epoch, conflict) {
                return;
            }
            let taken = self.log.truncate(conflict);
            let initial = self.setup.initial;
            self.values.roll_back(cx, cause, &taken, &self.log, initial);
        }
        let known = self.log.len() - place;
        for entry in entries.iter().skip(known as usize) {
            self.log.push(*entry);
            self.values.apply(cx, cause, entry, self.setup.initial);
        }
        self.release(cx, cause);
        let len = place + entries.len() as u32;
        let ack = Body::protocol(Message::Ack { epoch, len });
        let about = entries.last().map_or(FactId::NONE, |entry| entry.write);
        cx.send(self.peer(from), Label::LogAck, ack, cause, about);
    }

    pub(super) fn lacks(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        from: u8,
        epoch: u32,
        place: u32,
    ) {
        let len = self.log.back_off(place);
        let lacks = Body::protocol(Message::Lacks { epoch, len });
        cx.send(self.peer(from), Label::LogAck, lacks, cause, FactId::NONE);
    }

    /// A follower said how far its log is the writer's.
    pub(super) fn told(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        epoch: u32,
        len: u32,
        agrees: bool,
    ) {
        if self.role != Role::Writer || epoch != self.epoch {
            return;
        }
        let peer = &mut self.peers[from as usize];
        peer.heard_us = cx.monotonic_us;
        if agrees {
            peer.matched = peer.matched.max(len);
            if peer.matched < self.log.len() && peer.sent < self.log.len() {
                let (sent, cause) = (peer.sent.max(peer.matched), cx.cause);
                self.append_to(cx, from, sent, cause, FactId::NONE);
            }
            self.confirm(cx);
        } else {
            let cause = cx.cause;
            self.append_to(cx, from, len, cause, FactId::NONE);
        }
    }
}
