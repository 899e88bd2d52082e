//! Writes follow reads (Terry et al. 1994): whoever sees a write sees what its
//! session had read before it, the question before the answer.
//!
//! Checked: no read of a key returns the initial value, or a write in the past of
//! w, where w is a write of that key which some session read before it wrote
//! something, and the reading session saw that something, in this read or earlier.
//! In the terms of Burckhardt (2014): vis followed by session order from reads to
//! writes followed by vis is in vis, and a read orders what is visible to it as
//! causality does; earlier reads of a session count as in
//! [`mod@super::monotonic_writes`].

use super::ModelInfo;
use super::by_session::{BySession, of_key};
use super::causality::Causality;
use super::monotonic_reads::{Read, add};
use super::shown::ShownSessions;
use super::watch::{Reading, Stale, Watch};
use super::witness::{EdgeKind, Pattern};

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "writes_follow_reads",
    patterns: &[Pattern::CyclicCausality, Pattern::FollowedWriteUnseen],
    sources: &["terry_1994", "burckhardt_2014"],
};

/// What one session read of one key: the newest writes, as they changed.
#[derive(Debug, Clone, Default)]
struct Versions {
    /// From when on, in transactions of the session; where they begin in the list.
    /// They end where the next ones begin.
    begins: Vec<(u32, u32)>,
    list: Vec<Read>,
}

impl Versions {
    /// The newest writes that were read by the first `count` transactions.
    fn within(&self, count: u32) -> &[Read] {
        let after = self.begins.partition_point(|it| it.0 < count);
        let Some((_, begin)) = self.begins[..after].last() else {
            return &[];
        };
        let end = self
            .begins
            .get(after)
            .map_or(self.list.len(), |it| it.1 as usize);
        &self.list[*begin as usize..end]
    }
}

/// What each session read of each key before what.
#[derive(Debug, Clone, Default)]
pub(super) struct WritesFollowReads {
    reads: Vec<BySession<Versions>>,
    shown: ShownSessions,
}

impl Watch for WritesFollowReads {
    fn seen(&mut self, reading: &Reading) {
        self.shown.see(reading);
    }

    fn pattern(&self, _: &Reading) -> Pattern {
        Pattern::FollowedWriteUnseen
    }

    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale> {
        let sessions = self.reads.get(reading.key as usize)?;
        for (session, versions) in sessions.iter() {
            let Some(shown) = self.shown.get(reading.session, session) else {
                continue;
            };
            let mut missed = versions.within(shown.before).iter();
            let is_older = |it: &&Read| Stale::is_older(causality, reading.source, it.0);
            if let Some((newer, read)) = missed.find(is_older) {
                let mut steps = vec![(EdgeKind::ReadFrom, *read)];
                steps.append(&mut shown.steps_to(reading));
                let (newer, steps) = (*newer, Some(steps));
                return Some(Stale { newer, steps });
            }
        }
        None
    }

    fn read(&mut self, causality: &Causality, reading: &Reading) {
        let Some(source) = reading.source else {
            return;
        };
        let versions = of_key(&mut self.reads, reading.key).get_or_default(reading.session);
        let last = versions.begins.last().map_or(0, |it| it.1 as usize);
        let mut newest = versions.list[last..].to_vec();
        if add(causality, &mut newest, (source.writer, reading.operation)) {
            versions
                .begins
                .push((reading.index, versions.list.len() as u32));
            versions.list.append(&mut newest);
        }
    }
}
