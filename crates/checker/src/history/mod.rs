//! Histories: who asked for what, when, and what was answered.
//!
//! A history holds *operations*, not attempts: one intent of a customer from its first
//! attempt to its last, with the moment of its call and the moment of its return.
//!
//! # What becomes of an outcome
//!
//! - *Succeeded*: it took effect at one moment between its call and its return.
//! - *Unknown* (a time-out, Jepsen's `:info`): it returns at [`OPEN`]. It may have taken
//!   effect at any moment from its call on, for ever, or never. Its process retires. A
//!   read of unknown outcome says nothing and is not in the history.
//! - *Failed*: provably not executed, so not in the history.
//!
//! # Equal times
//!
//! Intervals are closed: an operation that returns at the instant at which another is
//! called is concurrent with it. Order is forced only where a return is *strictly* before
//! a call. It is the rule that accuses nobody on the strength of a coarse clock, and
//! Porcupine's too. Where a file has no times, the place of a line is its time, so that no
//! two are equal.

mod builder;
pub mod sample;
mod value;

pub use builder::{BuildError, Builder, Call, Outcome};
pub use value::{Id, Names, Value};

/// A moment, in whatever unit the source has: only the order matters.
pub type Time = i64;

/// The return of an operation that never returned.
pub const OPEN: Time = Time::MAX;

/// The number of [`Value::Nil`] in every history.
pub const NIL: Id = 0;

/// What an operation did, in the words of every model together. Numbers are of the
/// history's [`Names`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// The answer was this: a register's value, a counter's, or all of a set.
    Read(Id),
    /// Replaces what was there.
    Write(Id),
    /// Replaced the first by the second, since the first was there.
    Cas(Id, Id),
    /// Answered that this is *not* what was there, and replaced nothing.
    Refused(Id),
    /// Puts this text behind the text that was there.
    Append(Id),
    /// Adds to a counter, or puts into a set.
    Add(Id),
    /// Takes out of a set, whether or not it was in.
    Remove(Id),
    /// Answered whether the set holds it.
    Contains(Id, bool),
    /// Puts at the end of a queue.
    Enqueue(Id),
    /// Took this from the front of a queue; [`NIL`]: found it empty.
    Dequeue(Id),
    /// Took what was in front of a queue, if anything, and the answer was lost.
    Take,
    /// This process took the lock.
    Acquire(Id),
    /// This process gave the lock back.
    Release(Id),
}

impl Action {
    /// The name of the function, as formats and witnesses write it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Read(_) => "read",
            Self::Write(_) => "write",
            Self::Cas(..) => "cas",
            Self::Refused(_) => "cas-refused",
            Self::Append(_) => "append",
            Self::Add(_) => "add",
            Self::Remove(_) => "remove",
            Self::Contains(..) => "contains",
            Self::Enqueue(_) => "enqueue",
            Self::Dequeue(_) | Self::Take => "dequeue",
            Self::Acquire(_) => "acquire",
            Self::Release(_) => "release",
        }
    }

    /// Whether it changes nothing, whatever the state.
    pub fn only_observes(self) -> bool {
        matches!(
            self,
            Self::Read(_) | Self::Refused(_) | Self::Contains(..) | Self::Dequeue(NIL)
        )
    }
}

/// One operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Operation {
    /// Who called it, of [`History::processes`].
    pub process: Id,
    /// On what, of [`History::keys`].
    pub key: Id,
    /// When it was called.
    pub call: Time,
    /// When it returned, not before its call; [`OPEN`] where it never did.
    pub ret: Time,
    /// What it did.
    pub action: Action,
}

impl Operation {
    /// Whether it is known to have taken effect.
    pub fn returned(&self) -> bool {
        self.ret != OPEN
    }

    /// Whether it was over before the other began.
    pub fn precedes(&self, other: &Self) -> bool {
        self.ret < other.call
    }
}

/// A call or a return.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Event {
    /// When.
    pub time: Time,
    /// Whether it is the return.
    pub is_return: bool,
    /// Of which operation, by its place in [`History::operations`].
    pub operation: u32,
}

/// Operations in the order of their calls, and the names of what their numbers stand for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// In the order of their calls; those called together, as their source has them.
    pub operations: Vec<Operation>,
    /// What every register holds before it is written: nil, or the empty text.
    pub initial: Id,
    /// What numbers in actions stand for. The first is nil.
    pub values: Names,
    /// What operations are on. A source without keys has one, nil.
    pub keys: Names,
    /// Who called.
    pub processes: Names,
}

impl Default for History {
    fn default() -> Self {
        let mut values = Names::default();
        values.intern(Value::Nil);
        Self {
            operations: Vec::new(),
            initial: NIL,
            values,
            keys: Names::default(),
            processes: Names::default(),
        }
    }
}

impl History {
    /// The same names and only these operations, given by their places, ascending.
    #[must_use]
    pub fn restricted(&self, places: &[u32]) -> Self {
        let operations = places.iter().map(|&at| self.operations[at as usize]);
        Self {
            operations: operations.collect(),
            ..self.clone()
        }
    }

    /// Calls and returns in the order of time; at one instant calls first, since intervals
    /// are closed. What never returned has no return.
    pub fn events(&self) -> Vec<Event> {
        let mut events = Vec::with_capacity(2 * self.operations.len());
        for (operation, one) in (0..).zip(&self.operations) {
            let event = |time, is_return| Event {
                time,
                is_return,
                operation,
            };
            events.push(event(one.call, false));
            events.extend(one.returned().then(|| event(one.ret, true)));
        }
        events.sort_unstable();
        events
    }

    /// An operation for people: `write 3`, `cas 1 2`, `read nil`.
    pub fn describe(&self, operation: &Operation) -> String {
        let value = |id: Id| self.values.get(id).to_string();
        let name = operation.action.name();
        match operation.action {
            Action::Read(id)
            | Action::Write(id)
            | Action::Refused(id)
            | Action::Append(id)
            | Action::Add(id)
            | Action::Remove(id)
            | Action::Enqueue(id)
            | Action::Dequeue(id) => format!("{name} {}", value(id)),
            Action::Cas(old, new) => format!("{name} {} {}", value(old), value(new)),
            Action::Contains(id, found) => format!("{name} {} {found}", value(id)),
            Action::Take | Action::Acquire(_) | Action::Release(_) => name.to_owned(),
        }
    }
}
