//! The player: a cursor in a run, with checkpoints and a trace that it can always make
//! again.

use super::{Command, Run, TimedCommand};
use crate::sim::fact::FactId;
use crate::sim::time::Time;
use crate::sim::trace::Trace;
use crate::sim::world::World;

/// Simulated time between two checkpoints, in microseconds.
pub const CHECKPOINT_EVERY_US: u64 = 30_000_000;

/// Commands in a run at most.
pub const MAX_COMMANDS: u32 = 10_000;

/// Where a player is to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// Every event at or before this moment has happened.
    Time(Time),
    /// This many events have happened.
    Event(u32),
}

/// What acting did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Acted {
    /// The run went on.
    Extended,
    /// It was the past: the run as it was before, and the moment it had reached.
    Forked(Run, Time),
}

/// Why a command was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CommandError {
    /// It names something that the scenario does not have.
    #[error("the command names a region, customer or service that the scenario does not have")]
    DoesNotFit,
    /// The run is full.
    #[error("a run holds at most {MAX_COMMANDS} commands")]
    TooMany,
    /// Time has run out.
    #[error("the run has reached the end of representable time")]
    TooLate,
}

/// A run with a cursor in it.
#[derive(Clone, Debug)]
pub struct Player {
    run: Run,
    /// The world at the cursor.
    world: World,
    /// The moment of the cursor, at or after the last event.
    time: Time,
    target: Target,
    trace: Trace,
    /// Events that have been played and recorded.
    frontier: u32,
    frontier_time: Time,
    checkpoints: Vec<World>,
    events_again: u64,
}

impl Player {
    /// A player at the beginning of a run.
    pub fn new(run: Run) -> Self {
        Self::with_trace(run, Trace::default())
    }

    /// The same, with a trace of another window.
    pub fn with_trace(run: Run, trace: Trace) -> Self {
        let world = run.world();
        Self {
            checkpoints: vec![world.clone()],
            world,
            run,
            time: Time::ZERO,
            target: Target::Time(Time::ZERO),
            trace,
            frontier: 0,
            frontier_time: Time::ZERO,
            events_again: 0,
        }
    }

    /// The run.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// The world at the cursor.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The moment of the cursor.
    pub fn time(&self) -> Time {
        self.time
    }

    /// The furthest moment that has been played.
    pub fn frontier_time(&self) -> Time {
        self.frontier_time
    }

    /// The furthest event that has been played.
    pub fn frontier_event(&self) -> u32 {
        self.frontier
    }

    /// The world after so many events, at most those of the cursor, played again from the
    /// nearest checkpoint; the cursor stays where it is.
    pub fn world_at(&self, event: u32) -> World {
        let mut checkpoints = self.checkpoints.iter().rev();
        let best = checkpoints.find(|world| world.events() <= event);
        let mut world = best.unwrap_or(&self.checkpoints[0]).clone();
        while world.events() < event.min(self.world.events()) {
            if !world.step(&self.run.commands, None) {
                break;
            }
        }
        world
    }

    /// Every fact up to the frontier; those before the cursor are
    /// `FactId(0)` to `FactId(self.world().facts())`.
    pub fn trace(&self) -> &Trace {
        &self.trace
    }

    /// The first fact that has not happened yet at the cursor.
    pub fn end(&self) -> FactId {
        FactId(self.world.facts())
    }

    /// Events executed again by seeking and loading, since the player began.
    pub fn events_again(&self) -> u64 {
        self.events_again
    }

    /// Says where to go. A moment beyond the frontier is played; an event beyond
    /// it too. [`Player::work`] does the going.
    pub fn go(&mut self, target: Target) {
        self.target = target;
        let is_behind = match target {
            Target::Time(time) => time < self.time || self.world.now() > time,
            Target::Event(event) => event < self.world.events(),
        };
        let best = self
            .checkpoints
            .iter()
            .rev()
            .find(|world| match target {
                Target::Time(time) => world.now() <= time,
                Target::Event(event) => world.events() <= event,
            })
            .unwrap_or(&self.checkpoints[0]);
        if is_behind || best.events() > self.world.events() {
            self.world = best.clone();
            self.time = self.world.now();
        }
    }

