//! A time service: measuring by round trips how far a wall clock is off, and setting it.
//!
//! # What it does
//! A client asks a server what time it is and notes when the question left and the
//! answer came (t1, t4); the server notes when the question came and the answer left
//! (t2, t3). Supposing both ways equally long, the client is behind by
//! ((t2 - t1) + (t3 - t4)) / 2. Of its last eight measurements it believes the one with
//! the shortest round trip. A small offset is slewed away, a large one stepped.
//!
//! # Guarantees
//! The measured offset is wrong by half of the difference of the two ways, so by at
//! most half of the round trip. Slewing never turns a clock back.
//!
//! # Gives up
//! An asymmetric route cannot be seen from its ends. A step can turn a wall clock back;
//! while it is slewed, intervals are wrong by the rate. A server that lies is believed.
//!
//! # Cost
//! Two messages a measurement.
//!
//! # Source
//! RFC 5905: section 8 for the on-wire protocol (offset, delay, the test of the origin),
//! 10 for the filter of eight, 11.3 and appendix A.1 for the thresholds of 128 ms and
//! 1,000 s and the rate of 500 ppm. The filter of a real client also weighs dispersion,
//! and several servers are compared; here there is one.

use super::PhysicalClock;
use crate::sim::time::Time;

/// Measurements that are remembered.
const STAGES: usize = 8;

/// A question of what time it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeRequest {
    /// t1: when it left, by the client's wall clock, in microseconds.
    pub origin_us: i64,
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeReply {
    /// t1, as it was in the question.
    pub origin_us: i64,
    /// t2: when the question came, by the server's wall clock, in microseconds.
    pub received_us: i64,
    /// t3: when the answer left, by the same clock.
    pub sent_us: i64,
}

impl TimeReply {
    /// The answer of a server whose wall clock showed these when the question came and
    /// when the answer left.
    pub const fn to(request: TimeRequest, received_us: i64, sent_us: i64) -> Self {
        Self {
            origin_us: request.origin_us,
            received_us,
            sent_us,
        }
    }
}

/// One measurement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How far the server's wall clock is ahead of the client's, in microseconds.
    pub offset_us: i64,
    /// The round trip without the server's own time, in microseconds.
    pub delay_us: u64,
}

impl Sample {
    /// What a round trip tells; none if an answer came before its question left, or
    /// took longer at the server than the whole trip: then a clock was set meanwhile.
    pub fn of(reply: &TimeReply, arrived_us: i64) -> Option<Self> {
        let there_us = reply.received_us.checked_sub(reply.origin_us)?;
        let back_us = reply.sent_us.checked_sub(arrived_us)?;
        let whole_us = arrived_us.checked_sub(reply.origin_us)?;
        let server_us = reply.sent_us.checked_sub(reply.received_us)?;
        let delay_us = whole_us.checked_sub(server_us)?;
        if server_us < 0 || delay_us < 0 {
            return None;
        }
        Some(Self {
            offset_us: there_us.checked_add(back_us)?.div_euclid(2),
            delay_us: delay_us as u64,
        })
    }

    /// How wrong the offset can be, in microseconds: half of the round trip, and one for
    /// rounding.
    pub const fn error_us(&self) -> u64 {
        self.delay_us / 2 + 1
    }
}

/// When a wall clock is stepped and how fast it is slewed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Discipline {
    /// From this offset on it is stepped, in microseconds.
    pub step_from_us: u64,
    /// Beyond this offset it is left alone: somebody has to look, in microseconds.
    pub panic_from_us: u64,
    /// How much faster or slower it runs while it is slewed, in parts per million.
    pub slew_ppm: u32,
}

impl Default for Discipline {
    /// That of RFC 5905: 128 ms, 1,000 s, 500 ppm.
    fn default() -> Self {
        Self {
            step_from_us: 128_000,
            panic_from_us: 1_000_000_000,
            slew_ppm: 500,
        }
    }
}

/// What is to be done with the wall clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Correction {
    /// Nothing: no measurement is better than the one that was acted on.
    Keep,
    /// Set it forward, or back, at once.
    Step {
        /// By this much, in microseconds.
        by_us: i64,
    },
    /// Let it run faster, or slower, for a while.
    Slew {
        /// By this much, in parts per million; negative is slower.
        rate_ppm: i32,
        /// For so long by the corrected clock, in microseconds.
        span_us: u64,
    },
}

impl Correction {
    /// Begins it: a step is done with that.
    pub fn begin(self, clock: &mut PhysicalClock, now: Time) {
        let (offset_us, drift_ppm) = (clock.offset_us(now), clock.drift_ppm());
        match self {
            Self::Keep => {}
            Self::Step { by_us } => clock.step(now, offset_us.saturating_add(by_us), drift_ppm),
            Self::Slew { rate_ppm, .. } => {
                clock.step(now, offset_us, drift_ppm.saturating_add(rate_ppm));
            }
        }
    }

