//! What a read of a register returns where several versions stand side by side.
//!
//! A value is one number. A single version is its own number. Of several the value says
//! how many different numbers there are, the least and the greatest:
//!
//! | bits | what |
//! |---|---|
//! | 31 | 1: several |
//! | 26 to 30 | how many different ones, at most 31 |
//! | 13 to 25 | the least, at most 8,191 |
//! | 0 to 12 | the greatest, at most 8,191 |
//!
//! What is beyond is shown as the most that fits; versions themselves hold it whole. So two
//! regions that hold the same versions show the same, and hardly ever the same for others.
//! Only services whose rule [keeps siblings](super::ConflictRule::keeps_siblings) have such
//! values; everywhere else a number with the highest bit is that number.

use crate::sim::node::Value;

/// The largest number that a single version can have.
pub const MOST: u32 = (1 << 31) - 1;

const SEVERAL: u32 = 1 << 31;
const COUNT_BITS: u32 = 5;
const NUMBER_BITS: u32 = 13;
const MOST_COUNT: u32 = (1 << COUNT_BITS) - 1;
const MOST_SHOWN: u32 = (1 << NUMBER_BITS) - 1;

/// What is shown of a register.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shown {
    /// One number.
    One(u32),
    /// Several.
    Several {
        /// How many different ones; those beyond 31 are not counted.
        count: u32,
        /// The least of them.
        least: u32,
        /// The greatest of them.
        greatest: u32,
    },
}

impl Shown {
    /// Of these numbers, or of `initial` where there are none.
    pub fn of(numbers: impl Iterator<Item = u32>, initial: Value) -> Self {
        let mut different: Vec<u32> = numbers.collect();
        different.sort_unstable();
        different.dedup();
        match different[..] {
            [] => Self::One(initial.0),
            [one] => Self::One(one),
            [least, .., greatest] => Self::Several {
                count: different.len() as u32,
                least,
                greatest,
            },
        }
    }

    /// As the value that a read returns.
    pub fn value(self) -> Value {
        match self {
            Self::One(number) => Value(number.min(MOST)),
            Self::Several {
                count,
                least,
                greatest,
            } => {
                let count = count.min(MOST_COUNT) << (2 * NUMBER_BITS);
                let least = least.min(MOST_SHOWN) << NUMBER_BITS;
                Value(SEVERAL | count | least | greatest.min(MOST_SHOWN))
            }
        }
    }

    /// What a value says.
    pub fn from_value(value: Value) -> Self {
        if value.0 & SEVERAL == 0 {
            return Self::One(value.0);
        }
        Self::Several {
            count: value.0 >> (2 * NUMBER_BITS) & MOST_COUNT,
            least: value.0 >> NUMBER_BITS & MOST_SHOWN,
            greatest: value.0 & MOST_SHOWN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(numbers: &[u32]) -> Shown {
        Shown::of(numbers.iter().copied(), Value(50))
    }

    #[test]
    fn what_is_shown_travels_as_a_value_and_comes_back() {
        for numbers in [&[][..], &[100], &[MOST], &[110, 100], &[7, 9, 8, 7, 8_191]] {
            let shown = of(numbers);
            assert_eq!(Shown::from_value(shown.value()), shown, "{numbers:?}");
        }
        assert_eq!(of(&[]), Shown::One(50));
        assert_eq!(of(&[100, 100]), Shown::One(100));
        let several = Shown::Several {
            count: 3,
            least: 90,
            greatest: 110,
        };
        assert_eq!(of(&[110, 90, 100, 90]), several);
    }

    #[test]
    fn what_does_not_fit_is_shown_as_the_most_that_does() {
        let many: Vec<u32> = (0..40).collect();
        let value = Shown::of(many.into_iter().chain([100_000]), Value(0)).value();
        let most = Shown::Several {
            count: 31,
            least: 0,
            greatest: 8_191,
        };
        assert_eq!(Shown::from_value(value), most);
        assert_eq!(of(&[u32::MAX]).value(), Value(MOST));
    }
}
