//! What is forgotten when a key converges.

use splitbrain_sorted::Map;

use super::{Lineage, Settled};
use crate::observation::{KeyRef, WriteKind};

impl Lineage {
    /// Forgets what is settled, if the key has converged.
    pub(super) fn forget(&mut self, key: KeyRef, settled: &mut Vec<Settled>) {
        let Some(of) = self.keys.get_mut(&key) else {
            return;
        };
        if of.in_flight != 0 || of.partly_reflected != 0 {
            return;
        }
        let mut bases = Map::new();
        for write in std::mem::take(&mut of.stale) {
            if self.writes.get(&write).is_some_and(|it| it.reflected == 0)
                && let Some(it) = self.writes.remove(&write)
            {
                it.base.iter().for_each(|&base| bases.insert(base, ()));
                settled.push(Settled {
                    write,
                    op: it.op,
                    accepted: it.accepted,
                    safe: it.alive != 0,
                });
                if let WriteKind::Add { item } = it.kind
                    && let Some(same) = of.additions.get_mut(&item)
                {
                    same.retain(|&other| other != write);
                    if same.is_empty() {
                        of.additions.remove(&item);
                    }
                    for removal in &it.counterparts {
                        if let Some(by) = self.writes.get(removal) {
                            self.graves.bury(write, *removal, by.op);
                        }
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
            // What a log gave back before anybody applied it counts for nothing here, and
            // may come back out of another log.
            if it.reflected == 0 || of.reflected == 1 || undone {
                of.removals.push(removal);
                continue;
            }
            of.reflected -= 1;
            if let Some(it) = self.writes.remove(&removal) {
                it.base.iter().for_each(|&base| bases.insert(base, ()));
                settled.push(Settled {
                    write: removal,
                    op: it.op,
                    accepted: it.accepted,
                    safe: true,
                });
            }
        }
        for base in bases.keys() {
            let Some(it) = self.writes.get_mut(base) else {
                continue;
            };
            let mut heirs = std::mem::take(&mut it.heirs);
            heirs.retain(|heir| self.writes.contains_key(heir));
            if let Some(it) = self.writes.get_mut(base) {
                it.heirs = heirs;
            }
        }
    }
}
