//! The goal about what somebody did and took back: an item put in and taken out, a like.

use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;

use super::links::{both_ways, not_cut, within};
use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Operation, Record};

/// The customer was told that it was done, and the last thing she asked for is to take it back;
/// of a cart with this item. With ends of a link, both were saved during one cut of it, in
/// which somebody else beside her did it too, and nobody has done either since.
pub(super) fn took_back(
    record: &Record,
    (key, item): (Key, Option<u8>),
    customer: u16,
    cut: Option<([u8; 2], u16)>,
) -> Status {
    let is_it = |it: &&Operation| {
        let is_item = item.is_none_or(|item| it.argument.0 == u32::from(item));
        it.key == key && is_item && (does(it) || undoes(it))
    };
    let all: Vec<&Operation> = record.operations().iter().filter(is_it).collect();
    let hers = || all.iter().copied().filter(|it| it.customer == customer);
    let Some((between, beside)) = cut else {
        let last = hers().next_back().filter(|it| undoes(it));
        let done = hers().find(|it| does(it) && saved(it).is_some());
        return match (done, last) {
            (Some(done), Some(last)) if done.id < last.id => met(last.id),
            _ => not_taken_back(customer, key, item).not_met(),
        };
    };
    let mut reason = not_cut(between);
    for (since, until) in both_ways(record, between) {
        let saved_during =
            |it: &&Operation| saved(it).is_some_and(|told| within((since, until), it.id, told));
        let done = hers().filter(saved_during).find(|it| does(it));
        let undone = hers().filter(saved_during).rfind(|it| undoes(it));
        let (Some(done), Some(undone)) = (done, undone) else {
            reason = not_taken_back(customer, key, item).at(since);
            continue;
        };
        if done.id > undone.id {
            reason = not_taken_back(customer, key, item).at(done.id);
            continue;
        }
        let mut others = all.iter().copied().filter(saved_during);
        if !others.any(|it| it.customer == beside && does(it)) {
            let args = [Arg::Customer(beside), Arg::Key(key)];
            reason = Reason::new("not_saved_during_cut", &args).at(since);
            continue;
        }
        match all
            .iter()
            .find(|it| until.is_some_and(|until| it.id > until))
        {
            None => return met(undone.id),
            Some(later) => {
                let args = [Arg::Customer(later.customer), Arg::Key(key)];
                reason = Reason::new("changed_since", &args).at(later.id);
            }
        }
    }
    reason.not_met()
}

fn does(operation: &Operation) -> bool {
    matches!(operation.kind, OpKind::Add | OpKind::Like)
}

fn undoes(operation: &Operation) -> bool {
    matches!(operation.kind, OpKind::Remove | OpKind::Unlike)
}

/// When it was told that it was done, if it was.
fn saved(operation: &Operation) -> Option<FactId> {
    let (told, outcome) = operation.returned?;
    (outcome == Outcome::Ok).then_some(told)
}

fn not_taken_back(customer: u16, key: Key, item: Option<u8>) -> Reason {
    if let Some(item) = item {
        let args = [Arg::Customer(customer), Arg::Item(item)];
        return Reason::new("not_taken_out", &args);
    }
    Reason::new("not_taken_back", &[Arg::Customer(customer), Arg::Key(key)])
}
