//! Replicated data types, one a file, and what they share: updates that travel
//! between replicas, and objects that apply them.

pub mod observed_remove_set;

use std::rc::Rc;

pub use observed_remove_set::ObservedRemoveSet;

use crate::policy::Info;
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Key, Value};
use crate::view::VersionView;

/// A replicated data type of the catalogue.
#[derive(Debug)]
pub struct DataType {
    /// What the catalogue says of it.
    pub info: &'static Info,
    /// Makes an empty object.
    pub empty: fn() -> Box<dyn Object>,
}

/// Every replicated data type, in the order in which menus show them.
pub const ALL: &[&DataType] = &[&observed_remove_set::DATA_TYPE];

/// A write's unique name: where it was accepted and which one of that key there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// The region, by its place in the scenario.
    pub origin: u8,
    /// Counted from 1 for each key and region.
    pub counter: u32,
}

/// What a write does to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Replaces the value.
    Put(Value),
    /// Adds an element and supersedes what was observed of it.
    Add {
        /// The element's index.
        item: u8,
        /// The dots of the element at the origin.
        observed: Rc<[Dot]>,
    },
    /// Removes what was observed of an element.
    Remove {
        /// The element's index.
        item: u8,
        /// The dots of the element at the origin.
        observed: Rc<[Dot]>,
    },
}

impl Change {
    /// Its size on the wire in bytes.
    pub fn bytes(&self) -> u32 {
        match self {
            Self::Put(_) => 4,
            Self::Add { observed, .. } | Self::Remove { observed, .. } => {
                2 + 5 * observed.len() as u32
            }
        }
    }
}

/// One write on its way to every replica.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update {
    /// Its place among all updates of its origin, from 1.
    pub sequence: u32,
    /// Its unique name.
    pub dot: Dot,
    /// The fact that accepted it.
    pub write: FactId,
    /// The key.
    pub key: Key,
    /// What the origin's wall clock showed, in microseconds.
    pub stamp_us: i64,
    /// What it does.
    pub change: Change,
}

impl Update {
    /// Its size on the wire in bytes.
    pub fn bytes(&self) -> u32 {
        21 + self.change.bytes()
    }
}

/// A write that stopped being reflected, and the one that took its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Superseded {
    /// The write that lost.
    pub lost: FactId,
    /// The write that won.
    pub by: FactId,
}

/// What one replica holds under one key.
pub trait Object {
    /// What a customer's request becomes at its origin.
    fn prepare(&self, kind: OpKind, argument: Value) -> Change;

    /// Applies an update and says whether the value reflects it. What it
    /// supersedes, or what superseded it, goes on the list.
    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool;

    /// What a read returns.
    fn value(&self) -> Value;

    /// The surviving versions.
    fn versions(&self, versions: &mut Vec<VersionView>);

    /// A copy, for checkpoints.
    fn boxed_clone(&self) -> Box<dyn Object>;
}

impl std::fmt::Debug for dyn Object {
    /// Its kind only: what it holds would put every type's text into the page.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Object")
    }
}

impl Clone for Box<dyn Object> {
    fn clone(&self) -> Self {
        self.as_ref().boxed_clone()
    }
}
