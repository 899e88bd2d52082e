//! Registers and maps of them: Shapiro et al. 2011, section 3.2.

use super::{Expected, Visible};
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

/// Every write that no other write saw.
pub fn not_overwritten(visible: &Visible<'_>) -> Expected {
    let mut values: Vec<u32> = { visible.iter() }
        .filter(|&(at, _)| !visible.iter().any(|(_, other)| other.saw(at)))
        .filter_map(|(_, fact)| match fact.act {
            Act::Write(value) => Some(value),
            _ => None,
        })
        .collect();
    values.sort_unstable();
    Expected::Is(Content::Values(values))
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
