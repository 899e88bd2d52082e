//! What the judge is told, one observation at a time, in the order of the facts.
//!
//! All are `Copy` and at most 32 bytes. The references are the feeder's own
//! numbers; the judge compares them and hands them back.

/// A fact in the feeder's trace. Later facts have greater numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FactRef(pub u32);

/// An operation: one intent of a customer, from its first attempt to its last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct OpRef(pub u32);

/// A write: what one accepted attempt left behind. Unique in the run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WriteRef(pub u32);

/// A customer's session.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Session(pub u16);

/// A replica, from 0 up to the number given to [`crate::Judge::new`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Replica(pub u8);

impl Replica {
    /// The bit of this replica in a mask of replicas.
    pub(crate) fn bit(self) -> u64 {
        1 << self.0
    }
}

/// A key: the thing that is replicated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyRef(pub u32);

/// The value that every replica shows of a key before anything was written to
/// it, and again when nothing is left in it (an emptied cart).
pub const EMPTY: u32 = 0;

/// What a customer asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperationKind {
    /// Show me the value.
    Read,
    /// Replace the value.
    Write,
    /// Put an item in.
    Add,
    /// Take an item out.
    Remove,
    /// Count up or down: it stands beside what others count, and rests on nothing read.
    Count,
    /// Charge me, once.
    Pay,
}

/// What a customer was told at last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Ok,
    /// It was provably not done.
    Failed,
    /// Nobody can say; it may take effect at any time. An `Ok` may still follow.
    Unknown,
}

/// What a write does to its key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WriteKind {
    /// A whole new value.
    Write,
    /// A new value for a part of it; the rest stays as it is.
    Part,
    /// A count went up or down, whatever others counted.
    Count,
    /// An item came in.
    Add {
        /// The item.
        item: u32,
    },
    /// An item went out.
    Remove {
        /// The item.
        item: u32,
    },
}

