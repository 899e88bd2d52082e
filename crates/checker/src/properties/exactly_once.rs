//! Exactly once: an intent has the effect that its customer was told of.
//!
//! # What it says
//! Counted per customer's intent, never per key. Told success: one charge. Told
//! failed: none. Told unknown, or nothing yet: at most one.
//!
//! | told | none | one | two |
//! |---|---|---|---|
//! | Ok | `never_charged` | | `charged_twice` |
//! | Failed | | `charged_though_failed` | both |
//! | Unknown, nothing | | | `charged_twice` |
//!
//! A violation stands from the fact that completes it: the second charge, or the
//! later of charge and answer. `never_charged` ends when the charge is made after
//! all; the others never end.
//!
//! # Cost
//! A map entry per payment, kept for ever: a forgotten retry may charge again at
//! any time.
//!
//! # Source
//! `definitions.md`. Helland, *Idempotence Is Not a Medical Condition*, ACM Queue
//! 10(4), 2012.

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::lineage::Lineage;
use crate::observation::{FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Session};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::ExactlyOnce,
    id: "exactly_once",
    per_customer: true,
    kinds: &[
        ViolationKind::ChargedTwice,
        ViolationKind::ChargedThoughFailed,
        ViolationKind::NeverCharged,
    ],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct ExactlyOnce {
    payments: Map<OpRef, Payment>,
    /// Payments that something was observed of in this step.
    touched: Vec<OpRef>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Payment {
    whose: Option<(Session, KeyRef)>,
    charged: Option<FactRef>,
    charged_again: Option<FactRef>,
    told: Option<(Outcome, FactRef)>,
    twice_reported: bool,
    failed_reported: bool,
    /// Where a standing `never_charged` is in the list of violations.
    never_charged: Option<u32>,
}

impl Payment {
    fn charge(&mut self, fact: FactRef) {
        if self.charged.is_none() {
            self.charged = Some(fact);
        } else if self.charged_again.is_none() {
            self.charged_again = Some(fact);
        }
    }

    /// An answer is final, unless it was that nobody can say.
    fn tell(&mut self, outcome: Outcome, fact: FactRef) {
        if !matches!(self.told, Some((Outcome::Ok | Outcome::Failed, _))) {
            self.told = Some((outcome, fact));
        }
    }
}

impl ExactlyOnce {
    fn payment(&mut self, op: OpRef) -> &mut Payment {
        self.payments.get_or_insert_with(op, Payment::default)
    }

    fn judge(&mut self, op: OpRef) {
        let Some(payment) = self.payments.get_mut(&op) else {
            return;
        };
        let mut found = Vec::new();
        if let (Some(charged), Some(again), false) = (
            payment.charged,
            payment.charged_again,
            payment.twice_reported,
        ) {
            payment.twice_reported = true;
            let witness = vec![(charged, Role::Charged), (again, Role::ChargedAgain)];
            found.push((ViolationKind::ChargedTwice, witness));
        }
        match (payment.told, payment.charged) {
            (Some((Outcome::Failed, told)), Some(charged)) if !payment.failed_reported => {
                payment.failed_reported = true;
                let witness = vec![(charged, Role::Charged), (told, Role::ToldFailed)];
                found.push((ViolationKind::ChargedThoughFailed, witness));
            }
            (Some((Outcome::Ok, told)), None) if payment.never_charged.is_none() => {
                payment.never_charged = Some((self.violations.len() + found.len()) as u32);
                found.push((ViolationKind::NeverCharged, vec![(told, Role::ToldSaved)]));
            }
            (_, Some(charged)) => {
                if let Some(at) = payment.never_charged.take() {
                    self.violations[at as usize].ended = Some(charged);
                }
            }
            _ => {}
        }
        let whose = payment.whose;
        for (kind, witness) in found {
            self.violations.push(Violation {
                session: whose.map(|(session, _)| session),
                key: whose.map(|(_, key)| key),
                op: Some(op),
                ..Violation::new(kind, witness)
            });
        }
    }
}

impl Property for ExactlyOnce {
    fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::OperationStarted {
                op,
                session,
                kind: OperationKind::Pay,
                key,
                ..
            } => self.payment(op).whose = Some((session, key)),
            Observation::OperationReturned {
                fact, op, outcome, ..
            } => {
                if let Some(payment) = self.payments.get_mut(&op) {
                    payment.tell(outcome, fact);
                    self.touched.push(op);
                }
            }
            Observation::EffectMade { fact, op, .. } => {
                self.payment(op).charge(fact);
                self.touched.push(op);
            }
            _ => {}
        }
    }

    fn end_of_step(&mut self, _: &Lineage) {
        for op in std::mem::take(&mut self.touched) {
            self.judge(op);
        }
    }

    fn has_subject(&self) -> bool {
        !self.payments.is_empty()
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use ViolationKind::{ChargedThoughFailed, ChargedTwice, NeverCharged};

    fn kinds(script: &Script) -> Vec<ViolationKind> {
        script.kinds(PropertyId::ExactlyOnce)
    }

    #[test]
    fn one_charge_and_told_ok_holds() {
        let mut run = Script::new(1);
        let op = run.pay(0);
        run.effect(op);
        run.told(op, Outcome::Ok);
        assert!(kinds(&run).is_empty());
    }

    #[test]
    fn the_second_charge_of_one_intent_is_a_violation_at_that_charge() {
        let mut run = Script::new(1);
        let op = run.pay(7);
        let first = run.effect(op);
        run.told(op, Outcome::Ok);
        let second = run.effect(op);
        run.effect(op);
        assert_eq!(kinds(&run), [ChargedTwice]);
        let violation = run.violation(PropertyId::ExactlyOnce);
        assert_eq!(violation.first, second);
        assert_eq!(violation.session, Some(Session(7)));
        let witness = [(first, Role::Charged), (second, Role::ChargedAgain)];
        assert_eq!(violation.witness, witness);
    }

    #[test]
    fn two_intents_of_one_customer_for_one_key_may_both_be_charged() {
        let mut run = Script::new(1);
        for _ in 0..2 {
            let op = run.pay(0);
            run.effect(op);
            run.told(op, Outcome::Ok);
        }
        assert!(kinds(&run).is_empty());
    }

    #[test]
    fn told_failed_and_charged_is_a_violation_in_either_order() {
        let mut run = Script::new(1);
        let op = run.pay(0);
        run.effect(op);
        let told = run.told(op, Outcome::Failed);
        assert_eq!(run.violation(PropertyId::ExactlyOnce).first, told);
        let other = run.pay(1);
        run.told(other, Outcome::Failed);
        assert_eq!(kinds(&run), [ChargedThoughFailed]);
        run.effect(other);
        assert_eq!(kinds(&run), [ChargedThoughFailed, ChargedThoughFailed]);
    }

    #[test]
    fn told_paid_without_a_charge_stands_until_the_charge_is_made() {
        let mut run = Script::new(1);
        let op = run.pay(0);
        run.told(op, Outcome::Ok);
        assert_eq!(kinds(&run), [NeverCharged]);
        assert!(run.violation(PropertyId::ExactlyOnce).stands());
        let charged = run.effect(op);
        assert_eq!(run.violation(PropertyId::ExactlyOnce).ended, Some(charged));
    }

    #[test]
    fn an_unknown_outcome_allows_one_charge_or_none_but_not_two() {
        let mut run = Script::new(1);
        let op = run.pay(0);
        run.told(op, Outcome::Unknown);
        assert!(kinds(&run).is_empty());
        run.effect(op);
        assert!(kinds(&run).is_empty());
        run.effect(op);
        assert_eq!(kinds(&run), [ChargedTwice]);
    }

    #[test]
    fn a_charge_for_an_operation_whose_start_was_not_observed_still_counts() {
        let mut run = Script::new(1);
        run.effect(OpRef(99));
        run.effect(OpRef(99));
        assert_eq!(kinds(&run), [ChargedTwice]);
        assert_eq!(run.violation(PropertyId::ExactlyOnce).session, None);
    }
}
