//! A clock that knows how wrong it may be, and waits it out.
//!
//! # What it does
//! Reading it gives an interval that holds true time: the wall clock plus and minus a
//! bound, which grows with drift since the clock was last set. A transaction takes the
//! latest possible moment as its stamp and becomes visible only when that moment has
//! certainly passed: commit wait.
//!
//! # Guarantees
//! While true time is inside the interval: a transaction that begins after another has
//! finished its commit wait, wherever, has the larger stamp (external consistency).
//!
//! # Gives up
//! Latency: about twice the bound for every commit. Everything, in silence, once a
//! clock is outside its bound: it cannot know that.
//!
//! # Cost
//! No metadata; hardware and operations that make the bound small and true.
//!
//! # Source
//! Corbett et al., "Spanner: Google's globally distributed database", 2012: section 3
//! for `TrueTime` and its bound, 4.1.2 for the start and commit wait rules.

use super::facts::{ClockInfo, Tells};
use crate::policy::Cost;

/// What the list says of it.
pub const INFO: ClockInfo = ClockInfo {
    id: "bounded_clock",
    keeps: &[
        Tells::Order,
        Tells::Time,
        Tells::Uncertainty,
        Tells::RealTimeOrder,
    ],
    gives_up: &[Tells::Concurrency, Tells::ClientsOfOneServer],
    costs: &[Cost::StampPerValue, Cost::WaitsOutUncertainty],
    sources: &["Corbett et al., Spanner: Google's globally distributed database, 2012"],
};

/// An interval of true time, in microseconds of wall time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// True time is not before this.
    pub earliest_us: i64,
    /// Nor after this.
    pub latest_us: i64,
}

impl Interval {
    /// Whether this moment has certainly passed (`TT.after`).
    pub const fn is_after(&self, moment_us: i64) -> bool {
        self.earliest_us > moment_us
    }

    /// Whether this moment has certainly not come (`TT.before`).
    pub const fn is_before(&self, moment_us: i64) -> bool {
        self.latest_us < moment_us
    }
}

/// The interval clock of one node.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BoundedClock {
    /// How wrong the wall clock may be just after it was set, in microseconds.
    base_us: u32,
    /// How fast it may go wrong from then on, in parts per million.
    drift_ppm: u32,
    /// The monotonic reading when it was last set, in microseconds.
    set_at_us: u64,
}

/// The most drift that can be stated, in parts per million: with more, the earliest
/// moment would hardly move and a commit wait would not end.
pub const MAX_DRIFT_PPM: u32 = 500_000;

impl BoundedClock {
    /// A clock that was just set and may be wrong by `base_us`, and by `drift_ppm`
    /// microseconds more a second, at most [`MAX_DRIFT_PPM`]. Spanner assumes 200 ppm
    /// and sets clocks every 30 seconds, for a bound of 1 to 7 ms.
    pub const fn new(base_us: u32, drift_ppm: u32, monotonic_us: u64) -> Self {
        let drift_ppm = if drift_ppm > MAX_DRIFT_PPM {
            MAX_DRIFT_PPM
        } else {
            drift_ppm
        };
        Self {
            base_us,
            drift_ppm,
            set_at_us: monotonic_us,
        }
    }

    /// The wall clock was set by a time service that vouches for `base_us`.
    pub fn was_set(&mut self, base_us: u32, monotonic_us: u64) {
        self.base_us = base_us;
        self.set_at_us = monotonic_us;
    }

    /// How wrong the wall clock may be now, in microseconds.
    pub fn uncertainty_us(&self, monotonic_us: u64) -> u64 {
        let ago_us = monotonic_us.saturating_sub(self.set_at_us);
        let (seconds, rest_us) = (ago_us / 1_000_000, ago_us % 1_000_000);
        let drift_ppm = u64::from(self.drift_ppm);
        let drifted_us =
            seconds.saturating_mul(drift_ppm) + (rest_us * drift_ppm).div_ceil(1_000_000);
        u64::from(self.base_us).saturating_add(drifted_us)
    }

    /// What can be said of true time (`TT.now`), from both clocks of the node.
    pub fn now(&self, wall_us: i64, monotonic_us: u64) -> Interval {
        let bound_us = self.uncertainty_us(monotonic_us);
        Interval {
            earliest_us: wall_us.saturating_sub_unsigned(bound_us),
            latest_us: wall_us.saturating_add_unsigned(bound_us),
        }
    }

    /// The stamp of a commit: the latest moment that it may be now, and later than
    /// `not_before_us`, the largest stamp given or seen here so far.
    pub fn commit_stamp(&self, now: Interval, not_before_us: i64) -> i64 {
        now.latest_us.max(not_before_us.saturating_add(1))
    }

