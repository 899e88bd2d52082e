//! Replicated data types: each of the sound ones beside the function that its specification
//! is, and beside the crate `crdts` where that has a counterpart, after every step of random
//! traces. The observed-remove set without tombstones is also beside the one with them.
//!
//! The map of `crdts` may be wrong after merges of two kinds, which [`cut_clocks`] tells by
//! what was done and seen alone. From such a merge on a trace is set aside: ours is beside
//! the specification as everywhere, and no longer beside that map.

mod cut_clocks;

use splitbrain_engine::crdt::catalogue::{Entry, find};
use splitbrain_engine::crdt::laws::world::{Happened, World};
use splitbrain_engine::crdt::laws::{Expected, History, Step};
use splitbrain_engine::crdt::replicated::{Content, Verb};

use super::{Asked, Outcome, Phrase, TOLD, Validation};
use splitbrain_peers::{
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

/// Every sound type of the catalogue.
const COMPARISONS: [Comparison; 14] = [
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
    ("multi_value_register", registers),
    ("observed_remove_map", maps),
    ("sequence", texts),
    ("logoot", compare::<Nobody>),
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
    /// Traces in which the other one may be wrong from some merge on.
    aside: u64,
    /// Of those, the ones in which it is.
    wrong_aside: u64,
}

impl Tally {
    fn add(&mut self, other: Self) {
        self.aside += other.aside;
        self.wrong_aside += other.wrong_aside;
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
    /// what was done at once in every other trace at least. Less than one trace of
    /// the map in a hundred is set aside.
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
                    ("aside", self.aside),
                    ("wrong", self.wrong_aside),
                ],
            },
            expected: Phrase {
                id: "cli.validate.types.expected",
                counts: Vec::new(),
            },
            is_as_expected: self.differ == 0 && has_concurrent && self.aside < traces.div_ceil(100),
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
    /// After which merges the peer is not asked any more.
    is_doubtful: fn(&World, usize, usize) -> bool,
    /// Whether there was one, and whether the peer has been wrong since.
    is_aside: bool,
    is_wrong_aside: bool,
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
            is_doubtful: |_, _, _| false,
            is_aside: false,
            is_wrong_aside: false,
        }
    }

    /// Lets a step happen on both sides; the place of the replica that may have changed.
    fn step(&mut self, step: Step, tally: &mut Tally) -> usize {
        match step {
            Step::Merge { from, into } => {
                let (from, into) = (usize::from(from), usize::from(into));
                let (one, other) = (self.ours.seen[from], self.ours.seen[into]);
                tally.concurrent += u64::from(one & !other != 0 && other & !one != 0);
                self.is_aside |= (self.is_doubtful)(&self.ours, from, into);
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

    fn play(&mut self, steps: &[Step], tally: &mut Tally) {
        for &step in steps {
            let place = self.step(step, tally);
            self.look(place, tally);
        }
    }

    /// Compares what a replica shows with the specification and with the peer.
    fn look(&mut self, place: usize, tally: &mut Tally) {
        let (id, seed) = (self.id, self.seed);
        let value = self.ours.replicas[place].value();
        let expected = self.entry.lab.expected(&self.ours.visible(place));
        tally.values += 1;
        if !allows(&expected, &value) {
            tally.differs(|| format!("types, seed {seed}: {id} {value:?}, should be {expected:?}"));
        }
        if let Some(theirs) = self.theirs[place].content() {
            if self.is_aside {
                self.is_wrong_aside |= theirs != value;
                return;
            }
            tally.beside += 1;
            if theirs != value {
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
    compare_unless::<P>(asked, entry, |_, _, _| false)
}

/// Maps, beside the other one until a merge in which it may be wrong.
fn maps(asked: &Asked, entry: &Entry) -> Tally {
    compare_unless::<Entries>(asked, entry, cut_clocks::is_doubtful)
}

fn compare_unless<P: Peer>(
    asked: &Asked,
    entry: &Entry,
    is_doubtful: fn(&World, usize, usize) -> bool,
) -> Tally {
    let mut tally = tally();
    for seed in asked.seeds() {
        let mut pair = Pair::<P>::new(entry, seed);
        pair.is_doubtful = is_doubtful;
        pair.play(&history(entry, seed).steps, &mut tally);
        tally.aside += u64::from(pair.is_aside);
        tally.wrong_aside += u64::from(pair.is_wrong_aside);
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

/// Registers of siblings: any trace beside the specification, and one in which whoever writes
/// has read what is there beside the other one, which has no clients who have not.
fn registers(asked: &Asked, entry: &Entry) -> Tally {
    let mut tally = compare::<Nobody>(asked, entry);
    for seed in asked.seeds() {
        let mut pair = Pair::<ManyValues>::new(entry, seed);
        let history = History::of_seed(seed, &[Verb::Write], false);
        pair.play(&history.steps, &mut tally);
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
    use splitbrain_engine::crdt::replicated::Act;

    use super::*;

    fn asked(histories: u64) -> Asked {
        Asked {
            histories,
            seed: 0,
            data: std::path::PathBuf::new(),
        }
    }

    fn put(replica: u8, key: u8, value: u32) -> Step {
        let (time, act) = (0, Act::Put { key, value });
        Step::Act { replica, time, act }
    }

    fn delete(replica: u8, key: u8) -> Step {
        let (time, act) = (0, Act::Delete(key));
        Step::Act { replica, time, act }
    }

    const fn merge(from: u8, into: u8) -> Step {
        Step::Merge { from, into }
    }

    /// Maps that have lived through these steps.
    fn map_after(steps: &[Step]) -> Pair<'static, Entries> {
        let mut tally = tally();
        let mut pair = Pair::<Entries>::new(find("observed_remove_map").unwrap(), 0);
        pair.is_doubtful = cut_clocks::is_doubtful;
        pair.play(steps, &mut tally);
        assert_eq!(tally.differ, 0, "ours is what the specification says");
        pair
    }

    /// What the map of `crdts` does wrong, smallest: who wrote key 2 at replica 1 had seen
    /// key 1 of replica 0. Replica 0 wrote key 2 too, and hears that 1 deleted its own.
    /// The deletion cuts 1's event from the clock of the value, and 0's event stays in it.
    #[test]
    fn the_other_map_brings_back_a_deleted_value_whose_writer_had_seen_others() {
        let steps = [
            put(0, 1, 3),
            merge(0, 1),
            put(1, 2, 1),
            put(0, 2, 2),
            merge(1, 0),
            delete(1, 2),
            merge(1, 0),
        ];
        let pair = map_after(&steps);
        let (ours, theirs) = (pair.ours.replicas[0].value(), pair.theirs[0].content());
        let expected = Content::Entries(vec![(1, vec![3]), (2, vec![2])]);
        let brought_back = Content::Entries(vec![(1, vec![3]), (2, vec![1, 2])]);
        assert_eq!((ours, theirs), (expected, Some(brought_back)));
        assert!(pair.is_aside && pair.is_wrong_aside);
        // Without any one of its steps the other map is right.
        for without in 0..steps.len() {
            let mut fewer = steps.to_vec();
            fewer.remove(without);
            assert!(!map_after(&fewer).is_wrong_aside, "{without}");
        }
        // Nor is it wrong where the writer had seen nobody else's write.
        let alone = [
            put(1, 2, 1),
            put(0, 2, 2),
            merge(1, 0),
            delete(1, 2),
            merge(1, 0),
        ];
        let pair = map_after(&alone);
        assert!(!pair.is_aside && !pair.is_wrong_aside);
    }

    #[test]
    fn the_other_map_is_right_in_every_trace_that_is_not_set_aside() {
        let entry = find("observed_remove_map").unwrap();
        let tally = maps(&asked(20_000), entry);
        assert_eq!(tally.differ, 0);
        assert!(tally.beside > tally.values * 9 / 10, "{tally:?}");
        assert!(0 < tally.wrong_aside && tally.wrong_aside < tally.aside);
        // Were none set aside, it would be noticed.
        let all = compare::<Entries>(&asked(20_000), entry);
        assert!(all.differ > 0 && all.aside == 0);
    }

    /// The other thing that it does: both others had written before 0 did, and each side
    /// has cut the clock of 0's value by what the other of them wrote.
    #[test]
    fn the_other_map_shows_a_value_twice_whose_writer_had_seen_two_others() {
        let steps = [
            put(1, 2, 4),
            merge(1, 0),
            put(2, 1, 4),
            merge(2, 0),
            put(0, 0, 4),
            merge(0, 1),
            merge(0, 2),
            merge(1, 2),
        ];
        let pair = map_after(&steps);
        let (ours, theirs) = (pair.ours.replicas[2].value(), pair.theirs[2].content());
        let of_others = [(1, vec![4]), (2, vec![4])];
        let entries = |own| Content::Entries([vec![(0, own)], of_others.to_vec()].concat());
        assert_eq!(ours, entries(vec![4]));
        assert_eq!(theirs, Some(entries(vec![4, 4])));
        assert!(pair.is_aside && pair.is_wrong_aside);
        for without in 0..steps.len() {
            let mut fewer = steps.to_vec();
            fewer.remove(without);
            assert!(!map_after(&fewer).is_wrong_aside, "{without}");
        }
    }

    #[test]
    fn every_sound_type_is_compared() {
        let sound = ALL_TYPES.iter().filter(|entry| !entry.is_broken());
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
