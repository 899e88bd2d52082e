//! Siblings, told apart by dotted version vectors.
//!
//! # What it does
//! A version has a name of its own, its dot, beside the context that its writer had read. A
//! write replaces exactly the versions whose dots are in its context; all others stay
//! beside it. A read returns all of them. The context here is the set of dots that were
//! read, a vector and what lies beyond its gaps, since updates may overtake each other.
//!
//! # Guarantees
//! No acknowledged write goes until a customer who had read it writes, and all regions end
//! up with the same versions. Two customers at one region are told apart as two regions
//! are. Of two who change the same version both changes stay.
//!
//! # Gives up
//! Choosing: whoever reads may get several values, and has to make one of them. Customers
//! whose apps send no context add a version with every write.
//!
//! # Cost
//! A dot and a vector a version, a vector in each answer and each write. Answers without
//! asking another region.
//!
//! # Source
//! Preguiça, Baquero, Almeida, Fonte and Gonçalves, "Dotted version vectors: logical clocks
//! for optimistic replication", 2012. [`crate::clocks::dotted`] has the clock by itself.

use super::siblings::{Causality, Sibling, SiblingsRule};
use crate::crdt::DotContext;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "siblings_by_dotted_version_vector",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::LostUpdate,
    ],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::VectorPerVersion,
        Cost::ReaderMerges,
    ],
    sources: &[
        "Preguiça et al., Dotted version vectors: logical clocks for optimistic replication, 2012",
    ],
};

/// The rule.
pub static RULE: SiblingsRule = SiblingsRule {
    info: &INFO,
    causality: &ByDots,
};

/// A version replaces those whose dots its writer had read.
#[derive(Debug)]
pub struct ByDots;

impl Causality for ByDots {
    fn replaces(&self, newer: &Sibling, older: &Sibling) -> bool {
        newer.past.dots.contains(older.version.dot)
    }

    fn context(&self, siblings: &[Sibling]) -> DotContext {
        let mut context = DotContext::default();
        for sibling in siblings {
            context.merge(&sibling.past.dots);
            context.insert(sibling.version.dot);
        }
        context
    }
}

#[cfg(test)]
mod tests {
    use super::super::siblings_tests::{Replica, deliver};
    use super::*;

    #[test]
    fn two_customers_at_one_region_keep_both_and_a_reader_of_both_replaces_them() {
        let mut region = Replica::new(&ByDots, 0);
        region.write(50, None);
        let read = region.read();
        region.write(100, Some(&read));
        region.write(110, Some(&read));
        assert_eq!(region.numbers(), [100, 110]);
        let both = region.read();
        region.write(105, Some(&both));
        assert_eq!(region.numbers(), [105]);
    }

    #[test]
    fn writes_without_a_context_pile_up() {
        let mut region = Replica::new(&ByDots, 0);
        for price in [100, 110, 120, 130] {
            region.write(price, None);
        }
        assert_eq!(region.numbers(), [100, 110, 120, 130]);
    }

    #[test]
    fn an_update_that_overtook_another_is_no_leave_to_drop_it() {
        let (mut one, mut other) = (Replica::new(&ByDots, 0), Replica::new(&ByDots, 1));
        let early = one.write(100, None);
        let late = one.write(110, None);
        deliver(&late, &mut other);
        let read = other.read();
        let mine = other.write(120, Some(&read));
        deliver(&early, &mut other);
        deliver(&mine, &mut one);
        assert_eq!(one.numbers(), [100, 120]);
        assert_eq!(other.numbers(), one.numbers());
    }

    #[test]
    fn what_was_replaced_before_it_arrived_does_not_come_back() {
        let (mut one, mut other) = (Replica::new(&ByDots, 0), Replica::new(&ByDots, 1));
        let old = one.write(100, None);
        let read = one.read();
        let new = one.write(110, Some(&read));
        deliver(&new, &mut other);
        deliver(&old, &mut other);
        assert_eq!(other.numbers(), [110]);
    }
}
