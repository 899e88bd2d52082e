//! What is wrong with a file, and where.

use std::fmt;

use crate::history::BuildError;

/// Why a file cannot be read. `Display` gives a line for people, without the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// The line, from 1; nought where the file as a whole is meant.
    pub line: u64,
    /// What was expected there.
    pub expected: &'static str,
    /// What was there instead, cut short.
    pub found: String,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "expected {}, found {}", self.expected, self.found)
    }
}

impl std::error::Error for ImportError {}

/// Characters of a file that an error quotes at most.
const QUOTED: usize = 40;

/// An error that says in words what was found.
pub(super) fn expected(line: u64, what: &'static str, found: &'static str) -> ImportError {
    ImportError {
        line,
        expected: what,
        found: found.to_owned(),
    }
}

/// An error that quotes what was found.
pub(super) fn quoting(line: u64, what: &'static str, found: &str) -> ImportError {
    let mut short: String = found.chars().take(QUOTED).collect();
    if short.len() < found.len() {
        short.push('…');
    }
    ImportError {
        line,
        expected: what,
        found: format!("{short:?}"),
    }
}

/// What does not fit what came before it.
pub(super) fn unfit(line: u64, error: BuildError) -> ImportError {
    let (what, found) = error.said();
    expected(line, what, found)
}
