//! Goals about writes: where they were accepted, whether they stayed, and what the
//! regions show.

use splitbrain_checker::{Judge, PropertyId, Verdict, Violation};
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

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

/// Whether the one write had arrived where and when the other was accepted.
fn had(write: &Write, at: &Write) -> bool {
    let applied = write.applied[at.region as usize];
    applied.is_some() && applied < at.id
}

/// Whether each was accepted where the other had not arrived.
fn are_concurrent(one: &Write, other: &Write) -> bool {
    !had(one, other) && !had(other, one)
}

fn accepted_at(write: &Write) -> u64 {
    write.arrived[write.region as usize].1.0
}

/// The first region accepted a write when it had one of the second, in so long at most.
pub(super) fn knew(record: &Record, key: Key, regions: [u8; 2], within_us: Option<u64>) -> Status {
    let [region, of] = regions;
    let there = |place: u8| {
        record
            .writes(key)
            .filter(move |write| write.region == place)
    };
    let after = |late: &Write| {
        let known = there(of).filter(|early| had(early, late));
        let spans = known.map(|early| accepted_at(late).saturating_sub(accepted_at(early)));
        spans.min()
    };
    let is_soon = |span: u64| within_us.is_none_or(|within| span <= within);
    if let Some(write) = there(region).find(|late| after(late).is_some_and(is_soon)) {
        return met(write.id);
    }
    if let Some((write, span)) = there(region).find_map(|late| Some((late, after(late)?))) {
        return Reason::new("knew_after", &[Arg::Span(span)])
            .at(write.id)
            .not_met();
    }
    if let Some(&place) = [of, region]
        .iter()
        .find(|&&place| there(place).next().is_none())
    {
        let args = [Arg::Region(place), Arg::Key(key)];
        return Reason::new("not_accepted_in", &args).not_met();
    }
    let args = [Arg::Region(region), Arg::Region(of), Arg::Key(key)];
    let mut reason = Reason::new("did_not_know", &args);
    if let Some(last) = there(region).next_back() {
        reason = reason.at(last.id);
    }
    reason.not_met()
}

/// Both regions accepted writes, neither having the other's, so far apart.
pub(super) fn concurrent(record: &Record, key: Key, regions: [u8; 2], apart_us: u64) -> Status {
    let [a, b] = regions;
    let there = |place: u8| {
        record
            .writes(key)
            .filter(move |write| write.region == place)
    };
    let empty = regions
        .into_iter()
        .find(|&place| there(place).next().is_none());
    if let Some(place) = empty {
        let args = [Arg::Region(place), Arg::Key(key)];
        return Reason::new("not_accepted_in", &args).not_met();
    }
    let mut farthest = None;
    for one in there(a) {
        for other in there(b).filter(|other| are_concurrent(one, other)) {
            let apart = accepted_at(one).abs_diff(accepted_at(other));
            if apart >= apart_us {
                return met(one.id.max(other.id));
            }
            farthest = farthest.max(Some(apart));
        }
    }
    match farthest {
        Some(apart) => Reason::new("less_apart", &[Arg::Span(apart)]).not_met(),
        None => Reason::new("knew_each_other", &[Arg::Key(key)]).not_met(),
    }
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
    let write = match which {
        Which::First => first,
        Which::Last => last,
    };
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
