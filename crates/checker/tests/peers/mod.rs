//! Other checkers, asked the same questions: `todc-utils` (Wing & Gong's search with
//! Lowe's memory) and `stateright` (every interleaving).

use splitbrain_checker::history::{Action, History, Id, NIL, Operation, Value};
use stateright::semantics::{ConsistencyTester, LinearizabilityTester, SequentialSpec};
use todc_utils::linearizability::WGLChecker;
use todc_utils::linearizability::history::Action as Event;
use todc_utils::specifications::Specification;

/// An operation of a register, of a key-value store, and whether it may not have happened.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Asked {
    Read(Id),
    Write(Id),
    Cas(Id, Id),
    Get(String),
    Put(String),
    Append(String),
    MayWrite(Id),
    MayCas(Id, Id),
}

impl Asked {
    fn of(history: &History, operation: &Operation, is_kv: bool) -> Self {
        let text = |id| match history.values.get(id) {
            Value::Text(text) => text.clone(),
            other => other.to_string(),
        };
        match (operation.action, is_kv, operation.returned()) {
            (Action::Read(id), true, _) => Self::Get(text(id)),
            (Action::Write(id), true, _) => Self::Put(text(id)),
            (Action::Append(id), true, _) => Self::Append(text(id)),
            (Action::Read(id), ..) => Self::Read(id),
            (Action::Write(id), _, true) => Self::Write(id),
            (Action::Write(id), _, false) => Self::MayWrite(id),
            (Action::Cas(old, new), _, true) => Self::Cas(old, new),
            (Action::Cas(old, new), _, false) => Self::MayCas(old, new),
            (other, ..) => panic!("no peer is asked about {other:?}"),
        }
    }
}

/// Each key's operations.
pub(crate) fn parts(history: &History) -> Vec<Vec<Operation>> {
    let mut parts = vec![Vec::new(); history.keys.len()];
    for operation in &history.operations {
        parts[operation.key as usize].push(*operation);
    }
    parts.retain(|part| !part.is_empty());
    parts
}

/// Calls and returns in order, calls first where times are equal.
fn events(operations: &[Operation]) -> Vec<(usize, bool)> {
    let mut events: Vec<(i64, bool, usize)> = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        events.push((operation.call, false, at));
        events.push((operation.ret, true, at));
    }
    events.sort_unstable();
    events.into_iter().map(|(_, ret, at)| (at, ret)).collect()
}

#[derive(Debug)]
pub(crate) struct Register;

#[derive(Debug)]
pub(crate) struct Text;

impl Specification for Register {
    type State = Id;
    type Operation = Asked;

    fn init() -> Id {
        NIL
    }

    fn apply(asked: &Asked, &state: &Id) -> (bool, Id) {
        match *asked {
            Asked::Read(id) => (state == id, state),
            Asked::Write(id) | Asked::MayWrite(id) => (true, id),
            Asked::Cas(old, new) => (state == old, if state == old { new } else { state }),
            Asked::MayCas(old, new) => (true, if state == old { new } else { state }),
            _ => (false, state),
        }
    }
}

impl Specification for Text {
    type State = String;
    type Operation = Asked;

    fn init() -> String {
        String::new()
    }

    fn apply(asked: &Asked, state: &String) -> (bool, String) {
        match asked {
            Asked::Get(text) => (text == state, state.clone()),
            Asked::Put(text) => (true, text.clone()),
            Asked::Append(text) => (true, state.clone() + text),
            _ => (false, state.clone()),
        }
    }
}

fn todc_part<S: Specification<Operation = Asked>>(
    history: &History,
    part: &[Operation],
    is_kv: bool,
) -> bool {
    let events = events(part).into_iter().map(|(at, ret)| {
        let asked = Asked::of(history, &part[at], is_kv);
        (
            at,
            if ret {
                Event::Response(asked)
            } else {
                Event::Call(asked)
            },
        )
    });
    let events: Vec<_> = events.collect();
    let made = todc_utils::linearizability::history::History::from_actions(events);
    WGLChecker::<S>::is_linearizable(made)
}

/// What `todc-utils` says.
pub(crate) fn todc(history: &History, is_kv: bool) -> bool {
    parts(history).iter().all(|part| {
        if is_kv {
            todc_part::<Text>(history, part, true)
        } else {
            todc_part::<Register>(history, part, false)
        }
    })
}

/// The state of a sequential object of `stateright`.
#[derive(Debug, Clone, PartialEq)]
struct Object {
    register: Id,
    text: String,
}

impl SequentialSpec for Object {
    type Op = Asked;
    /// What a read answers, and whether a compare-and-set replaced.
    type Ret = Asked;

    fn invoke(&mut self, op: &Asked) -> Asked {
        match op {
            Asked::Read(_) => return Asked::Read(self.register),
            Asked::Get(_) => return Asked::Get(self.text.clone()),
            Asked::Write(id) | Asked::MayWrite(id) => self.register = *id,
            Asked::Cas(old, new) | Asked::MayCas(old, new) => {
                if self.register != *old {
                    return Asked::Read(self.register);
                }
                self.register = *new;
            }
            Asked::Put(text) => self.text.clone_from(text),
            Asked::Append(text) => self.text += text,
        }
        op.clone()
    }
}

/// What `stateright` says.
pub(crate) fn stateright(history: &History, is_kv: bool) -> bool {
    parts(history).iter().all(|part| {
        let start = Object {
            register: NIL,
            text: String::new(),
        };
        let mut tester = LinearizabilityTester::new(start);
        for (at, ret) in events(part) {
            let asked = Asked::of(history, &part[at], is_kv);
            // What never returned stands alone, since its process may go on.
            let thread = if part[at].returned() {
                (0, part[at].process as usize)
            } else {
                (1, at)
            };
            if !ret {
                tester.on_invoke(thread, asked).expect("one call at a time");
            } else if part[at].returned() {
                tester.on_return(thread, asked).expect("it was called");
            }
        }
        tester.is_consistent()
    })
}
