//! A global lock: whoever writes a key holds its lock, one for all regions, and writes
//! to all of them before it gives the lock back.
//!
//! # What it does
//! The region that a write reaches asks the first region of the scenario for the lock on
//! the key. With it comes a fencing token, higher than all before. Then it logs the
//! write, has every other region log it, answers, and releases. A lock is a lease: who
//! does not release it loses it after [`LOCK_US`], and the next one in the queue has it.
//! Every region refuses what comes with a token lower than it has seen. Reads are local.
//!
//! # Guarantees
//! No acknowledged write is lost and no two are concurrent: a holder has in its own
//! log whatever was acknowledged before, and the fence turns away a holder that stood
//! still while its lock was given to another. Who was told "saved" reads it everywhere.
//!
//! # Gives up
//! Writes while any region, or where locks are kept, cannot be reached. While a write
//! spreads, regions that have it show it and others do not yet, so who moves between
//! them may go back; and one whose holder was lost on the way may still surface. Who
//! reads before she takes the lock may write over what came between.
//!
//! # Cost
//! Two wide round trips a write, one to the lock and one to the farthest region, and
//! the wait for those who want the same key. The loss of a holder costs the rest of its
//! lease. Real systems also lock many keys at once, and keep locks in a consensus group.
//!
//! # Source
//! Gray and Reuter, *Transaction Processing*, 1992, chapter 7; Gray and Cheriton,
//! "Leases", SOSP 1989; Burrows, "The Chubby lock service", OSDI 2006, section 2.4
//! (sequencers); Kleppmann, "How to do distributed locking", 2016.

mod keep;
mod locks;
mod message;
mod replica;
mod spread;
mod state;

pub use replica::Replica;

use super::{Setup, Strategy};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Node;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "global_lock",
    keeps: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::ReadYourWrites,
    ],
    gives_up: &[Property::LostUpdate, Property::MonotonicReads],
    soundness: Soundness::Sound,
    costs: &[
        Cost::RoundTripToLock,
        Cost::MessagePerPeer,
        Cost::UnavailableWithoutAll,
        Cost::WaitsForExpiry,
        Cost::CheckAtReceiver,
    ],
    sources: &[
        "Gray and Reuter, Transaction Processing, 1992, chapter 7",
        "Gray and Cheriton, Leases, SOSP 1989",
        "Burrows, The Chubby lock service, OSDI 2006, section 2.4",
        "Kleppmann, How to do distributed locking, 2016",
    ],
};

/// How long a lock lasts that nobody releases, in microseconds: a choice, several times
/// the longest write without a fault.
pub const LOCK_US: u64 = 2_000_000;

/// After this long a region answers that it could not write, or cannot say, in
/// microseconds: a choice, shorter than apps wait.
pub const GIVE_UP_US: u64 = 900_000;

/// The strategy.
#[derive(Debug)]
pub struct GlobalLock;

impl Strategy for GlobalLock {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        matches!(kind, ServiceKind::Prices | ServiceKind::Carts)
    }

    fn slots(&self) -> &'static [Slot] {
        &[]
    }

    fn replica(&self, setup: Setup, _service: &Service) -> Box<dyn Node> {
        Box::new(Replica::new(setup))
    }
}
