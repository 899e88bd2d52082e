//! A violation, told by what customers had asked for and were told: what the judge
//! found, without the trace.

use splitbrain_checker::{OpRef, Role, Violation, ViolationKind};
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use crate::record::{Operation, Record};

/// What a customer asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who.
    pub customer: u16,
    /// For what.
    pub kind: OpKind,
    /// Of what.
    pub key: Key,
    /// A value, an item's index or an amount.
    pub argument: Value,
    /// What a read was answered.
    pub shown: Option<Value>,
}

/// What was violated, with the actual customers and values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// How.
    pub kind: ViolationKind,
    /// The operation that it happened to.
    pub op: Option<Asked>,
    /// Another one that has part in it.
    pub other: Option<Asked>,
    /// The write that won.
    pub winner: Option<Asked>,
    /// The key.
    pub key: Option<Key>,
    /// The regions that disagree.
    pub regions: Vec<u8>,
}

impl Breach {
    pub(super) fn of(record: &Record, violation: &Violation) -> Self {
        let op = |op: OpRef| record.find(FactId(op.0)).map(asked);
        let winner = violation.winner.and_then(|write| {
            let write = record.write(FactId(write.0))?;
            record.operations().get(write.operation)
        });
        let wanted = violation.witness.iter();
        let wanted = wanted.filter(|it| it.1 == Role::WantedNewer);
        let wanted = wanted.map(|it| FactId(it.0.0)).next();
        let other = violation.other.map(|(_, op)| FactId(op.0)).or(wanted);
        Self {
            kind: violation.kind,
            op: violation.op.and_then(op),
            other: other.and_then(|other| record.find(other)).map(asked),
            winner: winner.map(asked),
            key: violation.key.map(|key| Key(key.0)),
            regions: violation.replicas.iter().map(|it| it.0).collect(),
        }
    }
}

fn asked(operation: &Operation) -> Asked {
    let is_read = operation.kind == OpKind::Read;
    let told = operation.returned.filter(|it| it.1 == Outcome::Ok);
    Asked {
        customer: operation.customer,
        kind: operation.kind,
        key: operation.key,
        argument: operation.argument,
        shown: told.filter(|_| is_read).map(|_| operation.shown),
    }
}
