//! Goals about removals: how many are remembered, and who heard of one late.

use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::Key;

use super::carts::changes;
use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Record, Write};

/// Removals were made, and of all regions the one that remembers most remembers so many.
pub(super) fn remembered(record: &Record, key: Key, at_least: u32, at_most: u32) -> Status {
    let mut most: Option<(u32, u8, FactId)> = None;
    let mut latest = FactId(0);
    for region in 0..record.regions() {
        let Some((count, fact)) = record.tombstones(key, region) else {
            continue;
        };
        latest = latest.max(fact);
        if most.is_none_or(|(held, ..)| held < count) {
            most = Some((count, region, fact));
        }
    }
    let Some((count, region, fact)) = most else {
        return Reason::new("no_removal", &[Arg::Key(key)]).not_met();
    };
    if (at_least..=at_most).contains(&count) {
        return met(latest);
    }
    Reason::new("tombstones_are", &[Arg::Region(region), Arg::Count(count)])
        .at(fact)
        .not_met()
}

/// The region heard of a removal, of any item or the last one of this one, so long after
/// another had accepted it.
pub(super) fn heard_late(
    record: &Record,
    (key, item): (Key, Option<u8>),
    region: u8,
    at_least_us: u64,
) -> Status {
    let is_removal = |write: &&Write| {
        let operation = record.operations().get(write.operation);
        let is_one = operation.is_some_and(|it| it.kind == OpKind::Remove);
        let is_it = item.is_none_or(|item| is_last(record, write, item, region));
        is_one && is_it && write.region != region
    };
    let mut longest = None;
    let mut is_under_way = false;
    for write in record.writes(key).filter(is_removal) {
        let moment = |region: u8| write.arrived.get(usize::from(region)).copied();
        let Some((_, made)) = moment(write.region) else {
            continue;
        };
        let Some((fact, heard)) = moment(region).filter(|(fact, _)| fact.is_some()) else {
            is_under_way = true;
            continue;
        };
        let late_us = heard.0.saturating_sub(made.0);
        if late_us >= at_least_us {
            return met(fact);
        }
        longest = longest.max(Some((late_us, fact)));
    }
    let place = Arg::Region(region);
    match longest {
        _ if is_under_way => Reason::new("removal_not_heard", &[place]).not_met(),
        Some((late_us, fact)) => Reason::new("removal_heard_sooner", &[place, Arg::Span(late_us)])
            .at(fact)
            .not_met(),
        None => Reason::new("no_removal", &[Arg::Key(key)]).not_met(),
    }
}

/// Whether a removal is what was done last about an item, but for where it had to be heard of.
fn is_last(record: &Record, removal: &Write, item: u8, heard_in: u8) -> bool {
    let does = |write: &Write, kind| changes(record, write, kind, item);
    let is_about =
        |it: &&Write| it.region != heard_in && (does(it, OpKind::Remove) || does(it, OpKind::Add));
    let last = record.writes(removal.key).rfind(is_about);
    last.is_some_and(|last| last.id == removal.id)
}
