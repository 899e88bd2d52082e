//! Goals about regions: which one writes, which one stopped, and who was served while one
//! was cut off.

use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;

use super::links::{both_ways, not_cut};
use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::Record;

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

/// While the link was cut both ways, a customer asked for a write and was told "saved".
pub(super) fn saved_during_cut(
    record: &Record,
    key: Key,
    customer: u16,
    between: [u8; 2],
) -> Status {
    let mut reason = not_cut(between);
    for (since, until) in both_ways(record, between) {
        let during = |fact: FactId| fact > since && until.is_none_or(|until| fact < until);
        let mut operations = record.operations().iter();
        let saved = operations.find_map(|it| {
            let is_hers = (it.customer, it.key) == (customer, key) && it.kind != OpKind::Read;
            let (told, outcome) = it.returned?;
            let is_saved = outcome == Outcome::Ok && during(it.id) && during(told);
            (is_hers && is_saved).then_some(told)
        });
        if let Some(told) = saved {
            return met(told);
        }
        let args = [Arg::Customer(customer), Arg::Key(key)];
        reason = Reason::new("not_saved_during_cut", &args).at(since);
    }
    reason.not_met()
}
