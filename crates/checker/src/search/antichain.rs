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
#[derive(Debug, Clone)]
pub(super) struct Worth<const W: usize> {
    /// The more of these are done the better: they are due, and having them done costs
    /// nothing later.
    pub(super) good: Mask<W>,
    /// The fewer of these are done the better: they need never be, and may be of use.
    pub(super) spare: Mask<W>,
    /// Updates that are due and do the same, two or more of each.
    pub(super) twins: Vec<Twins<W>>,
    /// All of those.
    pub(super) twinned: Mask<W>,
}

/// Updates under way that do the same, all of them due. Of as many done, those that return
/// first are the better to have done: what remains has the more time.
#[derive(Debug, Clone)]
pub(super) struct Twins<const W: usize> {
    pub(super) all: Mask<W>,
    /// In the order of their returns.
    pub(super) slots: Vec<u32>,
}

/// Which of two is at least as good; both where they are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Better {
    one: bool,
    other: bool,
}

impl<const W: usize> Worth<W> {
    /// Nothing is worth anything.
    pub(super) fn new() -> Self {
        Self {
            good: Mask::EMPTY,
            spare: Mask::EMPTY,
            twins: Vec::new(),
            twinned: Mask::EMPTY,
        }
    }

    /// What two configurations must share for one to be at least as good, hashed.
    fn hash(&self, configuration: &Configuration<W>) -> u64 {
        let done = configuration.done.minus(self.good);
        let alone = done.minus(self.spare).minus(self.twinned);
        let hash = alone.mix(fold(configuration.state));
        let counts = self.twins.iter().map(|twins| done.and(twins.all).count());
        counts.fold(hash, |hash, count| fold(hash ^ u64::from(count)))
    }

    fn compare(&self, one: &Configuration<W>, other: &Configuration<W>) -> Better {
        let neither = Better {
            one: false,
            other: false,
        };
        let alone = |of: &Configuration<W>| {
            let done = of.done.minus(self.good).minus(self.spare);
            done.minus(self.twinned)
        };
        if one.state != other.state || alone(one) != alone(other) {
            return neither;
        }
        let (ours, theirs) = (one.done, other.done);
        let good = (ours.and(self.good), theirs.and(self.good));
        let spare = (ours.and(self.spare), theirs.and(self.spare));
        let mut better = Better {
            one: good.1.within(good.0) && spare.0.within(spare.1),
            other: good.0.within(good.1) && spare.1.within(spare.0),
        };
        let twins_differ = ours.and(self.twinned) != theirs.and(self.twinned);
        if !twins_differ || better == neither {
            return better;
        }
        for twins in &self.twins {
            if ours.and(twins.all) == theirs.and(twins.all) {
                continue;
            }
            let mut ahead = 0;
            for &slot in &twins.slots {
                let slot = slot as usize;
                ahead += i32::from(ours.has(slot)) - i32::from(theirs.has(slot));
                better.one &= ahead >= 0;
                better.other &= ahead <= 0;
            }
            if ahead != 0 || better == neither {
                return neither;
            }
        }
        better
    }
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
    hash: u64,
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

    fn slot(&self, hash: u64) -> usize {
        hash as usize & (self.heads.len() - 1)
    }

    fn grow(&mut self) {
        self.heads = vec![(0, END); self.heads.len() * 4];
        for at in 0..self.entries.len() {
            let slot = self.slot(self.entries[at].hash);
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
        let hash = worth.hash(&configuration);
        if self.entries.len() >= self.heads.len() {
            self.grow();
        }
        let slot = self.slot(hash);
        let (round, head) = self.heads[slot];
        let head = if round == self.round { head } else { END };
        let mut at = head;
        let mut compared = 0;
        while at != END {
            compared += 1;
            let entry = &mut self.entries[at as usize];
            at = entry.next;
            if entry.dead || entry.hash != hash {
                continue;
            }
            let better = worth.compare(&configuration, &entry.configuration);
            if better.other {
                return (false, compared);
            }
            if better.one {
                entry.dead = true;
                self.live -= 1;
            }
        }
        self.heads[slot] = (self.round, self.entries.len() as u32);
        self.entries.push(Entry {
            configuration,
            hash,
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
            ..Worth::new()
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
    fn of_as_many_twins_those_that_return_first_are_better_done() {
        let twins = Twins {
            all: at(&[0, 1, 2, 3]).done,
            slots: vec![2, 0, 3, 1],
        };
        let worth = Worth {
            twinned: twins.all,
            twins: vec![twins],
            ..Worth::new()
        };
        let mut kept = Antichain::new();
        assert!(kept.insert(at(&[3, 0]), &worth).0);
        assert!(!kept.insert(at(&[3, 1]), &worth).0, "later ones");
        assert!(kept.insert(at(&[2, 1]), &worth).0, "neither first");
        assert!(kept.insert(at(&[2]), &worth).0, "fewer");
        assert!(kept.insert(at(&[2, 0]), &worth).0);
        assert_eq!(kept.len(), 2, "both pairs give way");
    }

    #[test]
    fn it_keeps_thousands_apart_and_forgets_them_at_once() {
        let worth = Worth::new();
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
