//! `splitbrain validate`: what the project is held against, in numbers too large for a
//! test. A validation is one file here and one entry in [`ALL`]; each is a row of a table,
//! with what it found beside what was expected.

mod consensus;
mod data;
mod hybrid;
mod lattice;
mod lin;
mod pbs;
mod siblings;
mod types;
mod weak;

use std::io::Write;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Value as Json, json};
use splitbrain_words::{Arg, Lang, Text};

use crate::fail::Failure;
use crate::progress::Progress;
use crate::say::Voice;

/// A validation.
#[derive(Debug)]
struct Validation {
    /// Its name on the command line.
    name: &'static str,
    /// The id of the words that say what it is.
    what: &'static str,
    /// What it is after: a paper and its section, or whoever published the verdicts.
    source: &'static str,
    /// Does it. What differs is told on standard error, the first few of it.
    run: fn(&Asked) -> std::io::Result<Outcome>,
}

/// Every validation, in the order of the table.
const ALL: [&Validation; 9] = [
    &lin::LIN,
    &weak::WEAK,
    &lattice::LATTICE,
    &data::DATA,
    &hybrid::HYBRID,
    &pbs::PBS,
    &consensus::CONSENSUS,
    &types::TYPES,
    &siblings::SIBLINGS,
];

/// What a validation is asked.
#[derive(Debug)]
struct Asked {
    /// How many random histories, or trials.
    histories: u64,
    /// The first seed; each history has the next.
    seed: u64,
    /// The folder of published histories.
    data: PathBuf,
}

impl Asked {
    fn seeds(&self) -> impl Iterator<Item = u64> + use<> {
        let first = self.seed;
        (0..self.histories).map(move |at| first.wrapping_add(at))
    }
}

/// What was looked at, what was found, and what was expected.
#[derive(Debug)]
struct Outcome {
    size: Phrase,
    result: Phrase,
    expected: Phrase,
    is_as_expected: bool,
    /// Where the source prints other figures than those it is held to.
    beside: Option<Beside>,
}

/// Figures for which the source prints others than are expected, and why.
#[derive(Debug)]
struct Beside {
    /// The id of the words that say why.
    why: &'static str,
    figures: Vec<Figure>,
}

/// A time, all in microseconds: found here, expected, and printed by the source.
#[derive(Debug)]
struct Figure {
    /// Of what, in the source's own terms.
    of: String,
    found_us: u64,
    expected_us: u64,
    printed_us: u64,
}

/// An id of the words, and its counts.
#[derive(Debug)]
struct Phrase {
    id: &'static str,
    counts: Vec<(&'static str, u64)>,
}

impl Phrase {
    fn say(&self, voice: &Voice) -> String {
        let arg = |&(name, count): &(&'static str, u64)| (name, Arg::from(count));
        let args: Vec<(&str, Arg)> = self.counts.iter().map(arg).collect();
        voice.say(self.id, &args).to_string()
    }
}

/// Differences that are told of one validation at most.
const TOLD: u64 = 10;

/// Two ways to judge random histories, compared: how many verdicts of each kind there
/// were, and how many differed.
#[derive(Debug, Default)]
struct Compared {
    histories: u64,
    operations: u64,
    holds: u64,
    violated: u64,
    differ: u64,
}

impl Compared {
    fn history(&mut self, operations: usize) {
        self.histories += 1;
        self.operations += operations as u64;
    }

    fn verdict(&mut self, holds: bool) {
        if holds {
            self.holds += 1;
        } else {
            self.violated += 1;
        }
    }

    /// Counts a difference and tells of the first few.
    fn differs(&mut self, tell: impl FnOnce() -> String) {
        self.differ += 1;
        if self.differ <= TOLD {
            eprintln!("{}", tell());
        }
    }

