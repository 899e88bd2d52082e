//! The session guarantees for each customer, and causal consistency, while a run plays.
//!
//! # What they say
//! All oblige a read to reflect certain writes of its key, and are broken by one that
//! returns what was there at first, or something in the past of such a write (Terry et
//! al. 1994, in the terms of Burckhardt 2014). Causal obliges it to every write in the
//! past of its session. Read your writes: to those of the session. Monotonic reads: to
//! those that the session has read. Monotonic writes: to those that a session wrote
//! before something that this one has seen. Writes follow reads: to those that a
//! session had read before it wrote something that this one has seen. As
//! [`crate::transactions`] has them.
//!
//! A read that breaks one of them shows nothing that is not in the past of its session
//! already, so the pasts stay right, and every other customer can still be judged. Of
//! each customer and guarantee the first fault is kept, of causal consistency the first.
//!
//! # Cost
//! That of [`Past`]. A read of what no later write has replaced costs a look-up or two;
//! another one as much as its key has chains; and only if that one breaks causal
//! consistency, which all guarantees are part of, each of these is looked at.

use splitbrain_sorted::{Map, sort_short};

use super::past::Past;
use crate::observation::{KeyRef, OpRef, Session};
use crate::properties::PropertyId;

/// The guarantees, causal consistency first: it is broken whenever one of the others is.
pub(super) const MODELS: [PropertyId; 5] = [
    PropertyId::Causal,
    PropertyId::ReadYourWrites,
    PropertyId::MonotonicReads,
    PropertyId::MonotonicWrites,
    PropertyId::WritesFollowReads,
];

/// A read broke a guarantee.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) model: PropertyId,
    pub(super) session: Session,
    pub(super) read: OpRef,
    /// The write that it had to reflect; none where it returned what never was.
    pub(super) newer: Option<OpRef>,
    /// What else has part in it: what it returned, and by what the newer one was known.
    pub(super) parts: Vec<OpRef>,
}

/// How far a session was shown the work of another one.
#[derive(Debug, Clone, Copy)]
struct Shown {
    /// That many operations of the other session came before what was seen.
    before: u32,
    write: OpRef,
    read: OpRef,
}

/// A write that a session read, and by which read first.
type Read = (OpRef, OpRef);

/// What one session read of one key: the newest writes, as they changed.
#[derive(Debug, Clone, Default)]
struct Versions {
    /// In operations of the session, when; and where in the list these begin.
    begins: Vec<(u32, u32)>,
    list: Vec<Read>,
}

impl Versions {
    /// The newest writes that were read by the first so many operations.
    fn within(&self, count: u32) -> &[Read] {
        let after = self.begins.partition_point(|it| it.0 < count);
        let Some((_, begin)) = self.begins[..after].last() else {
            return &[];
        };
        let end = self.begins.get(after);
        let end = end.map_or(self.list.len(), |it| it.1 as usize);
        &self.list[*begin as usize..end]
    }

    fn newest(&self) -> &[Read] {
        let begin = self.begins.last().map_or(0, |it| it.1 as usize);
        &self.list[begin..]
    }

    fn add(&mut self, past: &Past, index: u32, read: Read) {
        let newest = self.newest();
        let covers = |it: &Read| it.0 == read.0 || past.is_before(read.0, it.0);
        if newest.iter().any(covers) {
            return;
        }
        let kept = newest.iter().filter(|it| !past.is_before(it.0, read.0));
        let kept: Vec<Read> = kept.copied().chain([read]).collect();
        self.begins.push((index, self.list.len() as u32));
        self.list.extend(kept);
    }
}

/// What was told so far, judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Guarantees {
    past: Past,
    /// The writes of each session to each key, with how many operations came before.
    wrote: Map<(KeyRef, Session), Vec<(u32, OpRef)>>,
    read: Map<(KeyRef, Session), Versions>,
    /// By the session that saw, and the one that wrote.
    shown: Map<(Session, Session), Shown>,
    broken: Map<(PropertyId, Session), ()>,
    /// Whether causal consistency is broken, by whomever.
    is_acausal: bool,
    /// Not told yet.
    faults: Vec<Fault>,
}

impl Guarantees {
    /// A session calls a write.
    pub(super) fn call_write(&mut self, op: OpRef, session: Session, key: KeyRef) {
        if !self.past.is_full() && self.past.write(op).is_none() {
            self.past.begin(op, session, key);
        }
    }

    /// A session was told that its write is done.
    pub(super) fn return_write(&mut self, op: OpRef) {
        if self.past.commit(op)
            && let Some(write) = self.past.write(op)
        {
            let of = (write.key, write.session);
            let wrote = self.wrote.get_or_insert_with(of, Vec::new);
            wrote.push((write.index, op));
        }
    }

    /// A session was told that its write did not take place, and never will.
    pub(super) fn fail_write(&mut self, op: OpRef) {
        let shown = self.past.fail(op).into_iter().flat_map(|shown| {
            let shown = shown.iter().map(|(&session, &read)| (read, session));
            shown.collect::<Vec<_>>()
        });
        let mut shown: Vec<(OpRef, Session)> = shown.collect();
        sort_short(&mut shown, |one, other| one < other);
        for (read, session) in shown {
            self.fail(session, read, Some(op));
        }
    }

