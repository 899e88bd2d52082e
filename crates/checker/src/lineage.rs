//! Which write was built on which, who received it, and where it lives on.
//!
//! For every key a graph of its writes. An edge leads from a write to its *base*:
//! what it replaced knowingly. `b` is base of `w` when `w`, as it was first applied
//! at its origin, displaced `b` from the value there, or was discarded there in
//! favour of `b`. So `w`'s author stood before a value that
//! rested on `b`. A replica at which `w` arrives later knows nothing of the author,
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
//! forgotten; so are removals from a set, which would be reflected for ever.

use std::collections::BTreeMap;

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
    base: Vec<WriteRef>,
    heirs: Vec<WriteRef>,
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
}

/// A write was forgotten when its key converged.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Settled {
    pub(crate) write: WriteRef,
    pub(crate) op: OpRef,
    /// It lives on in what all replicas reflect; otherwise it is dead.
    pub(crate) safe: bool,
}

#[derive(Debug, Clone, Default)]
struct Key {
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
    additions: BTreeMap<u32, Vec<WriteRef>>,
}

#[derive(Debug, Clone)]
pub(crate) struct Lineage {
    all: u64,
    /// The write that was applied last, if that was at its origin, the first time.
    /// It may find its base now.
    applying: Option<WriteRef>,
    writes: BTreeMap<WriteRef, Write>,
    keys: BTreeMap<KeyRef, Key>,
    touched: Vec<(WriteRef, FactRef)>,
    receipts: Vec<Receipt>,
    touched_keys: Vec<KeyRef>,
}

impl Lineage {
    pub(crate) fn new(replicas: u8) -> Self {
        Self {
            all: (1 << replicas) - 1,
            applying: None,
            writes: BTreeMap::new(),
            keys: BTreeMap::new(),
            touched: Vec::new(),
            receipts: Vec::new(),
            touched_keys: Vec::new(),
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
            _ => {}
        }
    }

    /// Ends the step: keys that converged forget what is settled.
    pub(crate) fn end_of_step(&mut self) -> Vec<Settled> {
        let mut settled = Vec::new();
        let mut keys = std::mem::take(&mut self.touched_keys);
        if !keys.is_empty() {
            self.applying = None;
            self.touched.clear();
            self.receipts.clear();
            keys.sort_unstable();
            keys.dedup();
            for key in keys {
                self.forget(key, &mut settled);
            }
        }
        settled
    }

    /// A write that is remembered.
    pub(crate) fn write(&self, write: WriteRef) -> Option<&Write> {
        self.writes.get(&write)
    }

    /// Mask of all replicas.
    pub(crate) fn all(&self) -> u64 {
        self.all
    }

