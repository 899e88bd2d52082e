//! The contents of a queue, as numbers: equal contents have the same.
//!
//! Contents are what was in front of the last value, and that value: so putting one in is a
//! step down a tree. What is left when the first is taken is remembered, and found from what
//! is left of the contents without the last; so either costs about the same however long the
//! queue is.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::State;
use crate::history::Id;

/// Nothing.
pub(super) const EMPTY: State = 0;

/// How far it is looked for what is known of the rest, to tell the cost.
const LOOK: u64 = 64;

/// Numbers for contents, in the order in which they come.
#[derive(Debug)]
pub(super) struct Contents {
    inner: RefCell<Inner>,
}

#[derive(Debug)]
struct Inner {
    nodes: Vec<Node>,
    longer: BTreeMap<(State, Id), State>,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    /// Without the last value, and that value.
    before: State,
    last: Id,
    first: Id,
    length: u32,
    /// Without the first value; none until it was asked for.
    rest: Option<State>,
}

impl Contents {
    /// Knows nothing but [`EMPTY`].
    pub(super) fn new() -> Self {
        let empty = Node {
            before: EMPTY,
            last: 0,
            first: 0,
            length: 0,
            rest: Some(EMPTY),
        };
        Self {
            inner: RefCell::new(Inner {
                nodes: vec![empty],
                longer: BTreeMap::new(),
            }),
        }
    }

    /// With this value behind.
    pub(super) fn put(&self, state: State, id: Id) -> State {
        self.inner.borrow_mut().put(state, id)
    }

    /// The first value, and what is left without it; none where there is none.
    pub(super) fn take(&self, state: State) -> Option<(Id, State)> {
        if state == EMPTY {
            return None;
        }
        let mut inner = self.inner.borrow_mut();
        Some((inner.nodes[state as usize].first, inner.rest(state)))
    }

    /// The first value; none where there is none.
    pub(super) fn first(&self, state: State) -> Option<Id> {
        (state != EMPTY).then(|| self.inner.borrow().nodes[state as usize].first)
    }

    /// What a question about these costs, in steps.
    pub(super) fn cost(&self, state: State) -> u64 {
        let inner = self.inner.borrow();
        let (mut at, mut unknown) = (state, 0);
        while inner.nodes[at as usize].rest.is_none() {
            at = inner.nodes[at as usize].before;
            unknown += 1;
            if unknown == LOOK {
                return u64::from(inner.nodes[state as usize].length) * 8;
            }
        }
        8 + unknown * 8
    }
}

impl Inner {
    fn put(&mut self, state: State, id: Id) -> State {
        let Self { nodes, longer } = self;
        *longer.entry((state, id)).or_insert_with(|| {
            let Node { first, length, .. } = nodes[state as usize];
            nodes.push(Node {
                before: state,
                last: id,
                first: if state == EMPTY { id } else { first },
                length: length + 1,
                rest: (state == EMPTY).then_some(EMPTY),
            });
            nodes.len() as State - 1
        })
    }

    fn rest(&mut self, state: State) -> State {
        let mut unknown = Vec::new();
        let mut at = state;
        let mut rest = loop {
            let node = self.nodes[at as usize];
            if let Some(rest) = node.rest {
                break rest;
            }
            unknown.push(at);
            at = node.before;
        };
        while let Some(at) = unknown.pop() {
            rest = self.put(rest, self.nodes[at as usize].last);
            self.nodes[at as usize].rest = Some(rest);
        }
        rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_contents_have_the_same_number_however_they_came_about() {
        let contents = Contents::new();
        let put = |from, ids: &[Id]| ids.iter().fold(from, |at, &id| contents.put(at, id));
        let long = put(EMPTY, &[7, 8, 9]);
        assert_eq!(contents.take(long), Some((7, put(EMPTY, &[8, 9]))));
        let rest = contents.take(long).unwrap().1;
        assert_eq!(put(rest, &[7]), put(EMPTY, &[8, 9, 7]));
        assert_eq!(contents.take(rest).unwrap().1, put(EMPTY, &[9]));
        assert_eq!(contents.take(EMPTY), None);
        assert_eq!(contents.first(rest), Some(8));
        let mut at = put(EMPTY, &[1; 100]);
        assert!(contents.cost(at) > 100);
        for _ in 0..100 {
            at = contents.take(at).unwrap().1;
        }
        assert_eq!(at, EMPTY);
    }
}
