//! Sequential consistency: one order of all operations on all keys that keeps the order of
//! every process, whatever the clock said.
//!
//! It cannot be looked at key by key, and deciding it is NP-complete even where every value
//! is unique (Gibbons & Korach 1997, section 3), so the search may end undecided. It goes
//! depth first over how far each process has come, the earliest call first, and remembers
//! where it has been. Reads that the state satisfies go at once. A place at which something
//! can never be answered any more ([`super::demand`]) is left at once.
//!
//! A process that calls at the instant of its own last return did both at once, as far as
//! the clock tells, and closed intervals leave the order open (see [`crate::history`]);
//! so that nothing is linearizable and not sequential.
//!
//! Source: Lamport, *How to make a multiprocessor computer that correctly executes
//! multiprocess programs* (1979).

use std::collections::{BTreeMap, BTreeSet};

use super::demand::Demand;
use super::frontier::{Budget, Found};
use crate::history::{History, Id, Operation};
use crate::models::{Model, State};

/// Places remembered at most; beyond, the search gives up.
const MOST: usize = 400_000;

/// Operations of one process at one instant whose order is left open, at most.
const TIED: u32 = 32;

/// How far each process is, and the state of each key. How far: in the lower half how many
/// of its operations are done from the first on, in the upper half a bit for each of those
/// after the next one.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    reached: Vec<u64>,
    states: Vec<State>,
}

impl Place {
    /// The first operation of a process that is not done.
    fn first(&self, process: usize) -> usize {
        self.reached[process] as u32 as usize
    }

    /// Whether an operation of a process is done, counted from the first that is not.
    fn has(&self, process: usize, ahead: u32) -> bool {
        ahead > 0 && self.reached[process] >> (31 + ahead) & 1 == 1
    }

    /// Does an operation of a process.
    fn advance(&mut self, process: usize, ahead: u32) {
        let reached = &mut self.reached[process];
        if ahead > 0 {
            *reached |= 1 << (31 + ahead);
            return;
        }
        let (mut first, mut after) = (*reached as u32, (*reached >> 32) as u32);
        loop {
            first += 1;
            let done = after & 1 == 1;
            after >>= 1;
            if !done {
                break;
            }
        }
        *reached = u64::from(after) << 32 | u64::from(first);
    }
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
    if processes.iter().any(|process| tied(operations, process)) {
        return Found::Spent { linearized: 0 };
    }
    let mut on_key: Vec<Vec<(u32, u32, &Operation)>> = vec![Vec::new(); models.len()];
    for (process, program) in processes.iter().enumerate() {
        for (place, &at) in program.iter().enumerate() {
            let operation = &operations[at as usize];
            let of_key = &mut on_key[keys[&operation.key]];
            of_key.push((process as u32, place as u32, operation));
        }
    }
    let demands = models.iter().zip(on_key);
    let demands = demands.map(|(model, on_key)| Demand::new(model, on_key.into_iter()));
    let mut walk = Walk {
        demands: demands.collect(),
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

/// Whether too many operations of a process are at one instant.
fn tied(operations: &[Operation], process: &[u32]) -> bool {
    let apart = process.iter().zip(process.iter().skip(TIED as usize));
    apart
        .into_iter()
        .any(|(&one, &other)| !operations[one as usize].precedes(&operations[other as usize]))
}

struct Walk<'a, M> {
    operations: &'a [Operation],
    keys: BTreeMap<Id, usize>,
    models: Vec<M>,
    /// What is asked of each key, where that can be told.
    demands: Vec<Option<Demand>>,
    processes: Vec<Vec<u32>>,
    due: u32,
    best: u32,
}

impl<M: Model> Walk<'_, M> {
    fn run(&mut self, budget: &mut Budget) -> Found {
        let spent = |best| Found::Spent { linearized: best };
        let mut seen = BTreeSet::new();
        let start = Place {
            reached: vec![0; self.processes.len()],
            states: self.models.iter().map(Model::initial).collect(),
        };
        let none = Found::None {
            at: self.operations.len().saturating_sub(1) as u32,
        };
        if self.asks_for_what_nobody_makes(&start) {
            return none;
        }
        // To look at a place and to keep one both take as long as it is large.
        let size = (self.processes.len() + self.models.len()) as u64;
        let mut open = vec![start];
        while let Some(mut place) = open.pop() {
            if seen.len() >= MOST || !self.read(&mut place, budget) || !budget.spend(3 * size) {
                budget.left = 0;
                return spent(self.best);
            }
            let done = self.done(&place);
            self.best = self.best.max(done);
            if done == self.due {
                return Found::Order;
            }
            if seen.contains(&place) {
                continue;
            }
            let mut next: Vec<(u32, Place)> = Vec::new();
            for process in 0..self.processes.len() {
                for ahead in self.ahead(&place, process) {
                    let Some((at, state)) = self.try_next(&place, process, ahead) else {
                        continue;
                    };
                    let key = self.keys[&self.operations[at as usize].key];
                    let cost = size / 2 + self.models[key].cost(state);
                    if !budget.spend(cost) {
                        return spent(self.best);
                    }
                    let mut after = place.clone();
                    after.advance(process, ahead);
                    let before = std::mem::replace(&mut after.states[key], state);
                    if before == state || !self.is_missed(&after, key, before, budget) {
                        next.push((at, after));
                    }
                }
            }
            seen.insert(place);
            // The last pushed is tried first: the earliest call, what returned before
            // what may never have happened.
            next.sort_by_key(|&(at, _)| {
                let operation = &self.operations[at as usize];
                (operation.returned(), std::cmp::Reverse(operation.call))
            });
            open.extend(next.into_iter().map(|(_, place)| place));
        }
        none
    }

