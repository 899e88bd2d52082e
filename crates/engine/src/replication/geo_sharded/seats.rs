//! Which region is the home of a key, as far as one region knows.
//!
//! A key has one home in each epoch, and only that home begins the next one: so of two
//! that are named, the one of the later epoch is right. What a region gave away or took
//! is in its log; what it only heard of others it forgets in a crash, and asks the wrong
//! one once more.

use splitbrain_sorted::Map;

use crate::replication::Homes;
use crate::sim::node::Key;

/// The epoch in which no key has moved yet.
pub(super) const FIRST_EPOCH: u32 = 1;

/// The home of a key in one epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    /// The region, by its place in the scenario.
    pub(super) home: u8,
    /// Counted from [`FIRST_EPOCH`], one more with each move.
    pub(super) epoch: u32,
}

/// What a region knows of homes.
#[derive(Clone, Debug)]
pub(super) struct Seats {
    regions: u8,
    /// Where keys live that never moved.
    first: Homes,
    /// Of keys that were given away or taken here. Durable.
    logged: Map<Key, Seat>,
    /// Of other moves. In memory only.
    heard: Map<Key, Seat>,
}

impl Seats {
    pub(super) fn new(regions: u8, first: Homes) -> Self {
        Self {
            regions,
            first,
            logged: Map::new(),
            heard: Map::new(),
        }
    }

    /// The last home of a key that this region had a part in, or its first.
    pub(super) fn logged(&self, key: Key) -> Seat {
        let first = || Seat {
            home: self.first.of(key.index(), self.regions),
            epoch: FIRST_EPOCH,
        };
        self.logged.get(&key).copied().unwrap_or_else(first)
    }

    /// The latest home of a key that this region knows of.
    pub(super) fn known(&self, key: Key) -> Seat {
        let logged = self.logged(key);
        let heard = self.heard.get(&key).copied();
        heard
            .filter(|heard| heard.epoch > logged.epoch)
            .unwrap_or(logged)
    }

    /// Takes note of what another region says; true if it was news.
    pub(super) fn hear(&mut self, key: Key, seat: Seat) -> bool {
        let is_news = seat.epoch > self.known(key).epoch;
        if is_news {
            self.heard.insert(key, seat);
        }
        is_news
    }

    /// Notes a move that is in the log.
    pub(super) fn log(&mut self, key: Key, seat: Seat) {
        self.logged.insert(key, seat);
    }

    /// The keys that moved to a region, as the log here has it, and since which epoch.
    pub(super) fn logged_at(&self, region: u8) -> impl Iterator<Item = (Key, u32)> {
        let logged = self.logged.iter();
        let there = logged.filter(move |(_, seat)| seat.home == region);
        there.map(|(&key, seat)| (key, seat.epoch))
    }

    /// What a crash takes away.
    pub(super) fn forget(&mut self) {
        self.heard = Map::new();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_two_homes_the_one_of_the_later_epoch_counts() {
        let mut seats = Seats::new(3, Homes::default());
        let (key, seat) = (Key(1), |home, epoch| Seat { home, epoch });
        assert_eq!(seats.known(key), seat(1, FIRST_EPOCH));
        assert!(seats.hear(key, seat(2, 3)));
        assert!(!seats.hear(key, seat(0, 2)));
        seats.log(key, seat(0, 2));
        assert_eq!(
            (seats.logged(key), seats.known(key)),
            (seat(0, 2), seat(2, 3))
        );
        seats.forget();
        assert_eq!(seats.known(key), seat(0, 2));
    }
}
