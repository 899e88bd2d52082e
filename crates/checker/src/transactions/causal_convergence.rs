//! Causal convergence (CCv): causal consistency, and all reads are explained by
//! one order of the writes.
//!
//! There is an order of all transactions that contains causality, such that: where
//! a transaction reads a key from t1, and t2 writes that key too and is in the
//! causal past of the reader, t2 is before t1. On transactions this is what Biswas
//! and Enea (2019, figure 2c) call causal consistency; on single operations it is
//! the bad pattern *`CyclicCF`* beside those of [`mod@super::causal`] (Bouajjani et
//! al. 2017).
//!
//! Of each session only the newest write of a key in the past of a read matters,
//! which makes O(n·k) of n operations and k sessions (Møldrup and Pavlogiannis
//! 2025).

use super::ModelInfo;
use super::causal::Causal;
use super::causality::{Causality, Writer};
use super::cycle::{Forced, find_cycle};
use super::finding::Finding;
use super::operation::{OperationId, TransactionId};
use super::order::{NONE, Order};
use super::playback::{Played, play};
use super::undecided::Undecided;
use super::watch::{Reading, Stale, Watch};
use super::witness::Pattern;

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "causal_convergence",
    patterns: &[
        Pattern::CyclicCausality,
        Pattern::InitialReadAfterWrite,
        Pattern::OverwrittenRead,
        Pattern::CyclicOrder,
    ],
    sources: &[
        "bouajjani_2017",
        "biswas_enea_2019",
        "moldrup_pavlogiannis_2025",
    ],
};

pub(super) fn find(order: &Order<'_>) -> Result<Option<Finding>, Undecided> {
    let mut conflicts = Conflicts::default();
    let writers = match play(order, &mut conflicts)? {
        Played::Violated(finding) => return Ok(Some(finding)),
        Played::Whole { writers } => writers,
    };
    let transaction = |it: Writer| TransactionId(writers[it.0 as usize]);
    let forced = |it: &(Writer, Writer, OperationId)| Forced {
        from: transaction(it.0),
        to: transaction(it.1),
        read: it.2,
    };
    let forced: Vec<Forced> = conflicts.edges.iter().map(forced).collect();
    let cycle = find_cycle(order, &forced);
    Ok(cycle.map(|hops| Finding::of_cycle(order, &hops)))
}

/// The order that the reads force on concurrent writes.
#[derive(Debug, Clone, Default)]
struct Conflicts {
    /// Causal consistency is part of it.
    causal: Causal,
    edges: Vec<(Writer, Writer, OperationId)>,
    /// The last writer that each was forced to precede; readers that follow one
    /// another mostly force the same.
    last: Vec<Writer>,
}

impl Watch for Conflicts {
    fn placed(&mut self, causality: &Causality, key: u32, writer: Writer) {
        self.causal.placed(causality, key, writer);
    }

    fn steps(&self) -> u64 {
        self.causal.steps()
    }

    fn pattern(&self, reading: &Reading) -> Pattern {
        self.causal.pattern(reading)
    }

    fn judge(&mut self, causality: &Causality, reading: &Reading) -> Option<Stale> {
        let Some(seen) = reading.source.map(|source| source.writer) else {
            // Of the initial value everything is newer.
            return self.causal.judge(causality, reading);
        };
        let before = causality.before(seen);
        let (edges, last) = (&mut self.edges, &mut self.last);
        let note = |chain, place, writer: Writer| {
            if writer == seen || before.has(chain, place) {
                return;
            }
            let at = writer.0 as usize;
            if last.len() <= at {
                last.resize(at + 1, Writer(NONE));
            }
            if std::mem::replace(&mut last[at], seen) != seen {
                edges.push((writer, seen, reading.operation));
            }
        };
        self.causal.judge_past(causality, reading, note)
    }
}
