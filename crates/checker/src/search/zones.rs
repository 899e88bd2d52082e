//! When blocks of operations, each of which must stay together, fit one after the other.
//!
//! A *block* is a write with all that rests on it. Its *zone* lies between the earliest
//! return and the latest call in it. Where the return is the earlier of the two, the zone
//! is *forward*: the block must cover all of it. Else it is *backward*: there is a moment,
//! and any between the two will do, at which the whole block can happen at once. Blocks fit
//! exactly if no two forward zones overlap and no backward zone lies inside a forward one.
//!
//! Source: Gibbons & Korach, *Testing shared memories* (1997), section 4.

use crate::history::Time;

/// A block's zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Zone {
    /// The earliest return in the block.
    pub(super) first_return: Time,
    /// The latest call in it.
    pub(super) last_call: Time,
    /// Which block.
    pub(super) block: u32,
}

impl Zone {
    /// Of a block in which nothing is yet.
    pub(super) fn empty(block: u32) -> Self {
        Self {
            first_return: Time::MAX,
            last_call: Time::MIN,
            block,
        }
    }

    /// Takes an operation into the block.
    pub(super) fn take(&mut self, call: Time, ret: Time) {
        self.first_return = ret.min(self.first_return);
        self.last_call = call.max(self.last_call);
    }

    pub(super) fn is_forward(&self) -> bool {
        self.first_return < self.last_call
    }
}

/// Zones by their kind. Kept to be used again, since room for millions is dear.
#[derive(Debug, Default)]
pub(super) struct Zones {
    forward: Vec<Zone>,
    backward: Vec<Zone>,
}

impl Zones {
    pub(super) fn clear(&mut self) {
        self.forward.clear();
        self.backward.clear();
    }

    pub(super) fn push(&mut self, zone: Zone) {
        if zone.is_forward() {
            self.forward.push(zone);
        } else {
            self.backward.push(zone);
        }
    }

    /// Two blocks that do not fit; none where all do.
    pub(super) fn conflict(&mut self) -> Option<(u32, u32)> {
        let Self { forward, backward } = self;
        sort_nearly_sorted(forward, |zone| zone.first_return);
        for pair in forward.windows(2) {
            if pair[1].first_return < pair[0].last_call {
                return Some((pair[0].block, pair[1].block));
            }
        }
        sort_nearly_sorted(backward, |zone| zone.last_call);
        // Both go on together: the only zone that a backward one can lie inside is the
        // last that begins before it, since forward zones do not overlap.
        let mut after = 0;
        for zone in backward {
            let begins_before = |one: &Zone| one.first_return < zone.last_call;
            while forward.get(after).is_some_and(begins_before) {
                after += 1;
            }
            let around = after.checked_sub(1).map(|at| forward[at]);
            if let Some(around) = around.filter(|around| zone.first_return < around.last_call) {
                return Some((around.block, zone.block));
            }
        }
        None
    }
}

/// Sorts what is nearly in order, as what happened in order is: by insertion while that
/// moves little, else as usual.
fn sort_nearly_sorted(zones: &mut [Zone], key: impl Fn(&Zone) -> Time) {
    let mut moves = 8 * zones.len();
    for at in 1..zones.len() {
        let zone = zones[at];
        let mut to = at;
        while to > 0 && key(&zones[to - 1]) > key(&zone) {
            zones[to] = zones[to - 1];
            to -= 1;
        }
        zones[to] = zone;
        let moved = at - to;
        if moved > moves {
            zones.sort_unstable_by_key(key);
            return;
        }
        moves -= moved;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn conflict(all: Vec<Zone>) -> Option<(u32, u32)> {
        let mut zones = Zones::default();
        for zone in all {
            zones.push(zone);
        }
        zones.conflict()
    }

    fn zone(first_return: Time, last_call: Time, block: u32) -> Zone {
        Zone {
            first_return,
            last_call,
            block,
        }
    }

    #[test]
    fn forward_zones_may_touch_and_not_overlap() {
        assert_eq!(conflict(vec![zone(5, 9, 1), zone(1, 5, 0)]), None);
        assert_eq!(conflict(vec![zone(4, 9, 1), zone(1, 5, 0)]), Some((0, 1)));
    }

    #[test]
    fn a_backward_zone_may_reach_over_an_end_of_a_forward_one() {
        let forward = zone(10, 20, 0);
        for (low, high) in [(10, 15), (5, 12), (12, 20), (15, 30), (5, 30), (1, 2)] {
            assert_eq!(conflict(vec![zone(high, low, 1), forward]), None, "{low}");
        }
        assert_eq!(conflict(vec![zone(19, 11, 1), forward]), Some((0, 1)));
    }

    #[test]
    fn what_is_far_out_of_order_is_sorted_too() {
        let zones = (0..1000).map(|at| {
            let at = (at * 617) % 1000;
            zone(at * 10, at * 10 + 5, at as u32)
        });
        assert_eq!(conflict(zones.clone().collect()), None);
        let inside = zone(5003, 5002, 7777);
        assert_eq!(conflict(zones.chain([inside]).collect()), Some((500, 7777)));
    }
}
