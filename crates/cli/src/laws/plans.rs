//! Merge rules that somebody composed: in words, or in a file with one a line.

use std::io::Read;
use std::path::{Path, PathBuf};

use splitbrain_engine::crdt::laws::rules::{RuleError, RuleLab, Wanted};
use splitbrain_words::{Arg, Text};

use crate::fail::Failure;
use crate::say::Voice;

/// Bytes of a file at most.
const MOST_BYTES: u64 = 64 * 1024;

/// Rules of a file at most.
const MOST_RULES: usize = 100;

/// What was to be a rule and is none.
#[derive(Debug)]
pub(crate) struct NoPlan {
    /// The file and the line, from 1; nothing for what was given in words.
    at: Option<(PathBuf, u32)>,
    error: RuleError,
}

/// The rules, each with its source.
pub(super) fn read(given: &str) -> Result<Vec<(String, RuleLab)>, Failure> {
    let path = Path::new(given);
    // What has neither a colon nor a space is no rule, so it was to be a file.
    let is_words = given.contains([':', ' ']);
    if is_words && !path.is_file() {
        let lab = RuleLab::parse(given);
        let lab = lab.map_err(|error| Failure::NoPlan(vec![NoPlan { at: None, error }]))?;
        return Ok(vec![(given.to_owned(), lab)]);
    }
    let failed = |error| Failure::File {
        path: path.to_owned(),
        error,
    };
    let mut source = Vec::new();
    let file = std::fs::File::open(path).map_err(failed)?;
    file.take(MOST_BYTES + 1)
        .read_to_end(&mut source)
        .map_err(failed)?;
    if source.len() as u64 > MOST_BYTES {
        return Err(Failure::LargeRules(path.to_owned()));
    }
    let source = String::from_utf8(source);
    let source = source.map_err(|error| failed(std::io::Error::other(error)))?;
    in_lines(path, &source)
}

fn in_lines(path: &Path, source: &str) -> Result<Vec<(String, RuleLab)>, Failure> {
    let (mut rules, mut wrong) = (Vec::new(), Vec::new());
    for (line, text) in (1_u32..).zip(source.lines()) {
        let text = text.split('#').next().unwrap_or_default();
        if text.trim().is_empty() {
            continue;
        }
        if rules.len() + wrong.len() == MOST_RULES {
            return Err(Failure::LargeRules(path.to_owned()));
        }
        match RuleLab::parse(text) {
            Ok(lab) => rules.push((text.trim().to_owned(), lab)),
            Err(error) => wrong.push(NoPlan {
                at: Some((path.to_owned(), line)),
                error,
            }),
        }
    }
    if !wrong.is_empty() {
        return Err(Failure::NoPlan(wrong));
    }
    if rules.is_empty() {
        return Err(Failure::NoRules(path.to_owned()));
    }
    Ok(rules)
}

impl NoPlan {
    /// For people: where, what was expected, what is there.
    pub(crate) fn say(&self, voice: &Voice) -> Text {
        let RuleError {
            column,
            expected,
            ref found,
        } = self.error;
        let place = match &self.at {
            Some((path, line)) => format!("{}:{line}:{column}", path.display()),
            None => column.to_string(),
        };
        let found = if found.is_empty() {
            voice.say("cli.laws.end", &[]).to_string()
        } else {
            format!("“{found}”")
        };
        let args: [(&str, Arg); 3] = [
            ("place", place.into()),
            ("expected", wanted(voice, expected).into()),
            ("found", found.into()),
        ];
        match self.at {
            Some(_) => voice.say("cli.laws.wrong.file", &args),
            None => voice.say("cli.laws.wrong.words", &args),
        }
    }
}

fn wanted(voice: &Voice, wanted: Wanted) -> Text {
    let id = match wanted {
        Wanted::Short => "cli.laws.wanted.short",
        Wanted::Kept => "cli.laws.wanted.kept",
        Wanted::Growing => "cli.laws.wanted.growing",
        Wanted::Colon => "cli.laws.wanted.colon",
        Wanted::RuleOfNumbers => "cli.laws.wanted.rule_of_numbers",
        Wanted::RuleOfSets => "cli.laws.wanted.rule_of_sets",
        Wanted::PerItem => "cli.laws.wanted.per_item",
        Wanted::OnceOnly => "cli.laws.wanted.once_only",
        Wanted::ReplicaOrItem => "cli.laws.wanted.replica_or_item",
        Wanted::States => "cli.laws.wanted.states",
        Wanted::Fields => "cli.laws.wanted.fields",
        Wanted::End => "cli.laws.wanted.end",
    };
    voice.say(id, &[])
}
