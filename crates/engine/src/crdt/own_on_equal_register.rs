//! Broken on purpose: a last-write-wins register in which each side keeps its own value when
//! the stamps are equal.
//!
//! # What it does
//! Takes the other's value if its time is later, and else keeps its own. The time is all
//! there is to a stamp.
//!
//! # Guarantees
//! None while two writes can have one time.
//!
//! # Gives up
//! Agreement: with equal times the replicas differ for ever.
//!
//! # Cost
//! A time.
//!
//! # Source
//! Published tutorials on active-active systems; that ties have to be settled alike
//! everywhere is in Johnson and Thomas, "The maintenance of duplicate databases", RFC 677,
//! 1975.

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "own_on_equal_register",
    keeps: &[],
    gives_up: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::LostUpdate,
    ],
    soundness: Soundness::Broken {
        loses: &[
            Property::AcknowledgedWrites,
            Property::Convergence,
            Property::LostUpdate,
        ],
    },
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &["Johnson and Thomas, The maintenance of duplicate databases (RFC 677), 1975"],
};

/// A replica of the register: the newest write's time and value, once there was one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OwnOnEqualRegister(Option<(u32, u32)>);

impl Replicated for OwnOnEqualRegister {
    type Update = (u32, u32);

    fn prepare(&self, writer: Writer, act: Act) -> Option<Self::Update> {
        match act {
            Act::Write(value) => Some((writer.time, value)),
            _ => None,
        }
    }

    fn apply(&mut self, update: &Self::Update) {
        if self.0.is_none_or(|own| update.0 > own.0) {
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
        Content::Values(self.0.iter().map(|own| own.1).collect())
    }

    fn state(&self) -> Vec<Part> {
        let rows = self.0.iter();
        let number = |number: u32| Datum::Number(number.into());
        let rows = rows.map(|&(time, value)| vec![number(value), number(time)]);
        vec![Part::new("held", rows)]
    }

    fn bytes(&self) -> u32 {
        1 + self.0.map_or(0, |_| 12)
    }

    fn update_bytes(_: &Self::Update) -> u32 {
        12
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act_at;

    #[test]
    fn with_equal_stamps_each_side_keeps_its_own() {
        let (mut left, mut right) = (OwnOnEqualRegister::default(), OwnOnEqualRegister::default());
        act_at(&mut left, 0, 1, 7, Act::Write(100));
        act_at(&mut right, 1, 1, 7, Act::Write(110));
        assert_eq!(joined(&left, &right).value(), Content::Values(vec![100]));
        assert_eq!(joined(&right, &left).value(), Content::Values(vec![110]));
    }
}
