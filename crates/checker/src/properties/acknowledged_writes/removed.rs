//! Removals that are settled: everybody has them, and what they removed is gone. Should it
//! come back, they are lost after all.

use splitbrain_sorted::Map;

use crate::lineage::{Return, Settled};
use crate::observation::{FactRef, KeyRef, OpRef, Session, WriteRef};
use crate::witness::{Role, Violation, ViolationKind};

/// A removal.
#[derive(Debug, Clone, Copy)]
struct Removal {
    session: Session,
    key: KeyRef,
    write: WriteRef,
    accepted: FactRef,
    told_ok: Option<FactRef>,
    /// How many of the additions that it removed are back.
    back: u32,
    /// The fact by which the first of them came back last.
    since: FactRef,
    /// Where it is in the list of violations.
    violation: Option<u32>,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Removed {
    removals: Map<OpRef, Removal>,
    /// How many of them nobody was told of yet.
    untold: u32,
}

impl Removed {
    /// A removal was forgotten because there is nothing to wait for.
    pub(super) fn settle(
        &mut self,
        settled: &Settled,
        who: (Session, KeyRef),
        told_ok: Option<FactRef>,
    ) {
        let (write, accepted) = (settled.write, settled.accepted);
        self.insert(settled.op, (write, accepted), who, told_ok);
    }

    /// The same of one that is still remembered, when what it removed is not.
    pub(super) fn know(
        &mut self,
        event: &Return,
        who: (Session, KeyRef),
        accepted: Option<FactRef>,
        told_ok: Option<FactRef>,
    ) {
        let accepted = accepted.unwrap_or(event.fact);
        self.insert(event.op, (event.removal, accepted), who, told_ok);
    }

    fn insert(
        &mut self,
        op: OpRef,
        (write, accepted): (WriteRef, FactRef),
        (session, key): (Session, KeyRef),
        told_ok: Option<FactRef>,
    ) {
        let mut is_new = false;
        self.removals.get_or_insert_with(op, || {
            is_new = true;
            Removal {
                session,
                key,
                write,
                accepted,
                told_ok,
                back: 0,
                since: accepted,
                violation: None,
            }
        });
        self.untold += u32::from(is_new && told_ok.is_none());
    }

    /// A customer was told that it is done, after all.
    pub(super) fn told(&mut self, op: OpRef, fact: FactRef, violations: &mut Vec<Violation>) {
        if self.untold == 0 {
            return;
        }
        if let Some(removal) = self.removals.get_mut(&op)
            && removal.told_ok.is_none()
        {
            removal.told_ok = Some(fact);
            self.untold -= 1;
            removal.judge(op, violations);
        }
    }

    /// What it removed came back, or went again.
    pub(super) fn happen(&mut self, event: &Return, violations: &mut Vec<Violation>) {
        let Some(removal) = self.removals.get_mut(&event.op) else {
            return;
        };
        if event.is_back {
            if removal.back == 0 {
                removal.since = event.fact;
            }
            removal.back += 1;
            removal.judge(event.op, violations);
        } else {
            removal.back = removal.back.saturating_sub(1);
            if removal.back == 0
                && let Some(at) = removal.violation
            {
                violations[at as usize].ended.get_or_insert(event.fact);
            }
        }
    }
}

impl Removal {
    fn judge(&mut self, op: OpRef, violations: &mut Vec<Violation>) {
        let Some(told) = self.told_ok.filter(|_| self.back > 0) else {
            return;
        };
        if let Some(at) = self.violation {
            violations[at as usize].ended = None;
            return;
        }
        self.violation = Some(violations.len() as u32);
        let witness = vec![
            (self.accepted, Role::Wrote),
            (self.since, Role::Resurfaced),
            (told, Role::ToldSaved),
        ];
        violations.push(Violation {
            first: self.since.max(told),
            session: Some(self.session),
            key: Some(self.key),
            op: Some(op),
            writes: vec![self.write],
            ..Violation::new(ViolationKind::Vanished, witness)
        });
    }
}
