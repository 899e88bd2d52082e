//! Properties that a replicated system may keep or break, one a file.
//!
//! A new one is a file, a `mod` line, an id, an entry in [`ALL`], and its field in
//! [`crate::Judge`].

pub mod acknowledged_writes;
pub mod convergence;
pub mod exactly_once;

use crate::lineage::Lineage;
use crate::observation::Observation;
use crate::verdict::AtRisk;
use crate::witness::{Violation, ViolationKind};

/// Every property, in the order in which they are shown.
pub const ALL: [&Info; 3] = [
    &acknowledged_writes::INFO,
    &convergence::INFO,
    &exactly_once::INFO,
];

/// Which property.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PropertyId {
    /// [`mod@acknowledged_writes`]
    AcknowledgedWrites,
    /// [`mod@convergence`]
    Convergence,
    /// [`mod@exactly_once`]
    ExactlyOnce,
}

impl PropertyId {
    /// What is known of it.
    pub fn info(self) -> &'static Info {
        match self {
            Self::AcknowledgedWrites => &acknowledged_writes::INFO,
            Self::Convergence => &convergence::INFO,
            Self::ExactlyOnce => &exactly_once::INFO,
        }
    }

    /// The stable id.
    pub fn id(self) -> &'static str {
        self.info().id
    }
}

/// A property, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// Which one.
    pub property: PropertyId,
    /// The stable id, under which its words stand in the catalogues.
    pub id: &'static str,
    /// Whether it can be judged for one customer alone.
    pub per_customer: bool,
    /// The ways in which it can be broken.
    pub kinds: &'static [ViolationKind],
}

/// What all properties share. Observations first, then the end of the step, at
/// which the lineage is complete and nothing settled in it is forgotten yet.
pub(crate) trait Property {
    fn observe(&mut self, observation: &Observation);
    fn end_of_step(&mut self, lineage: &Lineage);
    fn violations(&self) -> &[Violation];
    fn at_risk(&self) -> Vec<AtRisk> {
        Vec::new()
    }
    fn at_risk_count(&self) -> u32 {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_every_kind_of_violation_belongs_to_one_property() {
        let mut ids: Vec<_> = ALL.iter().map(|info| info.id).collect();
        ids.sort_unstable();
        ids.dedup();
        assert_eq!(ids.len(), ALL.len());
        let kinds: Vec<_> = ALL.iter().flat_map(|info| info.kinds).copied().collect();
        assert_eq!(kinds, ViolationKind::ALL);
        for info in ALL {
            assert_eq!(info.property.info(), info);
        }
    }
}
