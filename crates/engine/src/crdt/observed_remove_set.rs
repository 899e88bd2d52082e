//! The observed-remove set without tombstones.
//!
//! # What it does
//! Each addition gets a unique dot. A removal takes away the dots it has seen, so
//! an addition that it has not seen survives: add wins over a concurrent remove.
//! A causal context remembers every dot ever seen, so that a removed element is
//! told apart from one that has not arrived yet, without keeping tombstones.
//!
//! # Guarantees
//! Merge is commutative, associative and idempotent; updates only go up;
//! replicas with the same updates show the same set; no acknowledged addition
//! is lost to a removal that did not see it.
//!
//! # Gives up
//! Intentions beyond the set: a removal that raced with an addition of the same
//! element looks undone.
//!
//! # Cost
//! A dot an element, and one vector a set.
//!
//! # Source
//! Bieniusa et al., "An optimized conflict-free replicated set", 2012; the delta
//! form after Almeida, Shoker and Baquero, "Delta state replicated data types",
//! 2018.

use std::rc::Rc;

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::{Change, DataType, Dot, DotKernel, GSet, Object, Superseded, Update};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Key, Value};
use crate::view::{Beside, VersionView};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "observed_remove_set",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::MetadataPerElement],
    sources: &[
        "Bieniusa et al., An optimized conflict-free replicated set, 2012",
        "Almeida, Shoker and Baquero, Delta state replicated data types, 2018",
    ],
};

/// Its entry in the catalogue.
pub const DATA_TYPE: DataType = DataType {
    info: &INFO,
    empty: || Box::new(ObservedRemoveSet::new()),
};

/// One addition that is still in the set.
#[derive(Clone, Copy, Debug)]
struct Element {
    item: u8,
    write: FactId,
    stamp_us: i64,
}

/// A replica of the set, and equally a delta of it.
#[derive(Clone, Debug, Default)]
pub struct ObservedRemoveSet {
    kernel: DotKernel<Element>,
}

impl PartialEq for ObservedRemoveSet {
    /// Two states are equal when they hold the same dots and know the same dots.
    fn eq(&self, other: &Self) -> bool {
        self.kernel.context() == other.kernel.context() && self.dots().eq(other.dots())
    }
}

impl ObservedRemoveSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    fn dots(&self) -> impl Iterator<Item = (Dot, u8)> + '_ {
        let held = self.kernel.iter();
        held.map(|(dot, element)| (dot, element.item))
    }

    /// The dots of an element here.
    pub fn observed(&self, item: u8) -> Rc<[Dot]> {
        self.kernel.dots(|element| element.item == item).collect()
    }

    /// Whether an element is in the set.
    pub fn contains(&self, item: u8) -> bool {
        self.dots().any(|(_, held)| held == item)
    }

    /// The dot that the next write of this origin gets.
    pub fn next_dot(&self, origin: u8) -> Dot {
        self.kernel.context().next(origin)
    }

    /// The delta of an update: what to merge to have applied it.
    pub fn delta(update: &Update) -> Self {
        let mut delta = Self::new();
        Object::apply(&mut delta, update, &mut Vec::new());
        delta
    }

    /// Joins another state into this one: an element stays if both have it, or if
    /// one has it and the other has never seen its dot.
    pub fn merge(&mut self, other: &Self) {
        self.kernel.merge(&other.kernel);
    }
}

