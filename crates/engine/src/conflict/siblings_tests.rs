//! A region with one key, for the tests of the rules that keep siblings; and the smallest
//! schedules that break them, found by a search that knows no rule.

use std::rc::Rc;

use super::ReadContext;
use super::siblings::{Causality, Siblings};
use super::siblings_by_dotted_version_vector::ByDots;
use super::siblings_by_version_vector::ByVectors;
use super::siblings_under_one_vector::ByOneVector;
use crate::crdt::{Dot, Object, Update};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::{Key, Value};

pub(super) struct Replica {
    held: Siblings,
    region: u8,
    writes: u32,
}

impl Replica {
    pub(super) fn new(causality: &'static dyn Causality, region: u8) -> Self {
        Self {
            held: Siblings::new(causality, Value(0)),
            region,
            writes: 0,
        }
    }

    pub(super) fn read(&self) -> Rc<ReadContext> {
        Rc::new(self.held.context().unwrap())
    }

    pub(super) fn write(&mut self, price: u32, read: Option<&Rc<ReadContext>>) -> Update {
        self.writes += 1;
        let update = Update {
            sequence: self.writes,
            dot: Dot {
                origin: self.region,
                counter: self.writes,
            },
            write: FactId(price),
            key: Key(0),
            stamp_us: 0,
            change: self.held.prepare_after(OpKind::Write, Value(price), read),
        };
        deliver(&update, self);
        update
    }

    /// The prices that stand, the least first.
    pub(super) fn numbers(&self) -> Vec<u32> {
        let held = self.held.held().iter();
        let mut numbers: Vec<u32> = held.map(|held| held.version.value.0).collect();
        numbers.sort_unstable();
        numbers
    }
}

pub(super) fn deliver(update: &Update, replica: &mut Replica) {
    replica.held.apply(update, &mut Vec::new());
}

/// What somebody does, in a world of two customers and two regions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// A customer writes in a region, and gives back all that she has read or written.
    Write(usize, usize),
    /// A customer reads in a region.
    Read(usize, usize),
    /// All that a region has accepted or heard of comes to the other one.
    Tell(usize),
}

const STEPS: [Step; 10] = [
    Step::Write(0, 0),
    Step::Write(0, 1),
    Step::Write(1, 0),
    Step::Write(1, 1),
    Step::Read(0, 0),
    Step::Read(0, 1),
    Step::Read(1, 0),
    Step::Read(1, 1),
    Step::Tell(0),
    Step::Tell(1),
];

/// What a rule did that is not so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// A version is gone, and nobody who had read it has written.
    Lost,
    /// A version stands over which somebody wrote who had read it.
    Stale,
}

/// Two regions and two customers, and beside them what is true: a bit a write.
struct World {
    regions: [Replica; 2],
    updates: Vec<Update>,
    /// Of each write, what its customer had read or written before.
    pasts: Vec<u32>,
    /// What has come to each region.
    come: [u32; 2],
    contexts: [ReadContext; 2],
    known: [u32; 2],
}

impl World {
    fn new(causality: &'static dyn Causality) -> Self {
        Self {
            regions: [0, 1].map(|region| Replica::new(causality, region)),
            updates: Vec::new(),
            pasts: Vec::new(),
            come: [0; 2],
            contexts: Default::default(),
            known: [0; 2],
        }
    }

    fn step(&mut self, step: Step) {
        match step {
            Step::Write(customer, region) => {
                let number = self.updates.len() as u32;
                let context = Rc::new(self.contexts[customer].clone());
                let update = self.regions[region].write(number, Some(&context));
                self.contexts[customer].is_given = true;
                self.contexts[customer].dots.insert(update.dot);
                self.pasts.push(self.known[customer]);
                self.known[customer] |= 1 << number;
                self.come[region] |= 1 << number;
                self.updates.push(update);
            }
            Step::Read(customer, region) => {
                let read = self.regions[region].read();
                self.contexts[customer].is_given = true;
                self.contexts[customer].dots.merge(&read.dots);
                // Of what was read, also what that was written over.
                let come = self.come[region];
                let read = { self.pasts.iter().enumerate() }
                    .filter(|(number, _)| come >> number & 1 == 1)
                    .fold(come, |read, (_, past)| read | past);
                self.known[customer] |= read;
            }
            Step::Tell(from) => {
                let to = 1 - from;
                for (number, update) in self.updates.iter().enumerate() {
                    if self.come[from] >> number & 1 == 1 && self.come[to] >> number & 1 == 0 {
                        deliver(update, &mut self.regions[to]);
                    }
                }
                self.come[to] |= self.come[from];
            }
        }
    }

    fn wrong(&self) -> Option<Wrong> {
        let numbers = 0..self.updates.len();
        (0..2).find_map(|region| {
            let come = |number: usize| self.come[region] >> number & 1 == 1;
            let over = { numbers.clone().filter(|&it| come(it)) }
                .fold(0, |over, number| over | self.pasts[number]);
            let should = self.come[region] & !over;
            let stands = { self.regions[region].numbers().into_iter() }
                .fold(0, |stands, number| stands | 1_u32 << number);
            match (should & !stands, stands & !should) {
                (0, 0) => None,
                (0, _) => Some(Wrong::Stale),
                (_, _) => Some(Wrong::Lost),
            }
        })
    }
}

/// The first of the shortest schedules after which something is wrong, tried in order of
/// their lengths, whatever the rule.
fn smallest(causality: &'static dyn Causality, most: u32) -> Option<(Vec<Step>, Wrong)> {
    (1..=most).find_map(|length| {
        (0..STEPS.len().pow(length)).find_map(|mut which| {
            let mut world = World::new(causality);
            let mut steps = Vec::new();
            for _ in 0..length {
                steps.push(STEPS[which % STEPS.len()]);
                which /= STEPS.len();
            }
            for &step in &steps {
                world.step(step);
            }
            world.wrong().map(|wrong| (steps, wrong))
        })
    })
}

#[test]
fn the_smallest_schedules_that_break_siblings_are_those_known_by_hand() {
    // One count a region: the second of two who have read nothing seems to know the first.
    let (steps, wrong) = smallest(&ByVectors, 4).unwrap();
    assert_eq!(steps, [Step::Write(1, 0), Step::Write(0, 0)]);
    assert_eq!(wrong, Wrong::Lost);
    // One vector for all: who writes twice beside another's keeps her own older version too.
    let (steps, wrong) = smallest(&ByOneVector, 4).unwrap();
    let known = [Step::Write(1, 0), Step::Write(0, 0), Step::Write(0, 0)];
    assert_eq!((steps.as_slice(), wrong), (&known[..], Wrong::Stale));
    assert_eq!(smallest(&ByDots, 4), None);
}
