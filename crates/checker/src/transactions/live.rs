//! The session guarantees and causal consistency while a run plays.
//!
//! Reads and writes are told as they happen, in the order of true time. The verdict
//! after each is that of [`super::check`] on the history so far, in which a write
//! that was called and not yet acknowledged is of unknown outcome.
//!
//! Nothing is ever judged again, so an operation costs the same late in a run as
//! early: about as much as its key has sessions that wrote it, and for a read of
//! something new a join of two clocks. For k sessions that write, a write keeps a
//! clock of k numbers at most, or shares the one before it; every read of something
//! new keeps some 20 bytes. A write that is read although its session had given up
//! waiting for it counts as one more session in the clocks from then on. This is
//! for some tens of sessions; beyond [`MAX_CLOCK_ENTRIES`] judging stops, which
//! [`SessionsLive::is_full`] tells.

use splitbrain_sorted::Map;

use super::causal::Causal;
use super::causality::{Causality, Writer};
use super::model::Model;
use super::monotonic_reads::MonotonicReads;
use super::monotonic_writes::MonotonicWrites;
use super::operation::{Key, OperationId};

use super::read_your_writes::ReadYourWrites;
use super::undecided::MAX_CLOCK_ENTRIES;
use super::watch::{KeyWrite, Reading, SeenWrite, Stale, Watch};
use super::witness::{Edge, EdgeKind, End, Pattern};
use super::writes_follow_reads::WritesFollowReads;
use crate::observation::{KeyRef, OpRef, Session};

/// What a read returned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Returned {
    /// The initial value.
    Initial,
    /// What this write wrote.
    Write(OpRef),
    /// A value that nobody wrote.
    Nobody,
}

/// The first violation of a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LiveViolation {
    /// What went wrong.
    pub pattern: Pattern,
    /// The read at fault.
    pub read: OpRef,
    /// As [`super::Witness::edges`], except that causality is not spelt out: a
    /// chain of session order and read-from is one edge of [`EdgeKind::Causal`].
    /// [`super::check`] on the history of the run spells it out.
    pub edges: Vec<Edge<OpRef>>,
}

#[derive(Debug, Clone, Copy)]
struct Write {
    writer: Writer,
    session: u32,
    key: u32,
    /// How many operations of the session had returned before it was called.
    index: u32,
    has_failed: bool,
    /// The first read that saw it.
    seen: Option<OpRef>,
}

/// A model and what it has found.
#[derive(Debug, Clone)]
struct Judged<W> {
    watch: W,
    violation: Option<LiveViolation>,
}

impl<W: Default> Default for Judged<W> {
    fn default() -> Self {
        let (watch, violation) = (W::default(), None);
        Self { watch, violation }
    }
}

/// What was told so far, judged.
#[derive(Debug, Clone)]
pub struct SessionsLive {
    causality: Causality,
    sessions: Map<u16, u32>,
    keys: Map<u32, u32>,
    writes: Map<u32, Write>,
    /// The operation of each writer.
    writers: Vec<OpRef>,
    /// How many operations of each session have returned.
    returned: Vec<u32>,
    key_names: Vec<KeyRef>,
    read_your_writes: Judged<ReadYourWrites>,
    monotonic_reads: Judged<MonotonicReads>,
    monotonic_writes: Judged<MonotonicWrites>,
    writes_follow_reads: Judged<WritesFollowReads>,
    causal: Judged<Causal>,
}

impl Default for SessionsLive {
    fn default() -> Self {
        Self::new()
    }
}

/// Does the same with each model that is not violated yet: there is nothing more to
/// be found of the others.
macro_rules! each_open {
    ($live:expr, $judged:ident => $what:expr) => {{
        each_open!(@ $live, $judged => $what, read_your_writes);
        each_open!(@ $live, $judged => $what, monotonic_reads);
        each_open!(@ $live, $judged => $what, monotonic_writes);
        each_open!(@ $live, $judged => $what, writes_follow_reads);
        each_open!(@ $live, $judged => $what, causal);
    }};
    (@ $live:expr, $judged:ident => $what:expr, $model:ident) => {
        if $live.$model.violation.is_none() {
            let $judged = &mut $live.$model;
            $what
        }
    };
}

