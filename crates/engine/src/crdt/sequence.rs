//! A sequence of characters for writing one text together: Fugue.
//!
//! # What it does
//! Every character is a node of a tree and has a side: it stands left or right of its
//! parent. Typed after a character that has nothing at its right yet, it becomes that one's
//! right child; otherwise the left child of the character that follows. Siblings stand in
//! the order of their dots, and the text is the tree read from left to right. A deleted
//! character leaves its node behind.
//!
//! # Guarantees
//! All replicas show the same text, in which the characters keep the order that anybody
//! ever saw; what two people type at one place at a time stands one after the other and is
//! never interleaved, whether they type forwards or backwards.
//!
//! # Gives up
//! Forgetting: deleted nodes stay, since others hang on them.
//!
//! # Cost
//! A dot, a parent and a side for each character ever typed. Here each travels by itself;
//! real editors send runs of characters.
//!
//! # Source
//! Weidner and Kleppmann, "The art of the fugue: minimizing interleaving in collaborative
//! text editing", 2023, algorithm 1.

use super::Dot;
use super::replicated::{Act, Content, Datum, Part, Replicated, Writer};
use crate::policy::{Cost, Info, Property, Soundness};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "sequence",
    keeps: &[Property::AcknowledgedWrites, Property::Convergence],
    gives_up: &[],
    soundness: Soundness::Sound,
    costs: &[
        Cost::AnswersLocally,
        Cost::MetadataPerElement,
        Cost::TombstonePerRemoval,
    ],
    sources: &[
        "Weidner and Kleppmann, The art of the fugue: minimizing interleaving in collaborative text editing, 2023",
    ],
};

/// Where a character hangs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Before its parent.
    Left,
    /// After its parent.
    Right,
}

/// A character and its place in the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Typed {
    /// Its name.
    pub dot: Dot,
    /// The character.
    pub letter: char,
    /// What it hangs on; none is the root.
    pub parent: Option<Dot>,
    /// On which side.
    pub side: Side,
}

/// A change on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// A character comes.
    Insert(Typed),
    /// A character goes.
    Erase(Dot),
}

#[derive(Clone, Debug)]
struct Node {
    typed: Typed,
    is_deleted: bool,
    /// Children on either side, in the order of their dots; places in the list of nodes.
    left: Vec<u32>,
    right: Vec<u32>,
}

/// The place of the root in the list of nodes. It is no character.
const ROOT: u32 = 0;

/// A replica of the text.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// In the order in which they came, the root first. Parents come before children.
    nodes: Vec<Node>,
    /// By origin and counter: the place in the list of nodes, or [`ROOT`] for none.
    places: Vec<Vec<u32>>,
    /// The characters in the order of the text, deleted ones too.
    order: Vec<u32>,
    deleted: u32,
    /// The last place of `order` that was used, and how many visible ones stand before it:
    /// most edits are near the one before.
    last: (u32, u32),
    /// Characters whose parents, and deletions whose characters have not come yet. Sorted.
    waiting: (Vec<Typed>, Vec<Dot>),
}

impl Default for Sequence {
    fn default() -> Self {
        let dot = Dot {
            origin: 0,
            counter: 0,
        };
        let root = Node {
            typed: Typed {
                dot,
                letter: '\0',
                parent: None,
                side: Side::Right,
            },
            is_deleted: true,
            left: Vec::new(),
            right: Vec::new(),
        };
        Self {
            nodes: vec![root],
            places: Vec::new(),
            order: Vec::new(),
            deleted: 0,
            last: (0, 0),
            waiting: (Vec::new(), Vec::new()),
        }
    }
}

impl PartialEq for Sequence {
    /// Two states are equal when they show and remember the same characters in one order,
    /// and wait for the same.
    fn eq(&self, other: &Self) -> bool {
        let all = |it: &Self| -> Vec<(Typed, bool)> {
            let nodes = it.nodes();
            nodes.map(|node| (node.typed, node.is_deleted)).collect()
        };
        self.order.len() == other.order.len()
            && self.deleted == other.deleted
            && self.waiting == other.waiting
            && all(self) == all(other)
    }
}

impl Sequence {
    fn node(&self, place: u32) -> &Node {
        &self.nodes[place as usize]
    }

    fn nodes(&self) -> impl Iterator<Item = &Node> {
        self.order.iter().map(|&place| self.node(place))
    }

    /// How many characters can be seen.
    pub fn len(&self) -> u32 {
        self.order.len() as u32 - self.deleted
    }

