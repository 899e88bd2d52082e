//! Consensus under random faults: schedules, and the five properties of its proof,
//! checked after every event.
//!
//! Source: Ongaro and Ousterhout, "In search of an understandable consensus algorithm",
//! USENIX ATC 2014, figure 3.

use std::rc::Rc;

use super::Chance;
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::design::MergeRule;
use crate::playground::playground;
use crate::replication::Setup;
use crate::replication::consensus::{Mistake, Replica, Settings};
use crate::replication::log::Entry;
use crate::run::{Command, Direction, Run, TimedCommand};
use crate::scenario::{Scenario, Service, ServiceKind, Slot};
use crate::sim::fact::{HostId, OpKind};
use crate::sim::node::{Action, Addr, Key, PaymentKey, Value};
use crate::sim::time::Time;
use crate::sim::world::World;
use crate::view::{LogView, RoleView};

/// A property that was broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Broken {
    /// Two leaders in one term.
    ElectionSafety,
    /// A leader changed or took out an entry of its own log.
    LeaderAppendOnly,
    /// Two logs have an entry of one term at one place and differ before it.
    LogMatching,
    /// A new leader lacks an entry that was committed.
    LeaderCompleteness,
    /// Two members committed different entries at one place.
    StateMachineSafety,
}

/// What is remembered of one member.
#[derive(Clone, Debug, Default)]
struct Seen {
    is_leader: bool,
    term: u32,
    commit: u32,
    entries: Vec<Entry>,
}

/// Checks a group while it runs.
#[derive(Clone, Debug)]
pub struct Invariants {
    service: u8,
    seen: Vec<Seen>,
    /// Who led in each term, in the order in which they were elected.
    leaders: Vec<(u32, u8)>,
    committed: Vec<Entry>,
    broken: Vec<Broken>,
}

/// How many entries two logs begin with alike.
fn shared(one: &[Entry], other: &[Entry]) -> usize {
    let pairs = one.iter().zip(other);
    pairs.take_while(|(one, other)| one == other).count()
}

impl Invariants {
    /// A check of the service at this place, in a world of so many regions.
    pub fn new(service: u8, regions: u8) -> Self {
        Self {
            service,
            seen: vec![Seen::default(); regions as usize],
            leaders: Vec::new(),
            committed: Vec::new(),
            broken: Vec::new(),
        }
    }

    /// What was broken so far, each once, in order.
    pub fn broken(&self) -> &[Broken] {
        &self.broken
    }

    /// Leaders elected so far.
    pub fn elections(&self) -> u32 {
        self.leaders.len() as u32
    }

    /// Entries committed so far.
    pub fn committed(&self) -> u32 {
        self.committed.len() as u32
    }

    fn break_(&mut self, what: Broken) {
        if !self.broken.contains(&what) {
            self.broken.push(what);
        }
    }

    /// Looks at every member after an event.
    pub fn check(&mut self, world: &World) {
        for region in 0..self.seen.len() as u8 {
            let at = Addr::new(HostId(u16::from(region)), self.service);
            if let Some(view) = world.log_view(at) {
                self.check_one(region, &view);
            }
        }
    }

    fn check_one(&mut self, region: u8, view: &LogView<'_>) {
        let entries = view.log.entries();
        let is_leader = view.role == RoleView::Leader;
        let held = &self.seen[region as usize];
        // Logs change at their ends, and an entry taken out is replaced by one of
        // another term or not at all.
        let is_same_log =
            held.entries.len() == entries.len() && held.entries.last() == entries.last();
        if is_same_log
            && (held.is_leader, held.term, held.commit) == (is_leader, view.term, view.commit)
        {
            return;
        }
        let led_on = held.is_leader && is_leader && held.term == view.term;
        let was_elected = is_leader && !led_on;
        let (kept, had) = (shared(&held.entries, entries), held.entries.len());
        if led_on && kept < had {
            self.break_(Broken::LeaderAppendOnly);
        }
        if was_elected {
            let other = self
                .leaders
                .iter()
                .any(|&(term, who)| term == view.term && who != region);
            if other {
                self.break_(Broken::ElectionSafety);
            }
            self.leaders.push((view.term, region));
            if shared(&self.committed, entries) < self.committed.len() {
                self.break_(Broken::LeaderCompleteness);
            }
        }
        if !is_same_log {
            let others = (0..self.seen.len()).filter(|&other| other != region as usize);
            let mismatched = others.map(|other| &self.seen[other].entries).any(|other| {
                let alike = shared(entries, other);
                let mut beyond = entries.iter().zip(other).skip(alike);
                beyond.any(|(one, other)| one.epoch == other.epoch)
            });
            if mismatched {
                self.break_(Broken::LogMatching);
            }
        }
        for (place, entry) in entries.iter().enumerate().take(view.commit as usize) {
            match self.committed.get(place) {
                None => self.committed.push(*entry),
                Some(other) if other != entry => {
                    self.break_(Broken::StateMachineSafety);
                    break;
                }
                Some(_) => {}
            }
        }
        let held = &mut self.seen[region as usize];
        if !is_same_log {
            held.entries.truncate(kept);
            held.entries.extend_from_slice(&entries[kept..]);
        }
        (held.is_leader, held.term, held.commit) = (is_leader, view.term, view.commit);
    }
}

