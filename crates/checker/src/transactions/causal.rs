//! Causal consistency (CC), of single operations.
//!
//! Each read, taken by itself, is explained by some order of its causal past that
//! contains causality; causality is session order, read-from, and their chains, and
//! has no cycle. Where written values differ, this is so exactly when none of four
//! bad patterns occurs (Bouajjani, Enea, Guerraoui and Hamza 2017, table 2):
//! *`ThinAirRead`*; *`CyclicCO`*; *`WriteCOInitRead`*: the initial value is read
//! although a write of the key is in the causal past; *`WriteCORead`*: w1 is read
//! although w1 is in the causal past of w2, a write of the key too, and w2 in that
//! of the read.
//!
//! On transactions of several operations each read is still taken by itself. What
//! the literature on transactions calls causal (Biswas and Enea 2019, figure 2c)
//! demands one order for all reads, and is [`mod@super::causal_convergence`] here:
//! that is also what it amounts to on single operations.

use super::ModelInfo;
use super::causality::{Causality, Writer};
use super::visible_writes::VisibleWrites;
use super::watch::{Reading, Stale, Watch, causal_pattern};
use super::witness::Pattern;

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "causal",
    patterns: &[
        Pattern::CyclicCausality,
        Pattern::InitialReadAfterWrite,
        Pattern::OverwrittenRead,
    ],
    sources: &["bouajjani_2017", "burckhardt_2014"],
};

/// All writes that may be in a past.
#[derive(Debug, Clone, Default)]
pub(super) struct Causal {
    writes: VisibleWrites,
    steps: u64,
}

impl Watch for Causal {
    fn placed(&mut self, causality: &Causality, key: u32, writer: Writer) {
        self.writes.add(causality, key, writer);
    }

    fn steps(&self) -> u64 {
        self.steps
    }

    fn pattern(&self, reading: &Reading) -> Pattern {
        causal_pattern(reading)
    }

    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale> {
        self.judge_past(causality, reading, |_, _, _| {})
    }
}

impl Causal {
    /// The write that the read missed; unless there is one, tells of the newest writes of
    /// its key in its past, chain by chain, among them the one that it saw: the chain, the
    /// place there, the write.
    pub(super) fn judge_past(
        &mut self,
        causality: &Causality,
        reading: &Reading,
        mut tell: impl FnMut(u32, u32, Writer),
    ) -> Option<Stale> {
        self.steps += self.writes.chains(reading.key);
        let past = causality.past(reading.session);
        for (chain, place, newer) in self.writes.newest(reading.key, past) {
            if Stale::is_older(causality, reading.source, newer) {
                return Some(Stale { newer, steps: None });
            }
            tell(chain, place, newer);
        }
        None
    }
}
