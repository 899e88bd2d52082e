//! Goals about who knew what: which writes a region had when it accepted another, and what a
//! customer had read when she wrote.

use splitbrain_checker::Judge;
use splitbrain_engine::documents::{Edit, Line};
use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::status::met;
use super::writes::stays;
use super::{Arg, Pair, Reason, Status, Wrote};
use crate::record::{Operation, Record, Write};

/// Whether the one write had arrived where and when the other was accepted.
fn had(write: &Write, at: &Write) -> bool {
    let applied = write.applied[at.region as usize];
    applied.is_some() && applied < at.id
}

/// Whether each was accepted where the other had not arrived.
pub(super) fn are_concurrent(one: &Write, other: &Write) -> bool {
    !had(one, other) && !had(other, one)
}

fn accepted_at(write: &Write) -> u64 {
    write.arrived[write.region as usize].1.0
}

/// The writes to a key that a region accepted.
fn accepted_in(record: &Record, key: Key, region: u8) -> impl DoubleEndedIterator<Item = &Write> {
    let writes = record.writes(key);
    writes.filter(move |write| write.region == region)
}

/// What is missing where one of the regions has accepted no write to the key.
fn not_accepted(record: &Record, key: Key, regions: &[u8]) -> Option<Status> {
    let mut regions = regions.iter();
    let empty = regions.find(|&&place| accepted_in(record, key, place).next().is_none());
    empty.map(|&place| {
        let args = [Arg::Region(place), Arg::Key(key)];
        Reason::new("not_accepted_in", &args).not_met()
    })
}

/// The region accepted a write when it had the last one that each of the others had accepted
/// by then, in so long at most; and, where it is asked, that write stays in the place of
/// another value.
pub(super) fn knew(
    record: &Record,
    judge: &Judge,
    (key, region, of): (Key, u8, &[u8]),
    within_us: Option<u64>,
    has_to_stay: bool,
) -> Status {
    let last_before = |late: &Write, of: u8| {
        let late = late.id;
        accepted_in(record, key, of).rfind(move |it| it.id < late)
    };
    // How old the writes were that it knew, one of each region.
    let after = |late: &Write, of: u8| {
        let early = last_before(late, of).filter(|early| had(early, late))?;
        Some(accepted_at(late).saturating_sub(accepted_at(early)))
    };
    let says_the_same = |late: &Write| {
        let mut early = of.iter().filter_map(|&of| last_before(late, of));
        early.any(|early| early.value == late.value)
    };
    let span = |late: &Write| {
        let spans = of.iter().map(|&of| after(late, of));
        spans.collect::<Option<Vec<u64>>>()?.into_iter().max()
    };
    let is_soon = |span: u64| within_us.is_none_or(|within| span <= within);
    let mut it = accepted_in(record, key, region);
    let mut stands = None;
    for late in it.by_ref().filter(|late| span(late).is_some_and(is_soon)) {
        if !has_to_stay {
            return met(late.id);
        }
        let status = if says_the_same(late) {
            let reason = Reason::new("same_value", &[Arg::Key(key)]);
            reason.at(late.id).not_met()
        } else {
            stays(record, judge, late)
        };
        if status.is_met() {
            return status;
        }
        stands = Some(status);
    }
    if let Some(status) = stands {
        return status;
    }
    let mut known = accepted_in(record, key, region);
    if let Some((write, span)) = known.find_map(|late| Some((late, span(late)?))) {
        return Reason::new("knew_after", &[Arg::Span(span)])
            .at(write.id)
            .not_met();
    }
    let regions: Vec<u8> = of.iter().copied().chain([region]).collect();
    if let Some(status) = not_accepted(record, key, &regions) {
        return status;
    }
    let last = accepted_in(record, key, region).next_back();
    let unknown = |&&of: &&u8| last.is_none_or(|last| after(last, of).is_none());
    let other = of.iter().find(unknown).or(of.first());
    let other = other.copied().unwrap_or(region);
    let args = [Arg::Region(region), Arg::Region(other), Arg::Key(key)];
    let mut reason = Reason::new("did_not_know", &args);
    if let Some(last) = last {
        reason = reason.at(last.id);
    }
    reason.not_met()
}

/// Both regions accepted writes, neither having the other's, so far apart.
pub(super) fn concurrent(record: &Record, judge: &Judge, key: Key, pair: &Pair) -> Status {
    let [a, b] = pair.regions;
    if let Some(status) = not_accepted(record, key, &pair.regions) {
        return status;
    }
    let values = match pair.wrote {
        Wrote::Anything | Wrote::Different => None,
        Wrote::These(values) | Wrote::TheseAndFirstStays(values) => Some(values),
    };
    for (region, value) in pair.regions.into_iter().zip(values.into_iter().flatten()) {
        let mut here = accepted_in(record, key, region);
        if !here.any(|write| write.value == value) {
            let args = [Arg::Region(region), Arg::Value(key, value)];
            return Reason::new("not_accepted_value", &args).not_met();
        }
    }
    let is_meant = |one: &Write, other: &Write| match values {
        Some(values) => values == [one.value, other.value],
        None => pair.wrote == Wrote::Anything || one.value != other.value,
    };
    let mut farthest = None;
    let mut stands = None;
    let mut alike = None;
    for one in accepted_in(record, key, a) {
        let others = accepted_in(record, key, b);
        for other in others.filter(|it| are_concurrent(one, it)) {
            if !is_meant(one, other) {
                alike = alike.max(Some(one.id.max(other.id)));
                continue;
            }
            let apart = accepted_at(one).abs_diff(accepted_at(other));
            farthest = farthest.max(Some(apart));
            if apart < pair.apart_us {
                continue;
            }
            if !matches!(pair.wrote, Wrote::TheseAndFirstStays(_)) {
                return met(one.id.max(other.id));
            }
            let first = if one.id < other.id { one } else { other };
            let status = if first.region == a {
                stays(record, judge, first)
            } else {
                let args = [Arg::Region(b), Arg::Value(key, first.value)];
                Reason::new("was_first", &args).at(first.id).not_met()
            };
            if status.is_met() {
                return status;
            }
            stands = Some(status);
        }
    }
    match (stands, farthest) {
        (Some(status), _) => status,
        (None, Some(apart)) => Reason::new("less_apart", &[Arg::Span(apart)]).not_met(),
        (None, None) if alike.is_some() && pair.wrote == Wrote::Different => {
            Reason::new("same_value", &[Arg::Key(key)])
                .at(alike.unwrap_or(FactId::NONE))
                .not_met()
        }
        (None, None) => Reason::new("knew_each_other", &[Arg::Key(key)]).not_met(),
    }
}

