//! A register with compare-and-set: replaces its value only where it is the expected one.
//!
//! A compare-and-set that *failed* is not in a history (it did nothing); a source that
//! wants the refusal to count, because the store answered that another value was there,
//! says `cas-refused`.
//!
//! Source: Herlihy, *Wait-free synchronization* (1991), section 3; the model of Jepsen's
//! etcd test.

use super::{Info, Model, ModelId, Register, State, chained};
use crate::history::{Action, History, Operation, Time};

/// The head of its file says what it is and where it is from.
#[derive(Debug, Clone)]
pub struct CasRegister {
    register: Register,
}

impl Model for CasRegister {
    const INFO: Info = Info {
        model: ModelId::CasRegister,
        id: "cas-register",
    };

    fn accepts(action: Action) -> bool {
        Register::accepts(action) || matches!(action, Action::Cas(..) | Action::Refused(_))
    }

    fn compile(history: &History, operations: &[Operation]) -> Self {
        Self {
            register: Register::compile(history, operations),
        }
    }

    fn initial(&self) -> State {
        self.register.initial()
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        match action {
            Action::Cas(old, new) => (state == State::from(old)).then_some(State::from(new)),
            Action::Refused(old) => (state != State::from(old)).then_some(state),
            _ => self.register.step(state, action),
        }
    }

    fn observed_until(&self, action: Action) -> Time {
        self.register.observed_until(action)
    }

    fn asks(&self, action: Action) -> Option<State> {
        self.register.asks(action)
    }

    fn leaves(&self, action: Action) -> Option<State> {
        self.register.leaves(action)
    }

    fn settle(history: &History, operations: &[Operation], keep: &mut [bool], every: bool) {
        chained(history, operations, keep, every);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_replaces_only_what_was_expected() {
        let model = CasRegister::compile(&History::default(), &[]);
        let three = model.step(model.initial(), Action::Write(3)).unwrap();
        assert_eq!(model.step(three, Action::Cas(3, 4)), Some(4));
        assert_eq!(model.step(three, Action::Cas(4, 5)), None);
        assert_eq!(model.step(three, Action::Refused(3)), None);
        assert_eq!(model.step(three, Action::Refused(4)), Some(three));
    }
}
