//! What the models over causality share: they watch reads as they return, in an
//! order in which every cause is before its effects.

use super::causality::{Causality, Writer};
use super::operation::OperationId;
use super::witness::{EdgeKind, Pattern};

/// A read of one session, as it returns. The session's past holds what all reads
/// of the same transaction saw.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reading {
    pub(super) session: u32,
    /// How many transactions of the session, that committed, are before this one.
    pub(super) index: u32,
    pub(super) key: u32,
    pub(super) operation: OperationId,
    /// What it saw; none is the initial value.
    pub(super) source: Option<SeenWrite>,
}

/// A write as it was seen.
#[derive(Debug, Clone, Copy)]
pub(super) struct SeenWrite {
    pub(super) writer: Writer,
    pub(super) operation: OperationId,
    /// The session that wrote it.
    pub(super) session: u32,
    /// How many transactions of that session, that committed, were before it.
    pub(super) index: u32,
}

/// A write to one key.
#[derive(Debug, Clone, Copy)]
pub(super) struct KeyWrite {
    pub(super) session: u32,
    pub(super) index: u32,
    pub(super) key: u32,
    pub(super) writer: Writer,
}

/// A read saw less than it had to: a write that it was obliged to reflect is newer
/// than what it returned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Stale {
    /// The write that was missed.
    pub(super) newer: Writer,
    /// From that write to the transaction of the read, each step with the operation
    /// that it leads to; the last one leads to the read itself. None: causality.
    pub(super) steps: Option<Vec<(EdgeKind, OperationId)>>,
}

/// Causality itself demands what the read did not show.
pub(super) fn causal_pattern(reading: &Reading) -> Pattern {
    match reading.source {
        None => Pattern::InitialReadAfterWrite,
        Some(_) => Pattern::OverwrittenRead,
    }
}

impl Stale {
    /// What was returned is older than `newer`: it is the initial value, or a write
    /// in the past of it.
    pub(super) fn is_older(
        causality: &Causality,
        source: Option<SeenWrite>,
        newer: Writer,
    ) -> bool {
        source.is_none_or(|it| causality.is_before(it.writer, newer))
    }
}

/// A model that can be judged read by read.
pub(super) trait Watch {
    /// A write came to its place: it committed, or was seen before that.
    fn placed(&mut self, causality: &Causality, key: u32, writer: Writer) {
        let _ = (causality, key, writer);
    }

    /// A transaction that commits saw this. Comes for all reads of a transaction
    /// before it is asked about any of them.
    fn seen(&mut self, reading: &Reading) {
        let _ = reading;
    }

    /// Whether the read saw less than the model demands.
    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale>;

    /// What it is called when this read did.
    fn pattern(&self, reading: &Reading) -> Pattern;

    /// The transaction of the read committed.
    fn read(&mut self, causality: &Causality, reading: &Reading) {
        let _ = (causality, reading);
    }

    /// The transaction of the write committed.
    fn wrote(&mut self, causality: &Causality, write: &KeyWrite) {
        let _ = (causality, write);
    }
}
