//! Texts, each built anew for every character from what its writer had seen: the positions of
//! Weiss, Urso and Molli, "Logoot", 2009, section 4; the tree of Weidner and Kleppmann, "The art of the fugue", 2023, algorithm 1.

use super::{Expected, Fact, Visible};
use crate::crdt::Dot;
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

/// A position: a path of numbers, each with the name of whoever made it.
type Position = Vec<(u32, Option<Dot>)>;

/// Half way between two positions by a writer; none are the beginning and the end. Numbers
/// are below 65,536, and one step deeper there is room again.
fn half_way(left: &[(u32, Option<Dot>)], right: Option<&Position>, dot: Dot) -> Position {
    const BASE: u32 = 1 << 16;
    let least = (0, None);
    let first = *left.first().unwrap_or(&least);
    let limit = right.and_then(|right| right.first());
    let room = limit.map_or(BASE, |limit| limit.0) - first.0;
    if room > 1 {
        return vec![(first.0 + room / 2, Some(dot))];
    }
    // Below a number that is not the right one's own there is no right one.
    let below = right.filter(|_| limit == Some(&first));
    let below = below.map(|right| right[1..].to_vec());
    let rest = half_way(left.get(1..).unwrap_or(&[]), below.as_ref(), dot);
    [vec![first], rest].concat()
}

/// The characters that were typed and not deleted, in the order of positions that each got
/// between those its writer saw.
pub fn by_positions(visible: &Visible<'_>) -> Expected {
    let mut typed: Vec<(Position, usize, char)> = Vec::new();
    let mut erased: Vec<(usize, usize)> = Vec::new();
    let read = |typed: &[(Position, usize, char)], erased: &[(usize, usize)], seen: u64| {
        let has = |at: usize| seen >> at & 1 == 1;
        let is_erased = |at: usize| erased.iter().any(|it| it.1 == at && has(it.0));
        let shown = typed.iter().filter(|it| has(it.1) && !is_erased(it.1));
        let mut shown: Vec<(Position, usize, char)> = shown.cloned().collect();
        shown.sort();
        shown
    };
    for (at, fact) in visible.iter() {
        let shown = read(&typed, &erased, fact.past);
        match fact.act {
            Act::Insert { at: place, letter } => {
                let place = (place as usize).min(shown.len());
                let left = place
                    .checked_sub(1)
                    .map_or(&[][..], |before| &shown[before].0);
                let right = shown.get(place).map(|after| &after.0);
                let position = half_way(left, right, fact.writer.dot);
                typed.push((position, at, letter));
            }
            Act::Erase(place) => {
                let gone = shown.get(place as usize);
                erased.extend(gone.map(|gone| (at, gone.1)));
            }
            _ => {}
        }
    }
    let shown = read(&typed, &erased, visible.seen);
    Expected::Is(Content::Text(shown.into_iter().map(|it| it.2).collect()))
}

/// Whether what was typed in one go by one replica stays together beside what another typed
/// in one go meanwhile: nothing where there were no two such runs, or where their letters
/// do not tell them apart; else `Ok`, or what the text is once one of two mixed runs is put
/// behind the other.
///
/// Of runs from left to right alone, as Weidner and Kleppmann define forward
/// non-interleaving: "The art of the fugue: minimizing interleaving in collaborative text
/// editing", 2023, section 2.
pub fn apart(visible: &Visible<'_>, text: &str) -> Option<Result<(), String>> {
    let runs = runs(visible);
    let text: Vec<char> = text.chars().collect();
    // Where a run stands, if each of its letters was typed this once alone.
    let places = |run: &Run| -> Option<Vec<usize>> {
        let letters = run.letters.iter().map(|&letter| {
            let typed = visible
                .iter()
                .filter(|(_, fact)| letter_of(fact) == Some(letter));
            let place = text.iter().position(|&it| it == letter);
            place.filter(|_| typed.count() == 1)
        });
        letters.collect()
    };
    let mut found = None;
    for (at, one) in runs.iter().enumerate() {
        for other in runs[at + 1..].iter().filter(|other| one.is_beside(other)) {
            let (Some(ours), Some(theirs)) = (places(one), places(other)) else {
                continue;
            };
            found = Some(Ok(()));
            let is_before = |one: &[usize], other: &[usize]| one.last() < other.first();
            if is_before(&ours, &theirs) || is_before(&theirs, &ours) {
                continue;
            }
            let mut apart = text.clone();
            apart.retain(|letter| !other.letters.contains(letter));
            let end = apart
                .iter()
                .rposition(|letter| one.letters.contains(letter));
            let end = end.map_or(0, |end| end + 1);
            apart.splice(end..end, other.letters.iter().copied());
            return Some(Err(apart.into_iter().collect()));
        }
    }
    found
}

/// What one replica typed in one go: each letter right behind the one before, with nothing
/// heard or done in between.
struct Run {
    letters: Vec<char>,
    /// A bit for each of the facts that it is made of.
    facts: u64,
    /// A bit for each that had been seen before it.
    past: u64,
}

impl Run {
    /// Whether neither had seen anything of the other, and there is something to mix.
    fn is_beside(&self, other: &Self) -> bool {
        let is_unseen = self.past & other.facts == 0 && other.past & self.facts == 0;
        is_unseen && self.letters.len().max(other.letters.len()) > 1
    }
}

fn letter_of(fact: &Fact) -> Option<char> {
    match fact.act {
        Act::Insert { letter, .. } => Some(letter),
        _ => None,
    }
}

fn runs(visible: &Visible<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    // Of each run its writer, and where the next letter of it would be typed.
    let mut ends: Vec<(u8, u32)> = Vec::new();
    for (at, fact) in visible.iter() {
        let Act::Insert { at: place, letter } = fact.act else {
            continue;
        };
        let origin = fact.writer.dot.origin;
        let last = ends.iter().rposition(|end| end.0 == origin);
        let goes_on = last.filter(|&last| {
            let run = &runs[last];
            ends[last].1 == place && fact.past == run.past | run.facts
        });
        if let Some(last) = goes_on {
            runs[last].letters.push(letter);
            runs[last].facts |= 1 << at;
            ends[last].1 = place.saturating_add(1);
        } else {
            runs.push(Run {
                letters: vec![letter],
                facts: 1 << at,
                past: fact.past,
            });
            ends.push((origin, place.saturating_add(1)));
        }
    }
    runs
}
