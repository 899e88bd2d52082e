//! The event queue: a binary heap of packed keys over a slab of payloads.
//!
//! Events have a total order without a global counter, so that an event added in
//! a branch reorders nothing that has nothing to do with it: by time, class,
//! target, source, and the source's own counter.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::node::Addr;
use super::time::Time;

/// What kind of event this is; within one instant lower classes come first.
/// Learners' commands come before every class here and never enter the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// A log write became durable.
    Disk = 1,
    /// A message arrived.
    Delivery = 2,
    /// A timer fired.
    Timer = 3,
}

/// The place of an event in the total order, as one integer:
/// 48 bits of time, 8 of class, 16 of target, 16 of source, 32 of counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey(u128);

impl OrderKey {
    /// Packs the parts, most significant first.
    pub fn new(at: Time, class: Class, target: Addr, source: Addr, counter: u32) -> Self {
        let low = (class as u128) << 64
            | (target.0 as u128) << 48
            | (source.0 as u128) << 32
            | counter as u128;
        Self((at.0 as u128) << 72 | low)
    }

    /// When the event happens.
    pub fn at(self) -> Time {
        Time((self.0 >> 72) as u64)
    }
}

/// A queue of `T`, popped in the order of [`OrderKey`].
#[derive(Clone, Debug)]
pub struct Queue<T> {
    heap: BinaryHeap<Reverse<(OrderKey, u32)>>,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            heap: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
        }
    }
}

impl<T> Queue<T> {
    /// Adds an event. Two events never have the same key.
    pub fn push(&mut self, key: OrderKey, event: T) {
        let slot = if let Some(slot) = self.free.pop() {
            self.slots[slot as usize] = Some(event);
            slot
        } else {
            self.slots.push(Some(event));
            (self.slots.len() - 1) as u32
        };
        self.heap.push(Reverse((key, slot)));
    }

    /// When the next event happens, if there is one.
    pub fn next_at(&self) -> Option<Time> {
        self.heap.peek().map(|Reverse((key, _))| key.at())
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        let Reverse((key, slot)) = self.heap.pop()?;
        self.free.push(slot);
        let event = self.slots[slot as usize].take();
        event.map(|event| (key.at(), event))
    }

    /// How many events wait.
    pub fn len(&self) -> u32 {
        self.heap.len() as u32
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.heap.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_out_by_time_class_target_source_and_counter() {
        let key = |at, class, target, source, counter| {
            OrderKey::new(Time(at), class, Addr(target), Addr(source), counter)
        };
        let ordered = [
            key(1, Class::Timer, 9, 9, 9),
            key(2, Class::Disk, 9, 9, 9),
            key(2, Class::Delivery, 1, 9, 9),
            key(2, Class::Delivery, 2, 1, 9),
            key(2, Class::Delivery, 2, 2, 1),
            key(2, Class::Delivery, 2, 2, 2),
            key(2, Class::Timer, 0, 0, 0),
            key(1 << 47, Class::Disk, 0, 0, 0),
        ];
        let mut queue = Queue::default();
        for index in [3, 0, 7, 5, 1, 6, 2, 4] {
            queue.push(ordered[index], index);
        }
        let popped: Vec<usize> =
            std::iter::from_fn(|| queue.pop().map(|(_, event)| event)).collect();
        assert_eq!(popped, [0, 1, 2, 3, 4, 5, 6, 7]);
        assert!(queue.is_empty());
    }
}
