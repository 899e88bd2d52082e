//! Delays that were measured elsewhere: mixtures of Pareto and exponential
//! distributions, as published for production stores.
//!
//! Source: Bailis et al., "Probabilistically bounded staleness for practical partial
//! quorums", VLDB 2012, table 3.

use super::dice::{Dice, Purpose};

/// The longest delay that is drawn, in microseconds: a day. A Pareto tail has no end.
const LONGEST_US: f64 = 86_400_000_000.0;

/// One part of a mixture.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Shape {
    /// At least `scale_us`, and longer than `x` with probability `(scale_us / x)^shape`.
    Pareto {
        /// The least delay, in microseconds.
        scale_us: f64,
        /// The exponent: the smaller, the heavier the tail.
        shape: f64,
    },
    /// Longer than `x` with probability `exp(-x / mean_us)`.
    Exponential {
        /// The mean, in microseconds.
        mean_us: f64,
    },
}

impl Shape {
    fn at(self, uniform: f64) -> f64 {
        match self {
            Self::Pareto { scale_us, shape } => scale_us * libm::pow(uniform, -1.0 / shape),
            Self::Exponential { mean_us } => -libm::log(uniform) * mean_us,
        }
    }
}

/// Delays of which each is drawn from one of several distributions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mixture(Vec<(u32, Shape)>);

impl Mixture {
    /// A mixture of shapes with their shares in parts per million; what the shares
    /// lack of a whole falls to the last one.
    pub fn new(parts: Vec<(u32, Shape)>) -> Self {
        Self(parts)
    }

    /// A delay in microseconds, rounded at once; 0 for an empty mixture.
    pub fn sample_us(&self, dice: Dice, identity: u64) -> u64 {
        let mut left = dice.below(Purpose::Leg, identity, 1_000_000);
        let mut chosen = None;
        for &(share_ppm, shape) in &self.0 {
            chosen = Some(shape);
            if left < share_ppm {
                break;
            }
            left -= share_ppm;
        }
        let Some(shape) = chosen else {
            return 0;
        };
        let uniform = dice.uniform(Purpose::LegLength, identity);
        libm::round(shape.at(uniform).min(LONGEST_US)) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::dice;

    /// The share of ten thousand draws that are longer than this.
    fn longer(mixture: &Mixture, than_us: u64) -> u64 {
        let ids = (0..10_000).map(|id| dice::identity(3, id));
        let draws = ids.map(|id| mixture.sample_us(Dice::new(9), id));
        draws.filter(|&delay_us| delay_us > than_us).count() as u64
    }

    #[test]
    fn draws_follow_the_distribution() {
        let pareto = Shape::Pareto {
            scale_us: 1_050.0,
            shape: 1.51,
        };
        let pareto = Mixture::new(vec![(1_000_000, pareto)]);
        assert_eq!(longer(&pareto, 1_049), 10_000);
        // (1.05 / 2.1)^1.51 = 35.1 %
        assert!((3_380..3_640).contains(&longer(&pareto, 2_100)));
        let exponential = Shape::Exponential { mean_us: 5_000.0 };
        let exponential = Mixture::new(vec![(1_000_000, exponential)]);
        // e^-1 = 36.8 %
        assert!((3_540..3_820).contains(&longer(&exponential, 5_000)));
    }

    #[test]
    fn parts_come_at_their_shares() {
        let far = Shape::Pareto {
            scale_us: 100_000.0,
            shape: 5.0,
        };
        let near = Shape::Exponential { mean_us: 10.0 };
        let mixture = Mixture::new(vec![(250_000, far), (750_000, near)]);
        assert!((2_370..2_630).contains(&longer(&mixture, 50_000)));
        assert_eq!(Mixture::default().sample_us(Dice::new(1), 1), 0);
    }
}
