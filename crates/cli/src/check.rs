//! `splitbrain check`: what histories that anybody recorded are consistent with.
//!
//! One line a file, so that hundreds can be looked through at once. What is wrong with a
//! file goes to standard error and does not keep the others from being checked.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use clap::Args;
use serde_json::{Value as Json, json};
use splitbrain_checker::history::{History, Operation};
use splitbrain_checker::import::{self, BYTES, Format, ImportError, Imported};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{Checked, Order, STEPS, Verdict, Witness, check, witness};
use splitbrain_checker::transactions::awdit::{self, AwditError};
use splitbrain_checker::transactions::{Repeats, TransactionalHistory};
use splitbrain_words::Arg;

use crate::fail::Failure;
use crate::say::Voice;
use crate::timeline::{draw, sentence};
use crate::transactions;

/// What to check, and how.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain check etcd_000.log etcd_001.log
  splitbrain check --witness --model register history.json
  splitbrain check --all --format edn jepsen/history.edn
  splitbrain check --json --budget 1000000 *.edn
  splitbrain check --witness lost-update.txt

A line a file: FILE, VERDICT, OPERATIONS, MILLISECONDS, with tabs between. The verdict is
linearizable, not-linearizable or undecided; of a file of transactions, the strongest level
that holds: none, read-committed, read-atomic or causal. The milliseconds are those of the decision.
With --all a line a condition: FILE, CONDITION, holds, violated or undecided, OPERATIONS,
MILLISECONDS.

Exit codes: 0 every file was decided, 1 some were not within the budget, 2 some cannot be
read.")]
pub(crate) struct Options {
    /// Files with a history each.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The format: jepsen, edn, kv, awdit or json; guessed where it is not said.
    #[arg(long, value_parser = format_of)]
    format: Option<Format>,
    /// What the operations are on: auto, register, cas-register, kv, counter, queue, set,
    /// lock or txn.
    #[arg(long, default_value = "auto", value_parser = model_of)]
    model: Model,
    /// Steps that the search may take for a file and a condition.
    #[arg(long, value_name = "STEPS", default_value_t = STEPS)]
    budget: u64,
    /// Show the smallest violation along the time.
    #[arg(long)]
    witness: bool,
    /// Check every condition that applies, not linearizability alone.
    #[arg(long)]
    all: bool,
    /// An object of JSON a file, with everything.
    #[arg(long)]
    json: bool,
}

/// What a history is taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    /// What its operations speak of.
    Auto,
    /// Operations on such a thing.
    Of(ModelId),
    /// Transactions.
    Transactions,
}

fn format_of(id: &str) -> Result<Format, String> {
    let known: Vec<&str> = Format::ALL.iter().map(|format| format.id()).collect();
    Format::find(id).ok_or_else(|| format!("known are {}", known.join(", ")))
}

fn model_of(id: &str) -> Result<Model, String> {
    match id {
        "auto" => Ok(Model::Auto),
        "txn" => Ok(Model::Transactions),
        _ => ModelId::find(id).map(Model::Of).ok_or_else(|| {
            let known = splitbrain_checker::models::ALL.iter().map(|info| info.id);
            let known: Vec<&str> = ["auto"].into_iter().chain(known).chain(["txn"]).collect();
            format!("known are {}", known.join(", "))
        }),
    }
}

/// How a file ended.
enum Ending {
    Decided,
    Undecided,
    Unreadable,
}

/// Checks and says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let (mut undecided, mut unreadable) = (0, 0);
    for path in &options.files {
        match file(voice, options, path, &mut out)? {
            Ending::Decided => {}
            Ending::Undecided => undecided += 1,
            Ending::Unreadable => unreadable += 1,
        }
        out.flush()?;
    }
    match (unreadable, undecided) {
        (0, 0) => Ok(()),
        (0, _) => Err(Failure::Undecided(undecided)),
        _ => Err(Failure::Unreadable(unreadable)),
    }
}

