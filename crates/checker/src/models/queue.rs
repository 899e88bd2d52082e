//! A first-in first-out queue: values leave in the order in which they came. Taking from
//! an empty queue answers that it is empty.
//!
//! Source: Herlihy & Wing, *Linearizability* (1990), section 1.2, whose example it is.

use std::collections::BTreeMap;

use super::table::Table;
use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, NIL, Operation};

/// The head of its file says what it is and where it is from.
#[derive(Debug)]
pub struct Queue {
    table: Table,
    initial: State,
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
        let table = Table::default();
        let initial = table.intern(&[]);
        Self { table, initial }
    }

    fn initial(&self) -> State {
        self.initial
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        let held = self.table.get(state);
        match action {
            Action::Enqueue(id) => {
                let mut longer = held.to_vec();
                longer.push(id);
                Some(self.table.intern(&longer))
            }
            Action::Dequeue(NIL) => held.is_empty().then_some(state),
            Action::Dequeue(id) => {
                let rest = held.strip_prefix(&[id])?;
                Some(self.table.intern(rest))
            }
            Action::Take => Some(match held.split_first() {
                Some((_, rest)) => self.table.intern(rest),
                None => state,
            }),
            _ => None,
        }
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