impl SessionsLive {
    /// The models that are judged.
    pub const MODELS: [Model; 5] = [
        Model::ReadYourWrites,
        Model::MonotonicReads,
        Model::MonotonicWrites,
        Model::WritesFollowReads,
        Model::Causal,
    ];

    /// Nothing told yet, all models kept.
    pub fn new() -> Self {
        Self {
            causality: Causality::new(MAX_CLOCK_ENTRIES),
            sessions: Map::new(),
            keys: Map::new(),
            writes: Map::new(),
            writers: Vec::new(),
            returned: Vec::new(),
            key_names: Vec::new(),
            read_your_writes: Judged::default(),
            monotonic_reads: Judged::default(),
            monotonic_writes: Judged::default(),
            writes_follow_reads: Judged::default(),
            causal: Judged::default(),
        }
    }

    /// A session calls a write. If it waits for another one, it has given up on
    /// that: it stays of unknown outcome for ever. The same operation a second time
    /// is ignored.
    pub fn write_called(&mut self, op: OpRef, session: Session, key: KeyRef) {
        if self.is_full() || self.writes.contains_key(&op.0) {
            return;
        }
        let (session, key) = (self.session(session), self.key(key));
        let writer = self.causality.begin(session);
        self.writers.push(op);
        let write = Write {
            writer,
            session,
            key,
            index: self.returned[session as usize],
            has_failed: false,
            seen: None,
        };
        self.writes.insert(op.0, write);
    }

    /// A session was told that its write is done. Ignored where it does not wait
    /// for it any more.
    pub fn write_returned(&mut self, op: OpRef) {
        let Some(write) = self.pending(op) else {
            return;
        };
        let Write {
            writer,
            session,
            key,
            index,
            ..
        } = write;
        let is_new = self.causality.commit(session);
        self.returned[session as usize] += 1;
        let write = KeyWrite {
            session,
            index,
            key,
            writer,
        };
        let causality = &self.causality;
        each_open!(self, judged => {
            if is_new {
                judged.watch.placed(causality, key, writer);
            }
            judged.watch.wrote(causality, &write);
        });
    }

    /// A session was told that its write did not take place, and never will.
    /// Ignored where it does not wait for it any more.
    pub fn write_failed(&mut self, op: OpRef) {
        let Some(mut write) = self.pending(op) else {
            return;
        };
        self.causality.give_up(write.session);
        write.has_failed = true;
        if let Some(read) = write.seen {
            self.read_failed(read, op);
        }
        self.writes.insert(op.0, write);
    }

    /// A session's read returned. If the session waits for a write, it has given up
    /// on that.
    pub fn read_returned(&mut self, op: OpRef, session: Session, key: KeyRef, returned: Returned) {
        if self.is_full() {
            return;
        }
        let (session, key) = (self.session(session), self.key(key));
        self.causality.give_up(session);
        let source = match returned {
            Returned::Initial => None,
            Returned::Nobody => return self.read_thin_air(op),
            Returned::Write(of) => match self.writes.get_mut(&of.0) {
                Some(write) if write.key == key => {
                    write.seen.get_or_insert(op);
                    Some((of, *write))
                }
                _ => return self.read_thin_air(op),
            },
        };
        if let Some((of, write)) = source {
            if write.has_failed {
                return self.read_failed(op, of);
            }
            if self.causality.see(session, write.writer) {
                let causality = &self.causality;
                each_open!(self, judged => judged.watch.placed(causality, key, write.writer));
            }
        }
        let seen = |(of, write): (OpRef, Write)| SeenWrite {
            writer: write.writer,
            operation: OperationId(of.0),
            session: write.session,
            index: write.index,
        };
        let reading = Reading {
            session,
            index: self.returned[session as usize],
            key,
            operation: OperationId(op.0),
            source: source.map(seen),
        };
        self.returned[session as usize] += 1;
        let (causality, writers) = (&self.causality, &self.writers);
        let key = Key(self.key_names[key as usize].0.into());
        each_open!(self, judged => {
            judged.watch.seen(&reading);
            if let Some(stale) = judged.watch.judge(causality, &reading) {
                let pattern = judged.watch.pattern(&reading);
                let edges = edges(&stale, &reading, writers[stale.newer.0 as usize], key);
                judged.violation = Some(LiveViolation { pattern, read: op, edges });
            } else {
                judged.watch.read(causality, &reading);
            }
        });
    }

