//! From calls and returns, as logs have them, to operations.

use std::collections::BTreeMap;

use super::{Action, History, Id, OPEN, Operation, Time, Value};

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It took effect, and this is what it did as its return tells.
    Succeeded(Action),
    /// It certainly did not.
    Failed,
    /// Nobody knows. With what it did, if it did; none where it only read.
    Unknown(Option<Action>),
}

/// A call that waits for its return.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// On what.
    pub key: Id,
    /// When.
    pub time: Time,
    /// What it does where the call says so already; none where only the return can
    /// tell, as with a read.
    pub action: Option<Action>,
}

/// Why a line does not fit what came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BuildError {
    /// The process is still waiting for its last call.
    CalledTwice,
    /// The process has not called.
    NotCalled,
    /// An earlier line had a later time.
    Backwards,
    /// More operations than [`Builder::MOST`].
    TooMany,
}

/// Pairs the calls and returns of a log, given in its order.
#[derive(Debug, Default)]
pub struct Builder {
    /// Names are interned here by whoever reads the log.
    pub history: History,
    open: BTreeMap<Id, (usize, Call)>,
    /// By place of the call; none where it left nothing.
    made: Vec<Option<Operation>>,
    last: Option<Time>,
}

impl Builder {
    /// More operations than this are refused.
    pub const MOST: usize = 4_000_000;

    /// Nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    fn advance(&mut self, time: Time) -> Result<(), BuildError> {
        if self.last.is_some_and(|last| time < last) {
            return Err(BuildError::Backwards);
        }
        self.last = Some(time);
        Ok(())
    }

    /// A process calls.
    ///
    /// # Errors
    /// Where it has a call open, where time runs backwards, and where
    /// there are too many.
    pub fn call(&mut self, process: Id, call: Call) -> Result<(), BuildError> {
        self.advance(call.time)?;
        if self.made.len() >= Self::MOST {
            return Err(BuildError::TooMany);
        }
        if self.open.contains_key(&process) {
            return Err(BuildError::CalledTwice);
        }
        self.open.insert(process, (self.made.len(), call));
        self.made.push(None);
        Ok(())
    }

    /// The call that this process has open.
    pub fn pending(&self, process: Id) -> Option<Call> {
        self.open.get(&process).map(|&(_, call)| call)
    }

    /// The call of a process ends.
    ///
    /// # Errors
    /// Where it has none open, and where time runs backwards.
    pub fn end(&mut self, process: Id, time: Time, outcome: Outcome) -> Result<(), BuildError> {
        self.advance(time)?;
        let Some((place, call)) = self.open.remove(&process) else {
            return Err(BuildError::NotCalled);
        };
        let (action, ret) = match outcome {
            Outcome::Succeeded(action) => (Some(action), time),
            Outcome::Failed => (None, time),
            Outcome::Unknown(action) => (action.filter(|action| !action.only_observes()), OPEN),
        };
        self.made[place] = action.map(|action| Operation {
            process,
            key: call.key,
            call: call.time,
            ret,
            action,
        });
        Ok(())
    }

    /// The history. What never returned is of unknown outcome.
    #[must_use]
    pub fn finish(mut self) -> History {
        for (process, (place, call)) in std::mem::take(&mut self.open) {
            let action = call.action.filter(|action| !action.only_observes());
            self.made[place] = action.map(|action| Operation {
                process,
                key: call.key,
                call: call.time,
                ret: OPEN,
                action,
            });
        }
        self.history.operations = self.made.into_iter().flatten().collect();
        self.history
    }

    /// Names a process.
    pub fn process(&mut self, name: Value) -> Id {
        self.history.processes.intern(name)
    }

    /// Names a key.
    pub fn key(&mut self, name: Value) -> Id {
        self.history.keys.intern(name)
    }

    /// Names a value.
    pub fn value(&mut self, name: Value) -> Id {
        self.history.values.intern(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(time: Time) -> Call {
        Call {
            key: 0,
            time,
            action: Some(Action::Write(1)),
        }
    }

    #[test]
    fn an_operation_has_the_times_of_its_call_and_its_return() {
        let mut builder = Builder::new();
        builder.call(0, write(3)).unwrap();
        builder
            .end(0, 8, Outcome::Succeeded(Action::Write(1)))
            .unwrap();
        let history = builder.finish();
        assert_eq!(
            (history.operations[0].call, history.operations[0].ret),
            (3, 8)
        );
    }

    #[test]
    fn failures_and_reads_of_unknown_outcome_leave_nothing_and_unknown_writes_stay_open() {
        let mut builder = Builder::new();
        for process in 0..4 {
            builder.call(process, write(1)).unwrap();
        }
        builder.end(0, 2, Outcome::Failed).unwrap();
        builder.end(1, 2, Outcome::Unknown(None)).unwrap();
        builder
            .end(2, 2, Outcome::Unknown(Some(Action::Write(1))))
            .unwrap();
        let history = builder.finish();
        assert_eq!(
            history.operations.len(),
            2,
            "the third and the one that never ended"
        );
        assert!(
            history
                .operations
                .iter()
                .all(|operation| operation.ret == OPEN)
        );
    }

    #[test]
    fn what_cannot_be_is_refused() {
        let mut builder = Builder::new();
        assert_eq!(
            builder.end(0, 1, Outcome::Failed),
            Err(BuildError::NotCalled)
        );
        builder.call(0, write(5)).unwrap();
        assert_eq!(builder.call(0, write(5)), Err(BuildError::CalledTwice));
        assert_eq!(builder.call(1, write(4)), Err(BuildError::Backwards));
    }
}
