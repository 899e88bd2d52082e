//! Monotonic reads (Terry et al. 1994): a session never sees less than it saw.
//!
//! Checked: no read of a key returns the initial value, or a write in the past of
//! w, where w is a write of that key which an earlier read of the session returned.
//! In the terms of Burckhardt (2014): vis followed by session order between reads
//! is in vis, and a read orders what is visible to it as causality does. Two
//! concurrent writes may therefore be read in one order and then in the other, as
//! causal consistency allows too.

use super::ModelInfo;
use super::by_session::{BySession, of_key};
use super::causality::{Causality, Writer};
use super::operation::OperationId;
use super::watch::{Reading, Stale, Watch};
use super::witness::{EdgeKind, Pattern};

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "monotonic_reads",
    patterns: &[Pattern::CyclicCausality, Pattern::ReadWentBack],
    sources: &["terry_1994", "burckhardt_2014"],
};

/// A write that was read, and by which read first.
pub(super) type Read = (Writer, OperationId);

/// The newest writes of each key that each session read: none is before another.
#[derive(Debug, Clone, Default)]
pub(super) struct MonotonicReads {
    newest: Vec<BySession<Vec<Read>>>,
}

impl Watch for MonotonicReads {
    fn pattern(&self, _: &Reading) -> Pattern {
        Pattern::ReadWentBack
    }

    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale> {
        let newest = self
            .newest
            .get(reading.key as usize)?
            .get(reading.session)?;
        let mut missed = newest.iter();
        let is_older = |it: &&Read| Stale::is_older(causality, reading.source, it.0);
        let (newer, seen) = *missed.find(is_older)?;
        let steps = Some(vec![
            (EdgeKind::ReadFrom, seen),
            (EdgeKind::SessionOrder, reading.operation),
        ]);
        Some(Stale { newer, steps })
    }

    fn read(&mut self, causality: &Causality, reading: &Reading) {
        if let Some(source) = reading.source {
            let newest = of_key(&mut self.newest, reading.key).get_or_default(reading.session);
            add(causality, newest, (source.writer, reading.operation));
        }
    }
}

/// Keeps those that no other is after; whether anything changed.
pub(super) fn add(causality: &Causality, newest: &mut Vec<Read>, read: Read) -> bool {
    let covers = |it: &Read| it.0 == read.0 || causality.is_before(read.0, it.0);
    if newest.iter().any(covers) {
        return false;
    }
    newest.retain(|it| !causality.is_before(it.0, read.0));
    newest.push(read);
    true
}
