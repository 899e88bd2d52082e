//! Conflict rules as the law lab tries them: each a register, merged by the rule's own
//! object as it serves in a running world.
//!
//! [`RegisterLab`] is what they are tried on. The rule of sums has no version to hold: it is
//! tried as the plan that it is made of. A rule that goes by what a writer had read is tried
//! by writers who have read what their replica shows, and by others who have read nothing.

use super::ruled::RegisterLab;
use super::sum;
use crate::crdt::catalogue::{Entry, Family};
use crate::crdt::laws::rules::{self, RuleLab};
use crate::crdt::laws::specification::{
    Visible, fields_by_stamp, last_by_hybrid_stamp, last_by_stamp, latest_of_standing,
    not_overwritten,
};
use crate::crdt::laws::{self, Expected, Lab, Law};
use crate::crdt::replicated::{Act, Content, Verb};

macro_rules! register {
    ($module:ident :: $rule:ident, $breaks:expr, $expected:expr) => {
        register!($module::$rule, $breaks, $expected, &[Verb::Write])
    };
    ($module:ident :: $rule:ident, $breaks:expr, $expected:expr, $verbs:expr) => {
        Entry {
            info: &super::$module::INFO,
            family: Family::Rule,
            breaks: $breaks,
            laws: &Law::ALL,
            lab: &RegisterLab {
                rule: &super::$module::$rule,
                expected: $expected,
                verbs: $verbs,
            },
        }
    };
}

/// By somebody who has read what is there, and by somebody who has not.
const WRITES: &[Verb] = &[Verb::Write, Verb::BlindWrite];

/// Every rule, in the order in which menus show them.
pub const TRIED: &[Entry] = &[
    register!(last_writer_wins::LastWriterWins, &[], last_by_stamp),
    register!(
        hybrid_last_writer_wins::HybridLastWriterWins,
        &[],
        last_by_hybrid_stamp
    ),
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
    register!(
        siblings_by_version_vector::RULE,
        &[Law::Specification],
        not_overwritten,
        WRITES
    ),
    register!(
        siblings_under_one_vector::RULE,
        &[],
        not_overwritten,
        WRITES
    ),
    register!(
        siblings_by_dotted_version_vector::RULE,
        &[],
        not_overwritten,
        WRITES
    ),
    register!(ask_user::AskUser, &[], latest_of_standing, WRITES),
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
    // By their numbers, the states of an order are in the order of the rule.
    register!(order_of_states::BEATS_CANCELLED, &[], largest),
    register!(field_wise::BY_STAMPS, &[], fields_by_stamp, &[Verb::Put]),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::laws::{Effort, Step, search};

    const fn write(replica: u8, value: u32) -> Step {
        let (time, act) = (0, Act::Write(value));
        Step::Act { replica, time, act }
    }

    const fn blind(replica: u8, value: u32) -> Step {
        let (time, act) = (0, Act::BlindWrite(value));
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
            // Two customers of one region: the second had not read what the first wrote.
            (
                "siblings_by_version_vector",
                Law::Specification,
                &[write(0, 1), blind(0, 1)],
            ),
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
    fn every_rule_is_tried() {
        for rule in super::super::all() {
            let id = rule.info().id;
            assert!(TRIED.iter().any(|it| it.info.id == id), "{id}");
        }
        assert_eq!(TRIED.len(), super::super::all().count());
    }
}
