//! Goals about carts: sets of items, a bit each.

use splitbrain_checker::Judge;
use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::Key;

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
        // Those from before it was put in again do not matter any more.
        let is_addition = |it: &&Write| changes(record, it, OpKind::Add, item);
        let since = record.writes(key).rfind(is_addition);
        let removals = || {
            let writes = record.writes(key);
            let removals = writes.filter(|it| changes(record, it, OpKind::Remove, item));
            removals.filter(|it| since.is_none_or(|since| it.id > since.id))
        };
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

/// Whether a write put an item in, or took it out.
pub(super) fn changes(record: &Record, write: &Write, kind: OpKind, item: u8) -> bool {
    let operation = record.operations().get(write.operation);
    operation.is_some_and(|it| it.kind == kind && it.argument.0 == u32::from(item))
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
