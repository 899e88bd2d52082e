//! Read your writes (Terry et al. 1994): a session sees what it wrote.
//!
//! Checked: no read of a key returns the initial value, or a write in the past of
//! w, where w is a write of that key which the session committed before the read.
//! In the terms of Burckhardt (2014): vis contains session order from writes to
//! reads, and a read orders what is visible to it as causality does.

use super::ModelInfo;
use super::by_session::{BySession, of_key};
use super::causality::{Causality, Writer};
use super::watch::{KeyWrite, Reading, Stale, Watch};
use super::witness::{EdgeKind, Pattern};

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "read_your_writes",
    patterns: &[Pattern::CyclicCausality, Pattern::OwnWriteUnseen],
    sources: &["terry_1994", "burckhardt_2014"],
};

/// The last write of each session to each key. Those before it are in its past.
#[derive(Debug, Clone, Default)]
pub(super) struct ReadYourWrites {
    last: Vec<BySession<Option<Writer>>>,
}

impl Watch for ReadYourWrites {
    fn pattern(&self, _: &Reading) -> Pattern {
        Pattern::OwnWriteUnseen
    }

    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale> {
        let own = self.last.get(reading.key as usize)?.get(reading.session)?;
        let newer = own.filter(|it| Stale::is_older(causality, reading.source, *it))?;
        let steps = Some(vec![(EdgeKind::SessionOrder, reading.operation)]);
        Some(Stale { newer, steps })
    }

    fn wrote(&mut self, _: &Causality, write: &KeyWrite) {
        let last = of_key(&mut self.last, write.key).get_or_default(write.session);
        *last = Some(write.writer);
    }
}
