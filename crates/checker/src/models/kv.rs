//! A key-value store, seen one key at a time: `get` reads a text, `put` replaces it,
//! `append` puts a text behind it. A key that nobody wrote holds the empty text.
//!
//! # States
//!
//! Texts grow with every append, and an order of appends that no `get` ever confirms is
//! worth nothing. So a state is not a text but a place in the tree of the prefixes of all
//! texts that were read; a text that is no such prefix is [`LOST`], all of them alike:
//! until the next `put` no `get` can tell them apart, since none can succeed. That is no
//! approximation, and it makes appends follow what was read.
//!
//! Source: the key-value model of Porcupine and of the MIT course 6.824 whose histories it
//! was made for.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::{Info, Model, ModelId, State};
use crate::history::{Action, History, Id, Operation, Time, Value};

/// The head of its file says what it is and where it is from.
#[derive(Debug)]
pub struct Kv {
    /// The distinct texts that were read, ascending.
    read: Vec<Rc<str>>,
    /// Until when each was read.
    until: Vec<Time>,
    /// By text; different values may be the same text.
    appended: BTreeMap<Rc<str>, BTreeSet<Id>>,
    /// The distinct lengths of what was appended, ascending.
    lengths: Vec<usize>,
    /// States of values: what a `put` leaves, what a `get` asks for.
    places: BTreeMap<Id, State>,
    tree: RefCell<Tree>,
    initial: State,
}

/// The state of every text that is not the beginning of one that was read.
pub const LOST: State = State::MAX;

#[derive(Debug, Default)]
struct Tree {
    /// By the first text that begins so, and how much of it.
    ids: BTreeMap<(usize, usize), State>,
    nodes: Vec<Node>,
}

#[derive(Debug, Clone)]
struct Node {
    first: usize,
    length: usize,
    /// Where appends lead that are confirmed by what was read; none until asked for.
    edges: Option<Rc<[(Id, State)]>>,
}

impl Tree {
    fn node(&mut self, first: usize, length: usize) -> State {
        let Self { ids, nodes } = self;
        *ids.entry((first, length)).or_insert_with(|| {
            nodes.push(Node {
                first,
                length,
                edges: None,
            });
            nodes.len() as State - 1
        })
    }
}

/// The text that a value is to this model. The same for values that are the same text.
fn text(value: &Value) -> Rc<str> {
    match value {
        Value::Nil => "".into(),
        Value::Text(text) => text.as_str().into(),
        other => other.to_string().into(),
    }
}

impl Kv {
    /// The place of a text.
    fn place(&self, text: &str) -> State {
        let first = self.read.partition_point(|read| **read < *text);
        match self.read.get(first) {
            Some(read) if read.starts_with(text) => self.tree.borrow_mut().node(first, text.len()),
            _ => LOST,
        }
    }

    /// Where appends lead from a place, [`LOST`] left out, ascending.
    pub(crate) fn edges(&self, state: State) -> Rc<[(Id, State)]> {
        let Node {
            first,
            length,
            edges,
        } = self.tree.borrow().nodes[state as usize].clone();
        if let Some(edges) = edges {
            return edges;
        }
        let prefix = &self.read[first][..length];
        let mut found = BTreeSet::new();
        let mut at = first;
        while let Some(read) = self.read.get(at).filter(|read| read.starts_with(prefix)) {
            for ends in self.lengths.iter().map(|piece| length + piece) {
                let Some(piece) = read.get(length..ends) else {
                    continue;
                };
                if let Some(ids) = self.appended.get(piece) {
                    let to = self.place(&read[..ends]);
                    found.extend(ids.iter().map(|&id| (id, to)));
                }
            }
            // Texts that go on alike for as long as anything appended lead to the same
            // places.
            let longest = length + self.lengths.last().copied().unwrap_or(0);
            at += read.get(..longest.max(length + 1)).map_or(1, |alike| {
                self.read[at..].partition_point(|other| other.starts_with(alike))
            });
        }
        let edges: Rc<[_]> = found.into_iter().collect();
        self.tree.borrow_mut().nodes[state as usize].edges = Some(Rc::clone(&edges));
        edges
    }

