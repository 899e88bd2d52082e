//! `splitbrain laws`: what replicated data types keep, tried on random histories, and of
//! each law that does not hold the smallest history that breaks it.
//!
//! # Code map
//! - Here: the question, and the answer as a table. [`told`]: the same as JSON.
//! - [`story`]: a broken law, step by step.
//! - [`plans`]: merge rules that somebody composed.

mod plans;
mod story;
mod told;

use std::io::Write;

use clap::Args;
use splitbrain_engine::crdt::catalogue::{Entry, all};
use splitbrain_engine::crdt::laws::rules::LAWS;
use splitbrain_engine::crdt::laws::{Effort, Finding, Lab, Law, Sample, search};

use splitbrain_words::Arg;

use crate::fail::Failure;
use crate::progress::Progress;
use crate::say::Voice;

pub(crate) use plans::NoPlan;

/// What to try, and how hard.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  splitbrain laws
  splitbrain laws cart_by_maximum
  splitbrain laws observed_remove_set tombstone_set --histories 100000
  splitbrain laws --rule 'price: minimum'
  splitbrain laws --rule 'growing cart: per item per replica maximum'
  splitbrain laws --rule rules.txt --json

A rule says what is kept and how two states of it become one:
  plan   = [ growing ] kept : rule
  kept   = count | cart | set | price | status | record
  rule   = minimum | maximum | sum | union | intersection
         | per ( replica | item ) rule
         | state < state { < state }
         | { rule {, rule} }
A file holds one a line; empty lines and what follows a # say nothing.

Replicas are A, B and C. `A: add(0)` acts, `B <- A` merges A into B; A2 is the second act of A, and
@1 a time. A number of tries counts a law once for each state, pair or triple it was tried on.

--json gives an array with an object for each type or rule:
  id           of the type; null for a rule
  name         of the type, in the language asked for; the rule itself
  sound        whether the catalogue marks it sound; null for a rule
  bytes        null where it refuses; else of the update after eight that all have heard of: its
               operation, its delta, and the whole state with it
  sample       null, or a replica before that update: its value and state
  as_expected  whether just those laws broke of which the catalogue says so; of a rule: none
  laws         an array, an object a law:
    law             commutative, associative, idempotent, updates_go_up, specification, deltas,
                    operations, convergence, bounds, no_interleaving
    tried           how often
    holds           whether no history broke it; null where it was never tried
    counterexample  null, or the smallest history that was found to break it:
      steps     an array: step (as above), refused, bytes that travelled, and replicas: after
                the step, each with its name, value and state
      sight     value: what readers see differs; state: only what is kept underneath
      replicas  the names of those that the law is about
      found     the left side of the law: its value and its state
      expected  the right side; its state is null where a specification asks for it
      orders    null, or of the law operations the two orders, as numbers of the acts from 1

Exits with 1 where as_expected is false.")]
pub(crate) struct Options {
    /// Which data types, by id; all of them where none is named.
    #[arg(value_name = "TYPE", value_parser = type_of, conflicts_with = "rule")]
    types: Vec<&'static str>,
    /// A merge rule to try instead: in words, or a file of them.
    #[arg(long, value_name = "FILE|TEXT")]
    rule: Option<String>,
    /// Random histories.
    #[arg(long, default_value_t = 2_000, value_parser = clap::value_parser!(u32).range(1..=10_000_000))]
    histories: u32,
    /// Where to begin; the history of a seed is always the same.
    #[arg(long, default_value_t = 0)]
    seed: u64,
    /// The same as JSON and nothing else.
    #[arg(long)]
    json: bool,
}

/// The id of a type or of a rule, if the catalogue has it.
fn type_of(id: &str) -> Result<&'static str, String> {
    let mut known = all().map(|entry| entry.info.id);
    let found = known.clone().find(|it| *it == id);
    found.ok_or_else(|| {
        format!(
            "known are {}",
            known.by_ref().collect::<Vec<_>>().join(", ")
        )
    })
}

/// Something whose laws were tried.
struct Tried {
    /// Of the type; none for a rule.
    id: Option<&'static str>,
    name: String,
    /// What is said of what breaks a law, by its id.
    mark: Option<&'static str>,
    is_timed: bool,
    /// The laws that the catalogue says it breaks.
    breaks: &'static [Law],
    findings: Vec<Finding>,
    sample: Option<Sample>,
}

impl Tried {
    /// Whether just those laws broke of which the catalogue says so.
    fn is_as_expected(&self) -> bool {
        let broken = self
            .findings
            .iter()
            .filter(|it| it.counterexample.is_some());
        broken.map(|it| it.law).eq(self.breaks.iter().copied())
    }

