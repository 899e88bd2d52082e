//! Deciding a first-in first-out queue by sorting, where every value is put in once.
//!
//! Such a history has an order exactly if
//! - what is taken was put in, is taken once, and not before it was put in;
//! - of two values put in one after the other, the later is not taken before the earlier
//!   (nor taken at all where the earlier never is);
//! - every answer *empty* falls, at some moment between its call and its return, outside
//!   all *zones*: a value is certainly in the queue from the first return to the last call
//!   among its two operations.
//!
//! What never returned: a value put in and never taken need not have been put in. A taking
//! whose answer was lost may have taken any value, which then need not have been in the
//! queue from that call on; the earlier its call the better. So values that have to be gone
//! by some moment are given to such takings, and where the moments at which *empty* was
//! answered leave a choice that matters, this does not decide.
//!
//! Source: Henzinger, Sezgin & Vafeiadis, *Aspect-oriented linearizability proofs* (2013),
//! section 3; Bouajjani, Emmi, Enea & Hamza, *On reducing linearizability to state
//! reachability* (2015), section 4, from which it follows that these patterns are all.
//! The zones and the lost answers are ours.

use std::collections::BTreeMap;

use super::decide::Decided;
use crate::history::{Action, Id, NIL, Operation, Time};

/// A value, by the places of what was done with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Value {
    put: u32,
    taken: Option<u32>,
}

/// An open interval in which the queue is certainly not empty.
#[derive(Debug, Clone, Copy)]
struct Full {
    from: Time,
    to: Time,
}

struct Queue<'a> {
    operations: &'a [Operation],
    /// Values that were taken, and that were put in for certain and not known to be taken.
    taken: Vec<Value>,
    left: Vec<u32>,
    /// Places of the answers that it was empty.
    empty: Vec<u32>,
    /// Places of what may have taken something, in the order of their calls.
    takes: Vec<u32>,
}

/// The verdict; none where a value is put in twice, or it cannot tell.
pub(super) fn decide(operations: &[Operation]) -> Option<Decided> {
    let mut values: BTreeMap<Id, Value> = BTreeMap::new();
    for (at, operation) in operations.iter().enumerate() {
        if let Action::Enqueue(id) = operation.action {
            let value = Value {
                put: at as u32,
                taken: None,
            };
            if id == NIL || values.insert(id, value).is_some() {
                return None;
            }
        }
    }
    let mut queue = Queue {
        operations,
        taken: Vec::new(),
        left: Vec::new(),
        empty: Vec::new(),
        takes: Vec::new(),
    };
    let mut wrong = None;
    for (at, operation) in operations.iter().enumerate() {
        let at = at as u32;
        match (operation.action, operation.returned()) {
            (Action::Enqueue(_), _) | (Action::Dequeue(NIL), false) => {}
            (Action::Dequeue(NIL), true) => queue.empty.push(at),
            (Action::Take, false) => queue.takes.push(at),
            (Action::Dequeue(id), true) => {
                let conflict = match values.get_mut(&id) {
                    None => vec![at],
                    Some(Value {
                        put,
                        taken: Some(before),
                    }) => vec![*put, *before, at],
                    Some(Value { put, taken }) => {
                        *taken = Some(at);
                        if !operation.precedes(&operations[*put as usize]) {
                            continue;
                        }
                        vec![*put, at]
                    }
                };
                wrong.get_or_insert(conflict);
            }
            _ => return None,
        }
    }
    if let Some(places) = wrong {
        return Some(violated(places));
    }
    for value in values.into_values() {
        if value.taken.is_some() {
            queue.taken.push(value);
        } else if operations[value.put as usize].returned() {
            queue.left.push(value.put);
        }
    }
    queue.decide()
}

fn violated(mut places: Vec<u32>) -> Decided {
    places.sort_unstable();
    places.dedup();
    Decided::Violated(places)
}

