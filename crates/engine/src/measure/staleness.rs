//! Probabilistically bounded staleness: how often, and for how long, a read of a
//! quorum store misses a write that was acknowledged.
//!
//! A trial writes one key through a coordinator that holds no key itself, waits some
//! time after the acknowledgement, and reads the key. Its four legs (W, A, R, S) are
//! drawn from the model for every replica. A draw depends on the trial and not on the
//! moment, so the same trial can be read later with the same luck: that is how the
//! time is found after which it becomes consistent.
//!
//! Source: Bailis et al., "Probabilistically bounded staleness for practical partial
//! quorums", VLDB 2012.

use splitbrain_sorted::Map;

use crate::clocks::PhysicalClock;
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::design::MergeRule;
use crate::replication::Setup;
use crate::replication::quorum::{ReadRepair, Replica, Settings};
use crate::sim::delay::Mixture;
use crate::sim::dice::identity;
use crate::sim::fact::{FactId, FactKind, HostId, Label, OpKind, Outcome};
use crate::sim::network::{Network, Place};
use crate::sim::node::{
    Addr, Body, Context, Key, Node, Reply, Request, SessionToken, Timer, Value,
};
use crate::sim::trace::Trace;
use crate::sim::world::{Host, World};

/// Replicas at most: hosts of a mask.
pub const MAX_REPLICAS: u8 = 31;
/// Trials at most: keys of a service.
pub const MAX_TRIALS: u32 = 1 << 23;

/// Trials in one world.
const BATCH: usize = 512;
/// Between the starts of two trials of a world, in microseconds.
const APART_US: u64 = 50;
/// A coordinator waits so long that nothing is cut off: two days, in microseconds.
const FOR_EVER_US: u64 = 172_800_000_000;
/// The first later moment at which a trial is read again, in microseconds.
const FIRST_LATER_US: u64 = 64;
/// A time is found to the microsecond, or to this share of it.
const PRECISION: u64 = 512;

/// The delays of the four legs between the coordinator and each replica.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Legs {
    /// A write on its way, until it is stored.
    pub w: Mixture,
    /// Its confirmation.
    pub a: Mixture,
    /// A read on its way.
    pub r: Mixture,
    /// Its answer.
    pub s: Mixture,
}

/// What is measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Model {
    /// N, from 1 to [`MAX_REPLICAS`].
    pub replicas: u8,
    /// R, from 1 to N.
    pub read: u8,
    /// W, from 1 to N.
    pub write: u8,
    /// How many trials, from 1 to [`MAX_TRIALS`].
    pub trials: u32,
    /// The delays.
    pub legs: Legs,
}

/// Three quantiles, in microseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantiles {
    /// The median.
    pub p50_us: u64,
    /// 99 of 100 are at most this.
    pub p99_us: u64,
    /// 999 of 1000 are at most this.
    pub p999_us: u64,
}

impl Quantiles {
    fn of(mut values: Vec<u64>) -> Self {
        values.sort_unstable();
        Self::of_sorted(&values)
    }

    fn of_sorted(values: &[u64]) -> Self {
        let at = |per_mille: u64| {
            let place = (values.len() as u64 * per_mille).div_ceil(1000).max(1) - 1;
            values.get(place as usize).copied().unwrap_or(0)
        };
        Self {
            p50_us: at(500),
            p99_us: at(990),
            p999_us: at(999),
        }
    }
}

/// What was measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// From a read's start to its answer.
    pub read_latency: Quantiles,
    /// From a write's start to its acknowledgement.
    pub write_latency: Quantiles,
    /// Of the trials, those whose read saw the write when it started at once after the
    /// acknowledgement.
    pub consistent_at_commit: u32,
    /// How long after the acknowledgement a read has to start to see the write.
    pub t_visibility: Quantiles,
    /// The trials.
    pub trials: u32,
    /// Events of the engine that all this took.
    pub events: u64,
    /// Of each trial, after how many microseconds it is consistent; in order of size.
    visible_us: Vec<u64>,
}

impl Report {
    /// Of the trials, those whose read saw the write when it started so long after the
    /// acknowledgement, in microseconds. A trial that saw it once sees it later too, so
    /// its time to visibility tells of every moment, to one part of 512.
    #[must_use]
    pub fn consistent_at(&self, after_us: u64) -> u32 {
        self.visible_us.partition_point(|&it| it <= after_us) as u32
    }
}

