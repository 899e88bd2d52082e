//! What a history is held against: the models of consistency, the stronger ones first.

use crate::search::Order;
use crate::transactions::Model;

/// A model of consistency: an order of everything, or one that lets reads see less.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consistency {
    /// Everything in one order.
    Ordered(Order),
    /// Each read reflects certain writes.
    Weak(Model),
}

/// The models of a history of single operations. A level of transactions says nothing
/// of operations that are alone in theirs.
pub const OF_OPERATIONS: [Consistency; 8] = [
    Consistency::Ordered(Order::Linearizable),
    Consistency::Ordered(Order::Sequential),
    Consistency::Weak(Model::CausalConvergence),
    Consistency::Weak(Model::Causal),
    Consistency::Weak(Model::ReadYourWrites),
    Consistency::Weak(Model::MonotonicReads),
    Consistency::Weak(Model::MonotonicWrites),
    Consistency::Weak(Model::WritesFollowReads),
];

/// The models of a history of transactions.
pub const OF_TRANSACTIONS: [Consistency; 8] = [
    Consistency::Weak(Model::CausalConvergence),
    Consistency::Weak(Model::Causal),
    Consistency::Weak(Model::ReadAtomic),
    Consistency::Weak(Model::ReadCommitted),
    Consistency::Weak(Model::ReadYourWrites),
    Consistency::Weak(Model::MonotonicReads),
    Consistency::Weak(Model::MonotonicWrites),
    Consistency::Weak(Model::WritesFollowReads),
];

impl Consistency {
    /// The stable id, which words go by.
    pub fn id(self) -> &'static str {
        match self {
            Self::Ordered(order) => order.id(),
            Self::Weak(model) => model.id(),
        }
    }

    /// The models that are weaker than this one by one step: whatever keeps this one
    /// keeps them.
    pub fn implies(self) -> Vec<Self> {
        match self {
            Self::Ordered(Order::Linearizable) => vec![Self::Ordered(Order::Sequential)],
            Self::Ordered(Order::Sequential) => vec![Self::Weak(Model::CausalConvergence)],
            Self::Weak(model) => model.implies().iter().copied().map(Self::Weak).collect(),
        }
    }

    /// The model of this id.
    pub fn find(id: &str) -> Option<Self> {
        let mut all = OF_OPERATIONS.into_iter().chain(OF_TRANSACTIONS);
        all.find(|model| model.id() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_found_by_its_id_and_none_comes_before_a_stronger_one() {
        for list in [OF_OPERATIONS, OF_TRANSACTIONS] {
            for (at, &model) in list.iter().enumerate() {
                assert_eq!(Consistency::find(model.id()), Some(model));
                for implied in model.implies() {
                    let place = list.iter().position(|it| *it == implied);
                    assert!(place.is_none_or(|place| place > at), "{}", model.id());
                }
            }
        }
    }
}
