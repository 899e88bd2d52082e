//! A history: sessions of transactions, and which write each read saw.

use thiserror::Error;

use super::operation::{
    Key, Operation, OperationId, SingleOperation, Status, Transaction, TransactionId, Value,
};
use super::read_from::{Repeats, Source, dense_keys, sources};

/// Operations in one history at most. Beyond it, identifiers of 32 bits and the
/// memory of a browser's tab come near their ends.
pub const MAX_OPERATIONS: usize = 1 << 24;

/// Why something is no history.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum HistoryError {
    /// Two writes wrote the same value to the same key, so a read of it does not
    /// tell which of them it saw.
    #[error(
        "value {value} is written to key {key} twice, by operations {first} and {second}; \
         values written to a key must differ"
    )]
    RepeatedValue {
        /// The key.
        key: Key,
        /// The value.
        value: Value,
        /// The label of the first write; see [`TransactionalHistory::label`].
        first: u32,
        /// The label of the second.
        second: u32,
    },
    /// There are too many operations.
    #[error("{found} operations; at most {MAX_OPERATIONS} can be judged")]
    TooManyOperations {
        /// How many there are.
        found: usize,
    },
}

/// A transaction: a stretch of the operations.
#[derive(Debug, Clone, Copy)]
struct Span {
    session: u32,
    begin: u32,
    end: u32,
    status: Status,
}

/// Sessions, each a list of transactions, each a list of reads and writes; with
/// the initial value of every key written before everything.
///
/// Transactions without operations say nothing and are left out.
#[derive(Debug, Clone)]
pub struct TransactionalHistory {
    operations: Vec<Operation>,
    labels: Vec<u32>,
    transaction_of: Vec<u32>,
    dense_keys: Vec<u32>,
    key_count: u32,
    sources: Vec<Source>,
    spans: Vec<Span>,
    /// The first transaction of each session, and the end.
    sessions: Vec<u32>,
    takes_part: Vec<bool>,
}

impl TransactionalHistory {
    /// A history of these sessions. Operations are labelled by their number, from 0.
    ///
    /// # Errors
    ///
    /// A value is written twice to one key, or there are more than
    /// [`MAX_OPERATIONS`].
    pub fn new(sessions: &[Vec<Transaction>]) -> Result<Self, HistoryError> {
        Self::with(sessions, Repeats::Refuse)
    }

    /// The same, with a choice of what to do with repeated values.
    ///
    /// # Errors
    ///
    /// A value is written twice to one key and refused, or there are more than
    /// [`MAX_OPERATIONS`].
    pub fn with(sessions: &[Vec<Transaction>], repeats: Repeats) -> Result<Self, HistoryError> {
        let transactions = sessions.iter().flatten();
        let found = transactions.map(|it| it.operations.len()).sum();
        if found > MAX_OPERATIONS {
            return Err(HistoryError::TooManyOperations { found });
        }
        let mut parts = Parts::default();
        for session in sessions {
            parts.begin_session();
            for transaction in session {
                let next = parts.operations.len() as u32;
                let labelled = transaction.operations.iter().copied().zip(next..);
                parts.push_transaction(transaction.status, labelled);
            }
        }
        parts.resolve(repeats)
    }

    /// A history of single operations, each a transaction of its own, labelled by
    /// their places in the list. The list holds each process's operations in
    /// session order; the sessions stand in the order of the processes' numbers.
    ///
    /// # Errors
    ///
    /// As [`TransactionalHistory::new`].
    pub fn of_operations(list: &[SingleOperation]) -> Result<Self, HistoryError> {
        if list.len() > MAX_OPERATIONS {
            return Err(HistoryError::TooManyOperations { found: list.len() });
        }
        let mut order: Vec<u32> = (0..list.len() as u32).collect();
        order.sort_by_key(|at| list[*at as usize].process);
        let mut parts = Parts::default();
        let mut process = None;
        for at in order {
            let it = &list[at as usize];
            if process.replace(it.process) != Some(it.process) {
                parts.begin_session();
            }
            parts.push_transaction(it.status, [(it.operation, at)]);
        }
        parts.resolve(Repeats::Refuse)
    }

    /// How many operations there are.
    pub fn operation_count(&self) -> u32 {
        self.operations.len() as u32
    }

    /// How many transactions there are.
    pub fn transaction_count(&self) -> u32 {
        self.spans.len() as u32
    }

    /// How many sessions there are, empty ones included.
    pub fn session_count(&self) -> u32 {
        self.sessions.len() as u32 - 1
    }

    /// Every transaction, session by session.
    pub fn transactions(&self) -> impl DoubleEndedIterator<Item = TransactionId> + use<> {
        (0..self.transaction_count()).map(TransactionId)
    }

    /// The transactions of one session, in its order.
    pub fn session(&self, session: u32) -> impl DoubleEndedIterator<Item = TransactionId> + use<> {
        let (begin, end) = (
            self.sessions[session as usize],
            self.sessions[session as usize + 1],
        );
        (begin..end).map(TransactionId)
    }

    /// The session of a transaction, by its place among the sessions.
    pub fn session_of(&self, transaction: TransactionId) -> u32 {
        self.spans[transaction.0 as usize].session
    }

    /// What became of a transaction.
    pub fn status(&self, transaction: TransactionId) -> Status {
        self.spans[transaction.0 as usize].status
    }

