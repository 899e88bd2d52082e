//! What keeps the siblings of one register at a replica: the data type, and the three
//! conflict rules.

use std::rc::Rc;

use splitbrain_engine::clocks::VersionVector;
use splitbrain_engine::conflict::ReadContext;
use splitbrain_engine::conflict::siblings::{Causality, Siblings};
use splitbrain_engine::conflict::siblings_by_dotted_version_vector::ByDots;
use splitbrain_engine::conflict::siblings_by_version_vector::ByVectors;
use splitbrain_engine::conflict::siblings_under_one_vector::ByOneVector;
use splitbrain_engine::crdt::{Dot, MultiValueRegister, Object, Replicated, Update};
use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::{Key, Value};

/// One replica of a register.
pub(super) trait Kept {
    /// What a read gives out, and a client returns with its next write.
    type Context: Clone + Default;

    /// A replica that nobody has written.
    fn new(place: u8) -> Self;

    fn context(&self) -> Self::Context;

    /// What a client returns who has read this too.
    fn join(context: &mut Self::Context, reply: &Self::Context);

    fn write(&mut self, number: u32, context: &Self::Context);

    /// Hears of what another replica has, or where single updates travel of these alone: a
    /// bit for each. What came.
    fn hear(&mut self, from: &Self, these: u64) -> u64;

    /// The numbers of the writes that stand.
    fn numbers(&self) -> Vec<u32>;
}

/// The data type: whole states travel.
pub(super) struct ByState {
    place: u8,
    register: MultiValueRegister,
    had: u64,
}

impl Kept for ByState {
    type Context = VersionVector;

    fn new(place: u8) -> Self {
        Self {
            place,
            register: MultiValueRegister::default(),
            had: 0,
        }
    }

    fn context(&self) -> VersionVector {
        self.register.context()
    }

    fn join(context: &mut VersionVector, reply: &VersionVector) {
        context.merge(reply);
    }

    fn write(&mut self, number: u32, context: &VersionVector) {
        let write = self.register.written(context.clone(), self.place, number);
        self.register.apply(&write);
        self.had |= 1 << number;
    }

    fn hear(&mut self, from: &Self, _: u64) -> u64 {
        self.register.merge(&from.register);
        self.had |= from.had;
        from.had
    }

    fn numbers(&self) -> Vec<u32> {
        self.register.siblings().map(|it| it.1).collect()
    }
}

/// A conflict rule: single updates travel, and may overtake each other.
pub(super) struct ByRule<C> {
    place: u8,
    siblings: Siblings,
    had: Vec<Update>,
    rule: std::marker::PhantomData<C>,
}

/// How a rule tells what a write replaces.
pub(super) trait Told {
    const CAUSALITY: &'static dyn Causality;
}

impl Told for ByDots {
    const CAUSALITY: &'static dyn Causality = &ByDots;
}

impl Told for ByVectors {
    const CAUSALITY: &'static dyn Causality = &ByVectors;
}

impl Told for ByOneVector {
    const CAUSALITY: &'static dyn Causality = &ByOneVector;
}

impl<C: Told> Kept for ByRule<C> {
    type Context = ReadContext;

    fn new(place: u8) -> Self {
        Self {
            place,
            siblings: Siblings::new(C::CAUSALITY, Value(0)),
            had: Vec::new(),
            rule: std::marker::PhantomData,
        }
    }

    fn context(&self) -> ReadContext {
        self.siblings.context().unwrap_or_default()
    }

    fn join(context: &mut ReadContext, reply: &ReadContext) {
        context.is_given |= reply.is_given;
        context.dots.merge(&reply.dots);
    }

    fn write(&mut self, number: u32, context: &ReadContext) {
        let own = { self.had.iter() }.filter(|update| update.dot.origin == self.place);
        let counter = own.count() as u32 + 1;
        let (kind, context) = (OpKind::Write, Rc::new(context.clone()));
        let update = Update {
            sequence: counter,
            dot: Dot {
                origin: self.place,
                counter,
            },
            write: FactId(number),
            key: Key(0),
            stamp_us: 0,
            change: (self.siblings).prepare_after(kind, Value(number), Some(&context)),
        };
        self.siblings.apply(&update, &mut Vec::new());
        self.had.push(update);
    }

    fn hear(&mut self, from: &Self, these: u64) -> u64 {
        let mut come = 0;
        for update in from.had.iter().filter(|it| these >> it.write.0 & 1 == 1) {
            come |= 1 << update.write.0;
            if self.had.iter().all(|own| own.write != update.write) {
                self.siblings.apply(update, &mut Vec::new());
                self.had.push(update.clone());
            }
        }
        come
    }

    fn numbers(&self) -> Vec<u32> {
        let held = self.siblings.held().iter();
        held.map(|held| held.version.write.0).collect()
    }
}
