//! A first-in first-out queue: values leave in the order in which they came. Taking from
//! an empty queue answers that it is empty.
//!
//! Source: Herlihy & Wing, *Linearizability* (1990), section 1.2, whose example it is.

use std::collections::BTreeMap;

use super::contents::{Contents, EMPTY};
use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, NIL, Operation};

/// The head of its file says what it is and where it is from.
#[derive(Debug)]
pub struct Queue {
    contents: Contents,
}

impl Model for Queue {
    const INFO: Info = Info {
        model: ModelId::Queue,
        id: "queue",
    };

    fn accepts(action: Action) -> bool {
        matches!(
            action,
            Action::Enqueue(_) | Action::Dequeue(_) | Action::Take
        )
    }

    fn compile(_: &History, _: &[Operation]) -> Self {
        Self {
            contents: Contents::new(),
        }
    }

    fn initial(&self) -> State {
        EMPTY
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        let first = || self.contents.first(state);
        match action {
            Action::Enqueue(id) => Some(self.contents.put(state, id)),
            Action::Dequeue(NIL) => (state == EMPTY).then_some(state),
            Action::Dequeue(id) if first() != Some(id) => None,
            Action::Dequeue(_) => Some(self.contents.take(state)?.1),
            Action::Take => Some(self.contents.take(state).map_or(state, |(_, rest)| rest)),
            _ => None,
        }
    }

    fn cost(&self, state: State) -> u64 {
        self.contents.cost(state)
    }

    // What left the queue rests on what brought it in; and what came in and left goes
    // as a pair, since without its leaving it would stand in the way of all after it.
    fn settle(_: &History, operations: &[Operation], keep: &mut [bool], _: bool) {
        let mut lacking: BTreeMap<Id, (i64, i64)> = BTreeMap::new();
        for (operation, kept) in operations.iter().zip(keep.iter()) {
            match operation.action {
                Action::Enqueue(id) => lacking.entry(id).or_default().0 += i64::from(!kept),
                Action::Dequeue(id) if id != NIL => {
                    lacking.entry(id).or_default().1 += i64::from(!kept);
                }
                _ => {}
            }
        }
        for (operation, kept) in operations.iter().zip(keep.iter_mut()).rev() {
            let (in_gone, out_gone) = match operation.action {
                Action::Enqueue(id) | Action::Dequeue(id) => {
                    lacking.get(&id).copied().unwrap_or_default()
                }
                _ => continue,
            };
            match operation.action {
                Action::Enqueue(id) if *kept && out_gone > in_gone => {
                    *kept = false;
                    lacking.entry(id).or_default().0 += 1;
                }
                Action::Dequeue(id) if *kept && in_gone > out_gone => {
                    *kept = false;
                    lacking.entry(id).or_default().1 += 1;
                }
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_leave_in_the_order_in_which_they_came() {
        let model = Queue::compile(&History::default(), &[]);
        let one = model.step(model.initial(), Action::Enqueue(1)).unwrap();
        let two = model.step(one, Action::Enqueue(2)).unwrap();
        assert_eq!(model.step(two, Action::Dequeue(2)), None);
        assert_eq!(model.step(two, Action::Dequeue(NIL)), None);
        let rest = model.step(two, Action::Dequeue(1)).unwrap();
        let empty = model.step(rest, Action::Dequeue(2)).unwrap();
        assert_eq!(model.step(empty, Action::Dequeue(NIL)), Some(empty));
        assert_eq!(model.step(two, Action::Take), Some(rest));
    }
}
