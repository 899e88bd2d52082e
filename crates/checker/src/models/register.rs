//! A register: holds one value, a write replaces it, a read answers it.
//!
//! Source: Lamport, *On interprocess communication* (1986), the atomic register;
//! Herlihy & Wing, *Linearizability* (1990), section 2.

use std::collections::BTreeMap;

use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, Operation, Time};

/// The head of its file says what it is and where it is from.
#[derive(Debug, Clone)]
pub struct Register {
    initial: Id,
    /// Until when each value is asked for, where it is.
    observed: BTreeMap<Id, Time>,
    /// Until when somebody answers that the value is *not* such.
    refused: Time,
}

/// The value that an action asks for, of a register with or without compare-and-set.
fn asks(action: Action) -> Option<Id> {
    match action {
        Action::Read(id) | Action::Cas(id, _) => Some(id),
        _ => None,
    }
}

/// The value that an action leaves.
fn leaves(action: Action) -> Option<Id> {
    match action {
        Action::Write(id) | Action::Cas(_, id) => Some(id),
        _ => None,
    }
}

impl Model for Register {
    const INFO: Info = Info {
        model: ModelId::Register,
        id: "register",
    };

    fn accepts(action: Action) -> bool {
        matches!(action, Action::Read(_) | Action::Write(_))
    }

    fn compile(history: &History, operations: &[Operation]) -> Self {
        let mut observed = BTreeMap::new();
        let mut refused = Time::MIN;
        for operation in operations {
            if let Some(id) = asks(operation.action) {
                let until = observed.entry(id).or_insert(Time::MIN);
                *until = operation.ret.max(*until);
            } else if let Action::Refused(_) = operation.action {
                refused = operation.ret.max(refused);
            }
        }
        Self {
            initial: history.initial,
            observed,
            refused,
        }
    }

    fn initial(&self) -> State {
        State::from(self.initial)
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        match action {
            Action::Write(id) => Some(State::from(id)),
            Action::Read(id) => (state == State::from(id)).then_some(state),
            _ => None,
        }
    }

    fn observed_until(&self, action: Action) -> Time {
        let until = |id| self.observed.get(&id).copied().unwrap_or(Time::MIN);
        leaves(action).map_or(Time::MAX, |id| until(id).max(self.refused))
    }

    fn asks(&self, action: Action) -> Option<State> {
        asks(action).map(State::from)
    }

    fn leaves(&self, action: Action) -> Option<State> {
        leaves(action).map(State::from)
    }

    fn settle(history: &History, operations: &[Operation], keep: &mut [bool], every: bool) {
        chained(history, operations, keep, every);
    }
}

/// What is known of the writers of a value.
#[derive(Debug, Clone, Copy)]
struct Writers {
    /// Whether one is kept.
    kept: bool,
    /// The earliest call among those that are not; [`Time::MAX`] where all are.
    dropped: Time,
}

/// [`Model::settle`] where values are written whole: drops what asks for a value that
/// nothing in `keep` leaves any more; with `every`, what asks for a value of which a writer
/// is gone that was called before the answer was given.
pub(crate) fn chained(history: &History, operations: &[Operation], keep: &mut [bool], every: bool) {
    loop {
        let writers = writers(operations, keep);
        let mut changed = false;
        for (operation, kept) in operations.iter().zip(keep.iter_mut()) {
            let Some(id) = asks(operation.action).filter(|_| *kept) else {
                continue;
            };
            // What nobody ever wrote cannot lose its writer.
            let Some(writers) = writers.get(&id) else {
                continue;
            };
            let orphan = !writers.kept && id != history.initial;
            if orphan || (every && writers.dropped <= operation.ret) {
                *kept = false;
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

fn writers(operations: &[Operation], keep: &[bool]) -> BTreeMap<Id, Writers> {
    let mut writers = BTreeMap::new();
    for (operation, kept) in operations.iter().zip(keep) {
        let Some(id) = leaves(operation.action) else {
            continue;
        };
        let of_value = writers.entry(id).or_insert(Writers {
            kept: false,
            dropped: Time::MAX,
        });
        if *kept {
            of_value.kept = true;
        } else {
            of_value.dropped = operation.call.min(of_value.dropped);
        }
    }
    writers
}