    /// Whether none can be seen.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The text.
    pub fn text(&self) -> String {
        let visible = self.nodes().filter(|node| !node.is_deleted);
        visible.map(|node| node.typed.letter).collect()
    }

    fn place_of(&self, dot: Dot) -> Option<u32> {
        let counters = self.places.get(usize::from(dot.origin))?;
        let place = counters.get(dot.counter as usize).copied();
        place.filter(|&place| place != ROOT)
    }

    fn is_visible(&self, at: u32) -> bool {
        !self.node(self.order[at as usize]).is_deleted
    }

    /// The place in the order of the visible character that has so many before it; the
    /// end where there are fewer.
    fn seek(&self, visible: u32) -> u32 {
        let end = self.order.len() as u32;
        if self.deleted == 0 {
            return visible.min(end);
        }
        if visible >= self.len() {
            return end;
        }
        let (mut at, mut before) = self.last;
        while before > visible {
            at -= 1;
            before -= u32::from(self.is_visible(at));
        }
        while before < visible || !self.is_visible(at) {
            before += u32::from(self.is_visible(at));
            at += 1;
        }
        at
    }

    /// Where a node stands in the order.
    fn position(&self, place: u32) -> u32 {
        let last = self.last.0 as usize;
        for near in last.saturating_sub(1)..(last + 2).min(self.order.len()) {
            if self.order[near] == place {
                return near as u32;
            }
        }
        let found = self.order.iter().position(|&it| it == place);
        found.map_or(self.order.len() as u32, |at| at as u32)
    }

    /// The first and the last place in the order that the tree below a node takes.
    fn first_of(&self, mut place: u32) -> u32 {
        while let Some(&child) = self.node(place).left.first() {
            place = child;
        }
        self.position(place)
    }

    fn last_of(&self, mut place: u32) -> u32 {
        while let Some(&child) = self.node(place).right.last() {
            place = child;
        }
        self.position(place)
    }

    /// Puts a character where it belongs, unless it is there. `false` if its parent is not.
    fn insert(&mut self, typed: Typed) -> bool {
        if self.place_of(typed.dot).is_some() {
            return true;
        }
        let parent = match typed.parent.map(|dot| self.place_of(dot)) {
            None => ROOT,
            Some(Some(place)) => place,
            Some(None) => return false,
        };
        let siblings = match typed.side {
            Side::Left => &self.node(parent).left,
            Side::Right => &self.node(parent).right,
        };
        let by_dot = |&place: &u32| self.node(place).typed.dot;
        let among = siblings.partition_point(|place| by_dot(place) < typed.dot);
        let at = match (typed.side, among.checked_sub(1)) {
            (_, Some(before)) => self.last_of(siblings[before]) + 1,
            (Side::Right, None) if parent == ROOT => 0,
            (Side::Right, None) => self.position(parent) + 1,
            (Side::Left, None) => self.first_of(parent),
        };
        let place = self.nodes.len() as u32;
        self.nodes.push(Node {
            typed,
            is_deleted: false,
            left: Vec::new(),
            right: Vec::new(),
        });
        let parent = &mut self.nodes[parent as usize];
        match typed.side {
            Side::Left => parent.left.insert(among, place),
            Side::Right => parent.right.insert(among, place),
        }
        self.last = (at, self.visible_before(at));
        self.order.insert(at as usize, place);
        self.note(typed.dot, place);
        true
    }

    fn note(&mut self, dot: Dot, place: u32) {
        let (origin, counter) = (usize::from(dot.origin), dot.counter as usize);
        if self.places.len() <= origin {
            self.places.resize_with(origin + 1, Vec::new);
        }
        let counters = &mut self.places[origin];
        if counters.len() <= counter {
            counters.resize(counter + 1, ROOT);
        }
        counters[counter] = place;
    }

    /// How many visible characters stand before a place in the order.
    fn visible_before(&self, at: u32) -> u32 {
        if self.deleted == 0 {
            return at;
        }
        let (mut from, mut before) = self.last;
        while from < at {
            before += u32::from(self.is_visible(from));
            from += 1;
        }
        while from > at {
            from -= 1;
            before -= u32::from(self.is_visible(from));
        }
        before
    }

    /// Deletes a character. `false` if it is not there.
    fn erase(&mut self, dot: Dot) -> bool {
        let Some(place) = self.place_of(dot) else {
            return false;
        };
        if !self.node(place).is_deleted {
            let at = self.position(place);
            self.last = (at, self.visible_before(at));
            self.nodes[place as usize].is_deleted = true;
            self.deleted += 1;
        }
        true
    }

