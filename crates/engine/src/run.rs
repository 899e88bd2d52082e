//! Runs: a scenario, a seed and timed commands; and a player that moves a cursor
//! through one.
//!
//! The state at any moment is a pure function of the run and the moment. From
//! that follow replay, stepping back, branches and links; the player only makes
//! them quick, with checkpoints and a trace that it can always make again.

use std::rc::Rc;

use splitbrain_sorted::sort_short;

use crate::scenario::{Choice, Scenario, Slot};
use crate::sim::dice::identity;
use crate::sim::fact::FactId;
use crate::sim::node::{Action, Key};
use crate::sim::time::Time;
use crate::sim::trace::Trace;
use crate::sim::world::World;

/// One more whenever the same run gives another trace than before.
pub const ENGINE_REVISION: u32 = 1;

/// Simulated time between two checkpoints, in microseconds.
pub const CHECKPOINT_EVERY_US: u64 = 30_000_000;

/// Commands in a run at most.
pub const MAX_COMMANDS: u32 = 10_000;

/// Which directions of a link a command is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// From the first region to the second only.
    OneWay,
    /// Both.
    Both,
}

/// What a learner can do to a world. Regions and customers are named by their
/// places in the scenario.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    /// A customer does something.
    Act {
        /// Who.
        customer: u16,
        /// What.
        action: Action,
    },
    /// Messages from a region to another no longer pass.
    CutLink {
        /// From.
        from: u8,
        /// To.
        to: u8,
        /// Or both ways.
        direction: Direction,
    },
    /// They pass again.
    HealLink {
        /// From.
        from: u8,
        /// To.
        to: u8,
        /// Or both ways.
        direction: Direction,
    },
    /// A region stops.
    CrashRegion {
        /// Which.
        region: u8,
    },
    /// A region comes back.
    RestartRegion {
        /// Which.
        region: u8,
    },
    /// A region's wall clock is set this far from true time, and drifts from then on.
    StepClock {
        /// Which.
        region: u8,
        /// Ahead of true time, in microseconds; negative for behind.
        offset_us: i64,
        /// Faster than true time, in parts per million.
        drift_ppm: i32,
    },
    /// The next reply that a region sends to a customer is lost.
    DropNextReply {
        /// Which region.
        region: u8,
        /// To this customer, or to anyone.
        customer: Option<u16>,
    },
    /// A link becomes lossy, duplicating, reordering or slow, both ways.
    DegradeLink {
        /// One end.
        from: u8,
        /// The other.
        to: u8,
        /// Messages lost, in parts per million.
        loss_ppm: u32,
        /// Messages that arrive twice, in parts per million.
        duplicate_ppm: u32,
        /// Messages held back, in parts per million.
        reorder_ppm: u32,
        /// Added to each message's time, in microseconds.
        extra_us: u32,
    },
    /// A region becomes the writer of every service that has one.
    PromoteRegion {
        /// Which.
        region: u8,
    },
    /// A region stops where it is and keeps everything; its clocks go on.
    PauseRegion {
        /// Which.
        region: u8,
    },
    /// A paused region goes on, late.
    ResumeRegion {
        /// Which.
        region: u8,
    },
    /// A region takes longer over each step of its work.
    SlowRegion {
        /// Which.
        region: u8,
        /// How much longer, in microseconds; 0 for as fast as ever.
        extra_us: u32,
    },
    /// A region becomes the home of a key, if keys of the service have one.
    MoveHome {
        /// Which key.
        key: Key,
        /// Which region.
        region: u8,
    },
}

impl Command {
    /// Its stable number, used on the wire and in facts.
    pub const fn tag(&self) -> u8 {
        match self {
            Self::Act { .. } => 1,
            Self::CutLink { .. } => 2,
            Self::HealLink { .. } => 3,
            Self::CrashRegion { .. } => 4,
            Self::RestartRegion { .. } => 5,
            Self::StepClock { .. } => 6,
            Self::DropNextReply { .. } => 7,
            Self::DegradeLink { .. } => 8,
            Self::PromoteRegion { .. } => 9,
            Self::PauseRegion { .. } => 10,
            Self::ResumeRegion { .. } => 11,
            Self::SlowRegion { .. } => 12,
            Self::MoveHome { .. } => 13,
        }
    }

