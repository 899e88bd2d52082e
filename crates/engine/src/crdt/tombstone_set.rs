//! The observed-remove set with tombstones, and with safe collection of them.
//!
//! # What it does
//! Each addition gets a unique dot. A removal marks the dots it has seen as removed, and
//! the marks (tombstones) stay and spread, so that whoever still has the addition learns
//! of its removal. [`Act::Collect`] drops a removed dot together with its tombstone once
//! the removal is *causally stable*: known to have reached every replica.
//!
//! # Guarantees
//! Add wins over a concurrent remove; what it shows equals at every moment what the set
//! without tombstones shows. Collecting never changes what anybody sees.
//!
//! # Gives up
//! Forgetting while a replica is away: nothing becomes stable until that one has spoken.
//!
//! # Cost
//! A dot for every addition ever made, twice where it was removed, until it is stable; a
//! vector for each replica to know what is.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 15; causal stability after Baquero, Almeida and Shoker,
//! "Pure operation-based replicated data types", 2017, section 5.

use std::rc::Rc;

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::totals::Totals;
use super::{Dot, DotContext, GSet};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "tombstone_set",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::MetadataPerElement,
        Cost::TombstonePerRemoval,
    ],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
        "Baquero, Almeida and Shoker, Pure operation-based replicated data types, 2017",
    ],
};

/// Additions and tombstones.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// Every addition with its item, sorted by dot.
    added: Vec<(Dot, u8)>,
    /// The removed ones of them with the dot of the removal, sorted: the tombstones.
    removed: Vec<(Dot, Dot)>,
}

/// A change on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An item comes.
    Add {
        /// The addition.
        dot: Dot,
        /// What.
        item: u8,
    },
    /// Additions go.
    Remove {
        /// The removal.
        dot: Dot,
        /// The additions it had seen, with their item.
        observed: Rc<[Dot]>,
        /// What.
        item: u8,
    },
    /// Tombstones go, here only.
    Collect {
        /// Where.
        replica: u8,
        /// Among how many replicas.
        replicas: u8,
    },
}

fn insert<K: Ord + Copy, V: Copy>(list: &mut Vec<(K, V)>, key: K, value: V) {
    if let Err(place) = list.binary_search_by_key(&key, |it| it.0) {
        list.insert(place, (key, value));
    }
}

impl Marks {
    fn is_removed(&self, dot: Dot) -> bool {
        self.removed.binary_search_by_key(&dot, |it| it.0).is_ok()
    }

    fn held(&self) -> impl Iterator<Item = (Dot, u8)> + '_ {
        let added = self.added.iter().copied();
        added.filter(|&(dot, _)| !self.is_removed(dot))
    }

    /// What an act becomes at its origin.
    pub fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        let dot = writer.dot;
        match act {
            Act::Add(item) => Some(Change::Add { dot, item }),
            Act::Remove(item) => {
                let observed = self.held().filter(|&(_, held)| held == item);
                let observed = observed.map(|(dot, _)| dot).collect();
                Some(Change::Remove {
                    dot,
                    observed,
                    item,
                })
            }
            Act::Collect => Some(Change::Collect {
                replica: dot.origin,
                replicas: writer.replicas,
            }),
            _ => None,
        }
    }

    /// Applies an addition or a removal.
    pub fn apply(&mut self, update: &Change) {
        match update {
            Change::Add { dot, item } => insert(&mut self.added, *dot, *item),
            Change::Remove {
                dot,
                observed,
                item,
            } => {
                for &addition in observed.iter() {
                    insert(&mut self.added, addition, *item);
                    match self.removed.binary_search_by_key(&addition, |it| it.0) {
                        // Two removals of one addition: the first by name, everywhere.
                        Ok(place) => self.removed[place].1 = self.removed[place].1.min(*dot),
                        Err(place) => self.removed.insert(place, (addition, *dot)),
                    }
                }
            }
            Change::Collect { .. } => {}
        }
    }

    /// Unites both.
    pub fn merge(&mut self, other: &Self) {
        for &(dot, item) in &other.added {
            insert(&mut self.added, dot, item);
        }
        for &(addition, removal) in &other.removed {
            match self.removed.binary_search_by_key(&addition, |it| it.0) {
                Ok(place) => self.removed[place].1 = self.removed[place].1.min(removal),
                Err(place) => self.removed.insert(place, (addition, removal)),
            }
        }
    }

    /// Drops the removed additions, with their tombstones, whose removal qualifies.
    pub fn collect(&mut self, qualifies: impl Fn(Dot) -> bool) {
        let gone = |removed: &[(Dot, Dot)], dot: Dot| {
            let place = removed.binary_search_by_key(&dot, |it| it.0);
            place.is_ok_and(|place| qualifies(removed[place].1))
        };
        self.added.retain(|&(dot, _)| !gone(&self.removed, dot));
        self.removed.retain(|&(_, removal)| !qualifies(removal));
    }

    /// What is in the set.
    pub fn value(&self) -> Content {
        self.held().map(|(_, item)| item).collect::<GSet>().value()
    }

    /// How many tombstones there are.
    pub fn tombstones(&self) -> u32 {
        self.removed.len() as u32
    }

    /// The removals that they are of, in order, each once.
    pub fn removals(&self) -> Vec<Dot> {
        let mut removals: Vec<Dot> = self.removed.iter().map(|it| it.1).collect();
        removals.sort_unstable();
        removals.dedup();
        removals
    }

    /// As parts of a state.
    pub fn parts(&self) -> Vec<Part> {
        let row = |&(dot, item): &(Dot, u8)| vec![Datum::Item(item), Datum::Dot(dot)];
        let removed = self.removed.iter().map(|it| vec![Datum::Dot(it.0)]);
        vec![
            Part::new("added", self.added.iter().map(row)),
            Part::new("removed", removed),
        ]
    }

    /// Its size on the wire in bytes.
    pub fn bytes(&self) -> u32 {
        let (added, removed) = (self.added.len() as u32, self.removed.len() as u32);
        2 + (Dot::BYTES + 1) * added + 2 * Dot::BYTES * removed
    }
}

