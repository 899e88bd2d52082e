//! Siblings of a key under one version vector for all of them. Nothing is lost, and they
//! multiply.
//!
//! # What it does
//! A region keeps the versions of a key together with one vector, and a read returns all of
//! them with it. A write whose context covers that vector replaces all; any other is put
//! beside them, since one vector cannot say which of them its customer had read.
//!
//! # Guarantees
//! No acknowledged write goes until a customer who had read it writes, and all regions end
//! up with the same versions.
//!
//! # Gives up
//! Knowing what a write was meant to replace. Two customers who change a price in turn, each
//! of whom gives back what she had read, add a version with every write, her own old ones
//! among them: false conflicts, and sibling explosion. It ends when somebody reads all
//! versions and writes before anybody else does.
//!
//! # Cost
//! A vector a key, in each answer and each write, and as many versions as there were writes
//! in between. Answers without asking another region.
//!
//! # Source
//! Riak before its version 2.0. Preguiça et al., "Dotted version vectors: logical clocks for
//! optimistic replication", 2012, section 3.

use std::rc::Rc;

use super::ReadContext;
use super::siblings::{Causality, Sibling, SiblingsRule};
use super::siblings_by_dotted_version_vector::ByDots;
use crate::crdt::DotContext;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "siblings_under_one_vector",
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
        Cost::FalseSiblings,
    ],
    sources: &[
        "Preguiça et al., Dotted version vectors: logical clocks for optimistic replication, 2012",
    ],
};

/// The rule.
pub static RULE: SiblingsRule = SiblingsRule {
    info: &INFO,
    causality: &ByOneVector,
};

/// A write replaces all versions of its region if its context covers them, else none.
///
/// The vector of the versions that are held is what their dots make together, so a context
/// covers it if it has every one of them.
#[derive(Debug)]
pub struct ByOneVector;

impl Causality for ByOneVector {
    fn replaces(&self, newer: &Sibling, older: &Sibling) -> bool {
        ByDots.replaces(newer, older)
    }

    fn context(&self, siblings: &[Sibling]) -> DotContext {
        ByDots.context(siblings)
    }

    fn counts(&self, held: &[Sibling], read: Rc<ReadContext>) -> Rc<ReadContext> {
        let covers = |held: &Sibling| read.dots.contains(held.version.dot);
        if held.iter().all(covers) {
            return read;
        }
        Rc::new(ReadContext {
            dots: DotContext::default(),
            ..ReadContext::clone(&read)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::super::siblings_tests::{Replica, deliver};
    use super::*;

    /// Two customers change a price in turn, and each gives back what she last wrote.
    fn in_turn(causality: &'static dyn Causality) -> Vec<u32> {
        let mut region = Replica::new(causality, 0);
        let mut known: [Option<Rc<ReadContext>>; 2] = [None, None];
        for price in 101..=106_u32 {
            let customer = (price % 2) as usize;
            let update = region.write(price, known[customer].as_ref());
            let mut dots = DotContext::default();
            if let Some(before) = &known[customer] {
                dots.merge(&before.dots);
            }
            dots.insert(update.dot);
            known[customer] = Some(Rc::new(ReadContext {
                is_given: true,
                dots,
                writes: Vec::new(),
            }));
        }
        region.numbers()
    }

    #[test]
    fn two_who_write_in_turn_add_a_version_with_every_write() {
        assert_eq!(in_turn(&ByOneVector), [101, 102, 103, 104, 105, 106]);
    }

    #[test]
    fn with_dots_the_last_version_of_each_stands() {
        assert_eq!(in_turn(&ByDots), [105, 106]);
    }

    #[test]
    fn whoever_has_read_all_of_them_replaces_all_of_them() {
        let (mut one, mut other) = (Replica::new(&ByOneVector, 0), Replica::new(&ByOneVector, 1));
        let (here, there) = (one.write(100, None), other.write(110, None));
        deliver(&here, &mut other);
        deliver(&there, &mut one);
        let both = one.read();
        let settled = one.write(105, Some(&both));
        deliver(&settled, &mut other);
        assert_eq!(one.numbers(), [105]);
        assert_eq!(other.numbers(), [105]);
    }

    #[test]
    fn of_two_regions_only_what_was_read_is_replaced() {
        let (mut one, mut other) = (Replica::new(&ByOneVector, 0), Replica::new(&ByOneVector, 1));
        let here = one.write(100, None);
        let read = one.read();
        let there = other.write(110, None);
        let next = one.write(120, Some(&read));
        for update in [&here, &next] {
            deliver(update, &mut other);
        }
        deliver(&there, &mut one);
        assert_eq!(one.numbers(), [110, 120]);
        assert_eq!(other.numbers(), one.numbers());
    }
}
