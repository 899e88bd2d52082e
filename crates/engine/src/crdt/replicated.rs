//! What every replicated data type can do, so that laws, lab and benches go over all of
//! them: prepare an act at its origin, apply what travels, merge, and show itself.
//!
//! A type has up to three forms. *State*: a whole replica travels and is merged.
//! *Delta*: a small state with just the news, merged the same way. *Operation*: the
//! update itself, delivered once and after everything its origin had seen. Shapiro,
//! Preguiça, Baquero and Zawirski, "A comprehensive study of convergent and commutative
//! replicated data types", 2011, section 2; Almeida, Shoker and Baquero, "Delta state
//! replicated data types", 2018.

use std::fmt::Debug;

use super::{Dot, DotContext};

/// A time stamp that no other write has: time first, the write's name where clocks tie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stamp {
    /// What the wall clock of the origin showed, in ticks.
    pub time: u32,
    /// The write's name.
    pub dot: Dot,
}

impl Stamp {
    /// On the wire, in bytes: a time of 8 and a dot.
    pub const BYTES: u32 = 8 + Dot::BYTES;
}

/// Who acts, and what can be known of the moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Writer {
    /// The name of what is written: the replica, and which of its acts it is, from 1.
    pub dot: Dot,
    /// What the replica's wall clock shows, in ticks. Clocks may be wrong.
    pub time: u32,
    /// How many replicas there are.
    pub replicas: u8,
}

impl Writer {
    /// The stamp of what is written.
    pub const fn stamp(self) -> Stamp {
        Stamp {
            time: self.time,
            dot: self.dot,
        }
    }
}

/// What somebody does to a replica. Each type understands some of these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Act {
    /// Counts up by this much.
    Increment(u32),
    /// Counts down by this much.
    Decrement(u32),
    /// Gives rights to count down to another replica.
    Transfer {
        /// Which.
        to: u8,
        /// How many.
        by: u32,
    },
    /// Puts more of an item into a cart.
    Raise {
        /// Which.
        item: u8,
        /// How many more.
        by: u32,
    },
    /// Takes some of an item out of a cart.
    Lower {
        /// Which.
        item: u8,
        /// How many less.
        by: u32,
    },
    /// Puts an item into a set.
    Add(u8),
    /// Takes an item out of a set.
    Remove(u8),
    /// Writes a register, having read what is there.
    Write(u32),
    /// Writes a register without having read it: by a client who gives back no context.
    BlindWrite(u32),
    /// Writes an entry of a map or a field of a record.
    Put {
        /// Of which key.
        key: u8,
        /// What.
        value: u32,
    },
    /// Deletes an entry of a map.
    Delete(u8),
    /// Types a character.
    Insert {
        /// How many visible characters stand before it; the end, where there are fewer.
        at: u32,
        /// Which.
        letter: char,
    },
    /// Deletes the character that has this many visible ones before it.
    Erase(u32),
    /// Forgets tombstones. Not an update: it must not change the value.
    Collect,
}

/// The kinds of acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verb {
    /// [`Act::Increment`].
    Increment,
    /// [`Act::Decrement`].
    Decrement,
    /// [`Act::Transfer`].
    Transfer,
    /// [`Act::Raise`].
    Raise,
    /// [`Act::Lower`].
    Lower,
    /// [`Act::Add`].
    Add,
    /// [`Act::Remove`].
    Remove,
    /// [`Act::Write`].
    Write,
    /// [`Act::BlindWrite`].
    BlindWrite,
    /// [`Act::Put`].
    Put,
    /// [`Act::Delete`].
    Delete,
    /// [`Act::Insert`].
    Insert,
    /// [`Act::Erase`].
    Erase,
    /// [`Act::Collect`].
    Collect,
}

impl Verb {
    /// Every one.
    pub const ALL: [Self; 14] = [
        Self::Increment,
        Self::Decrement,
        Self::Transfer,
        Self::Raise,
        Self::Lower,
        Self::Add,
        Self::Remove,
        Self::Write,
        Self::BlindWrite,
        Self::Put,
        Self::Delete,
        Self::Insert,
        Self::Erase,
        Self::Collect,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Increment => "increment",
            Self::Decrement => "decrement",
            Self::Transfer => "transfer",
            Self::Raise => "raise",
            Self::Lower => "lower",
            Self::Add => "add",
            Self::Remove => "remove",
            Self::Write => "write",
            Self::BlindWrite => "blind_write",
            Self::Put => "put",
            Self::Delete => "delete",
            Self::Insert => "insert",
            Self::Erase => "erase",
            Self::Collect => "collect",
        }
    }
}

/// The numbers of an act; each verb takes those that it has a place for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Numbers {
    /// An item, a key, or the replica that rights go to.
    pub item: u8,
    /// How much.
    pub by: u32,
    /// What is written.
    pub value: u32,
    /// Before how many characters.
    pub at: u32,
    /// What is typed.
    pub letter: char,
}

