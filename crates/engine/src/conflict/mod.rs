//! Conflict rules: what becomes of two writes of a register that meet. One rule a file.
//!
//! # Code map
//! - Here: what a rule says of itself, and the versions that most of them compare.
//! - [`Register`]: one version, kept or replaced by a rule that is a [`Winner`].
//! - [`Decision`]: by what a rule decides.
//! - [`application_rule`]: what an application decides by the values themselves; designs say
//!   by [`field_rule`] and [`state_order`] how.
//! - [`siblings`]: versions that are kept side by side; [`shown`]: what a read returns then.
//! - [`settings`]: what can be set of those rules.
//! - [`tried`]: rules as the law lab tries them; `ruled`: the register that they decide in.
//!
//! The page opens with `FIRST`; the others, `LATER`, come with the strategies that do
//! (see [`crate::replication::Later`]).

mod amount;
pub mod application_rule;
pub mod arrival_order;
pub mod ask_user;
mod decision;
pub mod field_rule;
pub mod field_wise;
pub mod hybrid_last_writer_wins;
pub mod last_writer_wins;
pub mod maximum;
pub mod minimum;
pub mod order_of_states;
pub mod own_on_equal;
mod register;
mod ruled;
pub mod settings;
pub mod shown;
pub mod siblings;
pub mod siblings_by_dotted_version_vector;
pub mod siblings_by_version_vector;
#[cfg(test)]
mod siblings_tests;
pub mod siblings_under_one_vector;
pub mod state_order;
pub mod sum;
pub mod tried;
#[cfg(test)]
mod winner_tests;

pub use decision::Decision;
pub use register::Register;

use crate::crdt::{Dot, DotContext, Object};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::Info;
use crate::records::Field;
use crate::replication;
use crate::sim::fact::{FactId, FactKind, HostId};
use crate::sim::node::{Context, Key, Value};
use crate::view::VersionView;

/// One version of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Version {
    /// The value.
    pub value: Value,
    /// What the origin's clock showed, in microseconds: its wall clock, or the l of its
    /// hybrid clock.
    pub stamp_us: i64,
    /// The c of its hybrid clock: events since l last changed. 0 by a wall clock.
    pub count: u16,
    /// Where it was accepted, and which one there.
    pub dot: Dot,
    /// The fact that accepted it.
    pub write: FactId,
}

impl Version {
    /// For panels.
    fn view(&self) -> VersionView {
        VersionView {
            write: self.write,
            value: self.value,
            origin: self.dot.origin,
            sequence: self.dot.counter,
            stamp_us: self.stamp_us,
            count: self.count,
        }
    }
}

/// A rule for writes that meet.
pub trait ConflictRule: Sync {
    /// What the catalogue says of it.
    fn info(&self) -> &'static Info;

    /// By what it decides between two writes that did not know of each other.
    fn decides_by(&self) -> Decision;

    /// By what it decides between two of one field of a record.
    fn decides_by_field(&self, _field: Field) -> Decision {
        self.decides_by()
    }

    /// The place of a value among those that it decides between, where it goes by values.
    fn rank(&self, value: Value) -> u32 {
        value.0
    }

    /// The same rule as a service sets it, where the design chooses what it goes by.
    fn as_set(&self, _service: &Service) -> Option<&'static dyn ConflictRule> {
        None
    }

    /// The rule in the language of [`crate::crdt::laws::rules`], where that can say it.
    fn plan(&self) -> Option<String> {
        None
    }

    /// Whether it can merge what a service of this kind holds.
    fn serves(&self, kind: ServiceKind) -> bool {
        REGISTERS.contains(&kind)
    }

    /// Whether regions stamp writes with their hybrid clocks in place of their wall clocks.
    fn is_stamped_by_hybrid_clock(&self) -> bool {
        false
    }

    /// The design slots that it needs beside its own, in the order in which menus show them.
    fn slots(&self) -> &'static [Slot] {
        &[]
    }

    /// Whether a read returns several values where several stand side by side, as
    /// [`shown::Shown`].
    fn keeps_siblings(&self) -> bool {
        false
    }

    /// What a key holds in a region before anything was written, which shows `initial` then.
    fn empty_object(&self, initial: Value, region: u8) -> Box<dyn Object>;
}

