//! Small random histories, some of them well-behaved and most of them not.

use splitbrain_checker::transactions::*;

/// Numbers that look random: `SplitMix64` (Steele, Lea, Flood 2014).
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }

    fn one_in(&mut self, bound: u64) -> bool {
        self.below(bound) == 0
    }
}

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
            let operation = if random.one_in(2) {
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
        let thin_air = u64::from(random.one_in(60));
        let value = random.below(count + 1) + thin_air * (count + 1);
        *read = match value {
            0 => Operation::read_initial(read.key),
            _ => Operation::read(read.key, Value(value)),
        };
    }
    history
}