impl Numbers {
    /// The act of a verb with these.
    pub const fn act(self, verb: Verb) -> Act {
        let Self {
            item,
            by,
            value,
            at,
            letter,
        } = self;
        match verb {
            Verb::Increment => Act::Increment(by),
            Verb::Decrement => Act::Decrement(by),
            Verb::Transfer => Act::Transfer { to: item, by },
            Verb::Raise => Act::Raise { item, by },
            Verb::Lower => Act::Lower { item, by },
            Verb::Add => Act::Add(item),
            Verb::Remove => Act::Remove(item),
            Verb::Write => Act::Write(value),
            Verb::BlindWrite => Act::BlindWrite(value),
            Verb::Put => Act::Put { key: item, value },
            Verb::Delete => Act::Delete(item),
            Verb::Insert => Act::Insert { at, letter },
            Verb::Erase => Act::Erase(at),
            Verb::Collect => Act::Collect,
        }
    }
}

impl Act {
    /// Its kind.
    pub const fn verb(self) -> Verb {
        match self {
            Self::Increment(_) => Verb::Increment,
            Self::Decrement(_) => Verb::Decrement,
            Self::Transfer { .. } => Verb::Transfer,
            Self::Raise { .. } => Verb::Raise,
            Self::Lower { .. } => Verb::Lower,
            Self::Add(_) => Verb::Add,
            Self::Remove(_) => Verb::Remove,
            Self::Write(_) => Verb::Write,
            Self::BlindWrite(_) => Verb::BlindWrite,
            Self::Put { .. } => Verb::Put,
            Self::Delete(_) => Verb::Delete,
            Self::Insert { .. } => Verb::Insert,
            Self::Erase(_) => Verb::Erase,
            Self::Collect => Verb::Collect,
        }
    }
}

/// What a replica shows to whoever reads it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Content {
    /// A counter's number.
    Number(i64),
    /// The items of a set, in order.
    Items(Vec<u8>),
    /// How many of each item, in order, none of them 0.
    Quantities(Vec<(u8, i64)>),
    /// A register's values, in order: none, one, or siblings.
    Values(Vec<u32>),
    /// The values under each key, both in order; no key without one.
    Entries(Vec<(u8, Vec<u32>)>),
    /// A text.
    Text(String),
}

/// One thing in a replica's state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Datum {
    /// A replica.
    Replica(u8),
    /// An item, a key or a field.
    Item(u8),
    /// A number.
    Number(i64),
    /// A write's name.
    Dot(Dot),
    /// A time stamp.
    Stamp(Stamp),
    /// A character.
    Letter(char),
}

/// A part of a replica's state, to be drawn: its name, and rows of what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Id of its name; one of [`PARTS`].
    pub id: &'static str,
    /// What is in it.
    pub rows: Vec<Vec<Datum>>,
}

impl Part {
    /// A part of the state.
    pub fn new(id: &'static str, rows: impl Iterator<Item = Vec<Datum>>) -> Self {
        Self {
            id,
            rows: rows.collect(),
        }
    }
}

/// Every name of a part.
pub const PARTS: &[&str] = &[
    "added", "context", "counts", "deleted", "down", "held", "letters", "missing", "number",
    "removed", "rights", "seen_by", "up", "used", "waiting",
];

/// A replicated data type: the state of one replica, and equally a delta of it.
///
/// States are equal when they hold the same; how they came to it must not matter.
pub trait Replicated: Clone + PartialEq + Debug {
    /// What travels in the operation form.
    type Update: Clone + Debug;

    /// What an act becomes at its origin, or nothing where the type refuses it.
    fn prepare(&self, writer: Writer, act: Act) -> Option<Self::Update>;

    /// The same for a client of this replica who had read just so much of it; it matters to
    /// types that [tell](Self::told) their readers what they read.
    fn prepare_after(&self, writer: Writer, act: Act, read: &DotContext) -> Option<Self::Update> {
        let _ = read;
        self.prepare(writer, act)
    }

    /// What whoever reads this is to give back with the next write; nothing where writes do
    /// not depend on what was read.
    fn told(&self) -> Option<DotContext> {
        None
    }

    /// Applies an update: at its origin, and once at every other replica, after all that
    /// its origin had seen.
    fn apply(&mut self, update: &Self::Update);

    /// Joins another replica's state, or a delta.
    fn merge(&mut self, other: &Self);

    /// The delta form of an update that this state, its origin's, has just applied.
    #[must_use]
    fn delta(&self, update: &Self::Update) -> Self;

    /// What a read returns.
    fn value(&self) -> Content;

    /// What it is made of, to be drawn.
    fn state(&self) -> Vec<Part>;

    /// Its size on the wire in bytes: that of a state, or of a delta.
    fn bytes(&self) -> u32;

    /// An update's size on the wire in bytes.
    fn update_bytes(update: &Self::Update) -> u32;

    /// The removals that are remembered, in order: the tombstones. None where the type keeps
    /// none that could be dropped.
    fn tombstones(&self) -> Vec<Dot> {
        Vec::new()
    }

    /// Forgets a removal, and what it removed: here only, and whoever may still need it.
    fn forget(&mut self, removal: Dot) {
        let _ = removal;
    }
}

/// Two states joined, neither changed.
#[must_use]
pub fn joined<T: Replicated>(left: &T, right: &T) -> T {
    let mut joined = left.clone();
    joined.merge(right);
    joined
}
