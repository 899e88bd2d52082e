//! Replicas that are brought to states worth merging, and how long merging them takes.
//!
//! Three replicas of each type hold eight elements that all of them have seen; then each
//! does two things more. *News*: what one did goes into another, neither having seen what
//! the other did. *Known*: it goes there again, as happens most often where states are sent
//! round and round. Only merging is timed, not copying states or taking them apart.

use std::hint::black_box;

use splitbrain_engine::crdt::catalogue::find;
use splitbrain_engine::crdt::merging::{self, REPLICAS};
use splitbrain_engine::crdt::replicated::{Act, Replicated, Verb, Writer};
use splitbrain_engine::crdt::{
    BoundedCounter, GCounter, GSet, LwwElementSet, LwwRegister, MultiValueRegister,
    ObservedRemoveMap, ObservedRemoveSet, PnCounter, RemoveWinsSet, Sequence, TombstoneSet,
    TwoPhaseSet,
};

use crate::{
    Characters, Entries, GrowOnly, Growing, LastWrite, ManyValues, Nobody, ObservedRemove, Peer,
    UpAndDown,
};

/// Of which the fastest counts: what disturbs one only slows it.
const ROUNDS: u32 = 7;

/// How time is told.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// Seconds since some moment.
    pub now: fn() -> f64,
    /// Pairs of states that are in memory at a time, and merged between two looks at the
    /// clock: the coarser it is, the more.
    pub batch: u32,
}

/// Figures of one implementation.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// Merges of news a second.
    pub news: f64,
    /// Merges of what is known a second.
    pub known: f64,
    /// Bytes of a replica that has seen everything.
    pub bytes: u64,
}

/// Replicas of one implementation, that do as they are told.
pub trait Subject: Clone + Default {
    /// Does something.
    fn act(&mut self, writer: Writer, act: Act);
    /// Merges another's state into its own.
    fn join(&mut self, other: &Self);
    /// How long it takes to merge the second of each pair into the first, in seconds.
    fn seconds(pairs: Vec<(Self, Self)>, clock: Clock) -> f64;
    /// Its size on the wire in bytes.
    fn bytes(&self) -> u64;
}

/// A type of ours.
#[derive(Clone, Default)]
pub struct Ours<T>(T);

impl<T: Replicated + Default> Subject for Ours<T> {
    fn act(&mut self, writer: Writer, act: Act) {
        if let Some(update) = self.0.prepare(writer, act) {
            self.0.apply(&update);
        }
    }

    fn join(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    fn seconds(mut pairs: Vec<(Self, Self)>, clock: Clock) -> f64 {
        let begin = (clock.now)();
        for (own, other) in &mut pairs {
            own.0.merge(&other.0);
        }
        // Without it nobody would need what was merged, and nothing had to be.
        black_box(&mut pairs);
        (clock.now)() - begin
    }

    fn bytes(&self) -> u64 {
        self.0.bytes().into()
    }
}

/// Somebody else's type. It takes what it merges, so a copy is ready for it.
#[derive(Clone, Default)]
pub struct Theirs<P>(P);

impl<P: Peer> Subject for Theirs<P> {
    fn act(&mut self, writer: Writer, act: Act) {
        self.0.act(writer, act);
    }

    fn join(&mut self, other: &Self) {
        self.0.merge(other.0.clone());
    }

    fn seconds(pairs: Vec<(Self, Self)>, clock: Clock) -> f64 {
        let mut merged = Vec::with_capacity(pairs.len());
        let begin = (clock.now)();
        for (mut own, other) in pairs {
            own.0.merge(other.0);
            merged.push(own);
        }
        black_box(&mut merged);
        (clock.now)() - begin
    }

    fn bytes(&self) -> u64 {
        self.0.bytes()
    }
}

/// A type of ours, and its counterpart where there is one.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// The type's id in the catalogue.
    pub id: &'static str,
    /// Ours.
    pub ours: Side,
    /// The counterpart.
    pub theirs: Option<Side>,
}

