//! What an answer cannot be, whatever the order: told by sorting, before any search.
//!
//! - A counter's sum holds every addition that was over before the read was called, none
//!   that was called after it returned, and any of the others. Where nothing is ever taken
//!   away, a read is at least what one before it read.
//! - A register does not hold a value all of whose writes were certainly replaced: another
//!   value's write began after each of them was over, and was over before the read began.
//!
//! These are necessary, not sufficient.

use std::collections::BTreeMap;

use crate::history::{Action, History, Id, Operation, Time};
use crate::models::number;

/// The places of a read that no sum explains and of all that could be in it.
pub(super) fn of_counter(history: &History, operations: &[Operation]) -> Option<Vec<u32>> {
    let mut returned: Vec<(Time, i128)> = Vec::new();
    let mut called: Vec<(Time, i128)> = Vec::new();
    let (mut least, mut most) = (0, 0);
    for operation in operations {
        if let Action::Add(id) = operation.action {
            let number = i128::from(number(history, id)?);
            least += number.min(0);
            most += number.max(0);
            called.push((operation.call, number));
            if operation.returned() {
                returned.push((operation.ret, number));
            }
        }
    }
    // Sums that reach an end of 64 bits stay there, and nothing here holds.
    if least <= i128::from(i64::MIN) || most >= i128::from(i64::MAX) {
        return None;
    }
    returned.sort_unstable();
    let due = sums(&returned);
    let may = sums(&called);
    let before = |of: &[(Time, i128)], time: Time| of.partition_point(|&(at, _)| at < time);
    let until = |of: &[(Time, i128)], time: Time| of.partition_point(|&(at, _)| at <= time);
    let grows = least == 0;
    let mut reads = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        if let (Action::Read(id), true) = (operation.action, operation.returned()) {
            reads.push((at, operation, number(history, id).map(i128::from)));
        }
    }
    for &(at, read, sum) in &reads {
        let from = before(&returned, read.call);
        let to = until(&called, read.ret);
        let (due, may) = (due[from], may[to]);
        // All that is due is in it, and of the rest at worst only what is below nought, or
        // only what is above.
        let low = due.high + may.low;
        let high = due.low + may.high;
        let explained = sum.is_some_and(|sum| low <= sum && sum <= high);
        if !explained {
            return Some(with_additions(operations, &[at]));
        }
    }
    if grows {
        return falls(operations, &reads);
    }
    None
}

/// Two reads, the later of less than the earlier.
fn falls(
    operations: &[Operation],
    reads: &[(usize, &Operation, Option<i128>)],
) -> Option<Vec<u32>> {
    let mut over: Vec<_> = reads.iter().collect();
    over.sort_by_key(|(_, read, _)| read.ret);
    let mut over = over.into_iter().peekable();
    let mut most: Option<(usize, i128)> = None;
    for &(at, read, sum) in reads {
        while let Some(&(place, _, before)) = over.next_if(|(_, it, _)| it.precedes(read)) {
            let before = before?;
            if most.is_none_or(|(_, most)| most < before) {
                most = Some((place, before));
            }
        }
        let (place, before) = most.unwrap_or((at, i128::MIN));
        if sum? < before {
            return Some(with_additions(operations, &[place, at]));
        }
    }
    None
}

/// What is below nought and what is above, added up apart.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    low: i128,
    high: i128,
}

/// Of the first so many.
fn sums(of: &[(Time, i128)]) -> Vec<Sums> {
    let mut sums = Sums::default();
    let mut all = vec![sums];
    for &(_, number) in of {
        sums.low += number.min(0);
        sums.high += number.max(0);
        all.push(sums);
    }
    all
}

/// These and every addition that was called before the last of them returned.
fn with_additions(operations: &[Operation], reads: &[usize]) -> Vec<u32> {
    let ends = reads.iter().map(|&at| operations[at].ret);
    let end = ends.max().unwrap_or(Time::MIN);
    let wanted = |at: usize| {
        let adds = matches!(operations[at].action, Action::Add(_));
        reads.contains(&at) || (adds && operations[at].call <= end)
    };
    let all = 0..operations.len();
    all.filter(|&at| wanted(at)).map(|at| at as u32).collect()
}

/// The places of a read of a register, of all that could have written what it read, and of
/// what replaced that.
pub(super) fn of_register(history: &History, operations: &[Operation]) -> Option<Vec<u32>> {
    let mut writers: BTreeMap<Id, Vec<usize>> = BTreeMap::new();
    // What replaced something for certain, by when it was over.
    let mut over: Vec<usize> = Vec::new();
    for (at, operation) in operations.iter().enumerate() {
        if let Action::Write(id) | Action::Cas(_, id) = operation.action {
            writers.entry(id).or_default().push(at);
            if operation.returned() {
                over.push(at);
            }
        }
    }
    over.sort_by_key(|&at| operations[at].ret);
    let leaves = |at: usize| match operations[at].action {
        Action::Write(id) | Action::Cas(_, id) => Some(id),
        _ => None,
    };
    // Of each beginning of that: the write that was called last, and the last of another
    // value.
    let mut latest: Vec<[Option<usize>; 2]> = vec![[None, None]];
    for &at in &over {
        let [mut first, mut second] = latest[latest.len() - 1];
        let later = |than: Option<usize>| {
            than.is_none_or(|than| operations[than].call < operations[at].call)
        };
        if first.is_some_and(|first| leaves(first) == leaves(at)) {
            if later(first) {
                first = Some(at);
            }
        } else if later(first) {
            (first, second) = (Some(at), first);
        } else if later(second) {
            second = Some(at);
        }
        latest.push([first, second]);
    }
    // The latest return among the first so many writers of a value.
    let mut returns: BTreeMap<Id, Vec<Time>> = BTreeMap::new();
    for (&id, writers) in &writers {
        let mut last = Time::MIN;
        let lasts = writers.iter().map(|&at| {
            last = operations[at].ret.max(last);
            last
        });
        returns.insert(id, lasts.collect());
    }
    let none = (Vec::new(), Vec::new());
    for (at, read) in operations.iter().enumerate() {
        let (Action::Read(id) | Action::Cas(id, _)) = read.action else {
            continue;
        };
        if !read.returned() {
            continue;
        }
        let before = over.partition_point(|&it| operations[it].ret < read.call);
        let replaced = latest[before].into_iter().flatten();
        let replaced = replaced.filter(|&it| leaves(it) != Some(id));
        let replaced = replaced.max_by_key(|&it| operations[it].call);
        let (of, last) = match (writers.get(&id), returns.get(&id)) {
            (Some(of), Some(last)) => (of, last),
            _ => (&none.0, &none.1),
        };
        let could = of.partition_point(|&it| operations[it].call <= read.ret);
        let last = could.checked_sub(1).map(|it| last[it]);
        let unwritten = last.is_none() && id != history.initial;
        let stale = replaced.is_some_and(|it| last.is_none_or(|last| last < operations[it].call));
        if unwritten || stale {
            let mut places: Vec<u32> = of.iter().map(|&it| it as u32).collect();
            places.extend(replaced.map(|it| it as u32));
            places.push(at as u32);
            places.sort_unstable();
            places.dedup();
            return Some(places);
        }
    }
    None
}