    /// As expected where nothing differs and neither verdict is so rare that nothing was
    /// compared.
    fn outcome(&self) -> Outcome {
        let rare = (self.holds + self.violated) / 100;
        let has_both = self.holds.min(self.violated) >= rare.max(1);
        let result =
            |differ, holds, violated| vec![("n", differ), ("holds", holds), ("violated", violated)];
        Outcome {
            size: Phrase {
                id: "cli.validate.histories",
                counts: vec![("n", self.histories), ("operations", self.operations)],
            },
            result: Phrase {
                id: "cli.validate.differ",
                counts: result(self.differ, self.holds, self.violated),
            },
            expected: Phrase {
                id: "cli.validate.differ.none",
                counts: Vec::new(),
            },
            is_as_expected: self.differ == 0 && has_both,
            beside: None,
        }
    }
}

/// What to validate.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain validate
  splitbrain validate lin weak --histories 10000
  splitbrain validate data --json
A row a validation: what, its source, what was looked at, what was found, what was expected, and
whether that is the same. Exits with 1 where it is not.")]
pub(crate) struct Options {
    /// Which: lin, weak, lattice, data, hybrid, pbs, consensus, types, siblings; all of them where none is named.
    #[arg(value_name = "NAME", value_parser = validation_of)]
    names: Vec<&'static Validation>,
    /// Random histories a validation; as many trials, and a tenth as many fault schedules.
    #[arg(long, default_value_t = 1_000_000)]
    histories: u64,
    /// Where to begin; the history of a seed is always the same.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The folder of published histories.
    #[arg(long, value_name = "FOLDER", default_value = "tests/data")]
    data: PathBuf,
    /// The same table as JSON and nothing else.
    #[arg(long)]
    json: bool,
}

fn validation_of(name: &str) -> Result<&'static Validation, String> {
    let found = ALL.into_iter().find(|it| it.name == name);
    let known: Vec<&str> = ALL.iter().map(|it| it.name).collect();
    found.ok_or_else(|| format!("known are {}", known.join(", ")))
}

/// Validates and says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let chosen = ALL.into_iter().filter(|it| {
        let mut named = options.names.iter();
        options.names.is_empty() || named.any(|name| name.name == it.name)
    });
    let asked = Asked {
        histories: options.histories,
        seed: options.seed,
        data: options.data.clone(),
    };
    let chosen: Vec<&Validation> = chosen.collect();
    let mut progress = Progress::of(chosen.len() as u64);
    let mut rows = Vec::new();
    for validation in chosen {
        let outcome = (validation.run)(&asked).map_err(|error| Failure::File {
            path: asked.data.clone(),
            error,
        })?;
        rows.push((validation, outcome));
        progress.one_more();
    }
    progress.done();
    let mut out = std::io::stdout().lock();
    if options.json {
        let rows = rows
            .iter()
            .map(|(validation, outcome)| told(voice, validation, outcome));
        writeln!(out, "{}", Json::from(rows.collect::<Vec<_>>()))?;
    } else {
        write!(out, "{}", table(voice, &rows))?;
        for beside in rows.iter().filter_map(|row| row.1.beside.as_ref()) {
            write!(out, "\n{}", printed(voice, beside))?;
        }
    }
    match rows.iter().filter(|row| !row.1.is_as_expected).count() {
        0 => Ok(()),
        count => Err(Failure::Invalid(count as u32)),
    }
}

fn what(voice: &Voice, validation: &Validation) -> Text {
    voice.say(validation.what, &[])
}

/// The headings of the table.
const COLUMNS: [&str; 7] = [
    "cli.validate.column.name",
    "cli.validate.column.what",
    "cli.validate.column.source",
    "cli.validate.column.size",
    "cli.validate.column.result",
    "cli.validate.column.expected",
    "cli.validate.column.verdict",
];

fn told(voice: &Voice, validation: &Validation, outcome: &Outcome) -> Json {
    let counts = |phrase: &Phrase| -> Json {
        let counts = phrase.counts.iter();
        counts
            .map(|&(name, count)| (name.to_owned(), Json::from(count)))
            .collect()
    };
    let texts = |voice: &Voice| {
        let mut texts = json!({
            "what": what(voice, validation).to_string(),
            "size": outcome.size.say(voice),
            "result": outcome.result.say(voice),
            "expected": outcome.expected.say(voice),
        });
        if let Some(beside) = &outcome.beside {
            texts["why"] = Json::from(voice.say(beside.why, &[]).to_string());
        }
        texts
    };
    let in_all: serde_json::Map<String, Json> = Lang::ALL
        .iter()
        .map(|&lang| (lang.code().to_owned(), texts(&Voice::new(lang))))
        .collect();
    let mut told = json!({
        "name": validation.name,
        "what": what(voice, validation).to_string(),
        "source": validation.source,
        "size": outcome.size.say(voice),
        "result": outcome.result.say(voice),
        "expected": outcome.expected.say(voice),
        "passed": outcome.is_as_expected,
        "texts": in_all,
        "counts": { "size": counts(&outcome.size), "result": counts(&outcome.result) },
    });
    if let Some(beside) = &outcome.beside {
        let figures = beside.figures.iter().map(|it| {
            json!({
                "of": it.of,
                "found_us": it.found_us,
                "expected_us": it.expected_us,
                "printed_us": it.printed_us,
            })
        });
        told["beside"] = figures.collect();
    }
    told
}

