//! What the value of each type has to be, from what was done and seen alone.
//!
//! A specification is a function of the updates visible at a replica and of the visibility
//! between them, as in Burckhardt, Gotsman, Yang and Zawirski, "Replicated data types:
//! specification, verification, optimality", 2014. It knows no states, no merges and no
//! metadata, and it may be as slow as it likes.

mod counters;
mod registers;
mod sequences;
mod sets;

pub use counters::{difference, quantities};
pub use registers::{
    entries_not_overwritten, fields_by_stamp, last_by_hybrid_stamp, last_by_stamp,
    latest_of_standing, not_overwritten,
};
pub use sequences::{apart, by_positions, fugue};
pub use sets::{add_wins, added, added_and_never_removed, last_by_item, remove_wins};

use crate::crdt::replicated::{Act, Content, Writer};

/// Something that was done at a replica.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Who, and when.
    pub writer: Writer,
    /// What.
    pub act: Act,
    /// A bit for each earlier fact that the replica had seen.
    pub past: u64,
}

/// What a replica has seen.
#[derive(Clone, Copy, Debug)]
pub struct Visible<'a> {
    /// Everything that was done anywhere, in an order in which causes come first.
    pub facts: &'a [Fact],
    /// A bit for each of them that was seen.
    pub seen: u64,
}

impl<'a> Visible<'a> {
    /// The facts that were seen, with their places.
    pub fn iter(&self) -> impl Iterator<Item = (usize, &'a Fact)> + use<'a> {
        let seen = self.seen;
        let facts = self.facts.iter().enumerate();
        facts.filter(move |(at, _)| seen >> at & 1 == 1)
    }
}

impl Fact {
    /// Whether it was done by somebody who had seen the fact at this place.
    pub fn saw(&self, at: usize) -> bool {
        self.past >> at & 1 == 1
    }
}

/// What a specification asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// Exactly this.
    Is(Content),
    /// Any of these; there is at least one.
    OneOf(Vec<Content>),
}
