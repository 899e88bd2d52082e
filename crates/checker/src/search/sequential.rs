//! Sequential consistency: one order of all operations on all keys that keeps the order of
//! every process, whatever the clock said.
//!
//! It cannot be looked at key by key, and deciding it is NP-complete even where every value
//! is unique (Gibbons & Korach 1997, section 3), so the search may end undecided. It goes
//! depth first over how far each process has come, the earliest call first, and remembers
//! where it has been. Reads that the state satisfies go at once.
//!
//! Source: Lamport, *How to make a multiprocessor computer that correctly executes
//! multiprocess programs* (1979).

use std::collections::{BTreeMap, BTreeSet};

use super::frontier::{Budget, Found};
use crate::history::{History, Id, Operation};
use crate::models::{Model, State};

/// Places remembered at most; beyond, the search gives up.
const MOST: usize = 400_000;

/// How far each process is, and the state of each key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    reached: Vec<u64>,
    states: Vec<State>,
}

/// Searches for an order of these operations, of any keys, that keeps every process's own.
pub(super) fn search<M: Model>(
    history: &History,
    operations: &[Operation],
    budget: &mut Budget,
) -> Found {
    let mut by_key: BTreeMap<Id, Vec<Operation>> = BTreeMap::new();
    for operation in operations {
        by_key.entry(operation.key).or_default().push(*operation);
    }
    let keys: BTreeMap<Id, usize> = by_key
        .keys()
        .enumerate()
        .map(|(at, &key)| (key, at))
        .collect();
    let models: Vec<M> = by_key
        .values()
        .map(|part| M::compile(history, part))
        .collect();
    let (processes, due) = programs(operations);
    let mut walk = Walk {
        operations,
        keys,
        models,
        processes,
        due,
        best: 0,
    };
    walk.run(budget)
}

/// Each process's operations in its order. What never returned stands alone: nothing waits
/// for it. And how many have to happen.
fn programs(operations: &[Operation]) -> (Vec<Vec<u32>>, u32) {
    let mut processes: BTreeMap<Id, Vec<u32>> = BTreeMap::new();
    let mut alone = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        if operation.returned() {
            processes
                .entry(operation.process)
                .or_default()
                .push(at as u32);
        } else {
            alone.push(vec![at as u32]);
        }
    }
    let due = operations.len() - alone.len();
    let programs = processes.into_values().chain(alone).collect();
    (programs, due as u32)
}

struct Walk<'a, M> {
    operations: &'a [Operation],
    keys: BTreeMap<Id, usize>,
    models: Vec<M>,
    processes: Vec<Vec<u32>>,
    due: u32,
    best: u32,
}

impl<M: Model> Walk<'_, M> {
    fn run(&mut self, budget: &mut Budget) -> Found {
        let mut seen = BTreeSet::new();
        let start = Place {
            reached: vec![0; self.processes.len()],
            states: self.models.iter().map(Model::initial).collect(),
        };
        let mut open = vec![start];
        while let Some(mut place) = open.pop() {
            let width = self.processes.len() as u64;
            if budget.left < 2 * width || seen.len() >= MOST {
                budget.left = 0;
                return Found::Spent {
                    linearized: self.best,
                };
            }
            self.read(&mut place, budget);
            let done = self.done(&place);
            self.best = self.best.max(done);
            if done == self.due {
                return Found::Order;
            }
            if !seen.insert(place.clone()) {
                continue;
            }
            budget.left = budget.left.saturating_sub(width);
            let mut next: Vec<(u32, Place)> = Vec::new();
            for process in 0..self.processes.len() {
                if let Some((at, state)) = self.try_next(&place, process) {
                    let mut after = place.clone();
                    after.reached[process] += 1;
                    after.states[self.keys[&self.operations[at as usize].key]] = state;
                    next.push((at, after));
                }
            }
            // The last pushed is tried first: the earliest call, what returned before
            // what may never have happened.
            next.sort_by_key(|&(at, _)| {
                let operation = &self.operations[at as usize];
                (operation.returned(), std::cmp::Reverse(operation.call))
            });
            open.extend(next.into_iter().map(|(_, place)| place));
        }
        Found::None {
            at: self.operations.len().saturating_sub(1) as u32,
        }
    }

    /// The next operation of a process and the state of its key after it.
    fn try_next(&self, place: &Place, process: usize) -> Option<(u32, State)> {
        let at = *self.processes[process].get(place.reached[process] as usize)?;
        let operation = &self.operations[at as usize];
        let key = self.keys[&operation.key];
        let state = self.models[key].step(place.states[key], operation.action)?;
        Some((at, state))
    }

    /// Takes every read that is satisfied, until none is.
    fn read(&self, place: &mut Place, budget: &mut Budget) {
        let mut moved = true;
        while moved {
            moved = false;
            for process in 0..self.processes.len() {
                while let Some((at, _)) = self.try_next(place, process)
                    && self.operations[at as usize].action.only_observes()
                {
                    place.reached[process] += 1;
                    moved = true;
                }
            }
            budget.left = budget.left.saturating_sub(self.processes.len() as u64);
        }
    }

    /// How many of those that have to happen did.
    fn done(&self, place: &Place) -> u32 {
        let processes = self.processes.iter().zip(&place.reached);
        let due = processes.filter(|(process, _)| {
            let first = process.first();
            first.is_some_and(|&at| self.operations[at as usize].returned())
        });
        due.map(|(_, &reached)| reached as u32).sum()
    }
}
