//! A register under a conflict rule, as the law lab tries it.
//!
//! A replica's state is the versions that its object holds: one, of a record one a field, of
//! siblings all of them. To merge another state is to let those versions arrive.

use std::rc::Rc;

use super::ConflictRule;
use crate::clocks::{HybridClock, HybridStamp};
use crate::crdt::laws::specification::Visible;
use crate::crdt::laws::{self, Expected, Lab};
use crate::crdt::replicated::{Act, Content, Datum, Part, Replicated, Stamp, Verb, Writer};
use crate::crdt::{Change, Object, Update};
use crate::design::Slot;
use crate::records::Field;
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Key, Value};

/// Microseconds in a tick of the lab's clocks: a second, the coarsest stamp that a rule has.
const TICK_US: i64 = 1_000_000;

/// A register under a rule.
pub(super) struct RegisterLab {
    /// The rule.
    pub(super) rule: &'static dyn ConflictRule,
    /// What is to be shown.
    pub(super) expected: fn(&Visible<'_>) -> Expected,
    /// What is done to it.
    pub(super) verbs: &'static [Verb],
}

impl Lab for RegisterLab {
    fn empty(&self) -> Box<dyn laws::Replica> {
        Box::new(Ruled::new(self.rule))
    }

    fn verbs(&self) -> &[Verb] {
        self.verbs
    }

    fn is_timed(&self) -> bool {
        !self.rule.keeps_siblings()
    }

    fn expected(&self, visible: &Visible<'_>) -> Expected {
        (self.expected)(visible)
    }

    fn is_allowed(&self) -> Option<fn(&Content) -> bool> {
        None
    }
}

/// A replica under a rule: its object, and the updates that this holds.
struct Ruled {
    rule: &'static dyn ConflictRule,
    object: Box<dyn Object>,
    /// In the order of their fields, then of their names.
    held: Vec<Update>,
}

/// The field that an update writes, where it writes one of a record.
const fn field_of(update: &Update) -> Option<Field> {
    match update.change {
        Change::PutField { field, .. } => Some(field),
        _ => None,
    }
}

/// The second part of its stamp, where that is of a hybrid clock.
const fn count_of(update: &Update) -> u16 {
    match update.change {
        Change::PutAt { count, .. } => count,
        _ => 0,
    }
}

impl Ruled {
    fn new(rule: &'static dyn ConflictRule) -> Self {
        Self {
            rule,
            object: rule.empty_object(Value(0), 0),
            held: Vec::new(),
        }
    }

    /// The stamp of a write, and what it is to carry of it.
    fn stamped(&self, time: u32, change: Change) -> (i64, Change) {
        let physical_us = i64::from(time) * TICK_US;
        let Change::Put(value) = change else {
            return (physical_us, change);
        };
        if !self.rule.is_stamped_by_hybrid_clock() {
            return (physical_us, change);
        }
        // What is held has the largest stamp that was heard of.
        let held = self.held.first();
        let last = held.and_then(|held| HybridStamp::new(held.stamp_us as u64, count_of(held)));
        let mut clock = HybridClock::default();
        clock.advance_to(last.unwrap_or_default());
        let stamp = clock
            .tick(physical_us as u64)
            .unwrap_or_else(|_| clock.last());
        let count = stamp.c();
        (stamp.l_us() as i64, Change::PutAt { value, count })
    }

    /// Whether it holds a record.
    fn is_record(&self) -> bool {
        self.rule.slots().contains(&Slot::AddressRule)
    }
}

/// The number that an update writes.
const fn number_of(update: &Update) -> u32 {
    match update.change {
        Change::Put(value) | Change::PutAt { value, .. } | Change::PutAfter { value, .. } => {
            value.0
        }
        Change::PutField { number, .. } => number,
        _ => 0,
    }
}

impl Clone for Ruled {
    fn clone(&self) -> Self {
        Self {
            rule: self.rule,
            object: self.object.boxed_clone(),
            held: self.held.clone(),
        }
    }
}

impl PartialEq for Ruled {
    fn eq(&self, other: &Self) -> bool {
        let name = |held: &Update| (held.dot, held.stamp_us, count_of(held));
        let held = self.held.iter().map(name);
        held.eq(other.held.iter().map(name)) && self.object.value() == other.object.value()
    }
}

impl std::fmt::Debug for Ruled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Ruled").field(&self.held).finish()
    }
}

