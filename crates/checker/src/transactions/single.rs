//! Histories of single reads and writes, as recorded anywhere, under the weak models:
//! each operation is a transaction of its own, each process a session.
//!
//! The orders of [`crate::search`] and these models then speak of the same history, and
//! none may refuse what a stronger one allows. So two things are taken as the search for
//! a sequential order takes them:
//!
//! - A write of unknown outcome stands in a session of its own: it follows nothing and
//!   precedes nothing, and took place if it was seen.
//! - Operations of one process at one instant have no order, as far as the clock tells
//!   (see [`crate::history`]). They are judged in the order in which they stand; if they
//!   fail so, and the proof names two such operations, another order might have passed,
//!   and the history is [not judged](NotJudged::Tied).

use thiserror::Error;

use super::model::{Model, Verdict, check};
use super::operation::{Key, Operation, SingleOperation, Status, TransactionId, Value};
use super::undecided::Undecided;
use super::{HistoryError, TransactionalHistory, Witness};
use crate::history::{Action, History, Id, Time};
use crate::models::ModelId;

/// Why the weak models say nothing of a history of single operations. Operations are
/// named by their places in [`History::operations`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum NotJudged {
    /// Two operations wrote the same value to one key, so a read of it does not tell
    /// which of them it saw.
    #[error("operations {first} and {second} wrote the same value to one key")]
    RepeatedValues {
        /// The first.
        first: u32,
        /// The second.
        second: u32,
    },
    /// This operation wrote what its key holds from the beginning, so a read of it does
    /// not tell whether it saw this.
    #[error("operation {0} wrote what its key holds from the beginning")]
    InitialValue(u32),
    /// This operation neither reads nor replaces a value, or what is read there is none
    /// that somebody wrote, as with a set.
    #[error("operation {0} is no read or write of a register")]
    OtherOperation(u32),
    /// The proof of a violation rests on the order of these two operations of one
    /// process, which are at one instant.
    #[error("operations {first} and {second} of one process are at one instant")]
    Tied {
        /// The first in the history.
        first: u32,
        /// The second.
        second: u32,
    },
    /// There are more than [`super::MAX_OPERATIONS`].
    #[error("there are too many operations")]
    TooMany,
    /// It could be judged, and was too large.
    #[error(transparent)]
    Undecided(#[from] Undecided),
}

impl NotJudged {
    /// The stable ids of all reasons.
    pub const IDS: [&'static str; 6] = [
        "repeated_values",
        "initial_value",
        "not_a_register",
        "tied",
        "too_many",
        "undecided",
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        let place = match self {
            Self::RepeatedValues { .. } => 0,
            Self::InitialValue(_) => 1,
            Self::OtherOperation(_) => 2,
            Self::Tied { .. } => 3,
            Self::TooMany => 4,
            Self::Undecided(_) => 5,
        };
        Self::IDS[place]
    }
}

/// A history of single operations, ready for the weak models.
#[derive(Debug, Clone)]
pub struct Sessions {
    history: TransactionalHistory,
    /// When each operation was called and when it returned, by its place.
    intervals: Vec<(Time, Time)>,
}

impl Sessions {
    /// The sessions of a history whose operations are taken to be on such a thing; none
    /// where nothing known does all that they do.
    ///
    /// # Errors
    /// Why no weak model says anything of it.
    pub fn new(history: &History, model: Option<ModelId>) -> Result<Self, NotJudged> {
        // A set or a counter is read too, but what is read there is no written value.
        let is_register = matches!(
            model,
            Some(ModelId::Register | ModelId::CasRegister | ModelId::Kv) | None
        );
        // A write of unknown outcome is alone, under a number that no process has.
        let mut alone = history.processes.len() as Id;
        let mut list = Vec::with_capacity(history.operations.len());
        let mut initial = None;
        for (at, operation) in (0..).zip(&history.operations) {
            let key = Key(operation.key.into());
            let done = match operation.action {
                Action::Read(id) if id == history.initial => Operation::read_initial(key),
                Action::Read(id) => Operation::read(key, Value(id.into())),
                Action::Write(id) => {
                    if id == history.initial {
                        initial.get_or_insert(at);
                    }
                    Operation::write(key, Value(id.into()))
                }
                _ => return Err(NotJudged::OtherOperation(at)),
            };
            if !is_register {
                return Err(NotJudged::OtherOperation(at));
            }
            let (process, status) = if operation.returned() {
                (operation.process, Status::Committed)
            } else {
                alone += 1;
                (alone - 1, Status::Unknown)
            };
            list.push(SingleOperation {
                process,
                status,
                operation: done,
            });
        }
        if let Some(at) = initial {
            return Err(NotJudged::InitialValue(at));
        }
        let sessions = TransactionalHistory::of_operations(&list).map_err(|error| match error {
            HistoryError::RepeatedValue { first, second, .. } => {
                NotJudged::RepeatedValues { first, second }
            }
            HistoryError::TooManyOperations { .. } => NotJudged::TooMany,
        })?;
        let intervals = history.operations.iter().map(|it| (it.call, it.ret));
        Ok(Self {
            history: sessions,
            intervals: intervals.collect(),
        })
    }

