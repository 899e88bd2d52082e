//! Numbers that only grow, by key: what counters are made of.

/// The number under each key; 0 where there is none. Sorted by key, none of them 0.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals<K>(Vec<(K, u32)>);

impl<K> Default for Totals<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Ord> Totals<K> {
    /// The number under a key.
    pub fn get(&self, key: K) -> u32 {
        self.find(key).map_or(0, |place| self.0[place].1)
    }

    fn find(&self, key: K) -> Result<usize, usize> {
        self.0.binary_search_by_key(&key, |entry| entry.0)
    }

    /// Sets the number under a key.
    pub fn set(&mut self, key: K, total: u32) {
        match self.find(key) {
            Ok(place) if total == 0 => _ = self.0.remove(place),
            Ok(place) => self.0[place].1 = total,
            Err(_) if total == 0 => {}
            Err(place) => self.0.insert(place, (key, total)),
        }
    }

    /// What a number would be after this much more, unless it is too large for one.
    pub fn raised(&self, key: K, by: u32) -> Option<u32> {
        self.get(key).checked_add(by)
    }

    /// Adds to a number. What cannot be told apart from more is the largest there is:
    /// [`Self::raised`] says beforehand.
    pub fn add(&mut self, key: K, by: u32) {
        self.set(key, self.get(key).saturating_add(by));
    }

    /// Takes the larger number of both, under each key.
    pub fn merge(&mut self, other: &Self) {
        let mut at = 0;
        for &(key, total) in &other.0 {
            while self.0.get(at).is_some_and(|entry| entry.0 < key) {
                at += 1;
            }
            match self.0.get_mut(at) {
                Some(entry) if entry.0 == key => entry.1 = entry.1.max(total),
                _ => self.0.insert(at, (key, total)),
            }
        }
    }

    /// Keys and numbers, in the order of the keys.
    pub fn iter(&self) -> impl Iterator<Item = (K, u32)> + '_ {
        self.0.iter().copied()
    }

    /// All numbers together.
    pub fn sum(&self) -> i64 {
        self.0.iter().map(|entry| i64::from(entry.1)).sum()
    }

    /// A part of it: one number under its key.
    #[must_use]
    pub fn only(&self, key: K) -> Self {
        let mut only = Self::default();
        only.set(key, self.get(key));
        only
    }

    /// Its size on the wire in bytes, a length of one byte and numbers of four.
    pub fn bytes(&self, key_bytes: u32) -> u32 {
        1 + (key_bytes + 4) * self.0.len() as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_takes_the_larger_number_under_each_key() {
        let (mut left, mut right) = (Totals::default(), Totals::default());
        for (key, total) in [(1_u8, 5), (3, 1), (9, 2)] {
            left.set(key, total);
        }
        for (key, total) in [(0_u8, 7), (3, 4), (9, 1), (12, 6)] {
            right.set(key, total);
        }
        left.merge(&right);
        let all: Vec<(u8, u32)> = left.iter().collect();
        assert_eq!(all, [(0, 7), (1, 5), (3, 4), (9, 2), (12, 6)]);
        assert_eq!(left.sum(), 24);
    }

    #[test]
    fn a_number_of_zero_is_no_number() {
        let mut totals = Totals::default();
        totals.set(1_u8, 0);
        assert_eq!(totals, Totals::default());
        totals.set(1, 3);
        totals.set(1, 0);
        assert_eq!(totals, Totals::default());
        totals.set(1, u32::MAX);
        assert_eq!(totals.raised(1, 1), None);
    }
}
