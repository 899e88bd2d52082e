//! Which writes have been seen, gaps included: a causal context.
//!
//! A vector for the writes of each origin without a gap, a sorted list (the *cloud*) for
//! those beyond one. Almeida, Shoker and Baquero, "Delta state replicated data types",
//! 2018, section 7.

use super::Dot;
use super::replicated::{Datum, Part};
use crate::clocks::VersionVector;

/// A set of dots.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DotContext {
    vector: VersionVector,
    cloud: Vec<Dot>,
}

impl DotContext {
    /// Whether a dot has been seen.
    pub fn contains(&self, dot: Dot) -> bool {
        dot.counter <= self.vector.get(dot.origin)
            || (!self.cloud.is_empty() && self.cloud.binary_search(&dot).is_ok())
    }

    /// Notes a dot as seen.
    pub fn insert(&mut self, dot: Dot) {
        if !self.contains(dot)
            && let Err(place) = self.cloud.binary_search(&dot)
        {
            self.cloud.insert(place, dot);
            self.compact();
        }
    }

    /// Notes every dot that another one has seen.
    pub fn merge(&mut self, other: &Self) {
        self.vector.merge(&other.vector);
        for &dot in &other.cloud {
            if let Err(place) = self.cloud.binary_search(&dot) {
                self.cloud.insert(place, dot);
            }
        }
        self.compact();
    }

    /// Moves into the vector what has no gap below it. The cloud is sorted, so
    /// one pass is enough.
    fn compact(&mut self) {
        let vector = &mut self.vector;
        self.cloud.retain(|dot| {
            if dot.counter == vector.get(dot.origin) + 1 {
                vector.set(dot.origin, dot.counter);
            }
            dot.counter > vector.get(dot.origin)
        });
    }

    /// The dot that the next write of an origin gets.
    pub fn next(&self, origin: u8) -> Dot {
        let seen = self.cloud.iter().filter(|dot| dot.origin == origin);
        let last = seen.map(|dot| dot.counter).max().unwrap_or(0);
        Dot {
            origin,
            counter: last.max(self.vector.get(origin)) + 1,
        }
    }

    /// How many writes of each origin have been seen without a gap.
    pub fn vector(&self) -> &VersionVector {
        &self.vector
    }

    /// The dots beyond a gap.
    pub fn cloud(&self) -> &[Dot] {
        &self.cloud
    }

    /// As a part of a state: the last write of each origin before a gap, and those beyond.
    pub fn part(&self) -> Part {
        let counts = (0_u8..).zip(self.vector.counts());
        let last = counts.filter(|(_, counter)| **counter > 0);
        let last = last.map(|(origin, &counter)| Dot { origin, counter });
        let dots = last.chain(self.cloud.iter().copied());
        Part::new("context", dots.map(|dot| vec![Datum::Dot(dot)]))
    }

    /// Its size on the wire in bytes: two lengths of a byte, counts of four, dots of five.
    pub fn bytes(&self) -> u32 {
        2 + 4 * self.vector.counts().len() as u32 + Dot::BYTES * self.cloud.len() as u32
    }
}

impl From<VersionVector> for DotContext {
    /// Everything that a vector counts.
    fn from(vector: VersionVector) -> Self {
        Self {
            vector,
            cloud: Vec::new(),
        }
    }
}

impl FromIterator<Dot> for DotContext {
    fn from_iter<I: IntoIterator<Item = Dot>>(dots: I) -> Self {
        let mut context = Self::default();
        dots.into_iter().for_each(|dot| context.insert(dot));
        context
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dot(origin: u8, counter: u32) -> Dot {
        Dot { origin, counter }
    }

    #[test]
    fn what_comes_out_of_order_ends_in_the_vector() {
        let mut context: DotContext = [dot(1, 3), dot(1, 2), dot(0, 1)].into_iter().collect();
        assert_eq!(context.cloud(), [dot(1, 2), dot(1, 3)]);
        assert!(!context.contains(dot(1, 1)) && context.contains(dot(1, 3)));
        assert_eq!(context.next(1), dot(1, 4));
        context.insert(dot(1, 1));
        assert_eq!(
            (context.vector().counts(), context.cloud().len()),
            ([1, 3].as_slice(), 0)
        );
    }

    #[test]
    fn merged_in_any_order_they_are_equal() {
        let left: DotContext = [dot(2, 1), dot(0, 2)].into_iter().collect();
        let right: DotContext = [dot(0, 1), dot(2, 3)].into_iter().collect();
        let (mut one, mut other) = (left.clone(), right.clone());
        one.merge(&right);
        other.merge(&left);
        assert_eq!(one, other);
        assert_eq!(one.cloud(), [dot(2, 3)]);
    }
}
