//! What a store is meant to be: one sequential specification a file.
//!
//! A model says what an operation does to a state, and whether it could have been
//! answered so. Adding one is a file here, an entry in [`ALL`], and an arm in
//! [`crate::search`]'s choice.

mod cas_register;
mod contents;
mod counter;
mod kv;
mod lock;
mod queue;
mod register;
mod set;
mod table;

pub use cas_register::CasRegister;
pub use counter::Counter;
pub use kv::{Kv, LOST};
pub use lock::Lock;
pub use queue::Queue;
pub use register::Register;
pub use set::Set;

pub(crate) use counter::number;
pub(crate) use register::chained;

use crate::history::{Action, History, Operation, Time};

/// A state, as a number. A model whose states are larger keeps them in a table and
/// numbers them.
pub type State = u64;

/// A sequential specification, made ready for the operations of one part of a history.
pub trait Model {
    /// The id and the name of the model.
    const INFO: Info;

    /// Whether the model knows this action.
    fn accepts(action: Action) -> bool;

    /// Made ready for these operations, all on one key.
    fn compile(history: &History, operations: &[Operation]) -> Self;

    /// Before anything happened.
    fn initial(&self) -> State;

    /// The state that the action leaves; none where it could not have been answered so
    /// in this state.
    fn step(&self, state: State, action: Action) -> Option<State>;

    /// Whether the action leaves the same state whatever it found.
    fn is_blind(action: Action) -> bool {
        matches!(action, Action::Write(_))
    }

    /// The latest return of an operation that can tell that this action took effect;
    /// [`Time::MIN`] where there is none. The default says that there always is one.
    /// From then on, if the action is [blind](Self::is_blind) or leaves a state that
    /// only a blind one can end, taking effect unseen costs nothing.
    fn observed_until(&self, _action: Action) -> Time {
        Time::MAX
    }

    /// The state that an action leaves wherever it succeeds; none where that depends on
    /// the state before.
    fn leaves(&self, _action: Action) -> Option<State> {
        None
    }

    /// The only state in which an action can be answered so; none where there are several,
    /// or that cannot be told.
    fn asks(&self, _action: Action) -> Option<State> {
        None
    }

    /// Whether two updates leave the same whichever comes first, in every state of these
    /// operations.
    fn commute(&self, _one: Action, _other: Action) -> bool {
        false
    }

    /// Whether no updates of these operations lead from this state to one in which this
    /// answer is right.
    fn is_past(&self, _state: State, _answer: Action) -> bool {
        false
    }

    /// What asking about this state costs, in steps: one, and more where states are large.
    fn cost(&self, _state: State) -> u64 {
        1
    }

    /// Where the operations fall into parts that know nothing of each other, the part
    /// of each; none where they are one.
    fn parts(_operations: &[Operation]) -> Option<Vec<u32>> {
        None
    }

    /// Drops from `keep` the operations that lose what they rest on: the reads whose
    /// writers are gone. With `every`, those too that lose one of several possible
    /// writers. Keeps going until nothing changes.
    fn settle(history: &History, operations: &[Operation], keep: &mut [bool], every: bool);
}

/// What is said of a model where it is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Info {
    /// Which.
    pub model: ModelId,
    /// The stable id, also on the command line.
    pub id: &'static str,
}

/// Every model by name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ModelId {
    /// [`Register`].
    Register,
    /// [`CasRegister`].
    CasRegister,
    /// [`Kv`].
    Kv,
    /// [`Counter`].
    Counter,
    /// [`Set`].
    Set,
    /// [`Queue`].
    Queue,
    /// [`Lock`].
    Lock,
}

/// Every model.
pub const ALL: [Info; 7] = [
    Register::INFO,
    CasRegister::INFO,
    Kv::INFO,
    Counter::INFO,
    Set::INFO,
    Queue::INFO,
    Lock::INFO,
];

impl ModelId {
    /// The stable id.
    pub fn id(self) -> &'static str {
        ALL[self as usize].id
    }

    /// The model of this id.
    pub fn find(id: &str) -> Option<Self> {
        ALL.iter().find(|info| info.id == id).map(|info| info.model)
    }

    /// Whether the model knows this action.
    pub fn accepts(self, action: Action) -> bool {
        match self {
            Self::Register => Register::accepts(action),
            Self::CasRegister => CasRegister::accepts(action),
            Self::Kv => Kv::accepts(action),
            Self::Counter => Counter::accepts(action),
            Self::Set => Set::accepts(action),
            Self::Queue => Queue::accepts(action),
            Self::Lock => Lock::accepts(action),
        }
    }

    /// The model that the actions of a history speak of: the first that knows them all.
    /// None where there is none. An `add` alone, or with reads of numbers, speaks of a
    /// counter; with reads of lists, of a set.
    pub fn guess(history: &History) -> Option<Self> {
        let mut candidates = ALL.iter().map(|info| info.model);
        candidates.find(|model| {
            let mut operations = history.operations.iter();
            operations.all(|operation| match operation.action {
                Action::Read(id) => {
                    model.accepts(operation.action)
                        && (*model != Self::Counter || counter::number(history, id).is_some())
                }
                action => model.accepts(action),
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn models_are_found_by_their_ids_and_listed_in_their_order() {
        for (place, info) in ALL.iter().enumerate() {
            assert_eq!(info.model as usize, place);
            assert_eq!(ModelId::find(info.id), Some(info.model));
            assert_eq!(info.model.id(), info.id);
        }
    }
}
