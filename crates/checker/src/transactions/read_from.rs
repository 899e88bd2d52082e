//! Which write each read saw. Unique values make it a look-up; everything else in
//! this folder starts from it.

use super::history::HistoryError;
use super::operation::{Access, Key, Operation, OperationId, Value};

/// Where a read got its value from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The initial value of the key.
    Initial,
    /// This write.
    Write(OperationId),
    /// No write: the value is out of thin air.
    Nobody,
}

/// What to do where one value was written twice to a key, so that a read of it does
/// not tell which of the two it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeats {
    /// Refuse the history.
    Refuse,
    /// Take the last such write, in the order of the sessions, for the one that was
    /// read.
    ///
    /// A model that then holds does hold, for there is a way to tell who read what
    /// that satisfies it. A violation proves nothing: another way might do.
    TakeLast,
}

/// Keys in dense numbers.
pub(super) struct DenseKeys {
    /// The number of each operation's key, from 0.
    pub(super) of: Vec<u32>,
    /// How many keys there are.
    pub(super) count: u32,
}

/// Numbers the keys in ascending order.
pub(super) fn dense_keys(operations: &[Operation]) -> DenseKeys {
    let mut keys: Vec<Key> = operations.iter().map(|it| it.key).collect();
    keys.sort_unstable();
    keys.dedup();
    // Most histories number their keys from 0 without gaps.
    let is_dense = keys.last().is_none_or(|it| it.0 == keys.len() as u64 - 1);
    let of = operations.iter().map(|it| {
        if is_dense {
            it.key.0 as u32
        } else {
            keys.partition_point(|key| *key < it.key) as u32
        }
    });
    DenseKeys {
        of: of.collect(),
        count: keys.len() as u32,
    }
}

/// The source of every read; that of a write is [`Source::Nobody`], and never
/// looked at. `label` names an operation in an error.
pub(super) fn sources(
    operations: &[Operation],
    keys: &DenseKeys,
    repeats: Repeats,
    label: impl Fn(OperationId) -> u32,
) -> Result<Vec<Source>, HistoryError> {
    let mut writes: Vec<(u32, Value, u32)> = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        if let Access::Write(value) = operation.access {
            writes.push((keys.of[index], value, index as u32));
        }
    }
    writes.sort_unstable();
    let is_same =
        |one: &(u32, Value, u32), other: &(u32, Value, u32)| (one.0, one.1) == (other.0, other.1);
    if repeats == Repeats::Refuse
        && let Some(pair) = writes.windows(2).find(|pair| is_same(&pair[0], &pair[1]))
    {
        let (first, second) = (OperationId(pair[0].2), OperationId(pair[1].2));
        return Err(HistoryError::RepeatedValue {
            key: operations[pair[0].2 as usize].key,
            value: pair[0].1,
            first: label(first),
            second: label(second),
        });
    }
    // Where each key's writes begin, so that a look-up halves its own key's only.
    let mut begins = vec![0_u32; keys.count as usize + 1];
    for write in &writes {
        begins[write.0 as usize + 1] += 1;
    }
    for key in 0..keys.count as usize {
        begins[key + 1] += begins[key];
    }
    let find = |key: u32, value: Value| {
        let (begin, end) = (begins[key as usize], begins[key as usize + 1]);
        let own = &writes[begin as usize..end as usize];
        // The last of equal ones.
        let after = own.partition_point(|it| it.1 <= value);
        match own[..after].last() {
            Some(write) if write.1 == value => Source::Write(OperationId(write.2)),
            _ => Source::Nobody,
        }
    };
    let of = |(index, operation): (usize, &Operation)| match operation.access {
        Access::Write(_) => Source::Nobody,
        Access::Read(None) => Source::Initial,
        Access::Read(Some(value)) => find(keys.of[index], value),
    };
    Ok(operations.iter().enumerate().map(of).collect())
}