impl Object for ObservedRemoveSet {
    fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        let item = argument.0 as u8;
        let observed = self.observed(item);
        match kind {
            OpKind::Remove => Change::Remove { item, observed },
            _ => Change::Add { item, observed },
        }
    }

    /// The same as merging the update's delta, without building it.
    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool {
        let (added, observed) = match &update.change {
            Change::Add { item, observed } => (Some(*item), observed),
            Change::Remove { observed, .. } => (None, observed),
            Change::Put(_)
            | Change::PutAt { .. }
            | Change::PutAfter { .. }
            | Change::PutField { .. } => return false,
        };
        for &dot in observed.iter() {
            superseded.extend(self.kernel.take(dot).map(|element| Superseded {
                lost: element.write,
                by: update.write,
            }));
        }
        let Some(item) = added else {
            self.kernel.note(update.dot);
            return true;
        };
        let element = Element {
            item,
            write: update.write,
            stamp_us: update.stamp_us,
        };
        self.kernel.put(update.dot, element);
        self.kernel.holds(update.dot)
    }

    fn value(&self) -> Value {
        let items = self.dots().map(|(_, item)| item);
        Value(items.fold(0, |bits, item| bits | 1 << item))
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.kernel.iter().map(|(dot, element)| VersionView {
            write: element.write,
            value: Value(u32::from(element.item)),
            origin: dot.origin,
            sequence: dot.counter,
            stamp_us: element.stamp_us,
            count: 0,
        }));
    }

    fn beside(&self) -> Beside {
        Beside::Context(self.kernel.context().clone())
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}

impl Replicated for ObservedRemoveSet {
    type Update = Update;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Update> {
        let change = match act {
            Act::Add(item) => Object::prepare(self, OpKind::Add, Value(item.into())),
            Act::Remove(item) => Object::prepare(self, OpKind::Remove, Value(item.into())),
            _ => return None,
        };
        Some(Update {
            sequence: writer.dot.counter,
            dot: writer.dot,
            write: FactId(0),
            key: Key(0),
            stamp_us: writer.time.into(),
            change,
        })
    }

    fn apply(&mut self, update: &Update) {
        Object::apply(self, update, &mut Vec::new());
    }

    fn merge(&mut self, other: &Self) {
        self.kernel.merge(&other.kernel);
    }

    fn delta(&self, update: &Update) -> Self {
        Self::delta(update)
    }

    fn value(&self) -> Content {
        let items: GSet = self.dots().map(|(_, item)| item).collect();
        items.value()
    }

    fn state(&self) -> Vec<Part> {
        let held = self.dots();
        let held = held.map(|(dot, item)| vec![Datum::Item(item), Datum::Dot(dot)]);
        vec![Part::new("held", held), self.kernel.context().part()]
    }

    fn bytes(&self) -> u32 {
        self.kernel.bytes(1)
    }

    fn update_bytes(update: &Update) -> u32 {
        Dot::BYTES + update.change.bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn act(set: &mut ObservedRemoveSet, origin: u8, kind: OpKind, item: u8) -> Update {
        let update = Update {
            sequence: 0,
            dot: set.next_dot(origin),
            write: FactId(0),
            key: Key(0),
            stamp_us: 0,
            change: Object::prepare(set, kind, Value(u32::from(item))),
        };
        Object::apply(set, &update, &mut Vec::new());
        update
    }

    #[test]
    fn an_addition_wins_over_a_removal_that_did_not_see_it() {
        let (mut left, mut right) = (ObservedRemoveSet::new(), ObservedRemoveSet::new());
        let add = act(&mut left, 0, OpKind::Add, 3);
        Object::apply(&mut right, &add, &mut Vec::new());
        let again = act(&mut left, 0, OpKind::Add, 3);
        let remove = act(&mut right, 1, OpKind::Remove, 3);
        assert!(!right.contains(3));
        Object::apply(&mut left, &remove, &mut Vec::new());
        Object::apply(&mut right, &again, &mut Vec::new());
        assert!(left.contains(3) && right.contains(3));
        assert_eq!(left, right);
    }

    #[test]
    fn a_removal_that_arrives_before_its_addition_still_removes_it() {
        let mut left = ObservedRemoveSet::new();
        let add = act(&mut left, 0, OpKind::Add, 1);
        let remove = act(&mut left, 0, OpKind::Remove, 1);
        let mut right = ObservedRemoveSet::new();
        Object::apply(&mut right, &remove, &mut Vec::new());
        assert!(!Object::apply(&mut right, &add, &mut Vec::new()));
        assert!(!right.contains(1));
        assert_eq!(left, right);
    }
}
