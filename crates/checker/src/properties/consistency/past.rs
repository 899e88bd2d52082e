//! Which writes are in whose past, as it grows: session order, read-from, and their
//! chains, in vector clocks (Fidge 1988, Mattern 1989).
//!
//! Writes stand in chains, each in causal order, and a clock says of each chain how many
//! of its writes are in the past. A write gets its place when its outcome is known or
//! somebody has seen it, whichever comes first. A session has one chain; a write of
//! unknown outcome that somebody saw ends it, for what the session writes next is not
//! after that.
//!
//! # Cost
//! For k sessions that write, a number or so per chain for each write and each session;
//! [`MAX_CLOCK_ENTRIES`] at most, and nothing is taken in beyond that.

use std::rc::Rc;

use splitbrain_sorted::Map;

use crate::observation::{KeyRef, OpRef, Session};
use crate::transactions::MAX_CLOCK_ENTRIES;

/// Where a write stands: its chain, and how many come before it there.
pub(super) type Place = (u32, u32);

/// A write that was called.
#[derive(Debug, Clone)]
pub(super) struct Write {
    pub(super) session: Session,
    pub(super) key: KeyRef,
    /// How many operations of its session had returned before it was called.
    pub(super) index: u32,
    /// What was in the past of its session when it was called.
    clock: Rc<[u32]>,
    place: Option<Place>,
    /// A later write of its key has it in its past.
    pub(super) is_replaced: bool,
    pub(super) has_failed: bool,
    /// Whom it was shown to before its outcome was known, with the first such read.
    pub(super) shown_early: Option<Map<Session, OpRef>>,
}

#[derive(Debug, Clone, Default)]
struct Own {
    clock: Rc<[u32]>,
    chain: Option<u32>,
    pending: Option<OpRef>,
    /// Operations that have returned.
    returned: u32,
}

/// The pasts of everybody so far.
#[derive(Debug, Clone, Default)]
pub(super) struct Past {
    sessions: Map<Session, Own>,
    writes: Map<OpRef, Write>,
    /// How many writes each chain has.
    chains: Vec<u32>,
    /// Of each key, the writes that no later one has in its past; without those of
    /// unknown outcome that nobody has seen.
    heads: Map<KeyRef, Vec<OpRef>>,
    /// Of each key and chain, the writes in their order.
    placed: Map<(KeyRef, u32), Vec<(u32, OpRef)>>,
    entries: usize,
}

impl Past {
    /// Whether the clocks have no more room.
    pub(super) fn is_full(&self) -> bool {
        self.entries > MAX_CLOCK_ENTRIES
    }

    pub(super) fn write(&self, op: OpRef) -> Option<&Write> {
        self.writes.get(&op)
    }

    /// A session calls a write, after all that it did and saw. If it waits for another
    /// one, it has given up on that.
    pub(super) fn begin(&mut self, op: OpRef, session: Session, key: KeyRef) {
        self.give_up(session);
        let own = self.sessions.get_or_insert_with(session, Own::default);
        own.pending = Some(op);
        let (index, clock) = (own.returned, own.clock.clone());
        let write = Write {
            session,
            key,
            index,
            clock,
            place: None,
            is_replaced: false,
            has_failed: false,
            shown_early: Some(Map::new()),
        };
        let heads = self.heads.get_or_insert_with(key, Vec::new);
        let writes = &mut self.writes;
        heads.retain(|head| {
            let Some(head) = writes.get_mut(head) else {
                return false;
            };
            head.is_replaced = is_in(head.place, &write.clock);
            !head.is_replaced
        });
        heads.push(op);
        self.writes.insert(op, write);
    }

    /// A session was told that its write is done: it is before everything that the
    /// session does from here on. False where the session does not wait for it.
    pub(super) fn commit(&mut self, op: OpRef) -> bool {
        let Some(session) = self.waiting(op) else {
            return false;
        };
        self.fix(op);
        let place = self.writes.get_mut(&op).and_then(|write| {
            write.shown_early = None;
            write.place
        });
        if let (Some((chain, before)), Some(own)) = (place, self.sessions.get_mut(&session)) {
            own.pending = None;
            own.returned += 1;
            self.entries += raise(&mut own.clock, &[], Some((chain, before)));
        }
        true
    }

    /// A session was told that its write did not take place. Whom it was shown to all
    /// the same; none where the session does not wait for it.
    pub(super) fn fail(&mut self, op: OpRef) -> Option<Map<Session, OpRef>> {
        let session = self.waiting(op)?;
        self.give_up(session);
        let write = self.writes.get_mut(&op)?;
        write.has_failed = true;
        write.shown_early.take()
    }

