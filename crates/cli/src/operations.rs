//! The part of `splitbrain check` that decides histories of single operations: whether
//! they are linearizable, or each model of consistency by itself.

use std::io::Write;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};
use splitbrain_checker::consistency::{Consistency, OF_OPERATIONS};
use splitbrain_checker::history::{History, Operation, Value};
use splitbrain_checker::import::Format;
use splitbrain_checker::models::ModelId;
use splitbrain_checker::search::{self, Order};
use splitbrain_checker::transactions::{self, NotJudged, Sessions};

use crate::check::Show;
use crate::say::Voice;
use crate::timeline::{draw, draw_weak, kind};

/// A file that was read, and what is to be said of it.
pub(crate) struct Report<'a> {
    /// Its name.
    pub(crate) shown: &'a str,
    /// Its format.
    pub(crate) format: Format,
    /// What its operations are on.
    pub(crate) model: ModelId,
    /// What it holds.
    pub(crate) history: &'a History,
    /// The language.
    pub(crate) voice: &'a Voice,
    /// How much of it.
    pub(crate) show: Show,
    /// Steps that the search may take for a condition.
    pub(crate) budget: u64,
}

/// A model of consistency and what was found.
struct Looked {
    consistency: Consistency,
    found: Found,
    /// Steps that the search took; the weak models have none.
    steps: Option<u64>,
    taken: Duration,
}

enum Found {
    Holds,
    /// With the proof, where one is to be shown.
    Violated(Option<Proof>),
    /// With how many operations were in order at best, where they were searched for one.
    Undecided(Option<u32>),
    NotJudged(NotJudged),
}

enum Proof {
    OfOrder(search::Witness),
    OfWeak {
        kind: &'static str,
        places: Vec<u32>,
        is_minimal: bool,
    },
}