    /// Goes on towards the target with at most this many events; true when there.
    pub fn work(&mut self, budget: u32) -> bool {
        for _ in 0..budget {
            let next = self.world.next_at(&self.run.commands);
            let done = match (self.target, next) {
                (Target::Time(time), Some(at)) => at > time,
                (Target::Event(event), Some(_)) => self.world.events() >= event,
                (_, None) => true,
            };
            if done {
                self.time = match self.target {
                    Target::Time(time) => time.max(self.world.now()),
                    Target::Event(_) => self.world.now(),
                };
                self.frontier_time = self.frontier_time.max(self.time);
                return true;
            }
            self.step();
        }
        false
    }

    /// Goes somewhere, however long it takes.
    pub fn jump(&mut self, target: Target) {
        self.go(target);
        while !self.work(u32::MAX) {}
    }

    fn step(&mut self) {
        if self.world.events() < self.frontier {
            self.world.step(&self.run.commands, None);
            self.events_again += 1;
        } else {
            self.world.step(&self.run.commands, Some(&mut self.trace));
            self.frontier = self.world.events();
            self.frontier_time = self.frontier_time.max(self.world.now());
            let last = self.checkpoints.last().map_or(Time::ZERO, World::now);
            if self.world.now().since(last) >= CHECKPOINT_EVERY_US {
                self.checkpoints.push(self.world.clone());
            }
        }
        self.time = self.world.now();
    }

    /// A learner does something, one microsecond after the cursor. In the past this
    /// forks: the run as it was is handed back, and this player goes on in the new one.
    pub fn act(&mut self, command: Command) -> Result<Acted, CommandError> {
        if !command.fits(&self.run.scenario) {
            return Err(CommandError::DoesNotFit);
        }
        let done = self.commands_done();
        if done as u32 >= MAX_COMMANDS {
            return Err(CommandError::TooMany);
        }
        if self.time >= Time::MAX {
            return Err(CommandError::TooLate);
        }
        let is_past = self.world.events() < self.frontier
            || self.time < self.frontier_time
            || done < self.run.commands.len();
        let acted = if is_past {
            let before = (self.run.clone(), self.frontier_time);
            self.run.commands.truncate(done);
            self.trace.truncate(self.world.facts());
            self.frontier = self.world.events();
            self.frontier_time = self.time;
            let frontier = self.frontier;
            self.checkpoints.retain(|world| world.events() <= frontier);
            Acted::Forked(before.0, before.1)
        } else {
            Acted::Extended
        };
        self.run.commands.push(TimedCommand {
            at: self.time.after(1),
            command,
        });
        Ok(acted)
    }

    fn commands_done(&self) -> usize {
        self.world.commands_done() as usize
    }

    /// Makes the facts of a range available again if the trace let them go. Returns
    /// how many chunks it had to make.
    pub fn load(&mut self, from: FactId, to: FactId) -> u32 {
        let mut made = 0;
        while let Some((first, end)) = self.trace.missing(from, to) {
            let best = self
                .checkpoints
                .iter()
                .rev()
                .find(|world| world.facts() <= first.0);
            let mut world = best.unwrap_or(&self.checkpoints[0]).clone();
            let mut facts = Vec::new();
            while world.facts() < end.0 {
                let mut recorded = Trace::default();
                let before = world.facts();
                if !world.step(&self.run.commands, Some(&mut recorded)) {
                    break;
                }
                self.events_again += 1;
                for (place, fact) in recorded.range(FactId(0), FactId(recorded.len())) {
                    if (first.0..end.0).contains(&(before + place.0)) {
                        facts.push(*fact);
                    }
                }
            }
            self.trace.restore(first, facts);
            made += 1;
        }
        self.trace.trim(from);
        made
    }
}
