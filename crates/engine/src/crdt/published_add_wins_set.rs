//! Broken on purpose: a published “add-wins set” that unites additions and intersects
//! removals.
//!
//! # What it does
//! Additions are items with a tag made of the region's name and of how many additions it
//! holds; removals are items, without the tags they saw. Merging unites the additions and
//! keeps the removals that both sides have.
//!
//! # Guarantees
//! Merging is commutative, associative and idempotent, which is why it looks right.
//!
//! # Gives up
//! Every removal, at the next merge with a replica that has not made it too, and be it an
//! older state of its own; every addition after a removal, until then.
//!
//! # Cost
//! A tag for every addition ever made, an item for every removal.
//!
//! # Source
//! Published tutorials on active-active systems; what it takes itself for is in Bieniusa
//! et al., "An optimized conflict-free replicated set", 2012.

use super::g_set::GSet;
use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "published_add_wins_set",
    keeps: &[],
    gives_up: &[Property::AcknowledgedWrites, Property::Convergence],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::Convergence],
    },
    costs: &[Cost::AnswersLocally, Cost::MetadataPerElement],
    sources: &["Bieniusa et al., An optimized conflict-free replicated set, 2012"],
};

/// The item of an addition, its region, and its number there.
type Tagged = (u8, u8, u32);

/// A replica of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublishedAddWinsSet {
    /// Sorted.
    added: Vec<Tagged>,
    removed: GSet,
}

/// A change on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// An item with its tag.
    Add(Tagged),
    /// An item.
    Remove(u8),
}

impl PublishedAddWinsSet {
    fn insert(&mut self, tagged: Tagged) {
        if let Err(place) = self.added.binary_search(&tagged) {
            self.added.insert(place, tagged);
        }
    }
}

impl Replicated for PublishedAddWinsSet {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        match act {
            Act::Add(item) => {
                let number = self.added.len() as u32;
                Some(Change::Add((item, writer.dot.origin, number)))
            }
            Act::Remove(item) => Some(Change::Remove(item)),
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match *update {
            Change::Add(tagged) => self.insert(tagged),
            Change::Remove(item) => self.removed.insert(item),
        }
    }

    fn merge(&mut self, other: &Self) {
        other.added.iter().for_each(|&tagged| self.insert(tagged));
        self.removed.intersect(&other.removed);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        let items: GSet = self.added.iter().map(|tagged| tagged.0).collect();
        let items = items.items().filter(|&item| !self.removed.contains(item));
        Content::Items(items.collect())
    }

    fn state(&self) -> Vec<Part> {
        let added = self.added.iter().map(|&(item, region, number)| {
            let number = Datum::Number(number.into());
            vec![Datum::Item(item), Datum::Replica(region), number]
        });
        vec![Part::new("added", added), self.removed.part("removed")]
    }

    fn bytes(&self) -> u32 {
        1 + 6 * self.added.len() as u32 + self.removed.bytes()
    }

    fn update_bytes(update: &Change) -> u32 {
        match update {
            Change::Add(_) => 7,
            Change::Remove(_) => 2,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn a_removal_does_not_survive_a_merge_with_an_older_self() {
        let mut set = PublishedAddWinsSet::default();
        act(&mut set, 0, 1, Act::Add(1));
        let older = set.clone();
        act(&mut set, 0, 2, Act::Remove(1));
        assert_eq!(set.value(), Content::Items(vec![]));
        assert_eq!(joined(&set, &older).value(), Content::Items(vec![1]));
    }
}
