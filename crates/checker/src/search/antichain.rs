//! The configurations worth keeping: none that another is at least as good as.

use super::mask::{Mask, fold};
use crate::models::State;

/// A way things may stand: which of the operations under way have been put in order, and
/// the state that the order so far leaves.
#[derive(Debug, Clone, Copy)]
pub(super) struct Configuration<const W: usize> {
    pub(super) done: Mask<W>,
    pub(super) state: State,
}

/// What a bit of a configuration is worth.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worth<const W: usize> {
    /// The more of these are done the better: they are due, and having them done costs
    /// nothing later.
    pub(super) good: Mask<W>,
    /// The fewer of these are done the better: they need never be, and may be of use.
    pub(super) spare: Mask<W>,
}

/// Configurations none of which dominates another.
///
/// A hash table with chains, cleared by counting up: a new search step costs nothing for
/// the entries of the one before.
#[derive(Debug)]
pub(super) struct Antichain<const W: usize> {
    heads: Vec<(u32, u32)>,
    round: u32,
    entries: Vec<Entry<W>>,
    live: usize,
}

#[derive(Debug, Clone, Copy)]
struct Entry<const W: usize> {
    configuration: Configuration<W>,
    key: Mask<W>,
    next: u32,
    dead: bool,
}

const END: u32 = u32::MAX;

impl<const W: usize> Antichain<W> {
    pub(super) fn new() -> Self {
        Self {
            heads: vec![(0, END); 64],
            round: 1,
            entries: Vec::new(),
            live: 0,
        }
    }

    pub(super) fn clear(&mut self) {
        self.round += 1;
        self.entries.clear();
        self.live = 0;
    }

    /// How many are worth keeping.
    pub(super) fn len(&self) -> usize {
        self.live
    }

    /// How many were ever taken in: the places that [`Self::get`] knows.
    pub(super) fn taken(&self) -> usize {
        self.entries.len()
    }

    /// The one at this place; none where a better one has come since.
    pub(super) fn get(&self, at: usize) -> Option<Configuration<W>> {
        let entry = &self.entries[at];
        (!entry.dead).then_some(entry.configuration)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = Configuration<W>> {
        let live = self.entries.iter().filter(|entry| !entry.dead);
        live.map(|entry| entry.configuration)
    }

    fn slot(&self, key: &Mask<W>, state: State) -> usize {
        key.mix(fold(state)) as usize & (self.heads.len() - 1)
    }

    fn grow(&mut self) {
        self.heads = vec![(0, END); self.heads.len() * 4];
        for at in 0..self.entries.len() {
            let Entry {
                configuration, key, ..
            } = self.entries[at];
            let slot = self.slot(&key, configuration.state);
            let (round, head) = self.heads[slot];
            self.entries[at].next = if round == self.round { head } else { END };
            self.heads[slot] = (self.round, at as u32);
        }
    }

    /// Takes one in, unless one that is there is at least as good. Whether it did, and
    /// how many it was compared with.
    pub(super) fn insert(
        &mut self,
        configuration: Configuration<W>,
        worth: &Worth<W>,
    ) -> (bool, u32) {
        let Configuration { done, state } = configuration;
        let good = done.and(worth.good);
        let spare = done.and(worth.spare);
        let key = done.minus(worth.good).minus(worth.spare);
        if self.entries.len() >= self.heads.len() {
            self.grow();
        }
        let slot = self.slot(&key, state);
        let (round, head) = self.heads[slot];
        let head = if round == self.round { head } else { END };
        let mut at = head;
        let mut compared = 0;
        while at != END {
            compared += 1;
            let entry = &mut self.entries[at as usize];
            at = entry.next;
            if entry.dead || entry.key != key || entry.configuration.state != state {
                continue;
            }
            let other = entry.configuration.done;
            let other_good = other.and(worth.good);
            let other_spare = other.and(worth.spare);
            if good.within(other_good) && other_spare.within(spare) {
                return (false, compared);
            }
            if other_good.within(good) && spare.within(other_spare) {
                entry.dead = true;
                self.live -= 1;
            }
        }
        self.heads[slot] = (self.round, self.entries.len() as u32);
        self.entries.push(Entry {
            configuration,
            key,
            next: head,
            dead: false,
        });
        self.live += 1;
        (true, compared)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(places: &[usize]) -> Configuration<1> {
        let mut done = Mask::EMPTY;
        for &place in places {
            done.set(place);
        }
        Configuration { done, state: 7 }
    }

    #[test]
    fn more_reads_and_fewer_spare_writes_are_better_and_nothing_else_is() {
        let worth = Worth {
            good: at(&[0, 1]).done,
            spare: at(&[2, 3]).done,
        };
        let mut kept = Antichain::new();
        assert!(kept.insert(at(&[0, 2]), &worth).0);
        assert!(!kept.insert(at(&[2]), &worth).0, "a read less");
        assert!(!kept.insert(at(&[0, 2, 3]), &worth).0, "a spare write more");
        assert!(kept.insert(at(&[0, 2, 5]), &worth).0, "another due write");
        assert!(kept.insert(at(&[0, 1]), &worth).0);
        assert_eq!(kept.len(), 2, "the first is dominated now");
        assert!(kept.get(0).is_none());
    }

    #[test]
    fn it_keeps_thousands_apart_and_forgets_them_at_once() {
        let worth = Worth {
            good: Mask::EMPTY,
            spare: Mask::EMPTY,
        };
        let mut kept = Antichain::<1>::new();
        for round in 0..3 {
            for state in 0..5000 {
                let done = Mask::EMPTY;
                assert!(
                    kept.insert(Configuration { done, state }, &worth).0,
                    "{round}"
                );
                assert!(!kept.insert(Configuration { done, state }, &worth).0);
            }
            assert_eq!((kept.len(), kept.iter().count()), (5000, 5000));
            kept.clear();
        }
    }
}