    /// The session goes on without having been told what became of its write.
    pub(super) fn give_up(&mut self, session: Session) {
        let Some(own) = self.sessions.get_mut(&session) else {
            return;
        };
        let Some(op) = own.pending.take() else {
            return;
        };
        let Some(write) = self.writes.get(&op) else {
            return;
        };
        if write.place.is_some() {
            own.chain = None;
        } else if let Some(heads) = self.heads.get_mut(&write.key) {
            // Nobody can write after it before somebody has seen it.
            heads.retain(|head| *head != op);
        }
    }

    /// A session's read returned this write. How many of its operations had returned.
    pub(super) fn read(&mut self, op: OpRef, session: Session, source: Option<OpRef>) -> u32 {
        if let Some(source) = source {
            self.fix(source);
        }
        let own = self.sessions.get_or_insert_with(session, Own::default);
        let index = own.returned;
        own.returned += 1;
        if let Some(write) = source.and_then(|source| self.writes.get_mut(&source)) {
            if let Some(shown) = &mut write.shown_early {
                shown.get_or_insert_with(session, || op);
            }
            if !is_in(write.place, &own.clock) {
                self.entries += raise(&mut own.clock, &write.clock, write.place);
            }
        }
        index
    }

    /// Whether a write is in the past of another.
    pub(super) fn is_before(&self, one: OpRef, other: OpRef) -> bool {
        let (one, other) = (self.writes.get(&one), self.writes.get(&other));
        let both = one.zip(other);
        both.is_some_and(|(one, other)| is_in(one.place, &other.clock))
    }

    /// Whether some write may be newer than what a read of this key returned: than this
    /// write, or than what was there at first. Quick, and mostly no.
    pub(super) fn may_be_old(&self, key: KeyRef, source: Option<OpRef>) -> bool {
        match source {
            None => self.heads.contains_key(&key),
            Some(source) => self.writes.get(&source).is_some_and(|it| it.is_replaced),
        }
    }

    /// A write that is newer than what a read returned, and in the past of its session.
    pub(super) fn newer(
        &self,
        key: KeyRef,
        session: Session,
        source: Option<OpRef>,
    ) -> Option<OpRef> {
        let clock = &self.sessions.get(&session)?.clock;
        let first = (key, 0);
        let chains = self.placed.range_from(&first);
        let chains = chains.take_while(|((of, _), _)| *of == key);
        chains
            .filter_map(|(&(_, chain), writes)| {
                let known = clock.get(chain as usize).copied().unwrap_or(0);
                let count = writes.partition_point(|it| it.0 < known);
                Some(writes[..count].last()?.1)
            })
            .find(|&newer| self.is_older(source, newer))
    }

    /// Whether what a read returned is older than a write.
    pub(super) fn is_older(&self, source: Option<OpRef>, newer: OpRef) -> bool {
        source.is_none_or(|source| self.is_before(source, newer))
    }

    /// The session that waits for a write.
    fn waiting(&self, op: OpRef) -> Option<Session> {
        let session = self.writes.get(&op)?.session;
        let own = self.sessions.get(&session)?;
        (own.pending == Some(op)).then_some(session)
    }

    /// Gives a write its place, if it has none: in the chain of its session while that
    /// waits for it, and by itself afterwards.
    fn fix(&mut self, op: OpRef) {
        let Some(write) = self.writes.get_mut(&op) else {
            return;
        };
        if write.place.is_some() {
            return;
        }
        let own = self.sessions.get_mut(&write.session);
        let own = own.filter(|own| own.pending == Some(op));
        if own.is_none() {
            let heads = self.heads.get_or_insert_with(write.key, Vec::new);
            heads.push(op);
        }
        let mut begin = || {
            self.chains.push(0);
            self.chains.len() as u32 - 1
        };
        let chain = match own {
            Some(own) => *own.chain.get_or_insert_with(begin),
            None => begin(),
        };
        let before = self.chains[chain as usize];
        self.chains[chain as usize] += 1;
        write.place = Some((chain, before));
        let placed = self.placed.get_or_insert_with((write.key, chain), Vec::new);
        placed.push((before, op));
    }
}

/// Whether a place is in the past that a clock tells.
fn is_in(place: Option<Place>, clock: &[u32]) -> bool {
    place.is_some_and(|(chain, before)| clock.get(chain as usize).is_some_and(|it| *it > before))
}

/// Joins a clock and a place into another clock; how many entries that takes.
fn raise(clock: &mut Rc<[u32]>, other: &[u32], place: Option<Place>) -> usize {
    let end = place.map_or(0, |(chain, _)| chain as usize + 1);
    let len = clock.len().max(other.len()).max(end);
    let mut joined = vec![0; len];
    joined[..clock.len()].copy_from_slice(clock);
    for (mine, theirs) in joined.iter_mut().zip(other) {
        *mine = (*mine).max(*theirs);
    }
    if let Some((chain, before)) = place {
        let mine = &mut joined[chain as usize];
        *mine = (*mine).max(before + 1);
    }
    *clock = joined.into();
    len
}
