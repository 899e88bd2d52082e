//! Small random histories, some of them well-behaved and most of them not.

use splitbrain_checker::transactions::*;

use crate::random::Random;

/// Transactions of up to `longest` operations, `operations` of them in all. Reads
/// return any value that is written to their key anywhere, later too, or the
/// initial one; now and then one that nobody writes.
pub(crate) fn random_sessions(
    random: &mut Random,
    operations: u64,
    longest: u64,
) -> Vec<Vec<Transaction>> {
    let (sessions, keys) = (2 + random.below(3), 1 + random.below(3));
    let mut history = vec![Vec::new(); sessions as usize];
    let mut written = vec![0_u64; keys as usize];
    let mut left = operations;
    while left > 0 {
        let count = (1 + random.below(longest)).min(left);
        left -= count;
        let status = match random.below(24) {
            0 => Status::Aborted,
            1 | 2 => Status::Unknown,
            _ => Status::Committed,
        };
        let mut operations = Vec::new();
        for _ in 0..count {
            let key = random.below(keys);
            let operation = if random.below(2) == 0 {
                written[key as usize] += 1;
                Operation::write(Key(key), Value(written[key as usize]))
            } else {
                Operation::read_initial(Key(key))
            };
            operations.push(operation);
        }
        let transaction = Transaction { status, operations };
        history[random.below(sessions) as usize].push(transaction);
    }
    let reads = history
        .iter_mut()
        .flatten()
        .flat_map(|it| &mut it.operations);
    for read in reads.filter(|it| !it.is_write()) {
        let count = written[read.key.0 as usize];
        let thin_air = u64::from(random.below(60) == 0);
        let value = random.below(count + 1) + thin_air * (count + 1);
        *read = match value {
            0 => Operation::read_initial(read.key),
            _ => Operation::read(read.key, Value(value)),
        };
    }
    history
}

/// Longer ones that make some sense: reads return one of the newest `spread` writes
/// of their key so far, or what their transaction wrote; now and then any.
pub(crate) fn tame_sessions(
    random: &mut Random,
    operations: u64,
    longest: u64,
    spread: u64,
) -> Vec<Vec<Transaction>> {
    let (sessions, keys) = (2 + random.below(4), 1 + random.below(4));
    let mut history = vec![Vec::new(); sessions as usize];
    let mut written = vec![0_u64; keys as usize];
    let mut left = operations;
    while left > 0 {
        let count = (1 + random.below(longest)).min(left);
        left -= count;
        let mut transaction: Vec<Operation> = Vec::new();
        let seen = written.clone();
        for _ in 0..count {
            let key = random.below(keys);
            let own = transaction
                .iter()
                .rev()
                .find(|it| it.key == Key(key) && it.is_write());
            let seen = seen[key as usize];
            let operation = match own {
                _ if random.below(2) == 0 => {
                    written[key as usize] += 1;
                    Operation::write(Key(key), Value(written[key as usize]))
                }
                Some(Operation {
                    access: Access::Write(value),
                    ..
                }) => Operation::read(Key(key), *value),
                _ => {
                    let spread = if random.below(40) == 0 {
                        seen + 1
                    } else {
                        spread
                    };
                    match seen.saturating_sub(random.below(spread)) {
                        0 => Operation::read_initial(Key(key)),
                        value => Operation::read(Key(key), Value(value)),
                    }
                }
            };
            transaction.push(operation);
        }
        let status = match random.below(12) {
            0 => Status::Unknown,
            _ => Status::Committed,
        };
        let transaction = Transaction {
            status,
            operations: transaction,
        };
        history[random.below(sessions) as usize].push(transaction);
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