    /// Takes in a character, or keeps it until its parent comes.
    fn take_in(&mut self, typed: Typed) {
        if !self.insert(typed)
            && let Err(place) = self.waiting.0.binary_search(&typed)
        {
            self.waiting.0.insert(place, typed);
        }
    }

    fn take_out(&mut self, dot: Dot) {
        if !self.erase(dot)
            && let Err(place) = self.waiting.1.binary_search(&dot)
        {
            self.waiting.1.insert(place, dot);
        }
    }

    /// Tries again what waits, until nothing more can be taken in.
    fn settle(&mut self) {
        loop {
            let waited = self.waiting.0.len() + self.waiting.1.len();
            if waited == 0 {
                return;
            }
            let (letters, deletions) = std::mem::take(&mut self.waiting);
            for typed in letters {
                self.take_in(typed);
            }
            for dot in deletions {
                self.take_out(dot);
            }
            if self.waiting.0.len() + self.waiting.1.len() == waited {
                return;
            }
        }
    }
}

impl Replicated for Sequence {
    type Update = Change;

    fn prepare(&self, writer: Writer, act: Act) -> Option<Change> {
        match act {
            Act::Insert { at, letter } => {
                let left = match at.min(self.len()) {
                    0 => None,
                    before => Some(self.seek(before - 1)),
                };
                let parent = left.map_or(ROOT, |at| self.order[at as usize]);
                let dot_of = |place: u32| Some(self.node(place).typed.dot);
                let (parent, side) = if self.node(parent).right.is_empty() {
                    (dot_of(parent).filter(|_| parent != ROOT), Side::Right)
                } else {
                    // Whatever is at its right follows it, so something does.
                    let next = self.order[left.map_or(0, |at| at as usize + 1)];
                    (dot_of(next), Side::Left)
                };
                Some(Change::Insert(Typed {
                    dot: writer.dot,
                    letter,
                    parent,
                    side,
                }))
            }
            Act::Erase(at) if at < self.len() => {
                let place = self.order[self.seek(at) as usize];
                Some(Change::Erase(self.node(place).typed.dot))
            }
            _ => None,
        }
    }

    fn apply(&mut self, update: &Change) {
        match *update {
            Change::Insert(typed) => self.take_in(typed),
            Change::Erase(dot) => self.take_out(dot),
        }
        self.settle();
    }

    fn merge(&mut self, other: &Self) {
        // In the order in which they came there, so that parents come first.
        for node in &other.nodes[1..] {
            self.take_in(node.typed);
            if node.is_deleted {
                self.take_out(node.typed.dot);
            }
        }
        let (letters, deletions) = &other.waiting;
        for &typed in letters {
            self.take_in(typed);
        }
        for &dot in deletions {
            self.take_out(dot);
        }
        self.settle();
    }

    fn delta(&self, update: &Change) -> Self {
        let mut delta = Self::default();
        delta.apply(update);
        delta
    }

    fn value(&self) -> Content {
        Content::Text(self.text())
    }

    fn state(&self) -> Vec<Part> {
        let rows = |is_deleted| {
            let wanted = self
                .nodes()
                .filter(move |node| node.is_deleted == is_deleted);
            wanted.map(|node| vec![Datum::Letter(node.typed.letter), Datum::Dot(node.typed.dot)])
        };
        let (letters, deletions) = &self.waiting;
        let letters = letters.iter().map(|typed| typed.dot);
        let waiting = letters.chain(deletions.iter().copied());
        vec![
            Part::new("letters", rows(false)),
            Part::new("deleted", rows(true)),
            Part::new("waiting", waiting.map(|dot| vec![Datum::Dot(dot)])),
        ]
    }

    fn bytes(&self) -> u32 {
        let letters = self.order.len() + self.waiting.0.len();
        let deletions = self.waiting.1.len();
        // A dot, a character, a parent, a byte for side and deletion.
        4 + (2 * Dot::BYTES + 5) * letters as u32 + Dot::BYTES * deletions as u32
    }

    fn update_bytes(update: &Change) -> u32 {
        match update {
            Change::Insert(_) => 2 * Dot::BYTES + 6,
            Change::Erase(_) => Dot::BYTES + 1,
        }
    }
}

#[cfg(test)]
#[path = "sequence_tests.rs"]
mod tests;
