//! Goals about regions: which one writes, which one stopped, who was served while one was
//! cut off, and what a customer was shown where.

use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::links::{both_ways, not_cut, within};
use super::status::met;
use super::{Arg, Reason, Status, Wanted};
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
/// done.
pub(super) fn saved_during_cut(
    record: &Record,
    key: Key,
    customer: u16,
    between: [u8; 2],
) -> Status {
    let told = told_during_cut(record, key, customer, between, Outcome::Ok);
    if let Some(&(_, told)) = told.first() {
        return met(told);
    }
    let args = [Arg::Customer(customer), Arg::Key(key)];
    missed(record, between, Reason::new("not_saved_during_cut", &args))
}

/// While the link was cut both ways, a customer asked for a write and was refused by a region
/// that showed so much at least; a count may have fallen below zero.
pub(super) fn refused_during_cut(
    record: &Record,
    key: Key,
    customer: u16,
    between: [u8; 2],
    shown_at_least: u32,
) -> Status {
    let told = told_during_cut(record, key, customer, between, Outcome::Failed);
    let shows = |it: &Operation| shown_at_least == 0 || it.stood.0 as i32 >= shown_at_least as i32;
    if let Some((_, told)) = told.iter().find(|(it, _)| shows(it)) {
        return met(*told);
    }
    if let Some((operation, told)) = told.last() {
        let args = [Arg::Customer(customer), Arg::Value(key, operation.stood)];
        return Reason::new("refused_showing", &args).at(*told).not_met();
    }
    let args = [Arg::Customer(customer), Arg::Key(key)];
    missed(
        record,
        between,
        Reason::new("not_refused_during_cut", &args),
    )
}

/// What a customer asked for and was told while the link was cut both ways, reads aside.
fn told_during_cut(
    record: &Record,
    key: Key,
    customer: u16,
    between: [u8; 2],
    wanted: Outcome,
) -> Vec<(&Operation, FactId)> {
    let cuts: Vec<_> = both_ways(record, between).collect();
    let during = |asked: FactId, told: FactId| {
        let mut cuts = cuts.iter();
        cuts.any(|&cut| within(cut, asked, told))
    };
    let operations = record.operations().iter();
    let found = operations.filter_map(|it| {
        let is_hers = (it.customer, it.key) == (customer, key) && it.kind != OpKind::Read;
        let (told, outcome) = it.returned?;
        (is_hers && outcome == wanted && during(it.id, told)).then_some((it, told))
    });
    found.collect()
}

/// That it did not happen during the last cut, or that there was none.
fn missed(record: &Record, between: [u8; 2], reason: Reason) -> Status {
    match both_ways(record, between).last() {
        Some((since, _)) => reason.at(since).not_met(),
        None => not_cut(between).not_met(),
    }
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

/// The customer's latest read of the key returned this.
pub(super) fn read_shows(record: &Record, key: Key, customer: u16, wanted: Wanted) -> Status {
    let is_wanted = |shown: Value| match wanted {
        Wanted::Value(value) => shown == value,
        Wanted::Items(items) => shown.0 & items == items,
    };
    let mut reads = record.operations().iter().rev();
    let read = reads.find(|it| {
        (it.customer, it.key, it.kind) == (customer, key, OpKind::Read) && it.returned.is_some()
    });
    match read.and_then(|read| Some((read.shown, read.returned?))) {
        Some((shown, (told, Outcome::Ok))) if is_wanted(shown) => met(told),
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
