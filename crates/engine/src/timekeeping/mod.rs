//! Keeping time: regions that ask somebody what time it is and set their wall clocks by
//! the answers. What the entries of this folder share; they differ in whom they ask.
//!
//! Each region asks every [`ASK_US`], measures by the round trip, and steps or slews its
//! wall clock as [`crate::clocks::time_service`] says, which is where the protocol is.
//! The clock belongs to the region's host, so every service there sees it move; its
//! monotonic clock, by which timers and leases run, does not.
//!
//! A server that has been told wrong tells wrong: whoever sets the clock of a server with
//! the tool *Clock* sees all that ask it follow. Real clients ask several servers and leave
//! out the odd one; they ask every 16 to 1,024 seconds.
//!
//! Source: Mills, Martin, Burbank and Kasch, RFC 5905, 2010; Mills, "Internet time
//! synchronization: the network time protocol", IEEE Trans. Communications 39(10), 1991.

pub mod first_region;
mod keeper;
mod message;
pub mod reference_clock;

pub use keeper::Keeper;

/// How often a region asks, in microseconds: a choice, so that it can be watched.
pub const ASK_US: u64 = 2_000_000;

/// Whom regions ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A reference clock outside that shows true time.
    Reference,
    /// The first region of the scenario, which asks nobody.
    FirstRegion,
}

macro_rules! entry {
    ($name:ident, $source:expr) => {
        /// The scheme.
        #[derive(Debug)]
        pub struct $name;

        impl crate::replication::Strategy for $name {
            fn info(&self) -> &'static crate::policy::Info {
                &INFO
            }

            fn serves(&self, kind: crate::design::ServiceKind) -> bool {
                kind == crate::design::ServiceKind::Time
            }

            fn slots(&self) -> &'static [crate::design::Slot] {
                &[]
            }

            fn replica(
                &self,
                setup: crate::replication::Setup,
                _service: &crate::design::Service,
            ) -> Box<dyn crate::sim::node::Node> {
                Box::new(super::Keeper::region(&setup, $source))
            }

            fn outside(
                &self,
                _setup: crate::replication::Setup,
                _service: &crate::design::Service,
            ) -> Option<Box<dyn crate::sim::node::Node>> {
                Some(Box::new(super::Keeper::reference()))
            }
        }
    };
}
use entry;
