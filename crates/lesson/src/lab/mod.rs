//! What a lesson asks of the law lab, and what a learner answers.
//!
//! - `answer`: what was answered, as values and as a line of text.
//! - `check`: whether it is right. The engine's law lab decides, with the seed of the
//!   learner's run; what a page or a file says of an answer counts for nothing.

mod answer;
mod check;

pub use answer::{Answer, Answers, MAX_CHARACTERS, MAX_STEPS, NoAnswer};
pub use check::{Check, Decided, Machine, own, status, unanswered};

use splitbrain_engine::crdt::catalogue::Entry;
use splitbrain_engine::crdt::laws::Law;
use splitbrain_engine::crdt::laws::rules::Kept;

/// Random histories that the lab tries for a goal, if the lesson does not say how many.
pub const HISTORIES: u32 = 400;

/// A goal of a step in the law lab.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LabGoal {
    /// Stable id, unique among all goals of its lesson.
    pub id: String,
    /// What is asked.
    pub ask: Ask,
    /// Random histories that the lab tries, where it has to search.
    pub histories: u32,
}

/// What is asked of the law lab.
#[derive(Clone, Debug)]
pub enum Ask {
    /// A history in which a type breaks a law.
    Counterexample {
        /// The type, which breaks it.
        subject: &'static Entry,
        /// The law.
        law: Law,
        /// Steps at most.
        at_most: u32,
    },
    /// Which of some laws a type breaks.
    BrokenLaws {
        /// The type.
        subject: &'static Entry,
        /// The laws that are in question.
        among: Vec<Law>,
    },
    /// A merge rule of one's own that keeps some laws.
    SafeRule {
        /// What it keeps.
        kept: Kept,
        /// The laws.
        laws: Vec<Law>,
    },
}

impl Ask {
    /// Every id, in the order of the reference.
    pub const IDS: [&'static str; 3] = ["counterexample", "broken_laws", "safe_rule"];

    /// Its stable id.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Counterexample { .. } => Self::IDS[0],
            Self::BrokenLaws { .. } => Self::IDS[1],
            Self::SafeRule { .. } => Self::IDS[2],
        }
    }

    /// The type that it is about, if it is about one.
    pub const fn subject(&self) -> Option<&'static Entry> {
        match self {
            Self::Counterexample { subject, .. } | Self::BrokenLaws { subject, .. } => {
                Some(subject)
            }
            Self::SafeRule { .. } => None,
        }
    }
}

impl PartialEq for Ask {
    fn eq(&self, other: &Self) -> bool {
        let subject = |it: &Self| it.subject().map(|entry| entry.info.id);
        if subject(self) != subject(other) {
            return false;
        }
        match (self, other) {
            (
                Self::Counterexample { law, at_most, .. },
                Self::Counterexample {
                    law: other,
                    at_most: most,
                    ..
                },
            ) => (law, at_most) == (other, most),
            (Self::BrokenLaws { among, .. }, Self::BrokenLaws { among: other, .. }) => {
                among == other
            }
            (
                Self::SafeRule { kept, laws },
                Self::SafeRule {
                    kept: other,
                    laws: theirs,
                },
            ) => (kept, laws) == (other, theirs),
            _ => false,
        }
    }
}

impl Eq for Ask {}
