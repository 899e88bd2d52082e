//! Acknowledged writes: what a customer was told is saved is not lost.
//!
//! # What it says
//! An operation that was told Ok is *lost* when every replica has received every
//! write of it, and none of them lives on: none is reflected anywhere, and none is
//! in the causal past of a write that is reflected or still on its way.
//!
//! The causal past of a write is built from what its author stood before: what it
//! replaced knowingly at its origin (its *base*), what that had replaced knowingly,
//! and so on. That a replica merely held a write, already displaced there, puts it
//! into nobody's past.
//!
//! | what happened | verdict |
//! |---|---|
//! | `x`; `y` written at a replica that shows `x` | fine: `x` is in the past of `y` |
//! | `x` and `y` at two replicas, neither showing the other; `y` wins | `x` overwritten unseen, by `y` |
//! | then `z` written on `y` | still so: `x` was not in what `z` replaced |
//! | `x`, then `z` written on `x`; the concurrent `y` wins over `z` | `x` and `z` lost: no survivor saw either |
//! | `x` stamped by a fast clock; `y` written on it, discarded at its own origin | `y` overwritten unseen, by `x`, which never saw `y` |
//! | `x` and `y` cross and each stays where the other was written | at risk, both: not lost while one replica has it |
//! | one operation wrote twice, in two regions, and one of the two survives | fine |
//! | told Ok, discarded everywhere and no winner named; or no write at all | vanished |
//! | an item removed; an addition that the removal saw is reflected still or again, though all have the removal | the removal vanished |
//! | the same long after everybody had forgotten both | the removal vanished, until the item goes again |
//! | an item removed and added concurrently, the addition wins (observed-remove) | fine: the removal never saw it |
//!
//! So a write that a later write saw and replaced is not lost, as long as that
//! later write or one built on it survives.
//!
//! A write is settled when its key converges: replaced knowingly then, it can not be
//! lost any more; dead, only a further attempt of the same operation revives it.
//!
//! *At risk*: told Ok, not lost, and gone at some replica that received it.
//!
//! # Cost
//! A few map look-ups an observation. What is remembered are the writes since each
//! key last converged and the operations that are not settled; so it grows while a
//! link is cut and shrinks after it heals. Some bytes a removal are kept for ever.
//!
//! # Source
//! `definitions.md`. Bailis et al., *Coordination Avoidance in Database Systems*,
//! VLDB 2014 (lost updates); Shapiro et al., *Conflict-free Replicated Data Types*,
//! SSS 2011 (observed-remove).

mod fate;
mod removed;

use splitbrain_sorted::Map;

use self::fate::Doom;
use self::removed::Removed;
use super::{Info, Property, PropertyId};
use crate::lineage::{Lineage, Settled};
use crate::observation::{
    FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Session, WriteRef,
};
use crate::verdict::AtRisk;
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::AcknowledgedWrites,
    id: "acknowledged_writes",
    per_customer: true,
    kinds: &[ViolationKind::OverwrittenUnseen, ViolationKind::Vanished],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct AcknowledgedWrites {
    operations: Map<OpRef, Operation>,
    at_risk: Map<OpRef, AtRisk>,
    /// Removals that are settled, in case that what they removed comes back.
    removed: Removed,
    /// Operations that were told Ok in this step.
    told: Vec<OpRef>,
    violations: Vec<Violation>,
    /// Somebody wanted to write.
    has_subject: bool,
}

#[derive(Debug, Clone)]
struct Operation {
    kind: OperationKind,
    session: Session,
    key: KeyRef,
    told_ok: Option<FactRef>,
    /// Its writes that the lineage remembers.
    writes: Vec<WriteRef>,
    /// Why it would be lost, were it told Ok.
    doom: Option<Doom>,
    /// Where it is in the list of violations.
    violation: Option<u32>,
}

impl AcknowledgedWrites {
    /// A write was forgotten; so is its operation when there is nothing to wait for.
    pub(crate) fn settle(&mut self, settled: Settled) {
        let Some(operation) = self.operations.get_mut(&settled.op) else {
            return;
        };
        operation.writes.retain(|&write| write != settled.write);
        if settled.safe {
            if operation.kind == OperationKind::Remove {
                let told = operation.told_ok;
                let who = (operation.session, operation.key);
                self.removed.settle(&settled, who, told);
            }
            self.operations.remove(&settled.op);
            self.at_risk.remove(&settled.op);
        }
    }

    /// Final, unless it was told Ok before.
    fn told_failed(&mut self, op: OpRef) {
        let operation = self.operations.get(&op);
        if operation.is_some_and(|it| it.told_ok.is_none()) {
            self.operations.remove(&op);
        }
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        self.operations.len() as u32
    }

