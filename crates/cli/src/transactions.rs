//! The part of `splitbrain check` that decides histories of transactions: the strongest
//! level that holds, or each model by itself.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use splitbrain_checker::consistency::Consistency;
use splitbrain_checker::transactions::{
    Access, Edge, End, Level, Model, OperationId, TransactionalHistory, Undecided, Verdict,
    Witness, check,
};

use crate::check::Show;
use crate::say::Voice;
use crate::timeline::{kind, proved_by, why_not};

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
    /// The language.
    pub(crate) voice: &'a Voice,
    /// How much of it: with every model, not up to the first that is broken.
    pub(crate) show: Show,
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
        if self.show.json {
            writeln!(out, "{}", self.told(&looked, level))?;
        } else if self.show.all {
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
        let models: &[Model] = if self.show.all {
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
            if !holds && !self.show.all {
                break;
            }
        }
        looked
    }

    fn prove(&self, looked: &Looked, out: &mut impl Write) -> std::io::Result<()> {
        let Ok(Verdict::Violated { witness }) = &looked.verdict else {
            return Ok(());
        };
        if !self.show.witness {
            return Ok(());
        }
        let model = Consistency::Weak(looked.model);
        let why_not = why_not(self.voice, model, witness.pattern.id());
        writeln!(out, "  {why_not}")?;
        // Nothing orders a value that nobody wrote.
        if witness.edges.is_empty() {
            writeln!(out, "    {}", self.operation(witness.read))?;
        }
        for edge in &witness.edges {
            writeln!(out, "    {}", self.voice.words.edge(self.history, edge))?;
            for edge in &edge.because {
                writeln!(out, "      {}", self.voice.words.edge(self.history, edge))?;
            }
        }
        let (count, is_minimal) = (witness.operations().len(), witness.is_minimal);
        writeln!(out, "  {}", proved_by(self.voice, count, is_minimal))
    }

    /// What an operation did, as a sentence.
    fn operation(&self, id: OperationId) -> String {
        let words = &self.voice.words;
        let did = words.transactional_operation(self.history, id).sentence();
        format!("{did}.")
    }

    /// An end of an edge, for programs.
    fn end(&self, end: &End<OperationId>) -> Json {
        match *end {
            End::Initial(key) => json!({ "initial": key.0 }),
            End::Operation(id) => {
                let operation = self.history.operation(id);
                let transaction = self.history.transaction_of(id);
                let session = self.history.session_of(transaction);
                let before = self.history.session(session);
                let before = before.take_while(|it| *it < transaction).count();
                let (did, value) = match operation.access {
                    Access::Write(value) => ("write", Some(value.0)),
                    Access::Read(value) => ("read", value.map(|value| value.0)),
                };
                json!({
                    "session": session + 1,
                    "transaction": before + 1,
                    "line": self.history.label(id),
                    "did": did,
                    "key": operation.key.0,
                    "value": value,
                })
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
        json!({
            "kind": witness.pattern.id(),
            "sentence": kind(self.voice, witness.pattern.id()).to_string(),
            "minimal": witness.is_minimal,
            "read": self.end(&End::Operation(witness.read)),
            "edges": self.edges_told(&witness.edges),
        })
    }

    fn edges_told(&self, edges: &[Edge<OperationId>]) -> Vec<Json> {
        let told = edges.iter().map(|edge| {
            json!({
                "kind": edge.kind.id(),
                "sentence": self.voice.words.edge(self.history, edge).to_string(),
                "from": self.end(&edge.from),
                "to": self.end(&edge.to),
                "because": self.edges_told(&edge.because),
            })
        });
        told.collect()
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