/// Faults stop here.
const CALM_MS: u64 = 12_000;
/// Long enough after the last command for a leader and for every entry.
const SETTLES_US: u64 = 8_000_000;

/// When a schedule is over.
pub fn ends_at(run: &Run) -> Time {
    let last = run.commands.last().map_or(Time::ZERO, |timed| timed.at);
    last.after(SETTLES_US)
}

/// Three or five regions whose prices are kept by consensus, with a customer near each
/// who tries once.
fn world(regions: u8, reads: &str) -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(regions as usize);
    scenario.customers.truncate(regions as usize);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = place as u8;
        customer.think_us = None;
    }
    scenario.retry.attempts = 1;
    scenario.services = vec![Service {
        kind: ServiceKind::Prices,
        design: vec![
            (Slot::Replication, "consensus".into()),
            (Slot::LeaderReads, reads.into()),
        ],
    }];
    scenario
}

/// A run of cuts in one or both directions, crashes, loss, duplication, reordering,
/// stepped clocks and transfers, under reads and writes of two prices.
pub fn schedule(seed: u64, reads: &str) -> Run {
    let mut chance = Chance::new(seed);
    if chance.below(4) == 0 {
        return churn(&mut chance, seed, reads);
    }
    let regions = if chance.below(3) == 0 { 5 } else { 3 };
    let scenario = Rc::new(world(regions, reads));
    let regions = u64::from(regions);
    let mut commands = Vec::new();
    for place in 0..14 + chance.below(16) {
        let kind = [OpKind::Read, OpKind::Write][chance.below(2) as usize];
        let action = Action {
            kind,
            key: Key::new(0, chance.below(2) as u32),
            argument: Value(place as u32 + 1),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let customer = chance.below(regions) as u16;
        let command = Command::Act { customer, action };
        let at = Time(1_500_000 + chance.below(CALM_MS * 1_000 - 1_500_000));
        commands.push(TimedCommand { at, command });
    }
    for _ in 0..4 + chance.below(16) {
        let region = chance.below(regions) as u8;
        let other = ((u64::from(region) + 1 + chance.below(regions - 1)) % regions) as u8;
        let direction = [Direction::OneWay, Direction::Both][chance.below(2) as usize];
        let command = match chance.below(8) {
            0 | 1 => Command::CutLink {
                from: region,
                to: other,
                direction,
            },
            2 => Command::HealLink {
                from: region,
                to: other,
                direction,
            },
            3 => Command::CrashRegion { region },
            4 => Command::RestartRegion { region },
            5 => Command::DegradeLink {
                from: region,
                to: other,
                loss_ppm: chance.below(400_000) as u32,
                duplicate_ppm: chance.below(300_000) as u32,
                reorder_ppm: chance.below(500_000) as u32,
                extra_us: chance.below(400_000) as u32,
            },
            6 => Command::StepClock {
                region,
                offset_us: chance.below(4_000_000) as i64 - 2_000_000,
                drift_ppm: chance.below(100_000) as i32 - 50_000,
            },
            _ => Command::PromoteRegion { region },
        };
        let at = Time(chance.below(CALM_MS * 1_000));
        commands.push(TimedCommand { at, command });
    }
    let calm = |command| TimedCommand {
        at: Time::from_ms(CALM_MS),
        command,
    };
    for from in 0..regions as u8 {
        commands.push(calm(Command::RestartRegion { region: from }));
        for to in from + 1..regions as u8 {
            let direction = Direction::Both;
            commands.push(calm(Command::HealLink {
                from,
                to,
                direction,
            }));
            commands.push(calm(Command::DegradeLink {
                from,
                to,
                loss_ppm: 0,
                duplicate_ppm: 0,
                reorder_ppm: 0,
                extra_us: 0,
            }));
        }
    }
    commands.sort_by_key(|timed| timed.at);
    let mut run = Run::new(scenario, seed);
    run.commands = commands;
    run
}

/// A run in which one region after the other is made the leader and is then cut off
/// from most of the rest while it takes a write.
fn churn(chance: &mut Chance, seed: u64, reads: &str) -> Run {
    const REGIONS: u64 = 5;
    let direction = Direction::Both;
    let mut commands = Vec::new();
    let mut at = |at_us: u64, command| {
        let at = Time(at_us);
        commands.push(TimedCommand { at, command });
    };
    let mut now_us = 2_500_000;
    let mut away = None;
    for round in 0..8 {
        let region = chance.below(REGIONS) as u8;
        // Whoever was cut off comes back before or after the next one leads.
        let back_us = now_us - 500_000 + chance.below(1_600_000);
        if let Some(from) = away.replace(region) {
            for to in (0..REGIONS as u8).filter(|&to| to != from) {
                at(
                    back_us,
                    Command::HealLink {
                        from,
                        to,
                        direction,
                    },
                );
            }
        }
        at(now_us, Command::PromoteRegion { region });
        now_us += 500_000 + chance.below(700_000);
        let spared = chance.below(REGIONS + 2) as u8;
        for to in (0..REGIONS as u8).filter(|&to| to != region && to != spared) {
            let from = region;
            at(
                now_us,
                Command::CutLink {
                    from,
                    to,
                    direction,
                },
            );
        }
        let action = Action {
            kind: OpKind::Write,
            key: Key::new(0, 0),
            argument: Value(round + 1),
            payment_key: PaymentKey::Fresh,
            via: Some(region),
        };
        let customer = u16::from(region);
        at(
            now_us + chance.below(200_000),
            Command::Act { customer, action },
        );
        now_us += 2_500_000 + chance.below(1_500_000);
    }
    commands.sort_by_key(|timed| timed.at);
    let mut run = Run::new(Rc::new(world(REGIONS as u8, reads)), seed);
    run.commands = commands;
    run
}

/// The world of a schedule, with a mistake made by every member.
fn mistaken(run: &Run, mistake: Mistake) -> World {
    let mut world = run.world();
    let Some(service) = run.scenario.services.first() else {
        return world;
    };
    let regions = run.scenario.regions.len() as u8;
    for host in 0..regions {
        let me = Addr::new(HostId(u16::from(host)), 0);
        let setup = Setup {
            me,
            regions,
            rule: MergeRule::Conflict(&LastWriterWins),
            initial: run.scenario.initial(service.kind),
            compare_every_us: run.scenario.physics.compare_every_us,
        };
        let settings = Settings {
            mistake,
            ..Settings::of(service)
        };
        world.replace(me, Box::new(Replica::new(setup, settings)));
    }
    world
}

/// What a schedule showed.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The checks, at the end.
    pub invariants: Invariants,
    /// Events that it took.
    pub events: u64,
}

