//! The list. It is given by operations only, so a replica remembers them and merges what it
//! has not had.
//!
//! Where two people type at one place at a time it orders the characters otherwise than
//! Fugue does, as any other algorithm may. Where everybody hears of everything before they
//! type there is one right text.

use crdts::{CmRDT, List, list};
use splitbrain_engine::crdt::replicated::{Act, Content, Writer};

use super::{Peer, packed};

/// Its list, of characters.
#[derive(Clone, Debug, Default)]
pub struct Characters {
    list: List<char, u8>,
    /// In the order in which they came: causes first.
    had: Vec<list::Op<char, u8>>,
}

impl Characters {
    fn take(&mut self, change: list::Op<char, u8>) {
        self.list.apply(change.clone());
        self.had.push(change);
    }
}

impl Peer for Characters {
    fn act(&mut self, writer: Writer, act: Act) {
        let origin = writer.dot.origin;
        let change = match act {
            Act::Insert { at, letter } => Some(self.list.insert_index(at as usize, letter, origin)),
            Act::Erase(at) => self.list.delete_index(at as usize, origin),
            _ => None,
        };
        if let Some(change) = change {
            self.take(change);
        }
    }

    fn merge(&mut self, other: Self) {
        for change in other.had {
            if !self.had.contains(&change) {
                self.take(change);
            }
        }
    }

    fn content(&self) -> Option<Content> {
        Some(Content::Text(self.list.read()))
    }

    fn bytes(&self) -> u64 {
        packed(&self.list)
    }
}
