//! How fast weak consistency is judged: `cargo bench -p splitbrain-checker`.
//!
//! Prints lines `bench NAME VALUE`, in milliseconds, each the best of some runs:
//! what disturbs a run only slows it.
#![allow(
    clippy::disallowed_types,
    reason = "a bench measures the machine's time; nothing is simulated with it"
)]

use std::hint::black_box;
use std::time::Instant;

use splitbrain_checker::transactions::{
    Access, Key, Model, Operation, Returned, SessionsLive, Transaction, TransactionalHistory,
    Value, check,
};
use splitbrain_checker::{KeyRef, OpRef, Session};

const RUNS: u32 = 5;

/// A store that is causally consistent: all writes stand in one log, and a session
/// sees a prefix of it, which only grows, and its own. It reads the last write that
/// it sees.
struct Store {
    sessions: u64,
    keys: u64,
    /// Operations of a transaction at most.
    longest: u64,
    /// How many writes a session may be behind.
    lag: u64,
}

/// Numbers that look random: `SplitMix64` (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % bound
    }
}

impl Store {
    fn run(&self, operations: u64, seed: u64) -> Vec<Vec<Transaction>> {
        let mut history = vec![Vec::new(); self.sessions as usize];
        for (session, transaction) in self.log(operations, seed) {
            history[session as usize].push(transaction);
        }
        history
    }

    /// Every transaction with its session, in the order of time.
    fn log(&self, operations: u64, seed: u64) -> Vec<(u64, Transaction)> {
        let mut random = Random(seed);
        let mut history = Vec::new();
        // Of each key the places of its writes in the log, with their sessions.
        let mut writes: Vec<Vec<(u64, u64)>> = vec![Vec::new(); self.keys as usize];
        let mut seen = vec![0_u64; self.sessions as usize];
        let (mut log, mut left) = (0_u64, operations);
        while left > 0 {
            let session = random.below(self.sessions);
            let prefix = &mut seen[session as usize];
            let behind = log.saturating_sub(random.below(self.lag + 1));
            *prefix = behind.max(*prefix);
            let mut transaction = Vec::new();
            let mut written = Vec::new();
            let count = (1 + random.below(self.longest)).min(left);
            left -= count;
            for _ in 0..count {
                let key = random.below(self.keys);
                if random.below(2) == 0 {
                    log += 1;
                    written.retain(|it: &(u64, u64)| it.0 != key);
                    written.push((key, log));
                    transaction.push(Operation::write(Key(key), Value(log)));
                    continue;
                }
                let own = written.iter().find(|it| it.0 == key).map(|it| it.1);
                let mut visible = writes[key as usize].iter().rev();
                let is_visible = |it: &&(u64, u64)| it.0 <= *prefix || it.1 == session;
                let place = own.or_else(|| visible.find(is_visible).map(|it| it.0));
                transaction.push(match place {
                    Some(place) => Operation::read(Key(key), Value(place)),
                    None => Operation::read_initial(Key(key)),
                });
            }
            for (key, place) in written {
                writes[key as usize].push((place, session));
            }
            history.push((session, Transaction::committed(transaction)));
        }
        history
    }
}

/// One session writes a key twice, and another one that saw the second write reads
/// the first.
fn break_it(history: &mut [Vec<Transaction>]) {
    let key = Key(0);
    let (first, second) = (Value(u64::MAX - 1), Value(u64::MAX));
    for value in [first, second] {
        history[1].push(Transaction::committed(vec![Operation::write(key, value)]));
    }
    for value in [second, first] {
        history[0].push(Transaction::committed(vec![Operation::read(key, value)]));
    }
}

/// Prints the shortest time of an action.
fn measure(name: &str, mut action: impl FnMut()) {
    let mut best = f64::INFINITY;
    for _ in 0..RUNS {
        let start = Instant::now();
        action();
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    println!("bench {name} {best:.2}");
}

fn judge(name: &str, sessions: &[Vec<Transaction>], models: &[Model], expected: bool) {
    measure(&format!("{name}_build_ms"), || {
        black_box(TransactionalHistory::new(black_box(sessions)).expect("values differ"));
    });
    let history = TransactionalHistory::new(sessions).expect("values differ");
    for model in models {
        measure(&format!("{name}_{}_ms", model.id()), || {
            let verdict = check(black_box(&history), *model).expect("few sessions");
            assert_eq!(verdict.holds(), expected, "{model:?}");
        });
    }
}

/// A long run, live: the time of an operation at its start and at its end.
fn play(store: &Store, operations: u64) {
    /// Operations at each end that are measured together.
    const MEASURED: usize = 10_000;
    let log = store.log(operations, 5);
    let (mut first, mut last) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..RUNS {
        let mut live = SessionsLive::new();
        let mut read = OpRef(1 << 30);
        let mut tell = |part: &[(u64, Transaction)]| {
            let start = Instant::now();
            for (session, transaction) in part {
                let session = Session(*session as u16);
                for Operation { key, access } in &transaction.operations {
                    let key = KeyRef(key.0 as u32);
                    let returned = match access {
                        Access::Write(value) => {
                            live.write_called(OpRef(value.0 as u32), session, key);
                            live.write_returned(OpRef(value.0 as u32));
                            continue;
                        }
                        Access::Read(None) => Returned::Initial,
                        Access::Read(Some(value)) => Returned::Write(OpRef(value.0 as u32)),
                    };
                    live.read_returned(read, session, key, returned);
                    read.0 += 1;
                }
            }
            start.elapsed().as_secs_f64() * 1e9 / part.len() as f64
        };
        let (start, rest) = log.split_at(MEASURED);
        let (middle, end) = rest.split_at(rest.len() - MEASURED);
        first = first.min(tell(start));
        tell(middle);
        last = last.min(tell(end));
        assert!(!live.is_full());
        assert!(
            SessionsLive::MODELS
                .iter()
                .all(|it| live.violation(*it).is_none())
        );
    }
    println!("bench weak_live_first_ns {first:.0}");
    println!("bench weak_live_last_ns {last:.0}");
}

fn main() {
    let single = Store {
        sessions: 300,
        keys: 1000,
        longest: 1,
        lag: 2000,
    };
    let mut history = single.run(100_000, 1);
    judge("weak_single", &history, &Model::ALL, true);
    break_it(&mut history);
    let broken = [
        Model::CausalConvergence,
        Model::Causal,
        Model::MonotonicReads,
    ];
    judge("weak_single_violated", &history, &broken, false);

    let hot = Store {
        sessions: 300,
        keys: 10,
        longest: 1,
        lag: 2000,
    };
    judge("weak_hot", &hot.run(100_000, 2), &Model::ALL, true);

    let transactions = Store {
        sessions: 300,
        keys: 1000,
        longest: 15,
        lag: 2000,
    };
    let levels = [
        Model::ReadCommitted,
        Model::ReadAtomic,
        Model::CausalConvergence,
    ];
    let mut history = transactions.run(100_000, 3);
    judge("weak_transactions", &history, &levels, true);
    break_it(&mut history);
    judge("weak_transactions_violated", &history, &levels[2..], false);

    let live = Store {
        sessions: 40,
        keys: 100,
        longest: 1,
        lag: 200,
    };
    play(&live, 1_000_000);

    let few = Store {
        sessions: 30,
        keys: 1000,
        longest: 1,
        lag: 2000,
    };
    judge(
        "weak_million",
        &few.run(1_000_000, 4),
        &[Model::CausalConvergence, Model::Causal],
        true,
    );
}
