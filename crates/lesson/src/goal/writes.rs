//! Goals about writes: where they were accepted, whether they stayed, and what the
//! regions show.

use splitbrain_checker::{Judge, PropertyId, Verdict, Violation};
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::knowledge::are_concurrent;
use super::links::{both_ways, not_cut};
use super::status::met;
use super::{Arg, Reason, Status, Which};
use crate::record::{Record, Write};

pub(super) fn on_both_sides(record: &Record, key: Key, regions: [u8; 2]) -> Status {
    let [a, b] = regions;
    let mut missing = not_cut(regions);
    for (since, until) in both_ways(record, regions) {
        let during = |region| {
            record.writes(key).filter(move |write| {
                let ended = until.is_some_and(|until| write.id > until);
                write.region == region && write.id > since && !ended
            })
        };
        for there in during(a) {
            for here in during(b) {
                if are_concurrent(there, here) {
                    return met(there.id.max(here.id));
                }
                let late = if there.id < here.id { here } else { there };
                let args = [Arg::Region(late.region), Arg::Key(key)];
                missing = Reason::new("had_the_other", &args).at(late.id);
            }
        }
        let empty = regions
            .into_iter()
            .find(|&region| during(region).next().is_none());
        if let Some(region) = empty
            && until.is_none()
        {
            let args = [Arg::Region(region), Arg::Key(key)];
            missing = Reason::new("not_written_during_cut", &args).at(since);
        }
    }
    missing.not_met()
}

/// What the judge found wrong about a key.
fn violations(judge: &Judge, property: PropertyId, key: Key) -> Vec<&Violation> {
    match judge.verdict(property) {
        Verdict::Violated { violations, .. } => violations
            .into_iter()
            .filter(|violation| violation.key.is_some_and(|held| held.0 == key.0))
            .collect(),
        _ => Vec::new(),
    }
}

fn is_at_risk(judge: &Judge, key: Key) -> bool {
    match judge.verdict(PropertyId::AcknowledgedWrites) {
        Verdict::Holds => false,
        Verdict::Open { at_risk } | Verdict::Violated { at_risk, .. } => {
            at_risk.iter().any(|risk| risk.key.0 == key.0)
        }
    }
}

pub(super) fn lost(record: &Record, judge: &Judge, key: Key, at_least: u32) -> Status {
    let lost = violations(judge, PropertyId::AcknowledgedWrites, key);
    if let Some(violation) = lost.get(at_least as usize - 1) {
        return met(FactId(violation.first.0));
    }
    if record.writes(key).next().is_none() {
        return Reason::new("not_written", &[Arg::Key(key)]).not_met();
    }
    if is_at_risk(judge, key) {
        return Reason::new("decided_after_exchange", &[Arg::Key(key)]).open();
    }
    if let Err(under_way) = received_everywhere(record, key) {
        return under_way;
    }
    let count = Arg::Count(lost.len() as u32);
    Reason::new("nothing_lost", &[Arg::Key(key), count]).not_met()
}

pub(super) fn none_lost(record: &Record, judge: &Judge, key: Key, accepted_in: &[u8]) -> Status {
    let lost = violations(judge, PropertyId::AcknowledgedWrites, key);
    if let Some(violation) = lost.first() {
        return was_lost(record, violation, key).not_met();
    }
    if let Some(status) = not_accepted(record, key, accepted_in) {
        return status;
    }
    match received_everywhere(record, key) {
        Err(status) => status,
        Ok(_) if is_at_risk(judge, key) => {
            Reason::new("decided_after_exchange", &[Arg::Key(key)]).open()
        }
        Ok(since) => met(since),
    }
}

/// What is missing where a region has no acknowledged write to the key yet.
fn not_accepted(record: &Record, key: Key, regions: &[u8]) -> Option<Status> {
    let is_acknowledged = |write: &Write| {
        let returned = record.operations()[write.operation].returned;
        matches!(returned, Some((_, Outcome::Ok)))
    };
    let missing = regions.iter().find(|&&region| {
        let mut here = record.writes(key).filter(|write| write.region == region);
        !here.any(is_acknowledged)
    });
    missing.map(|&region| {
        let args = [Arg::Region(region), Arg::Key(key)];
        Reason::new("not_written_in", &args).not_met()
    })
}

