//! Simulated time: an integer number of microseconds since the run began.

/// A moment of true time, in microseconds since the run began.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time(pub u64);

impl Time {
    /// The beginning of every run.
    pub const ZERO: Self = Self(0);
    /// The last moment that can be represented in a fact: 2^48 - 1 µs, almost nine years.
    pub const MAX: Self = Self((1 << 48) - 1);

    /// The moment `span_us` microseconds later, at most [`Time::MAX`].
    #[must_use]
    pub fn after(self, span_us: u64) -> Self {
        Self(self.0.saturating_add(span_us)).min(Self::MAX)
    }

    /// Microseconds since an earlier moment; zero if it is not earlier.
    pub fn since(self, earlier: Self) -> u64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The moment that many milliseconds after the beginning.
    pub const fn from_ms(ms: u64) -> Self {
        Self(ms * 1_000)
    }
}
