//! The verdict so far, as calls and returns come: a register whose written values are all
//! different.
//!
//! It keeps what [`super::sweep`] computes, value by value: the zone between the earliest
//! return and the latest call of a value's operations. Returns come in the order of time,
//! so the first to return fixes the beginning of a zone for good, and only its latest call
//! can still grow. These questions are asked when it does:
//!
//! - *Does another forward zone begin inside?* Forward zones are kept by their beginnings,
//!   which no two that do not overlap share: one look at each neighbour.
//! - *Does a backward zone that grew lie inside a forward one?* Again a look at the one
//!   that begins before it.
//! - *Does a backward zone lie inside a forward one that grew?* Backward zones come in the order of their ends, since
//!   those are first returns. So what is asked is the latest call among the first so many
//!   of them: a tree of maxima (Fenwick 1994). A zone that has become forward since may stay
//!   in it: whatever reaches over its last shape as a backward one reaches over its
//!   beginning, and is found as an overlap all the same.
//!
//! So a returning operation costs O(log n), late as early. The verdict at every moment is
//! that of the sweep over what has happened up to then, an operation under way being of
//! unknown outcome.
//!
//! Source: Gibbons & Korach, *Testing shared memories* (1997), section 4, for the zones.

use std::collections::BTreeMap;

use crate::history::{Id, NIL, OPEN, Time};

/// Why there is no order any more. It stays so: no later event mends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// A read answered a value whose write had not been called.
    ReadBeforeWrite {
        /// The value.
        value: Id,
    },
    /// The operations of two values cannot each stay together.
    Overlap {
        /// The value whose zone grew.
        value: Id,
        /// The other.
        other: Id,
    },
    /// A value was written twice: this structure does not apply.
    NotUnique {
        /// The value.
        value: Id,
    },
}

#[derive(Debug, Clone, Copy)]
struct Zone {
    /// [`OPEN`] until something returned.
    first_return: Time,
    last_call: Time,
    /// Where it is among the backward zones; those that were never one have none.
    backward: Option<u32>,
}

/// A register under observation. Events must come in the order of time, calls before
/// returns of the same instant.
#[derive(Debug, Clone)]
pub struct Register {
    zones: BTreeMap<Id, Zone>,
    /// Values of forward zones by where these begin.
    forward: BTreeMap<Time, Id>,
    /// Backward zones, or what was last one, in the order of their ends.
    ends: Vec<(Time, Id)>,
    latest: Maxima,
    broken: Option<Broken>,
}

impl Default for Register {
    fn default() -> Self {
        Self::new()
    }
}

impl Register {
    /// A register that holds nil, before any event.
    pub fn new() -> Self {
        Self::holding(NIL)
    }

    /// A register that holds this value before any event.
    pub fn holding(initial: Id) -> Self {
        let before_all = Zone {
            first_return: Time::MIN,
            last_call: Time::MIN,
            backward: None,
        };
        Self {
            zones: BTreeMap::from([(initial, before_all)]),
            forward: BTreeMap::new(),
            ends: Vec::new(),
            latest: Maxima::default(),
            broken: None,
        }
    }

    /// Whether what has happened so far can be put in order.
    pub fn holds(&self) -> bool {
        self.broken.is_none()
    }

    /// Why not, where it cannot.
    pub fn broken(&self) -> Option<Broken> {
        self.broken
    }

    /// A write is called. Until it returns, or is read, it may not have happened.
    pub fn call_write(&mut self, value: Id, call: Time) {
        let zone = Zone {
            first_return: OPEN,
            last_call: call,
            backward: None,
        };
        if self.zones.insert(value, zone).is_some() {
            self.break_with(Broken::NotUnique { value });
        }
    }

    /// A write returns.
    pub fn return_write(&mut self, value: Id, ret: Time) {
        self.grow(value, Time::MIN, ret);
    }

    /// A read returns. Its call changes nothing, since what it will answer is not known.
    pub fn return_read(&mut self, value: Id, call: Time, ret: Time) {
        if self.zones.contains_key(&value) {
            self.grow(value, call, ret);
        } else {
            self.break_with(Broken::ReadBeforeWrite { value });
        }
    }

    fn break_with(&mut self, broken: Broken) {
        self.broken.get_or_insert(broken);
    }

    /// An operation on this value has returned.
    fn grow(&mut self, value: Id, call: Time, ret: Time) {
        let Some(zone) = self.zones.get_mut(&value).filter(|_| self.broken.is_none()) else {
            return;
        };
        let before = *zone;
        zone.first_return = ret.min(zone.first_return);
        zone.last_call = call.max(zone.last_call);
        let Zone {
            first_return,
            last_call,
            ..
        } = *zone;
        let grew = last_call > before.last_call || first_return < before.first_return;
        if !grew {
            return;
        }
        if first_return < last_call {
            self.reach(value, first_return, last_call);
            return;
        }
        let at = *zone.backward.get_or_insert_with(|| {
            self.ends.push((first_return, value));
            self.latest.push();
            self.ends.len() as u32 - 1
        });
        self.latest.raise(at as usize, last_call, value);
        let around = self.forward.range(..last_call).next_back();
        let around = around.filter(|(_, other)| self.zones[other].last_call > first_return);
        if let Some((_, &other)) = around {
            self.break_with(Broken::Overlap { value, other });
        }
    }

