//! How the graph changes with each observation.

use super::{IN_FLIGHT, Key, Lineage, Receipt, Write};
use crate::observation::{FactRef, KeyRef, OpRef, Replica, WriteKind, WriteRef};

impl Lineage {
    pub(super) fn accept(
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
        let of = self.keys.get_or_insert_with(key, Key::default);
        of.in_flight += 1;
        let mut counterparts = Vec::new();
        match kind {
            WriteKind::Write => {}
            WriteKind::Add { item } => of.additions.get_or_insert_with(item, Vec::new).push(write),
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

    pub(super) fn apply(
        &mut self,
        fact: FactRef,
        write: WriteRef,
        replica: Replica,
        reflected: bool,
    ) {
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
        self.touch(write, key, fact);
        if complete {
            if let Some(of) = self.keys.get_mut(&key) {
                of.in_flight -= 1;
            }
            self.lower(fact, write);
        }
    }

    pub(super) fn overwrite(
        &mut self,
        fact: FactRef,
        lost: WriteRef,
        by: WriteRef,
        replica: Replica,
    ) {
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
        let alive = it.alive;
        if let Some(it) = self.writes.get_mut(&old) {
            it.heirs.push(new);
        }
        self.raise(fact, old, alive);
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
        if to {
            self.raise(fact, write, replica.bit());
        } else {
            self.lower(fact, write);
        }
    }

    /// Adds places where a write lives on, here and along the bases.
    fn raise(&mut self, fact: FactRef, write: WriteRef, places: u64) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.push(write);
        while let Some(write) = pending.pop() {
            if let Some(it) = self.writes.get_mut(&write)
                && it.alive & places != places
            {
                it.alive |= places;
                pending.extend_from_slice(&it.base);
                self.touched.push((write, fact));
            }
        }
        self.pending = pending;
    }

    /// Takes away the places where a write lives on no more, here and along the
    /// bases as far as that changes anything.
    fn lower(&mut self, fact: FactRef, write: WriteRef) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.push(write);
        while let Some(write) = pending.pop() {
            let Some(it) = self.writes.get(&write) else {
                continue;
            };
            let mut alive = it.reflected;
            if it.received != self.all {
                alive |= IN_FLIGHT;
            }
            // The newest are the likeliest to live.
            for heir in it.heirs.iter().rev() {
                if alive == it.alive {
                    break;
                }
                alive |= self.writes.get(heir).map_or(0, |heir| heir.alive);
            }
            if alive == it.alive {
                continue;
            }
            if let Some(it) = self.writes.get_mut(&write) {
                it.alive = alive;
                pending.extend_from_slice(&it.base);
                self.touched.push((write, fact));
            }
        }
        self.pending = pending;
    }
}
