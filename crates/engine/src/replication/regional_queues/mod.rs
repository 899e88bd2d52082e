//! Regional queues: every region accepts by itself and has a durable queue to each other
//! region. What the entries of this folder share; they differ in what a receiver does
//! with what it is sent again.
//!
//! A queue delivers at least once: an update stays in it until the receiver confirms,
//! and is sent again after [`REDELIVER_US`]. When it is the confirmation that was lost,
//! the receiver gets what it has. Exactly once is the receiver's doing: it remembers
//! the origin and sequence of what it took.
//!
//! Carts are what is kept, as operations: an addition puts an item in under a name of its
//! own, a removal takes out the names that its origin saw. It needs each update exactly
//! once, in any order: a removal that overtakes its addition is remembered until that
//! comes.
//!
//! Source: Hohpe and Woolf, *Enterprise Integration Patterns*, 2003 (guaranteed
//! delivery, idempotent receiver); Helland, "Life beyond distributed transactions",
//! CIDR 2007, section 4; Shapiro et al., "A comprehensive study of convergent and
//! commutative replicated data types", 2011, section 3.3.5 (the operation-based set).

pub mod deduplicated;
mod delivered;
mod message;
mod names;
mod replica;
pub mod without_deduplication;

pub use replica::Replica;

/// After this long without a confirmation an update is sent again, in microseconds: a
/// choice, several times the longest round trip.
pub const REDELIVER_US: u64 = 1_000_000;

const SOURCES: &[&str] = &[
    "Hohpe and Woolf, Enterprise Integration Patterns, 2003",
    "Helland, Life beyond distributed transactions, CIDR 2007",
    "Shapiro et al., A comprehensive study of convergent and commutative replicated data \
     types, 2011",
];

macro_rules! entry {
    ($name:ident, $deduplicates:expr) => {
        /// The strategy.
        #[derive(Debug)]
        pub struct $name;

        impl crate::replication::Strategy for $name {
            fn info(&self) -> &'static crate::policy::Info {
                &INFO
            }

            fn serves(&self, kind: crate::design::ServiceKind) -> bool {
                kind == crate::design::ServiceKind::Carts
            }

            fn slots(&self) -> &'static [crate::design::Slot] {
                &[]
            }

            fn replica(
                &self,
                setup: crate::replication::Setup,
                _service: &crate::design::Service,
            ) -> Box<dyn crate::sim::node::Node> {
                Box::new(super::Replica::new(setup, $deduplicates))
            }
        }
    };
}
use entry;
