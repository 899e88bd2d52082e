//! The register in which the last write wins (LWW register).
//!
//! # What it does
//! Each write has a time stamp, and the one with the greatest stays. Stamps are unique:
//! where clocks tie, the write's name decides, everywhere alike.
//!
//! # Guarantees
//! All replicas agree on one of the values that were written.
//!
//! # Gives up
//! Every other concurrent write, though it was acknowledged, and even later ones whose
//! clock was behind.
//!
//! # Cost
//! A stamp.
//!
//! # Source
//! Johnson and Thomas, "The maintenance of duplicate databases", RFC 677, 1975; Shapiro
//! et al., "A comprehensive study of convergent and commutative replicated data types",
//! 2011, specification 8.

use super::replicated::{Act, Content, Datum, Part, Replicated, Stamp, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "lww_register",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &[
        "Johnson and Thomas, The maintenance of duplicate databases (RFC 677), 1975",
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// A replica of the register: the newest write, once there was one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LwwRegister(Option<(Stamp, u32)>);

impl LwwRegister {
    /// The newest write.
    pub fn newest(&self) -> Option<(Stamp, u32)> {
        self.0
    }
}

impl Replicated for LwwRegister {
    type Update = (Stamp, u32);

    fn prepare(&self, writer: Writer, act: Act) -> Option<Self::Update> {
        match act {
            Act::Write(value) => Some((writer.stamp(), value)),
            _ => None,
        }
    }

    fn apply(&mut self, update: &Self::Update) {
        if self.0.is_none_or(|newest| newest.0 < update.0) {
            self.0 = Some(*update);
        }
    }

    fn merge(&mut self, other: &Self) {
        if let Some(newest) = &other.0 {
            self.apply(newest);
        }
    }

    fn delta(&self, update: &Self::Update) -> Self {
        Self(Some(*update))
    }

    fn value(&self) -> Content {
        Content::Values(self.0.iter().map(|newest| newest.1).collect())
    }

    fn state(&self) -> Vec<Part> {
        let rows = self.0.iter();
        let rows =
            rows.map(|&(stamp, value)| vec![Datum::Number(value.into()), Datum::Stamp(stamp)]);
        vec![Part::new("held", rows)]
    }

    fn bytes(&self) -> u32 {
        1 + self.0.map_or(0, |_| Stamp::BYTES + 4)
    }

    fn update_bytes(_: &Self::Update) -> u32 {
        Stamp::BYTES + 4
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act_at;

    #[test]
    fn equal_clocks_are_settled_alike_on_both_sides() {
        let (mut left, mut right) = (LwwRegister::default(), LwwRegister::default());
        act_at(&mut left, 0, 1, 7, Act::Write(100));
        act_at(&mut right, 1, 1, 7, Act::Write(110));
        assert_eq!(joined(&left, &right), joined(&right, &left));
        assert_eq!(joined(&left, &right).value(), Content::Values(vec![110]));
    }
}
