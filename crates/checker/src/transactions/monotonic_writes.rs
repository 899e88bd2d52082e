//! Monotonic writes (Terry et al. 1994): whoever sees a write sees what its session
//! wrote before it.
//!
//! Checked: no read of a key returns the initial value, or a write in the past of
//! w, where w is a write of that key which its session committed before another
//! write, and the reading session saw that other one, in this read or earlier. In
//! the terms of Burckhardt (2014): session order between writes followed by vis is
//! in vis, and a read orders what is visible to it as causality does. Taken alone
//! this could never be seen broken, for one read shows one key; so what is visible
//! to a session's earlier reads counts as visible to its later ones, as it is in
//! the sessions of Terry et al., which know one copy of the data at a time.

use super::ModelInfo;
use super::by_session::{BySession, of_key};
use super::causality::{Causality, Writer};
use super::shown::ShownSessions;
use super::watch::{KeyWrite, Reading, Stale, Watch};
use super::witness::Pattern;

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "monotonic_writes",
    patterns: &[Pattern::CyclicCausality, Pattern::EarlierWriteUnseen],
    sources: &["terry_1994", "burckhardt_2014"],
};

/// The writes of each session to each key, with how many transactions were before.
#[derive(Debug, Clone, Default)]
pub(super) struct MonotonicWrites {
    writes: Vec<BySession<Vec<(u32, Writer)>>>,
    shown: ShownSessions,
}

impl Watch for MonotonicWrites {
    fn seen(&mut self, reading: &Reading) {
        self.shown.see(reading);
    }

    fn pattern(&self, _: &Reading) -> Pattern {
        Pattern::EarlierWriteUnseen
    }

    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale> {
        let sessions = self.writes.get(reading.key as usize)?;
        for (session, writes) in sessions.iter() {
            let Some(shown) = self.shown.get(reading.session, session) else {
                continue;
            };
            let count = writes.partition_point(|it| it.0 < shown.before);
            let Some((_, newer)) = writes[..count].last() else {
                continue;
            };
            if Stale::is_older(causality, reading.source, *newer) {
                let (newer, steps) = (*newer, Some(shown.steps_to(reading)));
                return Some(Stale { newer, steps });
            }
        }
        None
    }

    fn wrote(&mut self, _: &Causality, write: &KeyWrite) {
        let writes = of_key(&mut self.writes, write.key).get_or_default(write.session);
        writes.push((write.index, write.writer));
    }
}
