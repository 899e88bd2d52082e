//! A lock: held by at most one process, released only by its holder, not taken twice by
//! the same.
//!
//! An acquisition of unknown outcome may have left the lock held for ever.
//!
//! Source: Dijkstra, *Solution of a problem in concurrent programming control* (1965);
//! the mutex of Knossos.

use std::collections::BTreeMap;

use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, Operation};

/// The head of its file says what it is and where it is from.
#[derive(Debug, Clone, Copy)]
pub struct Lock;

const FREE: State = State::MAX;

impl Model for Lock {
    const INFO: Info = Info {
        model: ModelId::Lock,
        id: "lock",
    };

    fn accepts(action: Action) -> bool {
        matches!(action, Action::Acquire(_) | Action::Release(_))
    }

    fn compile(_: &History, _: &[Operation]) -> Self {
        Self
    }

    fn initial(&self) -> State {
        FREE
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        match action {
            Action::Acquire(process) => (state == FREE).then_some(State::from(process)),
            Action::Release(process) => (state == State::from(process)).then_some(FREE),
            _ => None,
        }
    }

    // A process's acquisition and the release after it go as a pair: without the release
    // nobody after it could have the lock.
    fn settle(_: &History, operations: &[Operation], keep: &mut [bool], _: bool) {
        let mut open: BTreeMap<Id, usize> = BTreeMap::new();
        for at in 0..operations.len() {
            match operations[at].action {
                Action::Acquire(process) => {
                    open.insert(process, at);
                }
                Action::Release(process) => {
                    if let Some(before) = open.remove(&process) {
                        let both = keep[before] && keep[at];
                        keep[before] = both;
                        keep[at] = both;
                    }
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
    fn only_the_holder_gives_it_back() {
        let held = Lock.step(FREE, Action::Acquire(1)).unwrap();
        assert_eq!(Lock.step(held, Action::Acquire(2)), None);
        assert_eq!(Lock.step(held, Action::Acquire(1)), None);
        assert_eq!(Lock.step(held, Action::Release(2)), None);
        assert_eq!(Lock.step(held, Action::Release(1)), Some(FREE));
    }
}
