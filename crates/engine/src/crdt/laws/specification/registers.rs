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
