//! Registers and maps of them: Shapiro et al. 2011, section 3.2.

use super::{Expected, Fact, Visible};
use crate::crdt::replicated::{Act, Content};

/// The write with the greatest stamp.
pub fn last_by_stamp(visible: &Visible<'_>) -> Expected {
    let writes = visible.iter().filter_map(|(_, fact)| match fact.act {
        Act::Write(value) => Some((fact.writer.stamp(), value)),
        _ => None,
    });
    Expected::Is(Content::Values(
        writes.max().into_iter().map(|it| it.1).collect(),
    ))
}

/// The write with the greatest stamp of a hybrid clock (Kulkarni et al. 2014, section 3): that
/// of a write is greater than those of all that its writer had seen, and no smaller than what
/// the wall clock showed.
pub fn last_by_hybrid_stamp(visible: &Visible<'_>) -> Expected {
    let mut stamps: Vec<(u32, u32)> = Vec::new();
    for fact in visible.facts {
        let seen = stamps.iter().enumerate();
        let seen = seen.filter(|&(at, _)| fact.saw(at)).map(|it| *it.1);
        let time = fact.writer.time;
        let stamp = match seen.max() {
            Some((l, c)) if l >= time => (l, c + 1),
            _ => (time, 0),
        };
        stamps.push(stamp);
    }
    let writes = visible.iter().filter_map(|(at, fact)| match fact.act {
        Act::Write(value) => Some((stamps[at], fact.writer.dot, value)),
        _ => None,
    });
    let last = writes.max().map(|(_, _, value)| value);
    Expected::Is(Content::Values(last.into_iter().collect()))
}

/// Of each field the write with the greatest stamp.
pub fn fields_by_stamp(visible: &Visible<'_>) -> Expected {
    let mut entries: Vec<(u8, Vec<u32>)> = Vec::new();
    for field in 0..=u8::MAX {
        let writes = visible.iter().filter_map(|(_, fact)| match fact.act {
            Act::Put { key, value } if key == field => Some((fact.writer.stamp(), value)),
            _ => None,
        });
        if let Some((_, value)) = writes.max() {
            entries.push((field, vec![value]));
        }
    }
    Expected::Is(Content::Entries(entries))
}

/// The value of a write of a register, blind or not.
const fn written(act: Act) -> Option<u32> {
    match act {
        Act::Write(value) | Act::BlindWrite(value) => Some(value),
        _ => None,
    }
}

/// Every write that no other write saw, by a client who had read it.
pub fn not_overwritten(visible: &Visible<'_>) -> Expected {
    let read = |fact: &Fact, at: usize| !matches!(fact.act, Act::BlindWrite(_)) && fact.saw(at);
    let mut values: Vec<u32> = { visible.iter() }
        .filter(|&(at, _)| !visible.iter().any(|(_, other)| read(other, at)))
        .filter_map(|(_, fact)| written(fact.act))
        .collect();
    values.sort_unstable();
    Expected::Is(Content::Values(values))
}

/// Of the writes that stand the one with the greatest stamp, where a client reads that one
/// alone: her write replaces it and whatever it replaced, and all others stay.
pub fn latest_of_standing(visible: &Visible<'_>) -> Expected {
    // Of each fact those that it replaced, a bit each.
    let mut replaced: Vec<u64> = Vec::new();
    let latest = |seen: u64, replaced: &[u64]| -> Option<usize> {
        let facts = replaced.iter().enumerate();
        let facts = facts.filter(|&(at, _)| seen >> at & 1 == 1);
        let gone = facts.clone().fold(0, |gone, (_, of)| gone | of);
        let stands = facts.map(|it| it.0).filter(|at| gone >> at & 1 == 0);
        stands.max_by_key(|&at| visible.facts[at].writer.stamp())
    };
    for fact in visible.facts {
        let read = latest(fact.past, &replaced).filter(|_| matches!(fact.act, Act::Write(_)));
        replaced.push(read.map_or(0, |at| replaced[at] | 1 << at));
    }
    let shown = latest(visible.seen, &replaced).and_then(|at| written(visible.facts[at].act));
    Expected::Is(Content::Values(shown.into_iter().collect()))
}

/// Under each key, every write that neither a write nor a deletion of that key saw.
pub fn entries_not_overwritten(visible: &Visible<'_>) -> Expected {
    let key_of = |act: Act| match act {
        Act::Put { key, .. } | Act::Delete(key) => Some(key),
        _ => None,
    };
    let mut keys: Vec<u8> = { visible.iter() }
        .filter_map(|(_, fact)| key_of(fact.act))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    let mut entries: Vec<(u8, Vec<u32>)> = Vec::new();
    for key in keys {
        let own = || {
            visible
                .iter()
                .filter(move |(_, fact)| key_of(fact.act) == Some(key))
        };
        let last = own().filter(|&(at, _)| !own().any(|(_, other)| other.saw(at)));
        let mut values: Vec<u32> = last
            .filter_map(|(_, fact)| match fact.act {
                Act::Put { value, .. } => Some(value),
                _ => None,
            })
            .collect();
        values.sort_unstable();
        if !values.is_empty() {
            entries.push((key, values));
        }
    }
    Expected::Is(Content::Entries(entries))
}