/// Plays one schedule to its end and checks after every event.
pub fn play(seed: u64, mistake: Mistake) -> Outcome {
    let run = schedule(seed, "read_index");
    let mut world = mistaken(&run, mistake);
    let mut invariants = Invariants::new(0, run.scenario.regions.len() as u8);
    let end = ends_at(&run);
    while world.next_at(&run.commands).is_some_and(|at| at <= end) {
        world.step(&run.commands, None);
        invariants.check(&world);
    }
    Outcome {
        invariants,
        events: u64::from(world.events()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_schedule_breaks_what_the_proof_says() {
        let (mut elections, mut committed) = (0, 0);
        for seed in 0..300 {
            let outcome = play(seed, Mistake::None);
            let broken = outcome.invariants.broken();
            assert!(broken.is_empty(), "seed {seed}: {broken:?}");
            elections += outcome.invariants.elections();
            committed += outcome.invariants.committed();
        }
        assert!(elections > 400, "{elections}");
        assert!(committed > 1_500, "{committed}");
    }

    #[test]
    fn every_mistake_is_caught() {
        for &mistake in Mistake::ALL {
            let mut schedules = 0..4_000;
            let caught = schedules.find_map(|seed| {
                let outcome = play(seed, mistake);
                outcome.invariants.broken().first().copied()
            });
            assert!(caught.is_some(), "{mistake:?} is not caught");
        }
    }
}
