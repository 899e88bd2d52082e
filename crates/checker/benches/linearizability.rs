//! How long verdicts take, beside other checkers on the same histories.
//!
//! `cargo bench --package splitbrain-checker` prints lines `bench NAME VALUE`, times in
//! microseconds unless the name says otherwise. Each of ours is the best of several: what
//! disturbs a run only slows it. The peers run a history each in a process of its own,
//! since some do not come to an end; the time is taken inside. `-- --no-peers` leaves them
//! out. Nothing here fails over a figure: they depend on the machine.

#![allow(clippy::disallowed_types, reason = "it measures time")]

#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/long_register/mod.rs"]
mod long_register;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/peers/mod.rs"]
mod peers;
#[cfg(not(target_arch = "wasm32"))]
#[path = "../tests/published/mod.rs"]
mod published;

#[cfg(not(target_arch = "wasm32"))]
mod wide;

#[cfg(target_arch = "wasm32")]
fn main() {}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    native::main();
}

#[cfg(not(target_arch = "wasm32"))]
mod native {
    use std::hint::black_box;
    use std::process::{Command, Stdio};
    use std::time::{Duration, Instant};

    use splitbrain_checker::history::sample::{Shape, of_model};
    use splitbrain_checker::history::{Action, History, Operation};
    use splitbrain_checker::import::{Format, Imported, guess, import};
    use splitbrain_checker::models::ModelId;
    use splitbrain_checker::search::{Order, Verdict, check};

    use super::{long_register, peers, published, wide};

    /// How long a peer may take over one history.
    const PATIENCE: Duration = Duration::from_secs(10);

    /// Steps that ours may take.
    const STEPS: u64 = 400_000_000;

    fn read(bytes: &[u8]) -> (ModelId, History) {
        let format = guess(bytes).expect("the format is known");
        let model = match format {
            Format::Jepsen => ModelId::CasRegister,
            _ => ModelId::Kv,
        };
        match import(format, bytes) {
            Some(Ok(Imported::Operations(history))) => (model, history),
            other => panic!("{other:?}"),
        }
    }

    /// The histories that everybody is asked about, by name.
    fn histories() -> Vec<(String, ModelId, History)> {
        let files = published::JEPSEN.iter().chain(published::KV);
        let mut all: Vec<(String, ModelId, History)> = files
            .map(|(name, bytes, _)| {
                let (model, history) = read(bytes);
                ((*name).to_owned(), model, history)
            })
            .collect();
        for (clients, keys) in [(10, 10), (50, 10), (10, 1), (50, 1)] {
            let ok = simulated(clients, keys);
            let bad = with_stale_read(&ok);
            for (name, history) in [("ok", ok), ("bad", bad)] {
                let name = format!("c{clients}-k{keys}-{name}");
                all.push((name, ModelId::Kv, history));
            }
        }
        all
    }

    /// Clients of a key-value store that works.
    fn simulated(clients: u32, keys: u32) -> History {
        let shape = Shape {
            operations: 4_000,
            processes: clients,
            keys,
            values: None,
            unknown: 0,
            wrong: 0,
            equal_times: 0,
        };
        of_model(u64::from(clients), &shape, ModelId::Kv)
    }

    /// One read in the middle answers what its key held long before.
    fn with_stale_read(history: &History) -> History {
        let mut history = history.clone();
        let middle = history.operations.len() / 2;
        let is_read = |one: &Operation| matches!(one.action, Action::Read(_));
        let place = (middle..history.operations.len()).find(|&at| is_read(&history.operations[at]));
        let place = place.expect("somebody reads");
        let stale = history.operations[place];
        let long_before = history.operations[..middle / 2].iter().rev();
        let old = long_before
            .filter(|one| is_read(one) && one.key == stale.key)
            .find(|one| one.action != stale.action && one.precedes(&stale));
        history.operations[place].action = old.expect("it was read before").action;
        history
    }

    fn micros(time: Duration) -> f64 {
        time.as_secs_f64() * 1e6
    }

    /// The best time of several runs.
    fn best(mut run: impl FnMut()) -> f64 {
        let mut best = f64::MAX;
        let begun = Instant::now();
        let mut runs = 0;
        while runs < 5 || (runs < 200 && begun.elapsed() < Duration::from_secs(1)) {
            let start = Instant::now();
            run();
            best = best.min(micros(start.elapsed()));
            runs += 1;
        }
        best
    }

