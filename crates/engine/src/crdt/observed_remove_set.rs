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

use super::{Change, DataType, Dot, Object, Superseded, Update};
use crate::clocks::VersionVector;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::VersionView;

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

/// A set of dots: a vector for those without gaps, a sorted list for the rest.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct DotContext {
    vector: VersionVector,
    cloud: Vec<Dot>,
}

impl DotContext {
    fn contains(&self, dot: Dot) -> bool {
        dot.counter <= self.vector.get(dot.origin) || self.cloud.binary_search(&dot).is_ok()
    }

    fn insert(&mut self, dot: Dot) {
        if !self.contains(dot)
            && let Err(place) = self.cloud.binary_search(&dot)
        {
            self.cloud.insert(place, dot);
            self.compact();
        }
    }

    fn merge(&mut self, other: &Self) {
        self.vector.merge(&other.vector);
        for &dot in &other.cloud {
            if let Err(place) = self.cloud.binary_search(&dot) {
                self.cloud.insert(place, dot);
            }
        }
        self.compact();
    }

    /// Moves into the vector what has no gap below it. The cloud is sorted, so
    /// one pass is enough.
    fn compact(&mut self) {
        let vector = &mut self.vector;
        self.cloud.retain(|dot| {
            if dot.counter == vector.get(dot.origin) + 1 {
                vector.set(dot.origin, dot.counter);
            }
            dot.counter > vector.get(dot.origin)
        });
    }
}

/// One addition that is still in the set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Element {
    dot: Dot,
    item: u8,
    write: FactId,
    stamp_us: i64,
}

/// A replica of the set, and equally a delta of it.
#[derive(Clone, Debug, Default)]
pub struct ObservedRemoveSet {
    /// Sorted by dot.
    elements: Vec<Element>,
    context: DotContext,
}

impl PartialEq for ObservedRemoveSet {
    /// Two states are equal when they hold the same dots and know the same dots.
    fn eq(&self, other: &Self) -> bool {
        self.context == other.context && self.dots().eq(other.dots())
    }
}

impl ObservedRemoveSet {
    /// An empty set.
    pub fn new() -> Self {
        Self::default()
    }

    fn dots(&self) -> impl Iterator<Item = (Dot, u8)> + '_ {
        self.elements
            .iter()
            .map(|element| (element.dot, element.item))
    }

    /// The dots of an element here.
    pub fn observed(&self, item: u8) -> Rc<[Dot]> {
        self.dots()
            .filter(|&(_, held)| held == item)
            .map(|(dot, _)| dot)
            .collect()
    }

    /// Whether an element is in the set.
    pub fn contains(&self, item: u8) -> bool {
        self.elements.iter().any(|element| element.item == item)
    }

    /// The dot that the next write of this origin gets.
    pub fn next_dot(&self, origin: u8) -> Dot {
        let seen = self.context.cloud.iter().filter(|dot| dot.origin == origin);
        let last = seen.map(|dot| dot.counter).max().unwrap_or(0);
        Dot {
            origin,
            counter: last.max(self.context.vector.get(origin)) + 1,
        }
    }

    /// The delta of an update: what to merge to have applied it.
    pub fn delta(update: &Update) -> Self {
        let mut delta = Self::new();
        delta.context.insert(update.dot);
        match &update.change {
            Change::Add { item, observed } => {
                observed.iter().for_each(|&dot| delta.context.insert(dot));
                delta.elements.push(Element {
                    dot: update.dot,
                    item: *item,
                    write: update.write,
                    stamp_us: update.stamp_us,
                });
            }
            Change::Remove { observed, .. } => {
                observed.iter().for_each(|&dot| delta.context.insert(dot));
            }
            Change::Put(_) => {}
        }
        delta
    }

    /// Joins another state into this one: an element stays if both have it, or if
    /// one has it and the other has never seen its dot.
    pub fn merge(&mut self, other: &Self) {
        self.elements.retain(|element| {
            !other.context.contains(element.dot)
                || other.elements.iter().any(|held| held.dot == element.dot)
        });
        for element in &other.elements {
            if !self.context.contains(element.dot)
                && let Err(place) = self
                    .elements
                    .binary_search_by_key(&element.dot, |held| held.dot)
            {
                self.elements.insert(place, *element);
            }
        }
        self.context.merge(&other.context);
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
            Change::Put(_) => return false,
        };
        for &dot in observed.iter() {
            if let Ok(place) = self.elements.binary_search_by_key(&dot, |held| held.dot) {
                superseded.push(Superseded {
                    lost: self.elements.remove(place).write,
                    by: update.write,
                });
            }
            self.context.insert(dot);
        }
        let place = self
            .elements
            .binary_search_by_key(&update.dot, |held| held.dot);
        if let (Some(item), Err(place)) = (added, place)
            && !self.context.contains(update.dot)
        {
            let element = Element {
                dot: update.dot,
                item,
                write: update.write,
                stamp_us: update.stamp_us,
            };
            self.elements.insert(place, element);
        }
        self.context.insert(update.dot);
        added.is_none()
            || self
                .elements
                .binary_search_by_key(&update.dot, |held| held.dot)
                .is_ok()
    }

    fn value(&self) -> Value {
        Value(
            self.elements
                .iter()
                .fold(0, |bits, element| bits | 1 << element.item),
        )
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.elements.iter().map(|element| VersionView {
            write: element.write,
            value: Value(u32::from(element.item)),
            origin: element.dot.origin,
            sequence: element.dot.counter,
            stamp_us: element.stamp_us,
        }));
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::node::Key;

    fn act(set: &mut ObservedRemoveSet, origin: u8, kind: OpKind, item: u8) -> Update {
        let update = Update {
            sequence: 0,
            dot: set.next_dot(origin),
            write: FactId(0),
            key: Key(0),
            stamp_us: 0,
            change: set.prepare(kind, Value(u32::from(item))),
        };
        set.apply(&update, &mut Vec::new());
        update
    }

    #[test]
    fn an_addition_wins_over_a_removal_that_did_not_see_it() {
        let (mut left, mut right) = (ObservedRemoveSet::new(), ObservedRemoveSet::new());
        let add = act(&mut left, 0, OpKind::Add, 3);
        right.apply(&add, &mut Vec::new());
        let again = act(&mut left, 0, OpKind::Add, 3);
        let remove = act(&mut right, 1, OpKind::Remove, 3);
        assert!(!right.contains(3));
        left.apply(&remove, &mut Vec::new());
        right.apply(&again, &mut Vec::new());
        assert!(left.contains(3) && right.contains(3));
        assert_eq!(left, right);
    }

    #[test]
    fn a_removal_that_arrives_before_its_addition_still_removes_it() {
        let mut left = ObservedRemoveSet::new();
        let add = act(&mut left, 0, OpKind::Add, 1);
        let remove = act(&mut left, 0, OpKind::Remove, 1);
        let mut right = ObservedRemoveSet::new();
        right.apply(&remove, &mut Vec::new());
        assert!(!right.apply(&add, &mut Vec::new()));
        assert!(!right.contains(1));
        assert_eq!(left, right);
    }
}
