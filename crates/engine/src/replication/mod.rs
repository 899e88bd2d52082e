//! Replication strategies, one a file or folder: how a service's regions are kept in
//! step.

pub mod change;
#[cfg(feature = "strategies")]
pub mod consensus;
pub mod log;
pub mod multi_master;
#[cfg(feature = "strategies")]
mod proxy;
#[cfg(feature = "strategies")]
pub mod quorum;
#[cfg(feature = "strategies")]
pub mod single_writer;

use crate::design::{MergeRule, Service, ServiceKind, Slot};
#[cfg(feature = "strategies")]
use crate::jobs;
use crate::policy::Info;
use crate::sim::node::{Addr, Node, Value};

/// What a strategy is given to set up one replica.
#[derive(Clone, Copy, Debug)]
pub struct Setup {
    /// The address of this replica.
    pub me: Addr,
    /// How many regions hold a replica; they are the hosts from 0.
    pub regions: u8,
    /// The rule or data type that merges what two regions wrote.
    pub rule: MergeRule,
    /// What a register shows before anything was written.
    pub initial: Value,
    /// How often a replica compares itself with a peer, in microseconds.
    pub compare_every_us: u64,
}

/// A replication strategy.
pub trait Strategy: Sync {
    /// What the catalogue says of it.
    fn info(&self) -> &'static Info;

    /// Whether a service of this kind can be kept by it.
    fn serves(&self, kind: ServiceKind) -> bool;

    /// The design slots that it needs beside its own, in the order in which menus show
    /// them.
    fn slots(&self) -> &'static [Slot];

    /// One replica of a service.
    fn replica(&self, setup: Setup, service: &Service) -> Box<dyn Node>;

    /// The outside party that a service works on, at the gateway's host, if it has one.
    fn outside(&self, setup: Setup, service: &Service) -> Option<Box<dyn Node>> {
        let _ = (setup, service);
        None
    }
}

impl std::fmt::Debug for dyn Strategy {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

/// Every strategy, in the order in which menus show them.
#[cfg(feature = "strategies")]
pub const ALL: &[&dyn Strategy] = &[
    &multi_master::MultiMaster,
    &single_writer::asynchronous::Asynchronous,
    &single_writer::one_replica::OneReplica,
    &single_writer::majority::Majority,
    &single_writer::all_replicas::AllReplicas,
    &quorum::Quorum,
    &consensus::Consensus,
    &jobs::everywhere::Everywhere,
    &jobs::designated_region::DesignatedRegion,
    &jobs::lease_per_cluster::LeasePerCluster,
    &jobs::lease::Lease,
    &jobs::lease_with_fencing_token::LeaseWithFencingToken,
];

/// The strategies of a build without the others.
#[cfg(not(feature = "strategies"))]
pub const ALL: &[&dyn Strategy] = &[&multi_master::MultiMaster];

/// What can fill a slot that belongs to single strategies.
#[cfg(feature = "strategies")]
pub fn settings(slot: Slot) -> &'static [&'static Info] {
    match slot {
        Slot::Copies => quorum::settings::COPIES,
        Slot::ReadQuorum => quorum::settings::READ_QUORUMS,
        Slot::WriteQuorum => quorum::settings::WRITE_QUORUMS,
        Slot::ReadRepair => quorum::settings::READ_REPAIRS,
        Slot::Spares => quorum::settings::SPARES,
        Slot::Reads => single_writer::settings::READS,
        Slot::Failover => single_writer::settings::FAILOVERS,
        Slot::LeaderReads => consensus::settings::READS,
        Slot::Witness => consensus::settings::WITNESSES,
        Slot::Period => jobs::settings::PERIODS,
        Slot::Replication | Slot::Merge | Slot::KeyStore | Slot::Schedule => &[],
    }
}

/// What can fill a slot that belongs to single strategies: nothing without them.
#[cfg(not(feature = "strategies"))]
pub fn settings(_slot: Slot) -> &'static [&'static Info] {
    &[]
}
