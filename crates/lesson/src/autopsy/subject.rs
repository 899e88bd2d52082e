//! What an autopsy is asked about: from a fact to an operation, its write, and the write
//! that took its place.

use splitbrain_checker::{Violation, ViolationKind};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::trace::Trace;

/// An operation of a customer, and what is known already of its fate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// The fact that was asked about.
    pub fact: FactId,
    /// The operation.
    pub op: FactId,
    /// Of what.
    pub key: Key,
    /// What was wanted.
    pub kind: OpKind,
    /// Which of its writes, where the fact says.
    pub write: Option<FactId>,
    /// The write that took its place, where the fact says.
    pub by: Option<FactId>,
}

impl Subject {
    /// What a fact speaks of; nothing if that is no write and no payment, or if its
    /// beginning is not in memory.
    pub fn of(trace: &Trace, fact: FactId) -> Option<Self> {
        let held = trace.get(fact)?;
        let (op, write, by) = named(trace, fact, held)?;
        let started = trace.get(op)?;
        let kind = started.op_kind()?;
        let is_start = started.kind() == FactKind::OperationStarted;
        let can_be_lost = !matches!(kind, OpKind::Read | OpKind::ReadAll);
        (is_start && can_be_lost).then_some(Self {
            fact,
            op,
            key: Key(started.a),
            kind,
            write,
            by,
        })
    }
}

/// The operation, the write and the write that took its place, as far as a fact names them.
fn named(
    trace: &Trace,
    id: FactId,
    fact: &Fact,
) -> Option<(FactId, Option<FactId>, Option<FactId>)> {
    let of_write = |write: FactId, by: Option<FactId>| {
        let accepted = trace.get(write)?;
        let is_write = accepted.kind() == FactKind::WriteAccepted;
        is_write.then_some((FactId(accepted.a), Some(write), by))
    };
    match fact.kind() {
        FactKind::OperationStarted => Some((id, None, None)),
        FactKind::AttemptStarted
        | FactKind::AttemptTimedOut
        | FactKind::OperationReturned
        | FactKind::ChargeMade
        | FactKind::KeyMarkedInFlight
        | FactKind::ResultStored
        | FactKind::RequestRejected
        | FactKind::RequestForwarded
        | FactKind::DuplicateSuppressed
        | FactKind::UnflushedLost => Some((FactId(fact.a), None, None)),
        FactKind::WriteAccepted => of_write(id, None),
        FactKind::WriteApplied | FactKind::WriteRolledBack | FactKind::WriteReclaimed => {
            of_write(FactId(fact.a), None)
        }
        FactKind::ValueOverwritten => of_write(FactId(fact.a), Some(FactId(fact.b))),
        FactKind::WriteSetAside => of_write(FactId(fact.a), Some(FactId(fact.c))),
        _ => None,
    }
}

/// The fact to ask about, for what the judge found; nothing if no write was lost and nobody
/// was charged wrongly.
pub fn of_violation(violation: &Violation) -> Option<FactId> {
    let op = violation.op.map(|op| FactId(op.0));
    match violation.kind {
        ViolationKind::OverwrittenUnseen | ViolationKind::Vanished => {
            let write = violation.writes.first().map(|write| FactId(write.0));
            write.or(op)
        }
        ViolationKind::ChargedTwice
        | ViolationKind::ChargedThoughFailed
        | ViolationKind::NeverCharged => op,
        _ => None,
    }
}
