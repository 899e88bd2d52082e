//! Broken on purpose: a register that keeps concurrent values side by side, as a published
//! program's version vectors tell them.
//!
//! # What it does
//! A write replaces what stands at its replica, under that replica's clock counted on. A
//! version that arrives is compared with each that stands there ([`PublishedClock`]): it
//! replaces those that happened before it, and stands beside those that the program calls
//! concurrent. An error in the comparison ends the merge, and nothing of it stays.
//!
//! # Guarantees
//! None.
//!
//! # Gives up
//! - A version that arrives twice is in conflict with itself.
//! - The first writes of two replicas cannot be compared: each keeps its own.
//! - Receiving takes over no counts, so that a write made in knowledge of another does not
//!   replace it anywhere else.
//!
//! # Cost
//! A count for each replica that has counted, for every version.
//!
//! # Source
//! Published tutorials on active-active systems. As it is done:
//! [`super::multi_value_register`], after Parker et al., "Detection of mutual
//! inconsistency in distributed systems", 1983.

use super::Dot;
use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::clocks::published::{MissingEntry, PublishedClock};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "published_clock_register",
    keeps: &[],
    gives_up: &[
        Property::AcknowledgedWrites,
        Property::Convergence,
        Property::LostUpdate,
    ],
    soundness: Soundness::Broken {
        loses: &[
            Property::AcknowledgedWrites,
            Property::Convergence,
            Property::LostUpdate,
        ],
    },
    costs: &[Cost::AnswersLocally, Cost::VectorPerVersion],
    sources: &["Parker et al., Detection of mutual inconsistency in distributed systems, 1983"],
};

/// How often one version stands somewhere at most: in conflict with itself, as often as
/// it arrives, says no more than twice.
const COPIES: usize = 2;

/// A value and the clock it was written under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version {
    clock: PublishedClock,
    value: u32,
}

/// A replica of the register.
#[derive(Clone, Debug, Default)]
pub struct PublishedClockRegister {
    /// The replica's own clock.
    clock: PublishedClock,
    held: Vec<Version>,
    /// What ended the last merge, if an error did.
    missing: Option<MissingEntry>,
}

/// Replicas are equal when they hold the same. Merging is not meant to carry a replica's own
/// clock over: what that leads to is seen in what they hold.
impl PartialEq for PublishedClockRegister {
    fn eq(&self, other: &Self) -> bool {
        self.held == other.held
    }
}

/// A write on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    version: Version,
    /// What stood where it was written, whose place it takes there.
    replaced: Vec<Version>,
}

impl PublishedClockRegister {
    /// What stands after one version more has arrived.
    fn with(held: Vec<Version>, arriving: &Version) -> Result<Vec<Version>, MissingEntry> {
        let mut is_kept = true;
        let mut standing = Vec::new();
        for version in held {
            if version.clock.concurrent(&arriving.clock)? {
                standing.push(version);
            } else if arriving.clock.happens_before(&version.clock)? {
                is_kept = false;
                standing.push(version);
            }
        }
        let copies = standing.iter().filter(|it| *it == arriving).count();
        if is_kept && copies < COPIES {
            standing.push(arriving.clone());
        }
        Ok(standing)
    }

    fn receive(&mut self, versions: &[Version]) {
        let mut all = versions.iter();
        match all.try_fold(self.held.clone(), Self::with) {
            Ok(held) => (self.held, self.missing) = (held, None),
            Err(missing) => self.missing = Some(missing),
        }
    }
}

impl Replicated for PublishedClockRegister {
    type Update = Written;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Written> {
        let Act::Write(value) = act else {
            return None;
        };
        let mut clock = self.clock.clone();
        clock.increment(writer.dot.origin);
        Some(Written {
            version: Version { clock, value },
            replaced: self.held.clone(),
        })
    }

    /// Where it stands as it did for the writer, the write takes that place.
    fn apply(&mut self, update: &Written) {
        if self.held != update.replaced {
            self.receive(std::slice::from_ref(&update.version));
            return;
        }
        *self = Self {
            clock: update.version.clock.clone(),
            held: vec![update.version.clone()],
            missing: None,
        };
    }

