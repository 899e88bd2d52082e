//! The removals that one replica of a key remembers, and those that it was made to forget.
//!
//! What a removal was called, who asked for it, and that it is forgotten is for the trace;
//! nothing of it travels, and no type reads it.

use splitbrain_sorted::Map;

use super::cell::Cell;
use super::collection::{Collection, Tombstone};
use super::provenance::Mark;
use crate::clocks::VersionVector;
use crate::crdt::Dot;
use crate::sim::fact::{FactId, OpKind};

/// A removal.
#[derive(Clone, Debug)]
struct Removal {
    mark: Mark,
    /// The fact that forgot it, if one did.
    dropped: Option<FactId>,
}

/// Removals of one key.
#[derive(Clone, Debug)]
pub(super) struct Removals {
    is_kept: bool,
    known: Map<Dot, Removal>,
    /// Forgotten when everybody was known to have them: the last of each region.
    everywhere: VersionVector,
    /// How many are remembered, as the trace was told last.
    told: u32,
}

/// A removal that is about to be forgotten.
#[derive(Clone, Debug)]
pub(super) struct Dropped {
    /// Its name.
    pub(super) dot: Dot,
    /// The fact that accepted it.
    pub(super) write: FactId,
    /// The regions that are not known to have it, in a mask.
    pub(super) unknown_to: u32,
    /// Whether the trace knows already: it came back with somebody's state.
    pub(super) is_again: bool,
}

impl Removals {
    /// None.
    pub(super) fn new(is_kept: bool, regions: u8) -> Self {
        Self {
            is_kept,
            known: Map::new(),
            everywhere: VersionVector::new(regions),
            told: 0,
        }
    }

    /// A write is here from now on.
    pub(super) fn note(&mut self, mark: &Mark) {
        // One that saw nothing leaves no tombstone.
        let leaves_one = mark.kind == OpKind::Remove && !mark.observed.is_empty();
        if self.is_kept && leaves_one {
            self.known.get_or_insert_with(mark.dot, || Removal {
                mark: mark.clone(),
                dropped: None,
            });
        }
    }

    /// Whether who has this many writes of each region has everything that was forgotten
    /// because everybody had it.
    pub(super) fn are_in(&self, vector: &VersionVector) -> bool {
        vector.covers(&self.everywhere)
    }

    /// Whether it is forgotten here.
    pub(super) fn is_forgotten(&self, removal: Dot) -> bool {
        let known = self.known.get(&removal);
        known.is_some_and(|known| known.dropped.is_some())
    }

    /// The trace was told that it is forgotten.
    pub(super) fn forgotten(&mut self, removal: Dot, by: FactId) {
        if let Some(known) = self.known.get_mut(&removal) {
            known.dropped = Some(by);
        }
    }

    /// The fact that forgot the removal of an addition, if that is forgotten.
    pub(super) fn forgotten_of(&self, addition: FactId) -> Option<FactId> {
        let mut removals = self.known.values();
        removals.find_map(|known| {
            known
                .dropped
                .filter(|_| known.mark.observed.contains(&addition))
        })
    }

    /// How many are remembered now and were before, if that is not the same.
    pub(super) fn counted(&mut self, now: u32) -> Option<(u32, u32)> {
        let before = std::mem::replace(&mut self.told, now);
        (now != before).then_some((now, before))
    }
}

impl Cell {
    /// The regions that are not known to have a write, in a mask.
    fn unknown_to(&self, me: u8, dot: Dot) -> u32 {
        let peers = (0_u8..).zip(&self.peers);
        let lack = peers.filter(|&(region, vector)| {
            region != me && region != dot.origin && vector.get(dot.origin) < dot.counter
        });
        lack.fold(0, |mask, (region, _)| mask | 1 << region)
    }

    /// Forgets the removals that a policy lets go, and what they removed.
    pub(super) fn forget(&mut self, policy: &dyn Collection, me: u8, wall_us: i64) -> Vec<Dropped> {
        let regions = self.peers.len() as u32;
        let mut dropped = Vec::new();
        for dot in self.replica.tombstones() {
            let Some(known) = self.removals.known.get(&dot) else {
                continue;
            };
            let unknown_to = self.unknown_to(me, dot);
            let tombstone = Tombstone {
                age_us: wall_us.saturating_sub(known.mark.stamp_us),
                known_in: regions - unknown_to.count_ones(),
                regions,
            };
            if !policy.may_drop(tombstone) {
                continue;
            }
            dropped.push(Dropped {
                dot,
                write: known.mark.write,
                unknown_to,
                is_again: known.dropped.is_some(),
            });
            if unknown_to == 0 {
                let last = self.removals.everywhere.get(dot.origin);
                let last = last.max(dot.counter);
                self.removals.everywhere.set(dot.origin, last);
                // Nobody can bring back what it removed.
                self.removals.known.remove(&dot);
            }
            self.replica.forget(dot);
        }
        dropped
    }

    /// How many removals are remembered, and which regions are not known to have all of them.
    pub(super) fn tombstones(&self, me: u8) -> (u32, u32) {
        let held = self.replica.tombstones();
        let awaited = held
            .iter()
            .fold(0, |mask, &dot| mask | self.unknown_to(me, dot));
        (held.len() as u32, awaited)
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use super::*;
    use crate::sim::node::Value;

    fn mark(counter: u32, kind: OpKind) -> Mark {
        Mark {
            dot: Dot { origin: 1, counter },
            write: FactId(100 + counter),
            stamp_us: 0,
            kind,
            argument: Value(4),
            observed: Rc::new([FactId(7)]),
            read: None,
        }
    }

    #[test]
    fn what_was_removed_is_traced_to_the_forgotten_removal_and_to_nothing_before() {
        let mut removals = Removals::new(true, 3);
        let removal = mark(2, OpKind::Remove);
        removals.note(&mark(1, OpKind::Add));
        removals.note(&removal);
        assert_eq!(removals.forgotten_of(FactId(7)), None);
        removals.forgotten(removal.dot, FactId(200));
        removals.forgotten(mark(1, OpKind::Add).dot, FactId(201));
        assert_eq!(removals.forgotten_of(FactId(7)), Some(FactId(200)));
        assert_eq!(removals.forgotten_of(FactId(8)), None);
        assert!(removals.is_forgotten(removal.dot));
    }

    #[test]
    fn a_count_is_told_when_it_changes() {
        let mut removals = Removals::new(true, 3);
        assert_eq!(removals.counted(0), None);
        assert_eq!(removals.counted(2), Some((2, 0)));
        assert_eq!(removals.counted(2), None);
        assert_eq!(removals.counted(1), Some((1, 2)));
    }
}
