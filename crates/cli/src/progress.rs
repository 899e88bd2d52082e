//! How far a long command is, on standard error, where somebody watches.

use std::io::{IsTerminal, Write};

/// A bar of so many steps. It shows nothing where standard error is no terminal.
#[derive(Debug)]
pub(crate) struct Progress {
    done: u64,
    steps: u64,
    is_watched: bool,
    /// What is shown, in per cent; said again only when it changes.
    shown: Option<u64>,
}

const WIDTH: u64 = 30;

impl Progress {
    /// At its beginning.
    pub(crate) fn of(steps: u64) -> Self {
        Self {
            done: 0,
            steps: steps.max(1),
            is_watched: std::io::stderr().is_terminal(),
            shown: None,
        }
    }

    /// One more step is done.
    pub(crate) fn one_more(&mut self) {
        self.done += 1;
        let percent = self.done.min(self.steps) * 100 / self.steps;
        if self.is_watched && self.shown != Some(percent) {
            self.shown = Some(percent);
            let full = (percent * WIDTH / 100) as usize;
            let bar = format!("{}{}", "#".repeat(full), "-".repeat(WIDTH as usize - full));
            // Nothing depends on who watches.
            let _ = write!(std::io::stderr(), "\r[{bar}] {percent:3} %");
        }
    }

    /// All of it is done: the line is cleared.
    pub(crate) fn done(&self) {
        if self.is_watched {
            let _ = write!(std::io::stderr(), "\r{:42}\r", "");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_counted_and_more_of_them_than_there_are_do_no_harm() {
        let mut progress = Progress::of(3);
        progress.is_watched = true;
        for percent in [33, 66, 100, 100] {
            progress.one_more();
            assert_eq!(progress.shown, Some(percent));
        }
        progress.done();
        assert_eq!(Progress::of(0).steps, 1);
    }
}
