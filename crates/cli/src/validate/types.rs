//! Replicated data types: each of the sound ones beside the function that its specification
//! is, and beside the crate `crdts` where that has a counterpart, after every step of random
//! traces. The observed-remove set without tombstones is also beside the one with them.
//!
//! The map of `crdts` now and then brings a deleted value back (see [`Entries`]). Where ours
//! shows what the specification says and only that map does not, it is counted by itself.

use splitbrain_engine::crdt::catalogue::{Entry, find};
use splitbrain_engine::crdt::laws::world::{Happened, World};
use splitbrain_engine::crdt::laws::{Expected, History, Step};
use splitbrain_engine::crdt::replicated::Content;

use super::{Asked, Outcome, Phrase, TOLD, Validation};
use crate::peers::{
    Characters, Entries, GrowOnly, Growing, LastWrite, ManyValues, Nobody, ObservedRemove, Peer,
    UpAndDown,
};

/// This validation.
pub(super) const TYPES: Validation = Validation {
    name: "types",
    what: "cli.validate.types.what",
    source: "Shapiro et al. 2011; crate crdts 7.3",
    run: |asked| Ok(run(asked)),
};

/// How a type is compared: its id, and with whom.
type Comparison = (&'static str, fn(&Asked, &Entry) -> Tally);

/// The type whose counterpart is known to differ from the specification.
const WRONG_BESIDE: &str = "observed_remove_map";

/// Every sound type of the catalogue.
const COMPARISONS: [Comparison; 13] = [
    ("g_counter", compare::<GrowOnly>),
    ("pn_counter", compare::<UpAndDown>),
    ("bounded_counter", compare::<Nobody>),
    ("g_set", compare::<Growing>),
    ("two_phase_set", compare::<Nobody>),
    ("lww_element_set", compare::<Nobody>),
    ("observed_remove_set", compare::<ObservedRemove>),
    ("tombstone_set", with_and_without_tombstones),
    ("remove_wins_set", compare::<Nobody>),
    ("lww_register", compare::<LastWrite>),
    ("multi_value_register", compare::<ManyValues>),
    ("observed_remove_map", compare::<Entries>),
    ("sequence", texts),
];

fn run(asked: &Asked) -> Outcome {
    let mut all = Tally::default();
    for (id, compare) in COMPARISONS {
        if let Some(entry) = find(id) {
            all.add(compare(asked, entry));
        }
    }
    all.outcome(asked.histories)
}

/// What was compared.
#[derive(Debug, Default)]
struct Tally {
    types: u64,
    /// Values of ours beside the specification's.
    values: u64,
    /// Values of ours beside somebody else's.
    beside: u64,
    /// Merges of replicas neither of which had seen all that the other had.
    concurrent: u64,
    differ: u64,
    /// Values of [`WRONG_BESIDE`] in which only the other one is wrong.
    wrong_beside: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.wrong_beside += other.wrong_beside;
        self.types += other.types;
        self.values += other.values;
        self.beside += other.beside;
        self.concurrent += other.concurrent;
        self.differ += other.differ;
    }

    /// Counts a difference and tells of the first few.
    fn differs(&mut self, tell: impl FnOnce() -> String) {
        self.differ += 1;
        if self.differ <= TOLD {
            eprintln!("{}", tell());
        }
    }

    /// As expected where nothing differs, and there was something that could: a merge of
    /// what was done at once in every other trace at least. The other map is wrong too
    /// rarely to hide anything.
    fn outcome(&self, traces: u64) -> Outcome {
        let has_concurrent = self.concurrent >= self.types * traces / 2;
        Outcome {
            size: Phrase {
                id: "cli.validate.types.size",
                counts: vec![
                    ("types", self.types),
                    ("n", traces),
                    ("concurrent", self.concurrent),
                ],
            },
            result: Phrase {
                id: "cli.validate.types.result",
                counts: vec![
                    ("n", self.differ),
                    ("values", self.values),
                    ("beside", self.beside),
                    ("wrong", self.wrong_beside),
                ],
            },
            expected: Phrase {
                id: "cli.validate.types.expected",
                counts: Vec::new(),
            },
            is_as_expected: self.differ == 0 && has_concurrent && self.wrong_beside <= traces / 100,
            beside: None,
        }
    }
}

/// Replicas of ours, and what lives through the same beside them.
struct Pair<'a, P> {
    id: &'static str,
    seed: u64,
    entry: &'a Entry,
    ours: World,
    theirs: Vec<P>,
}

impl<'a, P: Peer> Pair<'a, P> {
    fn new(entry: &'a Entry, seed: u64) -> Self {
        let ours = World::new(entry.lab);
        let theirs = ours.replicas.iter().map(|_| P::default()).collect();
        Self {
            id: entry.info.id,
            seed,
            entry,
            ours,
            theirs,
        }
    }

