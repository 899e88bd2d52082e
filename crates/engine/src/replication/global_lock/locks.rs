//! The locks of a service, one a key, as the region keeps them that gives them.
//!
//! Holder and token are in its log before anybody hears of them. What is not: how long a
//! lock still lasts, that it was released, and who waits. So a region that comes back
//! from a crash lets every lock that it ever gave last once more in full.

use std::collections::VecDeque;

use splitbrain_sorted::Map;

use super::LOCK_US;
use super::message::Message;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, Key, Timer};
use crate::view::StateView;

/// The timer of a lock that runs out.
pub(super) const EXPIRE: u8 = 1;

/// Who wants a lock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asker {
    pub(super) region: u8,
    /// That region's own number for what it wants to write.
    pub(super) ticket: u32,
    /// The operation that it is for.
    pub(super) op: FactId,
    /// The message that asked, or the fact that it has to wait.
    pub(super) cause: FactId,
}

impl Asker {
    fn is(&self, region: u8, ticket: u32) -> bool {
        (self.region, self.ticket) == (region, ticket)
    }

    fn host(&self) -> HostId {
        HostId(u16::from(self.region))
    }
}

#[derive(Clone, Debug, Default)]
struct Lock {
    /// The highest token given. Durable.
    token: u32,
    /// To whom. Durable.
    holder: Option<Asker>,
    /// Whether it is held still. In memory only, as all that follows.
    is_held: bool,
    /// Until when, by this region's monotonic clock.
    until_us: u64,
    /// The timer that ends it.
    tick: u32,
    granted: Option<FactId>,
    /// Who is going to have it when that is in the log, and the fact that freed it.
    granting: Option<(Asker, FactId)>,
    waiting: VecDeque<Asker>,
}

impl Lock {
    /// Hands it to the next in the queue; true if that has to be logged first.
    fn pass_on(&mut self, freed: FactId) -> bool {
        self.is_held = false;
        self.granting = self.waiting.pop_front().map(|next| (next, freed));
        self.granting.is_some()
    }
}

/// All of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Locks {
    locks: Map<Key, Lock>,
    ticks: u32,
}

impl Locks {
    /// Somebody asks for a lock; true if what comes of it has to be logged first.
    pub(super) fn ask(&mut self, cx: &mut Context<'_>, key: Key, mut asker: Asker) -> bool {
        let lock = self.locks.get_or_insert_with(key, Lock::default);
        let (region, ticket) = (asker.region, asker.ticket);
        let is_same = |held: &Asker| held.is(region, ticket);
        if lock.is_held && lock.holder.as_ref().is_some_and(is_same) {
            // It has not heard.
            let (token, granted) = (lock.token, lock.granted.unwrap_or(cx.cause));
            Self::tell(cx, key, asker, token, granted);
            return false;
        }
        let is_next = lock
            .granting
            .as_ref()
            .is_some_and(|(next, _)| is_same(next));
        if is_next || lock.waiting.iter().any(is_same) {
            return false;
        }
        if lock.is_held || lock.granting.is_some() {
            let subjects = [asker.op.0, key.0, lock.token];
            asker.cause = cx.record(FactKind::LockWaited, 0, asker.host(), subjects);
            lock.waiting.push_back(asker);
            return false;
        }
        lock.granting = Some((asker, FactId::NONE));
        true
    }

    /// The next holder of a key's lock is in the log.
    pub(super) fn logged(&mut self, cx: &mut Context<'_>, key: Key) {
        self.ticks += 1;
        let Some(lock) = self.locks.get_mut(&key) else {
            return;
        };
        let Some((asker, freed)) = lock.granting.take() else {
            return;
        };
        lock.token += 1;
        lock.holder = Some(asker);
        let subjects = [lock.token, key.0, freed.0];
        let kind = FactKind::LockGranted;
        let granted = cx.record_because(asker.cause, kind, 0, asker.host(), subjects);
        lock.granted = Some(granted);
        let token = lock.token;
        Self::hold(cx, lock, self.ticks);
        Self::tell(cx, key, asker, token, granted);
    }

    /// A ticket needs the lock no more; true if the next in the queue has to be logged.
    pub(super) fn release(
        &mut self,
        cx: &mut Context<'_>,
        key: Key,
        region: u8,
        ticket: u32,
    ) -> bool {
        let Some(lock) = self.locks.get_mut(&key) else {
            return false;
        };
        lock.waiting.retain(|held| !held.is(region, ticket));
        let holder = lock.holder.filter(|held| held.is(region, ticket));
        let Some(holder) = holder.filter(|_| lock.is_held) else {
            return false;
        };
        let subjects = [lock.token, key.0, 0];
        let released = cx.record(FactKind::LockReleased, 0, holder.host(), subjects);
        lock.pass_on(released)
    }

    /// A timer fires: the key whose lock has run out, if the next in its queue has to be
    /// logged.
    pub(super) fn expire(&mut self, cx: &mut Context<'_>, tick: u32) -> Option<Key> {
        let is_it = |lock: &Lock| lock.is_held && lock.tick == tick;
        let found = |(&key, lock): (&Key, &Lock)| is_it(lock).then_some(key);
        let key = self.locks.iter().find_map(found)?;
        let lock = self.locks.get_mut(&key)?;
        let holder = lock.holder?;
        let because = lock.granted.unwrap_or(cx.cause);
        let subjects = [lock.token, key.0, 0];
        let kind = FactKind::LockExpired;
        let expired = cx.record_because(because, kind, 0, holder.host(), subjects);
        lock.pass_on(expired).then_some(key)
    }

    /// It starts, at the beginning or after a crash.
    pub(super) fn start(&mut self, cx: &mut Context<'_>) {
        for lock in self.locks.values_mut().filter(|lock| lock.holder.is_some()) {
            self.ticks += 1;
            Self::hold(cx, lock, self.ticks);
        }
    }

    /// Forgets what is not in the log.
    pub(super) fn crash(&mut self) {
        for lock in self.locks.values_mut() {
            lock.is_held = false;
            lock.granting = None;
            lock.waiting.clear();
        }
    }

    fn hold(cx: &mut Context<'_>, lock: &mut Lock, tick: u32) {
        lock.is_held = true;
        lock.until_us = cx.monotonic_us + LOCK_US;
        lock.tick = tick;
        let timer = Timer { kind: EXPIRE, tick };
        cx.set_timer(LOCK_US, timer, lock.granted.unwrap_or(FactId::NONE));
    }

    fn tell(cx: &mut Context<'_>, key: Key, asker: Asker, token: u32, cause: FactId) {
        let to = Addr::new(asker.host(), cx.me.service());
        let ticket = asker.ticket;
        let body = Body::protocol(Message::Granted { key, ticket, token });
        cx.send(to, Label::LeaseAnswer, body, cause, asker.op);
    }

    /// Those that are held, for panels.
    pub(super) fn state(&self, state: &mut Vec<StateView>) {
        for (&key, lock) in self.locks.iter().filter(|(_, lock)| lock.is_held) {
            if let Some(holder) = lock.holder {
                state.push(StateView::Lease {
                    key: Some(key),
                    holder: holder.region,
                    token: lock.token,
                    until_us: lock.until_us,
                    waiting: lock.waiting.iter().map(|asker| asker.region).collect(),
                });
            }
        }
    }
}
