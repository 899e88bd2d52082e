//! Which of the operations under way have been put in order, a bit each.

/// A set of places below `64 * W`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mask<const W: usize>([u64; W]);

impl<const W: usize> Mask<W> {
    pub(super) const EMPTY: Self = Self([0; W]);

    pub(super) fn of(places: &[u32]) -> Self {
        let mut mask = Self::EMPTY;
        for &place in places {
            mask.set(place as usize);
        }
        mask
    }

    pub(super) fn set(&mut self, at: usize) {
        self.0[at / 64] |= 1 << (at % 64);
    }

    pub(super) fn clear(&mut self, at: usize) {
        self.0[at / 64] &= !(1 << (at % 64));
    }

    pub(super) fn has(&self, at: usize) -> bool {
        self.0[at / 64] >> (at % 64) & 1 == 1
    }

    fn zip(self, other: Self, of: impl Fn(u64, u64) -> u64) -> Self {
        let mut made = self;
        for (made, other) in made.0.iter_mut().zip(other.0) {
            *made = of(*made, other);
        }
        made
    }

    pub(super) fn and(self, other: Self) -> Self {
        self.zip(other, |a, b| a & b)
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.zip(other, |a, b| a | b)
    }

    pub(super) fn minus(self, other: Self) -> Self {
        self.zip(other, |a, b| a & !b)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|word| *word == 0)
    }

    /// Whether all of it is in the other.
    pub(super) fn within(self, other: Self) -> bool {
        self.minus(other).is_empty()
    }

    pub(super) fn count(&self) -> u32 {
        self.0.iter().map(|word| word.count_ones()).sum()
    }

    /// Mixes it into a hash: multiply and fold, a word at a time.
    pub(super) fn mix(&self, hash: u64) -> u64 {
        self.0.iter().fold(hash, |hash, word| fold(hash ^ word))
    }
}

/// The two halves of a product by a constant of no pattern, as in wyhash.
pub(super) fn fold(value: u64) -> u64 {
    let product = u128::from(value ^ 0xA076_1D64_78BD_642F) * 0xE703_7ED1_A0B4_28DB;
    (product >> 64) as u64 ^ product as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bits_are_kept_apart_over_all_words() {
        let mut mask = Mask::<3>::EMPTY;
        let places = [0, 1, 63, 64, 130, 191];
        for at in places {
            mask.set(at);
        }
        let held = (0..192).filter(|&at| mask.has(at));
        assert_eq!(held.collect::<Vec<_>>(), places);
        assert_eq!(mask.count(), 6);
        let all = mask;
        mask.clear(64);
        assert!(!mask.has(64) && mask.has(63));
        assert!(mask.within(all) && !all.within(mask));
    }
}
