//! The `splitbrain` command: the engine in a terminal.
//!
//! # Code map
//! - [`run`]: plays a run and says what happened. [`load`]: where runs come from.
//! - [`autopsy`]: what is known of a lost write.
//! - [`twin`]: a run under two designs, and what differs.
//! - [`lint`] and [`pack`]: lessons, for their authors and for the page. [`lessons`]: their
//!   folders.
//! - [`list`]: every policy of the engine.
//! - [`share`]: links to runs, and back. [`link`]: their letters.
//! - [`check`]: histories that anybody recorded. [`operations`], [`transactions`]: the two
//!   kinds of them. [`timeline`]: the violations in them.
//! - [`laws`]: what replicated data types keep, and merge rules that somebody composed.
//! - [`mod@bench`]: how fast the engine is on this machine, and what it says of published
//!   models. [`validate`]: what it is held
//!   against, in numbers too large for a test. `peers`: data types that somebody else wrote,
//!   for both.
//! - [`say`]: the languages of the output. [`fail`]: what can go wrong.
//!
//! # Exit codes
//! 0: all is well. 1: the answer is bad news, as a run that goes otherwise than
//! its link says. 2: the question makes no sense, or a file cannot be read.

mod autopsy;
mod bench;
mod check;
mod fail;
mod laws;
mod lessons;
mod link;
mod lint;
mod list;
mod load;
mod operations;
mod pack;
mod progress;
mod run;
mod say;
mod share;
mod timeline;
mod transactions;
mod twin;
mod validate;
mod verdicts;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use splitbrain_words::Lang;

use crate::fail::Failure;
use crate::say::Voice;

/// A multi-region system to run, break and understand, in a terminal.
#[derive(Debug, Parser)]
#[command(
    name = "splitbrain",
    version,
    after_help = "Examples:
  splitbrain run --scenario playground --seed 5 --until 60s
  splitbrain run 'https://example.org/#s=v1.…' --trace > facts.jsonl
  splitbrain autopsy 's=v1.…'
  splitbrain twin --seed 5 --with carts.merge=last_writer_wins
  splitbrain share encode --seed 5 --until 12.5s
  splitbrain lint lessons/
  splitbrain check --witness etcd.log
  splitbrain list
  splitbrain laws cart_by_maximum
  splitbrain bench
  splitbrain bench pbs --model ssd.toml

Exit codes: 0 all is well, 1 bad news, 2 the question makes no sense."
)]
struct Arguments {
    /// Language of the output.
    #[arg(long, global = true, default_value = "en", value_parser = language)]
    lang: Lang,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Play a run and say what happened.
    Run(run::Options),
    /// Say everything that is known of a write that was lost, or of a payment charged twice.
    Autopsy(autopsy::Options),
    /// Play a run under two designs, and say where they part and what differs.
    Twin(twin::Options),
    /// Make a link to a run, or read one.
    #[command(subcommand)]
    Share(share::Command),
    /// List every policy of the engine, with what it keeps, gives up and costs.
    List(list::Options),
    /// Prove lessons right, or say what is wrong with them.
    Lint(lint::Options),
    /// Make the files of lessons that the page fetches.
    Pack(pack::Options),
    /// Decide what histories that anybody recorded are consistent with.
    Check(check::Options),
    /// Try the laws of replicated data types, or of a merge rule of your own.
    Laws(laws::Options),
    /// Hold the project against what others published and defined, by the million.
    Validate(validate::Options),
    /// Measure the engine, beside the targets of the design.
    Bench(bench::Measures),
}

fn language(code: &str) -> Result<Lang, String> {
    let known: Vec<&str> = Lang::ALL.iter().map(|lang| lang.code()).collect();
    Lang::find(code).ok_or_else(|| format!("known are {}", known.join(", ")))
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let voice = Voice::new(arguments.lang);
    let done = match arguments.command {
        Command::Run(options) => run::run(&voice, &options),
        Command::Autopsy(options) => autopsy::run(&voice, &options),
        Command::Twin(options) => twin::run(&voice, &options),
        Command::Share(command) => share::run(&voice, &command),
        Command::List(options) => list::run(&voice, &options),
        Command::Lint(options) => lint::run(&voice, &options),
        Command::Pack(options) => pack::run(&voice, &options),
        Command::Check(options) => check::run(&voice, &options),
        Command::Laws(options) => laws::run(&voice, &options),
        Command::Validate(options) => validate::run(&voice, &options),
        Command::Bench(options) => bench::run(&voice, &options),
    };
    match done {
        // A closed pipe: whoever reads our output has had enough of it.
        Ok(()) | Err(Failure::ClosedPipe) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("splitbrain: {}", failure.say(&voice));
            ExitCode::from(failure.exit_code())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_arguments_make_sense_together() {
        Arguments::command().debug_assert();
    }
}
