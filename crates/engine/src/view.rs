//! Snapshots of what nodes hold, for panels and for people. Nothing here judges.

use crate::clocks::VersionVector;
use crate::replication::log::Log;
use crate::sim::fact::FactId;
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
    /// What that region's wall clock showed, in microseconds.
    pub stamp_us: i64,
}

/// What a member of a group with a log is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RoleView {
    /// It takes the writes.
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
