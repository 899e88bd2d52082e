//! Goals about links.

use splitbrain_engine::sim::fact::FactId;

use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Cut, Record};

/// The times during which neither direction passed: from when until when.
pub(super) fn both_ways(
    record: &Record,
    [a, b]: [u8; 2],
) -> impl Iterator<Item = (FactId, Option<FactId>)> {
    let way = move |from, to| {
        let cuts = record.cuts().iter();
        cuts.filter(move |cut| (cut.from, cut.to) == (from, to))
    };
    way(a, b).flat_map(move |there| way(b, a).filter_map(move |back| overlap(there, back)))
}

/// Whether what began and ended so was within one of these times.
pub(super) fn within(
    (since, until): (FactId, Option<FactId>),
    begun: FactId,
    ended: FactId,
) -> bool {
    begun > since && until.is_none_or(|until| ended < until)
}

fn overlap(one: &Cut, other: &Cut) -> Option<(FactId, Option<FactId>)> {
    let since = one.since.max(other.since);
    let until = match (one.until, other.until) {
        (Some(one), Some(other)) => Some(one.min(other)),
        (one, other) => one.or(other),
    };
    until
        .is_none_or(|until| since < until)
        .then_some((since, until))
}

pub(super) fn was_cut(record: &Record, between: [u8; 2]) -> Status {
    match both_ways(record, between).next() {
        Some((since, _)) => met(since),
        None => not_cut(between).not_met(),
    }
}

pub(super) fn healed(record: &Record, between: [u8; 2]) -> Status {
    let [a, b] = between;
    if both_ways(record, between).next().is_none() {
        return not_cut(between).not_met();
    }
    let cuts = record.cuts().iter();
    let ways = [(a, b), (b, a)];
    let of_link: Vec<&Cut> = cuts
        .filter(|cut| ways.contains(&(cut.from, cut.to)))
        .collect();
    match of_link.iter().find(|cut| cut.until.is_none()) {
        Some(cut) => Reason::new("still_cut", &[Arg::Region(cut.from), Arg::Region(cut.to)])
            .at(cut.since)
            .not_met(),
        None => met(of_link
            .iter()
            .filter_map(|cut| cut.until)
            .max()
            .unwrap_or(FactId(0))),
    }
}

pub(super) fn not_cut([a, b]: [u8; 2]) -> Reason {
    Reason::new("not_cut", &[Arg::Region(a), Arg::Region(b)])
}
