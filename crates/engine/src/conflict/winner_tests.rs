//! Two versions that meet, for the tests of rules that keep one of them.

use super::{Version, Winner};
use crate::crdt::Dot;
use crate::sim::fact::FactId;
use crate::sim::node::Value;

/// What a replica that has the first one keeps when the second arrives.
pub(super) fn keeps(rule: &dyn Winner, current: u32, incoming: u32) -> u32 {
    let version = |value, origin| Version {
        value: Value(value),
        stamp_us: 0,
        count: 0,
        dot: Dot { origin, counter: 1 },
        write: FactId(0),
    };
    if rule.replaces(&version(current, 0), &version(incoming, 1)) {
        incoming
    } else {
        current
    }
}