impl Queue<'_> {
    fn at(&self, place: u32) -> &Operation {
        &self.operations[place as usize]
    }

    /// When a value is taken: from, and until.
    fn taking(&self, value: &Value) -> (Time, Time) {
        let taken = value.taken.map(|taken| self.at(taken));
        taken.map_or((Time::MAX, Time::MAX), |taken| (taken.call, taken.ret))
    }

    fn zone(&self, value: &Value) -> Full {
        let put = self.at(value.put);
        let (call, ret) = self.taking(value);
        Full {
            from: put.ret.min(ret),
            to: put.call.max(call),
        }
    }

    fn decide(mut self) -> Option<Decided> {
        if let Some(places) = self.swapped() {
            return Some(violated(places));
        }
        let mut full: Vec<Full> = self.taken.iter().map(|value| self.zone(value)).collect();
        full.retain(|zone| zone.from < zone.to);
        let full = joined(full);
        for &empty in &self.empty {
            let Operation { call, ret, .. } = *self.at(empty);
            if first_free(&full, call) > ret {
                return Some(violated(self.around(empty)));
            }
        }
        let mut left = std::mem::take(&mut self.left);
        left.sort_by_key(|&put| self.at(put).ret);
        self.give(&left, &full)
    }

    /// Two values that were taken in the wrong order.
    fn swapped(&self) -> Option<Vec<u32>> {
        let mut earlier: Vec<&Value> = self.taken.iter().collect();
        let mut later = earlier.clone();
        earlier.sort_by_key(|value| self.at(value.put).ret);
        later.sort_by_key(|value| self.at(value.put).call);
        let mut earlier = earlier.into_iter().peekable();
        let mut latest: Option<&Value> = None;
        for value in later {
            let call = self.at(value.put).call;
            while let Some(before) = earlier.next_if(|it| self.at(it.put).ret < call) {
                if latest.is_none_or(|latest| self.taking(latest).0 < self.taking(before).0) {
                    latest = Some(before);
                }
            }
            let overtaken = latest.filter(|latest| self.taking(latest).0 > self.taking(value).1);
            if let Some(overtaken) = overtaken {
                let places = [overtaken, value].into_iter();
                let places = places.flat_map(|value| [Some(value.put), value.taken]);
                return Some(places.flatten().collect());
            }
        }
        None
    }

    /// An answer *empty*, and values one of which is in the queue at every moment of it.
    fn around(&self, empty: u32) -> Vec<u32> {
        let mut places = vec![empty];
        let Operation { mut call, ret, .. } = *self.at(empty);
        while call <= ret {
            let over = self.taken.iter().filter(|value| {
                let zone = self.zone(value);
                zone.from < call && call < zone.to
            });
            let Some(last) = over.max_by_key(|value| self.zone(value).to) else {
                break;
            };
            places.extend([Some(last.put), last.taken].into_iter().flatten());
            call = self.zone(last).to;
        }
        places
    }

    /// Gives the values that have to be gone by some moment to the takings whose answers
    /// were lost. The values are in the order of the returns of their putting.
    fn give(&self, left: &[u32], full: &[Full]) -> Option<Decided> {
        if left.is_empty() {
            return Some(Decided::Holds);
        }
        let overtaken = self.overtaken(left);
        // Whatever moment an answer *empty* is given, it is none later than this.
        let moments: Vec<(Time, Time, Time)> = self
            .empty
            .iter()
            .map(|&empty| {
                let Operation { call, ret, .. } = *self.at(empty);
                (call, first_free(full, call), last_free(full, ret))
            })
            .collect();
        let due = |from: &dyn Fn(&(Time, Time, Time)) -> Time,
                   until: &dyn Fn(&(Time, Time, Time)) -> Time| {
            let mut moments: Vec<(Time, Time)> =
                moments.iter().map(|it| (from(it), until(it))).collect();
            moments.sort_unstable();
            let mut due = Vec::with_capacity(left.len());
            let mut soonest = Time::MAX;
            for (&put, &(overtaken, _)) in left.iter().zip(&overtaken).rev() {
                while let Some(&(from, until)) = moments.last() {
                    if from <= self.at(put).ret {
                        break;
                    }
                    soonest = soonest.min(until);
                    moments.pop();
                }
                due.push(soonest.min(overtaken));
            }
            due.reverse();
            due
        };
        let calls: Vec<Time> = self.takes.iter().map(|&take| self.at(take).call).collect();
        if let Some(short) = short(&due(&|it| it.0, &|it| it.2), &calls) {
            return Some(self.too_few(left, &overtaken, short, &calls));
        }
        let late = due(&|it| it.2, &|it| it.2);
        let early = due(&|it| it.1, &|it| it.1);
        [late, early]
            .iter()
            .any(|due| short(due, &calls).is_none())
            .then_some(Decided::Holds)
    }

    /// By when each must be gone, since a value put in after it is taken by then: the
    /// moment, and that value.
    fn overtaken(&self, left: &[u32]) -> Vec<(Time, Option<Value>)> {
        let mut later: Vec<&Value> = self.taken.iter().collect();
        later.sort_by_key(|value| self.at(value.put).call);
        let mut overtaken = Vec::with_capacity(left.len());
        let mut soonest = (Time::MAX, None);
        for &put in left.iter().rev() {
            while let Some(value) = later.last() {
                if self.at(value.put).call <= self.at(put).ret {
                    break;
                }
                let until = self.taking(value).1;
                if until < soonest.0 {
                    soonest = (until, Some(**value));
                }
                later.pop();
            }
            overtaken.push(soonest);
        }
        overtaken.reverse();
        overtaken
    }

    /// The values that have to be gone by the time at which there are too few takings, with
    /// those takings; everything, where an answer *empty* has to do with it.
    fn too_few(
        &self,
        left: &[u32],
        overtaken: &[(Time, Option<Value>)],
        until: Time,
        calls: &[Time],
    ) -> Decided {
        let mut places: Vec<u32> = Vec::new();
        let gone = left.iter().zip(overtaken);
        for (&put, (_, by)) in gone.clone().filter(|(_, (due, _))| *due <= until) {
            let by = by.iter().flat_map(|by| [Some(by.put), by.taken]).flatten();
            places.extend(by.chain([put]));
        }
        let count = gone.filter(|(_, (due, _))| *due <= until).count();
        let enough = calls.partition_point(|&call| call <= until);
        if count <= enough {
            return Decided::Violated((0..self.operations.len() as u32).collect());
        }
        // What may have taken something stands for whatever may have gone, all of it.
        places.extend(&self.takes);
        violated(places)
    }
}

