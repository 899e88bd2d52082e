//! `splitbrain bench pbs`: probabilistically bounded staleness of the quorum store.

use std::io::{IsTerminal, Write};
use std::path::PathBuf;

use clap::Args;
use serde_json::json;
use splitbrain_engine::measure::staleness::{Quantiles, Report};
use splitbrain_words::{Arg, Text};

use super::model;
use crate::fail::Failure;
use crate::say::Voice;

/// Which model, and how to say it.
#[derive(Debug, Args)]
#[command(after_help = "A model, in milliseconds (Bailis et al., VLDB 2012):
  replicas = 3
  read = 1
  write = 1
  trials = 100000
  [legs]   # write, its acknowledgement, read, its answer
  w = [{ share = 0.38, pareto = { scale = 1.05, shape = 1.51 } },
       { share = 0.62, exponential = { rate = 0.183 } }]
  a = [{ share = 1, exponential = { rate = 1.66 } }]
  r = [{ share = 1, exponential = { rate = 1.66 } }]
  s = [{ share = 1, exponential = { rate = 1.66 } }]

Examples:
  splitbrain bench pbs --model disk.toml
  splitbrain bench pbs --model disk.toml --at 10
  splitbrain bench pbs --model disk.toml --seed 7 --json")]
pub(super) struct Options {
    /// The file with the model.
    #[arg(long, value_name = "FILE")]
    model: PathBuf,
    /// The luck of all trials.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Tell also the share of reads that see the write when they start so many milliseconds
    /// after its acknowledgement; up to 100,000,000.
    #[arg(long, value_name = "MS", value_parser = at_of)]
    at: Option<f64>,
    /// One object of JSON and nothing else.
    #[arg(long)]
    json: bool,
}

/// Milliseconds of `--at` at most: a little less than a coordinator waits.
const MAX_AT_MS: f64 = 1e8;

fn at_of(text: &str) -> Result<f64, String> {
    let ms: Option<f64> = text.parse().ok();
    let ms = ms.filter(|ms| (0.0..=MAX_AT_MS).contains(ms));
    ms.ok_or_else(|| "milliseconds, from 0 to 100000000".into())
}

/// Measures and says.
pub(super) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let failed = |error| Failure::File {
        path: options.model.clone(),
        error,
    };
    let length = std::fs::metadata(&options.model).map_err(failed)?.len();
    if length > model::MAX_BYTES {
        return Err(failed(std::io::Error::other(format!(
            "{length} > {} bytes",
            model::MAX_BYTES
        ))));
    }
    let text = std::fs::read_to_string(&options.model).map_err(failed)?;
    let model = model::read(&text).map_err(|wrong| Failure::Model {
        path: options.model.clone(),
        wrong,
    })?;
    let bar = std::io::stderr().is_terminal();
    let (mut played, mut shown) = (0_u64, 0);
    let report = model.measure(options.seed, &mut |more| {
        played += more;
        if bar && played / 20_000 != shown {
            shown = played / 20_000;
            let percent = (100 * played / u64::from(model.trials)).min(100);
            eprint!("\r{percent:3} %  {played}");
        }
    });
    if bar {
        eprint!("\r{}\r", " ".repeat(30));
    }
    let mut out = std::io::stdout().lock();
    if options.json {
        writeln!(out, "{}", as_json(&report, options.at))?;
        return Ok(());
    }
    write!(out, "{}", Voice::table(&rows(voice, &report, options.at)))?;
    Ok(())
}

fn share(report: &Report) -> f64 {
    f64::from(report.consistent_at_commit) / f64::from(report.trials)
}

fn share_at(report: &Report, ms: f64) -> f64 {
    f64::from(report.consistent_at((ms * 1e3).round() as u64)) / f64::from(report.trials)
}

fn as_json(report: &Report, at: Option<f64>) -> serde_json::Value {
    let quantiles = |it: Quantiles| {
        json!({
            "p50": it.p50_us as f64 / 1e3,
            "p99": it.p99_us as f64 / 1e3,
            "p999": it.p999_us as f64 / 1e3,
        })
    };
    let mut json = json!({
        "read_latency_ms": quantiles(report.read_latency),
        "write_latency_ms": quantiles(report.write_latency),
        "consistent_at_commit": share(report),
        "t_visibility_ms": quantiles(report.t_visibility),
        "trials": report.trials,
        "events": report.events,
    });
    if let Some(ms) = at {
        json["consistent_at"] = json!({ "ms": ms, "share": share_at(report, ms) });
    }
    json
}

fn rows(voice: &Voice, report: &Report, at: Option<f64>) -> Vec<(Text, String)> {
    let ms = |us: u64| voice.words.decimal(us as i64, 3).to_string();
    let quantiles = |it: Quantiles| {
        format!(
            "{:>12} {:>12} {:>12}",
            ms(it.p50_us),
            ms(it.p99_us),
            ms(it.p999_us)
        )
    };
    let percent = |share: f64| {
        let percent = voice.words.decimal((share * 1e5).round() as i64, 2);
        format!("{:>12} %", percent.to_string())
    };
    let number = |n: u64| voice.words.number(n as i64).to_string();
    let mut rows = vec![
        (
            voice.say("cli.pbs.quantile", &[]),
            format!("{:>12} {:>12} {:>12}", "50 %", "99 %", "99.9 %"),
        ),
        (
            voice.say("cli.pbs.read", &[]),
            quantiles(report.read_latency),
        ),
        (
            voice.say("cli.pbs.write", &[]),
            quantiles(report.write_latency),
        ),
        (
            voice.say("cli.pbs.visible", &[]),
            quantiles(report.t_visibility),
        ),
        (voice.say("cli.pbs.consistent", &[]), percent(share(report))),
        (
            voice.say("cli.pbs.trials", &[]),
            format!("{:>12}", number(u64::from(report.trials))),
        ),
        (
            voice.say("cli.pbs.events", &[]),
            format!("{:>12}", number(report.events)),
        ),
    ];
    if let Some(at) = at {
        let after = voice
            .words
            .decimal((at * 1e3).round() as i64, 3)
            .to_string();
        let label = voice.say("cli.pbs.consistent.at", &[("ms", Arg::from(after))]);
        rows.insert(5, (label, percent(share_at(report, at))));
    }
    rows
}
