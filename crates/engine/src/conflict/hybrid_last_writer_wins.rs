//! Last writer wins, by hybrid clock.
//!
//! # What it does
//! Every write is stamped with the hybrid clock of the region that accepts it, which goes
//! on from the largest stamp that the region has heard of. A replica keeps the version with
//! the larger stamp; on equal stamps the one from the region with the larger number, then
//! the later of that region's own.
//!
//! # Guarantees
//! Convergence: the order of stamps is total and the same everywhere. A write that is made
//! where another one has arrived wins over it, however far the clock there is behind: a
//! region's own write is never discarded in favour of something it already showed.
//!
//! # Gives up
//! Of two concurrent writes one vanishes, although its customer was told "saved", and the
//! fast clock still wins: a hybrid stamp orders causes before effects, nothing more. A
//! clock that is far ahead pulls the stamps of all regions along. Who writes is not asked
//! what she had read, so updates of the same version overwrite each other.
//!
//! # Cost
//! Eight bytes a value in place of a stamp of a wall clock. Answers without asking another
//! region.
//!
//! # Source
//! Kulkarni, Demirbas, Madappa, Avva and Leone, "Logical physical clocks and consistent
//! snapshots in globally distributed databases", 2014, section 3.

use super::{ConflictRule, Decision, Register, Version, Winner};
use crate::crdt::Object;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Value;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "hybrid_last_writer_wins",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &[
        "Kulkarni et al., Logical physical clocks and consistent snapshots in globally \
         distributed databases, 2014",
    ],
};

/// The rule.
#[derive(Debug)]
pub struct HybridLastWriterWins;

impl ConflictRule for HybridLastWriterWins {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::Stamp
    }

    fn is_stamped_by_hybrid_clock(&self) -> bool {
        true
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(&HybridLastWriterWins, initial))
    }
}

impl Winner for HybridLastWriterWins {
    fn replaces(&self, current: &Version, incoming: &Version) -> bool {
        let order = |version: &Version| (version.stamp_us, version.count, version.dot);
        order(incoming) > order(current)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;

    #[test]
    fn both_sides_keep_the_same_version_by_both_parts_of_the_stamp_and_then_by_dot() {
        let version = |stamp_us, count, origin| Version {
            value: Value(0),
            stamp_us,
            count,
            dot: Dot { origin, counter: 1 },
            write: FactId(0),
        };
        for (smaller, larger) in [
            (version(1, 9, 2), version(2, 0, 0)),
            (version(2, 0, 2), version(2, 1, 0)),
            (version(2, 1, 0), version(2, 1, 1)),
        ] {
            assert!(HybridLastWriterWins.replaces(&smaller, &larger));
            assert!(!HybridLastWriterWins.replaces(&larger, &smaller));
        }
    }
}
