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
//! Linearizable stands in [`crate::search`]; `guarantees` has the others, over the pasts
//! of `past`; here they are fed from a run, and what they find is told as facts. The four
//! parts keep the first violation of each customer. Linearizable and causal speak of
//! everybody at once: of them the first violation is kept, for what comes after it is
//! judged against an order that is lost already.
//!
//! These are about keys that hold one value. Of keys that items go into and out of, read
//! your writes and monotonic reads have a meaning too, in `sets`; see [`judges_sets`].
//! Two operations of one instant come in the order of their facts, as everywhere.
//!
//! # Cost
//! That of these and of [`Register`]; for every operation its session and two facts, for
//! ever.
//!
//! # Source
//! Herlihy & Wing 1990; Terry et al. 1994; Bouajjani et al. 2017; Burckhardt 2014.

mod guarantees;
mod past;
mod sets;
#[cfg(test)]
mod tests;

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::history::{Id, Time};
use crate::observation::{FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Session};
use crate::reading::{Access, Reading, Seen};
use crate::search::incremental::{Broken, Register};
use crate::witness::{Role, Violation, ViolationKind};
use guarantees::{Fault, Guarantees, MODELS};
use sets::{Change, SetFault, Sets};

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
        // One order for all is kept or broken by all of them.
        per_customer: !matches!(property, PropertyId::Linearizable | PropertyId::Causal),
        kinds,
    }
}

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
    guarantees: Guarantees,
    sets: Sets,
    registers: Map<KeyRef, Register>,
    operations: Map<OpRef, Operation>,
    /// Writes that were called in this step.
    called: Vec<(FactRef, OpRef, Session, KeyRef)>,
    linearizable: Kept,
    /// In the order of [`MODELS`].
    of_sessions: [Kept; 5],
}

