//! Routing policies, one a file: which region a customer's request goes to.

pub mod latency;

use crate::policy::Info;
use crate::sim::network::Network;

/// A routing policy.
pub trait RoutingPolicy: Sync {
    /// What the catalogue says of it.
    fn info(&self) -> &'static Info;

    /// All regions, best first, for a customer whose nearest region is `near`.
    fn rank(&self, network: &Network, regions: u8, near: u8) -> Vec<u8>;
}

impl std::fmt::Debug for dyn RoutingPolicy {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

/// Every routing policy, in the order in which menus show them.
pub const ALL: &[&dyn RoutingPolicy] = &[&latency::Latency];
