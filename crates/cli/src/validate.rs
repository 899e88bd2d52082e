//! `splitbrain validate`: the checkers held against each other, in numbers too large for a
//! test. One section a subcommand; each prints its counts, and fails on any difference.

use std::io::Write;

use clap::{Args, Subcommand};
use splitbrain_checker::history::sample::{Shape, register};
use splitbrain_checker::history::{Action, History, Time};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::incremental::Register;
use splitbrain_checker::search::{Order, STEPS, Verdict, check, check_by_search};

use crate::fail::Failure;
use crate::say::Voice;

/// What to validate.
#[derive(Debug, Subcommand)]
#[command(after_help = "Examples:
  splitbrain validate lin --histories 1000000
Exits with 1 on any disagreement.")]
pub(crate) enum Command {
    /// Sorting, the general search and the incremental structure, on random registers
    /// whose written values are all different.
    Lin(Lin),
}

/// How much.
#[derive(Debug, Args)]
pub(crate) struct Lin {
    /// Histories, of up to 12 operations each.
    #[arg(long, default_value_t = 1_000_000)]
    histories: u64,
    /// Where to begin; the history of a seed is always the same.
    #[arg(long, default_value_t = 0)]
    seed: u64,
}

/// Validates and says.
pub(crate) fn run(voice: &Voice, command: &Command) -> Result<(), Failure> {
    match command {
        Command::Lin(options) => lin(voice, options),
    }
}

fn lin(voice: &Voice, options: &Lin) -> Result<(), Failure> {
    let (mut operations, mut holds, mut differ) = (0, 0, 0);
    for at in 0..options.histories {
        let seed = options.seed.wrapping_add(at);
        let history = register(seed, &shape(seed));
        operations += history.operations.len() as u64;
        let verdicts = verdicts(&history);
        holds += u64::from(verdicts[0]);
        if verdicts.iter().any(|verdict| *verdict != verdicts[0]) {
            differ += 1;
            eprintln!("seed {seed}: sort, search, incremental say {verdicts:?}");
        }
    }
    let rows = [
        ("cli.validate.histories", options.histories),
        ("cli.validate.operations", operations),
        ("cli.validate.holds", holds),
        ("cli.validate.violated", options.histories - holds),
        ("cli.validate.different", differ),
    ];
    let rows = rows.map(|(id, count)| (voice.say(id, &[]), count.to_string()));
    write!(std::io::stdout().lock(), "{}", Voice::table(&rows))?;
    if differ == 0 {
        Ok(())
    } else {
        Err(Failure::Disagree(differ))
    }
}

/// Between them the seeds cover one to twelve operations, one to five processes, unknown
/// outcomes, wrong answers and equal times.
fn shape(seed: u64) -> Shape {
    Shape {
        operations: 1 + (seed % 12) as u32,
        processes: 1 + (seed / 12 % 5) as u32,
        keys: 1,
        values: None,
        unknown: [0, 100_000, 300_000][(seed % 3) as usize],
        wrong: [0, 100_000, 250_000][(seed / 3 % 3) as usize],
        equal_times: [0, 300_000][(seed % 2) as usize],
    }
}

/// What sorting, searching and the incremental structure say.
fn verdicts(history: &History) -> [bool; 3] {
    let holds = |verdict: Result<_, _>| {
        verdict.is_ok_and(|checked: splitbrain_checker::search::Checked| {
            checked.verdict == Verdict::Holds
        })
    };
    [
        holds(check(
            history,
            ModelId::Register,
            Order::Linearizable,
            STEPS,
        )),
        holds(check_by_search(history, ModelId::Register, STEPS)),
        followed(history),
    ]
}

/// The verdict of the incremental structure at the end.
fn followed(history: &History) -> bool {
    let mut events: Vec<(Time, bool, usize)> = Vec::new();
    for (at, operation) in history.operations.iter().enumerate() {
        events.push((operation.call, false, at));
        if operation.returned() {
            events.push((operation.ret, true, at));
        }
    }
    events.sort_unstable();
    let mut register = Register::new();
    for (time, is_return, at) in events {
        let operation = &history.operations[at];
        match (operation.action, is_return) {
            (Action::Write(value), false) => register.call_write(value, time),
            (Action::Write(value), true) => register.return_write(value, time),
            (Action::Read(value), true) => register.return_read(value, operation.call, time),
            _ => {}
        }
    }
    register.holds()
}
