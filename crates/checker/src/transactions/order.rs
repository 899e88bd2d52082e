//! Session order and read-from between transactions: what every model starts
//! from. Together, and their chains, they are causality.

use std::collections::VecDeque;

use super::history::TransactionalHistory;
use super::operation::{Access, Key, OperationId, Status, TransactionId};
use super::read_from::Source;
use super::witness::{Edge, EdgeKind, End};

/// No transaction.
pub(super) const NONE: u32 = u32::MAX;

/// A read of what another transaction wrote, or of the initial value.
#[derive(Debug, Clone, Copy)]
pub(super) struct ExternalRead {
    pub(super) operation: OperationId,
    /// The dense number of its key.
    pub(super) key: u32,
    /// The write that it saw; none is the initial value.
    pub(super) source: Option<OperationId>,
}

/// How one transaction is directly before another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HopKind {
    Session,
    /// The read in the later one that saw a write of the earlier one.
    ReadFrom(OperationId),
    /// The read because of which the earlier one must be so.
    Forced(OperationId),
}

/// One transaction is directly before another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hop {
    pub(super) from: TransactionId,
    pub(super) to: TransactionId,
    pub(super) kind: HopKind,
}

/// The orders of a history in which no read is at fault by itself.
pub(super) struct Order<'h> {
    pub(super) history: &'h TransactionalHistory,
    /// The last transaction before each in its session.
    session_before: Vec<u32>,
}

impl<'h> Order<'h> {
    pub(super) fn new(history: &'h TransactionalHistory) -> Self {
        let mut session_before = vec![NONE; history.transaction_count() as usize];
        for session in 0..history.session_count() {
            let mut last = NONE;
            for it in history.session(session) {
                session_before[it.0 as usize] = last;
                if history.status(it) == Status::Committed {
                    last = it.0;
                }
            }
        }
        Self {
            history,
            session_before,
        }
    }

    /// The last transaction that committed before this one in its session.
    pub(super) fn session_before(&self, of: TransactionId) -> Option<TransactionId> {
        let before = self.session_before[of.0 as usize];
        (before != NONE).then_some(TransactionId(before))
    }

    /// The reads of a transaction that tell of others, in its order. Only one that
    /// committed has any.
    pub(super) fn reads(
        &self,
        of: TransactionId,
    ) -> impl DoubleEndedIterator<Item = ExternalRead> + use<'h> {
        let history = self.history;
        let is_committed = history.status(of) == Status::Committed;
        let operations = history.operations_of(of).filter(move |_| is_committed);
        operations.filter_map(move |operation| {
            if history.operation(operation).is_write() {
                return None;
            }
            let source = match history.source(operation) {
                Source::Initial => None,
                Source::Nobody => return None,
                Source::Write(write) if history.transaction_of(write) == of => return None,
                Source::Write(write) => Some(write),
            };
            let key = history.dense_key(operation);
            Some(ExternalRead {
                operation,
                key,
                source,
            })
        })
    }

    /// The last write of a transaction to a key, which others may see.
    pub(super) fn write_to(&self, of: TransactionId, key: u32) -> Option<OperationId> {
        let history = self.history;
        let mut operations = history.operations_of(of).rev();
        operations.find(|it| history.operation(*it).is_write() && history.dense_key(*it) == key)
    }

    /// The keys that a transaction writes, each once.
    pub(super) fn written_keys(&self, of: TransactionId, keys: &mut Vec<u32>) {
        let history = self.history;
        keys.clear();
        let operations = history.operations_of(of);
        let writes =
            operations.filter(|it| matches!(history.operation(*it).access, Access::Write(_)));
        keys.extend(writes.map(|it| history.dense_key(it)));
        if keys.len() > 1 {
            keys.sort_unstable();
            keys.dedup();
        }
    }

    /// The shortest way from one transaction to a later one over session order and
    /// read-from; empty where there is none, or they are the same.
    pub(super) fn way(&self, from: TransactionId, to: TransactionId) -> Vec<Edge<OperationId>> {
        let count = self.history.transaction_count() as usize;
        let mut search = Backwards::new(count);
        search.start(to);
        while let Some(at) = search.next(self) {
            for read in self.reads(at) {
                if let Some(write) = read.source {
                    let before = self.history.transaction_of(write);
                    search.reach(before, at, HopKind::ReadFrom(read.operation));
                }
            }
            if search.is_reached(from) {
                return search
                    .way(from, to)
                    .iter()
                    .map(|hop| self.edge(*hop))
                    .collect();
            }
        }
        Vec::new()
    }

    /// A hop as an edge between the operations that matter; a forced one with its
    /// proof.
    pub(super) fn edge(&self, hop: Hop) -> Edge<OperationId> {
        match hop.kind {
            HopKind::Session => Edge::new(
                self.first(hop.from),
                self.first(hop.to),
                EdgeKind::SessionOrder,
            ),
            HopKind::ReadFrom(read) => self.read_from(read),
            HopKind::Forced(read) => self.forced(hop.from, read),
        }
    }

    /// A read and where it got its value from.
    pub(super) fn read_from(&self, read: OperationId) -> Edge<OperationId> {
        Edge::new(self.seen_by(read), End::Operation(read), EdgeKind::ReadFrom)
    }

    /// Why `before`, which writes the key of `read` and is in the past of its
    /// transaction, must precede what that read saw.
    pub(super) fn forced(&self, before: TransactionId, read: OperationId) -> Edge<OperationId> {
        let mut because = self.way(before, self.history.transaction_of(read));
        because.push(self.read_from(read));
        self.forced_because(before, read, because)
    }

    /// The same with the proof given, all but what the read saw.
    pub(super) fn forced_because(
        &self,
        before: TransactionId,
        read: OperationId,
        because: Vec<Edge<OperationId>>,
    ) -> Edge<OperationId> {
        let write = self.write_to(before, self.history.dense_key(read));
        let from = write.map_or_else(|| self.first(before), End::Operation);
        let (to, kind) = (self.seen_by(read), EdgeKind::MustPrecede);
        Edge {
            from,
            to,
            kind,
            because,
        }
    }

    /// The write that a read saw, or the initial value.
    pub(super) fn seen_by(&self, read: OperationId) -> End<OperationId> {
        match self.history.source(read) {
            Source::Write(write) => End::Operation(write),
            Source::Initial | Source::Nobody => End::Initial(self.key(read)),
        }
    }

    fn key(&self, of: OperationId) -> Key {
        self.history.operation(of).key
    }

    fn first(&self, of: TransactionId) -> End<OperationId> {
        let first = self.history.operations_of(of).next();
        End::Operation(first.unwrap_or(OperationId(NONE)))
    }
}

