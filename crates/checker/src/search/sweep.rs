//! The sweep: a register of reads and writes, every written value unique, in one pass and
//! a sort.
//!
//! It is [`super::chains`] without chains, made for millions of operations: an operation
//! costs one visit of its value's zone.
//!
//! Source: Gibbons & Korach, *Testing shared memories* (1997), section 4, with the
//! conditions that [`super::chains`] lists.

use super::zones::{Zone, conflict};
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
}

/// A value's operations.
#[derive(Debug, Clone, Copy)]
struct Cluster {
    zone: Zone,
    /// The place of the write, or [`NONE`].
    write: u32,
    read: bool,
    /// The part that this is of. Of an earlier one: nothing yet.
    part: u32,
}

const NONE: u32 = u32::MAX;

const EMPTY: Cluster = Cluster {
    zone: Zone {
        first_return: Time::MAX,
        last_call: Time::MIN,
        block: 0,
    },
    write: NONE,
    read: false,
    part: 0,
};

/// Sweeps the operations of one key, in the order of their calls.
pub fn sweep(room: &mut Room, initial: u32, operations: &[Operation]) -> Swept {
    room.part += 1;
    room.touched.clear();
    for (at, operation) in operations.iter().enumerate() {
        let (id, write) = match operation.action {
            Action::Read(id) => (id, false),
            Action::Write(id) => (id, true),
            _ => return Swept::NotUnique,
        };
        if id as usize >= room.clusters.len() {
            let room_for = (id as usize + 1).next_power_of_two();
            room.clusters.resize(room_for, EMPTY);
        }
        let cluster = &mut room.clusters[id as usize];
        if cluster.part != room.part {
            *cluster = Cluster {
                part: room.part,
                ..EMPTY
            };
            cluster.zone.block = id;
            room.touched.push(id);
        }
        cluster.zone.take(operation.call, operation.ret);
        if write {
            if cluster.write != NONE || id == initial {
                return Swept::NotUnique;
            }
            cluster.write = at as u32;
        } else {
            cluster.read = true;
        }
    }
    let mut zones = Vec::with_capacity(room.touched.len());
    for &id in &room.touched {
        let Cluster {
            mut zone,
            write,
            read,
            ..
        } = room.clusters[id as usize];
        if id == initial {
            zone.first_return = Time::MIN;
        } else if write == NONE {
            return Swept::Violated(ends(operations, id, NONE));
        } else {
            let write_at = &operations[write as usize];
            // Something returned before the write was called: it can only be a read.
            if zone.first_return < write_at.call {
                return Swept::Violated(ends(operations, id, write));
            }
            if !read && !write_at.returned() {
                continue;
            }
        }
        zones.push(zone);
    }
    let Some((one, other)) = conflict(zones) else {
        return Swept::Holds;
    };
    let of = |id: u32| ends(operations, id, room.clusters[id as usize].write);
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
