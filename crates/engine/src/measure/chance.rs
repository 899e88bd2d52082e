//! Numbers from a seed, for schedules of faults: they decide what happens in a run and
//! when, and nothing inside it.

use crate::sim::dice::mix;

/// A stream of numbers.
#[derive(Clone, Copy, Debug)]
pub struct Chance(u64);

impl Chance {
    /// The stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number from 0 to `n - 1`; `n` is above 0.
    pub const fn below(&mut self, n: u64) -> u64 {
        self.0 = mix(self.0.wrapping_add(0x9E37_79B9_7F4A_7C15));
        self.0 % n
    }
}
