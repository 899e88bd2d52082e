//! The part of `splitbrain check` that decides histories of transactions: the strongest
//! level that holds, or each model by itself.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use splitbrain_checker::transactions::{
    Access, Edge, End, Level, Model, OperationId, TransactionalHistory, Undecided, Verdict,
    Witness, check,
};

/// What is looked at, the weakest first, and the level that it makes.
const LEVELS: [(Model, Level); 3] = [
    (Model::ReadCommitted, Level::ReadCommitted),
    (Model::ReadAtomic, Level::ReadAtomic),
    (Model::CausalConvergence, Level::Causal),
];

/// A file that was read, and what is to be said of it.
pub(crate) struct Report<'a> {
    /// Its name.
    pub(crate) shown: &'a str,
    /// What it holds.
    pub(crate) history: &'a TransactionalHistory,
    /// Whether every model is looked at, not up to the first that is broken.
    pub(crate) all: bool,
    /// Whether the smallest violation is shown.
    pub(crate) witness: bool,
    /// Whether an object of JSON is written.
    pub(crate) json: bool,
}

struct Looked {
    model: Model,
    verdict: Result<Verdict, Undecided>,
    taken: Duration,
}

impl Looked {
    fn id(&self) -> &'static str {
        match &self.verdict {
            Ok(verdict) => verdict.id(),
            Err(_) => "undecided",
        }
    }
}

impl Report<'_> {
    /// Decides and says; whether everything was decided.
    pub(crate) fn check(&self, out: &mut impl Write) -> std::io::Result<bool> {
        let looked = self.look();
        let is_decided = looked.iter().all(|it| it.verdict.is_ok());
        let operations = self.history.operation_count();
        let level = level(&looked);
        if self.json {
            writeln!(out, "{}", self.told(&looked, level))?;
        } else if self.all {
            for it in &looked {
                let id = it.model.id().replace('_', "-");
                let (shown, verdict, millis) = (self.shown, it.id(), millis(it.taken));
                writeln!(out, "{shown}\t{id}\t{verdict}\t{operations}\t{millis:.3}")?;
                self.prove(it, out)?;
            }
        } else {
            let taken = millis(looked.iter().map(|it| it.taken).sum());
            let verdict = if is_decided { level.id() } else { "undecided" };
            writeln!(out, "{}\t{verdict}\t{operations}\t{taken:.3}", self.shown)?;
            if let Some(last) = looked.last() {
                self.prove(last, out)?;
            }
        }
        Ok(is_decided)
    }

    /// Each model with its verdict; unless all are asked for, up to the first that is not
    /// known to hold.
    fn look(&self) -> Vec<Looked> {
        let mut looked = Vec::new();
        let models: &[Model] = if self.all {
            &Model::ALL
        } else {
            &LEVELS.map(|it| it.0)
        };
        for &model in models {
            let begun = Instant::now();
            let verdict = check(self.history, model);
            let taken = begun.elapsed();
            let holds = matches!(verdict, Ok(Verdict::Holds));
            looked.push(Looked {
                model,
                verdict,
                taken,
            });
            if !holds && !self.all {
                break;
            }
        }
        looked
    }

    fn prove(&self, looked: &Looked, out: &mut impl Write) -> std::io::Result<()> {
        let Ok(Verdict::Violated { witness }) = &looked.verdict else {
            return Ok(());
        };
        if self.witness {
            writeln!(out, "  {}", witness.pattern.id().replace('_', " "))?;
            for edge in &witness.edges {
                let (from, to) = (self.end(&edge.from), self.end(&edge.to));
                writeln!(
                    out,
                    "    {from} -> {to} ({})",
                    edge.kind.id().replace('_', " ")
                )?;
            }
        }
        Ok(())
    }

    /// An end of an edge, as the file has it.
    fn end(&self, end: &End<OperationId>) -> String {
        match *end {
            End::Initial(key) => format!("initial value of {key}"),
            End::Operation(id) => {
                let operation = self.history.operation(id);
                let (line, key) = (self.history.label(id), operation.key);
                match operation.access {
                    Access::Write(value) => format!("line {line}: w {key} {value}"),
                    Access::Read(Some(value)) => format!("line {line}: r {key} {value}"),
                    Access::Read(None) => format!("line {line}: r {key}, its initial value"),
                }
            }
        }
    }

    fn told(&self, looked: &[Looked], level: Level) -> Json {
        let verdicts = looked.iter().map(|it| {
            let mut verdict = json!({
                "condition": it.model.id(),
                "verdict": it.id(),
                "milliseconds": millis(it.taken),
            });
            if let Ok(Verdict::Violated { witness }) = &it.verdict {
                verdict["witness"] = self.witness_told(witness);
            }
            verdict
        });
        json!({
            "file": self.shown,
            "format": "awdit",
            "model": "txn",
            "operations": self.history.operation_count(),
            "transactions": self.history.transaction_count(),
            "sessions": self.history.session_count(),
            "level": level.id(),
            "verdicts": verdicts.collect::<Vec<_>>(),
        })
    }

    fn witness_told(&self, witness: &Witness) -> Json {
        let edge = |edge: &Edge<OperationId>| {
            json!({
                "from": self.end(&edge.from),
                "to": self.end(&edge.to),
                "kind": edge.kind.id(),
            })
        };
        json!({
            "kind": witness.pattern.id(),
            "minimal": witness.is_minimal,
            "edges": witness.edges.iter().map(edge).collect::<Vec<_>>(),
        })
    }
}

/// The strongest level that was found to hold.
fn level(looked: &[Looked]) -> Level {
    let mut strongest = Level::None;
    for (model, level) in LEVELS {
        let found = looked.iter().find(|it| it.model == model);
        match found.map(|it| &it.verdict) {
            Some(Ok(Verdict::Holds)) => strongest = level,
            _ => break,
        }
    }
    strongest
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
