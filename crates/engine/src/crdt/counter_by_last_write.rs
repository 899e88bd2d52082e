//! Broken on purpose: a counter kept in a last-writer-wins register.
//!
//! # What it does
//! Reads the number, adds, writes it back; of two numbers the newer stays. A writer's stamp
//! is later than what it has read, so that no clock is to blame.
//!
//! # Guarantees
//! Replicas agree.
//!
//! # Gives up
//! Every increment that did not see the winner.
//!
//! # Cost
//! A stamp.
//!
//! # Source
//! The lost update of Berenson et al., "A critique of ANSI SQL isolation levels", 1995,
//! between replicas.

use super::lww_register::LwwRegister;
use super::replicated::{Act, Content, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "counter_by_last_write",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::LostUpdate],
    },
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &["Berenson et al., A critique of ANSI SQL isolation levels, 1995"],
};

/// A replica of the counter.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CounterByLastWrite(LwwRegister);

impl Replicated for CounterByLastWrite {
    type Update = <LwwRegister as Replicated>::Update;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Self::Update> {
        let Act::Increment(by) = act else {
            return None;
        };
        let mut stamp = writer.stamp();
        let read = self.0.newest();
        if let Some((newest, _)) = read {
            stamp.time = stamp.time.max(newest.time.checked_add(1)?);
        }
        let number = read.map_or(0, |newest| newest.1);
        Some((stamp, number.checked_add(by)?))
    }

    fn apply(&mut self, update: &Self::Update) {
        self.0.apply(update);
    }

    fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    fn delta(&self, update: &Self::Update) -> Self {
        Self(self.0.delta(update))
    }

    fn value(&self) -> Content {
        let number = self.0.newest().map_or(0, |newest| newest.1);
        Content::Number(number.into())
    }

    fn state(&self) -> Vec<Part> {
        self.0.state()
    }

    fn bytes(&self) -> u32 {
        self.0.bytes()
    }

    fn update_bytes(update: &Self::Update) -> u32 {
        LwwRegister::update_bytes(update)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn of_two_concurrent_increments_one_is_lost() {
        let (mut left, mut right) = (CounterByLastWrite::default(), CounterByLastWrite::default());
        act(&mut left, 0, 1, Act::Increment(1));
        act(&mut right, 1, 1, Act::Increment(1));
        assert_eq!(joined(&left, &right).value(), Content::Number(1));
    }
}
