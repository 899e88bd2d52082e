//! Last writer wins that keeps its own on equal stamps. Broken.
//!
//! # What it does
//! Every write is stamped with the wall clock of the region that accepts it, in whole
//! seconds, as a column does that keeps no fractions. A replica takes an update only if its
//! stamp is larger than that of what it has; the stamp is all there is to compare.
//!
//! # Guarantees
//! None while two writes can have one stamp.
//!
//! # Gives up
//! Convergence: of two regions that write in one second of their clocks each keeps its own
//! for ever. Finer stamps make that rarer, and a third region that hears of both still
//! keeps the one that came first. Even one region's own second write in a second is
//! discarded, after its customer was told "saved". With that go acknowledged writes and
//! updates of the same version, as under any last writer wins.
//!
//! # Cost
//! A stamp a value. Answers without asking another region.
//!
//! # Source
//! Published tutorials on active-active systems (`remote.time > local.time`). That ties
//! have to be settled alike everywhere is in Johnson and Thomas, "The maintenance of
//! duplicate databases", RFC 677, 1975. The law lab has the same idea as a data type,
//! [`crate::crdt::own_on_equal_register`].

use super::{ConflictRule, Decision, Register, Version, Winner};
use crate::crdt::Object;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Value;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "own_on_equal",
    keeps: &[],
    gives_up: &[
        Property::Convergence,
        Property::AcknowledgedWrites,
        Property::LostUpdate,
    ],
    soundness: Soundness::Broken {
        loses: &[Property::Convergence],
    },
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &["Johnson and Thomas, The maintenance of duplicate databases, RFC 677, 1975"],
};

/// What a stamp counts, in microseconds.
const SECOND_US: i64 = 1_000_000;

/// The rule.
#[derive(Debug)]
pub struct OwnOnEqual;

impl ConflictRule for OwnOnEqual {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::StampInSeconds
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(&OwnOnEqual, initial))
    }
}

impl Winner for OwnOnEqual {
    fn replaces(&self, current: &Version, incoming: &Version) -> bool {
        let second = |version: &Version| version.stamp_us.div_euclid(SECOND_US);
        second(incoming) > second(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;

    fn version(stamp_us: i64, origin: u8) -> Version {
        Version {
            value: Value(0),
            stamp_us,
            count: 0,
            dot: Dot { origin, counter: 1 },
            write: FactId(0),
        }
    }

    #[test]
    fn on_equal_stamps_neither_gives_way_and_else_the_later_wins() {
        let (one, other) = (version(5_100_000, 0), version(5_900_000, 1));
        assert!(!OwnOnEqual.replaces(&one, &other));
        assert!(!OwnOnEqual.replaces(&other, &one));
        assert!(OwnOnEqual.replaces(&other, &version(6_000_000, 0)));
        assert!(!OwnOnEqual.replaces(&version(6_000_000, 0), &other));
        assert!(OwnOnEqual.replaces(&version(-1, 0), &version(0, 1)));
    }
}
