//! The files that lie before the judge, and what became of each.

use std::rc::Rc;

use splitbrain_checker::consistency::Consistency;
use splitbrain_checker::import::Format;
use splitbrain_checker::models::ModelId;

use super::answer::{Answer, Opened, Row, Trouble, Verdict};
use super::lanes::Lanes;
use super::request::Request;

/// Files that are kept at most; each of them may have megabytes.
pub(super) const MAX_FILES: usize = 20;

/// How far a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Others are before it.
    Waiting,
    /// It is being judged.
    Running,
    /// It has been, or cannot be.
    Done,
    /// Somebody stopped it.
    Halted,
}

/// What was found in a file.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    /// What it holds.
    pub(super) opened: Rc<Opened>,
    /// The same, laid out.
    pub(super) lanes: Rc<Lanes>,
    /// The verdicts so far.
    pub(super) rows: Vec<Row>,
    /// The violated model whose proof is shown.
    pub(super) lit: Option<Consistency>,
}

impl Found {
    /// The verdict whose proof is shown.
    pub(super) fn lit_row(&self) -> Option<&Row> {
        self.rows.iter().find(|row| Some(row.model) == self.lit)
    }
}

/// A file.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    /// Unlike any other's.
    pub(super) id: u32,
    /// What it is called.
    pub(super) name: String,
    /// The format that somebody chose; none: to be guessed.
    pub(super) format: Option<Format>,
    /// The model that somebody chose; none: to be guessed.
    pub(super) model: Option<ModelId>,
    /// How far it is.
    pub(super) state: State,
    /// What was found, at last or before somebody chose otherwise.
    pub(super) found: Option<Found>,
    /// Why it cannot be judged as was chosen.
    pub(super) trouble: Option<Trouble>,
    bytes: Rc<[u8]>,
    opens: bool,
}

/// The files.
#[derive(Clone, Debug, Default)]
pub(super) struct Desk {
    /// In the order in which they came.
    pub(super) entries: Vec<Entry>,
    /// Which is shown.
    pub(super) open: Option<u32>,
    /// Files that were refused since there are [`MAX_FILES`].
    pub(super) refused: u32,
    next: u32,
}

