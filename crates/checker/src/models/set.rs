//! A set: holds elements; adding one that is in it and removing one that is not change
//! nothing. A read answers all of it, `contains` answers for one element.
//!
//! Where nobody reads all of it, its elements know nothing of each other, and each is
//! looked at alone.
//!
//! Source: the sequential set that Shapiro et al., *A comprehensive study of convergent and
//! commutative replicated data types* (2011), section 3.3, start from.

use std::collections::BTreeMap;

use super::table::Table;
use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, Operation, Time, Value};

/// The head of its file says what it is and where it is from.
#[derive(Debug)]
pub struct Set {
    table: Table,
    /// What each value that was read is as a state.
    read: BTreeMap<Id, State>,
    initial: State,
}

/// The elements of a value that was read of a set, ascending.
fn elements(history: &History, id: Id) -> Option<Vec<u32>> {
    let Value::Many(values) = history.values.get(id) else {
        return matches!(history.values.get(id), Value::Nil).then(Vec::new);
    };
    // An element that nobody ever named cannot be in any state.
    let ids = values.iter().map(|value| history.values.find(value));
    let mut ids: Vec<u32> = ids.map(|id| id.unwrap_or(u32::MAX)).collect();
    ids.sort_unstable();
    ids.dedup();
    Some(ids)
}

fn element(action: Action) -> Option<Id> {
    match action {
        Action::Add(id) | Action::Remove(id) | Action::Contains(id, _) => Some(id),
        _ => None,
    }
}

impl Model for Set {
    const INFO: Info = Info {
        model: ModelId::Set,
        id: "set",
    };

    fn accepts(action: Action) -> bool {
        element(action).is_some() || matches!(action, Action::Read(_))
    }

    fn compile(history: &History, operations: &[Operation]) -> Self {
        let table = Table::default();
        let initial = table.intern(&[]);
        let mut read = BTreeMap::new();
        for operation in operations {
            if let Action::Read(id) = operation.action
                && let Some(elements) = elements(history, id)
            {
                read.insert(id, table.intern(&elements));
            }
        }
        Self {
            table,
            read,
            initial,
        }
    }

    fn initial(&self) -> State {
        self.initial
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        if let Action::Read(id) = action {
            return (self.read.get(&id) == Some(&state)).then_some(state);
        }
        let held = self.table.get(state);
        let place = held.binary_search(&element(action)?);
        match (action, place) {
            (Action::Contains(_, found), place) => (found == place.is_ok()).then_some(state),
            (Action::Add(id), Err(at)) => {
                let mut held = held.to_vec();
                held.insert(at, id);
                Some(self.table.intern(&held))
            }
            (Action::Remove(_), Ok(at)) => {
                let mut held = held.to_vec();
                held.remove(at);
                Some(self.table.intern(&held))
            }
            _ => Some(state),
        }
    }

    fn commute(&self, one: Action, other: Action) -> bool {
        element(one) != element(other)
    }

    fn cost(&self, state: State) -> u64 {
        self.table.cost(state)
    }

    fn parts(operations: &[Operation]) -> Option<Vec<u32>> {
        operations
            .iter()
            .map(|operation| element(operation.action))
            .collect()
    }

    // An answer about an element rests on every addition and removal of it that could
    // have come before: in or out, somebody wrote it.
    fn settle(history: &History, operations: &[Operation], keep: &mut [bool], _: bool) {
        let mut dropped: BTreeMap<Id, Time> = BTreeMap::new();
        for (operation, kept) in operations.iter().zip(keep.iter()) {
            if let (Action::Add(id) | Action::Remove(id), false) = (operation.action, *kept) {
                let first = dropped.entry(id).or_insert(Time::MAX);
                *first = operation.call.min(*first);
            }
        }
        let first = dropped.values().min().copied();
        for (operation, kept) in operations.iter().zip(keep.iter_mut()) {
            *kept &= match operation.action {
                Action::Contains(id, _) => {
                    dropped.get(&id).is_none_or(|&first| operation.ret < first)
                }
                Action::Read(id) if elements(history, id).is_some() => {
                    first.is_none_or(|first| operation.ret < first)
                }
                _ => true,
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_what_was_added_and_not_removed() {
        let mut history = History::default();
        let one = history.values.intern(Value::Int(1));
        let only = history.values.intern(Value::Many(vec![Value::Int(1)]));
        let read = Operation {
            process: 0,
            key: 0,
            call: 0,
            ret: 1,
            action: Action::Read(only),
        };
        let model = Set::compile(&history, &[read]);
        let held = model.step(model.initial(), Action::Add(one)).unwrap();
        assert_eq!(model.step(held, Action::Add(one)), Some(held));
        assert_eq!(model.step(held, Action::Read(only)), Some(held));
        assert_eq!(model.step(held, Action::Contains(one, false)), None);
        let empty = model.step(held, Action::Remove(one)).unwrap();
        assert_eq!(empty, model.initial());
        assert_eq!(model.step(empty, Action::Read(only)), None);
    }

    #[test]
    fn elements_are_parts_until_somebody_reads_all() {
        let at = |action| Operation {
            process: 0,
            key: 0,
            call: 0,
            ret: 1,
            action,
        };
        let apart = [at(Action::Add(3)), at(Action::Contains(4, true))];
        assert_eq!(Set::parts(&apart), Some(vec![3, 4]));
        assert_eq!(Set::parts(&[apart[0], at(Action::Read(0))]), None);
    }
}
