//! Rules that an application says in words, in the language of
//! [`crate::crdt::laws::rules`]: one that is written there can be tried by the law lab
//! before it decides here.
//!
//! A service holds a value, and an update carries the value that was written. Where the
//! plan merges two numbers by keeping one of them, that is a [`Winner`]: the written one
//! goes through the rule at its origin too, so a value only ever goes one way.

use std::sync::LazyLock;

use super::{Version, Winner};
use crate::crdt::laws::rules::{Plan, Rule, parse};

/// A plan that is read when it is first needed; none where the words are no plan.
#[derive(Debug)]
pub struct ByPlan {
    /// Its words.
    pub source: &'static str,
    plan: LazyLock<Option<Plan>>,
}

impl ByPlan {
    /// Of a plan in words, which `read` reads: `|| ByPlan::read(SOURCE)`.
    pub const fn new(source: &'static str, read: fn() -> Option<Plan>) -> Self {
        Self {
            source,
            plan: LazyLock::new(read),
        }
    }

    /// The plan that these words are.
    pub fn read(source: &str) -> Option<Plan> {
        parse::parse(source).ok()
    }

    /// How two values become one; nothing where the words are no plan.
    pub fn rule(&self) -> Option<&Rule> {
        self.plan.as_ref().map(|plan| &plan.rule)
    }
}

impl Winner for ByPlan {
    fn replaces(&self, current: &Version, incoming: &Version) -> bool {
        let (own, other) = (current.value.0.into(), incoming.value.0.into());
        if own == other {
            // Both are right; all regions name the same write for it.
            return incoming.dot > current.dot;
        }
        self.rule()
            .is_some_and(|rule| rule.of_numbers(own, other) == other)
    }
}
