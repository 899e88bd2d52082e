//! The trace: every fact of a run, in order, in chunks of 64 k.
//!
//! It is a cache. When it holds more chunks than its window, the oldest are let
//! go; [`crate::run::Player::load`] makes them again from a checkpoint.

use super::fact::{Fact, FactId};
use super::time::Time;

/// Facts in a chunk.
pub const CHUNK_FACTS: u32 = 1 << 16;

/// Chunks kept by default: 1.5 million facts, 50 MB.
pub const WINDOW_CHUNKS: u32 = 24;

#[derive(Clone, Debug, Default)]
struct Chunk {
    /// Empty when let go.
    facts: Vec<Fact>,
    first_at: Time,
    first_event: u32,
}

/// An append-only sequence of facts of which a window is in memory.
#[derive(Clone, Debug)]
pub struct Trace {
    chunks: Vec<Chunk>,
    len: u32,
    window_chunks: u32,
    /// Chunks below this one have been let go, unless loaded again.
    next_to_drop: u32,
}

impl Default for Trace {
    fn default() -> Self {
        Self::with_window(WINDOW_CHUNKS)
    }
}

impl Trace {
    /// A trace that keeps this many chunks, at least two.
    pub fn with_window(window_chunks: u32) -> Self {
        Self {
            chunks: Vec::new(),
            len: 0,
            window_chunks: window_chunks.max(2),
            next_to_drop: 0,
        }
    }

    /// How many facts there are, in memory or not.
    pub fn len(&self) -> u32 {
        self.len
    }

    /// Whether nothing has happened yet.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Appends a fact and returns its id.
    pub fn push(&mut self, fact: Fact) -> FactId {
        let id = FactId(self.len);
        if self.len.is_multiple_of(CHUNK_FACTS) {
            self.chunks.push(Chunk {
                // At once, or growing it would copy every fact once more.
                facts: Vec::with_capacity(CHUNK_FACTS as usize),
                first_at: fact.at(),
                first_event: fact.event,
            });
            if self.chunks.len() as u32 - self.next_to_drop > self.window_chunks {
                self.chunks[self.next_to_drop as usize].facts = Vec::new();
                self.next_to_drop += 1;
            }
        }
        if let Some(chunk) = self.chunks.last_mut() {
            chunk.facts.push(fact);
        }
        self.len += 1;
        id
    }

    /// The fact with this id, if there is one and it is in memory.
    pub fn get(&self, id: FactId) -> Option<&Fact> {
        let chunk = self.chunks.get((id.0 / CHUNK_FACTS) as usize)?;
        chunk.facts.get((id.0 % CHUNK_FACTS) as usize)
    }

    /// The facts from `from` up to but not including `to` that are in memory.
    pub fn range(&self, from: FactId, to: FactId) -> impl Iterator<Item = (FactId, &Fact)> {
        let to = to.0.min(self.len);
        let mut next = from.0;
        std::iter::from_fn(move || {
            while next < to {
                let id = FactId(next);
                let chunk = &self.chunks[(next / CHUNK_FACTS) as usize];
                if chunk.facts.is_empty() {
                    next = (next / CHUNK_FACTS + 1) * CHUNK_FACTS;
                    continue;
                }
                next += 1;
                if let Some(fact) = chunk.facts.get((id.0 % CHUNK_FACTS) as usize) {
                    return Some((id, fact));
                }
            }
            None
        })
    }

    /// The first chunk of a range that is not in memory, as a range of facts.
    pub fn missing(&self, from: FactId, to: FactId) -> Option<(FactId, FactId)> {
        let to = to.0.min(self.len);
        (from.0 / CHUNK_FACTS..to.div_ceil(CHUNK_FACTS))
            .find(|&index| self.chunks[index as usize].facts.is_empty())
            .map(|index| {
                let end = ((index + 1) * CHUNK_FACTS).min(self.len);
                (FactId(index * CHUNK_FACTS), FactId(end))
            })
    }

    /// Puts back a chunk that was let go.
    pub(crate) fn restore(&mut self, first: FactId, facts: Vec<Fact>) {
        if let Some(chunk) = self.chunks.get_mut((first.0 / CHUNK_FACTS) as usize) {
            chunk.facts = facts;
            self.next_to_drop = self.next_to_drop.min(first.0 / CHUNK_FACTS);
        }
    }

    /// Lets go of what lies furthest from `around` until the window is kept.
    pub(crate) fn trim(&mut self, around: FactId) {
        let around = i64::from(around.0 / CHUNK_FACTS);
        let held =
            |trace: &Self| trace.chunks.iter().filter(|c| !c.facts.is_empty()).count() as u32;
        while held(self) > self.window_chunks {
            let last = self.chunks.len() - 1;
            let furthest = (0..last)
                .filter(|&index| !self.chunks[index].facts.is_empty())
                .max_by_key(|&index| (index as i64 - around).abs());
            match furthest {
                Some(index) => self.chunks[index].facts = Vec::new(),
                None => break,
            }
        }
    }

