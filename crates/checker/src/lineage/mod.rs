//! Which write was built on which, who received it, and where it lives on.
//!
//! For every key a graph of its writes. An edge leads from a write to its *base*:
//! what it replaced knowingly. `b` is base of `w` when `w`, as it was first applied
//! at its origin, displaced `b` from the value there, or was discarded there in
//! favour of `b`. So `w`'s author stood before a value that
//! rested on `b`. Where customers tell with a write what they had read, that decides in
//! place of what the origin showed: what `w` displaces unread is no base. A replica at which `w` arrives later knows nothing of the author,
//! so what `w` displaces there is no base.
//!
//! A write *lives on* at the replicas that reflect it or a write built on it, and
//! on the way while it, or a write built on it, is not received by all. Both are
//! kept as one mask a write, [`Write::alive`], brought up to date along the edges
//! when it changes. As a write's mask contains those of all that are built on it,
//! an ordinary new version stops at its own base.
//!
//! A key *converges* when every write of it is received by every replica and all
//! reflect the same writes. What is not reflected then is settled for good, and
//! forgotten; so are removals from a set, which would be reflected for ever. Of an addition
//! that a removal took out it stays known by which, in case it comes back; see [`graves`].

mod graves;
mod settle;
mod update;

use splitbrain_sorted::Map;

use self::graves::Graves;
pub(crate) use self::graves::Return;
use crate::observation::{FactRef, KeyRef, Observation, OpRef, Replica, WriteKind, WriteRef};

/// The bit of [`Write::alive`] for a write that is still on its way to some replica.
pub(crate) const IN_FLIGHT: u64 = 1 << 63;

#[derive(Debug, Clone)]
pub(crate) struct Write {
    pub(crate) op: OpRef,
    pub(crate) key: KeyRef,
    pub(crate) kind: WriteKind,
    pub(crate) accepted: FactRef,
    /// Mask of the replicas that have it.
    pub(crate) received: u64,
    /// Mask of the replicas that took it out again and do not have it.
    rolled_back: u64,
    /// Mask of the replicas whose value rests on it.
    pub(crate) reflected: u64,
    /// Mask of the replicas where it lives on, and [`IN_FLIGHT`]. Zero: dead.
    pub(crate) alive: u64,
    /// The writes that it gave way to, each once, with the first such fact.
    pub(crate) displaced: Vec<(WriteRef, FactRef)>,
    /// Of a removal, the additions of its item that its origin showed; of an
    /// addition, the removals that saw it.
    pub(crate) counterparts: Vec<WriteRef>,
    origin: Replica,
    /// What it replaces knowingly is what its customer had read, and not what its origin
    /// showed.
    is_conditional: bool,
    base: Vec<WriteRef>,
    heirs: Vec<WriteRef>,
}

impl Write {
    /// Whether it is still on its way to somebody who is to have it. One that was taken
    /// out of every log that had it is not.
    fn is_in_flight(&self, holders: u64) -> bool {
        let has_been = self.received | self.rolled_back;
        !(self.rolled_back != 0 && self.received == 0) && holders & !has_been != 0
    }
}

/// A write reached a replica.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Receipt {
    pub(crate) fact: FactRef,
    pub(crate) write: WriteRef,
    pub(crate) key: KeyRef,
    pub(crate) replica: Replica,
    /// Mask of the replicas that had it before.
    pub(crate) before: u64,
    /// It was taken out again.
    pub(crate) is_taken_back: bool,
}

/// A write was forgotten when its key converged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    pub(crate) write: WriteRef,
    pub(crate) op: OpRef,
    /// Where it was accepted.
    pub(crate) accepted: FactRef,
    /// It lives on in what all replicas reflect; otherwise it is dead.
    pub(crate) safe: bool,
}

