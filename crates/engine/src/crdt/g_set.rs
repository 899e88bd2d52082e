//! The set that only grows (G-set).
//!
//! # What it does
//! Adds items; merging unites.
//!
//! # Guarantees
//! Every item that was added anywhere is in the set, for ever.
//!
//! # Gives up
//! Removing.
//!
//! # Cost
//! The items.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 11.

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "g_set",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// A replica of the set: the items, sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GSet(Vec<u8>);

impl GSet {
    /// Whether an item is in the set.
    pub fn contains(&self, item: u8) -> bool {
        self.0.binary_search(&item).is_ok()
    }

    /// Puts an item in.
    pub fn insert(&mut self, item: u8) {
        if let Err(place) = self.0.binary_search(&item) {
            self.0.insert(place, item);
        }
    }

    /// The items, in order.
    pub fn items(&self) -> impl Iterator<Item = u8> + '_ {
        self.0.iter().copied()
    }

    /// Puts in all items of another.
    pub fn unite(&mut self, other: &Self) {
        other.items().for_each(|item| self.insert(item));
    }

    /// Leaves only the items that another has too.
    pub fn intersect(&mut self, other: &Self) {
        self.0.retain(|&item| other.contains(item));
    }

    pub(super) fn part(&self, id: &'static str) -> Part {
        Part::new(id, self.items().map(|item| vec![Datum::Item(item)]))
    }
}

impl FromIterator<u8> for GSet {
    fn from_iter<I: IntoIterator<Item = u8>>(items: I) -> Self {
        let mut set = Self::default();
        items.into_iter().for_each(|item| set.insert(item));
        set
    }
}

impl Replicated for GSet {
    type Update = u8;

    fn prepare(&self, _: Writer, act: Act) -> Option<u8> {
        match act {
            Act::Add(item) => Some(item),
            _ => None,
        }
    }

    fn apply(&mut self, &item: &u8) {
        self.insert(item);
    }

    fn merge(&mut self, other: &Self) {
        self.unite(other);
    }

    fn delta(&self, &item: &u8) -> Self {
        Self(vec![item])
    }

    fn value(&self) -> Content {
        Content::Items(self.0.clone())
    }

    fn state(&self) -> Vec<Part> {
        vec![self.part("added")]
    }

    fn bytes(&self) -> u32 {
        1 + self.0.len() as u32
    }

    fn update_bytes(_: &u8) -> u32 {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;

    #[test]
    fn a_union_has_the_items_of_both_once() {
        let (left, right): (GSet, GSet) =
            ([3, 1].into_iter().collect(), [2, 3].into_iter().collect());
        assert_eq!(joined(&left, &right).value(), Content::Items(vec![1, 2, 3]));
    }
}