    fn of(lab: &dyn Lab, laws: &[Law], effort: Effort) -> Self {
        Self {
            id: None,
            name: String::new(),
            mark: None,
            is_timed: lab.is_timed(),
            breaks: &[],
            findings: search(lab, laws, effort),
            sample: Sample::of(lab),
        }
    }
}

/// Tries and says.
pub(crate) fn run(voice: &Voice, options: &Options) -> Result<(), Failure> {
    let effort = Effort {
        histories: options.histories,
        seed: options.seed,
        ..Effort::default()
    };
    let mut out = std::io::stdout().lock();
    let mut unexpected = 0;
    let mut rows = Vec::new();
    // Lines tell by themselves how far it is; JSON comes at the end.
    let tries = match (&options.rule, options.types.len()) {
        (None, 0) => all().count(),
        (None, some) => some,
        (Some(_), _) => 1,
    };
    let mut progress = options.json.then(|| Progress::of(tries as u64));
    let mut tell = |tried: Tried| -> Result<(), Failure> {
        unexpected += u32::from(!tried.is_as_expected());
        if options.json {
            rows.push(told::row(&tried));
            progress.iter_mut().for_each(Progress::one_more);
        } else {
            say(voice, &mut out, &tried)?;
        }
        Ok(())
    };
    if let Some(rule) = &options.rule {
        for (source, lab) in plans::read(rule)? {
            let tried = Tried::of(&lab, LAWS, effort);
            tell(Tried {
                name: source,
                ..tried
            })?;
        }
    } else {
        let is_asked =
            |entry: &&Entry| options.types.is_empty() || options.types.contains(&entry.info.id);
        for entry in all().filter(is_asked) {
            let tried = Tried::of(entry.lab, entry.laws, effort);
            tell(Tried {
                id: Some(entry.info.id),
                name: voice.words.data_type(entry.info.id).to_string(),
                mark: (!entry.breaks.is_empty()).then_some(if entry.is_broken() {
                    "ui.laws.broken.more"
                } else {
                    "ui.laws.gives_up.more"
                }),
                breaks: entry.breaks,
                ..tried
            })?;
        }
    }
    if let Some(progress) = progress {
        progress.done();
        writeln!(out, "{:#}", serde_json::Value::from(rows))?;
    }
    match unexpected {
        0 => Ok(()),
        _ => Err(Failure::Lawless(unexpected)),
    }
}

fn say(voice: &Voice, out: &mut impl Write, tried: &Tried) -> Result<(), Failure> {
    match tried.id {
        Some(id) => writeln!(out, "{} ({id})", tried.name)?,
        None => writeln!(out, "{}", tried.name)?,
    }
    if let Some(mark) = tried.mark {
        writeln!(out, "  {}", voice.say(mark, &[]))?;
    }
    if let Some(sample) = &tried.sample {
        let sizes = [
            ("operation", Arg::from(u64::from(sample.operation))),
            ("delta", Arg::from(u64::from(sample.delta))),
            ("state", Arg::from(u64::from(sample.state))),
        ];
        writeln!(out, "  {}", voice.say("cli.laws.sizes", &sizes))?;
    }
    let names = tried.findings.iter();
    let names: Vec<String> = names
        .map(|it| voice.words.law(it.law).to_string())
        .collect();
    let widest = names.iter().map(|name| name.chars().count()).max();
    let widest = widest.unwrap_or(0);
    for (finding, name) in tried.findings.iter().zip(&names) {
        let verdict = match (finding.tried, &finding.counterexample) {
            (0, _) => voice.say("cli.laws.none", &[]),
            (_, None) => voice.say("cli.laws.holds", &[]),
            (_, Some(_)) => voice.say("cli.laws.broken", &[]),
        };
        let count = voice.words.number(finding.tried as i64).to_string();
        writeln!(out, "  {name:<widest$}  {count:>12}  {verdict}")?;
        if let Some(found) = &finding.counterexample {
            for line in story::lines(voice, found, tried.is_timed) {
                writeln!(out, "      {line}")?;
            }
        }
    }
    for missing in tried.breaks.iter().filter(|&&law| {
        let mut findings = tried.findings.iter();
        findings.any(|it| it.law == law && it.counterexample.is_none())
    }) {
        let law = [("law", voice.words.law(*missing).into())];
        writeln!(out, "  {}", voice.say("cli.laws.not_found", &law))?;
    }
    writeln!(out)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_breaks_otherwise_than_the_catalogue_says_is_not_as_expected() {
        let lab = all().find(|it| it.info.id == "stock_counter").unwrap().lab;
        let mut tried = Tried::of(lab, &Law::ALL, Effort::default());
        assert!(!tried.is_as_expected());
        tried.breaks = &[Law::Bounds];
        assert!(tried.is_as_expected());
        tried.breaks = &[Law::Bounds, Law::Deltas];
        assert!(!tried.is_as_expected());
    }
}
