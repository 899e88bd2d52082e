//! When a region forgets the removals that it remembers, one policy a file.
//!
//! A tombstone is the memory of a removal. It has to reach every region that still has what
//! was removed, and nobody can tell by looking at it whether it has. So each policy is
//! an answer to one question: of whom must a region know that they have it?
//!
//! What a region knows of the others it knows from their comparing messages: how many writes
//! of each region they have. Who lacks a removal that is forgotten here cannot be told of it
//! any more, and gets the state of the key in its place; both then have what either had.

mod after_a_time;
mod never;
mod when_majority_has_it;
mod when_stable;

use super::forms::Form;
use crate::design::{Service, Slot};
use crate::policy::Info;

/// A removal that a region remembers.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tombstone {
    /// How long ago it was made: by this region's wall clock now, and that of the region that
    /// made it then, in microseconds. Negative where the clocks say so.
    pub(super) age_us: i64,
    /// How many regions are known here to have it, this one among them.
    pub(super) known_in: u32,
    /// How many there are.
    pub(super) regions: u32,
}

/// When a region forgets a removal.
pub(super) trait Collection: Sync {
    /// What the catalogue says of it.
    fn info(&self) -> &'static Info;

    /// Whether it may be forgotten now.
    fn may_drop(&self, tombstone: Tombstone) -> bool;
}

impl std::fmt::Debug for dyn Collection {
    /// Its id.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.info().id)
    }
}

static ALL: &[&dyn Collection] = &[
    &when_stable::WhenStable,
    &never::Never,
    &when_majority_has_it::WhenMajorityHasIt,
    &after_a_time::TEN_SECONDS,
    &after_a_time::THIRTY_SECONDS,
];

/// What the catalogue says of each, in the order in which menus show them.
pub static COLLECTIONS: &[&Info] = &[
    &when_stable::INFO,
    &never::INFO,
    &when_majority_has_it::INFO,
    &after_a_time::INFO_OF_TEN_SECONDS,
    &after_a_time::INFO_OF_THIRTY_SECONDS,
];

/// How a replica forgets.
#[derive(Clone, Copy, Debug)]
pub(super) struct Collecting {
    /// When.
    pub(super) policy: &'static dyn Collection,
    /// Whether the trace is told. A design that does not say when it forgets is from before
    /// there was anything to say: it does what is the first choice now, and its trace stays
    /// what it was.
    pub(super) is_told: bool,
}

/// What a design says of it; nothing where the states that travel say themselves how far each
/// region is, as those of designs do that say nothing.
pub(super) fn of(service: &Service, form: Form) -> Option<Collecting> {
    let mut design = service.design.iter();
    let said = design.find(|(slot, _)| *slot == Slot::Collection);
    let Some((_, id)) = said else {
        return (form != Form::State).then_some(Collecting {
            policy: ALL[0],
            is_told: false,
        });
    };
    let policy = *ALL.iter().find(|policy| policy.info().id == id)?;
    Some(Collecting {
        policy,
        is_told: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_policy_stands_in_the_catalogue_in_the_same_place() {
        let ids = |info: &Info| info.id;
        let known: Vec<&str> = ALL.iter().map(|policy| ids(policy.info())).collect();
        let listed: Vec<&str> = COLLECTIONS.iter().map(|info| ids(info)).collect();
        assert_eq!(known, listed);
    }

    #[test]
    fn only_who_asks_everybody_waits_for_everybody() {
        let old = |known_in| Tombstone {
            age_us: 3_600_000_000,
            known_in,
            regions: 5,
        };
        let drops = |known_in| {
            let policies = ALL.iter();
            let drops = policies.filter(|policy| policy.may_drop(old(known_in)));
            drops.map(|policy| policy.info().id).collect::<Vec<&str>>()
        };
        let timed = ["collect_after_10_s", "collect_after_30_s"];
        assert_eq!(drops(2), timed);
        assert_eq!(
            drops(3),
            [&["collect_when_majority_has_it"], &timed[..]].concat()
        );
        assert_eq!(drops(5).len(), 4);
    }
}