    /// Ends a slew, when its span has passed.
    pub fn end(self, clock: &mut PhysicalClock, now: Time) {
        if let Self::Slew { rate_ppm, .. } = self {
            let drift_ppm = clock.drift_ppm().saturating_sub(rate_ppm);
            clock.step(now, clock.offset_us(now), drift_ppm);
        }
    }
}

/// Why an answer was not used. The question is answered by none of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// It answers no question that is open: late, repeated, or forged.
    #[error("the reply has the origin {origin_us} µs, which no open request has")]
    Bogus {
        /// What it claims to answer, in microseconds.
        origin_us: i64,
    },
    /// Its times contradict each other.
    #[error("the four times of the round trip contradict each other")]
    Inconsistent,
    /// The clock is off by more than a machine should set right.
    #[error("the clock is off by {offset_us} µs, more than the {limit_us} µs that are set right")]
    Panic {
        /// By how much, in microseconds.
        offset_us: i64,
        /// What is allowed, in microseconds.
        limit_us: u64,
    },
}

/// The client's side of the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeClient {
    discipline: Discipline,
    /// t1 of the question that is open.
    open: Option<i64>,
    samples: [Option<Sample>; STAGES],
    next: u8,
    latest: Option<Sample>,
}

impl TimeClient {
    /// A client that has measured nothing yet.
    pub const fn new(discipline: Discipline) -> Self {
        Self {
            discipline,
            open: None,
            samples: [None; STAGES],
            next: 0,
            latest: None,
        }
    }

    /// Asks, at this reading of the wall clock. An earlier question that nobody
    /// answered is given up.
    pub fn ask(&mut self, wall_us: i64) -> TimeRequest {
        self.open = Some(wall_us);
        TimeRequest { origin_us: wall_us }
    }

    /// The last measurement, as it was before any correction.
    pub fn latest(&self) -> Option<Sample> {
        self.latest
    }

    /// The measurement that is believed: the one with the shortest round trip.
    pub fn best(&self) -> Option<Sample> {
        let held = self.samples.iter().flatten();
        held.min_by_key(|sample| sample.delay_us).copied()
    }

    /// Takes an answer that came at this reading of the wall clock, and says what to do
    /// with the clock. It is taken as done: what was measured before is corrected too.
    ///
    /// # Errors
    /// [`Unusable`].
    pub fn on_reply(&mut self, reply: &TimeReply, wall_us: i64) -> Result<Correction, Unusable> {
        let origin_us = reply.origin_us;
        if self.open != Some(origin_us) {
            return Err(Unusable::Bogus { origin_us });
        }
        self.open = None;
        let sample = Sample::of(reply, wall_us).ok_or(Unusable::Inconsistent)?;
        let limit_us = self.discipline.panic_from_us;
        if sample.offset_us.unsigned_abs() > limit_us {
            let offset_us = sample.offset_us;
            return Err(Unusable::Panic {
                offset_us,
                limit_us,
            });
        }
        self.latest = Some(sample);
        self.samples[self.next as usize] = Some(sample);
        self.next = (self.next + 1) % STAGES as u8;
        let offset_us = self.best().map_or(0, |best| best.offset_us);
        if offset_us == 0 {
            return Ok(Correction::Keep);
        }
        for held in self.samples.iter_mut().flatten() {
            held.offset_us -= offset_us;
        }
        Ok(self.discipline.correction(offset_us))
    }

    /// The wall clock was set by somebody else, or slewing was cut short: nothing that
    /// was measured holds any more.
    pub fn forget(&mut self) {
        *self = Self::new(self.discipline);
    }
}

impl Discipline {
    /// What is done about an offset.
    pub fn correction(&self, offset_us: i64) -> Correction {
        let size_us = offset_us.unsigned_abs();
        // A clock that is slewed back by all its rate would stand still.
        let slew_ppm = self.slew_ppm.min(999_999);
        if size_us == 0 {
            Correction::Keep
        } else if size_us >= self.step_from_us || slew_ppm == 0 {
            Correction::Step { by_us: offset_us }
        } else {
            let rate_ppm = slew_ppm as i32 * offset_us.signum() as i32;
            // So much true time at this rate makes up for the offset; the corrected
            // clock counts more, or less, of it.
            let counted_ppm = (1_000_000 + i64::from(rate_ppm)) as u64;
            let rate = u64::from(slew_ppm);
            let span_us = size_us / rate * counted_ppm + size_us % rate * counted_ppm / rate;
            Correction::Slew { rate_ppm, span_us }
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
#[path = "time_service_tests.rs"]
mod tests;