/// How one trial went.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Outcomes {
    write_us: u64,
    read_us: u64,
    is_consistent: bool,
}

const START: u8 = 1;
const READ: u8 = 2;

/// A client that makes one write and one read a trial.
#[derive(Clone, Debug)]
struct Prober {
    coordinator: Addr,
    /// The trial, and how long after the acknowledgement it reads, in microseconds.
    trials: Vec<(u32, u64)>,
    waits: Map<u32, u64>,
    /// Operations that are under way: the trial, and whether it writes.
    under_way: Map<FactId, (u32, bool)>,
    returned: u32,
}

impl Prober {
    fn ask(&mut self, cx: &mut Context<'_>, trial: u32, kind: OpKind) {
        let key = Key::new(0, trial);
        let is_write = kind == OpKind::Write;
        let argument = if is_write { trial + 1 } else { 0 };
        let subjects = [key.0, argument, trial];
        let host = self.coordinator.host();
        let op = cx.record(FactKind::OperationStarted, kind as u8, host, subjects);
        let request = Request {
            op,
            intent: identity(u64::from(trial), u64::from(is_write)),
            attempt: 1,
            kind,
            key,
            argument: Value(argument),
            idempotency_key: None,
            home: 0,
            session: SessionToken::NONE,
        };
        self.under_way.insert(op, (trial, is_write));
        let body = Body::Request(request);
        cx.send(self.coordinator, Label::Request, body, op, op);
    }
}

impl Node for Prober {
    fn on_start(&mut self, cx: &mut Context<'_>) {
        for (place, &(trial, wait_us)) in self.trials.iter().enumerate() {
            self.waits.insert(trial, wait_us);
            let timer = Timer {
                kind: START,
                tick: trial,
            };
            cx.set_timer(place as u64 * APART_US, timer, FactId::NONE);
        }
    }

    fn on_timer(&mut self, cx: &mut Context<'_>, timer: Timer) {
        let kind = match timer.kind {
            START => OpKind::Write,
            _ => OpKind::Read,
        };
        self.ask(cx, timer.tick, kind);
    }

    fn on_reply(&mut self, cx: &mut Context<'_>, from: Addr, reply: &Reply) {
        let Some((trial, is_write)) = self.under_way.remove(&reply.op) else {
            return;
        };
        let outcome = if reply.status.is_ok() {
            Outcome::Ok
        } else {
            Outcome::Unknown
        };
        let subjects = [reply.op.0, reply.value.0, u32::from(reply.status.0)];
        let kind = FactKind::OperationReturned;
        let returned = cx.record(kind, outcome as u8, from.host(), subjects);
        if is_write {
            // By a timer even when at once, so that the read has the same identity
            // whenever it starts.
            let wait_us = self.waits.get(&trial).copied().unwrap_or(0);
            let timer = Timer {
                kind: READ,
                tick: trial,
            };
            cx.set_timer(wait_us, timer, returned);
        } else {
            self.returned += 1;
        }
    }

    fn boxed_clone(&self) -> Box<dyn Node> {
        Box::new(self.clone())
    }
}

impl Model {
    fn world(&self, seed: u64, trials: &[(u32, u64)]) -> World {
        let hosts = u16::from(self.replicas) + 2;
        let coordinator = HostId(u16::from(self.replicas));
        let mut network = Network::new(self.replicas + 1, |_, _| 0);
        network.set_leg(Label::QuorumWrite, self.legs.w.clone());
        network.set_leg(Label::QuorumWriteAck, self.legs.a.clone());
        network.set_leg(Label::QuorumRead, self.legs.r.clone());
        network.set_leg(Label::QuorumReadReply, self.legs.s.clone());
        let places = (0..=self.replicas).map(Place::Region);
        let places = places.chain([Place::Near(self.replicas)]);
        let hosts_of = places.map(|place| Host {
            is_slewed: false,
            place,
            is_up: true,
            incarnation: 1,
            clock: PhysicalClock::default(),
        });
        let mut world = World::new(seed, network, self.replicas + 1, hosts_of.collect());
        // The legs have the log in them.
        world.set_log_write(0);
        let settings = Settings {
            copies: self.replicas,
            read: self.read,
            write: self.write,
            repair: ReadRepair::None,
            has_spares: false,
            anyone_coordinates: true,
            wait_us: FOR_EVER_US,
        };
        for host in 0..=u16::from(self.replicas) {
            let me = Addr::new(HostId(host), 0);
            let setup = Setup {
                me,
                regions: self.replicas,
                rule: MergeRule::Conflict(&LastWriterWins),
                initial: Value(0),
                compare_every_us: 0,
            };
            world.install(me, Box::new(Replica::new(setup, settings)));
        }
        let prober = Prober {
            coordinator: Addr::new(coordinator, 0),
            trials: trials.to_vec(),
            waits: Map::new(),
            under_way: Map::new(),
            returned: 0,
        };
        world.install(Addr::new(HostId(hosts - 1), 0), Box::new(prober));
        world
    }