    /// Forgets every fact from this one on.
    pub(crate) fn truncate(&mut self, len: u32) {
        self.len = self.len.min(len);
        self.chunks.truncate(len.div_ceil(CHUNK_FACTS) as usize);
        if let Some(chunk) = self.chunks.last_mut()
            && !len.is_multiple_of(CHUNK_FACTS)
        {
            chunk.facts.truncate((len % CHUNK_FACTS) as usize);
        }
    }

    /// The first fact at or after a moment (its id may be the length).
    pub fn first_at(&self, at: Time) -> FactId {
        self.partition(|time, _| time < at, |fact| fact.at() < at)
    }

    /// The first fact of an event or of a later one.
    pub fn first_of_event(&self, event: u32) -> FactId {
        self.partition(|_, first| first < event, |fact| fact.event < event)
    }

    /// Facts are ordered by time and event, so both can be searched for. In a chunk that
    /// was let go the answer is its beginning.
    fn partition(
        &self,
        chunk_before: impl Fn(Time, u32) -> bool,
        fact_before: impl Fn(&Fact) -> bool,
    ) -> FactId {
        let after = self
            .chunks
            .partition_point(|chunk| chunk_before(chunk.first_at, chunk.first_event));
        let Some(index) = after.checked_sub(1) else {
            return FactId(0);
        };
        let within = self.chunks[index].facts.partition_point(fact_before);
        FactId(index as u32 * CHUNK_FACTS + within as u32)
    }

    /// Bytes of memory that facts take now.
    pub fn bytes(&self) -> u64 {
        self.chunks
            .iter()
            .map(|chunk| (chunk.facts.capacity() * size_of::<Fact>()) as u64)
            .sum()
    }

    /// Those of them that are still free in the last chunk: next to nothing of a long trace,
    /// and most of a short one.
    pub fn free_bytes(&self) -> u64 {
        self.chunks.last().map_or(0, |chunk| {
            ((chunk.facts.capacity() - chunk.facts.len()) * size_of::<Fact>()) as u64
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::fact::{Draft, FactKind, HostId};

    fn fact(n: u32) -> Fact {
        let draft = Draft {
            kind: FactKind::CommandGiven,
            flag: 0,
            peer: HostId(0),
            subjects: [n, 0, 0],
        };
        Fact::new(
            draft,
            Time(u64::from(n) / 2),
            n / 4,
            FactId::NONE,
            HostId(0),
        )
    }

    #[test]
    fn facts_are_found_by_time_and_by_event() {
        let mut trace = Trace::default();
        for n in 0..200_000 {
            trace.push(fact(n));
        }
        assert_eq!(trace.first_at(Time(50_000)), FactId(100_000));
        assert_eq!(trace.first_of_event(40_000), FactId(160_000));
        assert_eq!(trace.first_of_event(0), FactId(0));
        assert_eq!(trace.first_at(Time(u64::MAX)), FactId(200_000));
        assert_eq!(trace.get(FactId(199_999)).map(|f| f.a), Some(199_999));
        assert_eq!(trace.get(FactId(200_000)), None);
    }

    #[test]
    fn only_a_window_of_chunks_stays_in_memory() {
        let mut trace = Trace::with_window(2);
        for n in 0..CHUNK_FACTS * 4 {
            trace.push(fact(n));
        }
        assert_eq!(trace.get(FactId(0)), None);
        assert_eq!(trace.len(), CHUNK_FACTS * 4);
        let all = (FactId(0), FactId(trace.len()));
        assert_eq!(trace.range(all.0, all.1).count() as u32, CHUNK_FACTS * 2);
        assert_eq!(
            trace.missing(all.0, all.1),
            Some((FactId(0), FactId(CHUNK_FACTS)))
        );
        trace.restore(FactId(0), (0..CHUNK_FACTS).map(fact).collect());
        assert_eq!(trace.get(FactId(5)), Some(&fact(5)));
        trace.trim(FactId(0));
        assert!(trace.get(FactId(5)).is_some());
    }

    #[test]
    fn what_is_free_in_the_last_chunk_is_no_memory_of_facts() {
        let mut trace = Trace::default();
        assert_eq!(trace.free_bytes(), 0);
        for n in 0..1_000 {
            trace.push(fact(n));
        }
        let taken = trace.bytes() - trace.free_bytes();
        assert_eq!(taken, 1_000 * size_of::<Fact>() as u64);
    }
}
