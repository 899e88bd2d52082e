//! The two physical clocks of a host.
//!
//! The wall clock has an offset and a drift and can be stepped; stamps come from
//! it. The monotonic clock has the same drift but is never stepped; timers and
//! leases use it. Real systems also have leap seconds and virtual machines that
//! pause both clocks.

use super::facts::{ClockInfo, Tells};
use crate::policy::Cost;
use crate::sim::time::Time;

/// What the list says of it.
pub const INFO: ClockInfo = ClockInfo {
    id: "wall_clock",
    keeps: &[Tells::Time],
    gives_up: &[
        Tells::Order,
        Tells::Concurrency,
        Tells::ClientsOfOneServer,
        Tells::Uncertainty,
        Tells::RealTimeOrder,
    ],
    costs: &[Cost::StampPerValue],
    sources: &[],
};

/// The clocks of one host, as functions of true time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PhysicalClock {
    /// How far the wall clock was ahead of true time at `since`, in microseconds.
    offset_us: i64,
    /// How much faster than true time both clocks run, in parts per million.
    drift_ppm: i32,
    /// The last moment at which offset or drift was changed.
    since: Time,
    /// The monotonic reading at `since`, in microseconds.
    monotonic_us: u64,
}

impl PhysicalClock {
    /// Clocks that start at true time zero with this offset and drift.
    pub fn new(offset_us: i64, drift_ppm: i32) -> Self {
        Self {
            offset_us,
            drift_ppm,
            since: Time::ZERO,
            monotonic_us: 0,
        }
    }

    fn gained_us(&self, now: Time) -> i64 {
        now.since(self.since) as i64 * i64::from(self.drift_ppm) / 1_000_000
    }

    /// How far the wall clock is ahead of true time, in microseconds.
    pub fn offset_us(&self, now: Time) -> i64 {
        self.offset_us + self.gained_us(now)
    }

    /// How much faster than true time the clocks run, in parts per million.
    pub fn drift_ppm(&self) -> i32 {
        self.drift_ppm
    }

    /// What the wall clock shows, in microseconds; it may show a time before the
    /// run began.
    pub fn wall_us(&self, now: Time) -> i64 {
        now.0 as i64 + self.offset_us(now)
    }

    /// What the monotonic clock shows, in microseconds.
    pub fn monotonic_us(&self, now: Time) -> u64 {
        (self.monotonic_us + now.since(self.since)).saturating_add_signed(self.gained_us(now))
    }

    /// Steps the wall clock to this offset from true time and sets the drift.
    pub fn step(&mut self, now: Time, offset_us: i64, drift_ppm: i32) {
        self.monotonic_us = self.monotonic_us(now);
        self.since = now;
        self.offset_us = offset_us;
        self.drift_ppm = drift_ppm;
    }

    /// How much true time passes while the monotonic clock counts `local_us`,
    /// at least one microsecond.
    pub fn true_span_us(&self, local_us: u64) -> u64 {
        let rate = (1_000_000 + i64::from(self.drift_ppm)).max(1) as u64;
        // In two parts, since WebAssembly has no division of 128 bits.
        let (whole, rest) = (local_us / rate, local_us % rate);
        let span_us = whole.wrapping_mul(1_000_000);
        span_us.wrapping_add(rest * 1_000_000 / rate).max(1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stepping_the_wall_clock_leaves_the_monotonic_clock_alone() {
        let mut clock = PhysicalClock::new(5_000, 100);
        let noon = Time::from_ms(10_000);
        assert_eq!(clock.wall_us(noon), 10_000_000 + 5_000 + 1_000);
        let before = clock.monotonic_us(noon);
        clock.step(noon, -3_000_000, 0);
        assert_eq!(clock.wall_us(noon), 7_000_000);
        assert_eq!(clock.monotonic_us(noon), before);
        assert_eq!(clock.monotonic_us(noon.after(500)), before + 500);
    }

    #[test]
    fn a_span_is_exact_to_the_microsecond_at_any_drift() {
        for drift_ppm in [
            -1_000_000,
            -999_999,
            -250,
            0,
            1,
            77,
            250,
            1_000_000,
            i32::MAX,
        ] {
            let rate = (1_000_000 + i128::from(drift_ppm)).max(1);
            for local_us in [0, 1, 999, 1_000_000, 2_345_678_901, 1 << 43] {
                let exact = (i128::from(local_us) * 1_000_000 / rate).max(1);
                let span_us = PhysicalClock::new(0, drift_ppm).true_span_us(local_us);
                assert_eq!(i128::from(span_us), exact, "{drift_ppm} {local_us}");
            }
        }
    }

    #[test]
    fn a_fast_clock_finishes_a_timer_early() {
        assert_eq!(PhysicalClock::new(0, 0).true_span_us(1_000_000), 1_000_000);
        assert_eq!(
            PhysicalClock::new(0, 1_000_000).true_span_us(1_000_000),
            500_000
        );
        assert!(PhysicalClock::new(0, -1_000).true_span_us(1_000_000) > 1_000_000);
    }
}
