//! Replication lag as it is measured from outside: how long ago the oldest write was
//! acknowledged that a region does not show yet.
//!
//! Of one write it is the moment at which a read there would reflect it, or something
//! that replaced it knowingly, less the moment at which its customer was told "saved"
//! (a negative one counts as none). Of a region at a moment it is the largest of those
//! that are still open then.

use std::collections::VecDeque;

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Outcome};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_sorted::Map;

/// Lag of which operators are told, in microseconds: reviews of designs call ten seconds
/// a red flag.
pub const ALERT_US: u64 = 10_000_000;
/// For so long what has been shown stays known, in microseconds.
const KEPT_US: u64 = 180_000_000;
/// Writes that are followed at most; the oldest is let go first.
const WRITES: usize = 4_096;
/// Closed waits kept for each region at most.
const CLOSED: usize = 8_192;

/// A write that is not everywhere yet.
#[derive(Clone, Debug)]
struct Open {
    key: Key,
    op: FactId,
    acknowledged: Option<Time>,
    /// Regions that show it, or what replaced it, in a mask; and when.
    shown: u32,
    shown_at: Vec<(u8, Time)>,
    /// Writes that replaced it knowingly.
    replaced_by: Vec<FactId>,
}

/// A wait that is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Closed {
    from: Time,
    to: Time,
}

/// How far a region is behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lag {
    /// By how much, in microseconds.
    pub span_us: u64,
    /// The oldest write that it lacks, if it lacks any now.
    pub write: Option<FactId>,
}

/// Follows a trace.
#[derive(Clone, Debug)]
pub struct Lags {
    regions: u8,
    next: FactId,
    last: Option<Fact>,
    writes: Map<FactId, Open>,
    by_operation: Map<FactId, FactId>,
    holders: Map<Key, u32>,
    closed: Vec<VecDeque<Closed>>,
}

impl Lags {
    /// Of a world of so many regions in which nothing has happened.
    pub fn new(regions: u8) -> Self {
        Self {
            regions,
            next: FactId(0),
            last: None,
            writes: Map::new(),
            by_operation: Map::new(),
            holders: Map::new(),
            closed: vec![VecDeque::new(); regions as usize],
        }
    }

    /// Reads on up to a fact, so many at most; true when everything before it is read.
    /// Where the trace went back or another way, it begins anew.
    pub fn follow(&mut self, trace: &Trace, end: FactId, budget: u32) -> bool {
        let before = FactId(self.next.0.wrapping_sub(1));
        let is_same = self.next.0 == 0 || trace.get(before) == self.last.as_ref();
        if self.next > end || !is_same {
            *self = Self::new(self.regions);
        }
        let to = FactId(end.0.min(self.next.0.saturating_add(budget)));
        for (id, fact) in trace.range(self.next, to) {
            self.feed(id, fact);
        }
        self.last =
            to.0.checked_sub(1)
                .and_then(|last| trace.get(FactId(last)).copied());
        self.next = to;
        to == end
    }

    fn feed(&mut self, id: FactId, fact: &Fact) {
        match fact.kind() {
            FactKind::WriteAccepted => self.accept(id, fact),
            FactKind::WriteApplied => self.show(FactId(fact.a), fact.host.0, fact.at()),
            FactKind::ValueOverwritten => self.replace(FactId(fact.a), FactId(fact.b)),
            FactKind::KeyPlaced => self.holders.insert(Key(fact.a), fact.b),
            FactKind::HomeTaken => {
                let there = 1_u32.checked_shl(u32::from(fact.host.0)).unwrap_or(0);
                self.holders.insert(Key(fact.a), there);
            }
            FactKind::WriteRolledBack => self.forget(FactId(fact.a), fact.at()),
            FactKind::OperationReturned if fact.outcome() == Some(Outcome::Ok) => {
                let write = self.by_operation.get(&FactId(fact.a)).copied();
                if let Some(open) = write.and_then(|write| self.writes.get_mut(&write)) {
                    open.acknowledged = open.acknowledged.or(Some(fact.at()));
                }
                if let Some(write) = write {
                    self.settle(write);
                }
            }
            _ => {}
        }
    }

