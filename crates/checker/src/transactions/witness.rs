//! The proof of a violation: a few operations, and what orders them.
//!
//! A proof is either one read that no model allows, or a cycle of edges. An edge
//! of kind [`EdgeKind::MustPrecede`] says what reads force on the order of two
//! writes of one key: some read saw the later one although it had seen the earlier
//! one too, or was obliged to. Why it was obliged stands in [`Edge::because`].

use super::operation::{Key, OperationId, TransactionId};

/// What went wrong; its id stands for a plain sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// A read returned a value that nobody wrote.
    ThinAirRead,
    /// A read returned a value whose transaction was aborted.
    AbortedRead,
    /// A read returned a value that its writer replaced before it committed.
    IntermediateRead,
    /// A transaction read a value that it wrote only later.
    FutureRead,
    /// A transaction wrote a key and then read somebody else's value, or the
    /// initial one.
    OwnWriteMissed,
    /// A transaction read what it had itself replaced.
    OwnReplacedWriteRead,
    /// Operations are causes of each other: each was seen, or done in the session,
    /// before the next.
    CyclicCausality,
    /// One transaction read two values of one key.
    NonRepeatableRead,
    /// The reads demand an order of the transactions that goes round in a circle.
    CyclicOrder,
    /// A read returned the initial value although a write was in its causal past.
    InitialReadAfterWrite,
    /// A read returned a value although a later one was in its causal past.
    OverwrittenRead,
    /// A session read less than what it had itself written.
    OwnWriteUnseen,
    /// A session read less than what it had read before.
    ReadWentBack,
    /// A session saw a write, and not what the writer had written before it.
    EarlierWriteUnseen,
    /// A session saw a write, and not what the writer had read before it.
    FollowedWriteUnseen,
}

impl Pattern {
    /// Every pattern.
    pub const ALL: [Self; 15] = [
        Self::ThinAirRead,
        Self::AbortedRead,
        Self::IntermediateRead,
        Self::FutureRead,
        Self::OwnWriteMissed,
        Self::OwnReplacedWriteRead,
        Self::CyclicCausality,
        Self::NonRepeatableRead,
        Self::CyclicOrder,
        Self::InitialReadAfterWrite,
        Self::OverwrittenRead,
        Self::OwnWriteUnseen,
        Self::ReadWentBack,
        Self::EarlierWriteUnseen,
        Self::FollowedWriteUnseen,
    ];

    /// The stable id of its sentence.
    pub fn id(self) -> &'static str {
        match self {
            Self::ThinAirRead => "thin_air_read",
            Self::AbortedRead => "aborted_read",
            Self::IntermediateRead => "intermediate_read",
            Self::FutureRead => "future_read",
            Self::OwnWriteMissed => "own_write_missed",
            Self::OwnReplacedWriteRead => "own_replaced_write_read",
            Self::CyclicCausality => "cyclic_causality",
            Self::NonRepeatableRead => "non_repeatable_read",
            Self::CyclicOrder => "cyclic_order",
            Self::InitialReadAfterWrite => "initial_read_after_write",
            Self::OverwrittenRead => "overwritten_read",
            Self::OwnWriteUnseen => "own_write_unseen",
            Self::ReadWentBack => "read_went_back",
            Self::EarlierWriteUnseen => "earlier_write_unseen",
            Self::FollowedWriteUnseen => "followed_write_unseen",
        }
    }
}

/// Why one end of an edge is before the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// The session did one before the other; or one is the initial value.
    SessionOrder,
    /// The read returned what the write wrote.
    ReadFrom,
    /// A chain of the two kinds above leads from one to the other.
    Causal,
    /// The reads leave no other order.
    MustPrecede,
}

impl EdgeKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [
        Self::SessionOrder,
        Self::ReadFrom,
        Self::Causal,
        Self::MustPrecede,
    ];

    /// The stable id.
    pub fn id(self) -> &'static str {
        match self {
            Self::SessionOrder => "session_order",
            Self::ReadFrom => "read_from",
            Self::Causal => "causal",
            Self::MustPrecede => "must_precede",
        }
    }
}

/// One end of an edge. `O` is how operations are named: [`OperationId`] in a
/// history, the feeder's own reference in a live run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum End<O> {
    /// The initial value of a key.
    Initial(Key),
    /// An operation. It stands for its whole transaction, and is the operation
    /// that matters: the write that was read, the read that saw it, else the
    /// transaction's first.
    Operation(O),
}

/// `from` is before `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edge<O> {
    /// The earlier end.
    pub from: End<O>,
    /// The later end.
    pub to: End<O>,
    /// Why.
    pub kind: EdgeKind,
    /// Of [`EdgeKind::MustPrecede`], the proof: the way from the earlier write to
    /// the transaction of the read, then where that read got its value. Of the
    /// other kinds empty.
    pub because: Vec<Edge<O>>,
}

impl<O> Edge<O> {
    pub(super) fn new(from: End<O>, to: End<O>, kind: EdgeKind) -> Self {
        let because = Vec::new();
        Self {
            from,
            to,
            kind,
            because,
        }
    }
}

/// The proof that a history violates a model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// What went wrong.
    pub pattern: Pattern,
    /// A cycle, each edge beginning where the one before it ended; for a read that
    /// no model allows, the edge that it stands on, or none for
    /// [`Pattern::ThinAirRead`].
    pub edges: Vec<Edge<OperationId>>,
    /// The read that was at fault: the first one where several share it.
    pub read: OperationId,
    /// The transactions concerned, in the order of the history.
    pub transactions: Vec<TransactionId>,
    /// Whether it was shown that without any one of the transactions, and the reads
    /// of what it wrote, the rest passes. Not so only where a proof has more than
    /// [`super::SHRUNK_TRANSACTIONS`] transactions.
    pub is_minimal: bool,
}

impl Witness {
    /// Every operation that the proof names, each once, in the order of the history.
    pub fn operations(&self) -> Vec<OperationId> {
        named(self.read, &self.edges)
    }
}

/// Every operation that is the read or stands in an edge, or in what proves one.
pub(super) fn named(read: OperationId, edges: &[Edge<OperationId>]) -> Vec<OperationId> {
    fn collect(edges: &[Edge<OperationId>], into: &mut Vec<OperationId>) {
        for edge in edges {
            for end in [edge.from, edge.to] {
                if let End::Operation(operation) = end {
                    into.push(operation);
                }
            }
            collect(&edge.because, into);
        }
    }
    let mut all = vec![read];
    collect(edges, &mut all);
    all.sort_unstable();
    all.dedup();
    all
}
