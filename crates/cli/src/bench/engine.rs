//! `splitbrain bench engine`: how fast the engine is on this machine, beside the targets of
//! the design.
//!
//! Figures are of the world `busy`: five regions, 200 requests a second in all,
//! replication, routing and customers, for ten simulated minutes. The lines
//! `bench NAME VALUE` are read by `cargo xtask bench`.

use std::io::Write;
use std::rc::Rc;
use std::time::Instant;

use clap::Args;
use splitbrain_engine::playground;
use splitbrain_engine::run::{Player, Run, Target};
use splitbrain_engine::sim::fact::{FactId, FactKind};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;
use splitbrain_words::Text;

use crate::fail::Failure;
use crate::progress::Progress;
use crate::say::Voice;

/// How long, and how to say it.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain bench engine
  splitbrain bench engine --minutes 2 --json
No figure makes it fail: they depend on the machine.")]
pub(super) struct Options {
    /// Simulated minutes of the run.
    #[arg(long, default_value_t = 10, value_parser = clap::value_parser!(u64).range(1..=60))]
    minutes: u64,
    /// One object of JSON and nothing else.
    #[arg(long)]
    json: bool,
}

/// Each speed is the best of so many runs: what disturbs a run only slows it.
const RUNS: u32 = 3;

/// Seeks to measure.
const SEEKS: u64 = 24;

/// The design's bound for a figure.
#[derive(Clone, Copy, Debug)]
enum Bound {
    AtLeast(f64),
    AtMost(f64),
    None,
}

use Bound::{AtLeast, AtMost};

/// A figure: its name, its text, its value, its bound.
type Figure = (&'static str, &'static str, f64, Bound);

/// Measures and says.
pub(super) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let figures = measure(Time::from_ms(options.minutes * 60_000));
    let mut out = std::io::stdout().lock();
    if options.json {
        let object: serde_json::Map<String, serde_json::Value> = figures
            .iter()
            .map(|(name, _, value, _)| ((*name).to_owned(), (*value).into()))
            .collect();
        writeln!(out, "{}", serde_json::Value::from(object))?;
        return Ok(());
    }
    if cfg!(debug_assertions) {
        writeln!(out, "{}", voice.say("cli.bench.debug", &[]))?;
    }
    let rows: Vec<(Text, String)> = figures.iter().map(|figure| row(voice, figure)).collect();
    write!(out, "{}", Voice::table(&rows))?;
    for (name, _, value, _) in figures {
        writeln!(out, "bench {name} {value}")?;
    }
    Ok(())
}

fn row(voice: &Voice, &(_, text, value, bound): &Figure) -> (Text, String) {
    let shown = |value: f64| {
        if value.abs() >= 100.0 || value.fract() == 0.0 {
            voice.words.number(value.round() as i64).to_string()
        } else {
            voice.words.decimal((value * 1e3) as i64, 1).to_string()
        }
    };
    let (sign, target, met) = match bound {
        AtLeast(target) => ("≥", target, value >= target),
        AtMost(target) => ("≤", target, value <= target),
        Bound::None => return (voice.say(text, &[]), format!("{:>12}", shown(value))),
    };
    let verdict = if met {
        Text::empty(voice.words.lang())
    } else {
        voice.say("cli.bench.missed", &[])
    };
    let line = format!(
        "{:>12}  {sign} {:<10} {verdict}",
        shown(value),
        shown(target)
    );
    (voice.say(text, &[]), line.trim_end().to_owned())
}

fn measure(end: Time) -> Vec<Figure> {
    // Between two measurements, never within one.
    let mut progress = Progress::of(u64::from(2 * RUNS) + 1 + SEEKS);
    let run = Run::new(Rc::new(playground::busy()), 1);
    let simulated_s = end.0 as f64 / 1e6;

    let mut recording_s = f64::INFINITY;
    let mut player = Player::new(run.clone());
    for _ in 0..RUNS {
        // One after the other: two of them in memory at once would disturb both.
        player = Player::new(run.clone());
        recording_s = recording_s.min(seconds(|| player.jump(Target::Time(end))));
        progress.one_more();
    }
    let events = f64::from(player.world().events());
    let held = || player.trace().range(FactId(0), player.end());
    // What is free in the last chunk is no cost of a fact, and much of a short run's memory.
    let taken = player.trace().bytes() - player.trace().free_bytes();
    let bytes_per_fact = taken as f64 / held().count() as f64;
    let asked = held().filter(|(_, fact)| fact.kind() == FactKind::OperationStarted);
    let operations = asked.count() as f64;

    let mut silent_s = f64::INFINITY;
    for _ in 0..RUNS {
        let mut world = run.world();
        silent_s = silent_s.min(seconds(|| {
            while world.next_at(&[]).is_some_and(|at| at <= end) {
                world.step(&[], None);
            }
        }));
        progress.one_more();
    }

    let mut observer = Observer::new(&run.scenario);
    let observing_s = seconds(|| observer.follow_player(&mut player));
    progress.one_more();

    let again = player.events_again();
    let (mut warm_s, mut warm_worst_s) = (0.0, 0.0_f64);
    for seek in 0..SEEKS {
        // Spread over the run, forwards and backwards, never in order.
        let target = Target::Time(Time(end.0 / SEEKS * (seek * 7 % SEEKS) + end.0 / 100));
        let one_s = seconds(|| player.jump(target));
        warm_s += one_s;
        warm_worst_s = warm_worst_s.max(one_s);
        progress.one_more();
    }
    progress.done();
    let again = (player.events_again() - again) as f64 / SEEKS as f64;

    vec![
        (
            "events_per_s_recording",
            "cli.bench.recording",
            events / recording_s,
            AtLeast(5e6),
        ),
        (
            "events_per_s_silent",
            "cli.bench.silent",
            events / silent_s,
            Bound::None,
        ),
        (
            "speed_up",
            "cli.bench.speed_up",
            simulated_s / recording_s,
            AtLeast(1e3),
        ),
        (
            "facts_per_event",
            "cli.bench.facts",
            f64::from(player.trace().len()) / events,
            Bound::None,
        ),
        (
            "bytes_per_fact",
            "cli.bench.bytes",
            bytes_per_fact,
            AtMost(33.0),
        ),
        (
            "seek_warm",
            "cli.bench.warm",
            warm_s * 1e3 / SEEKS as f64,
            AtMost(50.0),
        ),
        (
            "seek_warm_worst",
            "cli.bench.warm_worst",
            warm_worst_s * 1e3,
            AtMost(50.0),
        ),
        // To the end with nothing kept is the farthest that anybody can seek.
        (
            "seek_cold",
            "cli.bench.cold",
            recording_s * 1e3,
            AtMost(500.0),
        ),
        (
            "observing_per_operation",
            "cli.bench.observing",
            observing_s * 1e9 / operations,
            Bound::None,
        ),
        (
            "events_reexecuted_per_seek",
            "cli.bench.again",
            again,
            Bound::None,
        ),
    ]
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begin = Instant::now();
    work();
    begin.elapsed().as_secs_f64().max(1e-9)
}