fn was_lost(record: &Record, violation: &Violation, key: Key) -> Reason {
    let fact = FactId(violation.first.0);
    let mut operations = record.operations().iter();
    let op = violation.op.map(|op| FactId(op.0));
    let mut args = Vec::new();
    if let Some(operation) = operations.find(|held| Some(held.id) == op) {
        args.push(Arg::Customer(operation.customer));
        args.push(match operation.kind {
            OpKind::Add | OpKind::Remove => Arg::Item(operation.argument.0 as u8),
            _ => Arg::Value(key, operation.argument),
        });
    }
    Reason::new("was_lost", &args).at(fact)
}

/// The last moment at which a write to the key arrived, if all have arrived everywhere.
fn received_everywhere(record: &Record, key: Key) -> Result<FactId, Status> {
    let mut last = None;
    for write in record.writes(key).filter(|write| !write.is_gone) {
        for (region, &applied) in write.applied.iter().enumerate() {
            if !applied.is_some() {
                let args = [Arg::Region(region as u8), Arg::Key(key)];
                let reason = Reason::new("not_everywhere", &args).at(write.id);
                return Err(reason.open());
            }
            last = last.max(Some(applied));
        }
    }
    last.ok_or_else(|| Reason::new("not_written", &[Arg::Key(key)]).not_met())
}

pub(super) fn converged(record: &Record, judge: &Judge, key: Key, accepted_in: &[u8]) -> Status {
    if let Some(status) = not_accepted(record, key, accepted_in) {
        return status;
    }
    let diverged = violations(judge, PropertyId::Convergence, key);
    if let Some(violation) = diverged.iter().find(|violation| violation.stands()) {
        let mut args = Vec::new();
        for replica in violation.replicas.iter().take(2) {
            args.push(Arg::Region(replica.0));
            args.push(Arg::Value(key, record.shown(key, replica.0).0));
        }
        let fact = FactId(violation.first.0);
        return Reason::new("diverges", &args).at(fact).not_met();
    }
    match received_everywhere(record, key) {
        Ok(since) => met(since),
        Err(status) => status,
    }
}

pub(super) fn diverged(judge: &Judge, key: Key) -> Status {
    let diverged = violations(judge, PropertyId::Convergence, key);
    match diverged.iter().find(|violation| violation.stands()) {
        Some(violation) => met(FactId(violation.first.0)),
        None => Reason::new("not_diverged", &[Arg::Key(key)]).not_met(),
    }
}

pub(super) fn survivor(record: &Record, key: Key, which: Which) -> Status {
    let last_two: Vec<&Write> = record.writes(key).rev().take(2).collect();
    let [last, first] = last_two[..] else {
        return Reason::new("not_written", &[Arg::Key(key)]).not_met();
    };
    if last.value == first.value {
        let reason = Reason::new("same_value", &[Arg::Key(key)]).at(last.id);
        return reason.not_met();
    }
    let write = match which {
        Which::First => first,
        Which::Last => last,
    };
    shows(record, key, None, write.value)
}

/// Whether a write was never lost, is everywhere and is what every region shows.
pub(super) fn stays(record: &Record, judge: &Judge, write: &Write) -> Status {
    let key = write.key;
    let op = record.operations().get(write.operation).map(|it| it.id);
    let lost = violations(judge, PropertyId::AcknowledgedWrites, key);
    let mut lost = lost.iter();
    let is_it = |it: &&&Violation| it.op.map(|op| FactId(op.0)) == op;
    if let Some(violation) = lost.find(is_it) {
        return was_lost(record, violation, key).not_met();
    }
    let mut places = (0..).zip(&write.applied);
    if let Some((region, _)) = places.find(|(_, applied)| !applied.is_some()) {
        let args = [Arg::Region(region), Arg::Key(key)];
        return Reason::new("not_everywhere", &args).at(write.id).open();
    }
    shows(record, key, None, write.value)
}

pub(super) fn shows(record: &Record, key: Key, region: Option<u8>, value: Value) -> Status {
    let regions = region.map_or(0..record.regions(), |region| region..region + 1);
    let mut since = FactId(0);
    for region in regions {
        let (shown, fact) = record.shown(key, region);
        if shown != value {
            let args = [Arg::Region(region), Arg::Value(key, shown)];
            return Reason::new("shows_otherwise", &args).at(fact).not_met();
        }
        if fact.is_some() {
            since = since.max(fact);
        }
    }
    met(since)
}
