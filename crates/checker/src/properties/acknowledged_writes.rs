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
//! link is cut and shrinks after it heals.
//!
//! # Source
//! `definitions.md`. Bailis et al., *Coordination Avoidance in Database Systems*,
//! VLDB 2014 (lost updates); Shapiro et al., *Conflict-free Replicated Data Types*,
//! SSS 2011 (observed-remove).

use std::collections::BTreeMap;

use super::{Info, Property, PropertyId};
use crate::lineage::{Lineage, Settled};
use crate::observation::{
    FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Session, WriteKind, WriteRef,
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
    operations: BTreeMap<OpRef, Operation>,
    at_risk: BTreeMap<OpRef, AtRisk>,
    /// Operations that were told Ok in this step.
    told: Vec<OpRef>,
    violations: Vec<Violation>,
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

#[derive(Debug, Clone)]
struct Doom {
    since: FactRef,
    writes: Vec<WriteRef>,
    /// The write that won, and the fact by which it did.
    winner: Option<(WriteRef, FactRef)>,
    witness: Vec<(FactRef, Role)>,
}

impl AcknowledgedWrites {
    /// A write was forgotten; so is its operation when there is nothing to wait for.
    pub(crate) fn settle(&mut self, settled: Settled) {
        let Some(operation) = self.operations.get_mut(&settled.op) else {
            return;
        };
        operation.writes.retain(|&write| write != settled.write);
        if settled.safe {
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
                .or_else(|| nothing_written(operation))
        } else {
            self.dead(operation, fact, lineage)
                .or_else(|| removal_undone(operation, fact, lineage))
                .map(|doom| operation.doom.clone().unwrap_or(doom))
        };
        if doom.is_none() && operation.writes.is_empty() {
            // Nothing was to be written: it can not be lost.
            self.operations.remove(&op);
            return;
        }
        let risk = match (&doom, operation.told_ok) {
            (None, Some(_)) => missing_somewhere(op, operation, fact, lineage),
            _ => None,
        };
        match (risk, self.at_risk.contains_key(&op)) {
            (Some(risk), false) => drop(self.at_risk.insert(op, risk)),
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
                witness.sort_unstable();
                witness.dedup();
                self.violations.push(Violation {
                    kind: match doom.winner {
                        Some(_) => ViolationKind::OverwrittenUnseen,
                        None => ViolationKind::Vanished,
                    },
                    first: doom.since.max(told),
                    ended: None,
                    session: Some(operation.session),
                    key: Some(operation.key),
                    op: Some(op),
                    writes: doom.writes.clone(),
                    winner: doom.winner.map(|(winner, _)| winner),
                    replicas: Vec::new(),
                    witness,
                });
            }
            (Some(_), Some(at)) => self.violations[at as usize].ended = None,
            (None, Some(at)) => {
                self.violations[at as usize].ended.get_or_insert(fact);
            }
            (None, None) => {}
        }
    }

    /// None of its writes lives on.
    fn dead(&self, operation: &Operation, since: FactRef, lineage: &Lineage) -> Option<Doom> {
        let mut witness = Vec::new();
        for &write in &operation.writes {
            let it = lineage.write(write)?;
            if it.alive != 0 {
                return None;
            }
            witness.push((it.accepted, Role::Wrote));
        }
        let winner = operation
            .writes
            .iter()
            .find_map(|&write| self.winner(write, lineage));
        if let Some((winner, displaced)) = winner {
            if let Some(it) = lineage.write(winner) {
                witness.push((it.accepted, Role::Winner));
            }
            witness.push((displaced, Role::Displaced));
        }
        let received = lineage
            .receipts()
            .iter()
            .rfind(|receipt| operation.writes.contains(&receipt.write));
        if received.is_some() || winner.is_none() {
            let fact = received.map_or(since, |receipt| receipt.fact);
            witness.push((fact, Role::Received));
        }
        Some(Doom {
            since,
            writes: operation.writes.clone(),
            winner,
            witness,
        })
    }

    /// The write that a dead write gave way to and that lives on, maybe by way of
    /// others that are dead too; and the fact by which it prevailed.
    fn winner(&self, write: WriteRef, lineage: &Lineage) -> Option<(WriteRef, FactRef)> {
        let lives = |write| lineage.write(write).is_none_or(|it| it.alive != 0);
        let mut reached = vec![write];
        let mut next = 0;
        let mut fallback = None;
        while let Some(it) = reached.get(next).and_then(|&it| lineage.write(it)) {
            next += 1;
            for &(by, fact) in &it.displaced {
                if lives(by) {
                    return Some((by, fact));
                }
                fallback = fallback.or(Some((by, fact)));
                if !reached.contains(&by) {
                    reached.push(by);
                }
            }
            // The next version may know already, so a long chain is walked once.
            let known = self
                .operations
                .get(&it.op)
                .filter(|operation| operation.writes.len() == 1)
                .and_then(|operation| operation.doom.as_ref()?.winner);
            if known.is_some_and(|(winner, _)| lives(winner)) {
                return known;
            }
        }
        fallback
    }
}

