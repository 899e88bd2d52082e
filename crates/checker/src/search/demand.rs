//! What is still asked of a key, and who could still make it so: where the last that could
//! is done, an answer that waits for it can never be right.
//!
//! It speaks of models whose every update leaves a state that it alone determines.

use std::collections::BTreeMap;

use crate::history::Operation;
use crate::models::{Model, State};

/// The last places, by process, of what asks for a state and of what leaves it.
#[derive(Debug, Default)]
struct Last {
    asked: BTreeMap<u32, u32>,
    left: BTreeMap<u32, u32>,
}

/// One key's.
#[derive(Debug)]
pub(super) struct Demand {
    of: BTreeMap<State, Last>,
}

impl Demand {
    /// Of the operations on one key, each with its process and its place there; none where
    /// the model's updates do not say what they leave.
    pub(super) fn new<'a, M: Model>(
        model: &M,
        operations: impl Iterator<Item = (u32, u32, &'a Operation)>,
    ) -> Option<Self> {
        let mut of: BTreeMap<State, Last> = BTreeMap::new();
        for (process, at, operation) in operations {
            if let Some(state) = model
                .asks(operation.action)
                .filter(|_| operation.returned())
            {
                of.entry(state).or_default().asked.insert(process, at);
            }
            if !operation.action.only_observes() {
                let state = model.leaves(operation.action)?;
                of.entry(state).or_default().left.insert(process, at);
            }
        }
        Some(Self { of })
    }

    /// Whether a state that is no longer there is still asked for, and nobody is left who
    /// could bring it back.
    pub(super) fn is_missed(&self, state: State, waits: impl Fn(u32, u32) -> bool) -> bool {
        let Some(last) = self.of.get(&state) else {
            return false;
        };
        let any = |of: &BTreeMap<u32, u32>| of.iter().any(|(&process, &at)| waits(process, at));
        any(&last.asked) && !any(&last.left)
    }

    /// The states that are asked for.
    pub(super) fn asked(&self) -> impl Iterator<Item = State> {
        let asked = self.of.iter().filter(|(_, last)| !last.asked.is_empty());
        asked.map(|(&state, _)| state)
    }

    /// What asking costs, at most.
    pub(super) fn cost(&self, state: State) -> u64 {
        let last = self.of.get(&state);
        last.map_or(1, |last| (last.asked.len() + last.left.len()) as u64)
    }
}
