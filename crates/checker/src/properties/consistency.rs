//! Consistency models while a run plays: is there an order that explains what customers
//! read?
//!
//! # What they say
//! Linearizable: there is one order of all operations on a key that agrees with real
//! time, in which each read returns the last write before it. Causal: nobody reads a
//! value after having read, or written, what replaced it, be it by way of other customers
//! and keys. And the four parts of causal that one session can notice: it sees its own
//! writes, never goes back, its writes are seen in their order, and so is what it had
//! read before it wrote. Each is judged by what customers were told alone; what replicas
//! did is not looked at.
//!
//! The models themselves stand in [`crate::search`] and [`crate::transactions`]; here
//! they are fed from a run, and what they find is told as facts. Of each the first
//! violation is kept: what comes after it is judged against an order that is lost already.
//!
//! Only keys that hold one value are judged. Two operations of one instant come in the
//! order of their facts, as everywhere.
//!
//! # Cost
//! That of [`SessionsLive`] and of [`Register`]; for every operation its session and two
//! facts, for ever.
//!
//! # Source
//! Herlihy & Wing 1990; Terry et al. 1994; Bouajjani et al. 2017; Burckhardt 2014.

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::history::{Id, Time};
use crate::observation::{FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Session};
use crate::reading::{Access, Reading, Seen};
use crate::search::incremental::{Broken, Register};
use crate::transactions::{Edge, EdgeKind, End, LiveViolation, Model, Returned, SessionsLive};
use crate::witness::{Role, Violation, ViolationKind};

/// One order of each key, in agreement with real time.
pub const LINEARIZABLE: Info = info(
    PropertyId::Linearizable,
    "linearizable",
    &[ViolationKind::NoOrder],
);
/// Nobody reads what they could know to be replaced.
pub const CAUSAL: Info = info(PropertyId::Causal, "causal", &[ViolationKind::CauseUnseen]);
/// A customer sees what the same customer wrote.
pub const READ_YOUR_WRITES: Info = info(
    PropertyId::ReadYourWrites,
    "read_your_writes",
    &[ViolationKind::OwnWriteUnseen],
);
/// A customer never goes back.
pub const MONOTONIC_READS: Info = info(
    PropertyId::MonotonicReads,
    "monotonic_reads",
    &[ViolationKind::WentBack],
);
/// A customer's writes are seen in their order.
pub const MONOTONIC_WRITES: Info = info(
    PropertyId::MonotonicWrites,
    "monotonic_writes",
    &[ViolationKind::WritesSwapped],
);
/// What a customer had read is seen before what the customer then wrote.
pub const WRITES_FOLLOW_READS: Info = info(
    PropertyId::WritesFollowReads,
    "writes_follow_reads",
    &[ViolationKind::ReplyWithoutCause],
);

const fn info(property: PropertyId, id: &'static str, kinds: &'static [ViolationKind]) -> Info {
    Info {
        property,
        id,
        // Only the first violation is known, whoever noticed it.
        per_customer: false,
        kinds,
    }
}

/// The models of sessions, with what breaks them.
const OF_SESSIONS: [(Model, PropertyId, ViolationKind); 5] = [
    (
        Model::Causal,
        PropertyId::Causal,
        ViolationKind::CauseUnseen,
    ),
    (
        Model::ReadYourWrites,
        PropertyId::ReadYourWrites,
        ViolationKind::OwnWriteUnseen,
    ),
    (
        Model::MonotonicReads,
        PropertyId::MonotonicReads,
        ViolationKind::WentBack,
    ),
    (
        Model::MonotonicWrites,
        PropertyId::MonotonicWrites,
        ViolationKind::WritesSwapped,
    ),
    (
        Model::WritesFollowReads,
        PropertyId::WritesFollowReads,
        ViolationKind::ReplyWithoutCause,
    ),
];

/// Whether a property says anything of a key that items are put into and taken out of.
pub fn judges_sets(property: PropertyId) -> bool {
    !matches!(
        property,
        PropertyId::LostUpdate
            | PropertyId::BoundedStaleness
            | PropertyId::MonotonicWrites
            | PropertyId::WritesFollowReads
            | PropertyId::Causal
            | PropertyId::Linearizable
    )
}

/// The value that a key held before any write.
const INITIAL: Id = 0;

/// A model's verdict.
#[derive(Debug, Clone, Default)]
struct Kept {
    violations: Vec<Violation>,
    has_subject: bool,
}

