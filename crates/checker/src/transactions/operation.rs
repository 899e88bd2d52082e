//! What a client did: reads and writes, alone or in transactions.

use std::fmt;

/// A key, by the caller's own number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(pub u64);

/// A written value, by the caller's own number. Within a key no two writes write
/// the same, so that a read tells which write it saw.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Value(pub u64);

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What was done to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// Returned this value; none is the initial value, which is older than every
    /// write.
    Read(Option<Value>),
    /// Wrote this value.
    Write(Value),
}

/// One access to one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Operation {
    /// The key.
    pub key: Key,
    /// What was done to it.
    pub access: Access,
}

impl Operation {
    /// A read that returned a written value.
    pub fn read(key: Key, value: Value) -> Self {
        let access = Access::Read(Some(value));
        Self { key, access }
    }

    /// A read that returned the initial value.
    pub fn read_initial(key: Key) -> Self {
        let access = Access::Read(None);
        Self { key, access }
    }

    /// A write.
    pub fn write(key: Key, value: Value) -> Self {
        let access = Access::Write(value);
        Self { key, access }
    }

    /// Whether it wrote.
    pub fn is_write(&self) -> bool {
        matches!(self.access, Access::Write(_))
    }
}

/// What became of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Status {
    /// The client was told that it is done.
    #[default]
    Committed,
    /// It did not take place, and nobody may have seen its writes.
    Aborted,
    /// The client was told nothing. It took place, at some time after everything
    /// that the session did before it, if somebody saw a write of it; it precedes
    /// nothing in its session, for it may have taken effect late. What it read
    /// tells nothing.
    Unknown,
}

/// Operations that take effect together.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Transaction {
    /// What became of it.
    pub status: Status,
    /// In the order in which the client issued them.
    pub operations: Vec<Operation>,
}

impl Transaction {
    /// One that committed.
    pub fn committed(operations: Vec<Operation>) -> Self {
        let status = Status::Committed;
        Self { status, operations }
    }
}

/// An operation that is a transaction of its own, as in the history of a register
/// or of a key-value store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SingleOperation {
    /// Whose it is. Operations of one process are in session order.
    pub process: u32,
    /// What became of it.
    pub status: Status,
    /// What was done.
    pub operation: Operation,
}

/// A transaction of a [`crate::transactions::TransactionalHistory`]: its place
/// among all, session by session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct TransactionId(pub u32);

/// An operation of a [`crate::transactions::TransactionalHistory`]: its place
/// among all, session by session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct OperationId(pub u32);
