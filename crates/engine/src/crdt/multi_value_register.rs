//! The register that keeps concurrent values side by side (multi-value register), by
//! dotted version vectors.
//!
//! # What it does
//! A write replaces the values it has read, and stands beside those it has not. All
//! siblings are kept under one clock ([`DottedVersionVectorSet`]).
//!
//! # Guarantees
//! No acknowledged write goes away before somebody who had read it wrote again. Values
//! are siblings exactly if neither writer had read the other's.
//!
//! # Gives up
//! One answer: whoever reads siblings has to merge them.
//!
//! # Cost
//! A count a replica, and the siblings.
//!
//! # Source
//! Shapiro et al., "A comprehensive study of convergent and commutative replicated data
//! types", 2011, specification 10; the clock after Preguiça et al., "Dotted version
//! vectors", 2012.

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::{Dot, DotContext};
use crate::clocks::{DottedVersionVectorSet, VersionVector};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "multi_value_register",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::LostUpdate,
    ],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::CountPerReplica],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
        "Preguiça et al., Dotted version vectors: logical clocks for optimistic replication, 2012",
    ],
};

/// A replica of the register.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MultiValueRegister(DottedVersionVectorSet<u32>);

/// A write on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// What its writer had read.
    pub context: VersionVector,
    /// Its name: the replica that took it, and which of the writes it took.
    pub dot: Dot,
    /// The value.
    pub value: u32,
}

impl MultiValueRegister {
    /// The siblings with their dots.
    pub fn siblings(&self) -> impl Iterator<Item = (Dot, u32)> + '_ {
        let dotted = self.0.dotted();
        dotted.map(|((origin, counter), &value)| (Dot { origin, counter }, value))
    }

    /// What a client reads along with the values, to return with its next write.
    pub fn context(&self) -> VersionVector {
        self.0.join()
    }

    /// A write at a replica whose state this is, by a client that had read this context: it
    /// may be an old one, or of another replica that has more.
    pub fn written(&self, context: VersionVector, replica: u8, value: u32) -> Written {
        let counter = self.context().get(replica) + 1;
        let dot = Dot {
            origin: replica,
            counter,
        };
        Written {
            context,
            dot,
            value,
        }
    }
}

impl Replicated for MultiValueRegister {
    type Update = Written;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Written> {
        match act {
            Act::Write(value) => Some(self.written(self.context(), writer.dot.origin, value)),
            Act::BlindWrite(value) => {
                let nothing = VersionVector::default();
                Some(self.written(nothing, writer.dot.origin, value))
            }
            _ => None,
        }
    }

    fn prepare_after(&self, writer: Writer, act: Act, read: &DotContext) -> Option<Written> {
        match act {
            Act::Write(value) => {
                Some(self.written(read.vector().clone(), writer.dot.origin, value))
            }
            _ => None,
        }
    }

    fn told(&self) -> Option<DotContext> {
        Some(self.context().into())
    }

    /// A write that somebody has read elsewhere may be replaced here before it arrives.
    fn apply(&mut self, update: &Written) {
        let Dot { origin, counter } = update.dot;
        if counter <= self.context().get(origin) {
            return self.0.discard(&update.context);
        }
        self.0.update(&update.context, origin, update.value);
    }

    fn merge(&mut self, other: &Self) {
        self.0.sync(&other.0);
    }

    /// The write by itself, unless its writer had not read all that its replica had: what
    /// stands beside it there has no gap in its numbers, so then all of it travels.
    fn delta(&self, update: &Written) -> Self {
        let Dot { origin, counter } = update.dot;
        if counter != update.context.get(origin) + 1 {
            return self.clone();
        }
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        let mut values: Vec<u32> = self.0.values().copied().collect();
        values.sort_unstable();
        Content::Values(values)
    }

    fn state(&self) -> Vec<Part> {
        let siblings = self.siblings();
        let rows = siblings.map(|(dot, value)| vec![Datum::Number(value.into()), Datum::Dot(dot)]);
        let context = self.context();
        let seen = (0_u8..).zip(context.counts());
        let seen = seen.filter(|(_, counter)| **counter > 0);
        let seen = seen.map(|(origin, &counter)| vec![Datum::Dot(Dot { origin, counter })]);
        vec![Part::new("held", rows), Part::new("context", seen)]
    }

    fn bytes(&self) -> u32 {
        let values = self.0.values().count() as u32;
        1 + 5 * self.context().counts().len() as u32 + 4 * values
    }

    fn update_bytes(update: &Written) -> u32 {
        Dot::BYTES + 5 + 4 * update.context.counts().len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn a_write_replaces_what_it_has_read_and_nothing_else() {
        let (mut left, mut right) = Default::default();
        act::<MultiValueRegister>(&mut left, 0, 1, Act::Write(100));
        act::<MultiValueRegister>(&mut right, 1, 1, Act::Write(110));
        left.merge(&right);
        assert_eq!(left.value(), Content::Values(vec![100, 110]));
        act(&mut left, 0, 2, Act::Write(105));
        right.merge(&left);
        assert_eq!(right.value(), Content::Values(vec![105]));
    }

    #[test]
    fn what_was_read_elsewhere_is_replaced_here_before_it_arrives() {
        let (mut near, mut far) = <(MultiValueRegister, MultiValueRegister)>::default();
        let first = far.written(VersionVector::default(), 1, 100);
        far.apply(&first);
        // She read it there, and writes here, where nobody has heard of it.
        let second = near.written(far.context(), 0, 110);
        near.apply(&second);
        assert_eq!(near.value(), Content::Values(vec![110]));
        // What she had not read stays beside.
        let third = far.written(VersionVector::default(), 1, 120);
        far.apply(&third);
        let by_delta = joined(&near, &far);
        for late in [&first, &third] {
            near.apply(late);
        }
        far.apply(&second);
        assert_eq!(near.value(), Content::Values(vec![110, 120]));
        assert_eq!((&far, &by_delta), (&near, &near));
    }

    #[test]
    fn two_clients_who_return_their_contexts_never_have_more_siblings_than_they_are() {
        let mut register = MultiValueRegister::default();
        let mut read = [register.context(), register.context()];
        for turn in 0..100_u32 {
            let client = (turn % 2) as usize;
            let context = read[client].clone();
            register.apply(&register.written(context, 0, turn));
            assert!(register.siblings().count() <= 2, "turn {turn}");
            read[client] = register.context();
        }
        // Who returns no context adds a sibling with every write: the explosion.
        for turn in 0..10 {
            register.apply(&register.written(VersionVector::default(), 0, turn));
        }
        assert!(register.siblings().count() > 10);
    }
}
