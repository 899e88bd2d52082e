//! Reads that no model allows, whatever the order of transactions.
//!
//! Every model here demands of a transaction that committed: each read returns a
//! value that some transaction wrote and did not take back, the initial value, or,
//! after a write of its own, the last such write; and from others only what they
//! wrote last (Møldrup and Pavlogiannis 2025, *Read Consistency*; Burckhardt 2014,
//! return values). Transactions of one operation can break the first part only.

use super::finding::Finding;
use super::history::TransactionalHistory;
use super::operation::{OperationId, Status, TransactionId};
use super::order::Order;
use super::read_from::Source;
use super::witness::{Edge, EdgeKind, End, Pattern};

/// The last write to a key, and of which transaction.
type LastWrite = Option<(TransactionId, OperationId)>;

/// The first read at fault, in the order of the history.
pub(super) fn find(order: &Order<'_>) -> Option<Finding> {
    let history = order.history;
    let mut own: Vec<LastWrite> = vec![None; history.key_count() as usize];
    let is_replaced = replaced_writes(history, &mut own);
    own.fill(None);
    for transaction in history.transactions() {
        if history.status(transaction) != Status::Committed {
            continue;
        }
        for operation in history.operations_of(transaction) {
            let last = &mut own[history.dense_key(operation) as usize];
            if history.operation(operation).is_write() {
                *last = Some((transaction, operation));
                continue;
            }
            let own_write = last.filter(|it| it.0 == transaction).map(|it| it.1);
            if let Some(pattern) = judge(history, transaction, operation, own_write, &is_replaced) {
                return Some(finding(order, operation, own_write, pattern));
            }
        }
    }
    None
}

/// The writes that their own transaction replaced.
fn replaced_writes(history: &TransactionalHistory, last: &mut [LastWrite]) -> Vec<bool> {
    let mut is_replaced = vec![false; history.operation_count() as usize];
    for transaction in history.transactions() {
        for operation in history.operations_of(transaction) {
            if history.operation(operation).is_write() {
                let last = &mut last[history.dense_key(operation) as usize];
                if let Some((of, earlier)) = last.replace((transaction, operation))
                    && of == transaction
                {
                    is_replaced[earlier.0 as usize] = true;
                }
            }
        }
    }
    is_replaced
}

fn judge(
    history: &TransactionalHistory,
    transaction: TransactionId,
    read: OperationId,
    own_write: Option<OperationId>,
    is_replaced: &[bool],
) -> Option<Pattern> {
    let write = match history.source(read) {
        Source::Nobody => return Some(Pattern::ThinAirRead),
        Source::Initial => return own_write.map(|_| Pattern::OwnWriteMissed),
        Source::Write(write) => write,
    };
    let writer = history.transaction_of(write);
    if writer == transaction {
        return match own_write {
            Some(own) if own == write => None,
            _ if write > read => Some(Pattern::FutureRead),
            _ => Some(Pattern::OwnReplacedWriteRead),
        };
    }
    if history.status(writer) == Status::Aborted {
        Some(Pattern::AbortedRead)
    } else if own_write.is_some() {
        Some(Pattern::OwnWriteMissed)
    } else if is_replaced[write.0 as usize] {
        Some(Pattern::IntermediateRead)
    } else {
        None
    }
}

fn finding(
    order: &Order<'_>,
    read: OperationId,
    own_write: Option<OperationId>,
    pattern: Pattern,
) -> Finding {
    let own = own_write.map(|it| {
        Edge::new(
            End::Operation(it),
            End::Operation(read),
            EdgeKind::SessionOrder,
        )
    });
    let edges = match pattern {
        Pattern::ThinAirRead => Vec::new(),
        _ => own.into_iter().chain([order.read_from(read)]).collect(),
    };
    Finding {
        pattern,
        edges,
        read,
    }
}