    fn accept(&mut self, id: FactId, fact: &Fact) {
        let (op, key) = (FactId(fact.a), Key(fact.b));
        // What its region showed of the key is in its past.
        let here = 1_u32.checked_shl(u32::from(fact.host.0)).unwrap_or(0);
        self.writes.retain(|_, older| {
            if older.key == key && older.shown & here != 0 {
                older.replaced_by.push(id);
            }
            true
        });
        let open = Open {
            key,
            op,
            acknowledged: None,
            shown: 0,
            shown_at: Vec::new(),
            replaced_by: Vec::new(),
        };
        self.writes.insert(id, open);
        self.by_operation.insert(op, id);
        if self.writes.len() > WRITES {
            let oldest = self.writes.keys().next().copied();
            if let Some(oldest) = oldest {
                self.drop_write(oldest);
            }
        }
    }

    /// A region shows a write, and so what the write replaced.
    fn show(&mut self, write: FactId, region: u16, at: Time) {
        if region >= u16::from(self.regions) {
            return;
        }
        let bit = 1 << region;
        let mut done = Vec::new();
        self.writes.retain(|&id, open| {
            let is_it = id == write || open.replaced_by.contains(&write);
            if is_it && open.shown & bit == 0 {
                open.shown |= bit;
                open.shown_at.push((region as u8, at));
                done.push(id);
            }
            true
        });
        for id in done {
            self.settle(id);
        }
    }

    /// A rule put one write in the place of another: who shows the one need not show the
    /// other.
    fn replace(&mut self, lost: FactId, by: FactId) {
        let shown = self.writes.get(&by).map(|by| by.shown_at.clone());
        let Some(open) = self.writes.get_mut(&lost) else {
            return;
        };
        open.replaced_by.push(by);
        for (region, at) in shown.unwrap_or_default() {
            if open.shown >> region & 1 == 0 {
                open.shown |= 1 << region;
                open.shown_at.push((region, at));
            }
        }
        self.settle(lost);
    }

    /// Closes the waits that are over, and lets go of a write that is everywhere.
    fn settle(&mut self, write: FactId) {
        let everywhere = (1_u64 << self.regions) as u32;
        let everywhere = everywhere.wrapping_sub(1);
        let Some(open) = self.writes.get_mut(&write) else {
            return;
        };
        let Some(from) = open.acknowledged else {
            return;
        };
        for (region, to) in open.shown_at.drain(..) {
            if to > from
                && let Some(closed) = self.closed.get_mut(region as usize)
            {
                closed.push_back(Closed { from, to });
                let is_old = |first: &Closed| first.to.0 + KEPT_US < to.0;
                while closed.len() > CLOSED || closed.front().is_some_and(is_old) {
                    closed.pop_front();
                }
            }
        }
        let holders = self.holders.get(&open.key).copied().unwrap_or(everywhere);
        if holders & everywhere & !open.shown == 0 {
            self.drop_write(write);
        }
    }

    /// A write that was taken back: nobody waits for it any more.
    fn forget(&mut self, write: FactId, at: Time) {
        for region in 0..self.regions {
            self.show(write, u16::from(region), at);
        }
        self.drop_write(write);
    }

    fn drop_write(&mut self, write: FactId) {
        if let Some(open) = self.writes.remove(&write) {
            self.by_operation.remove(&open.op);
        }
    }

    /// How far a region is behind at a moment; of the past only as far back as is kept.
    pub fn lag(&self, region: u8, at: Time) -> Lag {
        let mut lag = Lag {
            span_us: 0,
            write: None,
        };
        let holds = |open: &Open| {
            let holders = self.holders.get(&open.key);
            holders.is_none_or(|holders| holders >> region & 1 == 1)
        };
        for (&write, open) in self.writes.iter() {
            let Some(from) = open.acknowledged.filter(|&from| from < at) else {
                continue;
            };
            if open.shown >> region & 1 == 0 && holds(open) && at.0 - from.0 > lag.span_us {
                lag.span_us = at.0 - from.0;
                lag.write = Some(write);
            }
        }
        for wait in self.closed.get(region as usize).into_iter().flatten() {
            if wait.from < at && at < wait.to && at.0 - wait.from.0 > lag.span_us {
                lag.span_us = at.0 - wait.from.0;
                lag.write = None;
            }
        }
        lag
    }