/// Services that can hold a register a key.
const REGISTERS: &[ServiceKind] = &[
    ServiceKind::Prices,
    ServiceKind::Carts,
    ServiceKind::Orders,
    ServiceKind::Profiles,
    ServiceKind::Documents,
];

/// Services that hold one number a key, which may be one of several. A profile is none of
/// them: with both of its fields it is a value already, and leaves no room for another.
const ONE_REGISTER: &[ServiceKind] = &[ServiceKind::Prices, ServiceKind::Orders];

/// What a customer has read of a key, as her app gives it back with her next write.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadContext {
    /// Whether it was given out with a value; else nobody knows what she has read.
    pub is_given: bool,
    /// Every version that she was told or that those replaced.
    pub dots: DotContext,
    /// The writes that she was told: for the trace alone, no rule asks.
    pub writes: Vec<FactId>,
}

impl ReadContext {
    /// Its size on the wire in bytes.
    pub fn bytes(&self) -> u32 {
        self.dots.bytes()
    }

    /// Notes all that another one has read, too.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.dots.merge(&other.dots);
        let writes = other.writes.iter();
        let more = writes.filter(|write| !self.writes.contains(write));
        let more: Vec<FactId> = more.copied().collect();
        self.writes.extend(more);
    }

    /// Records what a write of a key by a customer who gave this goes by.
    pub(crate) fn record(&self, cx: &mut Context<'_>, write: FactId, customer: HostId, key: Key) {
        let mut read: Vec<u32> = self.writes.iter().map(|write| write.0).collect();
        if read.is_empty() {
            read.push(FactId::NONE.0);
        }
        let is_given = u8::from(self.is_given);
        for version in read {
            let subjects = [write.0, version, key.0];
            cx.record_because(write, FactKind::ContextGiven, is_given, customer, subjects);
        }
    }
}

/// How many questions a region may ask in a run, and has asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Questions {
    /// How many it has asked.
    pub asked: u32,
    /// How many it may ask in all.
    pub most: u32,
}

/// A rule that chooses between the version a replica has and one that arrives.
pub trait Winner: Sync {
    /// Whether the arriving version replaces the current one.
    fn replaces(&self, current: &Version, incoming: &Version) -> bool;
}

impl std::fmt::Debug for dyn ConflictRule {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

/// The rules that are there from the beginning.
const FIRST: &[&dyn ConflictRule] = &[&last_writer_wins::LastWriterWins];

/// The others, in the order in which menus show them.
pub const LATER: &[&dyn ConflictRule] = &[
    &hybrid_last_writer_wins::HybridLastWriterWins,
    &arrival_order::ArrivalOrder,
    &own_on_equal::OwnOnEqual,
    &siblings_by_version_vector::RULE,
    &siblings_under_one_vector::RULE,
    &siblings_by_dotted_version_vector::RULE,
    &ask_user::AskUser,
    &minimum::Minimum,
    &maximum::Maximum,
    &sum::Sum,
    &order_of_states::BEATS_CANCELLED,
    &field_wise::BY_STAMPS,
];

/// Every conflict rule that is there, in the order in which menus show them.
pub fn all() -> impl Iterator<Item = &'static dyn ConflictRule> {
    FIRST.iter().chain(replication::later_rules()).copied()
}

/// Whether this is the id of a rule by which values only ever go one way, of a whole value or
/// of a field.
pub fn is_one_way(id: &str) -> bool {
    let rules = all().filter(|rule| rule.info().id == id);
    let fields = field_rule::FieldRule::ALL.into_iter();
    let fields = fields.filter(|rule| rule.info().id == id);
    let mut decisions = rules
        .map(ConflictRule::decides_by)
        .chain(fields.map(field_rule::FieldRule::decides_by));
    decisions.any(Decision::is_one_way)
}
