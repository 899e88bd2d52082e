//! `splitbrain check`: what histories that anybody recorded are consistent with.
//!
//! One line a file, so that hundreds can be looked through at once. What is wrong with a
//! file goes to standard error and does not keep the others from being checked.

use std::io::Write;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::{Value as Json, json};
use splitbrain_checker::history::History;
use splitbrain_checker::import::{self, BYTES, Format, ImportError, Imported};
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::STEPS;
use splitbrain_checker::transactions::{Repeats, TransactionalHistory, awdit};
use splitbrain_words::{Arg, Text};

use crate::fail::Failure;
use crate::say::Voice;
use crate::{operations, transactions};

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
With --all a line a condition: FILE, CONDITION, VERDICT, OPERATIONS, MILLISECONDS; the verdict is
holds, violated, undecided, or `not judged: REASON` where the condition says nothing of such a
history, as where two writes wrote the same value; --witness and --json say more of the reason.

Exit codes: 0 every file was decided, as far as a condition says anything of it, 1 some were not
within the budget, 2 some cannot be read.")]
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
    /// Show the smallest violation: along the time, or as its reasons one by one.
    #[arg(long)]
    witness: bool,
    /// Check every condition, not linearizability or the levels of transactions alone.
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

/// What is said of a file that was read.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Show {
    /// Every condition, not only those that a verdict on the file needs.
    pub(crate) all: bool,
    /// The smallest violation.
    pub(crate) witness: bool,
    /// An object of JSON instead of lines.
    pub(crate) json: bool,
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
        let format = format.ok_or(Problem::Unknown)?;
        if format == Format::Awdit {
            return transactional(&shown, &bytes, options.model).map(Read::Transactions);
        }
        let (model, history) = single(format, &bytes, options.model)?;
        Ok(Read::Operations(format, model, history))
    });
    let show = Show {
        all: options.all,
        witness: options.witness,
        json: options.json,
    };
    let ending = |is_decided| {
        if is_decided {
            Ending::Decided
        } else {
            Ending::Undecided
        }
    };
    let ending = match read {
        Ok(Read::Transactions(history)) => {
            let report = transactions::Report {
                shown: &shown,
                history: &history,
                voice,
                show,
            };
            ending(report.check(out)?)
        }
        Ok(Read::Operations(format, model, history)) => {
            let report = operations::Report {
                shown: &shown,
                format,
                model,
                history: &history,
                voice,
                show,
                budget: options.budget,
            };
            ending(report.check(out)?)
        }
        Err(problem) => {
            if options.json {
                writeln!(out, "{}", problem.json(voice, &shown))?;
            }
            eprintln!("splitbrain: {}", problem.say(voice, path));
            Ending::Unreadable
        }
    };
    Ok(ending)
}

/// What a file holds.
enum Read {
    Operations(Format, ModelId, History),
    Transactions(TransactionalHistory),
}

/// Why a file is of no use.
enum Problem {
    /// It cannot be read at all.
    Io(std::io::Error),
    /// Something else was expected somewhere in it.
    Text(ImportError),
    /// It is of no known format.
    Unknown,
    /// It has transactions where single operations were asked for.
    Transactions,
    /// It has single operations where transactions were asked for.
    Operations,
    /// Its operations are on several kinds of things.
    Mixed,
    /// The model does not know this operation.
    Unfit(String),
}

impl Problem {
    /// What was expected, and what was found.
    fn parts(&self, voice: &Voice) -> (Text, Text) {
        let both = |expected, found| (voice.say(expected, &[]), voice.say(found, &[]));
        match self {
            Self::Text(error) => {
                let expected = voice.words.import_expected(error.expected);
                (expected, voice.words.import_found(&error.found))
            }
            Self::Transactions => both("cli.check.operations", "cli.check.transactions"),
            Self::Operations => both("cli.check.transactions", "cli.check.operations"),
            Self::Mixed => both("cli.check.one_kind", "cli.check.several_kinds"),
            Self::Unfit(did) => {
                let args = [("did", Arg::Value(did.clone()))];
                let found = voice.say("cli.check.unfit", &args);
                (voice.say("cli.check.fit", &[]), found)
            }
            Self::Io(_) | Self::Unknown => both("cli.check.known", "cli.check.another"),
        }
    }

    /// The line, where there is one.
    fn line(&self) -> Option<u64> {
        match self {
            Self::Text(error) => Some(error.line).filter(|&line| line > 0),
            _ => None,
        }
    }

    fn say(&self, voice: &Voice, path: &Path) -> String {
        let path = path.display().to_string();
        if let Self::Io(error) = self {
            let args = [("path", Arg::from(path)), ("why", error.to_string().into())];
            return voice.say("cli.file", &args).to_string();
        }
        let (expected, found) = self.parts(voice);
        let mut args = vec![
            ("path", Arg::from(path)),
            ("expected", expected.into()),
            ("found", found.into()),
        ];
        let Some(line) = self.line() else {
            return voice.say("cli.check.whole", &args).to_string();
        };
        args.push(("line", line.to_string().into()));
        voice.say("cli.check.line", &args).to_string()
    }

    fn json(&self, voice: &Voice, shown: &str) -> Json {
        let error = if let Self::Io(error) = self {
            json!({ "why": error.to_string() })
        } else {
            let (expected, found) = self.parts(voice);
            json!({
                "line": self.line(),
                "expected": expected.to_string(),
                "found": found.to_string(),
            })
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
fn single(format: Format, bytes: &[u8], model: Model) -> Result<(ModelId, History), Problem> {
    let other = || Problem::Transactions;
    let imported = import::import(format, bytes).ok_or_else(other)?;
    let Imported::Operations(history) = imported.map_err(Problem::Text)? else {
        return Err(other());
    };
    let model = match model {
        Model::Transactions => return Err(Problem::Operations),
        Model::Of(model) => model,
        Model::Auto if format == Format::Kv => ModelId::Kv,
        Model::Auto => ModelId::guess(&history).ok_or(Problem::Mixed)?,
    };
    let mut operations = history.operations.iter();
    match operations.find(|operation| !model.accepts(operation.action)) {
        Some(operation) => Err(Problem::Unfit(history.describe(operation))),
        None => Ok((model, history)),
    }
}

/// The transactions in these bytes.
fn transactional(shown: &str, bytes: &[u8], model: Model) -> Result<TransactionalHistory, Problem> {
    if let Model::Of(_) = model {
        return Err(Problem::Transactions);
    }
    awdit::read(shown, bytes, Repeats::Refuse).map_err(|error| Problem::Text(error.into()))
}
