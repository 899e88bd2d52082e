//! `splitbrain bench`: how fast the engine and its data types are, and what it says of
//! published models.

mod engine;
mod merges;
mod model;
mod pbs;

use clap::{Args, Subcommand};
pub(crate) use model::Wrong;

use crate::fail::Failure;
use crate::say::Voice;

/// What to measure: the engine's speed unless something else is named.
#[derive(Debug, Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  cargo run --release --package splitbrain-cli --bin splitbrain -- bench
  splitbrain bench engine --minutes 2 --json
  splitbrain bench merges
  splitbrain bench pbs --model ssd.toml
No speed makes it fail: speeds depend on the machine."
)]
pub(crate) struct Measures {
    #[command(subcommand)]
    what: Option<What>,
    #[command(flatten)]
    engine: engine::Options,
}

#[derive(Debug, Subcommand)]
enum What {
    /// How fast the engine is on this machine, beside the targets of the design.
    Engine(engine::Options),
    /// How fast replicated data types merge, and how large they are, beside others' crates.
    Merges(merges::Options),
    /// How often and how long reads of a quorum store are stale, by a model of its
    /// delays.
    Pbs(pbs::Options),
}

/// Measures and says.
pub(crate) fn run(voice: &Voice, options: &Measures) -> Result<(), Failure> {
    match &options.what {
        None => engine::run(voice, &options.engine),
        Some(What::Engine(options)) => engine::run(voice, options),
        Some(What::Merges(options)) => merges::run(voice, options),
        Some(What::Pbs(options)) => pbs::run(voice, options),
    }
}