    /// The first violation of one of [`Self::MODELS`]; none while it is kept, and of
    /// other models.
    pub fn violation(&self, model: Model) -> Option<&LiveViolation> {
        match model {
            Model::ReadYourWrites => self.read_your_writes.violation.as_ref(),
            Model::MonotonicReads => self.monotonic_reads.violation.as_ref(),
            Model::MonotonicWrites => self.monotonic_writes.violation.as_ref(),
            Model::WritesFollowReads => self.writes_follow_reads.violation.as_ref(),
            Model::Causal => self.causal.violation.as_ref(),
            Model::ReadCommitted | Model::ReadAtomic | Model::CausalConvergence => None,
        }
    }

    /// Whether the clocks have no more room. The verdicts are those of what was told
    /// before; reads and new writes are ignored from then on.
    pub fn is_full(&self) -> bool {
        self.causality.is_full()
    }

    /// A write for which its session waits.
    fn pending(&self, op: OpRef) -> Option<Write> {
        let write = *self.writes.get(&op.0)?;
        let pending = self.causality.pending(write.session);
        (pending == Some(write.writer)).then_some(write)
    }

    /// All models demand that somebody wrote what is read.
    fn read_thin_air(&mut self, read: OpRef) {
        let (pattern, edges) = (Pattern::ThinAirRead, Vec::new());
        self.fail(&LiveViolation {
            pattern,
            read,
            edges,
        });
    }

    fn read_failed(&mut self, read: OpRef, write: OpRef) {
        let pattern = Pattern::AbortedRead;
        let (from, to) = (End::Operation(write), End::Operation(read));
        let edges = vec![Edge::new(from, to, EdgeKind::ReadFrom)];
        self.fail(&LiveViolation {
            pattern,
            read,
            edges,
        });
    }

    fn fail(&mut self, violation: &LiveViolation) {
        each_open!(self, judged => judged.violation = Some(violation.clone()));
    }

    fn session(&mut self, session: Session) -> u32 {
        if let Some(known) = self.sessions.get(&session.0) {
            return *known;
        }
        let number = self.returned.len() as u32;
        self.sessions.insert(session.0, number);
        self.returned.push(0);
        self.causality.push_session();
        number
    }

    fn key(&mut self, key: KeyRef) -> u32 {
        if let Some(known) = self.keys.get(&key.0) {
            return *known;
        }
        let number = self.key_names.len() as u32;
        self.keys.insert(key.0, number);
        self.key_names.push(key);
        number
    }
}

/// The cycle: what was read, causality, what was missed, and back.
fn edges(stale: &Stale, reading: &Reading, newer: OpRef, key: Key) -> Vec<Edge<OpRef>> {
    let operation = |it: OperationId| End::Operation(OpRef(it.0));
    let (read, newer) = (operation(reading.operation), End::Operation(newer));
    let mut because = Vec::new();
    let mut at = newer;
    let causal = [(EdgeKind::Causal, reading.operation)];
    for (kind, to) in stale.steps.as_deref().unwrap_or(&causal) {
        because.push(Edge::new(at, operation(*to), *kind));
        at = operation(*to);
    }
    let (seen, kind) = match reading.source {
        None => (End::Initial(key), EdgeKind::SessionOrder),
        Some(source) => (operation(source.operation), EdgeKind::Causal),
    };
    because.push(Edge::new(seen, read, EdgeKind::ReadFrom));
    let forced = Edge {
        from: newer,
        to: seen,
        kind: EdgeKind::MustPrecede,
        because,
    };
    vec![Edge::new(seen, newer, kind), forced]
}
