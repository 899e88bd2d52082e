//! Goals about regions: which one writes, which one stopped, who was served while one was
//! cut off, and what a customer was shown where.

use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::links::{both_ways, not_cut};
use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Operation, Record};

pub(super) fn crashed(record: &Record, region: u8) -> Status {
    let mut crashes = record.crashes().iter();
    match crashes.find(|(_, crashed)| *crashed == region) {
        Some(&(fact, _)) => met(fact),
        None => Reason::new("not_crashed", &[Arg::Region(region)]).not_met(),
    }
}

/// A message had to wait there, in this room if one is named.
pub(super) fn kept_back(record: &Record, region: u8, room: Option<Key>) -> Status {
    let mut kept_back = record.kept_back().iter();
    let is_it =
        |held: &&(FactId, u8, Key)| held.1 == region && room.is_none_or(|room| held.2 == room);
    match kept_back.find(is_it) {
        Some(&(fact, ..)) => met(fact),
        None => Reason::new("not_kept_back", &[Arg::Region(region)]).not_met(),
    }
}

/// The region is the last that became the writer of a service, and it still is.
pub(super) fn leads(record: &Record, service: u8, region: u8) -> Status {
    let last = record.reigns(service).max_by_key(|it| (it.epoch, it.since));
    let args = [Arg::Region(region)];
    match last {
        Some(it) if it.region != region => {
            let args = [Arg::Region(region), Arg::Region(it.region)];
            let reason = Reason::new("another_leads", &args).at(it.since);
            reason.not_met()
        }
        Some(it) if it.until.is_none() => met(it.since),
        Some(it) => {
            let until = it.until.unwrap_or(it.since);
            Reason::new("leads_no_more", &args).at(until).not_met()
        }
        None => Reason::new("not_promoted", &args).not_met(),
    }
}

/// While the link was cut both ways, a customer asked for a write and was told that it was
/// done, or that it was not.
pub(super) fn told_during_cut(
    record: &Record,
    key: Key,
    customer: u16,
    between: [u8; 2],
    wanted: Outcome,
) -> Status {
    let mut reason = not_cut(between);
    for (since, until) in both_ways(record, between) {
        let during = |fact: FactId| fact > since && until.is_none_or(|until| fact < until);
        let mut operations = record.operations().iter();
        let found = operations.find_map(|it| {
            let is_hers = (it.customer, it.key) == (customer, key) && it.kind != OpKind::Read;
            let (told, outcome) = it.returned?;
            let is_it = outcome == wanted && during(it.id) && during(told);
            (is_hers && is_it).then_some(told)
        });
        if let Some(told) = found {
            return met(told);
        }
        let args = [Arg::Customer(customer), Arg::Key(key)];
        let id = match wanted {
            Outcome::Ok => "not_saved_during_cut",
            _ => "not_refused_during_cut",
        };
        reason = Reason::new(id, &args).at(since);
    }
    reason.not_met()
}

/// The customer asked the region for the key before it had the last write that she had been
/// told was saved, and was answered.
pub(super) fn read_ahead(record: &Record, key: Key, customer: u16, region: u8) -> Status {
    let operations = record.operations();
    let is_hers = |it: &Operation| (it.customer, it.key) == (customer, key);
    let saved_before = |fact: FactId| {
        let mut operations = operations.iter().enumerate().rev();
        operations.find(|(_, it)| {
            let saved = it
                .returned
                .is_some_and(|(told, outcome)| outcome == Outcome::Ok && told < fact);
            is_hers(it) && it.kind != OpKind::Read && saved
        })
    };
    let mut reads = operations.iter().rev();
    let found = reads.find_map(|read| {
        let (told, outcome) = read.returned?;
        let &(asked, of) = read.attempts.last()?;
        if !is_hers(read) || read.kind != OpKind::Read || outcome != Outcome::Ok || of != region {
            return None;
        }
        let (place, _) = saved_before(read.id)?;
        let mut writes = record.writes(key).rev();
        let write = writes.find(|write| write.operation == place)?;
        let arrived = write.arrived.get(region as usize)?.0;
        (!arrived.is_some() || arrived > asked).then_some(told)
    });
    let args = [Arg::Customer(customer), Arg::Region(region), Arg::Key(key)];
    match found {
        Some(told) => met(told),
        None => Reason::new("not_read_ahead", &args).not_met(),
    }
}

/// The customer's latest read of the key returned this value.
pub(super) fn read_shows(record: &Record, key: Key, customer: u16, value: Value) -> Status {
    let mut reads = record.operations().iter().rev();
    let read = reads.find(|it| {
        (it.customer, it.key, it.kind) == (customer, key, OpKind::Read) && it.returned.is_some()
    });
    match read.and_then(|read| Some((read.shown, read.returned?))) {
        Some((shown, (told, Outcome::Ok))) if shown == value => met(told),
        Some((shown, (told, Outcome::Ok))) => {
            let args = [Arg::Customer(customer), Arg::Value(key, shown)];
            Reason::new("read_otherwise", &args).at(told).not_met()
        }
        Some((_, (told, outcome))) => {
            let args = [
                Arg::Customer(customer),
                Arg::Kind(OpKind::Read),
                Arg::Outcome(outcome),
            ];
            Reason::new("told_otherwise", &args).at(told).not_met()
        }
        None => {
            let args = [Arg::Customer(customer), Arg::Kind(OpKind::Read)];
            Reason::new("not_asked", &args).not_met()
        }
    }
}
