//! Conflict rules as the law lab tries them: each a register, merged by the rule's own
//! object as it serves in a running world.
//!
//! A replica's state is the version that its object holds; to merge another state is to let
//! that version arrive. The rule of sums has no version to hold: it is tried as the plan that
//! it is made of. Rules that keep siblings differ from each other only where two customers
//! write at one region; the lab has one at each replica, so theirs are schedules of customers,
//! in `siblings_tests`.

use super::{ConflictRule, sum};
use crate::crdt::catalogue::{Entry, Family};
use crate::crdt::laws::rules::{self, RuleLab};
use crate::crdt::laws::specification::{Visible, last_by_stamp};
use crate::crdt::laws::{self, Expected, Lab, Law};
use crate::crdt::replicated::{Act, Content, Datum, Part, Replicated, Stamp, Verb, Writer};
use crate::crdt::{Object, Update};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Key, Value};

/// Microseconds in a tick of the lab's clocks: a second, the coarsest stamp that a rule has.
const TICK_US: i64 = 1_000_000;

macro_rules! register {
    ($module:ident :: $rule:ident, $breaks:expr, $expected:expr) => {
        Entry {
            info: &super::$module::INFO,
            family: Family::Rule,
            breaks: $breaks,
            laws: &Law::ALL,
            lab: &RegisterLab {
                rule: &super::$module::$rule,
                expected: $expected,
            },
        }
    };
}

/// Every rule that merges one version into another, in the order in which menus show them.
pub const TRIED: &[Entry] = &[
    register!(last_writer_wins::LastWriterWins, &[], last_by_stamp),
    register!(
        arrival_order::ArrivalOrder,
        &[
            Law::Commutative,
            Law::UpdatesGoUp,
            Law::Specification,
            Law::Deltas,
            Law::Operations,
            Law::Convergence,
        ],
        last_by_stamp
    ),
    register!(
        own_on_equal::OwnOnEqual,
        &[
            Law::Commutative,
            Law::Specification,
            Law::Deltas,
            Law::Operations,
            Law::Convergence,
        ],
        last_by_stamp
    ),
    register!(minimum::Minimum, &[], smallest),
    register!(maximum::Maximum, &[], largest),
    Entry {
        info: &sum::INFO,
        family: Family::Rule,
        breaks: &[
            Law::Idempotent,
            Law::UpdatesGoUp,
            Law::Specification,
            Law::Convergence,
        ],
        laws: rules::LAWS,
        lab: &Summing,
    },
];

fn written(visible: &Visible<'_>) -> impl Iterator<Item = u32> {
    visible.iter().filter_map(|(_, fact)| match fact.act {
        Act::Write(value) => Some(value),
        _ => None,
    })
}

fn smallest(visible: &Visible<'_>) -> Expected {
    let least = written(visible).min();
    Expected::Is(Content::Values(least.into_iter().collect()))
}

fn largest(visible: &Visible<'_>) -> Expected {
    let most = written(visible).max();
    Expected::Is(Content::Values(most.into_iter().collect()))
}

/// The plan of the rule of sums.
struct Summing;

thread_local! {
    /// Read once; it lives as long as its thread.
    static SUMMING: &'static RuleLab =
        Box::leak(Box::new(RuleLab::parse(sum::PLAN).expect("a test reads it")));
}

impl Lab for Summing {
    fn empty(&self) -> Box<dyn laws::Replica> {
        SUMMING.with(|plan| plan.empty())
    }

    fn verbs(&self) -> &[Verb] {
        SUMMING.with(|plan| plan.verbs())
    }

    fn is_timed(&self) -> bool {
        SUMMING.with(|plan| plan.is_timed())
    }

    fn expected(&self, visible: &Visible<'_>) -> Expected {
        SUMMING.with(|plan| plan.expected(visible))
    }

    fn is_allowed(&self) -> Option<fn(&Content) -> bool> {
        SUMMING.with(|plan| plan.is_allowed())
    }
}

/// A register under a rule.
struct RegisterLab {
    rule: &'static dyn ConflictRule,
    expected: fn(&Visible<'_>) -> Expected,
}

impl Lab for RegisterLab {
    fn empty(&self) -> Box<dyn laws::Replica> {
        Box::new(Ruled::new(self.rule))
    }

    fn verbs(&self) -> &[Verb] {
        &[Verb::Write]
    }

    fn is_timed(&self) -> bool {
        true
    }

    fn expected(&self, visible: &Visible<'_>) -> Expected {
        (self.expected)(visible)
    }