    /// The place of a value that is put, or read.
    pub(crate) fn place_of(&self, id: Id) -> State {
        self.places.get(&id).copied().unwrap_or(LOST)
    }
}

impl Model for Kv {
    const INFO: Info = Info {
        model: ModelId::Kv,
        id: "kv",
    };

    fn accepts(action: Action) -> bool {
        matches!(
            action,
            Action::Read(_) | Action::Write(_) | Action::Append(_)
        )
    }

    fn compile(history: &History, operations: &[Operation]) -> Self {
        let mut until: BTreeMap<Rc<str>, Time> = BTreeMap::new();
        let mut appended: BTreeMap<_, BTreeSet<Id>> = BTreeMap::new();
        let mut texts: BTreeMap<Id, Rc<str>> = BTreeMap::new();
        let mut text_of = |id| {
            let text = texts
                .entry(id)
                .or_insert_with(|| text(history.values.get(id)));
            Rc::clone(text)
        };
        for operation in operations {
            match operation.action {
                Action::Read(id) => {
                    let until = until.entry(text_of(id)).or_insert(Time::MIN);
                    *until = operation.ret.max(*until);
                }
                Action::Append(id) => {
                    appended.entry(text_of(id)).or_default().insert(id);
                }
                Action::Write(id) => {
                    text_of(id);
                }
                _ => {}
            }
        }
        let initial = text(history.values.get(history.initial));
        let lengths: BTreeSet<usize> = appended.keys().map(|text| text.len()).collect();
        let (read, until) = until.into_iter().unzip();
        let mut kv = Self {
            read,
            until,
            appended,
            lengths: lengths.into_iter().collect(),
            places: BTreeMap::new(),
            tree: RefCell::default(),
            initial: LOST,
        };
        kv.initial = kv.place(&initial);
        kv.places = texts
            .iter()
            .map(|(&id, text)| (id, kv.place(text)))
            .collect();
        kv.places.retain(|_, place| *place != LOST);
        kv
    }

    fn initial(&self) -> State {
        self.initial
    }

    fn step(&self, state: State, action: Action) -> Option<State> {
        match action {
            Action::Read(id) => (state != LOST && self.place_of(id) == state).then_some(state),
            Action::Write(id) => Some(self.place_of(id)),
            Action::Append(_) if state == LOST => Some(LOST),
            Action::Append(id) => {
                let edges = self.edges(state);
                let edge = edges.iter().find(|(appended, _)| *appended == id);
                Some(edge.map_or(LOST, |&(_, to)| to))
            }
            _ => None,
        }
    }

    fn observed_until(&self, action: Action) -> Time {
        /// Looking through more texts than this is not worth it.
        const MOST: usize = 64;
        let Action::Write(id) = action else {
            return Time::MAX;
        };
        let state = self.place_of(id);
        if state == LOST {
            return Time::MIN;
        }
        let Node { first, length, .. } = self.tree.borrow().nodes[state as usize].clone();
        let prefix = &self.read[first][..length];
        let readers = self.read[first..].iter().zip(&self.until[first..]);
        let mut readers = readers.take_while(|(read, _)| read.starts_with(prefix));
        let until = readers.by_ref().take(MOST).map(|(_, &until)| until).max();
        if readers.next().is_some() {
            return Time::MAX;
        }
        until.unwrap_or(Time::MIN)
    }

    // A text rests on the `put` and the appends that it can be made of. One that could
    // never be made rests on nothing.
    fn settle(history: &History, operations: &[Operation], keep: &mut [bool], _: bool) {
        if keep.iter().all(|kept| *kept) {
            return;
        }
        let kept = operations.iter().zip(keep.iter());
        let kept = kept.filter(|(_, kept)| **kept);
        let kept: Vec<Operation> = kept.map(|(operation, _)| *operation).collect();
        let (Some(before), Some(after)) = (readable(history, operations), readable(history, &kept))
        else {
            return;
        };
        for (operation, kept) in operations.iter().zip(keep.iter_mut()) {
            if let Action::Read(id) = operation.action {
                *kept &= after.contains(&id) || !before.contains(&id);
            }
        }
    }
}

