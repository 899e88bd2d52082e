//! Last writer wins, by wall clock.
//!
//! # What it does
//! Every write is stamped with the wall clock of the region that accepts it. A
//! replica keeps the version with the larger stamp; on equal stamps the one
//! from the region with the larger number, then the later of that region's own.
//!
//! # Guarantees
//! Convergence: the order of stamps is total and the same everywhere.
//!
//! # Gives up
//! Of two concurrent writes one vanishes, although its customer was told
//! "saved". And "last" means the fastest clock, not the latest moment. Who writes is
//! not asked what she had read, so updates of the same version overwrite each other.
//!
//! # Cost
//! A stamp a value. Answers without asking another region.
//!
//! # Source
//! Johnson and Thomas, "The maintenance of duplicate databases", RFC 677, 1975.

use super::{ConflictRule, Decision, Register, Version, Winner};
use crate::crdt::Object;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Value;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "last_writer_wins",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &["Johnson and Thomas, The maintenance of duplicate databases, RFC 677, 1975"],
};

/// The rule.
#[derive(Debug)]
pub struct LastWriterWins;

impl ConflictRule for LastWriterWins {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::Stamp
    }

    fn plan(&self) -> Option<String> {
        Some("price: latest".into())
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(&LastWriterWins, initial))
    }
}

impl Winner for LastWriterWins {
    fn replaces(&self, current: &Version, incoming: &Version) -> bool {
        (incoming.stamp_us, incoming.dot) > (current.stamp_us, current.dot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;

    fn version(stamp_us: i64, origin: u8, counter: u32) -> Version {
        Version {
            value: Value(0),
            stamp_us,
            count: 0,
            dot: Dot { origin, counter },
            write: FactId(0),
        }
    }

    #[test]
    fn both_sides_keep_the_same_version_even_on_equal_stamps() {
        for (left, right) in [
            (version(1, 0, 1), version(2, 1, 1)),
            (version(2, 0, 1), version(1, 1, 1)),
            (version(5, 0, 9), version(5, 1, 1)),
            (version(5, 0, 1), version(5, 0, 2)),
        ] {
            assert_ne!(
                LastWriterWins.replaces(&left, &right),
                LastWriterWins.replaces(&right, &left)
            );
        }
    }
}
