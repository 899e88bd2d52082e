//! One key of one replica: the state, what it rests on, and what others may lack of it.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::act::value;
use super::message::{Letter, Load, Whole};
use super::provenance::{Change, Mark, Provenance, Told};
use super::removals::Removals;
use crate::clocks::VersionVector;
use crate::conflict::ReadContext;
use crate::crdt::laws::{Operation, Replica};
use crate::crdt::replicated::{Act, Writer};
use crate::crdt::{Dot, MergedType};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;

use super::forms::Form;

/// One key here. All of it is durable.
#[derive(Clone, Debug)]
pub(super) struct Cell {
    /// The state.
    pub(super) replica: Box<dyn Replica>,
    /// What a register shows before it is written.
    initial: Value,
    /// How many writes of each region are in it.
    pub(super) vector: VersionVector,
    /// Which of them it rests on.
    pub(super) provenance: Provenance,
    /// What each peer said it has.
    pub(super) peers: Vec<VersionVector>,
    /// Writes kept for peers that may lack them.
    log: Map<Dot, Letter>,
    /// Writes that came before something their origin had seen.
    early: Vec<Letter>,
    /// Removals that can be forgotten here, and those that were.
    pub(super) removals: Removals,
}

impl Cell {
    /// A key that nothing was written to.
    pub(super) fn new(of: &MergedType, regions: u8, initial: Value) -> Self {
        let none = VersionVector::new(regions);
        Self {
            replica: (of.empty)(),
            initial,
            vector: none.clone(),
            provenance: Provenance::new(of),
            peers: vec![none; regions as usize],
            log: Map::new(),
            early: Vec::new(),
            removals: Removals::new(of.has_tombstones, regions),
        }
    }

    /// What a read returns.
    pub(super) fn value(&self) -> Value {
        value(&self.replica.value(), self.initial)
    }

    /// What an act by this writer becomes, if the type takes it; `read` is what its customer
    /// had read, where that is told.
    pub(super) fn prepare(
        &self,
        writer: Writer,
        act: Act,
        read: Option<&ReadContext>,
    ) -> Option<Operation> {
        match read {
            Some(read) => self.replica.prepare_after(writer, act, &read.dots),
            None => self.replica.prepare(writer, act),
        }
    }

    /// What whoever is told the value gives back with her next write, where that matters.
    pub(super) fn told(&self) -> Option<ReadContext> {
        let dots = self.replica.told()?;
        Some(ReadContext {
            is_given: true,
            dots,
            writes: self.provenance.stands(),
        })
    }

    /// What a request goes by of what its customer had read: all that is here, where she
    /// settles it, else what her app gave back; nothing where no type goes by it.
    pub(super) fn read(
        &self,
        kind: OpKind,
        given: Option<&Rc<ReadContext>>,
    ) -> Option<Rc<ReadContext>> {
        let mut here = self.told()?;
        if kind != OpKind::Resolve {
            return Some(given.cloned().unwrap_or_default());
        }
        if let Some(given) = given {
            here.merge(given);
        }
        Some(Rc::new(here))
    }

    /// Applies a write of this replica's own, and gives what is to travel.
    pub(super) fn write(
        &mut self,
        operation: Operation,
        mark: Mark,
        form: Form,
        told: &mut Vec<Told>,
    ) -> Letter {
        let past = self.vector.clone();
        self.operate(&operation, &mark, told);
        let load = match form {
            Form::Delta => Load::Delta(Rc::from(self.replica.delta(&operation))),
            Form::Operation => Load::Operation(operation),
            Form::State => Load::Nothing,
        };
        let letter = Letter { mark, past, load };
        self.log.insert(letter.mark.dot, letter.clone());
        letter
    }

    /// Does what changes no value: forgets tombstones, and notes how far this replica is.
    /// Whether that changed the state.
    pub(super) fn collect(&mut self, writer: Writer) -> bool {
        let Some(operation) = self.replica.prepare(writer, Act::Collect) else {
            return false;
        };
        let before = self.replica.boxed_clone();
        self.replica.apply(&operation);
        !self.replica.is_same(before.as_ref())
    }

    fn operate(&mut self, operation: &Operation, mark: &Mark, told: &mut Vec<Told>) {
        let before = self.replica.boxed_clone();
        self.replica.apply(operation);
        self.changed(before.as_ref(), std::slice::from_ref(mark), None, told);
    }

    fn changed(
        &mut self,
        before: &dyn Replica,
        marks: &[Mark],
        newest: Option<&Mark>,
        told: &mut Vec<Told>,
    ) {
        for mark in marks {
            let Dot { origin, counter } = mark.dot;
            let known = self.vector.get(origin);
            self.vector.set(origin, known.max(counter));
            self.removals.note(mark);
        }
        let change = Change {
            marks,
            shown: self.value(),
            has_changed: !self.replica.is_same(before),
            names: &self.provenance.names(self.replica.as_ref()),
            newest,
        };
        self.provenance.take(change, told);
    }

