//! A counter: starts at nought, an addition changes it by a number, a read answers the sum.
//!
//! Sums saturate at the ends of 64 bits, so that no file can make them wrap.
//!
//! Source: the operation-based counter of Shapiro et al., *A comprehensive study of
//! convergent and commutative replicated data types* (2011), section 3.1.1, read as a
//! sequential specification.

use std::collections::BTreeMap;

use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, NIL, Operation, Value};

/// The head of its file says what it is and where it is from.
#[derive(Debug, Clone)]
pub struct Counter {
    numbers: BTreeMap<Id, i64>,
    /// Whether no sum of these additions reaches an end of 64 bits.
    exact: bool,
    /// Whether all additions are of nought or more, or all of nought or less.
    grows: bool,
    shrinks: bool,
}

/// The number that a value is to a counter; none where it is no number.
pub(crate) fn number(history: &History, id: Id) -> Option<i64> {
    match history.values.get(id) {
        Value::Int(number) => Some(*number),
        Value::Nil => Some(0),
        _ => None,
    }
}

impl Model for Counter {
    const INFO: Info = Info {
        model: ModelId::Counter,
        id: "counter",
    };

    fn accepts(action: Action) -> bool {
        matches!(action, Action::Read(_) | Action::Add(_))
    }

    fn compile(history: &History, operations: &[Operation]) -> Self {
        let ids = operations
            .iter()
            .filter_map(|operation| match operation.action {
                Action::Read(id) | Action::Add(id) => Some(id),
                _ => None,
            });
        let numbers = ids.filter_map(|id| Some((id, number(history, id)?)));
        let numbers: BTreeMap<Id, i64> = numbers.collect();
        let added = operations.iter().filter_map(|it| match it.action {
            Action::Add(id) => numbers.get(&id).copied(),
            _ => None,
        });
        let (mut low, mut high) = (0_i64, 0_i64);
        for number in added {
            low = low.saturating_add(number.min(0));
            high = high.saturating_add(number.max(0));
        }
        Self {
            numbers,
            exact: low > i64::MIN && high < i64::MAX,
            grows: low == 0,
            shrinks: high == 0,
        }
    }

    fn initial(&self) -> State {
        0
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        let number = |id: Id| self.numbers.get(&id).copied();
        match action {
            Action::Read(id) => (number(id)? == state as i64).then_some(state),
            Action::Add(id) => Some((state as i64).saturating_add(number(id)?) as State),
            _ => None,
        }
    }

    fn commute(&self, _: Action, _: Action) -> bool {
        self.exact
    }

    fn is_past(&self, state: State, answer: Action) -> bool {
        let Action::Read(id) = answer else {
            return false;
        };
        let sum = state as i64;
        let past = |&read: &i64| (self.grows && read < sum) || (self.shrinks && read > sum);
        self.numbers.get(&id).is_none_or(past)
    }

    // A sum rests on every addition that could be in it.
    fn settle(_: &History, operations: &[Operation], keep: &mut [bool], _: bool) {
        let adds = |operation: &Operation| matches!(operation.action, Action::Add(id) if id != NIL);
        let dropped = operations.iter().zip(keep.iter());
        let dropped = dropped.filter(|&(operation, kept)| !kept && adds(operation));
        let first = dropped.map(|(operation, _)| operation.call).min();
        let Some(first) = first else { return };
        for (operation, kept) in operations.iter().zip(keep.iter_mut()) {
            *kept &= adds(operation) || operation.ret < first;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_answers_the_sum_and_does_not_wrap() {
        let mut history = History::default();
        let [two, most] = [2, i64::MAX].map(|number| history.values.intern(Value::Int(number)));
        let at = |action| Operation {
            process: 0,
            key: 0,
            call: 0,
            ret: 1,
            action,
        };
        let model = Counter::compile(&history, &[at(Action::Add(two)), at(Action::Read(most))]);
        let sum = model.step(model.initial(), Action::Add(two)).unwrap();
        assert_eq!(model.step(sum, Action::Read(two)), Some(sum));
        assert_eq!(model.step(sum, Action::Read(most)), None);
        let end = model.step(i64::MAX as State, Action::Add(two)).unwrap();
        assert_eq!(model.step(end, Action::Read(most)), Some(end));
    }
}