#[derive(Debug, Clone, Default)]
struct Key {
    /// Mask of the replicas that are to hold it; none: all.
    held_by: Option<u64>,
    /// Writes that some replica has not received.
    in_flight: u32,
    /// Writes that some replicas reflect.
    reflected: u32,
    /// Writes that some replicas reflect and others do not.
    partly_reflected: u32,
    /// Writes that were not reflected when they were put here.
    stale: Vec<WriteRef>,
    /// Removals, in the order of acceptance.
    removals: Vec<WriteRef>,
    /// Additions that are remembered, by item.
    additions: Map<u32, Vec<WriteRef>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Lineage {
    all: u64,
    /// The write that was applied last, if that was at its origin, the first time.
    /// It may find its base now.
    applying: Option<WriteRef>,
    writes: Map<WriteRef, Write>,
    keys: Map<KeyRef, Key>,
    touched: Vec<(WriteRef, FactRef)>,
    receipts: Vec<Receipt>,
    touched_keys: Vec<KeyRef>,
    graves: Graves,
    /// Empty between calls; kept for its capacity.
    pending: Vec<WriteRef>,
}

impl Lineage {
    pub(crate) fn new(replicas: u8) -> Self {
        Self {
            all: (1 << replicas) - 1,
            applying: None,
            writes: Map::new(),
            keys: Map::new(),
            touched: Vec::new(),
            receipts: Vec::new(),
            touched_keys: Vec::new(),
            graves: Graves::default(),
            pending: Vec::new(),
        }
    }

    pub(crate) fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::WriteAccepted {
                fact,
                write,
                op,
                replica,
                key,
                kind,
                ..
            } if self.knows(replica) => self.accept(fact, write, op, replica, key, kind),
            Observation::WriteApplied {
                fact,
                write,
                replica,
                reflected,
                ..
            } if self.knows(replica) => self.apply(fact, write, replica, reflected),
            Observation::Overwritten {
                fact,
                lost,
                by,
                replica,
                ..
            } if self.knows(replica) && lost != by => self.overwrite(fact, lost, by, replica),
            Observation::ContextGiven { fact, write, read } => self.rest(fact, write, read),
            Observation::RolledBack {
                fact,
                write,
                replica,
            } if self.knows(replica) => self.roll_back(fact, write, replica),
            Observation::KeyPlaced {
                fact,
                key,
                replicas,
            } => self.place(fact, key, u64::from(replicas) & self.all),
            Observation::HandedOver {
                fact,
                key,
                from,
                to,
                write,
            } if self.knows(from) && self.knows(to) && from != to => {
                self.hand_over(fact, key, from, to, write);
            }
            _ => {}
        }
    }

    /// Ends the step: keys that converged forget what is settled.
    pub(crate) fn end_of_step(&mut self) -> Vec<Settled> {
        self.graves.end_of_step();
        let mut settled = Vec::new();
        let mut keys = std::mem::take(&mut self.touched_keys);
        if !keys.is_empty() {
            self.applying = None;
            self.touched.clear();
            self.receipts.clear();
            let mut once = Map::new();
            for key in keys.drain(..) {
                once.insert(key, ());
            }
            for &key in once.keys() {
                self.forget(key, &mut settled);
            }
        }
        settled
    }

    /// A write that is remembered.
    pub(crate) fn write(&self, write: WriteRef) -> Option<&Write> {
        self.writes.get(&write)
    }

    /// Mask of the replicas that are to hold a key.
    pub(crate) fn holders(&self, key: KeyRef) -> u64 {
        let of = self.keys.get(&key);
        of.and_then(|of| of.held_by).unwrap_or(self.all)
    }

    /// Writes of which something changed in this step, with the fact that did it;
    /// a write may stand here several times. Heirs come before their bases.
    pub(crate) fn touched(&self) -> &[(WriteRef, FactRef)] {
        &self.touched
    }

    /// Removed additions that were forgotten, and came back or went again in this step.
    pub(crate) fn returns(&self) -> &[Return] {
        self.graves.returns()
    }

    /// What replicas received in this step.
    pub(crate) fn receipts(&self) -> &[Receipt] {
        &self.receipts
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        self.writes.len() as u32
    }

    fn knows(&self, replica: Replica) -> bool {
        replica.0 < 63 && replica.bit() & self.all != 0
    }

    fn touch(&mut self, write: WriteRef, key: KeyRef, fact: FactRef) {
        self.touched.push((write, fact));
        self.touched_keys.push(key);
    }
}