impl Consistency {
    pub(crate) fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::OperationStarted {
                fact,
                op,
                session,
                kind,
                key,
                argument,
                ..
            } => match kind {
                OperationKind::Write => self.called.push((fact, op, session, key)),
                OperationKind::Read => self.sets.call_read((fact, op), session, key),
                OperationKind::Add => {
                    let change = (Change::Add, argument);
                    self.sets.call_change((fact, op), (session, key), change);
                }
                OperationKind::Remove => {
                    let change = (Change::Remove, argument);
                    self.sets.call_change((fact, op), (session, key), change);
                }
                OperationKind::Pay | OperationKind::Count => {}
            },
            Observation::ReadServed { op, key, value, .. } => self.sets.serve(op, key, value),
            Observation::OperationReturned {
                fact,
                op,
                outcome,
                value,
                ..
            } => {
                let (is_read, faults) = self.sets.answer(op, fact, outcome, value);
                for model in [PropertyId::ReadYourWrites, PropertyId::MonotonicReads] {
                    self.kept(model).has_subject |= is_read;
                }
                for fault in faults {
                    self.tell_of_set(fault);
                }
            }
            _ => {}
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
        let place = MODELS.iter().position(|model| *model == property);
        place.map_or(&self.linearizable, |place| &self.of_sessions[place])
    }

    fn kept(&mut self, model: PropertyId) -> &mut Kept {
        let place = MODELS.iter().position(|it| *it == model);
        place.map_or(&mut self.linearizable, |place| &mut self.of_sessions[place])
    }

    fn call(&mut self, (fact, op, session, key): (FactRef, OpRef, Session, KeyRef)) {
        let operation = Operation {
            session,
            call: fact,
            read: None,
        };
        self.operations.insert(op, operation);
        self.guarantees.call_write(op, session, key);
        self.register(key).call_write(value(Some(op)), time(fact));
    }

    fn take(&mut self, seen: &Seen) {
        match (seen.access, seen.outcome) {
            (Access::Write, Outcome::Ok) => {
                self.guarantees.return_write(seen.op);
                let ret = time(seen.fact);
                self.register(seen.key)
                    .return_write(value(Some(seen.op)), ret);
            }
            (Access::Write, Outcome::Failed) => self.guarantees.fail_write(seen.op),
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
        self.guarantees
            .return_read(seen.op, seen.session, seen.key, source);
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
        for fault in self.guarantees.take_faults() {
            let violation = self.told(seen, &fault);
            self.kept(fault.model).violations.push(violation);
        }
    }

    fn no_order(&self, seen: &Seen, broken: Broken) -> Violation {
        let of = |value: Id| value.checked_sub(1).map(OpRef);
        let (mine, other) = match broken {
            Broken::Overlap { value, other } => (of(value), of(other)),
            Broken::ReadBeforeWrite { value } | Broken::NotUnique { value } => (of(value), None),
        };
        let parts = [mine, other].into_iter().flatten();
        let witness = parts.filter(|op| *op != seen.op);
        let witness = witness.filter_map(|op| self.part(op));
        let other = other.and_then(|op| Some((self.operations.get(&op)?.session, op)));
        Violation {
            session: Some(seen.session),
            key: Some(seen.key),
            op: Some(seen.op),
            other,
            ..Violation::new(ViolationKind::NoOrder, last(seen).chain(witness).collect())
        }
    }

    /// What the guarantees found, as facts. Another customer's write is no operation
    /// that the guarantee was broken for, so where each customer is judged it stands in
    /// the witness alone.
    fn told(&self, seen: &Seen, fault: &Fault) -> Violation {
        let newer = fault.newer.and_then(|op| {
            let held = self.operations.get(&op)?;
            Some((held.call, Role::WantedNewer))
        });
        let parts = fault.parts.iter().chain([&fault.read]);
        let parts = parts.filter(|op| **op != seen.op && Some(**op) != fault.newer);
        let witness = parts.filter_map(|op| self.part(*op)).chain(newer);
        let other = fault.newer.and_then(|op| {
            let session = self.operations.get(&op)?.session;
            let is_of_all = fault.model == PropertyId::Causal;
            (is_of_all || session == fault.session).then_some((session, op))
        });
        let kind = match fault.model {
            PropertyId::ReadYourWrites => ViolationKind::OwnWriteUnseen,
            PropertyId::MonotonicReads => ViolationKind::WentBack,
            PropertyId::MonotonicWrites => ViolationKind::WritesSwapped,
            PropertyId::WritesFollowReads => ViolationKind::ReplyWithoutCause,
            _ => ViolationKind::CauseUnseen,
        };
        Violation {
            session: Some(fault.session),
            key: Some(seen.key),
            op: Some(fault.read),
            other,
            ..Violation::new(kind, last(seen).chain(witness).collect())
        }
    }

    fn tell_of_set(&mut self, fault: SetFault) {
        let kind = match fault.model {
            PropertyId::ReadYourWrites => ViolationKind::OwnWriteUnseen,
            _ => ViolationKind::WentBack,
        };
        let kept = self.kept(fault.model);
        let is_known = |it: &Violation| it.session == Some(fault.session);
        if kept.violations.iter().any(is_known) {
            return;
        }
        kept.violations.push(Violation {
            session: Some(fault.session),
            key: Some(fault.key),
            op: Some(fault.op),
            ..Violation::new(kind, fault.witness)
        });
    }

    /// The fact by which an operation has part in a proof.
    fn part(&self, op: OpRef) -> Option<(FactRef, Role)> {
        let held = self.operations.get(&op)?;
        let call = (held.call, Role::WantedBefore);
        Some(held.read.map_or(call, |read| (read, Role::Knew)))
    }
}

/// The fact that completes a proof.
fn last(seen: &Seen) -> impl Iterator<Item = (FactRef, Role)> {
    let role = match (seen.access, seen.outcome) {
        (Access::Write, Outcome::Failed) => Role::ToldFailed,
        (Access::Write, _) => Role::ToldSaved,
        _ => Role::ReadOld,
    };
    [(seen.fact, role)].into_iter()
}

/// What a write leaves in a register: its operation, which is unique.
fn value(op: Option<OpRef>) -> Id {
    op.map_or(INITIAL, |op| op.0 + 1)
}

fn time(fact: FactRef) -> Time {
    Time::from(fact.0)
}
