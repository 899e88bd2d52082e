//! What to call a violation.

use crate::history::{Action, History, Id, Operation};
use crate::models::ModelId;

/// Why operations cannot be put in order, as far as a name goes. Named of the minimal
/// violation, from the top: the first that fits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A value was read that nobody wrote.
    NeverWritten,
    /// A value was read before its write was called.
    ReadBeforeWrite,
    /// A value was read although it had been replaced before.
    StaleRead,
    /// The same value was replaced, as the expected one, by two.
    ReplacedTwice,
    /// Reads tell the order of writes differently, or otherwise than time does.
    OrderDisagrees,
    /// A counter was read that no additions in any order sum up to.
    WrongSum,
    /// A set was read otherwise than what was put in and taken out.
    WrongContents,
    /// A queue gave its values in another order than that in which they came, gave one
    /// twice, or was empty while it held some.
    WrongTurn,
    /// Two held a lock at once.
    HeldTwice,
    /// None of the names above.
    NoOrder,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::NeverWritten,
        Self::ReadBeforeWrite,
        Self::StaleRead,
        Self::ReplacedTwice,
        Self::OrderDisagrees,
        Self::WrongSum,
        Self::WrongContents,
        Self::WrongTurn,
        Self::HeldTwice,
        Self::NoOrder,
    ];

    /// The stable id of its plain sentence.
    pub fn id(self) -> &'static str {
        match self {
            Self::NeverWritten => "never_written",
            Self::ReadBeforeWrite => "read_before_write",
            Self::StaleRead => "stale_read",
            Self::ReplacedTwice => "replaced_twice",
            Self::OrderDisagrees => "order_disagrees",
            Self::WrongSum => "wrong_sum",
            Self::WrongContents => "wrong_contents",
            Self::WrongTurn => "wrong_turn",
            Self::HeldTwice => "held_twice",
            Self::NoOrder => "no_order",
        }
    }

    /// The name for these operations, a minimal violation.
    pub(super) fn of(model: ModelId, history: &History, operations: &[Operation]) -> Self {
        match model {
            ModelId::Counter => Self::WrongSum,
            ModelId::Set => Self::WrongContents,
            ModelId::Queue => Self::WrongTurn,
            ModelId::Lock => Self::HeldTwice,
            ModelId::Register | ModelId::CasRegister => of_register(history, operations),
            ModelId::Kv => of_kv(operations),
        }
    }
}

fn asked(operation: &Operation) -> Option<Id> {
    match operation.action {
        Action::Read(id) | Action::Cas(id, _) => Some(id),
        _ => None,
    }
}

fn of_register(history: &History, operations: &[Operation]) -> Kind {
    let writers = |id: Id| {
        let writes = move |operation: &&Operation| match operation.action {
            Action::Write(to) | Action::Cas(_, to) => to == id,
            _ => false,
        };
        operations.iter().filter(writes)
    };
    let updates = || {
        operations
            .iter()
            .filter(|other| !other.action.only_observes())
    };
    let asking = || operations.iter().filter_map(|one| Some((one, asked(one)?)));
    let initial = |id| id == history.initial;
    if asking().any(|(_, id)| !initial(id) && writers(id).next().is_none()) {
        return Kind::NeverWritten;
    }
    if asking().any(|(one, id)| !initial(id) && writers(id).all(|writer| one.precedes(writer))) {
        return Kind::ReadBeforeWrite;
    }
    // Replaced by something that came after everything that could have written it.
    let replaced = |one: &Operation, id| {
        updates().any(|update| {
            update.precedes(one)
                && writers(id).all(|writer| writer.precedes(update) || one.precedes(writer))
        })
    };
    if asking().any(|(one, id)| replaced(one, id)) {
        return Kind::StaleRead;
    }
    let reads = operations
        .iter()
        .filter(|one| matches!(one.action, Action::Read(_)));
    let swaps = operations
        .iter()
        .filter(|one| matches!(one.action, Action::Cas(..)));
    match (reads.count(), swaps.count()) {
        (0, 2..) => Kind::ReplacedTwice,
        (2.., 0) => Kind::OrderDisagrees,
        _ => Kind::NoOrder,
    }
}

fn of_kv(operations: &[Operation]) -> Kind {
    let reads = || operations.iter().filter(|one| one.action.only_observes());
    let updates = || operations.iter().filter(|one| !one.action.only_observes());
    let after = |read: &Operation| updates().any(|update| read.precedes(update));
    match (reads().count(), updates().count()) {
        (1, 0) => Kind::NeverWritten,
        (1, _) if reads().any(after) => Kind::ReadBeforeWrite,
        (1, _) => Kind::StaleRead,
        (2.., _) => Kind::OrderDisagrees,
        _ => Kind::NoOrder,
    }
}
