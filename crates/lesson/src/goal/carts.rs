//! Goals about carts: sets of items, a bit each.

use splitbrain_checker::Judge;
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;

use super::links::{both_ways, not_cut};
use super::status::met;
use super::writes::none_lost;
use super::{Arg, Reason, Status};
use crate::record::{Record, Write};

pub(super) fn contains(record: &Record, key: Key, item: u8) -> Status {
    everywhere(record, key, item, true)
}

/// It was in and is out everywhere; with a region, nobody else took it out; with a judge,
/// nothing in the cart was ever lost.
pub(super) fn lacks(
    record: &Record,
    judge: Option<&Judge>,
    (key, item): (Key, u8),
    removed_in: Option<u8>,
) -> Status {
    if record.ever_shown(key) >> item & 1 == 0 {
        return Reason::new("was_never_in", &[Arg::Item(item)]).not_met();
    }
    if let Some(region) = removed_in {
        let removals = || record.writes(key).filter(|it| removes(record, it, item));
        if let Some(other) = removals().find(|it| it.region != region) {
            let args = [Arg::Region(other.region), Arg::Item(item)];
            return Reason::new("removed_elsewhere", &args)
                .at(other.id)
                .not_met();
        }
        if removals().next().is_none() {
            let args = [Arg::Region(region), Arg::Item(item)];
            return Reason::new("not_removed_in", &args).not_met();
        }
    }
    let status = judge.map(|judge| none_lost(record, judge, key, &[]));
    match status {
        Some(status) if !status.is_met() => status,
        _ => everywhere(record, key, item, false),
    }
}

/// Whether a write took an item out.
pub(super) fn removes(record: &Record, write: &Write, item: u8) -> bool {
    let operation = record.operations().get(write.operation);
    operation.is_some_and(|it| it.kind == OpKind::Remove && it.argument.0 == u32::from(item))
}

/// During one cut the customer put the item in and then took it out, and both were saved.
pub(super) fn took_back(
    record: &Record,
    (key, item): (Key, u8),
    customer: u16,
    between: [u8; 2],
) -> Status {
    let saved = |kind: OpKind| {
        record.operations().iter().filter_map(move |it| {
            let is_hers = (it.customer, it.key, it.kind) == (customer, key, kind);
            let is_item = it.argument.0 == u32::from(item);
            let (told, outcome) = it.returned?;
            (is_hers && is_item && outcome == Outcome::Ok).then_some((it.id, told))
        })
    };
    let mut reason = not_cut(between);
    for (since, until) in both_ways(record, between) {
        let is_during = |&(asked, told): &(FactId, FactId)| {
            asked > since && until.is_none_or(|until| told < until)
        };
        let added = saved(OpKind::Add).find(is_during);
        let taken = added.and_then(|(_, added)| {
            let mut later = saved(OpKind::Remove).filter(is_during);
            later.find(|&(asked, _)| asked > added)
        });
        if let Some((_, told)) = taken {
            return met(told);
        }
        let args = [Arg::Customer(customer), Arg::Item(item)];
        reason = Reason::new("not_taken_back", &args).at(since);
    }
    reason.not_met()
}

fn everywhere(record: &Record, key: Key, item: u8, is_in: bool) -> Status {
    let mut since = FactId(0);
    for region in 0..record.regions() {
        let (value, shown) = record.shown(key, region);
        if (value.0 >> item & 1 == 1) != is_in {
            let id = if is_in { "cart_lacks" } else { "cart_contains" };
            let args = [Arg::Region(region), Arg::Item(item)];
            return Reason::new(id, &args).at(shown).not_met();
        }
        if shown.is_some() {
            since = since.max(shown);
        }
    }
    met(since)
}