/// The values that are read and can be made of what else is there, whatever the order;
/// none where there are too many ways.
fn readable(history: &History, operations: &[Operation]) -> Option<BTreeSet<Id>> {
    let kv = Kv::compile(history, operations);
    let reachable = kv.reachable(operations, 4 * operations.len() + 64)?;
    let read = operations
        .iter()
        .filter_map(|operation| match operation.action {
            Action::Read(id) => reachable.contains(&kv.place_of(id)).then_some(id),
            _ => None,
        });
    Some(read.collect())
}

impl Kv {
    /// The places that these operations can lead to, whatever their order; none where
    /// there are more than `most`.
    fn reachable(&self, operations: &[Operation], most: usize) -> Option<BTreeSet<State>> {
        let puts = operations
            .iter()
            .filter_map(|operation| match operation.action {
                Action::Write(id) => Some(self.place_of(id)),
                _ => None,
            });
        let mut open: Vec<State> = puts.chain([self.initial]).collect();
        let mut reachable = BTreeSet::new();
        while let Some(state) = open.pop() {
            if state == LOST || !reachable.insert(state) {
                continue;
            }
            if reachable.len() > most {
                return None;
            }
            open.extend(self.edges(state).iter().map(|&(_, to)| to));
        }
        Some(reachable)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(actions: &[(&str, &str)]) -> (History, Vec<Operation>) {
        let mut history = History::default();
        history.initial = history.values.intern(Value::Text(String::new()));
        let operations = actions.iter().map(|(name, text)| {
            let id = history.values.intern(Value::Text((*text).into()));
            let action = match *name {
                "get" => Action::Read(id),
                "put" => Action::Write(id),
                _ => Action::Append(id),
            };
            Operation {
                process: 0,
                key: 0,
                call: 0,
                ret: 1,
                action,
            }
        });
        let operations = operations.collect();
        (history, operations)
    }

    #[test]
    fn appends_follow_what_was_read_and_everything_else_is_lost() {
        let (history, operations) = made(&[
            ("put", "a"),
            ("append", "b"),
            ("append", "c"),
            ("get", "abc"),
            ("get", "ab"),
        ]);
        let model = Kv::compile(&history, &operations);
        let [put, b, c, abc, ab] = [0, 1, 2, 3, 4].map(|at: usize| operations[at].action);
        let step = |state, action| model.step(state, action).unwrap();
        let first = step(model.initial(), put);
        let two = step(first, b);
        assert_eq!(model.step(two, ab), Some(two));
        assert_eq!(model.step(two, abc), None);
        let all = step(two, c);
        assert_eq!(model.step(all, abc), Some(all));
        assert_eq!(step(first, c), LOST);
        assert_eq!(step(step(LOST, b), put), first);
        assert_eq!(
            step(model.initial(), b),
            LOST,
            "nobody read what begins with it"
        );
    }

    #[test]
    fn a_text_may_be_made_in_several_ways() {
        let (history, operations) = made(&[
            ("append", "x"),
            ("append", "xy"),
            ("append", "y"),
            ("get", "xy"),
        ]);
        let model = Kv::compile(&history, &operations);
        let whole = model.place_of(match operations[3].action {
            Action::Read(id) => id,
            _ => unreachable!("it is a read"),
        });
        let edges = model.edges(model.initial());
        assert_eq!(edges.len(), 2);
        assert!(edges.iter().any(|&(_, to)| to == whole));
        let x = model.step(model.initial(), operations[0].action).unwrap();
        assert_eq!(model.step(x, operations[2].action), Some(whole));
    }
}