fn file(
    voice: &Voice,
    options: &Options,
    path: &Path,
    out: &mut impl Write,
) -> Result<Ending, Failure> {
    let shown = path.display().to_string();
    let read = bytes(path).and_then(|bytes| {
        let format = options.format.or_else(|| import::guess(&bytes));
        let format = format.ok_or_else(|| Problem::of("a history in a known format", "another"))?;
        if format == Format::Awdit {
            return transactions(&shown, &bytes, options.model).map(Read::Transactions);
        }
        let (model, history) = operations(format, &bytes, options.model)?;
        Ok(Read::Operations(format, model, history))
    });
    match read {
        Ok(Read::Transactions(history)) => {
            let report = transactions::Report {
                shown: &shown,
                history: &history,
                all: options.all,
                witness: options.witness,
                json: options.json,
            };
            Ok(if report.check(out)? {
                Ending::Decided
            } else {
                Ending::Undecided
            })
        }
        Ok(Read::Operations(format, model, history)) => {
            let report = Report {
                shown: &shown,
                format,
                model,
                history: &history,
            };
            report.check(voice, options, out)
        }
        Err(problem) => {
            if options.json {
                writeln!(out, "{}", problem.json(&shown))?;
            }
            eprintln!("splitbrain: {}", problem.say(voice, path));
            Ok(Ending::Unreadable)
        }
    }
}

/// What a file holds.
enum Read {
    Operations(Format, ModelId, History),
    Transactions(TransactionalHistory),
}

/// Why a file is of no use.
enum Problem {
    Io(std::io::Error),
    Text(ImportError),
    Transactions(AwditError),
}

impl Problem {
    fn of(expected: &'static str, found: &str) -> Self {
        Self::Text(ImportError {
            line: 0,
            expected,
            found: found.to_owned(),
        })
    }

    fn say(&self, voice: &Voice, path: &Path) -> String {
        let error = match self {
            Self::Text(error) => error,
            Self::Transactions(error) => return error.to_string(),
            Self::Io(error) => {
                let (path, why) = (path.display().to_string(), error.to_string());
                let args = [("path", Arg::from(path)), ("why", why.into())];
                return voice.say("cli.file", &args).to_string();
            }
        };
        let args = [
            ("path", Arg::from(path.display().to_string())),
            ("expected", error.expected.into()),
            ("found", error.found.as_str().into()),
            ("line", error.line.to_string().into()),
        ];
        let id = match error.line {
            0 => "cli.check.whole",
            _ => "cli.check.line",
        };
        voice.say(id, &args).to_string()
    }

    fn json(&self, shown: &str) -> Json {
        let error = match self {
            Self::Io(error) => json!({ "why": error.to_string() }),
            Self::Transactions(error) => json!({ "why": error.to_string() }),
            Self::Text(error) => json!({
                "line": error.line, "expected": error.expected, "found": error.found,
            }),
        };
        json!({ "file": shown, "error": error })
    }
}

/// The bytes of a file, or one more than may be.
fn bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    use std::io::Read;
    let file = std::fs::File::open(path).map_err(Problem::Io)?;
    let mut bytes = Vec::new();
    let mut most = file.take(BYTES as u64 + 1);
    most.read_to_end(&mut bytes).map_err(Problem::Io)?;
    Ok(bytes)
}

/// The history in these bytes and what it is taken for.
fn operations(format: Format, bytes: &[u8], model: Model) -> Result<(ModelId, History), Problem> {
    let other = || Problem::of("single operations", "transactions");
    let imported = import::import(format, bytes).ok_or_else(other)?;
    let Imported::Operations(history) = imported.map_err(Problem::Text)? else {
        return Err(other());
    };
    let model = match model {
        Model::Transactions => return Err(Problem::of("transactions", "single operations")),
        Model::Of(model) => model,
        Model::Auto if format == Format::Kv => ModelId::Kv,
        Model::Auto => ModelId::guess(&history)
            .ok_or_else(|| Problem::of("operations on one kind of thing", "several kinds"))?,
    };
    let mut operations = history.operations.iter();
    match operations.find(|operation| !model.accepts(operation.action)) {
        Some(operation) => Err(Problem::of(
            "operations that the model knows",
            &history.describe(operation),
        )),
        None => Ok((model, history)),
    }
}

