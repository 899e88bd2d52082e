//! Replicas that are brought to states worth merging, and how long merging them takes.

use std::hint::black_box;
use std::time::Instant;

use splitbrain_engine::crdt::merging::{self, REPLICAS};
use splitbrain_engine::crdt::replicated::{Act, Replicated, Verb, Writer};

use crate::peers::Peer;

/// Pairs of states that are in memory at a time.
const BATCH: u32 = 1_000;

/// Of which the fastest counts: what disturbs one only slows it.
const ROUNDS: u32 = 7;

/// Figures of one implementation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    /// Merges of news a second.
    pub(super) news: f64,
    /// Merges of what is known a second.
    pub(super) known: f64,
    /// Bytes of a replica that has seen everything.
    pub(super) bytes: u64,
}

/// Replicas of one implementation, that do as they are told.
pub(super) trait Subject: Clone + Default {
    fn act(&mut self, writer: Writer, act: Act);
    fn join(&mut self, other: &Self);
    /// How long it takes to merge the second of each pair into the first, in seconds.
    fn seconds(pairs: Vec<(Self, Self)>) -> f64;
    fn bytes(&self) -> u64;
}

/// A type of ours.
#[derive(Clone, Default)]
pub(super) struct Ours<T>(T);

impl<T: Replicated + Default> Subject for Ours<T> {
    fn act(&mut self, writer: Writer, act: Act) {
        if let Some(update) = self.0.prepare(writer, act) {
            self.0.apply(&update);
        }
    }

    fn join(&mut self, other: &Self) {
        self.0.merge(&other.0);
    }

    fn seconds(mut pairs: Vec<(Self, Self)>) -> f64 {
        let begin = Instant::now();
        for (own, other) in &mut pairs {
            own.0.merge(&other.0);
        }
        // Without it nobody would need what was merged, and nothing had to be.
        black_box(&mut pairs);
        begin.elapsed().as_secs_f64()
    }

    fn bytes(&self) -> u64 {
        self.0.bytes().into()
    }
}

/// Somebody else's type. It takes what it merges, so a copy is ready for it.
#[derive(Clone, Default)]
pub(super) struct Theirs<P>(P);

impl<P: Peer> Subject for Theirs<P> {
    fn act(&mut self, writer: Writer, act: Act) {
        self.0.act(writer, act);
    }

    fn join(&mut self, other: &Self) {
        self.0.merge(other.0.clone());
    }

    fn seconds(pairs: Vec<(Self, Self)>) -> f64 {
        let mut merged = Vec::with_capacity(pairs.len());
        let begin = Instant::now();
        for (mut own, other) in pairs {
            own.0.merge(other.0);
            merged.push(own);
        }
        black_box(&mut merged);
        begin.elapsed().as_secs_f64()
    }

    fn bytes(&self) -> u64 {
        self.0.bytes()
    }
}

/// Merges so many states a round.
pub(super) fn side<S: Subject>(verbs: &[Verb], merges: u32) -> Side {
    let [own, other, _] = replicas::<S>(verbs);
    let mut whole = own.clone();
    whole.join(&other);
    Side {
        news: per_second(&own, &other, merges),
        known: per_second(&whole, &other, merges),
        bytes: whole.bytes(),
    }
}

fn per_second<S: Subject>(own: &S, other: &S, merges: u32) -> f64 {
    let batches = merges.div_ceil(BATCH);
    let batch = || (0..BATCH).map(|_| (own.clone(), other.clone())).collect();
    let rounds = (0..ROUNDS).map(|_| (0..batches).map(|_| S::seconds(batch())).sum());
    let fastest = rounds.fold(f64::INFINITY, f64::min).max(1e-9);
    f64::from(batches * BATCH) / fastest
}

/// Three replicas that have all seen the same, and each of which then did two things more.
fn replicas<S: Subject>(verbs: &[Verb]) -> [S; REPLICAS as usize] {
    merging::replicas(verbs, S::act, S::join)
}

#[cfg(test)]
mod tests {
    use splitbrain_engine::crdt::replicated::Content;
    use splitbrain_engine::crdt::{ObservedRemoveSet, Sequence};

    use super::*;
    use crate::peers::ObservedRemove;

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
