//! Siblings, told apart by version vectors with an entry a region. Broken.
//!
//! # What it does
//! A region stamps a write with the vector that came as its context, its own entry raised
//! to the next number. A version replaces another if its vector is larger or equal
//! everywhere. Versions of which neither is larger stand side by side; a read returns all
//! of them.
//!
//! # Guarantees
//! Convergence, and writes in two regions that did not know of each other both stay.
//!
//! # Gives up
//! Writes of two customers at one region who had read the same: the vector of the second
//! is larger in the region's own entry, so it seems to know the first, and replaces it
//! although its customer never saw it. The other ways to stamp such a write fail too: a
//! server that instead keeps all siblings under one vector can never tell which of them a
//! writer had read, and they explode.
//!
//! # Cost
//! A vector a version, in each answer and each write. Answers without asking another
//! region.
//!
//! # Source
//! Parker et al., "Detection of mutual inconsistency in distributed systems", 1983;
//! Preguiça et al., "Dotted version vectors", 2012, section 3, on what entries for servers
//! cannot tell.

use super::siblings::{Causality, Sibling, SiblingsRule};
use crate::clocks::VersionVector;
use crate::crdt::DotContext;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "siblings_by_version_vector",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites],
    },
    costs: &[
        Cost::AnswersLocally,
        Cost::VectorPerVersion,
        Cost::ReaderMerges,
    ],
    sources: &[
        "Parker et al., Detection of mutual inconsistency in distributed systems, 1983",
        "Preguiça et al., Dotted version vectors: logical clocks for optimistic replication, 2012",
    ],
};

/// The rule.
pub static RULE: SiblingsRule = SiblingsRule {
    info: &INFO,
    causality: &ByVectors,
};

/// A version replaces those whose vectors its own covers.
#[derive(Debug)]
pub struct ByVectors;

fn vector(sibling: &Sibling) -> VersionVector {
    let mut vector = sibling.past.dots.vector().clone();
    let dot = sibling.version.dot;
    vector.set(dot.origin, dot.counter);
    vector
}

impl Causality for ByVectors {
    fn replaces(&self, newer: &Sibling, older: &Sibling) -> bool {
        vector(newer).covers(&vector(older))
    }

    fn context(&self, siblings: &[Sibling]) -> DotContext {
        let mut context = VersionVector::default();
        for sibling in siblings {
            context.merge(&vector(sibling));
        }
        DotContext::from(context)
    }
}

#[cfg(test)]
mod tests {
    use super::super::siblings_tests::{Replica, deliver};
    use super::*;

    #[test]
    fn of_two_customers_at_one_region_the_second_replaces_the_first_unread() {
        let mut region = Replica::new(&ByVectors, 0);
        region.write(50, None);
        let read = region.read();
        region.write(100, Some(&read));
        region.write(110, Some(&read));
        assert_eq!(region.numbers(), [110]);
    }

    #[test]
    fn two_regions_keep_both_and_a_reader_of_both_replaces_them() {
        let (mut one, mut other) = (Replica::new(&ByVectors, 0), Replica::new(&ByVectors, 1));
        let (here, there) = (one.write(100, None), other.write(110, None));
        deliver(&here, &mut other);
        deliver(&there, &mut one);
        assert_eq!(one.numbers(), [100, 110]);
        assert_eq!(other.numbers(), [100, 110]);
        let both = one.read();
        let settled = one.write(105, Some(&both));
        deliver(&settled, &mut other);
        assert_eq!(other.numbers(), [105]);
    }
}