    /// Writes of which something changed in this step, with the fact that did it;
    /// a write may stand here several times. Heirs come before their bases.
    pub(crate) fn touched(&self) -> &[(WriteRef, FactRef)] {
        &self.touched
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

    fn accept(
        &mut self,
        fact: FactRef,
        write: WriteRef,
        op: OpRef,
        origin: Replica,
        key: KeyRef,
        kind: WriteKind,
    ) {
        if self.writes.contains_key(&write) {
            return;
        }
        let of = self.keys.entry(key).or_default();
        of.in_flight += 1;
        let mut counterparts = Vec::new();
        match kind {
            WriteKind::Write => {}
            WriteKind::Add { item } => of.additions.entry(item).or_default().push(write),
            WriteKind::Remove { item } => {
                of.removals.push(write);
                for &addition in of.additions.get(&item).into_iter().flatten() {
                    if let Some(it) = self.writes.get_mut(&addition)
                        && it.reflected & origin.bit() != 0
                    {
                        it.counterparts.push(write);
                        counterparts.push(addition);
                    }
                }
            }
        }
        let made = Write {
            op,
            key,
            kind,
            accepted: fact,
            received: 0,
            reflected: 0,
            alive: IN_FLIGHT,
            displaced: Vec::new(),
            counterparts,
            origin,
            base: Vec::new(),
            heirs: Vec::new(),
        };
        self.writes.insert(write, made);
        self.touch(write, key, fact);
    }

    fn apply(&mut self, fact: FactRef, write: WriteRef, replica: Replica, reflected: bool) {
        self.applying = None;
        let Some(it) = self.writes.get_mut(&write) else {
            return;
        };
        if it.origin == replica && it.received & replica.bit() == 0 {
            self.applying = Some(write);
        }
        // A second copy that the rule discards takes nothing away.
        if reflected {
            self.set_reflected(fact, write, replica, true);
        } else if it.reflected == 0
            && let Some(of) = self.keys.get_mut(&it.key)
        {
            of.stale.push(write);
        }
        self.receive(fact, write, replica);
    }

    fn receive(&mut self, fact: FactRef, write: WriteRef, replica: Replica) {
        let Some(it) = self.writes.get_mut(&write) else {
            return;
        };
        let before = it.received;
        if before & replica.bit() != 0 {
            return;
        }
        it.received |= replica.bit();
        let (key, complete) = (it.key, it.received == self.all);
        self.receipts.push(Receipt {
            fact,
            write,
            key,
            replica,
            before,
        });
        if complete && let Some(of) = self.keys.get_mut(&key) {
            of.in_flight -= 1;
        }
        self.touch(write, key, fact);
        self.refresh(fact, write);
    }

    fn overwrite(&mut self, fact: FactRef, lost: WriteRef, by: WriteRef, replica: Replica) {
        if self.built_on(by, lost, replica) {
            self.link(fact, by, lost);
        } else if self.built_on(lost, by, replica) {
            self.link(fact, lost, by);
        }
        let Some(it) = self.writes.get_mut(&lost) else {
            return;
        };
        if !it.displaced.iter().any(|&(other, _)| other == by) {
            it.displaced.push((by, fact));
        }
        let key = it.key;
        self.touch(lost, key, fact);
        self.set_reflected(fact, lost, replica, false);
    }

    /// Whether `new` is just being applied at this replica, its origin, whose value
    /// rests on `old`.
    fn built_on(&self, new: WriteRef, old: WriteRef, replica: Replica) -> bool {
        if self.applying != Some(new) {
            return false;
        }
        let (Some(new), Some(old)) = (self.writes.get(&new), self.writes.get(&old)) else {
            return false;
        };
        new.origin == replica
            && new.key == old.key
            && old.accepted < new.accepted
            && old.reflected & replica.bit() != 0
    }

    fn link(&mut self, fact: FactRef, new: WriteRef, old: WriteRef) {
        let Some(it) = self.writes.get_mut(&new) else {
            return;
        };
        if it.base.contains(&old) {
            return;
        }
        it.base.push(old);
        if let Some(it) = self.writes.get_mut(&old) {
            it.heirs.push(new);
        }
        self.refresh(fact, old);
    }

    fn set_reflected(&mut self, fact: FactRef, write: WriteRef, replica: Replica, to: bool) {
        let Some(it) = self.writes.get_mut(&write) else {
            return;
        };
        let before = it.reflected;
        let after = if to {
            before | replica.bit()
        } else {
            before & !replica.bit()
        };
        if after == before {
            return;
        }
        it.reflected = after;
        let key = it.key;
        if matches!(it.kind, WriteKind::Add { .. }) {
            let removals = it.counterparts.iter().map(|&removal| (removal, fact));
            self.touched.extend(removals);
        }
        if let Some(of) = self.keys.get_mut(&key) {
            let partly = |mask: u64| u32::from(mask != 0 && mask != self.all);
            of.partly_reflected = of.partly_reflected + partly(after) - partly(before);
            of.reflected = of.reflected + u32::from(after != 0) - u32::from(before != 0);
            if after == 0 {
                of.stale.push(write);
            }
        }
        self.touch(write, key, fact);
        self.refresh(fact, write);
    }

    /// Brings `alive` up to date, here and along the bases as far as it changes.
    fn refresh(&mut self, fact: FactRef, write: WriteRef) {
        let mut pending = vec![write];
        while let Some(write) = pending.pop() {
            let Some(it) = self.writes.get(&write) else {
                continue;
            };
            let mut alive = it.reflected;
            if it.received != self.all {
                alive |= IN_FLIGHT;
            }
            for heir in &it.heirs {
                alive |= self.writes.get(heir).map_or(0, |heir| heir.alive);
            }
            if let Some(it) = self.writes.get_mut(&write)
                && it.alive != alive
            {
                it.alive = alive;
                pending.extend_from_slice(&it.base);
                self.touched.push((write, fact));
            }
        }
    }

    fn touch(&mut self, write: WriteRef, key: KeyRef, fact: FactRef) {
        self.touched.push((write, fact));
        self.touched_keys.push(key);
    }

    fn forget(&mut self, key: KeyRef, settled: &mut Vec<Settled>) {
        let Some(of) = self.keys.get_mut(&key) else {
            return;
        };
        if of.in_flight != 0 || of.partly_reflected != 0 {
            return;
        }
        let mut bases = Vec::new();
        for write in std::mem::take(&mut of.stale) {
            if self.writes.get(&write).is_some_and(|it| it.reflected == 0)
                && let Some(it) = self.writes.remove(&write)
            {
                bases.extend_from_slice(&it.base);
                settled.push(Settled {
                    write,
                    op: it.op,
                    safe: it.alive != 0,
                });
                if let WriteKind::Add { item } = it.kind
                    && let Some(same) = of.additions.get_mut(&item)
                {
                    same.retain(|&other| other != write);
                    if same.is_empty() {
                        of.additions.remove(&item);
                    }
                }
            }
        }
        for removal in std::mem::take(&mut of.removals) {
            let Some(it) = self.writes.get(&removal) else {
                continue;
            };
            let undone = it
                .counterparts
                .iter()
                .any(|add| self.writes.get(add).is_some_and(|add| add.reflected != 0));
            if of.reflected == 1 || undone {
                of.removals.push(removal);
                continue;
            }
            of.reflected -= 1;
            if let Some(it) = self.writes.remove(&removal) {
                bases.extend_from_slice(&it.base);
                settled.push(Settled {
                    write: removal,
                    op: it.op,
                    safe: true,
                });
            }
        }
        bases.sort_unstable();
        bases.dedup();
        for base in bases {
            if let Some(mut it) = self.writes.remove(&base) {
                it.heirs.retain(|heir| self.writes.contains_key(heir));
                self.writes.insert(base, it);
            }
        }
    }
}
