//! A register: holds one value, a write replaces it, a read answers it.
//!
//! Source: Lamport, *On interprocess communication* (1986), the atomic register;
//! Herlihy & Wing, *Linearizability* (1990), section 2.

use std::collections::BTreeMap;

use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, Operation, Time};

/// See the [module](self).
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

    fn settle(history: &History, operations: &[Operation], keep: &mut [bool], every: bool) {
        chained(history, operations, keep, every);
    }
}

/// [`Model::settle`] where values are written whole: drops what asks for a value that
/// nothing in `keep` leaves any more.
pub(crate) fn chained(history: &History, operations: &[Operation], keep: &mut [bool], every: bool) {
    // Writers of each value: those kept, and the earliest call of one that is not.
    let mut writers: BTreeMap<Id, (usize, Time)> = BTreeMap::new();
    for (operation, kept) in operations.iter().zip(keep.iter()) {
        if let Some(id) = leaves(operation.action) {
            let (count, dropped) = writers.entry(id).or_insert((0, Time::MAX));
            if *kept {
                *count += 1;
            } else {
                *dropped = operation.call.min(*dropped);
            }
        }
    }
    let mut changed = true;
    while changed {
        changed = false;
        for (operation, kept) in operations.iter().zip(keep.iter_mut()) {
            let Some(id) = asks(operation.action).filter(|_| *kept) else {
                continue;
            };
            // What nobody ever wrote cannot lose its writer.
            let Some(&(count, dropped)) = writers.get(&id) else {
                continue;
            };
            let orphan = count == 0 && id != history.initial;
            if orphan || (every && dropped < operation.ret) {
                *kept = false;
                changed = true;
                if let Some((count, dropped)) =
                    leaves(operation.action).and_then(|id| writers.get_mut(&id))
                {
                    *count -= 1;
                    *dropped = operation.call.min(*dropped);
                }
            }
        }
    }
}
