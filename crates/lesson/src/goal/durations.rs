//! Goals about how long something took, as customers and regions saw it.

use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;

use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Operation, Record, Write};

/// A span of time: at least so long, and shorter than that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Within {
    /// At least so long, in microseconds.
    pub at_least_us: u64,
    /// Shorter than this, in microseconds; for ever if it is not said.
    pub below_us: Option<u64>,
}

impl Within {
    fn holds(self, span_us: u64) -> bool {
        let is_short = self.below_us.is_none_or(|below_us| span_us < below_us);
        span_us >= self.at_least_us && is_short
    }
}

/// The customer's latest operation of a kind, of this key if one is named, was answered
/// with "done", after so long.
pub(super) fn answered_in(
    record: &Record,
    customer: u16,
    kind: OpKind,
    key: Option<Key>,
    within: Within,
) -> Status {
    let args = [Arg::Customer(customer), Arg::Kind(kind)];
    let is_it = |it: &&Operation| {
        let is_of_key = key.is_none_or(|key| it.key == key);
        (it.customer, it.kind) == (customer, kind) && is_of_key
    };
    let mut operations = record.operations().iter().rev();
    let Some(operation) = operations.find(is_it) else {
        return Reason::new("not_asked", &args).not_met();
    };
    match operation.returned {
        None => Reason::new("not_answered", &args).at(operation.id).open(),
        Some((fact, Outcome::Ok)) => {
            let span_us = operation.returned_at.since(operation.at);
            if within.holds(span_us) {
                return met(fact);
            }
            let [customer, kind] = args;
            let args = [customer, kind, Arg::Span(span_us)];
            Reason::new("answered_after", &args).at(fact).not_met()
        }
        Some((fact, told)) => {
            let [customer, kind] = args;
            let args = [customer, kind, Arg::Outcome(told)];
            Reason::new("told_otherwise", &args).at(fact).not_met()
        }
    }
}

/// Of the latest so many answers, so many in a hundred were "done" within a span.
pub(super) fn mostly_answered_in(
    record: &Record,
    latest: u32,
    at_least_percent: u32,
    below_us: u64,
) -> Status {
    let (mut total, mut quick, mut last, mut slow) = (0, 0, FactId(0), None);
    for operation in record.operations().iter().rev() {
        let Some((fact, told)) = operation.returned else {
            continue;
        };
        if total == latest {
            break;
        }
        total += 1;
        last = last.max(fact);
        if told == Outcome::Ok && operation.returned_at.since(operation.at) < below_us {
            quick += 1;
        } else {
            slow = slow.or(Some(fact));
        }
    }
    if total < latest {
        let args = [Arg::Count(total), Arg::Count(latest)];
        return Reason::new("too_few_answers", &args).not_met();
    }
    if u64::from(quick) * 100 >= u64::from(total) * u64::from(at_least_percent) {
        return met(last);
    }
    let args = [Arg::Count(quick), Arg::Count(total), Arg::Span(below_us)];
    let at = slow.unwrap_or(last);
    Reason::new("answered_soon", &args).at(at).not_met()
}

/// The last write to a key that was acknowledged became visible in a region so long
/// after its customer had been told; at once if it was there before.
pub(super) fn lag(record: &Record, key: Key, region: u8, within: Within) -> Status {
    let told = |write: &Write| {
        let operation = record.operations().get(write.operation)?;
        let (fact, _) = operation.returned.filter(|it| it.1 == Outcome::Ok)?;
        Some((fact, operation.returned_at))
    };
    let mut writes = record.writes(key).rev();
    let Some((write, (fact, told_at))) = writes.find_map(|write| Some((write, told(write)?)))
    else {
        return Reason::new("not_acknowledged", &[Arg::Key(key)]).not_met();
    };
    let (arrived, arrived_at) = write.arrived[region as usize];
    if !arrived.is_some() {
        let args = [Arg::Region(region), Arg::Key(key)];
        return Reason::new("not_everywhere", &args).at(write.id).open();
    }
    let span_us = arrived_at.since(told_at);
    if within.holds(span_us) {
        return met(arrived.max(fact));
    }
    let args = [Arg::Region(region), Arg::Span(span_us)];
    Reason::new("visible_after", &args).at(arrived).not_met()
}

/// Whoever was told "saved" was told so when so many regions had the write in their logs.
pub(super) fn copies_when_told(record: &Record, key: Key, at_least: u32) -> Status {
    let mut since = None;
    for write in record.writes(key) {
        let Some(operation) = record.operations().get(write.operation) else {
            continue;
        };
        let Some((told, Outcome::Ok)) = operation.returned else {
            continue;
        };
        let copies = write.arrived.iter().filter(|(arrived, _)| *arrived < told);
        let copies = copies.count() as u32;
        if copies < at_least {
            let args = [Arg::Customer(operation.customer), Arg::Count(copies)];
            return Reason::new("copies_when_told", &args).at(told).not_met();
        }
        since = since.max(Some(told));
    }
    match since {
        Some(since) => met(since),
        None => Reason::new("not_acknowledged", &[Arg::Key(key)]).not_met(),
    }
}

/// Of the reads of a key, so many in a hundred returned what was certain to have been
/// replaced before they began.
pub(super) fn stale_reads(
    record: &Record,
    key: Key,
    least: u32,
    at_least_percent: u32,
    below_percent: u32,
) -> Status {
    let is_read = |it: &&Operation| {
        let is_answered = matches!(it.returned, Some((_, Outcome::Ok)));
        it.key == key && it.kind == OpKind::Read && is_answered
    };
    let reads = record.operations().iter().filter(is_read);
    let (mut total, mut stale, mut first, mut last) = (0, 0, FactId::NONE, FactId::NONE);
    for read in reads {
        total += 1;
        let fact = read.returned.map_or(read.id, |it| it.0);
        last = fact;
        if is_stale(record, read) {
            stale += 1;
            first = first.min(fact);
        }
    }
    let args = [Arg::Count(stale), Arg::Count(total)];
    if total < least {
        let args = [Arg::Count(total), Arg::Count(least)];
        return Reason::new("too_few_reads", &args).not_met();
    }
    let percent = |bound| u64::from(total) * u64::from(bound);
    let share = u64::from(stale) * 100;
    if share >= percent(at_least_percent) && share < percent(below_percent) {
        return met(last);
    }
    Reason::new("stale_were", &args).at(first).not_met()
}

/// Whether a read returned what an acknowledged write, asked for when it was certain to
/// be in force, had replaced before the read began: the rule of bounded staleness, by
/// values.
fn is_stale(record: &Record, read: &Operation) -> bool {
    let told = |it: &Operation| {
        let told = it.returned.filter(|it| it.1 == Outcome::Ok);
        told.map(|it| it.0)
    };
    let of_key = record.operations().iter();
    let writes = of_key.filter(|it| it.key == read.key && it.kind == OpKind::Write);
    let returned = writes.clone().rfind(|it| it.argument == read.shown);
    let in_force = match returned {
        None => Some(FactId(0)),
        Some(write) => told(write),
    };
    let Some(in_force) = in_force else {
        return false;
    };
    writes
        .filter(|it| it.id > in_force || returned.is_none())
        .any(|it| told(it).is_some_and(|told| told < read.id))
}