/// The moment by which more have to be gone than there are calls that can have taken them.
fn short(due: &[Time], calls: &[Time]) -> Option<Time> {
    let mut due: Vec<Time> = due.iter().copied().filter(|&it| it != Time::MAX).collect();
    due.sort_unstable();
    let by = due.iter().enumerate();
    by.map(|(before, &due)| (before, due))
        .find(|&(before, due)| calls.get(before).is_none_or(|&call| call > due))
        .map(|(_, due)| due)
}

/// Intervals that overlap, joined. They are open: those that touch leave a moment between.
fn joined(mut full: Vec<Full>) -> Vec<Full> {
    full.sort_unstable_by_key(|zone| zone.from);
    let mut joined: Vec<Full> = Vec::new();
    for zone in full {
        match joined.last_mut().filter(|last| zone.from < last.to) {
            Some(last) => last.to = zone.to.max(last.to),
            None => joined.push(zone),
        }
    }
    joined
}

/// The interval around a moment.
fn around(full: &[Full], moment: Time) -> Option<Full> {
    let before = full.partition_point(|zone| zone.from < moment);
    let zone = full[before.checked_sub(1)?];
    (moment < zone.to).then_some(zone)
}

/// The first moment outside all, not before this one.
fn first_free(full: &[Full], moment: Time) -> Time {
    around(full, moment).map_or(moment, |zone| zone.to)
}

/// The last moment outside all, not after this one.
fn last_free(full: &[Full], moment: Time) -> Time {
    around(full, moment).map_or(moment, |zone| zone.from)
}
