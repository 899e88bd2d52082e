//! Replicas that live through a history, and what each has seen.

use super::Lab;
use super::erased::{Operation, Replica};
use super::history::{MOST_STEPS, REPLICAS, Step};
use super::specification::{Fact, Visible};
use crate::crdt::Dot;
use crate::crdt::replicated::{Act, Writer};

/// What travelled after an act.
#[derive(Clone, Debug)]
pub struct Sent {
    /// As an operation.
    pub operation: Operation,
    /// As a delta.
    pub delta: Box<dyn Replica>,
}

/// The replicas of a history.
#[derive(Debug)]
pub struct World {
    /// By place.
    pub replicas: Vec<Box<dyn Replica>>,
    /// By place: a bit for each fact that the replica has seen.
    pub seen: Vec<u64>,
    /// What was done, in order.
    pub facts: Vec<Fact>,
    /// What travelled after each of them.
    pub sent: Vec<Sent>,
}

/// What became of a step.
#[derive(Debug)]
pub enum Happened {
    /// The replica did something new; how it was before.
    Updated {
        /// Which.
        replica: u8,
        /// Its state before.
        before: Box<dyn Replica>,
    },
    /// The replica refused.
    Refused,
    /// The replica forgot something, or heard of something.
    Settled,
}

impl World {
    /// Replicas that have seen nothing.
    pub fn new(lab: &dyn Lab) -> Self {
        let places = 0..REPLICAS;
        Self {
            replicas: places.clone().map(|_| lab.empty()).collect(),
            seen: places.map(|_| 0).collect(),
            facts: Vec::new(),
            sent: Vec::new(),
        }
    }

    /// Lets something happen.
    ///
    /// # Panics
    /// If it is at no replica, or the step beyond [`MOST_STEPS`].
    pub fn step(&mut self, step: Step) -> Happened {
        match step {
            Step::Merge { from, into } => {
                let (from, into) = (usize::from(from), usize::from(into));
                let other = self.replicas[from].clone();
                self.replicas[into].merge(other.as_ref());
                self.seen[into] |= self.seen[from];
                Happened::Settled
            }
            Step::Act { replica, time, act } => self.act(replica, time, act),
        }
    }

    fn act(&mut self, replica: u8, time: u32, act: Act) -> Happened {
        assert!(self.facts.len() < MOST_STEPS, "a bit for each fact");
        let place = usize::from(replica);
        let own = self.facts.iter().map(|fact| fact.writer.dot);
        let own = own.filter(|dot| dot.origin == replica);
        let writer = Writer {
            dot: Dot {
                origin: replica,
                counter: own.count() as u32 + 1,
            },
            time,
            replicas: REPLICAS,
        };
        let state = &mut self.replicas[place];
        let Some(operation) = state.prepare(writer, act) else {
            return Happened::Refused;
        };
        let before = state.clone();
        state.apply(&operation);
        if act == Act::Collect {
            return Happened::Settled;
        }
        let delta = state.delta(&operation);
        let past = self.seen[place];
        self.seen[place] |= 1 << self.facts.len();
        self.facts.push(Fact { writer, act, past });
        self.sent.push(Sent { operation, delta });
        Happened::Updated { replica, before }
    }

    /// What a replica has seen.
    pub fn visible(&self, place: usize) -> Visible<'_> {
        Visible {
            facts: &self.facts,
            seen: self.seen[place],
        }
    }
}