    /// How far a region is behind at so many moments, evenly from one to another, in
    /// microseconds each; within a step the largest.
    pub fn series(&self, region: u8, from: Time, to: Time, steps: u16) -> Vec<u64> {
        let steps_us = u64::from(steps.max(1));
        let width = (to.0.saturating_sub(from.0)).div_ceil(steps_us).max(1);
        let mut series = vec![0; steps as usize];
        let place = |at: u64| at.saturating_sub(from.0) / width;
        let mut raise = |begins: Time, ends: Time| {
            if ends <= from || begins >= to {
                return;
            }
            let last = place(ends.0.min(to.0 - 1));
            for step in place(begins.0.max(from.0))..=last {
                let Some(highest) = series.get_mut(step as usize) else {
                    break;
                };
                let end_of_step = (from.0 + (step + 1) * width).min(ends.0);
                *highest = (*highest).max(end_of_step.saturating_sub(begins.0));
            }
        };
        for wait in self.closed.get(region as usize).into_iter().flatten() {
            raise(wait.from, wait.to);
        }
        for open in self.writes.values() {
            let holders = self.holders.get(&open.key);
            let holds = holders.is_none_or(|holders| holders >> region & 1 == 1);
            if let Some(begins) = open.acknowledged
                && holds
                && open.shown >> region & 1 == 0
            {
                raise(begins, to);
            }
        }
        series
    }
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_engine::playground;
    use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};

    use super::*;

    fn at(seconds: u64) -> Time {
        Time(seconds * 1_000_000)
    }

    fn play(commands: Vec<TimedCommand>, until: Time) -> Player {
        let mut run = Run::new(Rc::new(playground::playground()), 3);
        run.commands = commands;
        let mut player = Player::new(run);
        player.jump(Target::Time(until));
        player
    }

    fn cut(from: u64, heal: u64) -> Vec<TimedCommand> {
        let (from_1, direction) = (1, Direction::Both);
        let others = [0, 2, 3, 4].into_iter();
        let cuts = others.clone().map(|to| TimedCommand {
            at: at(from),
            command: Command::CutLink {
                from: from_1,
                to,
                direction,
            },
        });
        let heals = others.map(|to| TimedCommand {
            at: at(heal),
            command: Command::HealLink {
                from: from_1,
                to,
                direction,
            },
        });
        cuts.chain(heals).collect()
    }

    #[test]
    fn a_region_that_is_cut_off_falls_behind_and_catches_up() {
        let player = play(cut(10, 40), at(60));
        let mut lags = Lags::new(5);
        while !lags.follow(player.trace(), player.end(), 1_000) {}
        let cut_off = lags.series(1, at(0), at(60), 60);
        assert!(
            cut_off[..9].iter().all(|&lag| lag < 2_000_000),
            "{cut_off:?}"
        );
        assert!(cut_off[38] > 20_000_000, "{cut_off:?}");
        assert!(
            cut_off[50..].iter().all(|&lag| lag < 2_000_000),
            "{cut_off:?}"
        );
        assert!(lags.lag(1, at(39)).span_us > 20_000_000);
        assert_eq!(lags.lag(1, at(39)).write, None, "that wait is over");
        assert!(lags.lag(1, at(60)).span_us < 2_000_000);
    }

    #[test]
    fn what_is_open_now_names_the_write_that_is_missing() {
        let player = play(cut(10, 100), at(40));
        let mut lags = Lags::new(5);
        assert!(lags.follow(player.trace(), player.end(), u32::MAX));
        let lag = lags.lag(1, at(40));
        assert!(lag.span_us > ALERT_US);
        let write = lag
            .write
            .and_then(|write| player.trace().get(write).copied());
        let write = write.expect("it is held");
        assert_eq!(write.kind(), FactKind::WriteAccepted);
        assert_ne!(write.host.0, 1);
    }

    #[test]
    fn reading_in_slices_and_after_going_back_comes_to_the_same() {
        let player = play(cut(10, 20), at(30));
        let mut whole = Lags::new(5);
        assert!(whole.follow(player.trace(), player.end(), u32::MAX));
        let mut sliced = Lags::new(5);
        let middle = player.trace().first_at(at(15));
        while !sliced.follow(player.trace(), player.end(), 777) {}
        assert!(sliced.follow(player.trace(), middle, u32::MAX));
        while !sliced.follow(player.trace(), player.end(), 777) {}
        for region in 0..5 {
            let series = |lags: &Lags| lags.series(region, at(0), at(30), 30);
            assert_eq!(series(&whole), series(&sliced));
        }
    }
}
