//! A global lock: whoever writes a key holds its lock, one for all regions, and writes
//! to all of them before it gives the lock back. What the entries of this folder share;
//! they differ in whether a region refuses a holder whose lock is another's by now.
//!
//! The region that a write reaches asks the first region of the scenario for the lock on
//! the key. With it comes a token, higher than all before. Then it logs the write, has
//! every other region log it, answers, and releases. A lock is a lease: who does not
//! release it loses it after [`LOCK_US`], and the next one in the queue has it. Reads are
//! local. Real systems also lock many keys at once, and keep locks in a consensus group.
//!
//! Source: Gray and Reuter, *Transaction Processing*, 1992, chapter 7; Gray and Cheriton,
//! "Leases", SOSP 1989; Burrows, "The Chubby lock service", OSDI 2006, section 2.4
//! (sequencers); Kleppmann, "How to do distributed locking", 2016.

pub mod fenced;
mod keep;
mod locks;
mod message;
mod replica;
mod spread;
mod state;
pub mod without_fence;

pub use replica::Replica;

/// How long a lock lasts that nobody releases, in microseconds: a choice, several times
/// the longest write without a fault.
pub const LOCK_US: u64 = 2_000_000;

/// After this long a region answers that it could not write, or cannot say, in
/// microseconds: a choice, shorter than apps wait.
pub const GIVE_UP_US: u64 = 900_000;

const SOURCES: &[&str] = &[
    "Gray and Reuter, Transaction Processing, 1992, chapter 7",
    "Gray and Cheriton, Leases, SOSP 1989",
    "Burrows, The Chubby lock service, OSDI 2006, section 2.4",
    "Kleppmann, How to do distributed locking, 2016",
];

macro_rules! entry {
    ($name:ident, $is_fenced:expr) => {
        /// The strategy.
        #[derive(Debug)]
        pub struct $name;

        impl crate::replication::Strategy for $name {
            fn info(&self) -> &'static crate::policy::Info {
                &INFO
            }

            fn serves(&self, kind: crate::design::ServiceKind) -> bool {
                use crate::design::ServiceKind;
                matches!(kind, ServiceKind::Prices | ServiceKind::Carts)
            }

            fn slots(&self) -> &'static [crate::design::Slot] {
                &[]
            }

            fn replica(
                &self,
                setup: crate::replication::Setup,
                _service: &crate::design::Service,
            ) -> Box<dyn crate::sim::node::Node> {
                Box::new(super::Replica::new(setup, $is_fenced))
            }
        }
    };
}
use entry;
