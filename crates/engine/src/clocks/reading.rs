//! What every kind of clock would show at each event of a run, read from its trace.
//!
//! Hosts are processes: regions, the gateway, customers. Each fact that a host's own
//! code recorded is an event of it, and so is the arrival of each message, recorded or
//! not: the fact of its sending says when. Those two orders, along a host and from
//! sending to receiving, are all of happened-before, so one pass over the trace gives
//! every stamp. What was done *to* a host (a crash, a cut link, a set clock, a message
//! that found nobody) is no event of its own, and no clock stamps it.
//!
//! Vector clocks have an entry a region, the number of its events; customers and the
//! gateway carry on what they have seen but add nothing. Clocks survive a crash here, as
//! if they were logged: real systems log them, or wait out what they may have given.
//!
//! The pass leaves checkpoints, so that the stamps of a window are read by going on from
//! the nearest one: at most 2^16 facts before the window, however long the run.
//!
//! Source: Lamport 1978 for happened-before; Fidge 1988 and Mattern 1989 for vector
//! clocks; Kulkarni et al. 2014 for hybrid ones.

mod moment;

use super::bounded::Interval;
use super::{HybridStamp, LamportStamp, VersionVector};
use crate::sim::fact::{Fact, FactId, FactKind};
use crate::sim::time::Time;
use crate::sim::trace::{CHUNK_FACTS, Trace};
use crate::sim::world::World;
use moment::Moment;

/// Facts between two checkpoints at first, and when there are many: then each chunk of
/// the trace begins with one.
const SPACINGS: (u32, u32) = (1 << 13, CHUNK_FACTS);
/// With more checkpoints than this, every other one is let go.
const MANY: usize = 64;

/// What the clocks of a host show at one event of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading {
    /// True time, which nobody there can see.
    pub at: Time,
    /// The wall clock, in microseconds since the run began.
    pub wall_us: i64,
    /// Lamport's clock.
    pub lamport: LamportStamp,
    /// The vector clock: how many events of each region are in this one's past, itself
    /// among them.
    pub vector: VersionVector,
    /// The hybrid logical clock. Where its counter was full, it was carried into l.
    pub hybrid: HybridStamp,
    /// What a bounded-uncertainty clock says of true time: one that a machine believes was
    /// set to within [`BELIEVED_US`] when the run began, or since as well as a time service
    /// could measure. It is wrong where the clock is worse than that.
    pub interval: Interval,
    /// The dot of the event, if it is one of a region: that region, whose newest event it is.
    /// With the rest of the vector it is the event's dotted version vector.
    pub dot: Option<u8>,
}

/// How wrong a clock is believed to be at most when it was set, in microseconds, and how fast
/// it may go wrong from then on, in parts per million: those of Corbett et al. 2012, section
/// 3.
pub const BELIEVED_US: u32 = 7_000;
/// See [`BELIEVED_US`].
pub const BELIEVED_DRIFT_PPM: u32 = 200;

/// Facts that the trace has let go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the facts from {} to {} are not in memory", from.0, to.0)]
pub struct NotHeld {
    /// The first of them.
    pub from: FactId,
    /// The one after the last.
    pub to: FactId,
}

/// Whether a fact is an event of its host, not something that was done to it.
pub fn is_event(kind: FactKind) -> bool {
    !matches!(
        kind,
        FactKind::CommandGiven
            | FactKind::MessageDropped
            | FactKind::RegionCrashed
            | FactKind::RegionRestarted
            | FactKind::RegionPaused
            | FactKind::RegionResumed
            | FactKind::RegionSlowed
            | FactKind::UnflushedLost
            | FactKind::ClockStepped
            | FactKind::LinkCut
            | FactKind::LinkHealed
            | FactKind::LinkDegraded
            | FactKind::ReplyDropArmed
    )
}

/// The clocks of a run, as far as its facts have been followed.
#[derive(Clone, Debug)]
pub struct Readings {
    /// In order; the first is the beginning.
    checkpoints: Vec<Moment>,
    spacing: u32,
    head: Moment,
}

impl Readings {
    /// The clocks at the beginning of a run: `world` is its world before anything
    /// happened, of which the first `regions` hosts are regions.
    pub fn new(world: &World, regions: u8) -> Self {
        let head = Moment::start(world, regions);
        Self {
            checkpoints: vec![head.clone()],
            spacing: SPACINGS.0,
            head,
        }
    }

    /// The first fact that has not been followed.
    pub fn next(&self) -> FactId {
        self.head.next
    }

    /// Follows the trace up to a fact, so many facts at most; true when there.
    ///
    /// # Errors
    /// The trace has let go what comes next: it has to be loaded, or its facts given to
    /// [`Readings::push`].
    pub fn follow(&mut self, trace: &Trace, to: FactId, budget: u32) -> Result<bool, NotHeld> {
        let to = FactId(to.0.min(trace.len()));
        for _ in 0..budget {
            if self.head.next >= to {
                return Ok(true);
            }
            let fact = trace.get(self.head.next);
            let fact = *fact.ok_or_else(|| not_held(trace, self.head.next, to))?;
            self.push(&fact);
        }
        Ok(self.head.next >= to)
    }

