//! The observed-remove map: multi-value registers under keys.
//!
//! # What it does
//! Writing an entry replaces the values of its key that the writer had seen; deleting a
//! key takes away those that it had seen. One context serves all keys, so that a deleted
//! key leaves nothing behind.
//!
//! # Guarantees
//! No acknowledged write goes away before somebody who had seen it wrote or deleted its
//! key; a write wins over a concurrent deletion.
//!
//! # Gives up
//! One value a key: concurrent writes stand side by side.
//!
//! # Cost
//! A dot a value, and one vector a map.
//!
//! # Source
//! Almeida, Shoker and Baquero, "Delta state replicated data types", 2018, section 7.4.2.

use std::rc::Rc;

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::{Dot, DotKernel};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "observed_remove_map",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    // Whoever writes replaces what her replica has, not what she has read.
    gives_up: &[Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::MetadataPerElement],
    sources: &["Almeida, Shoker and Baquero, Delta state replicated data types, 2018"],
};

/// A change on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its name.
    pub dot: Dot,
    /// Of which key.
    pub key: u8,
    /// The new value; none deletes.
    pub value: Option<u32>,
    /// The values it takes the place of.
    pub observed: Rc<[Dot]>,
}

/// A replica of the map: keys and values by dot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObservedRemoveMap {
    kernel: DotKernel<(u8, u32)>,
}

impl Replicated for ObservedRemoveMap {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        let (key, value) = match act {
            Act::Put { key, value } => (key, Some(value)),
            Act::Delete(key) => (key, None),
            _ => return None,
        };
        Some(Change {
            dot: writer.dot,
            key,
            value,
            observed: self.kernel.dots(|held| held.0 == key).collect(),
        })
    }

    fn apply(&mut self, update: &Change) {
        let held = update.value.map(|value| (update.key, value));
        self.kernel.write(update.dot, &update.observed, held);
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
        let mut held: Vec<(u8, u32)> = self.kernel.iter().map(|(_, held)| *held).collect();
        held.sort_unstable();
        let mut entries: Vec<(u8, Vec<u32>)> = Vec::new();
        for (key, value) in held {
            match entries.last_mut() {
                Some(last) if last.0 == key => last.1.push(value),
                _ => entries.push((key, vec![value])),
            }
        }
        Content::Entries(entries)
    }

    fn state(&self) -> Vec<Part> {
        let rows = self.kernel.iter().map(|(dot, &(key, value))| {
            let value = Datum::Number(value.into());
            vec![Datum::Item(key), value, Datum::Dot(dot)]
        });
        vec![Part::new("held", rows), self.kernel.context().part()]
    }

    fn bytes(&self) -> u32 {
        self.kernel.bytes(5)
    }

    fn update_bytes(update: &Change) -> u32 {
        Dot::BYTES * (1 + update.observed.len() as u32) + 3 + update.value.map_or(0, |_| 4)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn a_write_wins_over_a_deletion_that_did_not_see_it() {
        let mut left = ObservedRemoveMap::default();
        act(&mut left, 0, 1, Act::Put { key: 1, value: 10 });
        let mut right = left.clone();
        act(&mut left, 0, 2, Act::Delete(1));
        assert_eq!(left.value(), Content::Entries(vec![]));
        act(&mut right, 1, 1, Act::Put { key: 1, value: 20 });
        act(&mut right, 1, 2, Act::Put { key: 2, value: 30 });
        left.merge(&right);
        let expected = vec![(1, vec![20]), (2, vec![30])];
        assert_eq!(left.value(), Content::Entries(expected));
    }
}
