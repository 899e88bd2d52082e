//! Read committed.
//!
//! There is a commit order that contains session order and read-from, such that:
//! where a transaction reads a key from t1 after it has read anything from t2, and
//! t2 writes that key too, t2 is before t1 (Biswas and Enea 2019, figure 2a).

use super::ModelInfo;
use super::cycle::{Forced, find_cycle};
use super::finding::Finding;
use super::operation::{OperationId, TransactionId};
use super::order::{ExternalRead, Order};
use super::witness::Pattern;

/// What is known of it.
pub const INFO: ModelInfo = ModelInfo {
    id: "read_committed",
    patterns: &[Pattern::CyclicCausality, Pattern::CyclicOrder],
    sources: &["biswas_enea_2019", "moldrup_pavlogiannis_2025"],
};

/// A read of one key within one transaction.
struct KeyRead {
    key: u32,
    at: u32,
    from: Option<TransactionId>,
    read: OperationId,
}

pub(super) fn find(order: &Order<'_>) -> Option<Finding> {
    let mut forced = Vec::new();
    for reader in order.history.transactions() {
        if let Some(stale) = collect(order, reader, &mut forced) {
            return Some(stale);
        }
    }
    let cycle = find_cycle(order, &forced)?;
    Some(Finding::of_cycle(order, &cycle))
}

/// What the reads of one transaction force. Of the later reads of a key only the
/// next one counts: it was seen before those that follow it, which it precedes for
/// the same reason. So the work is that of finding the keys which both the writer
/// writes and the reader reads, going through the shorter of the two lists.
fn collect(order: &Order<'_>, reader: TransactionId, forced: &mut Vec<Forced>) -> Option<Finding> {
    let reads: Vec<ExternalRead> = order.reads(reader).collect();
    if reads.len() < 2 {
        return None;
    }
    let by_key = by_key(order, &reads);
    let mut keys_read: Vec<u32> = by_key.iter().map(|it| it.key).collect();
    keys_read.dedup();
    let mut writers: Vec<(TransactionId, u32)> = Vec::new();
    for (at, read) in reads.iter().enumerate() {
        let writer = read.source.map(|write| order.history.transaction_of(write));
        writers.extend(writer.map(|it| (it, at as u32)));
    }
    // Each writer at its first read.
    writers.sort_unstable();
    writers.dedup_by_key(|it| it.0);
    let mut written = Vec::new();
    for (writer, first_seen) in writers {
        order.written_keys(writer, &mut written);
        let (shorter, longer) = if written.len() <= keys_read.len() {
            (&written, &keys_read)
        } else {
            (&keys_read, &written)
        };
        for key in shorter.iter().filter(|it| longer.binary_search(it).is_ok()) {
            let begin = by_key.partition_point(|it| (it.key, it.at) <= (*key, first_seen));
            // Equal neighbours are merged, so at most one is to be passed over.
            let later = by_key[begin..].iter().take_while(|it| it.key == *key);
            let Some(next) = later.take(2).find(|it| it.from != Some(writer)) else {
                continue;
            };
            let (from, read) = (writer, next.read);
            let Some(to) = next.from else {
                let pattern = Pattern::CyclicOrder;
                return Some(Finding::of_stale_read(order, from, read, None, pattern));
            };
            forced.push(Forced { from, to, read });
        }
    }
    None
}

/// The reads by key, then in their order; of neighbours that saw the same the last.
fn by_key(order: &Order<'_>, reads: &[ExternalRead]) -> Vec<KeyRead> {
    let of = |(at, read): (usize, &ExternalRead)| KeyRead {
        key: read.key,
        at: at as u32,
        from: read.source.map(|write| order.history.transaction_of(write)),
        read: read.operation,
    };
    let mut list: Vec<KeyRead> = reads.iter().enumerate().map(of).collect();
    list.sort_unstable_by_key(|it| (it.key, it.at));
    list.dedup_by(|next, kept| {
        let is_same = (next.key, next.from) == (kept.key, kept.from);
        if is_same {
            kept.at = next.at;
            kept.read = next.read;
        }
        is_same
    });
    list
}
