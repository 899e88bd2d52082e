//! How the graph changes with each observation.

use splitbrain_sorted::Map;

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
            WriteKind::Write | WriteKind::Part | WriteKind::Count => {}
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
            rolled_back: 0,
            reflected: 0,
            alive: IN_FLIGHT,
            displaced: Vec::new(),
            counterparts,
            origin,
            is_conditional: false,
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
            if reflected {
                self.graves.rise(fact, write, replica);
            }
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
        let key = it.key;
        self.receipts.push(Receipt {
            fact,
            write,
            key,
            replica,
            before,
            is_taken_back: false,
        });
        self.change_receipt(fact, write, |it| {
            it.received |= replica.bit();
            it.rolled_back &= !replica.bit();
        });
    }

    /// A replica took a write out of its log again.
    pub(super) fn roll_back(&mut self, fact: FactRef, write: WriteRef, replica: Replica) {
        let Some(it) = self.writes.get(&write) else {
            self.graves.fall(fact, write, replica);
            return;
        };
        let (key, before) = (it.key, it.received);
        if before & replica.bit() != 0 {
            self.receipts.push(Receipt {
                fact,
                write,
                key,
                replica,
                before,
                is_taken_back: true,
            });
        }
        self.set_reflected(fact, write, replica, false);
        self.change_receipt(fact, write, |it| {
            it.received &= !replica.bit();
            it.rolled_back |= replica.bit();
        });
    }

    /// A key is to be held by these replicas from now on.
    pub(super) fn place(&mut self, fact: FactRef, key: KeyRef, holders: u64) {
        let of = self.keys.get_or_insert_with(key, Key::default);
        if of.held_by == Some(holders) || holders == 0 {
            return;
        }
        of.held_by = Some(holders);
        let of_key = self.writes.iter().filter(|(_, it)| it.key == key);
        let writes: Vec<(WriteRef, bool, u64)> = of_key
            .map(|(&write, it)| (write, it.is_in_flight(holders), it.reflected & holders))
            .collect();
        let partly = |mask: u64| u32::from(mask != 0 && mask != holders);
        if let Some(of) = self.keys.get_mut(&key) {
            of.in_flight = writes
                .iter()
                .map(|&(_, in_flight, _)| u32::from(in_flight))
                .sum();
            of.partly_reflected = writes
                .iter()
                .map(|&(_, _, reflected)| partly(reflected))
                .sum();
        }
        for (write, in_flight, _) in writes {
            if in_flight {
                self.raise(fact, write, IN_FLIGHT);
            } else {
                self.lower(fact, write);
            }
            self.touch(write, key, fact);
        }
    }

    /// The only holder of a key gave it to another: what the write rests on goes along,
    /// and whatever else the giver had of the key is nowhere any more.
    pub(super) fn hand_over(
        &mut self,
        fact: FactRef,
        key: KeyRef,
        from: Replica,
        to: Replica,
        write: Option<WriteRef>,
    ) {
        self.place(fact, key, to.bit());
        let mut along = Map::new();
        let mut pending: Vec<WriteRef> = write.into_iter().collect();
        while let Some(write) = pending.pop() {
            if !along.contains_key(&write) {
                along.insert(write, ());
                let base = self.writes.get(&write).map_or(&[][..], |it| &it.base);
                pending.extend_from_slice(base);
            }
        }
        for &base in along.keys().filter(|&&it| Some(it) != write) {
            self.apply(fact, base, to, false);
        }
        if let Some(write) = write {
            self.apply(fact, write, to, true);
        }
        let of_key = self.writes.iter().filter(|(_, it)| it.key == key);
        let held = of_key.filter(|(_, it)| it.received & from.bit() != 0);
        let held: Vec<WriteRef> = held.map(|(&write, _)| write).collect();
        for write in held {
            self.roll_back(fact, write, from);
        }
    }

    /// Changes who has a write, and whether it is on its way.
    fn change_receipt(&mut self, fact: FactRef, write: WriteRef, change: impl FnOnce(&mut Write)) {
        let Some(key) = self.writes.get(&write).map(|it| it.key) else {
            return;
        };
        let holders = self.holders(key);
        let Some(it) = self.writes.get_mut(&write) else {
            return;
        };
        let was = it.is_in_flight(holders);
        change(it);
        let is = it.is_in_flight(holders);
        self.touch(write, key, fact);
        if was == is {
            return;
        }
        if let Some(of) = self.keys.get_mut(&key) {
            of.in_flight = of.in_flight + u32::from(is) - u32::from(was);
        }
        if is {
            self.raise(fact, write, IN_FLIGHT);
        } else {
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
            self.graves.fall(fact, lost, replica);
            return;
        };
        if !it.displaced.iter().any(|&(other, _)| other == by) {
            it.displaced.push((by, fact));
        }
        let key = it.key;
        self.touch(lost, key, fact);
        self.set_reflected(fact, lost, replica, false);
    }

    /// A write replaces knowingly what its customer had read, which is this.
    pub(super) fn rest(&mut self, fact: FactRef, write: WriteRef, read: Option<WriteRef>) {
        let Some(it) = self.writes.get_mut(&write) else {
            return;
        };
        it.is_conditional = true;
        let (key, accepted) = (it.key, it.accepted);
        let is_older = |old: &Write| old.key == key && old.accepted < accepted;
        if let Some(read) = read.filter(|read| self.writes.get(read).is_some_and(is_older)) {
            self.link(fact, write, read);
        }
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
        if new.is_conditional {
            return false;
        }
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
        let all = self
            .keys
            .get(&key)
            .and_then(|of| of.held_by)
            .unwrap_or(self.all);
        if matches!(it.kind, WriteKind::Add { .. }) {
            let removals = it.counterparts.iter().map(|&removal| (removal, fact));
            self.touched.extend(removals);
        }
        if let Some(of) = self.keys.get_mut(&key) {
            let partly = |mask: u64| u32::from(mask & all != 0 && mask & all != all);
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
            if it.is_in_flight(self.holders(it.key)) {
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