    /// How long, by the node's own clocks, until a stamp has certainly passed, in
    /// microseconds; 0 if it has. If the clock is set meanwhile, ask again.
    pub fn commit_wait_us(&self, stamp_us: i64, now: Interval) -> u64 {
        if now.is_after(stamp_us) {
            return 0;
        }
        let behind_us = (i128::from(stamp_us) - i128::from(now.earliest_us) + 1) as u64;
        // While the wall clock moves on by a second, the bound grows too. What rounding
        // up of both may be short of, one microsecond more makes up for.
        let pace_ppm = 1_000_000 - u64::from(self.drift_ppm);
        let whole_us = (behind_us / pace_ppm).saturating_mul(1_000_000);
        let rest_us = (behind_us % pace_ppm * 1_000_000).div_ceil(pace_ppm);
        whole_us
            .saturating_add(rest_us)
            .saturating_add(u64::from(self.drift_ppm > 0) * 2)
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::clocks::PhysicalClock;
    use crate::sim::time::Time;
    use proptest::prelude::*;

    #[test]
    fn a_commit_waits_about_twice_the_bound() {
        let clock = BoundedClock::new(4_000, 0, 0);
        let now = clock.now(1_000_000, 1_000_000);
        assert_eq!((now.earliest_us, now.latest_us), (996_000, 1_004_000));
        let stamp_us = clock.commit_stamp(now, 0);
        assert_eq!(clock.commit_wait_us(stamp_us, now), 8_001);
        let later = clock.now(1_008_000, 1_008_000);
        assert!(!later.is_after(stamp_us));
        assert!(clock.now(1_008_001, 1_008_001).is_after(stamp_us));
        assert_eq!(clock.commit_stamp(now, 2_000_000), 2_000_001);
    }

    #[test]
    fn the_bound_grows_between_two_settings_as_a_saw() {
        let mut clock = BoundedClock::new(1_000, 200, 0);
        assert_eq!(clock.uncertainty_us(0), 1_000);
        assert_eq!(clock.uncertainty_us(30_000_000), 7_000);
        clock.was_set(1_000, 30_000_000);
        assert_eq!(clock.uncertainty_us(30_000_000), 1_000);
        assert_eq!(
            clock.uncertainty_us(30_000_001),
            1_001,
            "never rounded down"
        );
        assert_eq!(
            BoundedClock::new(1, u32::MAX, 0).uncertainty_us(2_000_000),
            1_000_001
        );
        let for_ever = BoundedClock::new(u32::MAX, u32::MAX, 0).now(i64::MIN, u64::MAX);
        assert_eq!(for_ever.earliest_us, i64::MIN);
    }

    #[test]
    fn beyond_its_bound_a_clock_gives_a_later_transaction_the_smaller_stamp() {
        let said = BoundedClock::new(1_000, 0, 0);
        let (fast, slow) = (PhysicalClock::new(3_000, 0), PhysicalClock::new(0, 0));
        let at = Time::from_ms(1_000);
        let now = said.now(fast.wall_us(at), fast.monotonic_us(at));
        let first = said.commit_stamp(now, 0);
        let done = at.after(said.commit_wait_us(first, now));
        let begun = done.after(1);
        let now = said.now(slow.wall_us(begun), slow.monotonic_us(begun));
        assert!(said.commit_stamp(now, 0) < first, "3 ms off, 1 ms allowed");
    }

    proptest! {
        /// Clocks that are off by at most the bound, drift included; the second
        /// transaction begins at another node once the first has waited.
        #[test]
        fn within_the_bound_who_begins_after_a_commit_has_the_larger_stamp(
            offsets_us in [-900_i64..=900, -900..=900],
            drifts_ppm in [-200_i32..=200, -200..=200],
            base_us in 900_u32..5_000,
            at_us in 0_u64..40_000_000,
            pause_us in 0_u64..3,
        ) {
            let physical = [0, 1].map(|n| PhysicalClock::new(offsets_us[n], drifts_ppm[n]));
            // Against its own clock, which may be slow, a node assumes a little more.
            let said = BoundedClock::new(base_us, 201, 0);
            let read = |n: usize, at: Time| {
                said.now(physical[n].wall_us(at), physical[n].monotonic_us(at))
            };
            let at = Time(at_us);
            let interval = read(0, at);
            prop_assert!((interval.earliest_us..=interval.latest_us).contains(&(at_us as i64)));
            let first_us = said.commit_stamp(interval, 0);
            let wait_us = said.commit_wait_us(first_us, interval);
            let done = at.after(physical[0].true_span_us(wait_us) + 1);
            prop_assert!(read(0, done).is_after(first_us), "it waits long enough");
            prop_assert!(done.0 as i64 > first_us, "true time has passed the stamp");
            let short = at.after(physical[0].true_span_us(wait_us.saturating_sub(8)).saturating_sub(1));
            prop_assert!(!read(0, short).is_after(first_us), "and no longer");
            let second_us = said.commit_stamp(read(1, done.after(pause_us)), 0);
            prop_assert!(first_us < second_us);
        }
    }
}
