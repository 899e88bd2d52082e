//! The sweep: a register of reads and writes, every written value unique, in one pass and
//! a sort.
//!
//! It is `chains` without chains, made for millions of operations: an operation
//! costs one visit of its value's zone.
//!
//! Source: Gibbons & Korach, *Testing shared memories* (1997), section 4, with the
//! conditions that `chains` lists.

use super::zones::{Zone, Zones};
use crate::history::{Action, Operation, Time};

/// What the sweep found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swept {
    /// The operations can be put in order.
    Holds,
    /// They cannot; these alone, by their places, cannot either.
    Violated(Vec<u32>),
    /// The sweep does not apply: a value has two writers, or there is something else
    /// than reads and writes.
    NotUnique,
}

/// Room for the sweep to work in, kept from part to part so that many small parts cost no
/// more than one large one.
#[derive(Debug, Default)]
pub struct Room {
    clusters: Vec<Cluster>,
    part: u32,
    touched: Vec<u32>,
    zones: Zones,
}

/// A value's operations.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    first_return: Time,
    last_call: Time,
    /// The place of the write, or [`NONE`].
    write: u32,
    /// Twice the part that this is of, and one more where somebody read the value. Of an
    /// earlier part: nothing yet.
    part_and_read: u32,
}

const NONE: u32 = u32::MAX;

const EMPTY: Cluster = Cluster {
    first_return: Time::MAX,
    last_call: Time::MIN,
    write: NONE,
    part_and_read: 0,
};

/// Sweeps the operations of one key, in the order of their calls.
pub fn sweep(room: &mut Room, initial: u32, operations: &[Operation]) -> Swept {
    let Room {
        clusters,
        part,
        touched,
        zones,
    } = room;
    *part += 1;
    if *part > u32::MAX / 2 {
        clusters.clear();
        *part = 1;
    }
    touched.clear();
    zones.clear();
    // Whether some value was read before its write was called.
    let mut early = false;
    for (at, operation) in operations.iter().enumerate() {
        let (id, write) = match operation.action {
            Action::Read(id) => (id, false),
            Action::Write(id) => (id, true),
            _ => return Swept::NotUnique,
        };
        if id as usize >= clusters.len() {
            clusters.resize((id as usize + 1).next_power_of_two(), EMPTY);
        }
        let cluster = &mut clusters[id as usize];
        if cluster.part_and_read / 2 != *part {
            *cluster = EMPTY;
            cluster.part_and_read = *part * 2;
            touched.push(id);
        }
        if write {
            if cluster.write != NONE || id == initial {
                return Swept::NotUnique;
            }
            cluster.write = at as u32;
            // What came before it can only be reads, and all that returned before it was
            // called were called before it: the one look back suffices.
            early |= cluster.first_return < operation.call;
        } else {
            cluster.part_and_read |= 1;
        }
        cluster.first_return = operation.ret.min(cluster.first_return);
        cluster.last_call = operation.call.max(cluster.last_call);
    }
    for &id in &*touched {
        let cluster = clusters[id as usize];
        let mut first_return = cluster.first_return;
        if id == initial {
            first_return = Time::MIN;
        } else if cluster.write == NONE {
            return Swept::Violated(ends(operations, id, NONE));
        } else if early && first_return < operations[cluster.write as usize].call {
            return Swept::Violated(ends(operations, id, cluster.write));
        } else if first_return == Time::MAX {
            // Of unknown outcome and unread: it never happened.
            continue;
        }
        zones.push(Zone {
            first_return,
            last_call: cluster.last_call,
            block: id,
        });
    }
    let Some((one, other)) = zones.conflict() else {
        return Swept::Holds;
    };
    let of = |id: u32| ends(operations, id, clusters[id as usize].write);
    let mut places = of(one);
    places.extend(of(other));
    places.sort_unstable();
    Swept::Violated(places)
}

/// The write of a value, and the two operations on it that its zone ends at.
fn ends(operations: &[Operation], id: u32, write: u32) -> Vec<u32> {
    let on_it = |at: &u32| {
        let action = operations[*at as usize].action;
        matches!(action, Action::Read(other) | Action::Write(other) if other == id)
    };
    let all = || (0..operations.len() as u32).filter(on_it);
    let first = all().min_by_key(|&at| operations[at as usize].ret);
    let last = all().max_by_key(|&at| operations[at as usize].call);
    let mut places: Vec<u32> = [first, last, (write != NONE).then_some(write)]
        .into_iter()
        .flatten()
        .collect();
    places.sort_unstable();
    places.dedup();
    places
}
