//! The set in which a removal wins over a concurrent addition.
//!
//! # What it does
//! Additions and removals alike get a dot, and each takes away the dots of the item that
//! it has seen. An item is in the set if what is left under it are additions only.
//!
//! # Guarantees
//! What somebody removed is gone until somebody who saw the removal adds it again.
//!
//! # Gives up
//! Acknowledged additions that raced with a removal.
//!
//! # Cost
//! A dot an item, also for one that was removed, and one vector a set.
//!
//! # Source
//! Bieniusa et al., "Brief announcement: semantics of eventually consistent replicated
//! sets", DISC 2012, section 2; the form without tombstones of every dot after Almeida,
//! Shoker and Baquero, "Delta state replicated data types", 2018.

use std::rc::Rc;

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::{Dot, DotKernel, GSet};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "remove_wins_set",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::MetadataPerElement,
        Cost::TombstonePerRemoval,
    ],
    sources: &[
        "Bieniusa et al., Brief announcement: semantics of eventually consistent replicated sets, 2012",
        "Almeida, Shoker and Baquero, Delta state replicated data types, 2018",
    ],
};

/// The newest that is known of an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    item: u8,
    is_added: bool,
}

/// A change on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub dot: Dot,
    /// Of which item.
    pub item: u8,
    /// Whether it is an addition.
    pub is_added: bool,
    /// What it takes the place of.
    pub observed: Rc<[Dot]>,
}

/// A replica of the set.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RemoveWinsSet {
    kernel: DotKernel<Mark>,
}

impl RemoveWinsSet {
    fn items(&self, is_added: bool) -> GSet {
        let marks = self.kernel.iter().map(|(_, mark)| *mark);
        let wanted = marks.filter(|mark| mark.is_added == is_added);
        wanted.map(|mark| mark.item).collect()
    }

    fn rows(&self, is_added: bool) -> impl Iterator<Item = Vec<Datum>> + '_ {
        let wanted = self.kernel.iter();
        let wanted = wanted.filter(move |(_, mark)| mark.is_added == is_added);
        wanted.map(|(dot, mark)| vec![Datum::Item(mark.item), Datum::Dot(dot)])
    }
}

impl Replicated for RemoveWinsSet {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        let (item, is_added) = match act {
            Act::Add(item) => (item, true),
            Act::Remove(item) => (item, false),
            _ => return None,
        };
        Some(Change {
            dot: writer.dot,
            item,
            is_added,
            observed: self.kernel.dots(|mark| mark.item == item).collect(),
        })
    }

    fn apply(&mut self, update: &Change) {
        let Change { item, is_added, .. } = *update;
        let mark = Mark { item, is_added };
        self.kernel.write(update.dot, &update.observed, Some(mark));
    }

    fn merge(&mut self, other: &Self) {
        self.kernel.merge(&other.kernel);
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        let removed = self.items(false);
        let added = self.items(true);
        let items = added.items().filter(|&item| !removed.contains(item));
        Content::Items(items.collect())
    }

    fn state(&self) -> Vec<Part> {
        vec![
            Part::new("added", self.rows(true)),
            Part::new("removed", self.rows(false)),
            self.kernel.context().part(),
        ]
    }

    fn bytes(&self) -> u32 {
        self.kernel.bytes(2)
    }

    fn update_bytes(update: &Change) -> u32 {
        Dot::BYTES * (1 + update.observed.len() as u32) + 3
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn a_removal_wins_over_an_addition_that_did_not_see_it_and_not_over_a_later_one() {
        let (mut left, mut right) = (RemoveWinsSet::default(), RemoveWinsSet::default());
        act(&mut left, 0, 1, Act::Add(3));
        act(&mut right, 1, 1, Act::Remove(3));
        left.merge(&right);
        assert_eq!(left.value(), Content::Items(vec![]));
        act(&mut left, 0, 2, Act::Add(3));
        right.merge(&left);
        assert_eq!(right.value(), Content::Items(vec![3]));
    }
}
