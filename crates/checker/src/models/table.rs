//! Numbers for states that do not fit into one.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::State;

/// Gives equal contents the same number, in the order in which they come.
#[derive(Debug, Default)]
pub(super) struct Table {
    inner: RefCell<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    /// By a hash of the contents, so that looking for long ones compares numbers; those
    /// of one hash are told apart by what they are.
    ids: BTreeMap<u64, Vec<State>>,
    contents: Vec<Rc<[u32]>>,
}

impl Table {
    /// The number of these contents.
    pub(super) fn intern(&self, contents: &[u32]) -> State {
        let Inner { ids, contents: all } = &mut *self.inner.borrow_mut();
        let same = ids.entry(hash(contents)).or_default();
        if let Some(&id) = same.iter().find(|&&id| *all[id as usize] == *contents) {
            return id;
        }
        let id = all.len() as State;
        all.push(contents.into());
        same.push(id);
        id
    }

    /// What a question about such contents costs, in steps: as much as there is to look at,
    /// and to keep.
    pub(super) fn cost(&self, state: State) -> u64 {
        1 + self.inner.borrow().contents[state as usize].len() as u64 / 2
    }

    /// The contents of this number.
    pub(super) fn get(&self, state: State) -> Rc<[u32]> {
        Rc::clone(&self.inner.borrow().contents[state as usize])
    }
}

/// FNV-1a over words, the mixing of the last made stronger by a shift.
fn hash(contents: &[u32]) -> u64 {
    contents.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &word| {
        let mixed = (hash ^ u64::from(word)).wrapping_mul(0x0000_0100_0000_01B3);
        mixed ^ (mixed >> 29)
    })
}
