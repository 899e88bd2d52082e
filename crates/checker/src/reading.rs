//! Which write a read returned.
//!
//! A replica that serves a read shows the newest of the writes that it reflects. So
//! what a read returned follows from which writes each replica reflects, from where
//! the read was served, and from who answered; values are not compared, for two
//! customers may write the same one. Where an operation was served several times by
//! the replica that answered, the value that the customer got tells the answers
//! apart; where it does not, nobody can say, and no property is judged by that read.
//!
//! This is for keys that hold one value, those that are written by
//! [`WriteKind::Write`]. A key that items are put into or taken out of, that is written in
//! parts, or that counts, is left out from its first such write on.
//!
//! A retried operation is one operation, whichever of its writes was read.
//!
//! # Cost
//! A map look-up or two an observation. What is remembered: operations that have not
//! returned, with where they were served; and for every operation, how many of its
//! writes may still be read, until it has returned and the lineage forgets them. Kept for ever: for each
//! key and replica what it reflects. A write that is accepted after its operation was
//! forgotten counts as a new one.

use splitbrain_sorted::Map;

use crate::lineage::{Lineage, Settled};
use crate::observation::{
    FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Replica, Session, WriteKind,
    WriteRef,
};

/// What an operation did to its key, as far as its customer knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// It returned what this operation had written; none: what was there at first.
    Read { source: Option<OpRef> },
    /// It was to read, and nothing can be said of what it returned.
    Unread,
    /// It was to replace the value.
    Write,
}

/// An operation returned, or was given up. One of these an operation: what is told
/// after that is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The return.
    pub(crate) fact: FactRef,
    /// Its moment in true time, in microseconds.
    pub(crate) at_us: u64,
    /// The start.
    pub(crate) call: FactRef,
    /// Its moment in true time, in microseconds.
    pub(crate) called_us: u64,
    pub(crate) session: Session,
    pub(crate) op: OpRef,
    pub(crate) key: KeyRef,
    pub(crate) access: Access,
    pub(crate) outcome: Outcome,
    /// It wrote, and replaced nothing but what its customer had read.
    pub(crate) is_conditional: bool,
}

/// What a replica shows of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Initial,
    Written(OpRef),
    /// A write that was not observed, or is forgotten; or several side by side.
    Unknown,
}

/// An attempt to read was served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Serve {
    replica: Replica,
    value: u32,
    shown: Shown,
}

#[derive(Debug, Clone)]
struct Pending {
    session: Session,
    is_read: bool,
    key: KeyRef,
    call: FactRef,
    called_us: u64,
    serves: Vec<Serve>,
    /// What a coordinator is about to answer with.
    chosen: Option<(Replica, Shown)>,
    /// It wrote, and counts as live itself: it may write once more.
    has_written: bool,
    is_conditional: bool,
}

#[derive(Debug, Clone, Default)]
struct Key {
    /// Items go in and out of it, or parts of it are written.
    is_set: bool,
    /// Versions of it have stood side by side.
    has_siblings: bool,
    /// What replicas reflect, in the order of application.
    reflected: Vec<(Replica, WriteRef, Shown)>,
}

impl Key {
    fn shown(&self, at: Replica) -> Shown {
        let mut here = self.reflected.iter().rev().filter(|it| it.0 == at);
        let newest = here.next().map_or(Shown::Initial, |it| it.2);
        if self.has_siblings && here.next().is_some() {
            // It returns several at once.
            return Shown::Unknown;
        }
        newest
    }

