//! Chance without a stream: a draw is a hash of the seed, of what it is for, and
//! of the stable identity of the thing it is drawn for.
//!
//! One more write in a branch therefore shifts nobody else's dice, and two
//! designs under one seed see the same weather. The mixing function is the
//! finaliser of `SplitMix64` (Steele, Lea and Flood, "Fast splittable
//! pseudorandom number generators", OOPSLA 2014, with Vigna's constants). It is
//! ours because seeded results sit in links for years: nothing may change under
//! them.

/// What a draw decides. The numbers are part of every seeded result: append only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u64)]
pub enum Purpose {
    /// How much longer than its base a message takes.
    Jitter = 1,
    /// Whether a message is lost.
    Loss = 2,
    /// Whether a message arrives twice.
    Duplicate = 3,
    /// Whether a message is held back so that later ones overtake it.
    Reorder = 4,
    /// How long a customer waits before the next operation.
    Think = 5,
    /// What a customer does next.
    Choice = 6,
    /// Which item, amount or price a customer chooses.
    Argument = 7,
    /// How long a client waits before it tries again.
    Backoff = 8,
    /// How far a host's wall clock is off at the start.
    ClockOffset = 9,
    /// How fast a host's clocks run.
    ClockDrift = 10,
    /// How long a payment gateway works on a charge.
    Processing = 11,
    /// When a periodic task first runs.
    Phase = 12,
    /// Which part of a mixture of delays a message's delay is drawn from.
    Leg = 13,
    /// The delay drawn from that part.
    LegLength = 14,
    /// How long a follower waits before it asks for votes.
    Election = 15,
}

const GOLDEN_GAMMA: u64 = 0x9E37_79B9_7F4A_7C15;

/// The finaliser of `SplitMix64`: a bijection that spreads every input bit.
pub const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    word ^ (word >> 31)
}

/// A stable identity made of a parent's and of what sets this child apart.
pub const fn identity(parent: u64, child: u64) -> u64 {
    mix(parent.wrapping_add(GOLDEN_GAMMA) ^ mix(child.wrapping_add(GOLDEN_GAMMA)))
}

/// The dice of one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dice {
    seed: u64,
}

impl Dice {
    /// Dice for a seed. Equal seeds, equal draws, for ever.
    pub const fn new(seed: u64) -> Self {
        Self { seed }
    }

    /// 64 evenly distributed bits for one purpose and one identity.
    pub const fn draw(self, purpose: Purpose, identity: u64) -> u64 {
        let keyed = mix(self
            .seed
            .wrapping_add(GOLDEN_GAMMA.wrapping_mul(purpose as u64)));
        mix((keyed ^ identity).wrapping_add(GOLDEN_GAMMA))
    }

    /// A number from 0 to `n - 1`; 0 if `n` is 0. Lemire's multiply-shift
    /// ("Fast random integer generation in an interval", 2019) without the
    /// rejection step, whose bias is below 2^-32 for every `n` used here.
    pub const fn below(self, purpose: Purpose, identity: u64, n: u32) -> u32 {
        ((self.draw(purpose, identity) as u128 * n as u128) >> 64) as u32
    }

    /// True with a probability given in parts per million.
    pub const fn chance(self, purpose: Purpose, identity: u64, ppm: u32) -> bool {
        ppm != 0 && self.below(purpose, identity, 1_000_000) < ppm
    }

    /// Evenly distributed above 0 and up to 1, in steps of 2^-53.
    pub fn uniform(self, purpose: Purpose, identity: u64) -> f64 {
        let bits = self.draw(purpose, identity) >> 11;
        (bits as f64 + 1.0) / (1u64 << 53) as f64
    }

    /// Exponentially distributed with this mean, both in microseconds, rounded
    /// at once so that nothing else ever sees a fraction. At most 36 times the
    /// mean, because a draw has 53 significant bits.
    pub fn exponential_us(self, purpose: Purpose, identity: u64, mean_us: u64) -> u64 {
        let uniform = self.uniform(purpose, identity);
        libm::round(-libm::log(uniform) * mean_us as f64) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_mixing_function_gives_the_published_vectors() {
        // Vigna's splitmix64.c from seed 1234567, as quoted by Rosetta Code.
        let expected = [
            6_457_827_717_110_365_317,
            3_203_168_211_198_807_973,
            9_817_491_932_198_370_423,
            4_593_380_528_125_082_431,
            16_408_922_859_458_223_821,
        ];
        let mut state = 1_234_567_u64;
        for value in expected {
            state = state.wrapping_add(GOLDEN_GAMMA);
            assert_eq!(mix(state), value);
        }
    }

    #[test]
    fn a_draw_depends_on_seed_purpose_and_identity_only() {
        let dice = Dice::new(7);
        assert_eq!(
            dice.draw(Purpose::Loss, 1),
            Dice::new(7).draw(Purpose::Loss, 1)
        );
        assert_ne!(dice.draw(Purpose::Loss, 1), dice.draw(Purpose::Jitter, 1));
        assert_ne!(dice.draw(Purpose::Loss, 1), dice.draw(Purpose::Loss, 2));
        assert_ne!(
            dice.draw(Purpose::Loss, 1),
            Dice::new(8).draw(Purpose::Loss, 1)
        );
    }

    #[test]
    fn draws_are_even_enough_to_teach_with() {
        let dice = Dice::new(42);
        let hits = (0..100_000)
            .filter(|&id| dice.chance(Purpose::Loss, identity(0, id), 100_000))
            .count();
        assert!((9_600..10_400).contains(&hits), "{hits}");
        let sum: u64 = (0..100_000)
            .map(|id| dice.exponential_us(Purpose::Jitter, identity(0, id), 1_000))
            .sum();
        assert!((98_000_000..102_000_000).contains(&sum), "{sum}");
    }
}
