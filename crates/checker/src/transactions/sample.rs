//! Random histories of sessions and transactions, some of them well-behaved and most of
//! them not: for tests of checkers. Everything follows from the dice.

use super::{Access, Key, Operation, Status, Transaction, Value};
use crate::history::sample::Dice;

/// A number below another, which must not be nought nor more than 32 bits.
fn below(dice: &mut Dice, bound: u64) -> u64 {
    u64::from(dice.below(bound as u32))
}

/// Transactions of up to `longest` operations, `operations` of them in all. Reads
/// return any value that is written to their key anywhere, later too, or the
/// initial one; now and then one that nobody writes.
pub fn random_sessions(dice: &mut Dice, operations: u64, longest: u64) -> Vec<Vec<Transaction>> {
    let (sessions, keys) = (2 + below(dice, 3), 1 + below(dice, 3));
    let mut history = vec![Vec::new(); sessions as usize];
    let mut written = vec![0_u64; keys as usize];
    let mut left = operations;
    while left > 0 {
        let count = (1 + below(dice, longest)).min(left);
        left -= count;
        let status = match below(dice, 24) {
            0 => Status::Aborted,
            1 | 2 => Status::Unknown,
            _ => Status::Committed,
        };
        let mut operations = Vec::new();
        for _ in 0..count {
            let key = below(dice, keys);
            let operation = if below(dice, 2) == 0 {
                written[key as usize] += 1;
                Operation::write(Key(key), Value(written[key as usize]))
            } else {
                Operation::read_initial(Key(key))
            };
            operations.push(operation);
        }
        let transaction = Transaction { status, operations };
        history[below(dice, sessions) as usize].push(transaction);
    }
    let reads = history
        .iter_mut()
        .flatten()
        .flat_map(|it| &mut it.operations);
    for read in reads.filter(|it| !it.is_write()) {
        let count = written[read.key.0 as usize];
        let thin_air = u64::from(below(dice, 60) == 0);
        let value = below(dice, count + 1) + thin_air * (count + 1);
        *read = match value {
            0 => Operation::read_initial(read.key),
            _ => Operation::read(read.key, Value(value)),
        };
    }
    history
}

/// Longer ones that make some sense: reads return one of the newest `spread` writes
/// of their key so far, or what their transaction wrote; now and then any.
pub fn tame_sessions(
    dice: &mut Dice,
    operations: u64,
    longest: u64,
    spread: u64,
) -> Vec<Vec<Transaction>> {
    let (sessions, keys) = (2 + below(dice, 4), 1 + below(dice, 4));
    let mut history = vec![Vec::new(); sessions as usize];
    let mut written = vec![0_u64; keys as usize];
    let mut left = operations;
    while left > 0 {
        let count = (1 + below(dice, longest)).min(left);
        left -= count;
        let mut transaction: Vec<Operation> = Vec::new();
        let seen = written.clone();
        for _ in 0..count {
            let key = below(dice, keys);
            let own = transaction
                .iter()
                .rev()
                .find(|it| it.key == Key(key) && it.is_write());
            let seen = seen[key as usize];
            let operation = match own {
                _ if below(dice, 2) == 0 => {
                    written[key as usize] += 1;
                    Operation::write(Key(key), Value(written[key as usize]))
                }
                Some(Operation {
                    access: Access::Write(value),
                    ..
                }) => Operation::read(Key(key), *value),
                _ => {
                    let spread = if below(dice, 40) == 0 {
                        seen + 1
                    } else {
                        spread
                    };
                    match seen.saturating_sub(below(dice, spread)) {
                        0 => Operation::read_initial(Key(key)),
                        value => Operation::read(Key(key), Value(value)),
                    }
                }
            };
            transaction.push(operation);
        }
        let status = match below(dice, 12) {
            0 => Status::Unknown,
            _ => Status::Committed,
        };
        let transaction = Transaction {
            status,
            operations: transaction,
        };
        history[below(dice, sessions) as usize].push(transaction);
    }
    // What was replaced in its own transaction is nobody's to see.
    let all: Vec<Transaction> = history.iter().flatten().cloned().collect();
    let last_writes = |it: &Transaction| {
        let mut writes: Vec<Operation> = it
            .operations
            .iter()
            .rev()
            .copied()
            .filter(Operation::is_write)
            .collect();
        writes.sort_by_key(|it| it.key);
        writes.dedup_by_key(|it| it.key);
        writes
    };
    let visible: Vec<Operation> = all.iter().flat_map(last_writes).collect();
    for transaction in history.iter_mut().flatten() {
        let own = transaction.operations.clone();
        transaction.operations.retain(|it| match it.access {
            Access::Read(Some(value)) => {
                let write = Operation::write(it.key, value);
                own.contains(&write) || visible.contains(&write)
            }
            _ => true,
        });
    }
    history
}