/// Each of the two regions accepted the words of its line as insertions in this order and
/// nothing else, and no insertion of one knew any of the other.
pub(super) fn typed_apart(
    record: &Record,
    key: Key,
    regions: [u8; 2],
    lines: [Value; 2],
) -> Status {
    for (region, line) in regions.into_iter().zip(lines) {
        let typed: Option<Vec<_>> = accepted_in(record, key, region)
            .map(|write| {
                let operation = record.operations().get(write.operation)?;
                let is_insertion = operation.kind == OpKind::InsertWord;
                is_insertion.then(|| Edit::from_argument(operation.argument).word)
            })
            .collect();
        if typed.is_none_or(|typed| Line::new(typed.into_iter()).value() != line) {
            let args = [Arg::Region(region), Arg::Value(key, line)];
            return Reason::new("typed_otherwise", &args).not_met();
        }
    }
    let mut last = None;
    for one in accepted_in(record, key, regions[0]) {
        for other in accepted_in(record, key, regions[1]) {
            if !are_concurrent(one, other) {
                let late = if one.id < other.id { other } else { one };
                let args = [Arg::Region(late.region), Arg::Key(key)];
                return Reason::new("had_the_other", &args).at(late.id).not_met();
            }
            last = last.max(Some(one.id.max(other.id)));
        }
    }
    match last {
        Some(last) => met(last),
        None => Reason::new("not_written", &[Arg::Key(key)]).not_met(),
    }
}

/// Whoever wrote last had read the key where every earlier write had arrived, one of somebody
/// else among them.
pub(super) fn read_first(record: &Record, key: Key) -> Status {
    let operations = record.operations();
    let read_all = |write: &Write, writer: &Operation| {
        let earlier = || record.writes(key).filter(|it| it.id < write.id);
        let is_hers = |it: &Write| operations[it.operation].customer == writer.customer;
        let reads = operations.iter().filter(|it| {
            let is_read = (it.customer, it.key, it.kind) == (writer.customer, key, OpKind::Read);
            let is_answered = matches!(it.returned, Some((told, Outcome::Ok)) if told < writer.id);
            is_read && is_answered
        });
        let had_arrived = |asked, region: u8| {
            earlier().all(|it| {
                let (arrived, _) = it.arrived[usize::from(region)];
                arrived.is_some() && arrived < asked
            })
        };
        let mut reads = reads.filter_map(|it| it.attempts.last());
        earlier().any(|it| !is_hers(it)) && reads.any(|&(asked, at)| had_arrived(asked, at))
    };
    let Some(last) = record.writes(key).next_back() else {
        return Reason::new("not_written", &[Arg::Key(key)]).not_met();
    };
    let writer = &operations[last.operation];
    if writer.kind == OpKind::Write && read_all(last, writer) {
        return met(last.id);
    }
    let reason = Reason::new("nobody_read_first", &[Arg::Key(key)]);
    reason.at(last.id).not_met()
}

/// The latest writes are of these customers in this order and of different values, and none
/// of them read in between.
pub(super) fn in_turn(record: &Record, key: Key, customers: &[u16]) -> Status {
    let operations = record.operations();
    let mut latest: Vec<&Write> = record.writes(key).rev().take(customers.len()).collect();
    latest.reverse();
    let wrote = latest
        .iter()
        .map(|write| operations[write.operation].customer);
    let (Some(first), Some(last)) = (latest.first(), latest.last()) else {
        return Reason::new("not_written", &[Arg::Key(key)]).not_met();
    };
    if !wrote.eq(customers.iter().copied()) {
        return Reason::new("not_in_turn", &[Arg::Key(key)])
            .at(last.id)
            .not_met();
    }
    let mut values: Vec<Value> = latest.iter().map(|write| write.value).collect();
    values.sort_unstable();
    values.dedup();
    if values.len() < latest.len() {
        return Reason::new("same_value", &[Arg::Key(key)])
            .at(last.id)
            .not_met();
    }
    let between = operations[first.operation].id..last.id;
    let mut reads = operations
        .iter()
        .filter(|it| it.kind == OpKind::Read && it.key == key && customers.contains(&it.customer));
    match reads.find(|read| between.contains(&read.id)) {
        Some(read) => {
            let args = [Arg::Customer(read.customer), Arg::Key(key)];
            Reason::new("read_in_between", &args).at(read.id).not_met()
        }
        None => met(last.id),
    }
}