    fn take_away(&mut self, at: Replica, write: WriteRef) {
        self.reflected.retain(|it| (it.0, it.1) != (at, write));
    }
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Reading {
    pending: Map<OpRef, Pending>,
    keys: Map<KeyRef, Key>,
    /// Of each operation that wrote, its writes that the lineage remembers, the reads
    /// under way that were served one, and itself while it is under way.
    live: Map<OpRef, (KeyRef, u32)>,
    /// Operations that returned in this step.
    seen: Vec<Seen>,
    /// Operations no write of which can be read any more, from this step on.
    gone: Vec<(KeyRef, OpRef)>,
}

impl Reading {
    /// Takes the next observation, which the lineage has taken already.
    pub(crate) fn observe(&mut self, observation: &Observation, lineage: &Lineage) {
        match *observation {
            Observation::OperationStarted {
                fact,
                at_us,
                op,
                session,
                kind: kind @ (OperationKind::Read | OperationKind::Write),
                key,
                ..
            } => {
                self.pending.get_or_insert_with(op, || Pending {
                    session,
                    is_read: kind == OperationKind::Read,
                    key,
                    call: fact,
                    called_us: at_us,
                    serves: Vec::new(),
                    chosen: None,
                    has_written: false,
                    is_conditional: false,
                });
            }
            Observation::OperationReturned {
                fact,
                at_us,
                op,
                outcome,
                value,
                answered_by,
                ..
            } => {
                if let Some(pending) = self.pending.remove(&op) {
                    let told = (outcome == Outcome::Ok).then_some((answered_by, value));
                    self.end(op, &pending);
                    if !self.is_set(pending.key) {
                        let access = if pending.is_read {
                            read(&pending.serves, told)
                        } else {
                            Access::Write
                        };
                        self.seen.push(Seen {
                            fact,
                            at_us,
                            call: pending.call,
                            called_us: pending.called_us,
                            session: pending.session,
                            op,
                            key: pending.key,
                            access,
                            outcome,
                            is_conditional: pending.is_conditional,
                        });
                    }
                }
            }
            Observation::VersionChosen {
                op, replica, write, ..
            } => {
                if let Some(pending) = self.pending.get_mut(&op) {
                    let known = write.map(|write| lineage.write(write).map(|it| it.op));
                    let shown = match known {
                        None => Shown::Initial,
                        Some(Some(op)) => Shown::Written(op),
                        Some(None) => Shown::Unknown,
                    };
                    pending.chosen = Some((replica, shown));
                }
            }
            Observation::ContextGiven { write, .. } => {
                let op = lineage.write(write).map(|it| it.op);
                if let Some(pending) = op.and_then(|op| self.pending.get_mut(&op)) {
                    pending.is_conditional = true;
                }
            }
            Observation::SiblingKept { key, .. } => {
                let of = self.keys.get_or_insert_with(key, Key::default);
                of.has_siblings = true;
            }
            Observation::RolledBack { write, replica, .. } => {
                if let Some(key) = lineage.write(write).map(|it| it.key)
                    && let Some(of) = self.keys.get_mut(&key)
                {
                    of.take_away(replica, write);
                }
            }
            Observation::ReadServed {
                op,
                replica,
                key,
                value,
                ..
            } => self.serve(op, replica, key, value),
            Observation::WriteAccepted {
                fact,
                write,
                op,
                key,
                kind,
                ..
            } => {
                let of = self.keys.get_or_insert_with(key, Key::default);
                if kind != WriteKind::Write {
                    of.is_set = true;
                    of.reflected = Vec::new();
                } else if lineage.write(write).is_some_and(|it| it.accepted == fact) {
                    let live = self.live.get_or_insert_with(op, || (key, 0));
                    live.1 += 1;
                    if let Some(pending) = self.pending.get_mut(&op)
                        && !pending.has_written
                    {
                        pending.has_written = true;
                        live.1 += 1;
                    }
                }
            }
            Observation::WriteApplied {
                write,
                replica,
                key,
                reflected: true,
                ..
            } => {
                let of = self.keys.get_or_insert_with(key, Key::default);
                if !of.is_set {
                    let known = lineage.write(write);
                    let shown = known.map_or(Shown::Unknown, |it| Shown::Written(it.op));
                    of.take_away(replica, write);
                    of.reflected.push((replica, write, shown));
                }
            }
            Observation::Overwritten {
                lost,
                by,
                replica,
                key,
                ..
            } if lost != by => {
                if let Some(of) = self.keys.get_mut(&key) {
                    of.take_away(replica, lost);
                }
            }
            _ => {}
        }
    }

    /// Operations that returned in this step, in order.
    pub(crate) fn seen(&self) -> &[Seen] {
        &self.seen
    }

    /// Whether some write of this operation may still be read.
    pub(crate) fn may_be_read(&self, op: OpRef) -> bool {
        self.live.contains_key(&op)
    }

    /// The lineage forgot a write.
    pub(crate) fn settle(&mut self, settled: Settled) {
        self.release(settled.op);
    }

    /// Ends the step; gives the operations no write of which can be read any more.
    pub(crate) fn end_of_step(&mut self) -> Vec<(KeyRef, OpRef)> {
        self.seen.clear();
        std::mem::take(&mut self.gone)
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        (self.pending.len() + self.live.len()) as u32
    }

    fn serve(&mut self, op: OpRef, replica: Replica, key: KeyRef, value: u32) {
        let Some(pending) = self.pending.get_mut(&op) else {
            return;
        };
        if !pending.is_read || pending.key != key {
            return;
        }
        let of = self.keys.get(&key);
        let chosen = pending.chosen.take();
        let chosen = chosen.filter(|&(by, _)| by == replica);
        let here = || of.map_or(Shown::Initial, |of| of.shown(replica));
        let serve = Serve {
            replica,
            value,
            shown: chosen.map_or_else(here, |(_, shown)| shown),
        };
        if !pending.serves.contains(&serve) {
            pending.serves.push(serve);
            if let Shown::Written(source) = serve.shown {
                self.live.get_or_insert_with(source, || (key, 0)).1 += 1;
            }
        }
    }

    fn is_set(&self, key: KeyRef) -> bool {
        self.keys.get(&key).is_some_and(|of| of.is_set)
    }

    /// An operation is under way no more, nor is what it was served.
    fn end(&mut self, op: OpRef, pending: &Pending) {
        if pending.has_written {
            self.release(op);
        }
        for serve in &pending.serves {
            if let Shown::Written(source) = serve.shown {
                self.release(source);
            }
        }
    }

    fn release(&mut self, op: OpRef) {
        let Some(live) = self.live.get_mut(&op) else {
            return;
        };
        live.1 -= 1;
        if let (key, 0) = *live {
            self.live.remove(&op);
            self.gone.push((key, op));
        }
    }
}

/// What a read returned, if that can be told.
fn read(serves: &[Serve], told: Option<(Option<Replica>, u32)>) -> Access {
    let mut found = None;
    for serve in serves {
        if told == Some((Some(serve.replica), serve.value)) {
            if found.is_some_and(|it| it != serve.shown) {
                return Access::Unread;
            }
            found = Some(serve.shown);
        }
    }
    match found {
        Some(Shown::Initial) => Access::Read { source: None },
        Some(Shown::Written(op)) => Access::Read { source: Some(op) },
        Some(Shown::Unknown) | None => Access::Unread,
    }
}

#[cfg(test)]
mod tests;