/// How a type is measured: its id, the merges of a round, the clock.
pub type Measure = fn(&'static str, u32, Clock) -> Row;

/// Every sound type.
pub const TYPES: [(&str, Measure); 13] = [
    ("g_counter", measure::<GCounter, GrowOnly>),
    ("pn_counter", measure::<PnCounter, UpAndDown>),
    ("bounded_counter", measure::<BoundedCounter, Nobody>),
    ("g_set", measure::<GSet, Growing>),
    ("two_phase_set", measure::<TwoPhaseSet, Nobody>),
    ("lww_element_set", measure::<LwwElementSet, Nobody>),
    (
        "observed_remove_set",
        measure::<ObservedRemoveSet, ObservedRemove>,
    ),
    ("tombstone_set", measure::<TombstoneSet, ObservedRemove>),
    ("remove_wins_set", measure::<RemoveWinsSet, Nobody>),
    ("lww_register", measure::<LwwRegister, LastWrite>),
    (
        "multi_value_register",
        measure::<MultiValueRegister, ManyValues>,
    ),
    ("observed_remove_map", measure::<ObservedRemoveMap, Entries>),
    ("sequence", measure::<Sequence, Characters>),
];

fn measure<T: Replicated + Default, P: Peer>(id: &'static str, merges: u32, clock: Clock) -> Row {
    let verbs = find(id).map_or(&[][..], |entry| entry.lab.verbs());
    let has_peer = P::default().content().is_some();
    Row {
        id,
        ours: side::<Ours<T>>(verbs, merges, clock),
        theirs: has_peer.then(|| side::<Theirs<P>>(verbs, merges, clock)),
    }
}

/// Merges so many states a round.
fn side<S: Subject>(verbs: &[Verb], merges: u32, clock: Clock) -> Side {
    let [own, other, _] = replicas::<S>(verbs);
    let mut whole = own.clone();
    whole.join(&other);
    Side {
        news: per_second(&own, &other, merges, clock),
        known: per_second(&whole, &other, merges, clock),
        bytes: whole.bytes(),
    }
}

fn per_second<S: Subject>(own: &S, other: &S, merges: u32, clock: Clock) -> f64 {
    let batches = merges.div_ceil(clock.batch);
    let pairs = || (0..clock.batch).map(|_| (own.clone(), other.clone()));
    let round = || (0..batches).map(|_| S::seconds(pairs().collect(), clock));
    let rounds = (0..ROUNDS).map(|_| round().sum());
    let fastest = rounds.fold(f64::INFINITY, f64::min).max(1e-9);
    f64::from(batches * clock.batch) / fastest
}

/// Three replicas that have all seen the same, and each of which then did two things more.
fn replicas<S: Subject>(verbs: &[Verb]) -> [S; REPLICAS as usize] {
    merging::replicas(verbs, S::act, S::join)
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::crdt::ALL_TYPES;
    use splitbrain_engine::crdt::replicated::Content;

    use super::*;

    #[test]
    fn every_sound_type_is_measured() {
        let sound = ALL_TYPES.iter().filter(|entry| entry.breaks.is_empty());
        let sound: Vec<&str> = sound.map(|entry| entry.info.id).collect();
        assert_eq!(sound, TYPES.map(|it| it.0));
    }

    #[test]
    fn both_sides_merge_the_same_states_and_neither_has_seen_the_other() {
        let verbs = [Verb::Add, Verb::Remove];
        let [mut own, other, _] = replicas::<Ours<ObservedRemoveSet>>(&verbs);
        let [mut theirs, their_other, _] = replicas::<Theirs<ObservedRemove>>(&verbs);
        let items = |items: &[u8]| Content::Items(items.to_vec());
        assert_eq!(own.0.value(), items(&[0, 2, 3, 4, 5, 6, 7]));
        assert_eq!(other.0.value(), items(&[0, 1, 2, 4, 5, 6, 7]));
        own.join(&other);
        theirs.join(&their_other);
        assert_eq!(own.0.value(), items(&[0, 2, 4, 5, 6, 7]));
        assert_eq!(theirs.0.content(), Some(own.0.value()));
    }

    #[test]
    fn a_text_is_typed_in_order_and_erased_in_part() {
        let verbs = [Verb::Insert, Verb::Erase];
        let [own, ..] = replicas::<Ours<Sequence>>(&verbs);
        assert_eq!(
            own.0.value(),
            Content::Text("aabcdefgh".replacen('a', "", 1))
        );
    }
}