    fn judge(&mut self, op: OpRef, fact: FactRef, lineage: &Lineage) {
        let Some(operation) = self.operations.get(&op) else {
            return;
        };
        let doom = if operation.writes.is_empty() {
            operation
                .doom
                .clone()
                .or_else(|| fate::nothing_written(operation))
        } else {
            fate::dead(operation, fact, lineage, &self.operations)
                .or_else(|| fate::removal_undone(operation, fact, lineage))
                .map(|doom| operation.doom.clone().unwrap_or(doom))
        };
        if doom.is_none() && operation.writes.is_empty() {
            // Nothing was to be written: it can not be lost.
            self.operations.remove(&op);
            return;
        }
        let risk = match (&doom, operation.told_ok) {
            (None, Some(_)) => fate::missing_somewhere(op, operation, fact, lineage),
            _ => None,
        };
        match (risk, self.at_risk.contains_key(&op)) {
            (Some(risk), false) => self.at_risk.insert(op, risk),
            (None, true) => drop(self.at_risk.remove(&op)),
            _ => {}
        }
        let Some(operation) = self.operations.get_mut(&op) else {
            return;
        };
        operation.doom = doom;
        let lost = operation.doom.as_ref().zip(operation.told_ok);
        match (lost, operation.violation) {
            (Some((doom, told)), None) => {
                operation.violation = Some(self.violations.len() as u32);
                let mut witness = doom.witness.clone();
                witness.push((told, Role::ToldSaved));
                let kind = match doom.winner {
                    Some(_) => ViolationKind::OverwrittenUnseen,
                    None => ViolationKind::Vanished,
                };
                self.violations.push(Violation {
                    first: doom.since.max(told),
                    session: Some(operation.session),
                    key: Some(operation.key),
                    op: Some(op),
                    writes: doom.writes.clone(),
                    winner: doom.winner.map(|(winner, _)| winner),
                    ..Violation::new(kind, witness)
                });
            }
            (Some(_), Some(at)) => self.violations[at as usize].ended = None,
            (None, Some(at)) => {
                self.violations[at as usize].ended.get_or_insert(fact);
            }
            (None, None) => {}
        }
    }
}

/// Each operation once, with its latest fact, in the order in which they were first
/// touched: heirs come before their bases.
fn once_each(touched: impl Iterator<Item = (OpRef, FactRef)>) -> Vec<(OpRef, FactRef)> {
    let mut all: Vec<(OpRef, FactRef)> = Vec::new();
    let mut places = Map::new();
    for (op, fact) in touched {
        let place = *places.get_or_insert_with(op, || all.len());
        match all.get_mut(place) {
            Some((_, latest)) => *latest = fact.max(*latest),
            None => all.push((op, fact)),
        }
    }
    all
}

impl Property for AcknowledgedWrites {
    fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::OperationStarted {
                op,
                session,
                kind,
                key,
                ..
            } if kind != OperationKind::Read => {
                self.has_subject |= kind != OperationKind::Pay;
                self.operations.get_or_insert_with(op, || Operation {
                    kind,
                    session,
                    key,
                    told_ok: None,
                    writes: Vec::new(),
                    doom: None,
                    violation: None,
                });
            }
            Observation::OperationReturned {
                fact,
                op,
                outcome: Outcome::Ok,
                ..
            } => {
                if let Some(operation) = self.operations.get_mut(&op)
                    && operation.told_ok.is_none()
                {
                    operation.told_ok = Some(fact);
                    self.told.push(op);
                } else {
                    self.removed.told(op, fact, &mut self.violations);
                }
            }
            Observation::OperationReturned {
                op,
                outcome: Outcome::Failed,
                ..
            } => self.told_failed(op),
            Observation::WriteAccepted { write, op, .. } => {
                if let Some(operation) = self.operations.get_mut(&op)
                    && !operation.writes.contains(&write)
                {
                    operation.writes.push(write);
                }
            }
            _ => {}
        }
    }

    fn end_of_step(&mut self, lineage: &Lineage) {
        let told = self.told.drain(..).map(|op| (op, FactRef(0)));
        let written = lineage.touched().chunk_by(|one, next| one.0 == next.0);
        let written = written.filter_map(|of_one| {
            let &(write, fact) = of_one.last()?;
            Some((lineage.write(write)?.op, fact))
        });
        for (op, fact) in once_each(told.chain(written)) {
            self.judge(op, fact, lineage);
        }
        for event in lineage.returns() {
            if let Some(operation) = self.operations.get(&event.op) {
                let who = (operation.session, operation.key);
                let accepted = lineage.write(event.removal).map(|it| it.accepted);
                let told = operation.told_ok;
                self.removed.know(event, who, accepted, told);
            }
            self.removed.happen(event, &mut self.violations);
        }
    }

    fn has_subject(&self) -> bool {
        self.has_subject
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }

    fn at_risk(&self) -> Vec<AtRisk> {
        self.at_risk.values().copied().collect()
    }

    fn at_risk_count(&self) -> u32 {
        self.at_risk.len() as u32
    }
}

#[cfg(test)]
mod tests;
