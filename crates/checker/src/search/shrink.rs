//! The minimal violation: so few operations that dropping any of them lets the rest pass.
//!
//! Operations are dropped together with the reads that would lose their writer; else
//! everything would shrink to a lone read, whose writer was dropped. Halves go first, then
//! quarters, at last one by one until none can go.

use super::decide::{self, Decided, Method};
use super::frontier::Budget;
use super::sweep::Room;
use super::{Conflict, Kind, Order};
use crate::history::{History, Operation};
use crate::models::ModelId;

/// A minimal violation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What the operations were taken for.
    pub model: ModelId,
    /// The order that they do not have.
    pub order: Order,
    /// By their places in the history, ascending.
    pub operations: Vec<u32>,
    /// What to call it.
    pub kind: Kind,
    /// Whether it was shown that none can be dropped. Else the budget was too small for
    /// some of the attempts.
    pub minimal: bool,
    /// Operations that prove the violation by themselves, ascending: everything that could
    /// have written what they read is among them. Where values are unique, they are those
    /// of the minimal violation. Else these may be more: the minimal violation leaves out
    /// further writes of equal values.
    pub proof: Vec<u32>,
}

impl Witness {
    /// Whether the minimal violation proves it by itself.
    pub fn is_complete(&self) -> bool {
        self.proof == self.operations
    }
}

/// Beyond so many operations on the keys concerned, the proof is the conflict as it was
/// found, or all of them.
const THOROUGH: usize = 4_000;

/// Shrinks a conflict of this history. Each attempt may take about `steps` steps.
pub fn witness(history: &History, conflict: &Conflict, steps: u64) -> Witness {
    let mut shrink = Shrink {
        history,
        model: conflict.model,
        order: conflict.order,
        steps,
        room: Room::default(),
        spent: false,
    };
    let all = concerned(history, conflict);
    let mut proof = conflict.operations.clone();
    if !shrink.violated(&proof) || shrink.settled(&all, &proof, true) != proof {
        // Somebody else's conflict, or one that leans on what is not in it.
        proof.clone_from(&all);
    }
    if all.len() <= THOROUGH {
        proof = shrink.run(&all, proof, true);
    }
    let operations = shrink.run(&[], proof.clone(), false);
    // The name is that of the proof: of the minimal violation alone it could say what is
    // not so, that a value was written only later.
    let named = of(history, &proof);
    Witness {
        model: conflict.model,
        order: conflict.order,
        kind: Kind::of(conflict.model, history, &named),
        minimal: !shrink.spent,
        operations,
        proof,
    }
}

/// The places of everything on the keys that a conflict is about.
fn concerned(history: &History, conflict: &Conflict) -> Vec<u32> {
    let key = |at: u32| history.operations[at as usize].key;
    let mut keys: Vec<u32> = conflict.operations.iter().map(|&at| key(at)).collect();
    keys.sort_unstable();
    keys.dedup();
    (0..history.operations.len() as u32)
        .filter(|&at| keys.binary_search(&key(at)).is_ok())
        .collect()
}

fn of(history: &History, places: &[u32]) -> Vec<Operation> {
    let operation = |&at: &u32| history.operations[at as usize];
    places.iter().map(operation).collect()
}

/// A history without one operation and without what then lacks what it rests on: the drop
/// that a minimal violation does not survive.
#[must_use]
pub fn without(history: &History, model: ModelId, dropped: u32) -> History {
    let all = history.operations.len() as u32;
    let mut keep: Vec<bool> = (0..all).map(|at| at != dropped).collect();
    decide::settle(model, history, &history.operations, &mut keep, false);
    let kept: Vec<u32> = (0..all).filter(|&at| keep[at as usize]).collect();
    history.restricted(&kept)
}

struct Shrink<'a> {
    history: &'a History,
    model: ModelId,
    order: Order,
    steps: u64,
    room: Room,
    /// Whether an attempt ended undecided since the last that succeeded.
    spent: bool,
}

impl Shrink<'_> {
    /// The fewest places to which these can be brought. With `every`, no read may lose any
    /// of its possible writers among `all`; else it keeps one among those that are left.
    fn run(&mut self, all: &[u32], places: Vec<u32>, every: bool) -> Vec<u32> {
        let mut places = places;
        let mut size = places.len().div_ceil(2).max(1);
        loop {
            self.spent = false;
            let mut shrunk = false;
            let mut end = places.len();
            // The latest first, so that of several writers one before a read stays.
            while end > 0 {
                let start = end.saturating_sub(size);
                let mut fewer = places.clone();
                fewer.drain(start..end);
                let universe = if every { all } else { &places };
                let fewer = self.settled(universe, &fewer, every);
                if self.violated(&fewer) {
                    places = fewer;
                    shrunk = true;
                }
                end = start.min(places.len());
            }
            if size > 1 {
                size = size.div_ceil(2);
            } else if !shrunk {
                return places;
            }
        }
    }

    /// Those of these places, out of all, that keep what they rest on.
    fn settled(&self, all: &[u32], places: &[u32], every: bool) -> Vec<u32> {
        let operations = of(self.history, all);
        let mut keep: Vec<bool> = all
            .iter()
            .map(|at| places.binary_search(at).is_ok())
            .collect();
        decide::settle(self.model, self.history, &operations, &mut keep, every);
        let kept = all.iter().zip(keep).filter(|(_, kept)| *kept);
        kept.map(|(&at, _)| at).collect()
    }

    fn violated(&mut self, places: &[u32]) -> bool {
        let operations = of(self.history, places);
        let mut budget = Budget { left: self.steps };
        let decided = match self.order {
            Order::Linearizable => decide::linearizable(
                self.model,
                self.history,
                &operations,
                &mut self.room,
                &mut budget,
                Method::Best,
            ),
            Order::Sequential => {
                decide::sequential(self.model, self.history, &operations, &mut budget)
            }
        };
        self.spent |= matches!(decided, Decided::Undecided { .. });
        matches!(decided, Decided::Violated(_))
    }
}
