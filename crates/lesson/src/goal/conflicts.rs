//! Goals about versions that stand side by side, and about questions to people.

use splitbrain_engine::conflict::shown::Shown;
use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::Key;

use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::{Operation, Record};

/// How many different values every region shows of the key, as many in each.
pub(super) fn side_by_side(record: &Record, key: Key, at_least: u32, at_most: u32) -> Status {
    if record.writes(key).next().is_none() {
        return Reason::new("not_written", &[Arg::Key(key)]).not_met();
    }
    let mut since = FactId(0);
    for region in 0..record.regions() {
        let (shown, fact) = record.shown(key, region);
        let count = match Shown::from_value(shown) {
            Shown::One(_) => 1,
            Shown::Several { count, .. } => count,
        };
        if !(at_least..=at_most).contains(&count) {
            let args = [Arg::Region(region), Arg::Count(count), Arg::Key(key)];
            return Reason::new("side_by_side_are", &args).not_met();
        }
        since = since.max(fact);
    }
    met(since)
}

/// People had to be asked so often, or would have had to; to settle what nobody had asked
/// about counts towards the most. Or of those only what a region did ask.
pub(super) fn questions(
    record: &Record,
    (key, asked_only): (Option<Key>, bool),
    at_least: u32,
    at_most: u32,
) -> Status {
    let asked = record.questions().iter();
    let asked = asked.filter(|it| key.is_none_or(|key| it.key == key));
    let asked = asked.filter(|it| it.was_asked || !asked_only);
    let asked: Vec<FactId> = asked.map(|it| it.id).collect();
    // Nobody is asked by settling; but it does not spare anybody a decision either.
    let mut decided = asked.clone();
    if !asked_only {
        decided.extend(settled_unasked(record, key));
        decided.sort_unstable();
    }
    if let Some(&over) = decided.get(at_most as usize) {
        let args = [Arg::Count(decided.len() as u32)];
        return Reason::new("questions_were", &args).at(over).not_met();
    }
    let args = [Arg::Count(asked.len() as u32)];
    match asked.get((at_least as usize).saturating_sub(1)) {
        Some(&asked) => met(asked),
        None if at_least == 0 => met(FactId(0)),
        None => Reason::new("questions_were", &args).not_met(),
    }
}

/// Where somebody settled what nobody had asked about.
fn settled_unasked(record: &Record, key: Option<Key>) -> impl Iterator<Item = FactId> + '_ {
    let is_it =
        move |it: &&Operation| it.kind == OpKind::Resolve && key.is_none_or(|key| it.key == key);
    let settled = record.operations().iter().filter(is_it);
    settled
        .filter(|it| {
            let mut questions = record.questions().iter();
            !questions.any(|question| question.key == it.key && question.id < it.id)
        })
        .map(|it| it.id)
}

/// A question about the key was asked, and none about it is open.
pub(super) fn settled(record: &Record, key: Key) -> Status {
    let mut since = None;
    for question in record.questions().iter().filter(|it| it.key == key) {
        if !question.was_asked {
            continue;
        }
        let Some(settled) = question.settled else {
            let reason = Reason::new(
                "question_open",
                &[Arg::Region(question.region), Arg::Key(key)],
            );
            return reason.at(question.id).not_met();
        };
        since = since.max(Some(settled));
    }
    match since {
        Some(settled) => met(settled),
        None => Reason::new("no_question", &[Arg::Key(key)]).not_met(),
    }
}