/// One thing that was seen to happen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Observation {
    /// A customer asked for something. Retries are the same operation.
    OperationStarted {
        /// Where.
        fact: FactRef,
        /// When, in true time, in microseconds.
        at_us: u64,
        /// The operation that starts.
        op: OpRef,
        /// Whose it is.
        session: Session,
        /// What is asked for.
        kind: OperationKind,
        /// Of what.
        key: KeyRef,
        /// The value, item or amount.
        argument: u32,
    },
    /// A customer was told how it went, or gave up.
    OperationReturned {
        /// Where.
        fact: FactRef,
        /// When, in true time, in microseconds.
        at_us: u64,
        /// The operation.
        op: OpRef,
        /// What was told.
        outcome: Outcome,
        /// The value read, or whatever came with the answer.
        value: u32,
        /// The answer's status code, as in HTTP.
        status: u16,
        /// The replica that answered; none where nobody did.
        answered_by: Option<Replica>,
    },
    /// A replica showed the value to an attempt to read. The answer may get lost, and
    /// an operation that is retried may be served several times.
    ReadServed {
        /// Where.
        fact: FactRef,
        /// The operation that reads.
        op: OpRef,
        /// The replica that serves it.
        replica: Replica,
        /// The key.
        key: KeyRef,
        /// The value that is shown.
        value: u32,
    },
    /// An attempt's write became durable for the first time, at this replica.
    /// [`Observation::WriteApplied`] at the same replica follows in the same step.
    WriteAccepted {
        /// Where.
        fact: FactRef,
        /// The write.
        write: WriteRef,
        /// Whose attempt it was.
        op: OpRef,
        /// The replica that took it: its origin.
        replica: Replica,
        /// The key.
        key: KeyRef,
        /// What it does to the key.
        kind: WriteKind,
        /// The value.
        value: u32,
    },
    /// A write became durable at a replica, its origin among them. Due for every
    /// write at every replica: where replication skips superseded versions, the
    /// newer one that stands for them is preceded by theirs, not reflected.
    WriteApplied {
        /// Where.
        fact: FactRef,
        /// The write.
        write: WriteRef,
        /// The replica that has it now.
        replica: Replica,
        /// The key.
        key: KeyRef,
        /// Whether the replica's value rests on it now. False: a rule discarded it
        /// on arrival. A removal from a set that took effect is true.
        reflected: bool,
    },
    /// At this replica `lost` stopped being reflected, or never was, because of
    /// `by`. Right after the `WriteApplied` that caused it, before the next.
    Overwritten {
        /// Where.
        fact: FactRef,
        /// The write that gave way.
        lost: WriteRef,
        /// The write it gave way to.
        by: WriteRef,
        /// The replica.
        replica: Replica,
        /// The key.
        key: KeyRef,
    },
    /// The value that a read at this replica would give changed.
    ValueShown {
        /// Where.
        fact: FactRef,
        /// The replica.
        replica: Replica,
        /// The key.
        key: KeyRef,
        /// The value, the same number for the same value; [`EMPTY`] for none.
        value: u32,
    },
    /// What a read of this replica's is going to be answered with, where it need not be
    /// what the replica itself shows: a coordinator asked others. The
    /// [`Observation::ReadServed`] of the same operation and replica follows.
    VersionChosen {
        /// Where.
        fact: FactRef,
        /// The operation that reads.
        op: OpRef,
        /// The replica that answers it.
        replica: Replica,
        /// The write whose value is returned; none: nothing was written yet.
        write: Option<WriteRef>,
    },
    /// A replica took a write out of its log again, because another log is the right
    /// one. What it shows after that rests on writes that are applied anew.
    RolledBack {
        /// Where.
        fact: FactRef,
        /// The write.
        write: WriteRef,
        /// The replica.
        replica: Replica,
    },
    /// From now on these replicas are to hold a key, and no others. Due before the first
    /// write of a key that not all are to hold.
    KeyPlaced {
        /// Where.
        fact: FactRef,
        /// The key.
        key: KeyRef,
        /// Mask of the replicas, a bit each.
        replicas: u32,
    },
    /// The only replica of a key gave it to another, which holds it alone from now on: the
    /// value that rests on this write, and nothing else. What the giver held besides is
    /// gone.
    HandedOver {
        /// Where.
        fact: FactRef,
        /// The key.
        key: KeyRef,
        /// Who held it.
        from: Replica,
        /// Who holds it.
        to: Replica,
        /// The write that came along; none: nothing was written yet.
        write: Option<WriteRef>,
    },
    /// A write that was just accepted may replace nothing but what its customer had read,
    /// and she had read this. One such observation a version, right after
    /// [`Observation::WriteAccepted`]; what none names, the write does not replace knowingly.
    ContextGiven {
        /// Where.
        fact: FactRef,
        /// The write.
        write: WriteRef,
        /// The version that was read; none: there was none, or nobody knows.
        read: Option<WriteRef>,
    },
    /// At a replica a write stays side by side with another; a read returns both.
    SiblingKept {
        /// Where.
        fact: FactRef,
        /// The write that arrived.
        write: WriteRef,
        /// The key.
        key: KeyRef,
    },
    /// Something outside that cannot be taken back was done for an operation: a
    /// charge at the payment gateway.
    EffectMade {
        /// Where.
        fact: FactRef,
        /// The operation it was done for.
        op: OpRef,
        /// How much.
        amount: u32,
    },
    /// Units of an item came into stock.
    Stocked {
        /// Where.
        fact: FactRef,
        /// The item.
        item: KeyRef,
        /// How many came in.
        units: u32,
    },
    /// A customer was told that units of an item are hers. Once an operation.
    Sold {
        /// Where.
        fact: FactRef,
        /// The operation that bought them.
        op: OpRef,
        /// Whose it is.
        session: Session,
        /// The item.
        item: KeyRef,
        /// How many were sold.
        units: u32,
    },
    /// A scheduled time of a job has come. Times of a job come in their order.
    JobDue {
        /// Where.
        fact: FactRef,
        /// The job.
        job: KeyRef,
        /// Which of its scheduled times.
        tick: u32,
    },
    /// A job was run for one of its scheduled times.
    JobRan {
        /// Where.
        fact: FactRef,
        /// The job.
        job: KeyRef,
        /// The scheduled time that it was run for.
        tick: u32,
        /// The replica that ran it.
        replica: Replica,
    },
    /// Somebody sent a message. She has seen it herself from now on.
    MessagePosted {
        /// Where.
        fact: FactRef,
        /// The operation that sent it; other observations name the message by it.
        op: OpRef,
        /// The room it stands in; who reads one room does not see the others.
        room: KeyRef,
        /// Who sent it.
        session: Session,
    },
    /// A message was shown to somebody.
    MessageShown {
        /// Where.
        fact: FactRef,
        /// The operation that had sent it.
        op: OpRef,
        /// Whom it was shown to.
        session: Session,
    },
}

impl Observation {
    /// The fact that was observed.
    pub fn fact(&self) -> FactRef {
        match *self {
            Self::OperationStarted { fact, .. }
            | Self::OperationReturned { fact, .. }
            | Self::WriteAccepted { fact, .. }
            | Self::WriteApplied { fact, .. }
            | Self::Overwritten { fact, .. }
            | Self::ValueShown { fact, .. }
            | Self::EffectMade { fact, .. }
            | Self::ReadServed { fact, .. }
            | Self::VersionChosen { fact, .. }
            | Self::RolledBack { fact, .. }
            | Self::KeyPlaced { fact, .. }
            | Self::HandedOver { fact, .. }
            | Self::Stocked { fact, .. }
            | Self::ContextGiven { fact, .. }
            | Self::SiblingKept { fact, .. }
            | Self::Sold { fact, .. }
            | Self::JobDue { fact, .. }
            | Self::JobRan { fact, .. }
            | Self::MessagePosted { fact, .. }
            | Self::MessageShown { fact, .. } => fact,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_observation_stays_within_32_bytes() {
        assert!(size_of::<Observation>() <= 32);
    }
}
