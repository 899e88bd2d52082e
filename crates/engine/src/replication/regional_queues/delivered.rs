//! Which updates of an origin were delivered.

use splitbrain_sorted::Map;

/// Their sequences: all up to one, and some beyond.
#[derive(Clone, Debug, Default)]
pub(super) struct Delivered {
    contiguous: u32,
    ahead: Map<u32, ()>,
}

impl Delivered {
    /// Whether this one was.
    pub(super) fn has(&self, sequence: u32) -> bool {
        sequence <= self.contiguous || self.ahead.contains_key(&sequence)
    }

    /// This one is.
    pub(super) fn insert(&mut self, sequence: u32) {
        if sequence > self.contiguous {
            self.ahead.insert(sequence, ());
        }
        while self.ahead.remove(&(self.contiguous + 1)).is_some() {
            self.contiguous += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sequences_that_follow_each_other_are_kept_as_one_number() {
        let mut delivered = Delivered::default();
        for sequence in [1, 4, 3, 4, 1] {
            delivered.insert(sequence);
        }
        let has: Vec<bool> = (1..6).map(|sequence| delivered.has(sequence)).collect();
        assert_eq!(has, [true, false, true, true, false]);
        delivered.insert(2);
        assert_eq!((delivered.contiguous, delivered.ahead.len()), (4, 0));
    }
}
