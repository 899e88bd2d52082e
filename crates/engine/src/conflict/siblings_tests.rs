//! A region with one key, for the tests of the rules that keep siblings.

use std::rc::Rc;

use super::ReadContext;
use super::siblings::{Causality, Siblings};
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
