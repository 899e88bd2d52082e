//! Read atomic: a transaction sees all of another or nothing, and sees what its
//! own session committed before.
//!
//! There is a commit order that contains session order and read-from, such that:
//! where a transaction reads a key from t1, and t2 writes that key too and is
//! before the reader in session order or by read-from, t2 is before t1 (Biswas and
//! Enea 2019, figure 2b).

use super::ModelInfo;
use super::cycle::{Forced, find_cycle};
use super::finding::Finding;
use super::operation::{OperationId, Status, TransactionId};
use super::order::{ExternalRead, Order};
use super::witness::Pattern;

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "read_atomic",
    patterns: &[
        Pattern::CyclicCausality,
        Pattern::NonRepeatableRead,
        Pattern::CyclicOrder,
    ],
    sources: &["biswas_enea_2019", "moldrup_pavlogiannis_2025"],
};

pub(super) fn find(order: &Order<'_>) -> Option<Finding> {
    let history = order.history;
    let mut forced = Vec::new();
    // The last transaction that wrote each key, if it was of the same session.
    let mut last: Vec<Option<TransactionId>> = vec![None; history.key_count() as usize];
    let mut written = Vec::new();
    for reader in history.transactions() {
        let session = history.session_of(reader);
        let own = |key: u32, last: &[Option<TransactionId>]| {
            last[key as usize].filter(|it| history.session_of(*it) == session)
        };
        let mut reads: Vec<ExternalRead> = order.reads(reader).collect();
        for read in &reads {
            if let Some(before) = own(read.key, &last)
                && let Some(stale) = force(order, before, read, &mut forced)
            {
                return Some(stale);
            }
        }
        if let Some(finding) = collect(order, &mut reads, &mut forced, &mut written) {
            return Some(finding);
        }
        if history.status(reader) == Status::Committed {
            order.written_keys(reader, &mut written);
            for key in &written {
                last[*key as usize] = Some(reader);
            }
        }
    }
    let cycle = find_cycle(order, &forced)?;
    Some(Finding::of_cycle(order, &cycle))
}

/// `before` writes the key of a read and is before its transaction.
fn force(
    order: &Order<'_>,
    before: TransactionId,
    read: &ExternalRead,
    forced: &mut Vec<Forced>,
) -> Option<Finding> {
    let Some(write) = read.source else {
        let (read, pattern) = (read.operation, Pattern::CyclicOrder);
        return Some(Finding::of_stale_read(order, before, read, None, pattern));
    };
    let to = order.history.transaction_of(write);
    if to != before {
        let read = read.operation;
        forced.push(Forced {
            from: before,
            to,
            read,
        });
    }
    None
}

/// What the writers that one transaction reads from force.
fn collect(
    order: &Order<'_>,
    reads: &mut Vec<ExternalRead>,
    forced: &mut Vec<Forced>,
    written: &mut Vec<u32>,
) -> Option<Finding> {
    if reads.len() < 2 {
        return None;
    }
    reads.sort_by_key(|it| it.key);
    let differ = |it: &&[ExternalRead; 2]| it[0].key == it[1].key && it[0].source != it[1].source;
    if let Some(pair) = reads.array_windows().find(differ) {
        return non_repeatable(order, pair);
    }
    reads.dedup_by_key(|it| it.key);
    let sources = reads.iter().filter_map(|it| it.source);
    let mut writers: Vec<TransactionId> =
        sources.map(|it| order.history.transaction_of(it)).collect();
    writers.sort_unstable();
    writers.dedup();
    let find = |key: &u32| reads.binary_search_by_key(key, |it| it.key).ok();
    for writer in writers {
        order.written_keys(writer, written);
        if written.len() <= reads.len() {
            for at in written.iter().filter_map(find) {
                if let Some(stale) = force(order, writer, &reads[at], forced) {
                    return Some(stale);
                }
            }
        } else {
            for read in reads
                .iter()
                .filter(|it| written.binary_search(&it.key).is_ok())
            {
                if let Some(stale) = force(order, writer, read, forced) {
                    return Some(stale);
                }
            }
        }
    }
    None
}

/// Two reads of one key that saw different writes: each of these must precede the
/// other.
fn non_repeatable(order: &Order<'_>, pair: &[ExternalRead; 2]) -> Option<Finding> {
    let writer = |read: &ExternalRead| read.source.map(|it| order.history.transaction_of(it));
    let pattern = Pattern::NonRepeatableRead;
    let forced = |before: TransactionId, seen: OperationId, read: OperationId| {
        let because = vec![order.read_from(seen), order.read_from(read)];
        order.forced_because(before, read, because)
    };
    let [one, other] = [pair[0].operation, pair[1].operation];
    match [writer(&pair[0]), writer(&pair[1])] {
        [Some(first), Some(second)] => {
            let edges = vec![forced(first, one, other), forced(second, other, one)];
            Some(Finding {
                pattern,
                edges,
                read: other,
            })
        }
        [Some(newer), None] => {
            let way = Some(vec![order.read_from(one)]);
            Some(Finding::of_stale_read(order, newer, other, way, pattern))
        }
        [None, Some(newer)] => {
            let way = Some(vec![order.read_from(other)]);
            Some(Finding::of_stale_read(order, newer, one, way, pattern))
        }
        [None, None] => None,
    }
}