impl Desk {
    /// The file with this id.
    pub(super) fn entry(&self, id: u32) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.id == id)
    }

    fn entry_mut(&mut self, id: u32) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.id == id)
    }

    /// The file that is shown.
    pub(super) fn shown(&self) -> Option<&Entry> {
        self.entry(self.open?)
    }

    /// The file that is being judged.
    pub(super) fn running(&self) -> Option<u32> {
        let mut entries = self.entries.iter();
        let running = entries.find(|entry| entry.state == State::Running);
        running.map(|entry| entry.id)
    }

    /// Takes files in; the first of them that can be read is shown.
    pub(super) fn add(&mut self, files: Vec<(String, Result<Vec<u8>, Trouble>)>) {
        self.refused = 0;
        for entry in &mut self.entries {
            entry.opens = false;
        }
        for (at, (name, bytes)) in files.into_iter().enumerate() {
            if self.entries.len() >= MAX_FILES {
                self.refused += 1;
                continue;
            }
            let (bytes, trouble) = match bytes {
                Ok(bytes) => (bytes.into(), None),
                Err(trouble) => ([].into(), Some(trouble)),
            };
            let entry = Entry {
                id: self.next,
                name,
                format: None,
                model: None,
                state: if trouble.is_some() {
                    State::Done
                } else {
                    State::Waiting
                },
                found: None,
                opens: at == 0,
                trouble,
                bytes,
            };
            self.next += 1;
            let (id, is_done) = (entry.id, entry.state == State::Done);
            self.entries.push(entry);
            if is_done {
                self.pass_on(id);
            }
        }
    }

    /// Whatever was to be shown and cannot be lets the next one.
    fn pass_on(&mut self, id: u32) {
        let Some(entry) = self.entry_mut(id) else {
            return;
        };
        if !std::mem::take(&mut entry.opens) {
            return;
        }
        let mut entries = self.entries.iter_mut();
        if let Some(next) = entries.find(|next| next.id > id && next.state != State::Done) {
            next.opens = true;
        }
    }

    /// The next file to be judged, with this budget; it is running from now on.
    pub(super) fn start_next(&mut self, steps: u64) -> Option<Request> {
        if self.running().is_some() {
            return None;
        }
        let mut entries = self.entries.iter_mut();
        let entry = entries.find(|entry| entry.state == State::Waiting)?;
        entry.state = State::Running;
        entry.trouble = None;
        Some(Request {
            format: entry.format,
            model: entry.model,
            steps,
            bytes: entry.bytes.to_vec(),
        })
    }

    /// Takes an answer about the file that is running.
    pub(super) fn take(&mut self, answer: Answer) {
        let Some(id) = self.running() else {
            return;
        };
        let Some(entry) = self.entry_mut(id) else {
            return;
        };
        match answer {
            Answer::Opened(opened) => {
                let lanes = Rc::new(Lanes::new(&opened));
                entry.found = Some(Found {
                    opened: Rc::new(opened),
                    lanes,
                    rows: Vec::new(),
                    lit: None,
                });
                if std::mem::take(&mut entry.opens) {
                    self.open = Some(id);
                }
            }
            Answer::Row(row) => {
                if let Some(found) = &mut entry.found {
                    if found.lit.is_none() && matches!(row.verdict, Verdict::Violated(_)) {
                        found.lit = Some(row.model);
                    }
                    found.rows.push(row);
                }
            }
            Answer::Done => entry.state = State::Done,
            Answer::Failed(trouble) => {
                entry.state = State::Done;
                entry.trouble = Some(trouble);
                self.pass_on(id);
            }
        }
    }

    /// Stops the file that is running; what was found stays.
    pub(super) fn halt(&mut self) {
        let running = self.running().and_then(|id| self.entry_mut(id));
        if let Some(entry) = running {
            entry.state = State::Halted;
        }
    }

    /// Judges a file again, as this. Halt it first where it is running.
    pub(super) fn judge_as(&mut self, id: u32, format: Option<Format>, model: Option<ModelId>) {
        if let Some(entry) = self.entry_mut(id) {
            (entry.format, entry.model) = (format, model);
            entry.state = State::Waiting;
            entry.trouble = None;
        }
    }

    /// Forgets a file.
    pub(super) fn remove(&mut self, id: u32) {
        self.entries.retain(|entry| entry.id != id);
        self.refused = 0;
        if self.open == Some(id) {
            let mut left = self.entries.iter().rev();
            let left = left.find(|entry| entry.found.is_some());
            self.open = left.map(|entry| entry.id);
        }
    }

    /// Shows a file, if anything was found in it.
    pub(super) fn open(&mut self, id: u32) {
        if self.entry(id).is_some_and(|entry| entry.found.is_some()) {
            self.open = Some(id);
        }
    }

    /// Shows the proof of another violation, or that one no longer.
    pub(super) fn light(&mut self, model: Consistency) {
        let entry = self.open.and_then(|id| self.entry_mut(id));
        if let Some(found) = entry.and_then(|entry| entry.found.as_mut()) {
            found.lit = (found.lit != Some(model)).then_some(model);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::job::Job;
    use super::*;

    const STALE: &str = "w 0 0\n-----\nw 0 1\n=====\nr 0 1\n-----\nr 0 0";

    fn file(name: &str, text: &str) -> (String, Result<Vec<u8>, Trouble>) {
        (name.into(), Ok(text.as_bytes().to_vec()))
    }

    fn judge(desk: &mut Desk) {
        while let Some(request) = desk.start_next(1_000) {
            match Job::begin(&request) {
                Ok(job) => job.for_each(|answer| desk.take(answer)),
                Err(trouble) => desk.take(Answer::Failed(trouble)),
            }
        }
    }

    #[test]
    fn a_damaged_file_says_so_and_the_earlier_result_stays() {
        let mut desk = Desk::default();
        desk.add(vec![file("good", "w 0 1")]);
        judge(&mut desk);
        desk.add(vec![file("bad", "w 0"), file("also", "w 0 2")]);
        judge(&mut desk);
        assert!(desk.entries[1].trouble.is_some());
        assert_eq!(desk.open, Some(2), "the next one that can be read is shown");
        desk.judge_as(2, Some(Format::Json), None);
        judge(&mut desk);
        let shown = desk.shown().expect("it still is");
        assert!(shown.trouble.is_some() && shown.found.is_some());
        desk.remove(2);
        assert_eq!(desk.open, Some(0));
    }

    #[test]
    fn the_first_violation_is_lit_until_another_is_chosen() {
        let mut desk = Desk::default();
        desk.add(vec![file("stale", STALE)]);
        judge(&mut desk);
        let lit = |desk: &Desk| desk.shown()?.found.as_ref()?.lit;
        let first = lit(&desk).expect("something is violated");
        assert_eq!(first.id(), "causal_convergence");
        desk.light(first);
        assert_eq!(lit(&desk), None);
        let other = Consistency::find("monotonic_reads").expect("there is such a model");
        desk.light(other);
        assert_eq!(lit(&desk), Some(other));
    }

    #[test]
    fn what_was_stopped_keeps_its_rows_and_lets_the_next_one_run() {
        let mut desk = Desk::default();
        desk.add(vec![file("one", "w 0 1"), file("two", "w 0 2")]);
        let request = desk.start_next(1_000).expect("there is one");
        let job = Job::begin(&request).expect("it can be read");
        job.take(3).for_each(|answer| desk.take(answer));
        assert!(desk.start_next(1_000).is_none());
        desk.halt();
        assert_eq!(desk.entries[0].state, State::Halted);
        let found = desk.entries[0].found.as_ref().expect("it was opened");
        assert_eq!(found.rows.len(), 2);
        assert!(desk.start_next(1_000).is_some());
    }

    #[test]
    fn more_files_than_fit_are_refused_and_counted() {
        let mut desk = Desk::default();
        let files = (0..25).map(|at| file(&at.to_string(), "w 0 1"));
        desk.add(files.collect());
        assert_eq!((desk.entries.len(), desk.refused), (MAX_FILES, 5));
    }
}
