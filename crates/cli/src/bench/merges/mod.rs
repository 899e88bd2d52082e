//! `splitbrain bench merges`: how many states of replicated data types are merged in a
//! second on this machine, and how large they are, beside the crate `crdts` after the same
//! acts; and how long text is typed, beside the crate `yrs`.
//! [`splitbrain_peers`] says what is merged and typed.

mod texts;

use std::io::Write;
use std::sync::LazyLock;
use std::time::Instant;

use clap::Args;
use serde_json::{Value, json};
use splitbrain_peers::merging::{Clock, Row, Side, TYPES};
use splitbrain_peers::typing;

use crate::fail::Failure;
use crate::progress::Progress;
use crate::say::Voice;

/// How to say it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  cargo run --release --package splitbrain-cli --bin splitbrain -- bench merges
  splitbrain bench merges --json

Merges a second of news and of what is known, and bytes of a replica: ours, then those of the crate
crdts, where it has a counterpart. Its bytes are those of the compact binary form postcard; its
list has operations only, which are what is merged. Bytes of a text are those on the wire.
No figure makes it fail: they depend on the machine.")]
pub(super) struct Options {
    /// Merges a round; they are made a thousand at a time.
    #[arg(long, default_value_t = 40_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    merges: u32,
    /// Characters that are typed.
    #[arg(long, default_value_t = 10_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    characters: u32,
    /// One object of JSON and nothing else.
    #[arg(long)]
    json: bool,
}

/// Merges of news a second that the design wants of the observed-remove set.
const TARGET: f64 = 1e7;

/// This machine's clock, which tells nanoseconds.
const CLOCK: Clock = Clock {
    now: || {
        static BEGIN: LazyLock<Instant> = LazyLock::new(Instant::now);
        BEGIN.elapsed().as_secs_f64()
    },
    batch: 1_000,
};

/// Measures and says.
pub(super) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let mut progress = Progress::of(TYPES.len() as u64 + 1);
    let mut rows = Vec::new();
    for (id, measure) in TYPES {
        rows.push(measure(id, options.merges, CLOCK));
        progress.one_more();
    }
    let texts = typing::measure(options.characters, CLOCK.now);
    progress.done();
    let mut out = std::io::stdout().lock();
    if options.json {
        let types: Vec<Value> = rows.iter().map(as_json).collect();
        let texts: Vec<Value> = texts.iter().map(texts::as_json).collect();
        writeln!(out, "{:#}", json!({ "merges": types, "texts": texts }))?;
        return Ok(());
    }
    if cfg!(debug_assertions) {
        writeln!(out, "{}", voice.say("cli.bench.debug", &[]))?;
    }
    write!(out, "{}", table(voice, &rows))?;
    write!(out, "\n{}", texts::table(voice, &texts, options.characters))?;
    for row in &rows {
        writeln!(
            out,
            "bench merges_per_s_{} {}",
            row.id,
            row.ours.news.round()
        )?;
    }
    for typed in &texts {
        writeln!(out, "bench {} {:.1}", typed.figure(), typed.ours.letter_ns)?;
    }
    Ok(())
}

fn as_json(row: &Row) -> Value {
    let side = |side: Side| {
        json!({
            "news_per_s": side.news.round(),
            "known_per_s": side.known.round(),
            "bytes": side.bytes,
        })
    };
    json!({
        "type": row.id,
        "ours": side(row.ours),
        "crdts": row.theirs.map(side),
    })
}

fn table(voice: &Voice, rows: &[Row]) -> String {
    let say = |id| voice.say(id, &[]).to_string();
    let number = |number: f64| voice.words.number(number.round() as i64).to_string();
    let mut lines = vec![[
        say("cli.bench.merges.type"),
        say("cli.bench.merges.news"),
        "crdts".to_owned(),
        say("cli.bench.merges.known"),
        "crdts".to_owned(),
        say("cli.bench.merges.bytes"),
        "crdts".to_owned(),
        String::new(),
    ]];
    lines.extend(rows.iter().map(|row| {
        let theirs = |of: fn(Side) -> f64| row.theirs.map_or("–".to_owned(), |it| number(of(it)));
        let is_slow = row.id == "observed_remove_set" && row.ours.news < TARGET;
        let missed = if is_slow {
            say("cli.bench.missed")
        } else {
            String::new()
        };
        [
            voice.words.data_type(row.id).to_string(),
            number(row.ours.news),
            theirs(|it| it.news),
            number(row.ours.known),
            theirs(|it| it.known),
            number(row.ours.bytes as f64),
            theirs(|it| it.bytes as f64),
            missed,
        ]
    }));
    aligned(&lines)
}

/// Lines of cells in columns: names to the left, numbers to the right.
pub(super) fn aligned<const N: usize>(lines: &[[String; N]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let line = |line: &[String; N]| {
        let cells = line.iter().zip(&widths).enumerate();
        let cells = cells.map(|(column, (cell, width))| match column {
            0 => format!("{cell:<width$}"),
            _ => format!("{cell:>width$}"),
        });
        let cells: Vec<String> = cells.collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    lines.iter().map(line).collect()
}
