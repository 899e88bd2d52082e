//! Goals about what a customer was told, and what her card was charged.

use splitbrain_checker::{Judge, PropertyId, Session, Verdict};
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};

use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::Record;

pub(super) fn told(record: &Record, customer: u16, kind: OpKind, outcome: Outcome) -> Status {
    let args = [Arg::Customer(customer), Arg::Kind(kind)];
    let Some(operation) = record.latest(customer, kind) else {
        return Reason::new("not_asked", &args).not_met();
    };
    match operation.returned {
        None => Reason::new("not_answered", &args).at(operation.id).open(),
        Some((fact, told)) if told == outcome => met(fact),
        Some((fact, told)) => {
            let [customer, kind] = args;
            Reason::new("told_otherwise", &[customer, kind, Arg::Outcome(told)])
                .at(fact)
                .not_met()
        }
    }
}

pub(super) fn reply_lost(record: &Record, customer: u16) -> Status {
    let mut operations = record.operations().iter();
    let lost = operations.find_map(|operation| {
        let lost = operation.replies_lost.first();
        lost.filter(|_| operation.customer == customer)
    });
    match lost {
        Some(&fact) => met(fact),
        None => Reason::new("no_reply_lost", &[Arg::Customer(customer)]).not_met(),
    }
}

pub(super) fn retried_elsewhere(record: &Record, customer: u16) -> Status {
    let mut operations = record.operations().iter();
    let elsewhere = operations.find_map(|operation| {
        let (_, first) = *operation.attempts.first()?;
        let mut attempts = operation.attempts.iter();
        let other = attempts.find(|(_, region)| *region != first);
        other.filter(|_| operation.customer == customer)
    });
    match elsewhere {
        Some(&(fact, _)) => met(fact),
        None => Reason::new("not_retried_elsewhere", &[Arg::Customer(customer)]).not_met(),
    }
}

pub(super) fn charged(record: &Record, customer: u16, times: u32) -> Status {
    let Some(operation) = record.latest(customer, OpKind::Pay) else {
        let args = [Arg::Customer(customer), Arg::Kind(OpKind::Pay)];
        return Reason::new("not_asked", &args).not_met();
    };
    let count = operation.charges.len() as u32;
    let last = operation.charges.last().copied().unwrap_or(operation.id);
    if count == times {
        return met(last);
    }
    let reason = Reason::new(
        "charged_times",
        &[Arg::Customer(customer), Arg::Count(count)],
    )
    .at(last);
    if count < times && operation.returned.is_none() {
        reason.open()
    } else {
        reason.not_met()
    }
}

pub(super) fn exactly_once(record: &Record, judge: &Judge, customer: u16) -> Status {
    let session = Session(customer);
    let verdict = judge.verdict_for(PropertyId::ExactlyOnce, session);
    if let Verdict::Violated { violations, .. } = verdict
        && let Some(violation) = violations.first()
    {
        let charges = record.operations().iter().find_map(|operation| {
            let is_it = violation.op.is_some_and(|op| op.0 == operation.id.0);
            is_it.then_some(operation.charges.len() as u32)
        });
        let args = [
            Arg::Customer(customer),
            Arg::Count(charges.unwrap_or_default()),
        ];
        let fact = FactId(violation.first.0);
        return Reason::new(violation.kind.id(), &args).at(fact).not_met();
    }
    let args = [Arg::Customer(customer), Arg::Kind(OpKind::Pay)];
    let Some(operation) = record.latest(customer, OpKind::Pay) else {
        return Reason::new("not_asked", &args).not_met();
    };
    match operation.returned {
        Some((fact, _)) => met(fact),
        None => Reason::new("not_answered", &args).at(operation.id).open(),
    }
}
