//! The set in which the last write of each item wins (LWW-element-set).
//!
//! # What it does
//! Each addition and each removal has a time stamp; an item is in the set if its newest
//! was an addition. Stamps are unique, ties go by the write's name.
//!
//! # Guarantees
//! Items can come and go any number of times, and all replicas agree.
//!
//! # Gives up
//! Of an addition and a removal that did not see each other, the one whose clock was
//! behind, though it was acknowledged. Even one that came later, and saw the other, goes
//! where its clock was behind.
//!
//! # Cost
//! A stamp for every item that was ever in it.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, section 3.3.3.

use super::replicated::{Act, Content, Datum, Part, Replicated, Stamp, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "lww_element_set",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::StampPerValue,
        Cost::TombstonePerRemoval,
    ],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// An item's newest write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Newest {
    /// Of which item.
    pub item: u8,
    /// When.
    pub stamp: Stamp,
    /// Whether it was an addition.
    pub is_added: bool,
}

/// A replica of the set: the newest write of each item, sorted by item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LwwElementSet(Vec<Newest>);

impl LwwElementSet {
    fn rows(&self, is_added: bool) -> impl Iterator<Item = Vec<Datum>> + '_ {
        let wanted = self.0.iter().filter(move |it| it.is_added == is_added);
        wanted.map(|it| vec![Datum::Item(it.item), Datum::Stamp(it.stamp)])
    }
}

impl Replicated for LwwElementSet {
    type Update = Newest;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Newest> {
        let (item, is_added) = match act {
            Act::Add(item) => (item, true),
            Act::Remove(item) => (item, false),
            _ => return None,
        };
        Some(Newest {
            item,
            stamp: writer.stamp(),
            is_added,
        })
    }

    fn apply(&mut self, update: &Newest) {
        match self.0.binary_search_by_key(&update.item, |it| it.item) {
            Ok(place) if self.0[place].stamp < update.stamp => self.0[place] = *update,
            Ok(_) => {}
            Err(place) => self.0.insert(place, *update),
        }
    }

    fn merge(&mut self, other: &Self) {
        other.0.iter().for_each(|newest| self.apply(newest));
    }

    fn delta(&self, update: &Newest) -> Self {
        Self(vec![*update])
    }

    fn value(&self) -> Content {
        let held = self.0.iter().filter(|it| it.is_added);
        Content::Items(held.map(|it| it.item).collect())
    }

    fn state(&self) -> Vec<Part> {
        vec![
            Part::new("added", self.rows(true)),
            Part::new("removed", self.rows(false)),
        ]
    }

    fn bytes(&self) -> u32 {
        1 + (2 + Stamp::BYTES) * self.0.len() as u32
    }

    fn update_bytes(_: &Newest) -> u32 {
        2 + Stamp::BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act_at;

    #[test]
    fn the_fast_clock_wins_over_what_came_after_it() {
        let mut left = LwwElementSet::default();
        act_at(&mut left, 0, 1, 9, Act::Remove(2));
        let mut right = left.clone();
        act_at(&mut right, 1, 1, 4, Act::Add(2));
        assert_eq!(joined(&left, &right).value(), Content::Items(vec![]));
        act_at(&mut right, 1, 2, 9, Act::Add(2));
        assert_eq!(joined(&left, &right).value(), Content::Items(vec![2]));
    }
}
