//! What the laws are tried on: what the catalogue has, or a merge rule that somebody composed.

use splitbrain_engine::crdt::catalogue::Entry;
use splitbrain_engine::crdt::laws::rules::{LAWS, RuleLab};
use splitbrain_engine::crdt::laws::{Lab, Law};

/// What is tried.
#[derive(Clone, Debug)]
pub(super) enum Subject {
    /// A type, or a conflict rule.
    Type(&'static Entry),
    /// A merge rule.
    Rule(RuleLab),
}

impl Subject {
    /// What the search is given.
    pub(super) fn lab(&self) -> &dyn Lab {
        match self {
            Self::Type(entry) => entry.lab,
            Self::Rule(rule) => rule,
        }
    }

    /// The laws that can be tried.
    pub(super) fn laws(&self) -> &'static [Law] {
        match self {
            Self::Type(entry) => entry.laws,
            Self::Rule(_) => LAWS,
        }
    }

    /// The laws that it is known to break.
    pub(super) fn breaks(&self) -> &'static [Law] {
        match self {
            Self::Type(entry) => entry.breaks,
            Self::Rule(_) => &[],
        }
    }
}

impl PartialEq for Subject {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Type(one), Self::Type(other)) => one.info.id == other.info.id,
            (Self::Rule(one), Self::Rule(other)) => one.plan() == other.plan(),
            _ => false,
        }
    }
}