impl Property for Kept {
    fn has_subject(&self) -> bool {
        self.has_subject
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[derive(Debug, Clone, Copy)]
struct Operation {
    session: Session,
    call: FactRef,
    /// The return of a read; a write is known by its call.
    read: Option<FactRef>,
}

/// Feeds the models.
#[derive(Debug, Clone, Default)]
pub(crate) struct Consistency {
    sessions: SessionsLive,
    registers: Map<KeyRef, Register>,
    operations: Map<OpRef, Operation>,
    /// Writes that were called in this step.
    called: Vec<(FactRef, OpRef, Session, KeyRef)>,
    linearizable: Kept,
    /// In the order of [`OF_SESSIONS`].
    of_sessions: [Kept; 5],
}

impl Consistency {
    pub(crate) fn observe(&mut self, observation: &Observation) {
        if let Observation::OperationStarted {
            fact,
            op,
            session,
            kind: OperationKind::Write,
            key,
            ..
        } = *observation
        {
            self.called.push((fact, op, session, key));
        }
    }

    /// Calls and returns of the step, in the order of their facts.
    pub(crate) fn judge_reads(&mut self, reading: &Reading) {
        let mut called = std::mem::take(&mut self.called).into_iter().peekable();
        for seen in reading.seen() {
            while let Some(call) = called.next_if(|call| call.0 < seen.fact) {
                self.call(call);
            }
            self.take(seen);
        }
        for call in called {
            self.call(call);
        }
    }

    /// The verdict of one of the models.
    pub(crate) fn verdict(&self, property: PropertyId) -> &dyn Property {
        let place = OF_SESSIONS.iter().position(|it| it.1 == property);
        place.map_or(&self.linearizable, |place| &self.of_sessions[place])
    }

    fn call(&mut self, (fact, op, session, key): (FactRef, OpRef, Session, KeyRef)) {
        let operation = Operation {
            session,
            call: fact,
            read: None,
        };
        self.operations.insert(op, operation);
        self.sessions.write_called(op, session, key);
        self.register(key).call_write(value(Some(op)), time(fact));
    }

    fn take(&mut self, seen: &Seen) {
        match (seen.access, seen.outcome) {
            (Access::Write, Outcome::Ok) => {
                self.sessions.write_returned(seen.op);
                let ret = time(seen.fact);
                self.register(seen.key)
                    .return_write(value(Some(seen.op)), ret);
            }
            (Access::Write, Outcome::Failed) => self.sessions.write_failed(seen.op),
            (Access::Read { source }, Outcome::Ok) => self.read(seen, source),
            // It may take effect at any time, or told nothing.
            (Access::Write, Outcome::Unknown) | (Access::Read { .. } | Access::Unread, _) => {
                return;
            }
        }
        self.look(seen);
    }

    fn read(&mut self, seen: &Seen, source: Option<OpRef>) {
        let operation = Operation {
            session: seen.session,
            call: seen.call,
            read: Some(seen.fact),
        };
        self.operations.insert(seen.op, operation);
        let returned = source.map_or(Returned::Initial, Returned::Write);
        self.sessions
            .read_returned(seen.op, seen.session, seen.key, returned);
        let (call, ret) = (time(seen.call), time(seen.fact));
        self.register(seen.key)
            .return_read(value(source), call, ret);
        self.linearizable.has_subject = true;
        for kept in &mut self.of_sessions {
            kept.has_subject = true;
        }
    }

    fn register(&mut self, key: KeyRef) -> &mut Register {
        self.registers
            .get_or_insert_with(key, || Register::holding(INITIAL))
    }

    /// Notes what this operation has broken.
    fn look(&mut self, seen: &Seen) {
        if self.linearizable.violations.is_empty()
            && let Some(broken) = self.registers.get(&seen.key).and_then(Register::broken)
        {
            let violation = self.no_order(seen, broken);
            self.linearizable.violations.push(violation);
        }
        for (place, (model, _, kind)) in OF_SESSIONS.into_iter().enumerate() {
            if self.of_sessions[place].violations.is_empty()
                && let Some(found) = self.sessions.violation(model)
            {
                let violation = self.told(seen, kind, found);
                self.of_sessions[place].violations.push(violation);
            }
        }
    }

    fn no_order(&self, seen: &Seen, broken: Broken) -> Violation {
        let of = |value: Id| value.checked_sub(1).map(OpRef);
        let (mine, other) = match broken {
            Broken::Overlap { value, other } => (of(value), of(other)),
            Broken::ReadBeforeWrite { value } | Broken::NotUnique { value } => (of(value), None),
        };
        let writes = [mine, other].into_iter().flatten();
        let writes = writes.filter(|op| *op != seen.op);
        self.violation(ViolationKind::NoOrder, seen, writes, other)
    }

    fn told(&self, seen: &Seen, kind: ViolationKind, found: &LiveViolation) -> Violation {
        let mut operations = vec![found.read];
        collect(&found.edges, &mut operations);
        let forced = found
            .edges
            .iter()
            .find(|edge| edge.kind == EdgeKind::MustPrecede);
        let newer = forced.and_then(|edge| match edge.from {
            End::Operation(op) => Some(op),
            End::Initial(_) => None,
        });
        self.violation(kind, seen, operations.into_iter(), newer)
    }

    fn violation(
        &self,
        kind: ViolationKind,
        seen: &Seen,
        operations: impl Iterator<Item = OpRef>,
        other: Option<OpRef>,
    ) -> Violation {
        let last = match (seen.access, seen.outcome) {
            (Access::Write, Outcome::Failed) => Role::ToldFailed,
            (Access::Write, _) => Role::ToldSaved,
            _ => Role::ReadOld,
        };
        let mut witness = vec![(seen.fact, last)];
        for op in operations.filter(|op| *op != seen.op) {
            if let Some(held) = self.operations.get(&op) {
                witness.push(
                    held.read
                        .map_or((held.call, Role::WantedBefore), |read| (read, Role::Knew)),
                );
            }
        }
        let session_of = |op: OpRef| self.operations.get(&op).map(|held| (held.session, op));
        Violation {
            session: Some(seen.session),
            key: Some(seen.key),
            op: Some(seen.op),
            other: other.and_then(session_of),
            ..Violation::new(kind, witness)
        }
    }
}

/// What a write leaves in a register: its operation, which is unique.
fn value(op: Option<OpRef>) -> Id {
    op.map_or(INITIAL, |op| op.0 + 1)
}

fn time(fact: FactRef) -> Time {
    Time::from(fact.0)
}

/// The operations of a proof, each once.
fn collect(edges: &[Edge<OpRef>], into: &mut Vec<OpRef>) {
    for edge in edges {
        for end in [edge.from, edge.to] {
            if let End::Operation(op) = end
                && !into.contains(&op)
            {
                into.push(op);
            }
        }
        collect(&edge.because, into);
    }
}
