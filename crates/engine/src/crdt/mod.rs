//! Replicated data types, one a file, and what they share.
//!
//! # Code map
//! - Here: what a running world asks of them. Updates that travel between replicas, and
//!   objects that apply them; [`ALL`] are those that can serve in it.
//! - [`replicated`]: what all of them can do, in the same terms. [`catalogue`]: all of
//!   them, the broken ones beside the sound ones. [`laws`]: what a sound one keeps, and
//!   the search for what a broken one does not.
//! - [`merging`]: states that benches merge.
//! - [`totals`], [`dot_context`], [`dot_kernel`]: what several are made of.

pub mod bounded_counter;
pub mod cart_by_maximum;
pub mod catalogue;
pub mod counter_by_last_write;
pub mod dot_context;
pub mod dot_kernel;
pub mod early_collecting_set;
pub mod g_counter;
pub mod g_set;
pub mod laws;
pub mod logoot;
pub mod lww_element_set;
pub mod lww_register;
pub mod merging;
pub mod multi_value_register;
pub mod observed_remove_map;
pub mod observed_remove_set;
pub mod own_on_equal_register;
pub mod pn_counter;
pub mod published_add_wins_set;
pub mod published_clock_register;
pub mod region_tag_set;
pub mod remove_wins_set;
pub mod replicated;
pub mod sequence;
pub mod stock_counter;
#[cfg(test)]
mod testing;
pub mod tombstone_set;
pub mod totals;
pub mod two_phase_set;

use std::rc::Rc;

pub use bounded_counter::BoundedCounter;
pub use catalogue::{ALL_TYPES, Entry, Family};
pub use dot_context::DotContext;
pub use dot_kernel::DotKernel;
pub use g_counter::GCounter;
pub use g_set::GSet;
pub use lww_element_set::LwwElementSet;
pub use lww_register::LwwRegister;
pub use multi_value_register::MultiValueRegister;
pub use observed_remove_map::ObservedRemoveMap;
pub use observed_remove_set::ObservedRemoveSet;
pub use pn_counter::PnCounter;
pub use remove_wins_set::RemoveWinsSet;
pub use replicated::{Replicated, Verb};
pub use sequence::Sequence;
pub use tombstone_set::TombstoneSet;
pub use two_phase_set::TwoPhaseSet;

use crate::conflict::{Decision, Questions, ReadContext};
use crate::design::ServiceKind;
use crate::policy::Info;
use crate::records::Field;
use crate::sim::fact::{FactId, HostId, OpKind};
use crate::sim::node::{Context, Key, Value};
use crate::view::{Beside, VersionView};

/// A replicated data type of the catalogue.
#[derive(Debug)]
pub struct DataType {
    /// What the catalogue says of it.
    pub info: &'static Info,
    /// Makes an empty object.
    pub empty: fn() -> Box<dyn Object>,
}

/// Every replicated data type that can serve in a running world, in the order in which
/// menus show them.
pub const ALL: &[&DataType] = &[&observed_remove_set::DATA_TYPE];

/// What of the writes to a replica lives on in it, as the trace is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trail {
    /// Of a set: the additions of the items that are shown, and every removal.
    ByItem,
    /// Of a text: the insertions whose characters are shown or were deleted, and every
    /// deletion.
    ByWord,
    /// Of registers and maps: the writes whose names stand in the part `held` of its state.
    ByName,
    /// One write of all.
    Newest,
    /// Every write.
    All,
}

/// A replicated data type of the catalogue that serves in a running world by what it can
/// in all its forms: as states, as deltas and as operations.
#[derive(Debug)]
pub struct MergedType {
    /// What the catalogue says of it.
    pub info: &'static Info,
    /// The services that it can keep.
    pub kinds: &'static [ServiceKind],
    /// What it does.
    pub verbs: &'static [Verb],
    /// What of the writes lives on.
    pub trail: Trail,
    /// By what it decides between two writes that did not know of each other.
    pub decides_by: Decision,
    /// Whether a read returns several values where several stand side by side, and writes
    /// replace what their customer had read.
    pub has_siblings: bool,
    /// Whether it remembers removals that a region can be made to forget.
    pub has_tombstones: bool,
    /// Makes an empty replica.
    pub empty: fn() -> Box<dyn laws::Replica>,
}

impl MergedType {
    /// Whether it does this.
    pub fn does(&self, verb: Verb) -> bool {
        self.verbs.contains(&verb)
    }
}

/// A write's unique name: where it was accepted and which one of that key there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dot {
    /// The region, by its place in the scenario.
    pub origin: u8,
    /// Counted from 1 for each key and region.
    pub counter: u32,
}

impl Dot {
    /// Its size on the wire in bytes.
    pub const BYTES: u32 = 5;
}

/// What a write does to an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// Replaces the value.
    Put(Value),
    /// Replaces the value, stamped by a hybrid clock whose l is the stamp of the update.
    PutAt {
        /// The new value.
        value: Value,
        /// The c of the clock.
        count: u16,
    },
    /// Replaces what its customer had read.
    PutAfter {
        /// The new value.
        value: Value,
        /// The context that came with it.
        past: Rc<ReadContext>,
    },
    /// Replaces a field of a record.
    PutField {
        /// Which.
        field: Field,
        /// The new number.
        number: u32,
    },
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
            Self::PutAt { .. } => 6,
            Self::PutField { .. } => 3,
            Self::PutAfter { past, .. } => 4 + past.bytes(),
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
    /// What the origin's clock showed, in microseconds: its wall clock, or the l of its
    /// hybrid clock.
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

    /// The same, for a customer who gives back the context of what she last read of the
    /// key, if she does.
    fn prepare_after(
        &self,
        kind: OpKind,
        argument: Value,
        read: Option<&Rc<ReadContext>>,
    ) -> Change {
        let _ = read;
        self.prepare(kind, argument)
    }

    /// Applies an update and says whether the value reflects it. What it
    /// supersedes, or what superseded it, goes on the list.
    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool;

    /// What a read returns.
    fn value(&self) -> Value;

    /// What whoever is told the value is to give back with her next write of the key;
    /// nothing where writes do not depend on what was read.
    fn context(&self) -> Option<ReadContext> {
        None
    }

    /// Records what a write that is accepted here may replace, if that depends on what its
    /// customer had read. It is not applied yet.
    fn record_context(
        &self,
        cx: &mut Context<'_>,
        write: FactId,
        customer: HostId,
        key: Key,
        change: &Change,
    ) {
        let _ = (cx, write, customer, key, change);
    }

    /// Records what there is to say of an update that was just applied, besides whether it
    /// is reflected and what it took the place of.
    fn record_apply(
        &mut self,
        cx: &mut Context<'_>,
        applied: FactId,
        update: &Update,
        questions: &mut Questions,
    ) {
        let _ = (cx, applied, update, questions);
    }

    /// The question that this region asks about it, if it does.
    fn question(&self) -> Option<FactId> {
        None
    }

    /// The surviving versions.
    fn versions(&self, versions: &mut Vec<VersionView>);

    /// What is kept beside them, for panels.
    fn beside(&self) -> Beside {
        Beside::Nothing
    }

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
