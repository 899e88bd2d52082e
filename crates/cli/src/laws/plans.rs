//! Merge rules that somebody composed: in words, or in a file with one a line.

use std::io::Read;
use std::path::{Path, PathBuf};

use splitbrain_engine::crdt::laws::rules::{RuleError, RuleLab};
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
        let Some((path, line)) = &self.at else {
            return voice.words.rule_error(&self.error);
        };
        let place = format!("{}:{line}:{}", path.display(), self.error.column);
        let args: [(&str, Arg); 3] = [
            ("place", place.into()),
            ("expected", voice.words.rule_wanted(&self.error).into()),
            ("found", voice.words.rule_found(&self.error).into()),
        ];
        voice.say("cli.laws.wrong.file", &args)
    }
}