    /// The operations of a transaction, in its order; never none.
    pub fn operations_of(
        &self,
        transaction: TransactionId,
    ) -> impl DoubleEndedIterator<Item = OperationId> + use<> {
        let span = self.spans[transaction.0 as usize];
        (span.begin..span.end).map(OperationId)
    }

    /// The transaction of an operation.
    pub fn transaction_of(&self, operation: OperationId) -> TransactionId {
        TransactionId(self.transaction_of[operation.0 as usize])
    }

    /// What an operation did.
    pub fn operation(&self, operation: OperationId) -> Operation {
        self.operations[operation.0 as usize]
    }

    /// What the feeder knows an operation by: its number, its place in the list, or
    /// the line of the file that it stands on.
    pub fn label(&self, operation: OperationId) -> u32 {
        self.labels[operation.0 as usize]
    }

    /// Which write a read saw.
    pub fn source(&self, read: OperationId) -> Source {
        self.sources[read.0 as usize]
    }

    /// Whether a transaction took place: it committed, or its outcome is unknown
    /// and a transaction that committed saw a write of it.
    pub fn takes_part(&self, transaction: TransactionId) -> bool {
        self.takes_part[transaction.0 as usize]
    }

    /// Only these transactions, and of their reads only those whose writers are
    /// among them: the sub-histories over which a witness is minimal.
    #[must_use]
    pub fn restrict(&self, keep: impl Fn(TransactionId) -> bool) -> Self {
        self.restrict_with_origins(keep).0
    }

    /// The same, and which operation of this history each of the rest was.
    pub(super) fn restrict_with_origins(
        &self,
        keep: impl Fn(TransactionId) -> bool,
    ) -> (Self, Vec<OperationId>) {
        let mut parts = Parts::default();
        for session in 0..self.session_count() {
            parts.begin_session();
            for transaction in self.session(session).filter(|it| keep(*it)) {
                let kept = self
                    .operations_of(transaction)
                    .filter(|it| match self.source(*it) {
                        Source::Write(write) => keep(self.transaction_of(write)),
                        Source::Initial | Source::Nobody => true,
                    });
                let labelled = kept.map(|it| (self.operation(it), it.0));
                parts.push_transaction(self.status(transaction), labelled);
            }
        }
        let origins = std::mem::take(&mut parts.labels);
        let mut place = vec![u32::MAX; self.operations.len()];
        for (at, origin) in origins.iter().enumerate() {
            place[*origin as usize] = at as u32;
        }
        let moved = origins.iter().map(|it| match self.sources[*it as usize] {
            Source::Write(write) => Source::Write(OperationId(place[write.0 as usize])),
            other => other,
        });
        parts.labels = origins.iter().map(|it| self.labels[*it as usize]).collect();
        let (keys, sources) = (dense_keys(&parts.operations), moved.collect());
        let rest = parts.finish(keys.of, keys.count, sources);
        (rest, origins.into_iter().map(OperationId).collect())
    }

    /// The number of an operation's key, from 0 to [`Self::key_count`].
    pub(super) fn dense_key(&self, operation: OperationId) -> u32 {
        self.dense_keys[operation.0 as usize]
    }

    pub(super) fn key_count(&self) -> u32 {
        self.key_count
    }
}

/// A history whose reads are not yet told apart.
#[derive(Default)]
pub(super) struct Parts {
    operations: Vec<Operation>,
    labels: Vec<u32>,
    transaction_of: Vec<u32>,
    spans: Vec<Span>,
    sessions: Vec<u32>,
}

impl Parts {
    pub(super) fn begin_session(&mut self) {
        self.sessions.push(self.spans.len() as u32);
    }

    /// Adds a transaction to the last session, its operations with their labels.
    pub(super) fn push_transaction(
        &mut self,
        status: Status,
        operations: impl IntoIterator<Item = (Operation, u32)>,
    ) {
        let begin = self.operations.len() as u32;
        for (operation, label) in operations {
            self.operations.push(operation);
            self.labels.push(label);
            self.transaction_of.push(self.spans.len() as u32);
        }
        let end = self.operations.len() as u32;
        if begin < end {
            self.spans.push(Span {
                session: self.sessions.len() as u32 - 1,
                begin,
                end,
                status,
            });
        }
    }

    pub(super) fn resolve(self, repeats: Repeats) -> Result<TransactionalHistory, HistoryError> {
        let keys = dense_keys(&self.operations);
        let label = |it: OperationId| self.labels[it.0 as usize];
        let sources = sources(&self.operations, &keys, repeats, label)?;
        Ok(self.finish(keys.of, keys.count, sources))
    }

    fn finish(
        mut self,
        dense_keys: Vec<u32>,
        key_count: u32,
        sources: Vec<Source>,
    ) -> TransactionalHistory {
        self.sessions.push(self.spans.len() as u32);
        let is_committed = |it: &Span| it.status == Status::Committed;
        let mut takes_part: Vec<bool> = self.spans.iter().map(is_committed).collect();
        for (read, source) in sources.iter().enumerate() {
            let reader = self.transaction_of[read] as usize;
            if let Source::Write(write) = source
                && is_committed(&self.spans[reader])
            {
                let writer = self.transaction_of[write.0 as usize] as usize;
                takes_part[writer] |= self.spans[writer].status == Status::Unknown;
            }
        }
        TransactionalHistory {
            operations: self.operations,
            labels: self.labels,
            transaction_of: self.transaction_of,
            dense_keys,
            key_count,
            sources,
            spans: self.spans,
            sessions: self.sessions,
            takes_part,
        }
    }
}
