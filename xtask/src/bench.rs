//! `cargo xtask bench`: speeds and sizes, beside the targets of the design.
//!
//! Every source prints lines `bench NAME VALUE`, and they meet in one table:
//! - `native`: `splitbrain bench`, in the release profile, and the benches of the
//!   checker, without its peers
//! - `wasm`: the tests `tests/bench_*.rs` of the crates, in Chromium, in the
//!   profile of the page
//! - `page`: Lighthouse and frame times on the release page, and its sizes
//!
//! Wall-clock figures depend on the machine, so none of them fails the command.

use crate::error::Result;
use crate::say::{say, step};
use crate::setup::rust::WASM;
use crate::tally::for_each_line;
use crate::test::{browser_tests, prepare_browser};
use crate::toolbox::{Run, Toolbox, check};
use crate::{build, setup, sizes};
use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

/// Which side of the target is good.
#[derive(Debug, Clone, Copy)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
}

use Bound::{AtLeast, AtMost};

/// Source and name of a figure, its unit, and where the design wants it.
const TARGETS: &[(&str, &str, Bound)] = &[
    ("page first_load_brotli", "kB", AtMost(300.0)),
    ("page wasm_brotli", "kB", AtMost(230.0)),
    ("page lighthouse_performance", "of 100", AtLeast(100.0)),
    ("page lighthouse_accessibility", "of 100", AtLeast(100.0)),
    ("page lighthouse_best_practices", "of 100", AtLeast(100.0)),
    ("page lighthouse_seo", "of 100", AtLeast(100.0)),
    ("page frame_calm_p99", "ms", AtMost(8.0)),
    ("page frame_p99", "ms", AtMost(8.0)),
    ("native events_per_s_recording", "1/s", AtLeast(5e6)),
    ("wasm events_per_s_recording", "1/s", AtLeast(3e6)),
    (
        "native merges_per_s_observed_remove_set",
        "1/s",
        AtLeast(1e7),
    ),
    ("wasm speed_up", "x", AtLeast(1000.0)),
    ("wasm silent_time_to_native", "x", AtMost(1.5)),
    // 32 a fact, and the slack of the last chunk.
    ("native bytes_per_fact", "B", AtMost(33.0)),
    ("native seek_warm", "ms", AtMost(50.0)),
    ("native seek_cold", "ms", AtMost(500.0)),
    ("wasm seek_warm", "ms", AtMost(50.0)),
    ("wasm seek_cold", "ms", AtMost(500.0)),
    (
        "native events_reexecuted_per_seek",
        "",
        AtMost(f64::INFINITY),
    ),
    ("native sweep_1000000_ns_per_op", "ns", AtMost(30.0)),
    ("native incremental_1_percent_ns_per_op", "ns", AtMost(30.0)),
    (
        "native incremental_50_percent_ns_per_op",
        "ns",
        AtMost(30.0),
    ),
    (
        "native incremental_100_percent_ns_per_op",
        "ns",
        AtMost(30.0),
    ),
    ("wasm sweep_1000000_ns_per_op", "ns", AtMost(30.0)),
    ("wasm incremental_1_percent_ns_per_op", "ns", AtMost(30.0)),
    ("wasm incremental_50_percent_ns_per_op", "ns", AtMost(30.0)),
    ("wasm incremental_100_percent_ns_per_op", "ns", AtMost(30.0)),
    // A tenth of what Porcupine's port to Rust takes for the 52 logs of etcd.
    ("native etcd_total_ours", "us", AtMost(21_100.0)),
    ("native etcd_worst_ours", "us", AtMost(5_000.0)),
    // AWDIT takes as long for 100,200 events of 318 sessions; here are 100,000 of 300.
    (
        "native weak_single_causal_convergence_ms",
        "ms",
        AtMost(1_100.0),
    ),
    ("native weak_single_causal_ms", "ms", AtMost(1_100.0)),
];

type Figures = BTreeMap<String, f64>;

pub(crate) fn run(toolbox: &mut Toolbox, passed_on: &[String]) -> Result<()> {
    let dist = build::release_page(toolbox, &[])?;
    let mut figures = Figures::new();
    weigh(&dist, &mut figures)?;
    let merges = [String::from("merges")];
    for (what, arguments) in [
        ("the engine, natively", passed_on),
        ("replicated data types, natively", &merges[..]),
    ] {
        let mut native = toolbox.cargo();
        native.args([
            "run",
            "--release",
            "--package",
            "splitbrain-cli",
            "--bin",
            "splitbrain",
        ]);
        native.args(["--", "bench"]).args(arguments);
        measure("native", what, &mut native, &mut figures);
    }
    let mut verdicts = toolbox.cargo();
    verdicts.args(["bench", "--package", "splitbrain-checker"]);
    verdicts.args(["--bench", "linearizability", "--bench", "transactions"]);
    verdicts.args(["--", "--no-peers"]);
    measure(
        "native",
        "the checker, natively",
        &mut verdicts,
        &mut figures,
    );
    measure_wasm(toolbox, &mut figures)?;
    measure_page(toolbox, &dist, &mut figures)?;
    relate_silent_runs(&mut figures);
    print!("{}", table(&figures));
    Ok(())
}

fn weigh(dist: &Path, figures: &mut Figures) -> Result<()> {
    let first_load = sizes::first_load(dist)?;
    let kilobytes = |bytes: usize| bytes as f64 / 1000.0;
    figures.insert(
        "page first_load_brotli".into(),
        kilobytes(first_load.brotli_bytes),
    );
    figures.insert(
        "page wasm_brotli".into(),
        kilobytes(first_load.wasm_brotli_bytes),
    );
    Ok(())
}