    /// Plays some trials in one world.
    fn play(&self, seed: u64, trials: &[(u32, u64)]) -> (Vec<Outcomes>, u64) {
        let mut world = self.world(seed, trials);
        let mut outcomes: Map<u32, Outcomes> = Map::new();
        let mut started: Map<FactId, (u64, u32, bool)> = Map::new();
        let mut trace = Trace::with_window(1);
        let prober = HostId(u16::from(self.replicas) + 1);
        let (mut next, mut left) = (FactId(0), trials.len());
        while left > 0 && world.step(&[], Some(&mut trace)) {
            let end = FactId(world.facts());
            for (id, fact) in trace.range(next, end).filter(|(_, it)| it.host == prober) {
                match fact.kind() {
                    FactKind::OperationStarted => {
                        let is_write = fact.op_kind() == Some(OpKind::Write);
                        started.insert(id, (fact.at().0, fact.c, is_write));
                    }
                    FactKind::OperationReturned => {
                        let Some((at, trial, is_write)) = started.remove(&FactId(fact.a)) else {
                            continue;
                        };
                        let took_us = fact.at().0 - at;
                        let outcome = outcomes.get_or_insert_with(trial, Outcomes::default);
                        if is_write {
                            outcome.write_us = took_us;
                        } else {
                            outcome.read_us = took_us;
                            outcome.is_consistent = fact.b == trial + 1;
                            left -= 1;
                        }
                    }
                    _ => {}
                }
            }
            next = end;
        }
        let outcomes = trials
            .iter()
            .map(|(trial, _)| outcomes.get(trial).copied().unwrap_or_default())
            .collect();
        (outcomes, u64::from(world.events()))
    }

    /// Plays trials, in worlds of a batch each.
    fn play_all(
        &self,
        seed: u64,
        trials: &[(u32, u64)],
        events: &mut u64,
        progress: &mut dyn FnMut(u64),
    ) -> Vec<Outcomes> {
        let mut all = Vec::with_capacity(trials.len());
        for batch in trials.chunks(BATCH) {
            let (outcomes, took) = self.play(seed, batch);
            all.extend(outcomes);
            *events += took;
            progress(batch.len() as u64);
        }
        all
    }

