//! Twins: one workload, one seed and one script of faults under two designs, side by
//! side, and what differs.
//!
//! A draw is a hash of the stable identity of what it is for, so two runs that share
//! scenario, seed and commands have the same customers, the same jitter and the same
//! losses as far as they send the same messages. Whatever differs, the designs made.
//!
//! # Code map
//! - [`choices`]: the other design, as people and links write it.
//! - [`divergence`]: the first moment at which what somebody was told, or what a region
//!   shows, is not the same.
//! - [`comparison`]: the two as they stand at a moment, row by row.
//!
//! A twin is made of a run and never kept beside it: [`twin_of`].

pub mod choices;
pub mod comparison;
pub mod divergence;

pub use comparison::{Comparison, Figures, KeyRow, Side, Spans, VerdictRow, compare};
pub use divergence::{Divergence, Seeker, Subject};

use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::{Choice, Slot};

/// The same run under another design: its own, with these policies in their slots.
#[must_use]
pub fn twin_of(run: &Run, choices: &[Choice]) -> Run {
    let choices = choices.iter();
    choices.fold(run.clone(), |run, choice| run.with(choice.clone()))
}

/// Whether two runs are twins: they share everything but their designs, and these are
/// not the same.
pub fn are_twins(one: &Run, other: &Run) -> bool {
    one.scenario == other.scenario
        && one.seed == other.seed
        && one.commands == other.commands
        && !differences(one, other).is_empty()
}

/// What the design of the second run has in each slot in which it is not that of the
/// first. A slot that one of them does not have is one in which they differ.
pub fn differences(one: &Run, other: &Run) -> Vec<Choice> {
    let (one, other) = (one.design(), other.design());
    let services = one.services.iter().zip(&other.services);
    let differing = services.flat_map(|(mine, theirs)| {
        let slots: Vec<Slot> = theirs.slots();
        let differing = slots.into_iter().filter_map(|slot| {
            let policy = theirs.choice(slot)?;
            // Of a slot that only the other design has, what it begins with says nothing.
            let is_same = if mine.slots().contains(&slot) {
                mine.choice(slot) == Some(policy)
            } else {
                slot.fallback(theirs.kind) == Some(policy)
            };
            (!is_same).then(|| Choice {
                service: theirs.kind,
                slot,
                policy: policy.to_owned(),
            })
        });
        differing.collect::<Vec<_>>()
    });
    differing.collect()
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_engine::playground::playground;
    use splitbrain_engine::run::Command;
    use splitbrain_engine::run::TimedCommand;
    use splitbrain_engine::scenario::ServiceKind;
    use splitbrain_engine::sim::time::Time;

    use super::*;

    fn choice(slot: Slot, policy: &str) -> Choice {
        Choice {
            service: ServiceKind::Carts,
            slot,
            policy: policy.into(),
        }
    }

    #[test]
    fn a_twin_shares_everything_but_its_design() {
        let run = Run::new(Rc::new(playground()), 7);
        let other = choice(Slot::Merge, "last_writer_wins");
        let twin = twin_of(&run, std::slice::from_ref(&other));
        assert!(are_twins(&run, &twin));
        assert_eq!(differences(&run, &twin), [other]);
        assert!(!are_twins(&run, &run), "one design is no two");
        let mut ahead = twin.clone();
        ahead.commands.push(TimedCommand {
            at: Time(5),
            command: Command::CrashRegion { region: 0 },
        });
        assert!(!are_twins(&run, &ahead), "one of them does more");
    }

    #[test]
    fn a_slot_that_only_one_of_them_has_differs_if_it_is_set_otherwise_than_it_begins() {
        let run = Run::new(Rc::new(playground()), 7);
        let strategy = choice(Slot::Replication, "quorum");
        let all = Slot::WriteQuorum.choices(strategy.service);
        let set = choice(Slot::WriteQuorum, all.last().map_or("", |info| info.id));
        let plain = twin_of(&run, std::slice::from_ref(&strategy));
        assert_eq!(differences(&run, &plain), std::slice::from_ref(&strategy));
        let twin = twin_of(&run, &[strategy, set]);
        let differing = differences(&run, &twin);
        let slots: Vec<Slot> = differing.iter().map(|choice| choice.slot).collect();
        assert_eq!(slots, [Slot::Replication, Slot::WriteQuorum]);
        let again = twin_of(&run, &differing);
        assert_eq!(differences(&twin, &again), [], "it says all of it");
    }
}
