//! From a violation found somewhere in a history to a minimal witness of it.

use super::history::TransactionalHistory;
use super::model::Model;
use super::operation::{OperationId, TransactionId};
use super::order::{Hop, HopKind, Order};
use super::undecided::Undecided;
use super::witness::{Edge, EdgeKind, End, Pattern, Witness, named};

/// A proof with more transactions than this is not shrunk: trying each of them
/// costs a check of all the others.
pub const SHRUNK_TRANSACTIONS: usize = 400;

/// A violation as a model finds it, not yet minimal.
#[derive(Debug, Clone)]
pub(super) struct Finding {
    pub(super) pattern: Pattern,
    pub(super) edges: Vec<Edge<OperationId>>,
    pub(super) read: OperationId,
}

impl Finding {
    /// Of a cycle; the read at fault is that of its first forced edge.
    pub(super) fn of_cycle(order: &Order<'_>, hops: &[Hop]) -> Self {
        let is_long = hops.len() > SHRUNK_TRANSACTIONS;
        let edge = |hop: &Hop| match hop.kind {
            HopKind::Forced(read) if is_long => order.forced_briefly(hop.from, read),
            _ => order.edge(*hop),
        };
        let edges = hops.iter().map(edge).collect();
        let forced = hops.iter().find_map(|hop| match hop.kind {
            HopKind::Forced(read) => Some(read),
            HopKind::Session | HopKind::ReadFrom(_) => None,
        });
        let seen = hops.iter().find_map(|hop| match hop.kind {
            HopKind::ReadFrom(read) => Some(read),
            HopKind::Session | HopKind::Forced(_) => None,
        });
        let pattern = match forced {
            Some(_) => Pattern::CyclicOrder,
            None => Pattern::CyclicCausality,
        };
        // No cycle is of session order alone.
        let read = forced.or(seen).unwrap_or(OperationId(0));
        Self {
            pattern,
            edges,
            read,
        }
    }

    /// Of a read that had `newer` in its past and saw what is older than that: the
    /// initial value, or a write in the past of `newer`. `way` is why `newer` is in
    /// the past of the read; causality where it is none.
    pub(super) fn of_stale_read(
        order: &Order<'_>,
        newer: TransactionId,
        read: OperationId,
        way: Option<Vec<Edge<OperationId>>>,
        pattern: Pattern,
    ) -> Self {
        let history = order.history;
        let mut because = way.unwrap_or_else(|| order.way(newer, history.transaction_of(read)));
        because.push(order.read_from(read));
        let forced = order.forced_because(newer, read, because);
        let mut edges = match forced.to {
            End::Initial(_) => vec![Edge::new(forced.to, forced.from, EdgeKind::SessionOrder)],
            End::Operation(write) => order.way(history.transaction_of(write), newer),
        };
        edges.push(forced);
        Self {
            pattern,
            edges,
            read,
        }
    }

    /// The transactions of all operations in it, in the order of the history.
    fn transactions(&self, history: &TransactionalHistory) -> Vec<TransactionId> {
        let of = |it: &OperationId| history.transaction_of(*it);
        let operations = named(self.read, &self.edges);
        // Operations stand transaction by transaction.
        let mut transactions: Vec<TransactionId> = operations.iter().map(of).collect();
        transactions.dedup();
        transactions
    }
}

/// The minimal witness within the transactions of a finding.
///
/// Leaving a transaction out only takes orders and reads away, so a part of what
/// passes passes too: whatever could not be spared once can never be.
pub(super) fn minimal_witness(
    model: Model,
    history: &TransactionalHistory,
    finding: Finding,
) -> Result<Witness, Undecided> {
    let mut transactions = finding.transactions(history);
    let is_minimal = transactions.len() <= SHRUNK_TRANSACTIONS;
    if !is_minimal {
        let Finding {
            pattern,
            edges,
            read,
        } = finding;
        return Ok(Witness {
            pattern,
            edges,
            read,
            transactions,
            is_minimal,
        });
    }
    let is_kept = |it: TransactionId| transactions.binary_search(&it).is_ok();
    let (mut rest, mut origins) = history.restrict_with_origins(is_kept);
    let mut at = 0;
    while at < rest.transaction_count() {
        let (smaller, kept) = rest.restrict_with_origins(|it| it.0 != at);
        if model.find(&smaller)?.is_some() {
            rest = smaller;
            origins = kept.iter().map(|it| origins[it.0 as usize]).collect();
        } else {
            at += 1;
        }
    }
    let back = |it: OperationId| origins[it.0 as usize];
    transactions = origins
        .iter()
        .map(|it| history.transaction_of(*it))
        .collect();
    transactions.dedup();
    // What is left violates the model by construction.
    let Finding {
        pattern,
        edges,
        read,
    } = match model.find(&rest)? {
        Some(it) => Finding {
            edges: moved(&it.edges, &back),
            read: back(it.read),
            ..it
        },
        None => finding,
    };
    Ok(Witness {
        pattern,
        edges,
        read,
        transactions,
        is_minimal,
    })
}

fn moved(
    edges: &[Edge<OperationId>],
    back: &impl Fn(OperationId) -> OperationId,
) -> Vec<Edge<OperationId>> {
    let end = |end| match end {
        End::Operation(it) => End::Operation(back(it)),
        End::Initial(_) => end,
    };
    let edge = |it: &Edge<OperationId>| Edge {
        from: end(it.from),
        to: end(it.to),
        kind: it.kind,
        because: moved(&it.because, back),
    };
    edges.iter().map(edge).collect()
}
