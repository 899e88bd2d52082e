//! Strategies and conflict rules that need not be there from the beginning.
//!
//! A page that is opened shows one design, and need not have fetched the code of the
//! others. [`LATER`] is all of them as one table; nothing else names their code, so a
//! build that cuts its code into parts can put them into a part of their own and
//! [`install`] the table when it has come. Whatever is looked up before that does not
//! see them, and a design that names one is refused: fetch first, then open.

use std::sync::OnceLock;

use super::{
    Setup, Strategy, broadcast, consensus, geo_sharded, global_lock, merged, quorum,
    regional_queues, single_writer,
};
use crate::conflict::{self, ConflictRule};
use crate::crdt::MergedType;
use crate::design::{Service, Slot};
use crate::jobs;
use crate::policy::Info;
use crate::sim::node::Node;
use crate::timekeeping;

/// A table of strategies, of conflict rules, and of what fills the slots that only they have.
#[derive(Debug)]
pub struct Later {
    /// The strategies, in the order in which menus show them.
    pub strategies: &'static [&'static dyn Strategy],
    /// The conflict rules, in the order in which menus show them.
    pub rules: &'static [&'static dyn ConflictRule],
    /// What can fill a slot that belongs to single strategies.
    pub settings: fn(Slot) -> &'static [&'static Info],
    /// The data types that come with a node of their own, in the order in which menus show
    /// them.
    pub types: &'static [&'static MergedType],
    /// That node, for a design that has one.
    pub replica: fn(&Setup, &Service) -> Option<Box<dyn Node>>,
}

/// All of them.
pub static LATER: Later = Later {
    strategies: &[
        &single_writer::asynchronous::Asynchronous,
        &single_writer::one_replica::OneReplica,
        &single_writer::majority::Majority,
        &single_writer::all_replicas::AllReplicas,
        &quorum::Quorum,
        &consensus::Consensus,
        &geo_sharded::GeoSharded,
        &broadcast::plain::PlainBroadcast,
        &broadcast::causal::CausalBroadcast,
        &global_lock::fenced::GlobalLock,
        &global_lock::without_fence::WithoutFence,
        &regional_queues::deduplicated::RegionalQueues,
        &regional_queues::without_deduplication::WithoutDeduplication,
        &jobs::everywhere::Everywhere,
        &jobs::designated_region::DesignatedRegion,
        &jobs::lease_per_cluster::LeasePerCluster,
        &jobs::lease::Lease,
        &jobs::lease_with_fencing_token::LeaseWithFencingToken,
        &timekeeping::reference_clock::ReferenceClock,
        &timekeeping::first_region::FirstRegion,
    ],
    rules: conflict::LATER,
    settings,
    types: merged::ALL,
    replica: merged::replica,
};

static INSTALLED: OnceLock<&'static Later> = OnceLock::new();

/// Makes them known from now on, for good. Once is enough; more does no harm.
pub fn install(later: &'static Later) {
    // They are the same whoever installs them.
    let _ = INSTALLED.set(later);
}

/// The table, if it is there: from the beginning with the feature `strategies`.
pub(super) fn table() -> Option<&'static Later> {
    if cfg!(feature = "strategies") {
        Some(&LATER)
    } else {
        INSTALLED.get().copied()
    }
}

/// The conflict rules that are there besides the first.
pub(crate) fn later_rules() -> &'static [&'static dyn ConflictRule] {
    table().map_or(&[], |table| table.rules)
}

/// The node of a data type that comes with one.
pub(super) fn replica(setup: &Setup, service: &Service) -> Option<Box<dyn Node>> {
    (table()?.replica)(setup, service)
}

fn settings(slot: Slot) -> &'static [&'static Info] {
    match slot {
        Slot::Copies => quorum::settings::COPIES,
        Slot::ReadQuorum => quorum::settings::READ_QUORUMS,
        Slot::WriteQuorum => quorum::settings::WRITE_QUORUMS,
        Slot::ReadRepair => quorum::settings::READ_REPAIRS,
        Slot::Spares => quorum::settings::SPARES,
        Slot::Reads => single_writer::settings::READS,
        Slot::Failover => single_writer::settings::FAILOVERS,
        Slot::Failback => single_writer::settings::FAILBACKS,
        Slot::LeaderReads => consensus::settings::READS,
        Slot::Witness => consensus::settings::WITNESSES,
        Slot::CommitWait => consensus::settings::COMMIT_WAITS,
        Slot::Session => crate::session::ALL,
        Slot::Travels => merged::forms::TRAVELS,
        Slot::Collection => merged::collection::COLLECTIONS,
        Slot::Period => jobs::settings::PERIODS,
        Slot::Contexts => conflict::settings::CONTEXTS,
        Slot::Questions => conflict::settings::QUESTIONS,
        Slot::AddressRule | Slot::PhoneRule => conflict::field_rule::FIELD_RULES,
        Slot::StateOrder => conflict::state_order::STATE_ORDERS,
        Slot::Replication | Slot::Merge | Slot::KeyStore | Slot::Schedule | Slot::TimeSource => &[],
    }
}
