//! Snapshots of what nodes hold, for panels and for people. Nothing here judges.

use crate::clocks::VersionVector;
use crate::crdt::DotContext;
use crate::crdt::replicated::Part;
use crate::records::Field;
use crate::replication::log::Log;
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Key, Status, Value};

/// What one replica holds under one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryView {
    /// The key.
    pub key: Key,
    /// What a read would return, or the amount of a payment.
    pub value: Value,
    /// The surviving versions: one for a register, one an element for a set.
    pub versions: Vec<VersionView>,
    /// How many updates of this key from each region it reflects.
    pub vector: VersionVector,
    /// For a payment: where it stands.
    pub payment: Option<PaymentView>,
}

/// One surviving version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VersionView {
    /// The write that made it.
    pub write: FactId,
    /// Its value, or its element's index.
    pub value: Value,
    /// The region it was accepted in, by its place in the scenario.
    pub origin: u8,
    /// That region's own count of updates.
    pub sequence: u32,
    /// What that region's clock showed, in microseconds: its wall clock, or the l of its
    /// hybrid clock.
    pub stamp_us: i64,
    /// The c of its hybrid clock; 0 by a wall clock.
    pub count: u16,
}

/// What a replica keeps of a key beside its versions, to tell what they have replaced.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beside {
    /// Nothing: versions are compared by themselves.
    Nothing,
    /// Of a set: every dot it has seen. What is seen and is not among its elements was
    /// removed.
    Context(DotContext),
    /// Of versions side by side: what the writer of each had read, in the order of the
    /// versions.
    Pasts(Vec<DotContext>),
    /// Of a record: which field each version is of, in the order of the versions. Of its
    /// value only that field counts.
    Fields(Vec<Field>),
}

/// Something about the state of one replica that is not a value, for panels. What a
/// strategy shows of itself is a list of these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StateView {
    /// What the region is in its group.
    Role {
        /// What.
        role: RoleView,
        /// Under which number.
        of: Reign,
    },
    /// The end of its log.
    Log {
        /// The place of the first of these entries, from 0.
        first: u32,
        /// The latest entries, the oldest first.
        entries: Vec<LogEntryView>,
        /// How many entries of the whole log are settled: what is beyond may be taken back.
        settled: u32,
    },
    /// A write or read that waits for answers of other regions.
    Waiting {
        /// Of which key.
        key: Key,
        /// The operation.
        op: FactId,
        /// Whether it writes.
        is_write: bool,
        /// Who answered, in a mask by the place in the scenario.
        answered: u32,
        /// How many are needed.
        needed: u8,
    },
    /// Versions kept for a region that did not answer.
    Hints {
        /// For which region.
        region: u8,
        /// How many.
        count: u32,
        /// The write that made the oldest of them.
        oldest: FactId,
    },
    /// How many messages of each region are shown here: a vector clock.
    Clock {
        /// The counts.
        counts: VersionVector,
    },
    /// A message that waits to be shown.
    Held {
        /// The fact that posted it.
        message: FactId,
        /// Its room.
        room: Key,
        /// What it says.
        text: Value,
        /// How many messages of each region its sender had shown, itself among them.
        past: VersionVector,
        /// What it waits for: of which region, up to which of its messages.
        needs: Vec<(u8, u32)>,
    },
    /// What a queue holds for a region that has not confirmed it.
    Queue {
        /// For which region.
        region: u8,
        /// How many updates.
        count: u32,
        /// The write that made the oldest of them.
        oldest: FactId,
    },
    /// Updates made here that another region has not confirmed to have.
    Unconfirmed {
        /// Which region.
        region: u8,
        /// How many updates.
        count: u32,
        /// The write that made the oldest of them.
        oldest: FactId,
    },
    /// A lease, or a lock that is one, as who gives it or holds it knows it.
    Lease {
        /// On which key; none: on what the service does.
        key: Option<Key>,
        /// Which region has it.
        holder: u8,
        /// Its fencing token.
        token: u32,
        /// When it runs out by the monotonic clock of the region whose state this is, in
        /// microseconds.
        until_us: u64,
        /// Regions that wait for it, the first one next.
        waiting: Vec<u8>,
    },
    /// How far another region's log is known to be behind.
    Behind {
        /// Which region.
        region: u8,
        /// By how many entries.
        count: u32,
        /// The oldest write among them; none if they write nothing.
        oldest: FactId,
    },
    /// The keys that are at home here and were ever written or moved.
    Homes {
        /// The first of them, each with the epoch of its home.
        keys: Vec<(Key, u32)>,
        /// How many there are besides.
        more: u32,
    },
    /// A question that this region asks, and waits for the answer.
    Question {
        /// Of which key.
        key: Key,
        /// The fact that asked it.
        question: FactId,
        /// The versions that stand side by side.
        versions: Vec<VersionView>,
    },
    /// The versions of a register, or the elements of a set, and what is kept beside them.
    Inside {
        /// The key.
        key: Key,
        /// The versions; of a set one an element, whose value is the element's index.
        versions: Vec<VersionView>,
        /// What tells which writes they have replaced.
        beside: Beside,
    },
    /// What a data type holds under a key.
    Parts {
        /// The key.
        key: Key,
        /// The size of the state on the wire, in bytes.
        bytes: u32,
        /// What it is made of.
        parts: Vec<Part>,
    },
    /// Removals that a data type remembers under a key.
    Tombstones {
        /// The key.
        key: Key,
        /// How many.
        count: u32,
        /// The regions that are not known to have all of them, in a mask by the place in the
        /// scenario.
        awaited: u32,
    },
    /// A key that changes its home.
    Moving {
        /// Which.
        key: Key,
        /// The region that it goes to, or comes from as far as is known here.
        region: u8,
        /// How far it is.
        stage: MoveStage,
        /// Requests that wait for it here.
        held: u32,
        /// The fact that let it go, if that was here.
        since: FactId,
    },
    /// A leader that is about to lead no more.
    HandingOver {
        /// The region that is to lead, once it has everything.
        region: u8,
        /// Writes that wait for it here.
        held: u32,
    },
}