    /// Follows the next fact, wherever it comes from.
    pub fn push(&mut self, fact: &Fact) {
        if self.head.next.0.is_multiple_of(self.spacing) && self.head.next.0 > 0 {
            self.checkpoints.push(self.head.clone());
            if self.checkpoints.len() > MANY && self.spacing < SPACINGS.1 {
                self.spacing *= 2;
                let spacing = self.spacing;
                self.checkpoints
                    .retain(|held| held.next.0.is_multiple_of(spacing));
            }
        }
        self.head.take(fact, &mut |_, _, _| {});
    }

    /// Forgets everything from a fact on: another future follows.
    pub fn forget_from(&mut self, from: FactId) {
        if self.head.next <= from {
            return;
        }
        self.checkpoints
            .retain(|held| held.next <= from || held.next.0 == 0);
        if let Some(last) = self.checkpoints.last() {
            self.head = last.clone();
        }
    }

    /// A place to read stamps from this fact on, if so much has been followed.
    ///
    /// # Errors
    /// The trace has let go facts between a checkpoint and there.
    pub fn cursor(&self, trace: &Trace, from: FactId) -> Result<Option<Cursor>, NotHeld> {
        if from > self.head.next {
            return Ok(None);
        }
        let after = self.checkpoints.partition_point(|held| held.next <= from);
        let nearest = self.checkpoints[..after].last();
        let nearest = nearest.unwrap_or(&self.checkpoints[0]);
        let best = if self.head.next <= from {
            &self.head
        } else {
            nearest
        };
        let mut cursor = Cursor {
            moment: best.clone(),
        };
        while cursor.moment.next < from {
            cursor.step(trace)?;
        }
        Ok(Some(cursor))
    }

    /// What the clocks of its host showed at a fact; none if it is no event of a host,
    /// or was not followed yet.
    ///
    /// # Errors
    /// The trace has let go facts between a checkpoint and there.
    pub fn at(&self, trace: &Trace, fact: FactId) -> Result<Option<Reading>, NotHeld> {
        if fact >= self.head.next {
            return Ok(None);
        }
        let cursor = self.cursor(trace, fact)?;
        cursor.map_or(Ok(None), |mut cursor| cursor.step(trace))
    }

    /// What the clocks of the receiver showed when a message arrived; none if nobody
    /// received it, or not among the facts that were followed.
    ///
    /// # Errors
    /// The trace has let go facts in question.
    pub fn received(&self, trace: &Trace, message: FactId) -> Result<Option<Reading>, NotHeld> {
        let (Some(mut cursor), Some(sent)) = (self.cursor(trace, message)?, trace.get(message))
        else {
            return Ok(None);
        };
        let mut found = None;
        while found.is_none() && cursor.moment.next < self.head.next {
            let next = cursor.moment.next;
            let fact = trace.get(next);
            let fact = *fact.ok_or_else(|| not_held(trace, next, self.head.next))?;
            cursor.moment.take(&fact, &mut |heard, moment, at| {
                if heard == message {
                    found = Some(moment.reading(sent.peer, at));
                }
            });
            if fact.at() > sent.arrives_at() {
                break;
            }
        }
        Ok(found)
    }
}

/// A place between two facts, from which stamps are read in order.
#[derive(Clone, Debug)]
pub struct Cursor {
    moment: Moment,
}

impl Cursor {
    /// The beginning of a run: `world` is its world before anything happened, of which the
    /// first `regions` hosts are regions.
    pub fn start(world: &World, regions: u8) -> Self {
        Self {
            moment: Moment::start(world, regions),
        }
    }

    /// The fact that comes next.
    pub fn next(&self) -> FactId {
        self.moment.next
    }

    /// Goes past the next fact, wherever it comes from; true if it is an event of its host.
    pub fn take(&mut self, fact: &Fact) -> bool {
        self.moment.take(fact, &mut |_, _, _| {})
    }

    /// Goes past the next fact and says what the clocks of its host showed; none if it is
    /// no event of a host.
    ///
    /// # Errors
    /// The fact is not in memory.
    pub fn step(&mut self, trace: &Trace) -> Result<Option<Reading>, NotHeld> {
        let fact = self.skip(trace)?;
        Ok(fact.map(|fact| self.moment.reading(fact.host, fact.at())))
    }

    /// The same without making the reading, which costs more than going past: the fact
    /// if it is an event of its host.
    ///
    /// # Errors
    /// The fact is not in memory.
    pub fn skip(&mut self, trace: &Trace) -> Result<Option<Fact>, NotHeld> {
        let next = self.moment.next;
        let fact = trace.get(next);
        let fact = *fact.ok_or_else(|| not_held(trace, next, FactId(next.0 + 1)))?;
        let is_event = self.moment.take(&fact, &mut |_, _, _| {});
        Ok(is_event.then_some(fact))
    }

    /// What the clocks of the host of the last fact, an event of it, showed then.
    pub fn reading(&self, fact: &Fact) -> Reading {
        self.moment.reading(fact.host, fact.at())
    }
}

fn not_held(trace: &Trace, from: FactId, to: FactId) -> NotHeld {
    let missing = trace.missing(from, to);
    let (from, to) = missing.unwrap_or((from, to));
    NotHeld { from, to }
}

#[cfg(test)]
#[path = "reading_tests.rs"]
mod tests;