    /// Whether a write is here, or waits here.
    pub(super) fn has(&self, dot: Dot) -> bool {
        dot.counter <= self.vector.get(dot.origin)
            || self.early.iter().any(|letter| letter.mark.dot == dot)
    }

    /// Takes in a write, and whatever waited for it.
    pub(super) fn take(&mut self, letter: Letter, told: &mut Vec<Told>) {
        if self.has(letter.mark.dot) {
            return;
        }
        self.early.push(letter);
        self.take_early(told);
    }

    fn take_early(&mut self, told: &mut Vec<Told>) {
        while let Some(place) = self
            .early
            .iter()
            .position(|letter| self.vector.covers(&letter.past))
        {
            let letter = self.early.remove(place);
            match &letter.load {
                Load::Operation(operation) => self.operate(operation, &letter.mark, told),
                Load::Delta(delta) => {
                    let before = self.replica.boxed_clone();
                    self.replica.merge(delta.as_ref());
                    let mark = std::slice::from_ref(&letter.mark);
                    self.changed(before.as_ref(), mark, None, told);
                }
                Load::Nothing => {}
            }
            self.log.insert(letter.mark.dot, letter);
        }
    }

    /// Merges another replica's state. Whether it shows something else now though no write
    /// came with it.
    pub(super) fn merge(&mut self, whole: &Whole, told: &mut Vec<Told>) -> bool {
        // What everybody has told to have is forgotten. A state from before that is late.
        if !self.removals.are_in(&whole.vector) {
            return false;
        }
        let (before, shown) = (self.replica.boxed_clone(), self.value());
        self.replica.merge(whole.state.as_ref());
        let mut marks = whole.marks.clone();
        marks.retain(|mark| mark.dot.counter > self.vector.get(mark.dot.origin));
        marks.sort_by_key(|mark| (mark.write, mark.dot));
        for mark in &marks {
            let letter = Letter {
                mark: mark.clone(),
                past: self.vector.clone(),
                load: Load::Nothing,
            };
            self.log.insert(mark.dot, letter);
        }
        self.changed(before.as_ref(), &marks, whole.newest.as_ref(), told);
        let vector = &self.vector;
        let is_new = |letter: &Letter| letter.mark.dot.counter > vector.get(letter.mark.dot.origin);
        self.early.retain(is_new);
        self.take_early(told);
        marks.is_empty() && self.value() != shown
    }

    /// Writes that somebody who has this lacks.
    pub(super) fn lacking(&self, theirs: &VersionVector) -> Vec<Letter> {
        let log = self.log.iter();
        let lacks = log.filter(|(dot, _)| dot.counter > theirs.get(dot.origin));
        lacks.map(|(_, letter)| letter.clone()).collect()
    }

    /// Writes of one region that another is not known to have.
    pub(super) fn unconfirmed(&self, origin: u8, region: u8) -> impl Iterator<Item = FactId> {
        let has = self.peers[region as usize].get(origin);
        let log = self.log.iter();
        let lacks = log.filter(move |(dot, _)| dot.origin == origin && dot.counter > has);
        lacks.map(|(_, letter)| letter.mark.write)
    }

    /// All of it, for a peer.
    pub(super) fn whole(&self, region: u8) -> Whole {
        let lacking = self.lacking(&self.peers[region as usize]);
        Whole {
            state: Rc::from(self.replica.boxed_clone()),
            vector: self.vector.clone(),
            marks: lacking.into_iter().map(|letter| letter.mark).collect(),
            newest: self.provenance.newest().cloned(),
        }
    }

    /// Forgets writes that every peer has.
    pub(super) fn trim(&mut self, others: impl Iterator<Item = u8> + Clone) {
        let peers = &self.peers;
        self.log.retain(|dot, _| {
            let mut lacks = others.clone();
            lacks.any(|region| peers[region as usize].get(dot.origin) < dot.counter)
        });
    }

    /// What the next write of a region is called.
    pub(super) fn next(&self, origin: u8) -> Dot {
        Dot {
            origin,
            counter: self.vector.get(origin) + 1,
        }
    }

    /// A mark for a write that this replica is about to make.
    pub(super) fn mark(
        &self,
        dot: Dot,
        (kind, argument): (OpKind, Value),
        read: Option<Rc<ReadContext>>,
        stamp_us: i64,
    ) -> Mark {
        // What its customer had read says more.
        let observed = match read {
            Some(_) => Rc::new([]),
            None => self.provenance.observed(kind, argument),
        };
        Mark {
            dot,
            write: crate::sim::fact::FactId::NONE,
            stamp_us,
            kind,
            argument,
            observed,
            read,
        }
    }
}