/// The headings of figures beside those of the source.
const BESIDE: [&str; 4] = [
    "cli.validate.beside.of",
    "cli.validate.beside.found",
    "cli.validate.beside.expected",
    "cli.validate.beside.printed",
];

/// Why the source prints other figures, and the figures, in milliseconds.
fn printed(voice: &Voice, beside: &Beside) -> String {
    let ms = |us: u64| voice.words.decimal(us as i64, 3).to_string();
    let mut lines = vec![BESIDE.map(|id| voice.say(id, &[]).to_string())];
    lines.extend(beside.figures.iter().map(|it| {
        let times = [it.found_us, it.expected_us, it.printed_us].map(ms);
        let [found, expected, printed] = times;
        [it.of.clone(), found, expected, printed]
    }));
    format!("{}\n{}", voice.say(beside.why, &[]), columns(&lines))
}

/// The rows under their headings.
fn table(voice: &Voice, rows: &[(&Validation, Outcome)]) -> String {
    let mut lines = vec![COLUMNS.map(|id| voice.say(id, &[]).to_string())];
    lines.extend(rows.iter().map(|(validation, outcome)| {
        let verdict = if outcome.is_as_expected {
            voice.say("cli.validate.passed", &[])
        } else {
            voice.say("cli.validate.failed", &[])
        };
        [
            validation.name.to_owned(),
            what(voice, validation).to_string(),
            validation.source.to_owned(),
            outcome.size.say(voice),
            outcome.result.say(voice),
            outcome.expected.say(voice),
            verdict.to_string(),
        ]
    }));
    columns(&lines)
}

/// Lines in columns as wide as what is in them.
fn columns<const N: usize>(lines: &[[String; N]]) -> String {
    let width = |column: usize| lines.iter().map(|line| line[column].chars().count()).max();
    let widths: Vec<usize> = (0..N).map(|column| width(column).unwrap_or(0)).collect();
    let line = |line: &[String; N]| {
        let cells = line.iter().zip(&widths);
        let cells: Vec<String> = cells
            .map(|(cell, width)| format!("{cell:<width$}"))
            .collect();
        format!("{}\n", cells.join("  ").trim_end())
    };
    lines.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use splitbrain_words::Lang;

    use super::*;

    #[test]
    fn names_are_unique_and_have_words() {
        let voice = Voice::new(Lang::En);
        for (at, validation) in ALL.iter().enumerate() {
            assert!(voice.words.has(validation.what), "{}", validation.what);
            assert!(ALL[..at].iter().all(|other| other.name != validation.name));
        }
    }

    #[test]
    fn a_difference_or_a_verdict_that_never_came_up_is_not_as_expected() {
        let mut compared = Compared::default();
        for _ in 0..1_000 {
            compared.verdict(true);
        }
        assert!(!compared.outcome().is_as_expected);
        for _ in 0..20 {
            compared.verdict(false);
        }
        assert!(compared.outcome().is_as_expected);
        compared.differs(|| "seed 5: a difference".into());
        assert!(!compared.outcome().is_as_expected);
        let row = [(ALL[0], compared.outcome())];
        let table = table(&Voice::new(Lang::En), &row);
        assert!(table.ends_with("FAILED\n"), "{table}");
        let told = told(&Voice::new(Lang::En), row[0].0, &row[0].1);
        assert_eq!(told["passed"], false);
        assert_eq!(told["counts"]["result"]["n"], 1);
    }
}
