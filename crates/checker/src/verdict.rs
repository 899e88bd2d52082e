//! Verdicts: held, broken, or not yet known.

use crate::observation::{FactRef, KeyRef, OpRef, Session, WriteRef};
use crate::properties::Info;
use crate::witness::Violation;

/// What can be said of a property at this moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict<'a> {
    /// Kept so far, and nothing points the other way.
    Holds,
    /// Not broken, and what happens to these will decide it.
    Open {
        /// In the order of their operations.
        at_risk: Vec<AtRisk>,
    },
    /// Broken at some moment. [`Violation::ended`] tells whether it still is.
    Violated {
        /// In the order of the moments at which they were found.
        violations: Vec<&'a Violation>,
        /// What may be broken next, in the order of their operations.
        at_risk: Vec<AtRisk>,
    },
}

impl<'a> Verdict<'a> {
    pub(crate) fn new(violations: Vec<&'a Violation>, at_risk: Vec<AtRisk>) -> Self {
        match (violations.is_empty(), at_risk.is_empty()) {
            (true, true) => Self::Holds,
            (true, false) => Self::Open { at_risk },
            (false, _) => Self::Violated {
                violations,
                at_risk,
            },
        }
    }

    /// The stable id: `holds`, `open`, `violated`.
    pub fn id(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Open { .. } => "open",
            Self::Violated { .. } => "violated",
        }
    }
}

/// An operation whose effect is missing at some replica that received it, while
/// others may still carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AtRisk {
    /// The operation.
    pub op: OpRef,
    /// Whose it is.
    pub session: Session,
    /// The key.
    pub key: KeyRef,
    /// The write of that operation that gave way.
    pub write: WriteRef,
    /// Since when.
    pub since: FactRef,
}

/// A property beside its verdict.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report<'a> {
    /// The property.
    pub info: &'static Info,
    /// What can be said of it.
    pub verdict: Verdict<'a>,
}

/// A verdict in three numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// Violations ever.
    pub violations: u32,
    /// Those of them that still hold.
    pub standing: u32,
    /// Operations at risk.
    pub at_risk: u32,
}
