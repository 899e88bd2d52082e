//! Twins as they stand at a moment: what each region shows, what the judge says, how
//! customers fared and what it cost to send, side by side.

use splitbrain_checker::{Counts, PropertyId, properties};
use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::world::{Traffic, World};

use crate::observe::Observer;
use crate::record::Record;

/// Keys compared at most.
pub const MAX_KEYS: usize = 40;

/// One of the twins at a moment: its world, and an observer with a record that has read
/// everything up to there.
#[derive(Clone, Copy, Debug)]
pub struct Side<'a> {
    /// The world.
    pub world: &'a World,
    /// What was read of its trace.
    pub observer: &'a Observer,
}

/// What two twins have in common and in what they differ, the first one first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Keys of which a region does not show the same in both, in their order.
    pub keys: Vec<KeyRow>,
    /// How many more such keys there are.
    pub more_keys: u32,
    /// Every property of which something was observed in one of them.
    pub verdicts: Vec<VerdictRow>,
    /// How each fared.
    pub figures: [Figures; 2],
}

/// What regions show of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyRow {
    /// The key.
    pub key: Key,
    /// By region; nothing where it never showed any value.
    pub shown: [Vec<Option<Value>>; 2],
}

/// What the judge says of a property.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VerdictRow {
    /// The property.
    pub property: PropertyId,
    /// Its verdict: `holds`, `open`, `violated`; nothing where nothing was observed.
    pub verdicts: [Option<&'static str>; 2],
    /// The same in numbers.
    pub counts: [Counts; 2],
}

/// How one of the twins fared.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Acknowledged writes that are lost now.
    pub lost: u32,
    /// Operations that took effect, as their customers were told.
    pub done: u32,
    /// Operations that were refused.
    pub refused: u32,
    /// Operations of which nobody knows.
    pub unknown: u32,
    /// How long reads took that were answered.
    pub reads: Option<Spans>,
    /// How long everything else took that took effect.
    pub writes: Option<Spans>,
    /// What was sent.
    pub traffic: Traffic,
}

/// How long customers waited, in microseconds, by nearest rank.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spans {
    /// Half of them waited no longer.
    pub median_us: u64,
    /// 95 of 100 waited no longer.
    pub p95_us: u64,
}

/// Puts two twins side by side.
pub fn compare(sides: [Side<'_>; 2]) -> Comparison {
    let [one, other] = sides.map(|side| side.observer.ledger());
    let mut keys = one.keys();
    keys.extend(other.keys());
    keys.sort_unstable();
    keys.dedup();
    let shown = |key: Key| {
        let [one, other] = [one, other].map(|ledger| {
            let beliefs = ledger.beliefs(key);
            let values = beliefs.map(|belief| belief.map(|belief| belief.value));
            values.collect::<Vec<_>>()
        });
        (one != other).then_some(KeyRow {
            key,
            shown: [one, other],
        })
    };
    let mut keys: Vec<KeyRow> = keys.into_iter().filter_map(shown).collect();
    let more_keys = keys.len().saturating_sub(MAX_KEYS) as u32;
    keys.truncate(MAX_KEYS);
    Comparison {
        keys,
        more_keys,
        verdicts: verdicts(sides),
        figures: sides.map(figures),
    }
}

fn verdicts(sides: [Side<'_>; 2]) -> Vec<VerdictRow> {
    let reports = sides.map(|side| side.observer.judge().verdicts());
    let rows = properties::ALL.iter().map(|info| {
        let [one, other] = &reports;
        let verdict = |reports: &[splitbrain_checker::Report<'_>]| {
            let mut reports = reports.iter();
            let report = reports.find(|report| report.info.property == info.property);
            report.map(|report| report.verdict.id())
        };
        VerdictRow {
            property: info.property,
            verdicts: [verdict(one), verdict(other)],
            counts: sides.map(|side| side.observer.judge().counts(info.property)),
        }
    });
    rows.filter(|row| row.verdicts.iter().any(Option::is_some))
        .collect()
}

fn figures(side: Side<'_>) -> Figures {
    let judge = side.observer.judge();
    let mut figures = Figures {
        lost: judge.counts(PropertyId::AcknowledgedWrites).standing,
        traffic: side.world.traffic(),
        ..Figures::default()
    };
    let (mut reads, mut writes) = (Vec::new(), Vec::new());
    let operations = side.observer.record().map_or(&[][..], Record::operations);
    for operation in operations {
        match operation.returned.map(|(_, outcome)| outcome) {
            Some(Outcome::Ok) => {
                figures.done += 1;
                let is_read = matches!(operation.kind, OpKind::Read | OpKind::ReadAll);
                let spans = if is_read { &mut reads } else { &mut writes };
                spans.push(operation.returned_at.since(operation.at));
            }
            Some(Outcome::Failed) => figures.refused += 1,
            Some(Outcome::Unknown) => figures.unknown += 1,
            None => {}
        }
    }
    figures.reads = spans(&mut reads);
    figures.writes = spans(&mut writes);
    figures
}

/// Median and 95th percentile by nearest rank: the smallest value that is not below so
/// large a share of all.
fn spans(all: &mut [u64]) -> Option<Spans> {
    let count = all.len();
    let mut ranked = |hundredths: usize| {
        let rank = (count * hundredths).div_ceil(100).checked_sub(1)?;
        Some(*all.select_nth_unstable(rank).1)
    };
    Some(Spans {
        median_us: ranked(50)?,
        p95_us: ranked(95)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_by_nearest_rank() {
        assert_eq!(spans(&mut []), None);
        let mut hundred: Vec<u64> = (1..=100).rev().collect();
        let found = spans(&mut hundred).expect("there are some");
        assert_eq!((found.median_us, found.p95_us), (50, 95));
        let found = spans(&mut [7]).expect("there is one");
        assert_eq!((found.median_us, found.p95_us), (7, 7));
    }
}