impl Replicated for Ruled {
    type Update = Update;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Update> {
        let (kind, argument) = match act {
            Act::Write(value) | Act::BlindWrite(value) => (OpKind::Write, Value(value)),
            Act::Put { key, value } => {
                let field = Field::ALL.get(usize::from(key))?;
                (OpKind::WriteField, field.argument(value))
            }
            _ => return None,
        };
        let has_read = matches!(act, Act::Write(_));
        let read = self.object.context().filter(|_| has_read).map(Rc::new);
        let change = self.object.prepare_after(kind, argument, read.as_ref());
        let (stamp_us, change) = self.stamped(writer.time, change);
        Some(Update {
            sequence: writer.dot.counter,
            dot: writer.dot,
            write: FactId(u32::from(writer.dot.origin) << 16 | writer.dot.counter),
            key: Key(0),
            stamp_us,
            change,
        })
    }

    /// A version that is held has arrived, as multi-master knows too.
    fn apply(&mut self, update: &Update) {
        if self.held.iter().any(|held| held.dot == update.dot) {
            return;
        }
        let mut superseded = Vec::new();
        let stands = self.object.apply(update, &mut superseded);
        let is_lost = |held: &Update| superseded.iter().any(|it| it.lost == held.write);
        self.held.retain(|held| !is_lost(held));
        if stands {
            let place = |held: &Update| (field_of(held), held.dot);
            let at = self
                .held
                .partition_point(|held| place(held) < place(update));
            self.held.insert(at, update.clone());
        }
    }

    fn merge(&mut self, other: &Self) {
        for arriving in &other.held {
            self.apply(arriving);
        }
    }

    fn delta(&self, update: &Update) -> Self {
        let mut delta = Self::new(self.rule);
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        if self.is_record() {
            let fields = self.held.iter().filter_map(|held| {
                let field = field_of(held)?;
                Some((field as u8, vec![field.of(self.object.value())]))
            });
            return Content::Entries(fields.collect());
        }
        if self.rule.keeps_siblings() {
            let mut all: Vec<u32> = self.held.iter().map(number_of).collect();
            all.sort_unstable();
            return Content::Values(all);
        }
        let shown = self.held.first().map(|_| self.object.value().0);
        Content::Values(shown.into_iter().collect())
    }

    fn state(&self) -> Vec<Part> {
        let rows = self.held.iter().map(|held| {
            let stamp = Stamp {
                time: (held.stamp_us / TICK_US) as u32,
                dot: held.dot,
            };
            let name = if self.rule.keeps_siblings() {
                Datum::Dot(held.dot)
            } else {
                Datum::Stamp(stamp)
            };
            let field = field_of(held).map(|field| Datum::Item(field as u8));
            let count = (count_of(held) > 0).then(|| Datum::Number(count_of(held).into()));
            let written = [Datum::Number(number_of(held).into()), name];
            field.into_iter().chain(written).chain(count).collect()
        });
        let mut parts = vec![Part::new("held", rows)];
        parts.extend(self.object.context().map(|context| context.dots.part()));
        parts
    }

    fn bytes(&self) -> u32 {
        1 + self.held.iter().map(Self::update_bytes).sum::<u32>()
    }

    fn update_bytes(update: &Update) -> u32 {
        let count = match update.change {
            Change::PutAt { .. } => 2,
            Change::PutField { .. } => 1,
            Change::PutAfter { ref past, .. } => past.bytes(),
            _ => 0,
        };
        4 + Stamp::BYTES + count
    }
}