impl Report<'_> {
    /// Decides and says; whether everything was decided.
    pub(crate) fn check(&self, out: &mut impl Write) -> std::io::Result<bool> {
        let looked = self.look();
        if self.show.json {
            writeln!(out, "{}", self.json(&looked))?;
        } else {
            for it in &looked {
                self.line(it, out)?;
            }
        }
        let is_undecided = |it: &Looked| matches!(it.found, Found::Undecided(_));
        Ok(!looked.iter().any(is_undecided))
    }

    fn look(&self) -> Vec<Looked> {
        if !self.show.all {
            return vec![self.ordered(Order::Linearizable)];
        }
        let sessions = Sessions::new(self.history, Some(self.model));
        let look = |consistency| match consistency {
            Consistency::Ordered(order) => self.ordered(order),
            Consistency::Weak(model) => {
                let begun = Instant::now();
                let verdict = sessions.as_ref().map_err(|why| *why);
                let verdict = verdict.and_then(|sessions| {
                    let verdict = sessions.check(model)?;
                    Ok((sessions, verdict))
                });
                let found = match verdict {
                    Ok((_, transactions::Verdict::Holds)) => Found::Holds,
                    Ok((sessions, transactions::Verdict::Violated { witness })) => {
                        Found::Violated(Some(Proof::OfWeak {
                            kind: witness.pattern.id(),
                            places: sessions.places(&witness),
                            is_minimal: witness.is_minimal,
                        }))
                    }
                    Err(NotJudged::Undecided(_)) => Found::Undecided(None),
                    Err(why) => Found::NotJudged(why),
                };
                Looked {
                    consistency,
                    found,
                    steps: None,
                    taken: begun.elapsed(),
                }
            }
        };
        OF_OPERATIONS.into_iter().map(look).collect()
    }

    fn ordered(&self, order: Order) -> Looked {
        let begun = Instant::now();
        // Whoever read the file saw to it that the model knows its operations.
        let checked = search::check(self.history, self.model, order, self.budget);
        let taken = begun.elapsed();
        let steps = checked.as_ref().ok().map(|checked| checked.steps);
        let shows_proof = self.show.witness || self.show.json;
        let found = match checked.map(|checked| checked.verdict) {
            Ok(search::Verdict::Holds) => Found::Holds,
            Ok(search::Verdict::Violated(conflict)) => Found::Violated(shows_proof.then(|| {
                let witness = search::witness(self.history, &conflict, self.budget);
                Proof::OfOrder(witness)
            })),
            Ok(search::Verdict::Undecided { linearized }) => Found::Undecided(Some(linearized)),
            Err(unfit) => Found::NotJudged(NotJudged::OtherOperation(unfit.at)),
        };
        Looked {
            consistency: Consistency::Ordered(order),
            found,
            steps,
            taken,
        }
    }

    fn line(&self, looked: &Looked, out: &mut impl Write) -> std::io::Result<()> {
        let id = looked.consistency.id().replace('_', "-");
        let verdict = match (&looked.found, self.show.all) {
            (Found::Holds, false) => id,
            (Found::Violated(_), false) => format!("not-{id}"),
            (Found::NotJudged(why), _) => format!("{id}\t{}", not_judged(*why)),
            (found, true) => format!("{id}\t{}", found.id()),
            (found, false) => found.id().to_owned(),
        };
        let (shown, count) = (self.shown, self.history.operations.len());
        let millis = millis(looked.taken);
        writeln!(out, "{shown}\t{verdict}\t{count}\t{millis:.3}")?;
        if !self.show.witness {
            return Ok(());
        }
        match &looked.found {
            Found::Violated(Some(Proof::OfOrder(witness))) => {
                write!(out, "{}", draw(self.voice, self.history, witness))
            }
            Found::Violated(Some(Proof::OfWeak {
                kind,
                places,
                is_minimal,
            })) => {
                let model = looked.consistency;
                let drawn = draw_weak(self.voice, self.history, model, kind, places, *is_minimal);
                write!(out, "{drawn}")
            }
            Found::NotJudged(why) => writeln!(out, "  {}", self.reason(*why)),
            _ => Ok(()),
        }
    }

    /// Why a model says nothing of this history, naming operations.
    fn reason(&self, why: NotJudged) -> String {
        let operation = |at: u32| &self.history.operations[at as usize];
        let who = |at| {
            let process = self.history.processes.get(operation(at).process);
            let args = [("name", plain(process).into())];
            self.voice.say("ui.judge.process", &args).to_string()
        };
        let did = |at| {
            let operation = operation(at);
            let did = self.history.describe(operation);
            if self.history.keys.len() > 1 {
                format!("{}: {did}", plain(self.history.keys.get(operation.key)))
            } else {
                did
            }
        };
        self.voice.words.not_judged(why, who, did).to_string()
    }

    fn json(&self, looked: &[Looked]) -> Json {
        let verdicts = looked.iter().map(|it| {
            let mut verdict = json!({
                "condition": it.consistency.id(),
                "verdict": it.found.id(),
                "milliseconds": millis(it.taken),
            });
            if let Some(steps) = it.steps {
                verdict["steps"] = steps.into();
            }
            match &it.found {
                Found::Undecided(Some(linearized)) => verdict["linearized"] = (*linearized).into(),
                Found::NotJudged(why) => {
                    verdict["reason"] = why.id().into();
                    verdict["why"] = not_judged(*why).into();
                    verdict["sentence"] = self.reason(*why).into();
                }
                Found::Violated(Some(proof)) => verdict["witness"] = self.proof(proof),
                _ => {}
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

    fn proof(&self, proof: &Proof) -> Json {
        let (id, is_minimal, places, proof) = match proof {
            Proof::OfOrder(witness) => {
                let (id, proof) = (witness.kind.id(), &witness.proof);
                (id, witness.minimal, &witness.operations, proof)
            }
            Proof::OfWeak {
                kind,
                places,
                is_minimal,
            } => (*kind, *is_minimal, places, places),
        };
        json!({
            "kind": id,
            "sentence": kind(self.voice, id).to_string(),
            "minimal": is_minimal,
            "operations": self.told(places),
            "proof": self.told(proof),
        })
    }

    fn told(&self, places: &[u32]) -> Vec<Json> {
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
    }
}

impl Found {
    fn id(&self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::Violated(_) => "violated",
            Self::Undecided(_) => "undecided",
            Self::NotJudged(_) => "not-judged",
        }
    }
}

/// `not judged: repeated values`.
fn not_judged(why: NotJudged) -> String {
    format!("not judged: {}", why.id().replace('_', " "))
}

/// A name without the quotes of a text.
fn plain(name: &Value) -> String {
    match name {
        Value::Text(text) | Value::Word(text) => text.clone(),
        other => other.to_string(),
    }
}

fn millis(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