    /// Lets a step happen on both sides; the place of the replica that may have changed.
    fn step(&mut self, step: Step, tally: &mut Tally) -> usize {
        match step {
            Step::Merge { from, into } => {
                let (from, into) = (usize::from(from), usize::from(into));
                let (one, other) = (self.ours.seen[from], self.ours.seen[into]);
                tally.concurrent += u64::from(one & !other != 0 && other & !one != 0);
                self.ours.step(step);
                let other = self.theirs[from].clone();
                self.theirs[into].merge(other);
                into
            }
            Step::Act { replica, act, .. } => {
                let place = usize::from(replica);
                if let Happened::Updated { .. } = self.ours.step(step)
                    && let Some(fact) = self.ours.facts.last()
                {
                    self.theirs[place].act(fact.writer, act);
                }
                place
            }
        }
    }

    /// Compares what a replica shows with the specification and with the peer.
    fn look(&self, place: usize, tally: &mut Tally) {
        let (id, seed) = (self.id, self.seed);
        let value = self.ours.replicas[place].value();
        let expected = self.entry.lab.expected(&self.ours.visible(place));
        tally.values += 1;
        let is_right = allows(&expected, &value);
        if !is_right {
            tally.differs(|| format!("types, seed {seed}: {id} {value:?}, should be {expected:?}"));
        }
        if let Some(theirs) = self.theirs[place].content() {
            tally.beside += 1;
            if theirs != value && is_right && id == WRONG_BESIDE {
                tally.wrong_beside += 1;
            } else if theirs != value {
                tally.differs(|| format!("types, seed {seed}: {id} {value:?}, crdts {theirs:?}"));
            }
        }
    }
}

fn allows(expected: &Expected, value: &Content) -> bool {
    match expected {
        Expected::Is(expected) => expected == value,
        Expected::OneOf(allowed) => allowed.contains(value),
    }
}

fn history(entry: &Entry, seed: u64) -> History {
    History::of_seed(seed, entry.lab.verbs(), entry.lab.is_timed())
}

fn tally() -> Tally {
    Tally {
        types: 1,
        ..Tally::default()
    }
}

fn compare<P: Peer>(asked: &Asked, entry: &Entry) -> Tally {
    let mut tally = tally();
    for seed in asked.seeds() {
        let mut pair = Pair::<P>::new(entry, seed);
        for step in history(entry, seed).steps {
            let place = pair.step(step, &mut tally);
            pair.look(place, &mut tally);
        }
    }
    tally
}

/// The set with tombstones, which are collected now and then, beside the one that has none.
fn with_and_without_tombstones(asked: &Asked, entry: &Entry) -> Tally {
    let mut tally = tally();
    let Some(without) = find("observed_remove_set") else {
        return tally;
    };
    for seed in asked.seeds() {
        let mut pair = Pair::<ObservedRemove>::new(entry, seed);
        let mut twin = World::new(without.lab);
        for step in history(entry, seed).steps {
            let place = pair.step(step, &mut tally);
            pair.look(place, &mut tally);
            twin.step(step);
            let (value, other) = (&pair.ours.replicas[place], &twin.replicas[place]);
            let (value, other) = (value.value(), other.value());
            tally.beside += 1;
            if value != other {
                tally.differs(|| {
                    format!("types, seed {seed}: {value:?} with tombstones, {other:?} without")
                });
            }
        }
    }
    tally
}

/// Texts: any trace beside the specification, and a trace in which everybody hears of
/// everything before they type beside the other algorithm, which may order otherwise what
/// is typed at once.
fn texts(asked: &Asked, entry: &Entry) -> Tally {
    let mut tally = compare::<Nobody>(asked, entry);
    for seed in asked.seeds() {
        let mut pair = Pair::<Characters>::new(entry, seed);
        for step in history(entry, seed).steps {
            if let Step::Act { replica, .. } = step {
                for from in (0..pair.theirs.len() as u8).filter(|&it| it != replica) {
                    let into = replica;
                    pair.step(Step::Merge { from, into }, &mut tally);
                }
            }
            let place = pair.step(step, &mut tally);
            pair.look(place, &mut tally);
        }
    }
    tally
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::crdt::ALL_TYPES;
    use splitbrain_engine::crdt::laws::Law;

    use super::*;

    fn asked(histories: u64) -> Asked {
        Asked {
            histories,
            seed: 0,
            data: std::path::PathBuf::new(),
        }
    }

    #[test]
    fn every_sound_type_is_compared() {
        let sound = ALL_TYPES.iter().filter(|entry| entry.breaks.is_empty());
        let sound: Vec<&str> = sound.map(|entry| entry.info.id).collect();
        assert_eq!(sound, COMPARISONS.map(|it| it.0));
    }

    #[test]
    fn a_type_that_breaks_its_specification_differs_from_it() {
        for entry in ALL_TYPES {
            if entry.breaks.contains(&Law::Specification) {
                let tally = compare::<Nobody>(&asked(1_000), entry);
                assert!(tally.differ > 0, "{}", entry.info.id);
                assert!(!tally.outcome(1_000).is_as_expected);
            }
        }
    }

    #[test]
    fn a_peer_that_settles_otherwise_differs() {
        let remove_wins = find("remove_wins_set").unwrap();
        let tally = compare::<ObservedRemove>(&asked(1_000), remove_wins);
        assert!(tally.differ > 0 && tally.differ < tally.beside);
        // Without anything done at once there is nothing to settle.
        let nothing = Tally {
            concurrent: 0,
            differ: 0,
            ..tally
        };
        assert!(!nothing.outcome(1_000).is_as_expected);
    }
}