/// A breadth-first search against the orders. In session order it reaches every
/// earlier transaction in one hop, for that order is transitive.
pub(super) struct Backwards {
    queue: VecDeque<TransactionId>,
    /// By which hop each transaction was reached, towards the start.
    reached: Vec<Option<(TransactionId, HopKind)>>,
    /// Those whose earlier ones in the session are reached already.
    is_walked: Vec<bool>,
}

impl Backwards {
    pub(super) fn new(count: usize) -> Self {
        Self {
            queue: VecDeque::new(),
            reached: vec![None; count],
            is_walked: vec![false; count],
        }
    }

    pub(super) fn start(&mut self, at: TransactionId) {
        self.queue.clear();
        self.reached.fill(None);
        self.is_walked.fill(false);
        self.queue.push_back(at);
    }

    /// The next transaction whose predecessors are to be reached; those in its
    /// session are.
    pub(super) fn next(&mut self, order: &Order<'_>) -> Option<TransactionId> {
        let at = self.queue.pop_front()?;
        if !std::mem::replace(&mut self.is_walked[at.0 as usize], true) {
            let mut next = order.session_before(at);
            while let Some(before) = next {
                self.reach(before, at, HopKind::Session);
                if std::mem::replace(&mut self.is_walked[before.0 as usize], true) {
                    break;
                }
                next = order.session_before(before);
            }
        }
        Some(at)
    }

    /// `before` is directly before `at`.
    pub(super) fn reach(&mut self, before: TransactionId, at: TransactionId, kind: HopKind) {
        let reached = &mut self.reached[before.0 as usize];
        if reached.is_none() {
            *reached = Some((at, kind));
            self.queue.push_back(before);
        }
    }

    pub(super) fn is_reached(&self, it: TransactionId) -> bool {
        self.reached[it.0 as usize].is_some()
    }

    /// The hops from what was reached to the start of the search.
    pub(super) fn way(&self, from: TransactionId, start: TransactionId) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut at = from;
        while let Some((to, kind)) = self.reached[at.0 as usize] {
            hops.push(Hop { from: at, to, kind });
            at = to;
            if at == start {
                break;
            }
        }
        hops
    }
}