    /// Whether a key's state that was left is asked for and will not come back.
    fn is_missed(&self, place: &Place, key: usize, left: State, budget: &mut Budget) -> bool {
        let Some(demand) = &self.demands[key] else {
            return false;
        };
        budget.spend(demand.cost(left) / 4);
        demand.is_missed(left, |process, at| Self::waits(place, process, at))
    }

    /// Whether an operation of a process is still to be done.
    fn waits(place: &Place, process: u32, at: u32) -> bool {
        let first = place.first(process as usize) as u32;
        at >= first && !(at - first <= TIED && place.has(process as usize, at - first))
    }

    fn asks_for_what_nobody_makes(&self, start: &Place) -> bool {
        let keys = self.demands.iter().zip(&start.states);
        keys.into_iter().any(|(demand, &initial)| {
            demand.as_ref().is_some_and(|demand| {
                let mut asked = demand.asked().filter(|&state| state != initial);
                asked.any(|state| demand.is_missed(state, |_, _| true))
            })
        })
    }

    /// Which operations of a process may be next, counted from the first that is not done:
    /// that one, and those that it does not precede.
    fn ahead(&self, place: &Place, process: usize) -> std::ops::Range<u32> {
        let program = &self.processes[process];
        let first = place.first(process);
        let mut rest = program[first.min(program.len())..].iter();
        let Some(&next) = rest.next() else {
            return 0..0;
        };
        let next = &self.operations[next as usize];
        let open = rest.take_while(|&&at| !next.precedes(&self.operations[at as usize]));
        0..1 + open.take(TIED as usize).count() as u32
    }

    /// An operation of a process and the state of its key after it; none where it is done,
    /// must wait, or could not be answered so.
    fn try_next(&self, place: &Place, process: usize, ahead: u32) -> Option<(u32, State)> {
        if place.has(process, ahead) {
            return None;
        }
        let program = &self.processes[process][place.first(process)..];
        let at = program[ahead as usize];
        let operation = &self.operations[at as usize];
        let waits = (1..ahead).any(|before| {
            let before_at = program[before as usize] as usize;
            !place.has(process, before) && self.operations[before_at].precedes(operation)
        });
        if waits {
            return None;
        }
        let key = self.keys[&operation.key];
        let state = self.models[key].step(place.states[key], operation.action)?;
        Some((at, state))
    }

    /// Takes every read that is satisfied, until none is. Whether that could be paid for.
    fn read(&self, place: &mut Place, budget: &mut Budget) -> bool {
        let mut moved = true;
        while moved {
            moved = false;
            if !budget.spend(self.processes.len() as u64) {
                return false;
            }
            for process in 0..self.processes.len() {
                let satisfied = self.ahead(place, process).find(|&ahead| {
                    let next = self.try_next(place, process, ahead);
                    next.is_some_and(|(at, _)| self.operations[at as usize].action.only_observes())
                });
                if let Some(ahead) = satisfied {
                    place.advance(process, ahead);
                    moved = true;
                }
            }
        }
        true
    }

    /// How many of those that have to happen did.
    fn done(&self, place: &Place) -> u32 {
        let processes = self.processes.iter().zip(&place.reached);
        let due = processes.filter(|(process, _)| {
            let first = process.first();
            first.is_some_and(|&at| self.operations[at as usize].returned())
        });
        due.map(|(_, &reached)| reached as u32 + (reached >> 32).count_ones())
            .sum()
    }
}
