//! Counting what passed and failed, out of what a test runner prints.

use crate::error::{Error, Result};
use std::io::{BufRead, BufReader};
use std::process::{Command, ExitStatus, Stdio};

/// How many tests of one kind passed and failed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
    pub(crate) ignored: u64,
}

impl Tally {
    /// Adds what one line of a test runner says, if it is a result line.
    fn add_line(&mut self, line: &str) {
        let Some(counts) = line.trim_start().strip_prefix("test result: ") else {
            return;
        };
        self.passed += count_before(counts, "passed");
        self.failed += count_before(counts, "failed");
        self.ignored += count_before(counts, "ignored");
    }

    /// Prints the closing line of a kind of tests.
    pub(crate) fn print(self, kind: &str) {
        let Self {
            passed,
            failed,
            ignored,
        } = self;
        let ignored = match ignored {
            0 => String::new(),
            n => format!(", {n} ignored"),
        };
        println!("{kind}: {passed} passed, {failed} failed{ignored}");
    }
}

/// The number in front of a word: 12 in "ok. 12 passed; 0 failed".
fn count_before(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split([' ', ';']).filter(|w| !w.is_empty()).collect();
    let mut pairs = words.windows(2);
    pairs
        .find_map(|pair| (pair[1] == word).then(|| pair[0].parse().ok())?)
        .unwrap_or(0)
}

/// Runs a child, shows its output line by line, and counts the tests in it.
pub(crate) fn run_and_count(command: &mut Command) -> Result<(Tally, ExitStatus)> {
    let mut tally = Tally::default();
    let status = for_each_line(command, |line| tally.add_line(line))?;
    Ok((tally, status))
}

/// Runs a child, shows its output, and hands each line of it on.
pub(crate) fn for_each_line(
    command: &mut Command,
    mut each: impl FnMut(&str),
) -> Result<ExitStatus> {
    let program = command.get_program().to_string_lossy().into_owned();
    let start = |source| Error::Start {
        command: program.clone(),
        source,
    };
    let mut child = command.stdout(Stdio::piped()).spawn().map_err(start)?;
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout);
        let mut line = Vec::new();
        while lines.read_until(b'\n', &mut line).map_err(start)? > 0 {
            let text = String::from_utf8_lossy(&line).into_owned();
            print!("{text}");
            each(&text);
            line.clear();
        }
    }
    child.wait().map_err(start)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn result_lines_add_up() {
        let mut tally = Tally::default();
        tally.add_line("test result: ok. 12 passed; 0 failed; 1 ignored; 0 measured; 3 filtered");
        tally.add_line("test result: FAILED. 1 passed; 2 failed; 0 ignored; 0 filtered out");
        tally.add_line("test sim::passed ... ok");
        let expected = Tally {
            passed: 13,
            failed: 2,
            ignored: 1,
        };
        assert_eq!(tally, expected);
    }
}
