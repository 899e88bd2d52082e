//! Broken on purpose: a cart that merges the quantity of each item by maximum.
//!
//! # What it does
//! Keeps a quantity an item, and takes the larger of both when it merges. It was published
//! as a G-counter, which takes the maximum of each *replica's* count.
//!
//! # Guarantees
//! Replicas agree.
//!
//! # Gives up
//! Of two concurrent additions of an item, the smaller; and every time less is wanted, a
//! merge with an older state puts it back.
//!
//! # Cost
//! A quantity an item.
//!
//! # Source
//! Published tutorials on shopping carts; what it takes itself for is in Shapiro et al.,
//! "A comprehensive study of convergent and commutative replicated data types", 2011,
//! specification 6.

use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use super::totals::Totals;
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "cart_by_maximum",
    keeps: &[],
    gives_up: &[Property::AcknowledgedWrites, Property::Convergence],
    soundness: Soundness::Broken {
        loses: &[Property::AcknowledgedWrites, Property::Convergence],
    },
    costs: &[Cost::AnswersLocally],
    sources: &[
        "Shapiro et al., A comprehensive study of convergent and commutative replicated data types, 2011",
    ],
};

/// A replica of the cart: quantities by item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CartByMaximum(Totals<u8>);

impl Replicated for CartByMaximum {
    /// An item and its new quantity.
    type Update = (u8, u32);

    fn prepare(&self, _: Writer, act: Act) -> Option<Self::Update> {
        match act {
            Act::Raise { item, by } => Some((item, self.0.raised(item, by)?)),
            Act::Lower { item, by } => Some((item, self.0.get(item).checked_sub(by)?)),
            _ => None,
        }
    }

    fn apply(&mut self, &(item, quantity): &Self::Update) {
        self.0.set(item, quantity);
    }

    fn merge(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    fn delta(&self, &(item, _): &Self::Update) -> Self {
        Self(self.0.only(item))
    }

    fn value(&self) -> Content {
        let quantities = self.0.iter();
        Content::Quantities(quantities.map(|(item, n)| (item, n.into())).collect())
    }

    fn state(&self) -> Vec<Part> {
        let rows = self.0.iter();
        let rows = rows.map(|(item, n)| vec![Datum::Item(item), Datum::Number(n.into())]);
        vec![Part::new("counts", rows)]
    }

    fn bytes(&self) -> u32 {
        self.0.bytes(1)
    }

    fn update_bytes(_: &Self::Update) -> u32 {
        5
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    #[test]
    fn two_concurrent_additions_count_as_one_and_a_decrease_is_undone() {
        let (mut left, mut right) = (CartByMaximum::default(), CartByMaximum::default());
        act(&mut left, 0, 1, Act::Raise { item: 0, by: 1 });
        act(&mut right, 1, 1, Act::Raise { item: 0, by: 1 });
        assert_eq!(
            joined(&left, &right).value(),
            Content::Quantities(vec![(0, 1)])
        );
        act(&mut left, 0, 2, Act::Lower { item: 0, by: 1 });
        assert_eq!(
            joined(&left, &right).value(),
            Content::Quantities(vec![(0, 1)])
        );
    }
}