/// An update's size on the wire in bytes.
pub fn update_bytes(update: &Change) -> u32 {
    match update {
        Change::Add { .. } => Dot::BYTES + 1,
        Change::Remove { observed, .. } => Dot::BYTES * (1 + observed.len() as u32) + 2,
        Change::Collect { .. } => 0,
    }
}

/// A replica of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TombstoneSet {
    marks: Marks,
    context: DotContext,
    /// By replica and origin: how many updates of the origin are known to have reached
    /// the replica.
    seen_by: Totals<(u8, u8)>,
}

impl TombstoneSet {
    /// How many tombstones there are.
    pub fn tombstones(&self) -> u32 {
        self.marks.tombstones()
    }

    /// A replica tells how far it is; only it may, since it alone knows.
    fn acknowledge(&mut self, replica: u8) {
        for (origin, &count) in (0_u8..).zip(self.context.vector().counts()) {
            self.seen_by.set((replica, origin), count);
        }
    }
}

impl Replicated for TombstoneSet {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        self.marks.prepare(writer, act)
    }

    fn apply(&mut self, update: &Change) {
        self.marks.apply(update);
        match *update {
            Change::Add { dot, .. } | Change::Remove { dot, .. } => self.context.insert(dot),
            Change::Collect { replica, replicas } => {
                self.acknowledge(replica);
                let seen_by = &self.seen_by;
                self.marks.collect(|removal| {
                    (0..replicas).all(|it| seen_by.get((it, removal.origin)) >= removal.counter)
                });
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        self.marks.merge(&other.marks);
        self.context.merge(&other.context);
        self.seen_by.merge(&other.seen_by);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        self.marks.value()
    }

    fn state(&self) -> Vec<Part> {
        let mut parts = self.marks.parts();
        parts.push(self.context.part());
        let rows = self.seen_by.iter().map(|((replica, origin), counter)| {
            let last = Datum::Dot(Dot { origin, counter });
            vec![Datum::Replica(replica), last]
        });
        parts.push(Part::new("seen_by", rows));
        parts
    }

    fn bytes(&self) -> u32 {
        self.marks.bytes() + self.context.bytes() + self.seen_by.bytes(2)
    }

    fn update_bytes(update: &Change) -> u32 {
        update_bytes(update)
    }

    fn tombstones(&self) -> Vec<Dot> {
        self.marks.removals()
    }

    fn forget(&mut self, removal: Dot) {
        self.marks.collect(|held| held == removal);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn a_tombstone_goes_when_every_replica_is_known_to_have_it_and_not_before() {
        let mut sets = [(); 3].map(|()| TombstoneSet::default());
        act(&mut sets[0], 0, 1, Act::Add(5));
        act(&mut sets[0], 0, 2, Act::Remove(5));
        let full = sets[0].bytes();
        for place in [1, 2] {
            act(&mut sets[0], 0, 3, Act::Collect);
            assert_eq!(sets[0].tombstones(), 1, "not all have acknowledged");
            let told = sets[0].clone();
            sets[place].merge(&told);
            act(&mut sets[place], place as u8, 1, Act::Collect);
            let told = sets[place].clone();
            sets[0].merge(&told);
        }
        act(&mut sets[0], 0, 3, Act::Collect);
        assert_eq!(sets[0].tombstones(), 0);
        assert!(sets[0].marks.bytes() < full);
        let late = sets[1].clone();
        sets[0].merge(&late);
        assert_eq!(sets[0].value(), Content::Items(vec![]));
    }

    #[test]
    fn a_removal_that_comes_before_its_addition_still_removes_it() {
        let (mut left, mut right) = (TombstoneSet::default(), TombstoneSet::default());
        let add = act(&mut left, 0, 1, Act::Add(1)).unwrap();
        let remove = act(&mut left, 0, 2, Act::Remove(1)).unwrap();
        right.apply(&remove);
        right.apply(&add);
        assert_eq!(left, right);
    }
}