    fn is_allowed(&self) -> Option<fn(&Content) -> bool> {
        None
    }
}

/// A replica under a rule: its object, and the update that this holds.
struct Ruled {
    rule: &'static dyn ConflictRule,
    object: Box<dyn Object>,
    held: Option<Update>,
}

impl Ruled {
    fn new(rule: &'static dyn ConflictRule) -> Self {
        Self {
            rule,
            object: rule.empty_object(Value(0), 0),
            held: None,
        }
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
        let held = |it: &Self| { it.held.as_ref() }.map(|held| (held.dot, held.stamp_us));
        held(self) == held(other) && self.object.value() == other.object.value()
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
        let Act::Write(value) = act else {
            return None;
        };
        Some(Update {
            sequence: writer.dot.counter,
            dot: writer.dot,
            write: FactId(u32::from(writer.dot.origin) << 16 | writer.dot.counter),
            key: Key(0),
            stamp_us: i64::from(writer.time) * TICK_US,
            change: self.object.prepare(OpKind::Write, Value(value)),
        })
    }

    fn apply(&mut self, update: &Update) {
        if self.object.apply(update, &mut Vec::new()) {
            self.held = Some(update.clone());
        }
    }

    fn merge(&mut self, other: &Self) {
        if let Some(arriving) = &other.held {
            self.apply(arriving);
        }
    }

    fn delta(&self, update: &Update) -> Self {
        let mut delta = Self::new(self.rule);
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        let held = self.held.iter().map(|_| self.object.value().0);
        Content::Values(held.collect())
    }

    fn state(&self) -> Vec<Part> {
        let rows = self.held.iter().map(|held| {
            let stamp = Stamp {
                time: (held.stamp_us / TICK_US) as u32,
                dot: held.dot,
            };
            let value = Datum::Number(self.object.value().0.into());
            vec![value, Datum::Stamp(stamp)]
        });
        vec![Part::new("held", rows)]
    }

    fn bytes(&self) -> u32 {
        1 + self.held.as_ref().map_or(0, Self::update_bytes)
    }

    fn update_bytes(_: &Update) -> u32 {
        4 + Stamp::BYTES
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::laws::{Effort, Step, search};
    use crate::policy::Soundness;

    const fn write(replica: u8, value: u32) -> Step {
        let (time, act) = (0, Act::Write(value));
        Step::Act { replica, time, act }
    }

    const fn merge(from: u8, into: u8) -> Step {
        Step::Merge { from, into }
    }

    #[test]
    fn the_search_finds_the_broken_laws_of_every_rule_and_no_other() {
        for rule in TRIED {
            let findings = search(rule.lab, rule.laws, Effort::default());
            let broken = findings.iter().filter(|it| it.counterexample.is_some());
            let broken: Vec<Law> = broken.map(|it| it.law).collect();
            assert_eq!(broken, rule.breaks, "{}", rule.info.id);
            assert_eq!(rule.is_broken(), !broken.is_empty(), "{}", rule.info.id);
        }
    }

    #[test]
    fn the_smallest_counterexamples_are_those_known_by_hand() {
        let known: &[(&str, Law, &[Step])] = &[
            // Each of two takes what the other wrote.
            (
                "arrival_order",
                Law::Commutative,
                &[write(0, 1), write(1, 2)],
            ),
            // An older self arrives after the newer one.
            (
                "arrival_order",
                Law::UpdatesGoUp,
                &[write(0, 1), write(0, 2)],
            ),
            // Equal stamps: each keeps its own.
            (
                "own_on_equal",
                Law::Commutative,
                &[write(0, 1), write(1, 2)],
            ),
            // A region's own second write in a second is discarded.
            (
                "own_on_equal",
                Law::Specification,
                &[write(0, 1), write(0, 2)],
            ),
            // One write that arrives twice counts twice.
            ("sum", Law::Idempotent, &[write(0, 1)]),
            // The same at somebody else's: more is shown than was ever written.
            (
                "sum",
                Law::Specification,
                &[write(0, 1), merge(0, 1), merge(0, 1)],
            ),
        ];
        for (id, law, steps) in known {
            let rule = { TRIED.iter() }.find(|rule| rule.info.id == *id).unwrap();
            let found = search(rule.lab, &[*law], Effort::default()).remove(0);
            let found = found.counterexample.unwrap();
            assert_eq!(found.history.steps, *steps, "{id}, {}", law.id());
            assert_ne!(found.violation.found.value, found.violation.expected.value);
        }
    }

    #[test]
    fn every_broken_rule_is_tried_or_loses_writes_only_to_clients_of_one_region() {
        let broken = super::super::all()
            .filter(|rule| matches!(rule.info().soundness, Soundness::Broken { .. }));
        for rule in broken {
            let id = rule.info().id;
            let is_tried = TRIED.iter().any(|it| it.info.id == id);
            assert_ne!(is_tried, id == "siblings_by_version_vector", "{id}");
        }
    }
}
