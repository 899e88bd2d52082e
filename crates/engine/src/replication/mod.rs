//! Replication strategies, one a file or folder: how a service's regions are kept in
//! step.

pub mod change;
pub mod consensus;
pub mod log;
pub mod multi_master;
mod proxy;
pub mod quorum;
pub mod single_writer;

use crate::design::{MergeRule, Service, ServiceKind, Slot};
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
}

impl std::fmt::Debug for dyn Strategy {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

/// Every strategy, in the order in which menus show them.
pub const ALL: &[&dyn Strategy] = &[
    &multi_master::MultiMaster,
    &single_writer::asynchronous::Asynchronous,
    &single_writer::one_replica::OneReplica,
    &single_writer::majority::Majority,
    &single_writer::all_replicas::AllReplicas,
    &quorum::Quorum,
    &consensus::Consensus,
];
