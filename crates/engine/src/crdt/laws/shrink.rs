//! Makes a history that breaks a law smaller, until nothing can be left out or made
//! simpler. Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input",
//! 2002; the order of what is tried is our own.

use super::history::{History, REPLICAS, Step};
use crate::crdt::replicated::Act;

/// Replaces a history by simpler ones as long as there is one that still breaks it.
#[must_use]
pub fn shrink(history: History, still_breaks: impl Fn(&History) -> bool) -> History {
    let mut shrinking = Shrinking::new(history);
    while let Some(candidate) = shrinking.candidate() {
        let breaks = still_breaks(candidate);
        shrinking.judged(breaks);
    }
    shrinking.best
}

/// The same one question at a time, for who has other things to do between them: of each
/// [`Shrinking::candidate`] is said whether it still breaks the law.
#[derive(Clone, Debug)]
pub struct Shrinking {
    best: History,
    /// What may be left out: one step, then two; the rest was asked.
    fewer: std::vec::IntoIter<[usize; 2]>,
    /// What may stand instead, once nothing can be left out.
    simpler: Option<std::vec::IntoIter<History>>,
    candidate: Option<History>,
}

impl Shrinking {
    /// Of a history that breaks a law.
    pub fn new(history: History) -> Self {
        Self {
            fewer: fewer_steps(&history),
            best: history,
            simpler: None,
            candidate: None,
        }
    }

    /// What is to be judged next; nothing, where it cannot be made any simpler.
    pub fn candidate(&mut self) -> Option<&History> {
        self.candidate = if let Some(dropped) = self.fewer.next() {
            Some(without(&self.best, dropped))
        } else {
            let best = &self.best;
            let simpler = || {
                let mut all = simpler_steps(best);
                all.retain(|it| it.is_simpler_than(best));
                all.into_iter()
            };
            self.simpler.get_or_insert_with(simpler).next()
        };
        self.candidate.as_ref()
    }

    /// Whether the candidate still breaks the law.
    pub fn judged(&mut self, breaks: bool) {
        if let Some(candidate) = self.candidate.take().filter(|_| breaks) {
            *self = Self::new(candidate);
        }
    }

    /// The simplest so far.
    pub fn best(self) -> History {
        self.best
    }
}

fn without(history: &History, dropped: [usize; 2]) -> History {
    let steps = history.steps.iter().enumerate();
    let kept = steps.filter(|(at, _)| !dropped.contains(at));
    History {
        steps: kept.map(|(_, &step)| step).collect(),
    }
}

/// One step less, then two less: an act and the merge that passed it on.
fn fewer_steps(history: &History) -> std::vec::IntoIter<[usize; 2]> {
    let count = history.steps.len();
    let one = (0..count).rev().map(|at| [at, at]);
    let two = (0..count).flat_map(move |at| (at + 1..count).map(move |other| [at, other]));
    one.chain(two).collect::<Vec<_>>().into_iter()
}

/// As many steps, with something smaller in one of them, or names exchanged in all.
fn simpler_steps(history: &History) -> Vec<History> {
    let mut all = Vec::new();
    for one in 0..REPLICAS {
        for other in 0..one {
            all.push(renamed(history, |replica| match replica {
                it if it == one => other,
                it if it == other => one,
                it => it,
            }));
        }
    }
    for (at, step) in history.steps.iter().enumerate() {
        for simpler in simpler_step(*step) {
            let mut steps = history.steps.clone();
            steps[at] = simpler;
            all.push(History { steps });
        }
    }
    // What can happen in either order happens in one.
    for at in 1..history.steps.len() {
        let mut steps = history.steps.clone();
        steps.swap(at - 1, at);
        all.push(History { steps });
    }
    // What belongs together, such as an addition and its removal, changes together.
    for at in 0..history.steps.len() {
        for other in at + 1..history.steps.len() {
            for (first, second) in pairs(history.steps[at], history.steps[other]) {
                let mut steps = history.steps.clone();
                (steps[at], steps[other]) = (first, second);
                all.push(History { steps });
            }
        }
    }
    all
}

fn renamed(history: &History, name: impl Fn(u8) -> u8) -> History {
    let steps = history.steps.iter().map(|&step| match step {
        Step::Act { replica, time, act } => Step::Act {
            replica: name(replica),
            time,
            act: match act {
                Act::Transfer { to, by } => Act::Transfer { to: name(to), by },
                act => act,
            },
        },
        Step::Merge { from, into } => Step::Merge {
            from: name(from),
            into: name(into),
        },
    });
    History {
        steps: steps.collect(),
    }
}

fn pairs(first: Step, second: Step) -> Vec<(Step, Step)> {
    let firsts = simpler_step(first);
    let seconds = simpler_step(second);
    let both = |&one: &Step| {
        seconds
            .iter()
            .map(move |&other| (one, other))
            .collect::<Vec<_>>()
    };
    firsts.iter().flat_map(both).collect()
}

/// The same step with one number that is smaller.
fn simpler_step(step: Step) -> Vec<Step> {
    match step {
        Step::Merge { from, into } => {
            let others = (0..REPLICAS).flat_map(|from| (0..REPLICAS).map(move |into| (from, into)));
            let others = others.filter(|(from, into)| from != into);
            let smaller = others.filter(|it| (it.0 + it.1, it.0) < (from + into, from));
            smaller
                .map(|(from, into)| Step::Merge { from, into })
                .collect()
        }
        Step::Act { replica, time, act } => {
            let mut all = Vec::new();
            all.extend((0..replica).map(|replica| Step::Act { replica, time, act }));
            all.extend((0..time).map(|time| Step::Act { replica, time, act }));
            all.extend(
                simpler_act(act)
                    .into_iter()
                    .map(|act| Step::Act { replica, time, act }),
            );
            all
        }
    }
}

fn simpler_act(act: Act) -> Vec<Act> {
    let least = |by: u32| 1..by;
    match act {
        Act::Increment(by) => least(by).map(Act::Increment).collect(),
        Act::Decrement(by) => least(by).map(Act::Decrement).collect(),
        Act::Write(value) => least(value).map(Act::Write).collect(),
        Act::BlindWrite(value) => least(value).map(Act::BlindWrite).collect(),
        Act::Erase(at) => (0..at).map(Act::Erase).collect(),
        Act::Add(item) => (0..item).map(Act::Add).collect(),
        Act::Remove(item) => (0..item).map(Act::Remove).collect(),
        Act::Delete(key) => (0..key).map(Act::Delete).collect(),
        Act::Transfer { to, by } => {
            let fewer = least(by).map(|by| Act::Transfer { to, by });
            fewer
                .chain((0..to).map(|to| Act::Transfer { to, by }))
                .collect()
        }
        Act::Raise { item, by } => {
            let fewer = least(by).map(|by| Act::Raise { item, by });
            fewer
                .chain((0..item).map(|item| Act::Raise { item, by }))
                .collect()
        }
        Act::Lower { item, by } => {
            let fewer = least(by).map(|by| Act::Lower { item, by });
            fewer
                .chain((0..item).map(|item| Act::Lower { item, by }))
                .collect()
        }
        Act::Put { key, value } => {
            let fewer = least(value).map(|value| Act::Put { key, value });
            fewer
                .chain((0..key).map(|key| Act::Put { key, value }))
                .collect()
        }
        Act::Insert { at, letter } => {
            let nearer = (0..at).map(|at| Act::Insert { at, letter });
            nearer
                .chain(('a'..letter).map(|letter| Act::Insert { at, letter }))
                .collect()
        }
        Act::Collect => Vec::new(),
    }
}