    fn merge(&mut self, other: &Self) {
        self.receive(&other.held);
    }

    fn delta(&self, update: &Written) -> Self {
        Self {
            held: vec![update.version.clone()],
            ..Self::default()
        }
    }

    fn value(&self) -> Content {
        let mut values: Vec<u32> = self.held.iter().map(|version| version.value).collect();
        values.sort_unstable();
        Content::Values(values)
    }

    fn state(&self) -> Vec<Part> {
        let dots = |clock: &PublishedClock| {
            let entries = clock.entries().iter();
            let dots = entries.map(|&(origin, counter)| Datum::Dot(Dot { origin, counter }));
            dots.collect::<Vec<Datum>>()
        };
        let held = self.held.iter().map(|version| {
            let mut row = vec![Datum::Number(version.value.into())];
            row.extend(dots(&version.clock));
            row
        });
        let counts = self.clock.entries().iter();
        let counts = counts
            .map(|&(origin, count)| vec![Datum::Replica(origin), Datum::Number(count.into())]);
        let missing = self.missing.iter();
        let missing = missing.map(|entry| vec![Datum::Replica(entry.origin)]);
        vec![
            Part::new("held", held),
            Part::new("counts", counts),
            Part::new("missing", missing),
        ]
    }

    fn bytes(&self) -> u32 {
        let clocks = self.held.iter().map(|version| &version.clock);
        let entries = clocks.chain([&self.clock]).map(|it| it.entries().len());
        1 + 4 * self.held.len() as u32 + 5 * entries.sum::<usize>() as u32
    }

    fn update_bytes(update: &Written) -> u32 {
        let versions = [&update.version].into_iter().chain(&update.replaced);
        let entries = versions.map(|version| version.clock.entries().len());
        4 + 5 * entries.sum::<usize>() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::replicated::joined;
    use crate::crdt::testing::act;

    fn values(of: &PublishedClockRegister) -> Content {
        Replicated::value(of)
    }

    fn pair() -> [PublishedClockRegister; 2] {
        Default::default()
    }

    #[test]
    fn a_version_that_arrives_twice_is_in_conflict_with_itself() {
        let [mut left, mut right] = pair();
        act(&mut left, 0, 1, Act::Write(100));
        right.merge(&left);
        assert_eq!(values(&right), Content::Values(vec![100]));
        for _ in 0..3 {
            right.merge(&left);
            assert_eq!(values(&right), Content::Values(vec![100, 100]));
        }
    }

    #[test]
    fn first_writes_of_two_replicas_end_the_merge_and_each_keeps_its_own() {
        let [mut left, mut right] = pair();
        act(&mut left, 0, 1, Act::Write(100));
        act(&mut right, 1, 1, Act::Write(110));
        let (forth, back) = (joined(&left, &right), joined(&right, &left));
        assert_eq!(values(&forth), Content::Values(vec![100]));
        assert_eq!(values(&back), Content::Values(vec![110]));
        assert!(forth.missing.is_some() && back.missing.is_some());
    }

    #[test]
    fn a_write_that_knew_another_does_not_replace_it_elsewhere() {
        let [mut left, mut right] = pair();
        act(&mut left, 0, 1, Act::Write(100));
        right.merge(&left);
        act(&mut right, 1, 1, Act::Write(110));
        assert_eq!(values(&right), Content::Values(vec![110]));
        left.merge(&right);
        assert_eq!(values(&left), Content::Values(vec![100]));
    }

    #[test]
    fn one_replicas_own_writes_replace_each_other_everywhere() {
        let [mut left, mut right] = pair();
        act(&mut left, 0, 1, Act::Write(100));
        right.merge(&left);
        act(&mut left, 0, 2, Act::Write(105));
        right.merge(&left);
        assert_eq!(values(&right), Content::Values(vec![105]));
        assert_eq!(right.missing, None);
    }
}
