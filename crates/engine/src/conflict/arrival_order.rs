//! Arrival order: keep whichever update arrived last. Broken.
//!
//! # What it does
//! A replica replaces its value by any update that arrives, whenever it was made.
//! Plain bidirectional logical replication of a database does this.
//!
//! # Guarantees
//! None that a customer could rely on.
//!
//! # Gives up
//! Convergence: two regions that write at the same time each receive the other's
//! update last, swap values, and stay different for ever. Writes are lost with that,
//! and so are updates of the same version.
//!
//! # Cost
//! Nothing, which is its charm.
//!
//! # Source
//! Terry et al., "Managing update conflicts in Bayou", 1995, on why writes need
//! one order everywhere.

use super::{ConflictRule, Decision, Register, Version, Winner};
use crate::crdt::Object;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Value;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "arrival_order",
    keeps: &[],
    gives_up: &[
        Property::Convergence,
        Property::AcknowledgedWrites,
        Property::LostUpdate,
    ],
    soundness: Soundness::Broken {
        loses: &[Property::Convergence],
    },
    costs: &[Cost::AnswersLocally],
    sources: &["Terry et al., Managing update conflicts in Bayou, 1995"],
};

/// The rule.
#[derive(Debug)]
pub struct ArrivalOrder;

impl ConflictRule for ArrivalOrder {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::Arrival
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(&ArrivalOrder, initial))
    }
}

impl Winner for ArrivalOrder {
    fn replaces(&self, _current: &Version, _incoming: &Version) -> bool {
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;

    #[test]
    fn each_of_two_versions_replaces_the_other() {
        let version = |origin| Version {
            value: Value(u32::from(origin)),
            stamp_us: 0,
            count: 0,
            dot: Dot { origin, counter: 1 },
            write: FactId(0),
        };
        assert!(ArrivalOrder.replaces(&version(0), &version(1)));
        assert!(ArrivalOrder.replaces(&version(1), &version(0)));
    }
}
