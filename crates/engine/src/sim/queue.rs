//! The event queue: a timing wheel for the next two seconds, a heap for the rest,
//! and a slab of payloads.
//!
//! Events have a total order without a global counter, so that an event added in
//! a branch reorders nothing that has nothing to do with it: by time, class,
//! target, source, and the source's own counter. The wheel (Varghese and Lauck,
//! "Hashed and hierarchical timing wheels", 1987) only makes it quick: its
//! buckets of about a millisecond are sorted when their turn comes.

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

/// The place of an event in the total order, packed: 48 bits of time and 8 of
/// class, then 16 of target, 16 of source and 32 of counter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct OrderKey {
    high: u64,
    low: u64,
}

impl OrderKey {
    /// Packs the parts, most significant first.
    pub fn new(at: Time, class: Class, target: Addr, source: Addr, counter: u32) -> Self {
        Self {
            high: at.0 << 8 | class as u64,
            low: u64::from(target.0) << 48 | u64::from(source.0) << 32 | u64::from(counter),
        }
    }

    /// When the event happens.
    pub fn at(self) -> Time {
        Time(self.high >> 8)
    }

    /// Which bucket of 1,024 microseconds it falls into, counted from time zero.
    fn bucket(self) -> u64 {
        self.at().0 >> 10
    }
}

/// Buckets of the wheel; a power of two.
const BUCKETS: u64 = 2_048;

/// A key and the slot of its payload.
type Entry = (OrderKey, u32);

/// A queue of `T`, popped in the order of [`OrderKey`].
#[derive(Clone, Debug)]
pub struct Queue<T> {
    /// Everything up to and including bucket `reached`, the next event last. Not
    /// empty unless the queue is.
    current: Vec<Entry>,
    reached: u64,
    /// Buckets after `reached`, unsorted, at their number modulo [`BUCKETS`].
    wheel: Vec<Vec<Entry>>,
    /// A bit for each bucket that is not empty.
    occupied: Vec<u64>,
    /// What lay beyond the wheel when it was added.
    overflow: BinaryHeap<Reverse<Entry>>,
    slots: Vec<Option<T>>,
    free: Vec<u32>,
    len: u32,
}

impl<T> Default for Queue<T> {
    fn default() -> Self {
        Self {
            current: Vec::new(),
            reached: 0,
            wheel: vec![Vec::new(); BUCKETS as usize],
            occupied: vec![0; BUCKETS as usize / 64],
            overflow: BinaryHeap::new(),
            slots: Vec::new(),
            free: Vec::new(),
            len: 0,
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
        self.len += 1;
        let bucket = key.bucket();
        if bucket <= self.reached {
            let place = self.current.partition_point(|&(other, _)| other > key);
            self.current.insert(place, (key, slot));
        } else if bucket - self.reached < BUCKETS {
            let index = bucket % BUCKETS;
            self.wheel[index as usize].push((key, slot));
            self.occupied[index as usize / 64] |= 1 << (index % 64);
        } else {
            self.overflow.push(Reverse((key, slot)));
        }
        if self.current.is_empty() {
            self.advance();
        }
    }

    /// When the next event happens, if there is one.
    pub fn next_at(&self) -> Option<Time> {
        self.current.last().map(|&(key, _)| key.at())
    }

    /// Takes the next event.
    pub fn pop(&mut self) -> Option<(Time, T)> {
        let (key, slot) = self.current.pop()?;
        self.len -= 1;
        self.free.push(slot);
        if self.current.is_empty() && self.len > 0 {
            self.advance();
        }
        // Last, so that the payload is moved once.
        let event = self.slots[slot as usize].take()?;
        Some((key.at(), event))
    }

    /// Fills `current`, which is empty, with the next bucket that has anything.
    fn advance(&mut self) {
        let beyond = self.overflow.peek().map(|Reverse((key, _))| key.bucket());
        let Some(bucket) = [self.next_occupied(), beyond].into_iter().flatten().min() else {
            return;
        };
        let index = bucket % BUCKETS;
        // Only the bucket itself may stand there: all others lie less than a turn ahead.
        if bucket - self.reached < BUCKETS {
            std::mem::swap(&mut self.current, &mut self.wheel[index as usize]);
            self.occupied[index as usize / 64] &= !(1 << (index % 64));
        }
        self.reached = bucket;
        while let Some(Reverse((key, _))) = self.overflow.peek()
            && key.bucket() == bucket
        {
            self.current
                .extend(self.overflow.pop().map(|Reverse(entry)| entry));
        }
        self.current.sort_unstable_by(|left, right| right.cmp(left));
    }

    /// The first bucket after `reached` in the wheel that has anything.
    fn next_occupied(&self) -> Option<u64> {
        let words = self.occupied.len() as u64;
        let from = self.reached + 1;
        for step in 0..=words {
            let start = (from / 64 + step) * 64;
            let mut bits = self.occupied[(start / 64 % words) as usize];
            if step == 0 {
                bits &= u64::MAX << (from % 64);
            }
            if bits != 0 {
                return Some(start + u64::from(bits.trailing_zeros()));
            }
        }
        None
    }

    /// How many events wait.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether none waits.
    pub fn is_empty(&self) -> bool {
        self.len == 0
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

    #[test]
    fn the_wheel_gives_the_same_order_as_a_sorted_list() {
        let mut queue = Queue::default();
        let mut waiting: Vec<OrderKey> = Vec::new();
        let mut word = 1;
        let mut now = 0;
        for counter in 0..20_000 {
            word = crate::sim::dice::mix(word);
            if !word.is_multiple_of(3) || waiting.is_empty() {
                // Mostly near, sometimes within the wheel, sometimes far beyond it.
                let span =
                    [50, 900, 700_000, 2_097_000, 2_098_000, 90_000_000][(word >> 8) as usize % 6];
                let at = Time(now + (word >> 16) % span);
                let key = OrderKey::new(at, Class::Timer, Addr(0), Addr(0), counter);
                queue.push(key, key);
                waiting.push(key);
            } else {
                waiting.sort_unstable();
                let first = waiting.remove(0);
                assert_eq!(queue.next_at(), Some(first.at()));
                assert_eq!(queue.pop(), Some((first.at(), first)));
                now = first.at().0;
            }
        }
        assert_eq!(queue.len() as usize, waiting.len());
    }
}