/// Told Ok, and no write was ever accepted for it. A removal may have had nothing
/// to remove.
fn nothing_written(operation: &Operation) -> Option<Doom> {
    let told = operation.told_ok?;
    matches!(operation.kind, OperationKind::Write | OperationKind::Add).then(|| Doom {
        since: told,
        writes: Vec::new(),
        winner: None,
        witness: Vec::new(),
    })
}

/// Every replica has all its removals, and an addition that one of them saw is
/// reflected.
fn removal_undone(operation: &Operation, since: FactRef, lineage: &Lineage) -> Option<Doom> {
    let mut witness = Vec::new();
    let mut undone = false;
    for &write in &operation.writes {
        let it = lineage.write(write)?;
        if it.received != lineage.all() {
            return None;
        }
        witness.push((it.accepted, Role::Wrote));
        undone |= undone_at(write, lineage) != 0;
    }
    witness.push((since, Role::Resurfaced));
    undone.then(|| Doom {
        since,
        writes: operation.writes.clone(),
        winner: None,
        witness,
    })
}

/// Mask of the replicas that reflect an addition which this removal saw, though
/// they have the removal.
fn undone_at(removal: WriteRef, lineage: &Lineage) -> u64 {
    let Some(it) = lineage.write(removal) else {
        return 0;
    };
    if !matches!(it.kind, WriteKind::Remove { .. }) {
        return 0;
    }
    let reflected = it
        .counterparts
        .iter()
        .filter_map(|&addition| lineage.write(addition))
        .fold(0, |mask, addition| mask | addition.reflected);
    reflected & it.received
}

/// Some replica received it and has nothing of it.
fn missing_somewhere(
    op: OpRef,
    operation: &Operation,
    since: FactRef,
    lineage: &Lineage,
) -> Option<AtRisk> {
    let (mut alive, mut undone) = (0, 0);
    for &write in &operation.writes {
        alive |= lineage.write(write)?.alive;
        undone |= undone_at(write, lineage);
    }
    let missing = |write: &&WriteRef| {
        let received = lineage.write(**write).map_or(0, |it| it.received);
        received & (!alive | undone) != 0
    };
    let &write = operation.writes.iter().find(missing)?;
    Some(AtRisk {
        op,
        session: operation.session,
        key: operation.key,
        write,
        since: operation.told_ok.map_or(since, |told| told.max(since)),
    })
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
                self.operations.entry(op).or_insert(Operation {
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
        let told = std::mem::take(&mut self.told);
        let written = lineage
            .touched()
            .iter()
            .filter_map(|&(write, fact)| Some((lineage.write(write)?.op, fact)));
        let mut latest = BTreeMap::new();
        let mut order = Vec::new();
        for (op, fact) in told.into_iter().map(|op| (op, FactRef(0))).chain(written) {
            let known = latest.entry(op).or_insert_with(|| {
                order.push(op);
                fact
            });
            *known = fact.max(*known);
        }
        for op in order {
            self.judge(op, latest[&op], lineage);
        }
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
