//! Replication strategies, one a file or folder: how a service's regions are kept in
//! step.

pub mod broadcast;
pub mod change;
pub mod consensus;
pub mod geo_sharded;
pub mod global_lock;
mod group_commit;
mod homes;
mod later;
pub mod log;
pub mod merged;
pub mod multi_master;
mod proxy;
pub mod quorum;
pub mod regional_queues;
pub mod single_writer;
mod turns;

pub use homes::Homes;
pub(crate) use later::later_rules;
pub use later::{LATER, Later, install};

use crate::crdt::MergedType;
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

    /// Whether each key has one home among the regions, which can be moved.
    fn has_homes(&self) -> bool {
        false
    }

    /// One replica of a service.
    fn replica(&self, setup: Setup, service: &Service) -> Box<dyn Node>;

    /// One replica of a service whose strategy minds where accounts live.
    fn replica_at_home(&self, setup: Setup, service: &Service, accounts: Homes) -> Box<dyn Node> {
        drop(accounts);
        self.replica(setup, service)
    }

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

/// The strategies that are there from the beginning.
const FIRST: &[&dyn Strategy] = &[&multi_master::MultiMaster];

/// Every strategy that is there, in the order in which menus show them.
pub fn all() -> impl Iterator<Item = &'static dyn Strategy> {
    let later = later::table().map_or(&[][..], |table| table.strategies);
    FIRST.iter().chain(later).copied()
}

/// The data types that are there and come with a node of their own, in the order in which
/// menus show them.
pub fn merged_types() -> impl Iterator<Item = &'static MergedType> {
    let types = later::table().map_or(&[][..], |table| table.types);
    types.iter().copied()
}

/// What can fill a slot that belongs to single strategies.
pub fn settings(slot: Slot) -> &'static [&'static Info] {
    later::table().map_or(&[], |table| (table.settings)(slot))
}
