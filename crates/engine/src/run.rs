//! Runs: a scenario, a seed and timed commands; and a player that moves a cursor
//! through one.
//!
//! The state at any moment is a pure function of the run and the moment. From
//! that follow replay, stepping back, branches and links; the player only makes
//! them quick.

mod command;
mod player;

use std::rc::Rc;

use splitbrain_sorted::sort_short;

pub use self::command::{Command, Direction, TimedCommand};
pub use self::player::{Acted, CHECKPOINT_EVERY_US, CommandError, MAX_COMMANDS, Player, Target};
use crate::scenario::{Choice, Scenario, Slot};
use crate::sim::time::Time;
use crate::sim::world::World;

/// One more whenever the same run gives another trace than before.
pub const ENGINE_REVISION: u32 = 1;

/// A run, as a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// What it starts from.
    pub scenario: Rc<Scenario>,
    /// Policies that differ from the scenario's.
    pub choices: Vec<Choice>,
    /// The seed of its dice.
    pub seed: u64,
    /// What was done, ordered by time.
    pub commands: Vec<TimedCommand>,
}

impl Run {
    /// A run in which nobody has done anything yet.
    pub fn new(scenario: Rc<Scenario>, seed: u64) -> Self {
        Self {
            scenario,
            choices: Vec::new(),
            seed,
            commands: Vec::new(),
        }
    }

    /// The scenario with this run's own policies.
    pub fn design(&self) -> Scenario {
        self.scenario.with(&self.choices)
    }

    /// The same run under another policy in one slot.
    #[must_use]
    pub fn with(&self, choice: Choice) -> Self {
        let mut run = self.clone();
        run.choices
            .retain(|held| (held.service, held.slot) != (choice.service, choice.slot));
        let is_own = self.scenario.services.iter().any(|service| {
            // A design that says nothing of when it forgets says nothing of it in its trace.
            let is_said = || service.design.iter().any(|(slot, _)| *slot == choice.slot);
            service.kind == choice.service
                && service.choice(choice.slot) == Some(&choice.policy)
                && (choice.slot != Slot::Collection || is_said())
        });
        if !is_own {
            run.choices.push(choice);
            let place = |held: &Choice| (held.service, held.slot);
            sort_short(&mut run.choices, |one, other| place(one) < place(other));
        }
        run
    }

    /// The world at the beginning.
    pub fn world(&self) -> World {
        self.design().world(self.seed)
    }

    /// The digest of everything up to and including a moment.
    pub fn digest_at(&self, end: Time) -> u64 {
        let mut world = self.world();
        while world.next_at(&self.commands).is_some_and(|at| at <= end) {
            world.step(&self.commands, None);
        }
        world.digest()
    }
}