    /// Measures. `progress` is told how many more trials were played.
    pub fn measure(&self, seed: u64, progress: &mut dyn FnMut(u64)) -> Report {
        let mut events = 0;
        let at_once: Vec<(u32, u64)> = (0..self.trials).map(|trial| (trial, 0)).collect();
        let first = self.play_all(seed, &at_once, &mut events, progress);
        let mut visible_us = vec![0; first.len()];
        // Of each trial whose read was too early: too early still, and late enough.
        let mut brackets: Vec<(u32, u64, u64)> = Vec::new();
        let is_early = |outcome: &Outcomes| !outcome.is_consistent;
        let early = first.iter().enumerate().filter(|(_, it)| is_early(it));
        let mut waiting: Vec<u32> = early.map(|(trial, _)| trial as u32).collect();
        let (mut too_early_us, mut later_us) = (0, FIRST_LATER_US);
        while !waiting.is_empty() {
            let again: Vec<(u32, u64)> = waiting.iter().map(|&it| (it, later_us)).collect();
            let outcomes = self.play_all(seed, &again, &mut events, progress);
            let mut still = Vec::new();
            for (&trial, outcome) in waiting.iter().zip(&outcomes) {
                if outcome.is_consistent {
                    brackets.push((trial, too_early_us, later_us));
                } else {
                    still.push(trial);
                }
            }
            waiting = still;
            too_early_us = later_us;
            later_us *= 2;
        }
        while !brackets.is_empty() {
            brackets.retain(|&(trial, too_early_us, late_us)| {
                let is_found = late_us - too_early_us <= (late_us / PRECISION).max(1);
                if is_found {
                    visible_us[trial as usize] = late_us;
                }
                !is_found
            });
            let middle = |&(trial, early, late): &(u32, u64, u64)| (trial, early.midpoint(late));
            let again: Vec<(u32, u64)> = brackets.iter().map(middle).collect();
            let outcomes = self.play_all(seed, &again, &mut events, progress);
            for (bracket, (outcome, (_, at_us))) in
                brackets.iter_mut().zip(outcomes.iter().zip(&again))
            {
                if outcome.is_consistent {
                    bracket.2 = *at_us;
                } else {
                    bracket.1 = *at_us;
                }
            }
        }
        let consistent = first.iter().filter(|it| it.is_consistent).count();
        visible_us.sort_unstable();
        Report {
            read_latency: Quantiles::of(first.iter().map(|it| it.read_us).collect()),
            write_latency: Quantiles::of(first.iter().map(|it| it.write_us).collect()),
            consistent_at_commit: consistent as u32,
            t_visibility: Quantiles::of_sorted(&visible_us),
            trials: self.trials,
            events,
            visible_us,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::delay::Shape;

    /// LNKD-SSD of Bailis et al., table 3.
    fn ssd(read: u8, write: u8, trials: u32) -> Model {
        let leg = Mixture::new(vec![
            (
                912_200,
                Shape::Pareto {
                    scale_us: 235.0,
                    shape: 10.0,
                },
            ),
            (
                87_800,
                Shape::Exponential {
                    mean_us: 1_000.0 / 1.66,
                },
            ),
        ]);
        Model {
            replicas: 3,
            read,
            write,
            trials,
            legs: Legs {
                w: leg.clone(),
                a: leg.clone(),
                r: leg.clone(),
                s: leg,
            },
        }
    }

    #[test]
    fn a_read_at_once_sees_the_write_as_often_as_was_published() {
        let report = ssd(1, 1, 20_000).measure(1, &mut |_| {});
        let share = f64::from(report.consistent_at_commit) / f64::from(report.trials);
        assert!((share - 0.974).abs() < 0.005, "{share}");
        assert!(report.events > 20 * 20_000);
    }

    #[test]
    fn overlapping_quorums_never_miss_an_acknowledged_write() {
        let report = ssd(2, 2, 5_000).measure(2, &mut |_| {});
        assert_eq!(report.consistent_at_commit, 5_000);
        assert_eq!(report.t_visibility.p999_us, 0);
        let slow = ssd(3, 1, 5_000).measure(2, &mut |_| {});
        assert!(slow.read_latency.p999_us > report.read_latency.p999_us);
    }

    #[test]
    fn a_trial_that_saw_the_write_sees_it_later_too() {
        let model = ssd(1, 1, 3_000);
        let seen = |wait_us: u64| -> Vec<bool> {
            let trials: Vec<(u32, u64)> = (0..model.trials).map(|it| (it, wait_us)).collect();
            let played = model.play_all(3, &trials, &mut 0, &mut |_| {});
            played.iter().map(|it| it.is_consistent).collect()
        };
        let (early, late) = (seen(0), seen(700));
        assert!(early.iter().zip(&late).all(|(early, late)| *late || !early));
        assert_ne!(early, late);
    }

    #[test]
    fn the_share_at_a_time_is_what_reads_at_that_time_see() {
        let model = ssd(1, 1, 3_000);
        let report = model.measure(3, &mut |_| {});
        for after_us in [0, 100, 700] {
            let trials: Vec<(u32, u64)> = (0..model.trials).map(|it| (it, after_us)).collect();
            let played = model.play_all(3, &trials, &mut 0, &mut |_| {});
            let seen = played.iter().filter(|it| it.is_consistent).count() as u32;
            // What becomes consistent within a 512th before the moment is found after it.
            assert!(
                report.consistent_at(after_us).abs_diff(seen) <= 1,
                "{after_us}"
            );
        }
        assert_eq!(report.consistent_at(0), report.consistent_at_commit);
        assert!(report.consistent_at(700) > report.consistent_at(0));
        assert_eq!(report.consistent_at(FOR_EVER_US), 3_000);
    }
}