/// Runs one source and keeps its figures. A source that fails is said to, and
/// its figures are missing from the table.
fn measure(source: &str, what: &str, command: &mut Command, figures: &mut Figures) {
    let run = || for_each_line(command, |line| keep(source, line, figures));
    let status = step(&format!("measuring {what}"), run);
    if let Err(error) = status.and_then(|status| check(command, status)) {
        say(&format!("no figures of {what}: {error}"));
    }
}

/// Keeps the figure of a line `bench NAME VALUE`, wherever in the line it starts.
fn keep(source: &str, line: &str, figures: &mut Figures) {
    let mut words = line
        .split_whitespace()
        .skip_while(|word| *word != "bench")
        .skip(1);
    if let (Some(name), Some(Ok(value))) = (words.next(), words.next().map(str::parse::<f64>)) {
        figures.insert(format!("{source} {name}"), value);
    }
}

fn measure_wasm(toolbox: &mut Toolbox, figures: &mut Figures) -> Result<()> {
    let targets = browser_tests(&toolbox.root, &["bench_"])?;
    if targets.is_empty() {
        say("no tests/bench_*.rs, so no figures in wasm");
        return Ok(());
    }
    prepare_browser(toolbox)?;
    let mut cargo = toolbox.cargo();
    cargo.args(["test", "--profile", "web", "--target", WASM]);
    for (package, test) in &targets {
        cargo.args(["--package", package, "--test", test]);
    }
    cargo.args(["--", "--nocapture"]);
    measure(
        "wasm",
        "engine and checker, in Chromium",
        &mut cargo,
        figures,
    );
    Ok(())
}

fn measure_page(toolbox: &mut Toolbox, dist: &Path, figures: &mut Figures) -> Result<()> {
    setup::node_modules(toolbox)?;
    let chromium = setup::chromium(toolbox)?;
    let mut encode = toolbox.splitbrain();
    encode.args(["share", "encode", "--scenario", "busy", "--until", "10s"]);
    let busy_run = encode.read()?;
    let scripts = [
        (
            "tests/bench/lighthouse.mjs",
            "the release page with Lighthouse",
        ),
        (
            "tests/bench/frames.mjs",
            "frames of the release page while it plays",
        ),
    ];
    for (script, what) in scripts {
        let mut node = toolbox.command("node");
        node.arg(script);
        node.env("SPLITBRAIN_CHROMIUM", &chromium.browser);
        node.env("SPLITBRAIN_DIST", dist);
        node.env("SPLITBRAIN_RUN", busy_run.trim());
        measure("page", what, &mut node, figures);
    }
    Ok(())
}

/// Time of the same run without recording, wasm over native.
fn relate_silent_runs(figures: &mut Figures) {
    let silent = |source| {
        figures
            .get(&format!("{source} events_per_s_silent"))
            .copied()
    };
    if let (Some(native), Some(wasm)) = (silent("native"), silent("wasm")) {
        figures.insert("wasm silent_time_to_native".into(), native / wasm);
    }
}

fn table(figures: &Figures) -> String {
    let mut lines = vec![format!("{:<40} {:>14}  target", "figure", "measured")];
    for &(name, unit, bound) in TARGETS {
        let (target, is_met): (String, fn(f64, f64) -> bool) = match bound {
            AtLeast(target) => (format!(">= {}", shown(target)), |value, t| value >= t),
            AtMost(target) if target.is_infinite() => (String::new(), |_, _| true),
            AtMost(target) => (format!("<= {}", shown(target)), |value, t| value <= t),
        };
        let (AtLeast(limit) | AtMost(limit)) = bound;
        let (measured, verdict) = match figures.get(name) {
            None => ("-".to_owned(), "not measured"),
            Some(&value) if is_met(value, limit) => (shown(value), ""),
            Some(&value) => (shown(value), "MISSED"),
        };
        lines.push(format!(
            "{name:<40} {measured:>14}  {target} {unit} {verdict}"
        ));
    }
    for (name, value) in figures {
        if !TARGETS.iter().any(|(known, ..)| known == name) {
            lines.push(format!("{name:<40} {:>14}", shown(*value)));
        }
    }
    let trimmed: Vec<&str> = lines.iter().map(|line| line.trim_end()).collect();
    trimmed.join("\n") + "\n"
}

/// Three digits after the point for small figures, none for large ones.
fn shown(value: f64) -> String {
    if value.abs() >= 1000.0 || value.fract() == 0.0 {
        format!("{value:.0}")
    } else {
        format!("{value:.3}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_is_found_wherever_the_runner_puts_its_line() {
        let mut figures = Figures::new();
        keep("wasm", "    bench seek_warm 12.5\n", &mut figures);
        keep("wasm", "test bench_engine::seek ... ok\n", &mut figures);
        keep("wasm", "bench seek_cold soon\n", &mut figures);
        assert_eq!(
            figures.into_iter().collect::<Vec<_>>(),
            [("wasm seek_warm".to_owned(), 12.5)]
        );
    }

    #[test]
    fn the_table_says_what_is_missed_and_what_was_not_measured() {
        let figures = Figures::from([
            ("native seek_warm".to_owned(), 51.0),
            ("native extra".to_owned(), 1.0),
        ]);
        let table = table(&figures);
        let line = |name: &str| table.lines().find(|l| l.starts_with(name)).unwrap_or("");
        assert!(line("native seek_warm").ends_with("MISSED"), "{table}");
        assert!(line("wasm seek_warm").ends_with("not measured"), "{table}");
        assert!(line("native extra").ends_with('1'), "{table}");
    }
}