    /// Judges the history by a model, with a minimal proof of a violation.
    ///
    /// # Errors
    /// Why the model says nothing of it.
    pub fn check(&self, model: Model) -> Result<Verdict, NotJudged> {
        let verdict = check(&self.history, model)?;
        if let Verdict::Violated { witness } = &verdict
            && let Some((first, second)) = self.tie(witness)
        {
            return Err(NotJudged::Tied { first, second });
        }
        Ok(verdict)
    }

    /// The places in [`History::operations`] that a proof names, ascending.
    pub fn places(&self, witness: &Witness) -> Vec<u32> {
        let named = witness.operations();
        let mut places: Vec<u32> = named.iter().map(|it| self.history.label(*it)).collect();
        places.sort_unstable();
        places
    }

    /// Two operations of a proof whose order the clock does not tell.
    ///
    /// Without such a pair the operations of the proof are in the same order however ties
    /// are broken, so they fail, and with them the whole history.
    fn tie(&self, witness: &Witness) -> Option<(u32, u32)> {
        let mut pairs = witness.transactions.windows(2);
        let (one, other) = pairs.find_map(|pair| {
            let [one, other] = [pair[0], pair[1]];
            let [(_, ret), (call, _)] = [one, other].map(|it| self.intervals[self.place(it)]);
            let is_session = self.history.session_of(one) == self.history.session_of(other);
            (is_session && ret >= call).then_some((one, other))
        })?;
        Some((self.place(one) as u32, self.place(other) as u32))
    }

    /// The place of a transaction's one operation.
    fn place(&self, transaction: TransactionId) -> usize {
        let mut operations = self.history.operations_of(transaction);
        operations.next().map_or(0, |it| self.history.label(it)) as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::{self, NIL, OPEN};

    const REGISTER: Option<ModelId> = Some(ModelId::Register);

    /// One key; who, when called, when returned, what.
    fn history(operations: &[(Id, Time, Time, Action)]) -> History {
        let mut history = History::default();
        for name in 0..4 {
            history.processes.intern(history::Value::Int(name));
        }
        history.keys.intern(history::Value::Nil);
        let operation = |&(process, call, ret, action)| history::Operation {
            process,
            key: 0,
            call,
            ret,
            action,
        };
        history.operations = operations.iter().map(operation).collect();
        history
    }

    fn refused(operations: &[(Id, Time, Time, Action)], model: Option<ModelId>) -> NotJudged {
        let history = history(operations);
        Sessions::new(&history, model).expect_err("it is refused")
    }

    const WRITE: (Id, Time, Time, Action) = (0, 0, 1, Action::Write(1));

    #[test]
    fn a_read_that_went_back_is_found_and_its_proof_names_places() {
        let history = history(&[
            WRITE,
            (1, 2, 3, Action::Read(1)),
            (1, 4, 5, Action::Read(NIL)),
        ]);
        let sessions = Sessions::new(&history, REGISTER).expect("values are unique");
        let Ok(Verdict::Violated { witness }) = sessions.check(Model::MonotonicReads) else {
            panic!("it went back");
        };
        assert_eq!(sessions.places(&witness), [0, 1, 2]);
        assert_eq!(sessions.check(Model::ReadYourWrites), Ok(Verdict::Holds));
    }

    #[test]
    fn an_unanswered_write_blames_nobody_before_or_after_it() {
        let unseen = history(&[(0, 0, OPEN, Action::Write(1)), (0, 4, 5, Action::Read(NIL))]);
        let cause = history(&[
            (0, 0, 1, Action::Read(2)),
            (0, 2, OPEN, Action::Write(1)),
            (1, 3, 4, Action::Read(1)),
            (1, 5, 6, Action::Write(2)),
        ]);
        for history in [unseen, cause] {
            let sessions = Sessions::new(&history, REGISTER).expect("values are unique");
            assert_eq!(sessions.check(Model::CausalConvergence), Ok(Verdict::Holds));
        }
    }

    #[test]
    fn what_a_process_did_at_one_instant_is_not_held_against_it() {
        let (write, read) = ((0, 0, 5, Action::Write(1)), Action::Read(NIL));
        for (call, expected) in [
            (
                5,
                Err(NotJudged::Tied {
                    first: 0,
                    second: 1,
                }),
            ),
            (6, Ok("violated")),
        ] {
            let history = history(&[write, (0, call, 9, read)]);
            let sessions = Sessions::new(&history, REGISTER).expect("values are unique");
            let verdict = sessions.check(Model::ReadYourWrites);
            assert_eq!(verdict.map(|it| it.id()), expected);
        }
    }

    #[test]
    fn what_the_weak_models_cannot_tell_is_refused_with_the_operation() {
        let then = |action| [WRITE, (1, 2, 3, action)];
        let (first, second) = (0, 1);
        assert_eq!(
            refused(&then(Action::Write(1)), REGISTER),
            NotJudged::RepeatedValues { first, second }
        );
        assert_eq!(
            refused(&then(Action::Write(NIL)), REGISTER),
            NotJudged::InitialValue(1)
        );
        assert_eq!(
            refused(&then(Action::Cas(1, 2)), None),
            NotJudged::OtherOperation(1)
        );
        let set = Some(ModelId::Set);
        assert_eq!(
            refused(&[(0, 0, 1, Action::Read(1))], set),
            NotJudged::OtherOperation(0)
        );
    }
}