    /// Its stable id, for catalogues of words.
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Act { .. } => "act",
            Self::CutLink { .. } => "cut_link",
            Self::HealLink { .. } => "heal_link",
            Self::CrashRegion { .. } => "crash_region",
            Self::RestartRegion { .. } => "restart_region",
            Self::StepClock { .. } => "step_clock",
            Self::DropNextReply { .. } => "drop_next_reply",
            Self::DegradeLink { .. } => "degrade_link",
            Self::PromoteRegion { .. } => "promote_region",
            Self::PauseRegion { .. } => "pause_region",
            Self::ResumeRegion { .. } => "resume_region",
            Self::SlowRegion { .. } => "slow_region",
            Self::MoveHome { .. } => "move_home",
        }
    }

    /// Whether every region, customer and key it names is in the scenario.
    pub fn fits(&self, scenario: &Scenario) -> bool {
        let region = |place: u8| (place as usize) < scenario.regions.len();
        let customer = |place: u16| (place as usize) < scenario.customers.len();
        match *self {
            Self::Act {
                customer: who,
                action,
            } => {
                customer(who)
                    && (action.key.service() as usize) < scenario.services.len()
                    && action.via.is_none_or(region)
            }
            Self::CutLink { from, to, .. }
            | Self::HealLink { from, to, .. }
            | Self::DegradeLink { from, to, .. } => region(from) && region(to) && from != to,
            Self::CrashRegion { region: which }
            | Self::RestartRegion { region: which }
            | Self::PromoteRegion { region: which }
            | Self::PauseRegion { region: which }
            | Self::ResumeRegion { region: which }
            | Self::SlowRegion { region: which, .. }
            | Self::StepClock { region: which, .. } => region(which),
            Self::DropNextReply {
                region: which,
                customer: who,
            } => region(which) && who.is_none_or(customer),
            Self::MoveHome { key, region: which } => {
                region(which) && (key.service() as usize) < scenario.services.len()
            }
        }
    }

    /// Its content as numbers, in a defined order.
    fn words(&self) -> [u64; 6] {
        let tag = u64::from(self.tag());
        match *self {
            Self::Act { customer, action } => [
                tag,
                u64::from(customer),
                u64::from(action.key.0) << 8 | action.kind as u64,
                u64::from(action.argument.0),
                action.payment_key as u64,
                action.via.map_or(0, |region| u64::from(region) + 1),
            ],
            Self::CutLink {
                from,
                to,
                direction,
            }
            | Self::HealLink {
                from,
                to,
                direction,
            } => [tag, u64::from(from), u64::from(to), direction as u64, 0, 0],
            Self::CrashRegion { region }
            | Self::RestartRegion { region }
            | Self::PromoteRegion { region }
            | Self::PauseRegion { region }
            | Self::ResumeRegion { region } => [tag, u64::from(region), 0, 0, 0, 0],
            Self::SlowRegion { region, extra_us } => {
                [tag, u64::from(region), u64::from(extra_us), 0, 0, 0]
            }
            Self::MoveHome { key, region } => [tag, u64::from(region), u64::from(key.0), 0, 0, 0],
            Self::StepClock {
                region,
                offset_us,
                drift_ppm,
            } => [
                tag,
                u64::from(region),
                offset_us as u64,
                drift_ppm as u64,
                0,
                0,
            ],
            Self::DropNextReply { region, customer } => [
                tag,
                u64::from(region),
                customer.map_or(0, |who| u64::from(who) + 1),
                0,
                0,
                0,
            ],
            Self::DegradeLink {
                from,
                to,
                loss_ppm,
                duplicate_ppm,
                reorder_ppm,
                extra_us,
            } => [
                tag,
                u64::from(from) << 8 | u64::from(to),
                u64::from(loss_ppm),
                u64::from(duplicate_ppm),
                u64::from(reorder_ppm),
                u64::from(extra_us),
            ],
        }
    }
}

/// A command and when it takes effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimedCommand {
    /// When, in true time.
    pub at: Time,
    /// What.
    pub command: Command,
}

impl TimedCommand {
    /// Its stable identity: of its time and content, never of its place.
    pub fn identity(&self) -> u64 {
        let words = self.command.words();
        words
            .iter()
            .fold(identity(0, self.at.0), |id, &word| identity(id, word))
    }
}

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
