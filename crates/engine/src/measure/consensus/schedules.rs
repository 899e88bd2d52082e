//! Schedules of faults for a consensus group, by seed.

use std::rc::Rc;

use super::staged::{churn, comes_back, divided, goes_deaf, leases_at_the_bound};
use crate::measure::Chance;
use crate::playground::playground;
use crate::run::{Command, Direction, Run, TimedCommand};
use crate::scenario::{Scenario, Service, ServiceKind, Slot};
use crate::sim::fact::OpKind;
use crate::sim::node::{Action, Key, PaymentKey, Value};
use crate::sim::time::Time;

/// Faults stop here.
const CALM_MS: u64 = 12_000;
/// Long enough after the last command for a leader and for every entry.
const SETTLES_US: u64 = 8_000_000;

/// How a group is set in whose schedules something is looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Group {
    /// How reads are confirmed, by the id of the setting.
    pub reads: &'static str,
    /// Whether the last region only votes.
    pub has_witness: bool,
    /// Whether members join and leave at random moments.
    pub changes_members: bool,
}

impl Group {
    /// Reads are confirmed by a majority.
    pub const BY_INDEX: Self = Self {
        reads: "read_index",
        has_witness: false,
        changes_members: false,
    };
    /// Reads by lease.
    pub const BY_LEASE: Self = Self {
        reads: "read_lease",
        ..Self::BY_INDEX
    };
    /// The last region only votes.
    pub const WITH_WITNESS: Self = Self {
        has_witness: true,
        ..Self::BY_LEASE
    };
    /// Members join and leave.
    pub const CHANGING: Self = Self {
        changes_members: true,
        ..Self::BY_INDEX
    };
    /// Members join and leave, and reads are by lease.
    pub const CHANGING_BY_LEASE: Self = Self {
        changes_members: true,
        ..Self::BY_LEASE
    };

    /// Every kind of group that has to be linearizable under every schedule.
    pub const ALL: &'static [Self] = &[
        Self::BY_INDEX,
        Self::BY_LEASE,
        Self::WITH_WITNESS,
        Self::CHANGING,
        Self::CHANGING_BY_LEASE,
    ];
}

/// What is to come of a schedule, beside what holds in all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Something is committed from a moment on.
    Progress {
        /// That moment.
        from: Time,
    },
    /// If a region leads at a moment, it leads in the same term at the end.
    Stability {
        /// The region.
        leader: u8,
        /// That moment.
        from: Time,
    },
}

impl Expected {
    /// The moment from which on it is looked for.
    pub const fn from(self) -> Time {
        match self {
            Self::Progress { from } | Self::Stability { from, .. } => from,
        }
    }
}

/// A run of faults, and what is to come of it.
#[derive(Clone, Debug)]
pub struct Schedule {
    /// The run.
    pub run: Run,
    /// What is to come of it, if that is more than elsewhere.
    pub expected: Option<Expected>,
}

impl Schedule {
    /// When it is over.
    pub fn ends_at(&self) -> Time {
        let last = self.run.commands.last();
        let last = last.map_or(Time::ZERO, |timed| timed.at);
        last.after(SETTLES_US)
    }
}

/// Three or five regions whose prices are kept by consensus, with a customer near each
/// who tries once.
pub(super) fn world(regions: u8, group: &Group) -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(regions as usize);
    scenario.customers.truncate(regions as usize);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = place as u8;
        customer.think_us = None;
    }
    scenario.retry.attempts = 1;
    let mut design = vec![
        (Slot::Replication, "consensus".into()),
        (Slot::LeaderReads, group.reads.into()),
    ];
    if group.has_witness {
        design.push((Slot::Witness, "witness_last".into()));
    }
    scenario.services = vec![Service {
        kind: ServiceKind::Prices,
        design,
    }];
    scenario
}

/// The schedule of a seed. Most are random: cuts in one or both directions, crashes, loss,
/// duplication, reordering, stepped and drifting clocks and transfers, under reads and
/// writes of two prices. Others lead up to what is rare.
pub fn schedule(seed: u64, group: &Group) -> Schedule {
    let mut chance = Chance::new(seed);
    match chance.below(12) {
        0..=2 => churn(&mut chance, seed, group),
        3 => leases_at_the_bound(&mut chance, seed, group),
        4..=6 if group.changes_members => divided(&mut chance, seed, group),
        4 => goes_deaf(&mut chance, seed, group),
        5 => comes_back(&mut chance, seed, group),
        _ => random(&mut chance, seed, group),
    }
}

fn random(chance: &mut Chance, seed: u64, group: &Group) -> Schedule {
    let regions = if chance.below(3) == 0 { 5 } else { 3 };
    let scenario = Rc::new(world(regions, group));
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
    // In the end somebody reads, so that there is something to judge.
    for item in 0..2 {
        let action = Action {
            kind: OpKind::Read,
            key: Key::new(0, item),
            argument: Value(0),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let command = Command::Act {
            customer: 0,
            action,
        };
        let at = Time::from_ms(CALM_MS + 6_000);
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
    Schedule {
        run,
        expected: None,
    }
}