/// How far the move of a key is, as one region sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MoveStage {
    /// This region asks for it.
    Asked,
    /// It was let go for this region, and is not here yet.
    Arriving,
    /// It was let go here, and has not arrived for certain.
    Leaving,
}

/// The number under which somebody writes; who has a later one is heeded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reign {
    /// Won by a majority's votes, in a consensus group.
    Term(u32),
    /// Taken by who was promoted.
    Epoch(u32),
}

/// One entry of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LogEntryView {
    /// The term or epoch it was taken in.
    pub term: u32,
    /// The write; none for an entry that writes nothing.
    pub write: FactId,
    /// What it does.
    pub kind: OpKind,
    /// The key.
    pub key: Key,
    /// The new value or the item.
    pub argument: Value,
}

/// How many entries of a log are shown.
const LOG_SHOWN: u32 = 6;

impl StateView {
    /// The end of this log, of which so many entries are settled.
    pub fn log(log: &Log, settled: u32) -> Self {
        let first = log.len().saturating_sub(LOG_SHOWN);
        let entries = log.entries()[first as usize..].iter();
        let entries = entries.map(|entry| LogEntryView {
            term: entry.epoch,
            write: entry.write,
            kind: entry.kind,
            key: entry.key,
            argument: entry.argument,
        });
        Self::Log {
            first,
            entries: entries.collect(),
            settled,
        }
    }

    /// How far a region is behind that is known to have so many entries of this log; none
    /// if it has all of them.
    pub fn behind(log: &Log, region: u8, has: u32) -> Option<Self> {
        let lacks = log.entries().get(has as usize..)?;
        let mut writes = lacks.iter().map(|entry| entry.write);
        (!lacks.is_empty()).then(|| Self::Behind {
            region,
            count: lacks.len() as u32,
            oldest: writes.find(|it| it.is_some()).unwrap_or(FactId::NONE),
        })
    }
}

/// What a member of a group with a log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleView {
    /// It takes the writes, alone and without asking.
    Writer,
    /// It takes the writes, as long as others follow it.
    Leader,
    /// It follows.
    Follower,
    /// It asks for votes.
    Candidate,
    /// It votes and keeps no data.
    Witness,
}

/// The log of one member.
#[derive(Clone, Copy, Debug)]
pub struct LogView<'a> {
    /// What it is.
    pub role: RoleView,
    /// Its term or epoch.
    pub term: u32,
    /// Whom it believes to lead, by the place in the scenario.
    pub leader: Option<u8>,
    /// How many entries it knows to be committed.
    pub commit: u32,
    /// The log itself.
    pub log: &'a Log,
}

/// Where a payment stands under its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PaymentView {
    /// The operation it was first asked in.
    pub op: FactId,
    /// The stored result; none while it is in flight.
    pub result: Option<Status>,
}

/// How many writes there are and which is the oldest; none if there are none. Facts have
/// their numbers in the order of time.
pub fn oldest(writes: impl Iterator<Item = FactId>) -> Option<(u32, FactId)> {
    writes.fold(None, |so_far, write| match so_far {
        Some((count, oldest)) => Some((count + 1, oldest.min(write))),
        None => Some((1, write)),
    })
}
