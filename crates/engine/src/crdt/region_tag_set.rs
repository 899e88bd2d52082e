//! Broken on purpose: an observed-remove set whose tags name the region, and not the writer.
//!
//! # What it does
//! The observed-remove set with tombstones, except that an addition's tag is its region and
//! how many additions the writer holds. Replicas stand for writers here: the first and the
//! second, the third and the fourth, and so on, share a region.
//!
//! # Guarantees
//! Replicas agree.
//!
//! # Gives up
//! Two writers in one region mint the same tag for different additions, and a removal of
//! the one takes the other away too.
//!
//! # Cost
//! A tag for every addition ever made, twice where it was removed.
//!
//! # Source
//! Published tutorials on active-active systems. That tags are unique is the precondition
//! of Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 15.

use std::rc::Rc;

use super::g_set::GSet;
use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "region_tag_set",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites],
    },
    costs: &[
        Cost::AnswersLocally,
        Cost::MetadataPerElement,
        Cost::TombstonePerRemoval,
    ],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// A region, a number in it, and the item.
type Tagged = (u8, u32, u8);

/// A replica of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RegionTagSet {
    /// Sorted.
    added: Vec<Tagged>,
    /// Sorted; a part of what was added.
    removed: Vec<Tagged>,
}

/// A change on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// An item with its tag.
    Add(Tagged),
    /// What the removal had seen of an item.
    Remove(Rc<[Tagged]>),
}

fn unite(list: &mut Vec<Tagged>, more: &[Tagged]) {
    for tagged in more {
        if let Err(place) = list.binary_search(tagged) {
            list.insert(place, *tagged);
        }
    }
}

impl RegionTagSet {
    fn held(&self) -> impl Iterator<Item = Tagged> + '_ {
        let added = self.added.iter().copied();
        added.filter(|tagged| self.removed.binary_search(tagged).is_err())
    }
}

impl Replicated for RegionTagSet {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        match act {
            Act::Add(item) => {
                let region = writer.dot.origin / 2;
                let number = self.added.len() as u32;
                Some(Change::Add((region, number, item)))
            }
            Act::Remove(item) => {
                let observed = self.held().filter(|tagged| tagged.2 == item);
                Some(Change::Remove(observed.collect()))
            }
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match update {
            Change::Add(tagged) => unite(&mut self.added, &[*tagged]),
            Change::Remove(observed) => {
                unite(&mut self.added, observed);
                unite(&mut self.removed, observed);
            }
        }
    }

    fn merge(&mut self, other: &Self) {
        unite(&mut self.added, &other.added);
        unite(&mut self.removed, &other.removed);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        self.held().map(|tagged| tagged.2).collect::<GSet>().value()
    }

    fn state(&self) -> Vec<Part> {
        let row = |&(region, number, item): &Tagged| {
            let number = Datum::Number(number.into());
            vec![Datum::Item(item), Datum::Replica(region), number]
        };
        vec![
            Part::new("added", self.added.iter().map(row)),
            Part::new("removed", self.removed.iter().map(row)),
        ]
    }

    fn bytes(&self) -> u32 {
        2 + 6 * (self.added.len() + self.removed.len()) as u32
    }

    fn update_bytes(update: &Change) -> u32 {
        match update {
            Change::Add(_) => 7,
            Change::Remove(observed) => 2 + 6 * observed.len() as u32,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn a_removal_takes_away_what_another_writer_of_the_region_added() {
        let (mut left, mut right) = (RegionTagSet::default(), RegionTagSet::default());
        act(&mut left, 0, 1, Act::Add(1));
        act(&mut left, 0, 2, Act::Remove(1));
        act(&mut right, 1, 1, Act::Add(1));
        assert_eq!(joined(&left, &right).value(), Content::Items(vec![]));
        let mut elsewhere = RegionTagSet::default();
        act(&mut elsewhere, 2, 1, Act::Add(1));
        assert_eq!(joined(&left, &elsewhere).value(), Content::Items(vec![1]));
    }
}
