//! The definitions, without any cleverness: every order is tried.

use std::collections::{BTreeSet, VecDeque};

use splitbrain_checker::history::{Action, History, Id, NIL, Operation, Value};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::Order;

/// One key's state, written from the models' descriptions and not from their code.
#[derive(Debug, Clone)]
struct State {
    register: Id,
    text: String,
    sum: i64,
    set: BTreeSet<Value>,
    queue: VecDeque<Id>,
    holder: Option<Id>,
}

/// Whether there is an order.
pub(crate) fn holds(model: ModelId, history: &History, order: Order) -> bool {
    let keys = history.keys.len().max(1);
    let state = State {
        register: history.initial,
        text: String::new(),
        sum: 0,
        set: BTreeSet::new(),
        queue: VecDeque::new(),
        holder: None,
    };
    let mut states = vec![state; keys];
    let mut left: Vec<Operation> = history.operations.clone();
    extend(model, history, order, &mut states, &mut left)
}

fn extend(
    model: ModelId,
    history: &History,
    order: Order,
    states: &mut [State],
    left: &mut Vec<Operation>,
) -> bool {
    if !left.iter().any(Operation::returned) {
        return true;
    }
    for at in 0..left.len() {
        let operation = left[at];
        let waits = left.iter().any(|other| match order {
            Order::Linearizable => other.ret < operation.call,
            Order::Sequential => {
                let same = other.process == operation.process;
                same && operation.returned() && other.ret < operation.call
            }
        });
        if waits {
            continue;
        }
        let key = operation.key as usize;
        let before = states[key].clone();
        if apply(model, history, &mut states[key], operation.action) {
            left.remove(at);
            let found = extend(model, history, order, states, left);
            left.insert(at, operation);
            if found {
                states[key] = before;
                return true;
            }
        }
        states[key] = before;
    }
    false
}

fn text(value: &Value) -> String {
    match value {
        Value::Nil => String::new(),
        Value::Text(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether the action could be answered so, and what it leaves.
fn apply(model: ModelId, history: &History, state: &mut State, action: Action) -> bool {
    let value = |id: Id| history.values.get(id);
    match (model, action) {
        (ModelId::Kv, Action::Read(id)) => return state.text == text(value(id)),
        (ModelId::Kv, Action::Write(id)) => state.text = text(value(id)),
        (ModelId::Kv, Action::Append(id)) => state.text += &text(value(id)),
        (ModelId::Counter, Action::Read(id)) => {
            return match value(id) {
                Value::Int(number) => *number == state.sum,
                other => *other == Value::Nil && state.sum == 0,
            };
        }
        (ModelId::Counter, Action::Add(id)) => match value(id) {
            Value::Int(number) => state.sum += number,
            other => panic!("{other} is no number"),
        },
        (ModelId::Set, Action::Read(id)) => {
            let empty = Vec::new();
            let read = match value(id) {
                Value::Many(values) => values,
                _ => &empty,
            };
            return read.iter().cloned().collect::<BTreeSet<_>>() == state.set;
        }
        (ModelId::Set, Action::Add(id)) => {
            state.set.insert(value(id).clone());
        }
        (ModelId::Set, Action::Remove(id)) => {
            state.set.remove(value(id));
        }
        (ModelId::Set, Action::Contains(id, found)) => {
            return state.set.contains(value(id)) == found;
        }
        (_, Action::Read(id)) => return state.register == id,
        (_, Action::Write(id)) => state.register = id,
        (_, Action::Cas(old, new)) => {
            if state.register != old {
                return false;
            }
            state.register = new;
        }
        (_, Action::Refused(id)) => return state.register != id,
        (_, Action::Enqueue(id)) => state.queue.push_back(id),
        (_, Action::Dequeue(NIL)) => return state.queue.is_empty(),
        (_, Action::Dequeue(id)) => return state.queue.pop_front() == Some(id),
        (_, Action::Take) => {
            state.queue.pop_front();
        }
        (_, Action::Acquire(process)) => {
            return state.holder.replace(process).is_none();
        }
        (_, Action::Release(process)) => {
            return state.holder.take() == Some(process);
        }
        (_, other) => panic!("{} does not know {other:?}", model.id()),
    }
    true
}
