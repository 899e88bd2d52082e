//! Texts: the tree of Weidner and Kleppmann, "The art of the fugue", 2023, algorithm 1, built
//! anew for every character from what its writer had seen.

use super::{Expected, Visible};
use crate::crdt::replicated::{Act, Content};

/// A character: the place of its fact, its parent's, and its side.
struct Node {
    at: usize,
    parent: Option<usize>,
    is_left: bool,
}

/// Everything that is known of the facts up to one.
#[derive(Default)]
struct Tree {
    nodes: Vec<Node>,
    /// What each deletion deleted, with the place of its fact.
    erased: Vec<(usize, usize)>,
}

impl Tree {
    /// The characters that were seen, from left to right, deleted ones too.
    fn walk(&self, visible: &Visible<'_>, from: Option<usize>, list: &mut Vec<usize>) {
        let mut children: Vec<&Node> = { self.nodes.iter() }
            .filter(|node| node.parent == from && visible.seen >> node.at & 1 == 1)
            .collect();
        children.sort_by_key(|node| visible.facts[node.at].writer.dot);
        let (left, right): (Vec<&Node>, Vec<&Node>) =
            children.into_iter().partition(|it| it.is_left);
        for node in left {
            self.walk(visible, Some(node.at), list);
        }
        list.extend(from);
        for node in right {
            self.walk(visible, Some(node.at), list);
        }
    }

    /// The same with whether each can still be seen.
    fn read(&self, visible: &Visible<'_>) -> Vec<(usize, bool)> {
        let mut list = Vec::new();
        self.walk(visible, None, &mut list);
        let is_erased = |at: usize| {
            let seen = self
                .erased
                .iter()
                .filter(|it| visible.seen >> it.0 & 1 == 1);
            seen.clone().any(|it| it.1 == at)
        };
        list.into_iter().map(|at| (at, !is_erased(at))).collect()
    }
}

/// The characters that were typed and not deleted, in the order of the tree.
pub fn fugue(visible: &Visible<'_>) -> Expected {
    let mut tree = Tree::default();
    for (at, fact) in visible.iter() {
        let past = Visible {
            facts: visible.facts,
            seen: fact.past,
        };
        let read = tree.read(&past);
        let shown: Vec<usize> = { read.iter() }.filter(|it| it.1).map(|it| it.0).collect();
        match fact.act {
            Act::Insert { at: place, .. } => {
                let place = (place as usize).min(shown.len());
                let origin = place.checked_sub(1).map(|before| shown[before]);
                let has_right = { tree.nodes.iter() }
                    .any(|node| node.parent == origin && !node.is_left && fact.saw(node.at));
                let after = origin.map_or(0, |origin| {
                    let found = read.iter().position(|it| it.0 == origin);
                    found.map_or(read.len(), |at| at + 1)
                });
                let (parent, is_left) = match read.get(after) {
                    Some(next) if has_right => (Some(next.0), true),
                    _ => (origin, false),
                };
                tree.nodes.push(Node {
                    at,
                    parent,
                    is_left,
                });
            }
            Act::Erase(place) => {
                let gone = shown.get(place as usize);
                tree.erased.extend(gone.map(|&gone| (at, gone)));
            }
            _ => {}
        }
    }
    let letter = |at: usize| match visible.facts[at].act {
        Act::Insert { letter, .. } => Some(letter),
        _ => None,
    };
    let read = tree.read(visible).into_iter();
    let shown = read.filter(|it| it.1).filter_map(|it| letter(it.0));
    Expected::Is(Content::Text(shown.collect()))
}