    /// A session's read returned what this operation had written; none: what was there
    /// at first.
    pub(super) fn return_read(
        &mut self,
        op: OpRef,
        session: Session,
        key: KeyRef,
        source: Option<OpRef>,
    ) {
        if self.past.is_full() {
            return;
        }
        self.past.give_up(session);
        if let Some(of) = source {
            match self.past.write(of) {
                Some(write) if write.key == key && !write.has_failed => {}
                _ => return self.fail(session, op, source),
            }
        }
        let index = self.past.read(op, session, source);
        if let Some(write) = source.and_then(|of| self.past.write(of)) {
            let shown = Shown {
                before: write.index,
                write: source.unwrap_or(op),
                read: op,
            };
            let held = self
                .shown
                .get_or_insert_with((session, write.session), || shown);
            if held.before < shown.before {
                *held = shown;
            }
        }
        if self.past.may_be_old(key, source)
            && let Some(newer) = self.past.newer(key, session, source)
        {
            self.judge(op, session, key, source, newer);
        }
        if let Some(source) = source {
            let versions = self
                .read
                .get_or_insert_with((key, session), Versions::default);
            versions.add(&self.past, index, (source, op));
        }
    }

    /// What was broken since this was asked.
    pub(super) fn take_faults(&mut self) -> Vec<Fault> {
        std::mem::take(&mut self.faults)
    }

    /// Looks at each guarantee that may be broken by a read that broke causality.
    fn judge(
        &mut self,
        read: OpRef,
        session: Session,
        key: KeyRef,
        source: Option<OpRef>,
        newer: OpRef,
    ) {
        for model in MODELS {
            if self.is_told(model, session) {
                continue;
            }
            let found = match model {
                PropertyId::Causal => Some((newer, Vec::new())),
                PropertyId::ReadYourWrites => self.own(session, key, source),
                PropertyId::MonotonicReads => self.seen(session, key, source),
                PropertyId::MonotonicWrites => self.swapped(session, key, source),
                _ => self.followed(session, key, source),
            };
            if let Some((newer, mut parts)) = found {
                parts.extend(source);
                self.tell(Fault {
                    model,
                    session,
                    read,
                    newer: Some(newer),
                    parts,
                });
            }
        }
    }

    fn own(
        &self,
        session: Session,
        key: KeyRef,
        source: Option<OpRef>,
    ) -> Option<(OpRef, Vec<OpRef>)> {
        let (_, newer) = *self.wrote.get(&(key, session))?.last()?;
        let is_older = self.past.is_older(source, newer);
        is_older.then(|| (newer, Vec::new()))
    }

    fn seen(
        &self,
        session: Session,
        key: KeyRef,
        source: Option<OpRef>,
    ) -> Option<(OpRef, Vec<OpRef>)> {
        let newest = self.read.get(&(key, session))?.newest().iter();
        let mut missed = newest.filter(|it| self.past.is_older(source, it.0));
        missed.next().map(|&(newer, read)| (newer, vec![read]))
    }

    fn swapped(
        &self,
        session: Session,
        key: KeyRef,
        source: Option<OpRef>,
    ) -> Option<(OpRef, Vec<OpRef>)> {
        let first = (key, Session(0));
        let sessions = self.wrote.range_from(&first);
        let mut sessions = sessions.take_while(|((of, _), _)| *of == key);
        sessions.find_map(|(&(_, writer), writes)| {
            let shown = self.shown.get(&(session, writer))?;
            let count = writes.partition_point(|it| it.0 < shown.before);
            let (_, newer) = *writes[..count].last()?;
            let is_older = self.past.is_older(source, newer);
            is_older.then(|| (newer, vec![shown.write, shown.read]))
        })
    }

    fn followed(
        &self,
        session: Session,
        key: KeyRef,
        source: Option<OpRef>,
    ) -> Option<(OpRef, Vec<OpRef>)> {
        let first = (key, Session(0));
        let sessions = self.read.range_from(&first);
        let mut sessions = sessions.take_while(|((of, _), _)| *of == key);
        sessions.find_map(|(&(_, writer), versions)| {
            let shown = self.shown.get(&(session, writer))?;
            let mut missed = versions.within(shown.before).iter();
            let missed = missed.find(|it| self.past.is_older(source, it.0));
            missed.map(|&(newer, read)| (newer, vec![read, shown.write, shown.read]))
        })
    }

    /// A read returned what nobody wrote, or what was told not to have taken place: no
    /// model allows that.
    fn fail(&mut self, session: Session, read: OpRef, source: Option<OpRef>) {
        for model in MODELS {
            if !self.is_told(model, session) {
                self.tell(Fault {
                    model,
                    session,
                    read,
                    newer: None,
                    parts: source.into_iter().collect(),
                });
            }
        }
    }

    fn is_told(&self, model: PropertyId, session: Session) -> bool {
        match model {
            PropertyId::Causal => self.is_acausal,
            _ => self.broken.contains_key(&(model, session)),
        }
    }

    fn tell(&mut self, fault: Fault) {
        match fault.model {
            PropertyId::Causal => self.is_acausal = true,
            model => self.broken.insert((model, fault.session), ()),
        }
        self.faults.push(fault);
    }
}