    /// A forward zone reaches from here to there.
    fn reach(&mut self, value: Id, from: Time, to: Time) {
        let after = self
            .forward
            .range(from..)
            .find(|(_, other)| **other != value);
        let before = self.forward.range(..from).next_back();
        let overlaps_after = after.filter(|&(&start, _)| start < to);
        let overlaps_before = before.filter(|(_, other)| self.zones[other].last_call > from);
        let overlapping = overlaps_after.or(overlaps_before).map(|(_, &other)| other);
        let ended = self.ends.partition_point(|&(end, _)| end < to);
        let inside = self.latest.first(ended).filter(|&(call, _)| call > from);
        let inside = inside
            .map(|(_, other)| other)
            .filter(|&other| other != value);
        if let Some(other) = overlapping.or(inside) {
            self.break_with(Broken::Overlap { value, other });
            return;
        }
        self.forward.insert(from, value);
    }
}

/// The largest of the first so many, each of which only grows.
#[derive(Debug, Clone, Default)]
struct Maxima {
    tree: Vec<(Time, Id)>,
}

impl Maxima {
    /// One more, as low as can be.
    fn push(&mut self) {
        // A node covers the places that end at it, as many as its lowest bit says.
        let at = self.tree.len() + 1;
        let mut most = (Time::MIN, NIL);
        let mut below = at - 1;
        while below > at - lowest_bit(at) {
            most = most.max(self.tree[below - 1]);
            below -= lowest_bit(below);
        }
        self.tree.push(most);
    }

    fn raise(&mut self, at: usize, to: Time, value: Id) {
        let mut node = at + 1;
        while node <= self.tree.len() {
            let most = &mut self.tree[node - 1];
            *most = (to, value).max(*most);
            node += lowest_bit(node);
        }
    }

    /// The largest of the first so many; none of none.
    fn first(&self, count: usize) -> Option<(Time, Id)> {
        let mut node = count;
        let mut most = None;
        while node > 0 {
            most = most.max(Some(self.tree[node - 1]));
            node -= lowest_bit(node);
        }
        most
    }
}

fn lowest_bit(number: usize) -> usize {
    number & number.wrapping_neg()
}

#[cfg(test)]
mod tests {
    use super::super::sweep::{Room, Swept, sweep};
    use super::*;
    use crate::history::sample::{Shape, register};
    use crate::history::{Action, History, Operation};

    /// Events in order: the place, and whether it is the return.
    fn events(history: &History) -> Vec<(usize, bool)> {
        let mut events: Vec<(Time, bool, usize)> = Vec::new();
        for (at, operation) in history.operations.iter().enumerate() {
            events.push((operation.call, false, at));
            if operation.returned() {
                events.push((operation.ret, true, at));
            }
        }
        events.sort_unstable();
        events.into_iter().map(|(_, ret, at)| (at, ret)).collect()
    }

    /// What has happened after the first so many events: reads that have returned, writes
    /// that were called.
    fn prefix(history: &History, events: &[(usize, bool)]) -> Vec<Operation> {
        let mut made: Vec<(usize, Operation)> = Vec::new();
        for &(at, is_return) in events {
            let operation = history.operations[at];
            if is_return {
                made.retain(|(other, _)| *other != at);
                made.push((at, operation));
            } else if matches!(operation.action, Action::Write(_)) {
                let ret = OPEN;
                made.push((at, Operation { ret, ..operation }));
            }
        }
        made.sort_unstable_by_key(|&(at, operation)| (operation.call, at));
        made.into_iter().map(|(_, operation)| operation).collect()
    }

    #[test]
    fn it_says_at_every_prefix_what_the_sweep_says() {
        let mut broken = 0;
        for seed in 0..4_000 {
            let shape = Shape {
                operations: 4 + (seed % 20) as u32,
                processes: 2 + (seed % 4) as u32,
                keys: 1,
                values: None,
                unknown: 100_000,
                wrong: if seed % 3 == 0 { 0 } else { 100_000 },
                equal_times: 200_000,
            };
            let history = register(seed, &shape);
            let events = events(&history);
            let mut register = Register::new();
            for end in 0..events.len() {
                let (at, is_return) = events[end];
                let operation = &history.operations[at];
                match (operation.action, is_return) {
                    (Action::Write(value), false) => register.call_write(value, operation.call),
                    (Action::Write(value), true) => register.return_write(value, operation.ret),
                    (Action::Read(value), true) => {
                        register.return_read(value, operation.call, operation.ret);
                    }
                    _ => {}
                }
                let prefix = prefix(&history, &events[..=end]);
                let swept = sweep(&mut Room::default(), NIL, &prefix);
                assert_eq!(
                    register.holds(),
                    swept == Swept::Holds,
                    "{seed} {end}: {prefix:#?}"
                );
            }
            broken += u32::from(!register.holds());
        }
        assert!((1_000..3_000).contains(&broken), "{broken}");
    }

    #[test]
    fn a_value_written_twice_is_said_to_be_so() {
        let mut register = Register::new();
        register.call_write(1, 0);
        register.call_write(1, 3);
        assert_eq!(register.broken(), Some(Broken::NotUnique { value: 1 }));
    }
}