    /// Microseconds that a peer takes; none where it does not come to an end.
    fn peer(name: &str, history: &str) -> Option<f64> {
        let program = std::env::current_exe().expect("the program has a path");
        let mut child = Command::new(program)
            .args(["--peer", name, history])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it starts");
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if child.try_wait().expect("it can be asked").is_some() {
                let output = child.wait_with_output().expect("it has ended");
                return String::from_utf8_lossy(&output.stdout).trim().parse().ok();
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        child.kill().expect("it can be ended");
        child.wait().expect("it has ended");
        None
    }

    fn run_peer(name: &str, wanted: &str) {
        let all = histories();
        let (_, model, history) = all
            .iter()
            .find(|(name, ..)| name == wanted)
            .expect("it exists");
        let is_kv = *model == ModelId::Kv;
        let ask = || match name {
            "todc" => peers::todc(history, is_kv),
            _ => peers::stateright(history, is_kv),
        };
        let start = Instant::now();
        black_box(ask());
        println!("{}", micros(start.elapsed()));
    }

    pub(super) fn main() {
        let arguments: Vec<String> = std::env::args().collect();
        if let Some(at) = arguments.iter().position(|one| one == "--peer") {
            run_peer(&arguments[at + 1], &arguments[at + 2]);
            return;
        }
        if let Some(at) = arguments.iter().position(|one| one == "--wide") {
            wide::main(arguments.get(at + 1).map_or("", String::as_str));
            return;
        }
        let alone = arguments.iter().any(|one| one == "--no-peers");
        verdicts(alone);
        registers();
        wide::main("");
    }

    /// Adds up a group, and keeps its worst.
    #[derive(Default)]
    struct Sum {
        total: f64,
        worst: f64,
        unfinished: u32,
    }

    impl Sum {
        fn add(&mut self, time: Option<f64>) {
            let time = time.unwrap_or_else(|| {
                self.unfinished += 1;
                micros(PATIENCE)
            });
            self.total += time;
            self.worst = time.max(self.worst);
        }
    }

    fn verdicts(alone: bool) {
        let mut sums: Vec<[Sum; 3]> = Vec::new();
        for (name, model, history) in histories() {
            let mut verdict = None;
            let ours = best(|| {
                let checked = check(&history, model, Order::Linearizable, STEPS).expect("it fits");
                verdict = Some(checked.verdict);
            });
            let is_etcd = model == ModelId::CasRegister;
            let verdict = verdict.as_ref().map_or("", Verdict::id);
            let peers = if alone {
                [None, None]
            } else {
                ["todc", "stateright"].map(|peer_name| peer(peer_name, &name))
            };
            if is_etcd {
                if sums.is_empty() {
                    sums.push(Default::default());
                }
                for (sum, time) in sums[0].iter_mut().zip([Some(ours), peers[0], peers[1]]) {
                    sum.add(time);
                }
                continue;
            }
            println!("bench {name}_{verdict} {ours:.1}");
            for (peer, time) in ["todc", "stateright"].iter().zip(peers) {
                match time {
                    Some(time) => println!("bench {name}_{peer} {time:.1}"),
                    None if alone => {}
                    None => println!("{peer} gave no answer on {name} in {PATIENCE:?}"),
                }
            }
        }
        for (who, sum) in ["ours", "todc", "stateright"].iter().zip(&sums[0]) {
            if alone && *who != "ours" {
                continue;
            }
            println!("bench etcd_total_{who} {:.1}", sum.total);
            println!("bench etcd_worst_{who} {:.1}", sum.worst);
            println!("bench etcd_unanswered_{who} {}", sum.unfinished);
        }
    }

    /// What an operation costs in a register of a million.
    fn registers() {
        let begun = Instant::now();
        let clock = || begun.elapsed().as_secs_f64() * 1e9;
        for operations in [10_000, 1_000_000] {
            let (name, nanos) = long_register::sweeps(operations, clock);
            println!("bench {name} {nanos:.2}");
        }
        for (name, nanos) in long_register::incremental(clock) {
            println!("bench {name} {nanos:.1}");
        }
    }
}
