//! Broken on purpose: a PN-counter that counts stock.
//!
//! # What it does
//! A PN-counter, and a sale is refused where the replica sees too few items left.
//!
//! # Guarantees
//! Every sale counts once.
//!
//! # Gives up
//! What a stock is for: two replicas that both see the last item both sell it.
//!
//! # Cost
//! Two counts a replica.
//!
//! # Source
//! Balegas et al., "Extending eventually consistent cloud databases for enforcing numeric
//! invariants", SRDS 2015, section I; the sound one is [`super::bounded_counter`].

use super::pn_counter::{Change, PnCounter};
use super::replicated::{Act, Content, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "stock_counter",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[Property::NoOversell],
    soundness: Soundness::Broken {
        loses: &[Property::NoOversell],
    },
    costs: &[Cost::AnswersLocally, Cost::CountPerReplica],
    sources: &[
        "Balegas et al., Extending eventually consistent cloud databases for enforcing numeric invariants, 2015",
    ],
};

/// A replica of the stock.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StockCounter(PnCounter);

impl Replicated for StockCounter {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        match act {
            Act::Decrement(by) if i64::from(by) > self.0.number() => None,
            _ => self.0.prepare(writer, act),
        }
    }

    fn apply(&mut self, update: &Change) {
        self.0.apply(update);
    }

    fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    fn delta(&self, update: &Change) -> Self {
        Self(self.0.delta(update))
    }

    fn value(&self) -> Content {
        self.0.value()
    }

    fn state(&self) -> Vec<Part> {
        self.0.state()
    }

    fn bytes(&self) -> u32 {
        self.0.bytes()
    }

    fn update_bytes(update: &Change) -> u32 {
        PnCounter::update_bytes(update)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::testing::act;

    #[test]
    fn the_last_item_is_sold_twice() {
        let mut left = StockCounter::default();
        act(&mut left, 0, 1, Act::Increment(1));
        let mut right = left.clone();
        assert!(act(&mut left, 0, 2, Act::Decrement(2)).is_none());
        assert!(act(&mut left, 0, 2, Act::Decrement(1)).is_some());
        assert!(act(&mut right, 1, 1, Act::Decrement(1)).is_some());
        left.merge(&right);
        assert_eq!(left.value(), Content::Number(-1));
    }
}
