//! Commit wait: what a majority has is committed when its stamp has certainly passed.
//!
//! The leader stamps an entry with the latest moment that it may be by its clock, and
//! commits it, so that anybody sees it or is told of it, only when every clock within its
//! bound is past that. Who begins anything after that, in whatever group, gets a larger
//! stamp: stamps of different groups, which know nothing of each other, are in the order
//! of real time. The wait runs while the majority answers; only what is left after that
//! makes anybody wait longer.
//!
//! Here nobody sets the clocks again, so the bound grows with drift from the beginning on.
//! Real systems set them every half a minute.
//!
//! Source: Corbett et al., "Spanner: Google's globally distributed database", OSDI 2012,
//! sections 3 and 4.1.2.

use super::replica::{HOLD, Replica};
use crate::clocks::BoundedClock;
use crate::sim::fact::{FactKind, HostId};
use crate::sim::node::{Context, Timer};

/// How fast a clock may go wrong, in parts per million: what Spanner assumes.
const DRIFT_PPM: u32 = 200;

impl Replica {
    /// The clock that knows how wrong it may be, where commits wait for it.
    fn bounded_clock(&self) -> Option<BoundedClock> {
        let bound_us = self.settings.commit_wait_us?;
        Some(BoundedClock::new(bound_us, DRIFT_PPM, 0))
    }

    /// The stamp of an entry that is about to be put at the end of the log, in microseconds.
    pub(super) fn stamp_us(&self, cx: &Context<'_>) -> i64 {
        let Some(clock) = self.bounded_clock() else {
            return cx.wall_us;
        };
        let last = self.log.entries().last();
        let before_us = last.map_or(i64::MIN, |entry| entry.stamp_us);
        clock.commit_stamp(clock.now(cx.wall_us, cx.monotonic_us), before_us)
    }

    /// How much of what a majority has may be committed by a leader: all of it, or that
    /// whose stamps have certainly passed. For the rest it sets a timer each.
    pub(super) fn past(&mut self, cx: &mut Context<'_>, by_majority: u32) -> u32 {
        let Some(clock) = self.bounded_clock() else {
            return by_majority;
        };
        let now = clock.now(cx.wall_us, cx.monotonic_us);
        let mut past = self.commit;
        let has_passed = |place| {
            let entry = self.log.get(place);
            entry.is_some_and(|entry| now.is_after(entry.stamp_us))
        };
        while past < by_majority && has_passed(past) {
            past += 1;
        }
        for place in self.held_len.max(past)..by_majority {
            let Some(&entry) = self.log.get(place) else {
                break;
            };
            let wait_us = clock.commit_wait_us(entry.stamp_us, now);
            let mut cause = cx.cause;
            if entry.write.is_some() {
                let bound_us = clock.uncertainty_us(cx.monotonic_us);
                let in_fact = |us: u64| u32::try_from(us).unwrap_or(u32::MAX);
                let subjects = [entry.write.0, in_fact(wait_us), in_fact(bound_us)];
                let origin = HostId(u16::from(entry.origin));
                cause = cx.record(FactKind::CommitHeld, 0, origin, subjects);
            }
            self.holds += 1;
            let timer = Timer {
                kind: HOLD,
                tick: self.holds,
            };
            cx.set_timer(wait_us, timer, cause);
        }
        self.held_len = self.held_len.max(by_majority);
        past
    }

    /// Looks again whether stamps have passed: the clock may have been set back since a
    /// timer was.
    pub(super) fn look_at_stamps(&mut self, cx: &mut Context<'_>) {
        if self.settings.commit_wait_us.is_some() && self.commit < self.held_len {
            self.advance(cx);
        }
    }
}