/// The transactions in these bytes.
fn transactions(shown: &str, bytes: &[u8], model: Model) -> Result<TransactionalHistory, Problem> {
    if let Model::Of(_) = model {
        return Err(Problem::of("single operations", "transactions"));
    }
    awdit::read(shown, bytes, Repeats::Refuse).map_err(Problem::Transactions)
}

/// A file that was read.
struct Report<'a> {
    shown: &'a str,
    format: Format,
    model: ModelId,
    history: &'a History,
}

/// A condition, its verdict and how long that took.
type Line = (Order, Checked, Duration, Option<Witness>);

impl Report<'_> {
    fn check(
        &self,
        voice: &Voice,
        options: &Options,
        out: &mut impl Write,
    ) -> Result<Ending, Failure> {
        let orders = if options.all {
            &Order::ALL[..]
        } else {
            &[Order::Linearizable]
        };
        let mut lines: Vec<Line> = Vec::new();
        for &order in orders {
            let begun = Instant::now();
            let Ok(checked) = check(self.history, self.model, order, options.budget) else {
                continue;
            };
            let taken = begun.elapsed();
            let shrink = options.witness || options.json;
            let found = match &checked.verdict {
                Verdict::Violated(conflict) if shrink => {
                    Some(witness(self.history, conflict, options.budget))
                }
                _ => None,
            };
            lines.push((order, checked, taken, found));
        }
        if options.json {
            writeln!(out, "{}", self.json(voice, &lines))?;
        } else {
            for line in &lines {
                self.line(voice, options, line, out)?;
            }
        }
        let undecided = lines
            .iter()
            .any(|(_, checked, ..)| matches!(checked.verdict, Verdict::Undecided { .. }));
        Ok(if undecided {
            Ending::Undecided
        } else {
            Ending::Decided
        })
    }

    fn line(
        &self,
        voice: &Voice,
        options: &Options,
        (order, checked, taken, found): &Line,
        out: &mut impl Write,
    ) -> Result<(), Failure> {
        let count = self.history.operations.len();
        let shown = self.shown;
        let verdict = match (options.all, &checked.verdict) {
            (true, verdict) => format!("{}\t{}", order.id(), verdict.id()),
            (false, Verdict::Holds) => order.id().to_owned(),
            (false, Verdict::Violated(_)) => format!("not-{}", order.id()),
            (false, Verdict::Undecided { .. }) => "undecided".to_owned(),
        };
        writeln!(out, "{shown}\t{verdict}\t{count}\t{:.3}", millis(*taken))?;
        if let Some(found) = found {
            write!(out, "{}", draw(voice, self.history, found))?;
        }
        Ok(())
    }

    fn json(&self, voice: &Voice, lines: &[Line]) -> Json {
        let verdicts = lines.iter().map(|(order, checked, taken, found)| {
            let mut verdict = json!({
                "condition": order.id(),
                "verdict": checked.verdict.id(),
                "steps": checked.steps,
                "milliseconds": millis(*taken),
            });
            if let Verdict::Undecided { linearized } = checked.verdict {
                verdict["linearized"] = linearized.into();
            }
            if let Some(found) = found {
                verdict["witness"] = self.witness(voice, found);
            }
            verdict
        });
        json!({
            "file": self.shown,
            "format": self.format.id(),
            "model": self.model.id(),
            "operations": self.history.operations.len(),
            "verdicts": verdicts.collect::<Vec<_>>(),
        })
    }

    fn witness(&self, voice: &Voice, found: &Witness) -> Json {
        let shown = |places: &[u32]| -> Vec<Json> {
            let operations = places.iter().map(|&at| {
                let operation: &Operation = &self.history.operations[at as usize];
                json!({
                    "process": self.history.processes.get(operation.process).to_string(),
                    "key": self.history.keys.get(operation.key).to_string(),
                    "did": self.history.describe(operation),
                    "call": operation.call,
                    "return": operation.returned().then_some(operation.ret),
                })
            });
            operations.collect()
        };
        json!({
            "kind": found.kind.id(),
            "sentence": sentence(voice, found.kind).to_string(),
            "minimal": found.minimal,
            "operations": shown(&found.operations),
            "proof": shown(&found.proof),
        })
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
