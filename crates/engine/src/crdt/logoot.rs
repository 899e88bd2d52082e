//! A sequence by positions that mixes what is written at one place at a time: Logoot.
//!
//! # What it does
//! Every character has a position, a path of numbers with the dot of whoever made them, and
//! the text is the characters in the order of their positions. What is typed between two
//! characters gets a position between theirs: half way, one step deeper where there is no
//! room. A deletion takes a character out and remembers its dot.
//!
//! # Guarantees
//! All replicas show the same text, no character is lost, and the order that anybody saw
//! stays.
//!
//! # Gives up
//! Keeping together what belongs together: two people who type at one place at a time halve
//! the same gap again and again, and their words come out shuffled like cards. No rule for
//! merging puts that right afterwards, since positions say nothing of what was typed after
//! what.
//!
//! # Cost
//! A path and a dot for each character, longer where much is typed; the dot of each deleted
//! one.
//!
//! # Source
//! Weiss, Urso and Molli, "Logoot: a scalable optimistic replication algorithm for
//! collaborative editing on P2P networks", 2009, section 4; the anomaly: Kleppmann, Gomes,
//! Mulligan and Beresford, "Interleaving anomalies in collaborative text editors", 2019,
//! section 2. Logoot draws a number at random in the gap, which mixes as well; here it is the
//! middle, so that a run says nothing of luck.

use splitbrain_sorted::Map;

use super::Dot;
use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it: of what worlds are judged by it loses nothing. The law lab
/// finds what it does not keep.
pub const INFO: Info = Info {
    id: "logoot",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::MetadataPerElement,
        Cost::TombstonePerRemoval,
    ],
    sources: &[
        "Weiss, Urso and Molli, Logoot: a scalable optimistic replication algorithm for collaborative editing on P2P networks, 2009",
        "Kleppmann, Gomes, Mulligan and Beresford, Interleaving anomalies in collaborative text editors, 2019",
    ],
};

/// Beyond the last number of a step.
const END: u32 = 1 << 16;

/// A step of a position. A real one has a number of at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Step {
    number: u32,
    dot: Dot,
}

impl Step {
    /// On the wire, in bytes: a number of two and a dot.
    const BYTES: u32 = 2 + Dot::BYTES;
    /// Before every real one, where a path has to go deeper below its neighbour.
    const LEAST: Self = Self {
        number: 0,
        dot: Dot {
            origin: 0,
            counter: 0,
        },
    };
}

/// Where a character stands: the longer of two paths that begin alike is the later.
pub type Position = Vec<Step>;

/// A change on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A character comes.
    Insert(Position, Dot, char),
    /// A character goes.
    Erase(Dot),
}

/// A replica of the text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Logoot {
    shown: Map<Position, (Dot, char)>,
    deleted: Map<Dot, ()>,
}

/// A position after the left and before the right one; none is the beginning or the end.
fn between(left: Option<&Position>, right: Option<&Position>, dot: Dot) -> Position {
    let left = left.map_or(&[][..], Vec::as_slice);
    // Whatever goes deeper below what stands before it has nothing at its right any more.
    let mut bound = right.map(Vec::as_slice);
    let mut path = Position::new();
    loop {
        let depth = path.len();
        let step = left.get(depth).copied().unwrap_or(Step::LEAST);
        let limit = bound.and_then(|bound| bound.get(depth));
        let gap = limit.map_or(END, |limit| limit.number) - step.number;
        if gap > 1 {
            let number = step.number + gap / 2;
            path.push(Step { number, dot });
            return path;
        }
        if limit != Some(&step) {
            bound = None;
        }
        path.push(step);
    }
}

impl Logoot {
    fn take_in(&mut self, position: &Position, dot: Dot, letter: char) {
        if !self.deleted.contains_key(&dot) {
            self.shown.insert(position.clone(), (dot, letter));
        }
    }

    fn take_out(&mut self, dot: Dot) {
        self.deleted.insert(dot, ());
        self.shown.retain(|_, held| held.0 != dot);
    }
}

impl Replicated for Logoot {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        match act {
            Act::Insert { at, letter } => {
                let at = (at as usize).min(self.shown.len());
                let mut around = self.shown.keys().skip(at.saturating_sub(1));
                let left = (at > 0).then(|| around.next()).flatten();
                let position = between(left, around.next(), writer.dot);
                Some(Change::Insert(position, writer.dot, letter))
            }
            Act::Erase(at) => {
                let held = self.shown.values().nth(at as usize);
                held.map(|held| Change::Erase(held.0))
            }
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match update {
            Change::Insert(position, dot, letter) => self.take_in(position, *dot, *letter),
            Change::Erase(dot) => self.take_out(*dot),
        }
    }

    fn merge(&mut self, other: &Self) {
        for &dot in other.deleted.keys() {
            self.take_out(dot);
        }
        for (position, &(dot, letter)) in other.shown.iter() {
            self.take_in(position, dot, letter);
        }
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        Content::Text(self.shown.values().map(|held| held.1).collect())
    }

    fn state(&self) -> Vec<Part> {
        let shown = self.shown.values();
        let letters = shown.map(|&(dot, letter)| vec![Datum::Letter(letter), Datum::Dot(dot)]);
        let deleted = self.deleted.keys().map(|&dot| vec![Datum::Dot(dot)]);
        vec![Part::new("letters", letters), Part::new("deleted", deleted)]
    }

    fn bytes(&self) -> u32 {
        let steps: usize = self.shown.keys().map(Vec::len).sum();
        // A dot and a character each, besides the path.
        4 + Step::BYTES * steps as u32
            + (Dot::BYTES + 4) * self.shown.len() as u32
            + Dot::BYTES * self.deleted.len() as u32
    }

    fn update_bytes(update: &Change) -> u32 {
        match update {
            Change::Insert(position, ..) => Step::BYTES * position.len() as u32 + Dot::BYTES + 5,
            Change::Erase(_) => Dot::BYTES + 1,
        }
    }
}

#[cfg(test)]
#[path = "logoot_tests.rs"]
mod tests;
