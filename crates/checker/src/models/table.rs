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
    ids: BTreeMap<Rc<[u32]>, State>,
    contents: Vec<Rc<[u32]>>,
}

impl Table {
    /// The number of these contents.
    pub(super) fn intern(&self, contents: &[u32]) -> State {
        let mut inner = self.inner.borrow_mut();
        if let Some(&id) = inner.ids.get(contents) {
            return id;
        }
        let id = inner.contents.len() as State;
        let contents: Rc<[u32]> = contents.into();
        inner.contents.push(Rc::clone(&contents));
        inner.ids.insert(contents, id);
        id
    }

    /// The contents of this number.
    pub(super) fn get(&self, state: State) -> Rc<[u32]> {
        Rc::clone(&self.inner.borrow().contents[state as usize])
    }
}
