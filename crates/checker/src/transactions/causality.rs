//! Causality, as it grows: session order, read-from, and their chains, in vector
//! clocks (Fidge 1988, Mattern 1989).
//!
//! Only what writes can be seen, so only writers are counted. They stand in
//! *chains*, each in causal order; a clock says of each chain how many of its
//! writers are in the past. A session has one chain, and a writer whose outcome
//! stays unknown although somebody saw it ends it: what the session writes next is
//! not after that writer, and begins another chain. So with k sessions and u such
//! writers a clock has at most k + u entries of four bytes, and every writer and
//! every session keeps one.

use super::order::NONE;

/// A transaction that writes, in the order in which they began; what is before
/// another in causality began before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Writer(pub(super) u32);

#[derive(Debug, Clone, Copy)]
struct Placed {
    chain: u32,
    /// From 0, within the chain.
    place: u32,
    clock: Stretch,
    /// Whether it was seen, or committed, so that its place is for ever.
    is_fixed: bool,
}

/// A clock of a writer: where it stands, and how long it is. What is beyond is 0,
/// and what it says of the writer's own chain is not to be trusted: writers that
/// follow one another share a clock if nothing was seen in between.
#[derive(Debug, Clone, Copy)]
struct Stretch {
    begin: u32,
    len: u32,
}

#[derive(Debug, Clone, Default)]
struct SessionClock {
    clock: Vec<u32>,
    /// The same as its last writer has it, if no other chain changed since.
    saved: Option<Stretch>,
    chain: Option<u32>,
    /// A writer that began and did not return, at the end of the chain.
    pending: Option<Writer>,
}

/// The clocks of everything that happened so far.
#[derive(Debug, Clone)]
pub(super) struct Causality {
    sessions: Vec<SessionClock>,
    /// How many writers each chain has, pending ones aside.
    chains: Vec<u32>,
    writers: Vec<Placed>,
    clocks: Vec<u32>,
    /// Of the clocks of sessions.
    session_entries: usize,
    max_entries: usize,
    steps: u64,
}

impl Causality {
    pub(super) fn new(max_entries: usize) -> Self {
        Self {
            sessions: Vec::new(),
            chains: Vec::new(),
            writers: Vec::new(),
            clocks: Vec::new(),
            session_entries: 0,
            max_entries,
            steps: 0,
        }
    }

    pub(super) fn push_session(&mut self) {
        self.sessions.push(SessionClock::default());
    }

    /// Whether there is no more room. What is done beyond it is sound, and should
    /// not go on.
    pub(super) fn is_full(&self) -> bool {
        self.clocks.len() + self.session_entries > self.max_entries
    }

    /// How many entries of clocks were joined.
    pub(super) fn steps(&self) -> u64 {
        self.steps
    }

    /// A session begins to write, after all that it did and saw. What of it was
    /// pending stays unknown.
    pub(super) fn begin(&mut self, session: u32) -> Writer {
        self.give_up(session);
        let writer = Writer(self.writers.len() as u32);
        let own = &mut self.sessions[session as usize];
        let chain = *own.chain.get_or_insert_with(|| {
            self.chains.push(0);
            self.chains.len() as u32 - 1
        });
        let clock = *own.saved.get_or_insert_with(|| {
            let (begin, len) = (self.clocks.len() as u32, own.clock.len() as u32);
            self.clocks.extend_from_slice(&own.clock);
            Stretch { begin, len }
        });
        self.writers.push(Placed {
            chain,
            place: self.chains[chain as usize],
            clock,
            is_fixed: false,
        });
        own.pending = Some(writer);
        writer
    }

    /// The session was told that what it wrote is done: from here on it is before
    /// everything that the session does. Whether its place was not fixed before.
    pub(super) fn commit(&mut self, session: u32) -> bool {
        let own = &mut self.sessions[session as usize];
        let Some(writer) = own.pending.take() else {
            return false;
        };
        let placed = &mut self.writers[writer.0 as usize];
        let (chain, count) = (placed.chain, placed.place + 1);
        self.chains[chain as usize] = count;
        self.session_entries += raise(&mut own.clock, chain, count);
        !std::mem::replace(&mut placed.is_fixed, true)
    }

    /// The session goes on without having been told what became of its write. If
    /// nobody saw that, it leaves its place to the next one.
    pub(super) fn give_up(&mut self, session: u32) {
        let own = &mut self.sessions[session as usize];
        let Some(writer) = own.pending.take() else {
            return;
        };
        let placed = &mut self.writers[writer.0 as usize];
        if placed.is_fixed {
            self.chains[placed.chain as usize] = placed.place + 1;
            own.chain = None;
            own.saved = None;
        } else {
            // Out of its chain, it needs to be told what is before it there.
            let (begin, len) = (self.clocks.len() as u32, own.clock.len() as u32);
            self.clocks.extend_from_slice(&own.clock);
            placed.clock = Stretch { begin, len };
            placed.chain = NONE;
        }
    }

    /// The write that a session began and was not told of yet.
    pub(super) fn pending(&self, session: u32) -> Option<Writer> {
        self.sessions[session as usize].pending
    }

    /// A session sees a writer, and with it all that was before it; not one that it
    /// is itself still waiting for. Whether that one's place was not fixed before.
    pub(super) fn see(&mut self, session: u32, writer: Writer) -> bool {
        debug_assert_ne!(self.pending(session), Some(writer));
        let placed = &mut self.writers[writer.0 as usize];
        if placed.chain == NONE {
            placed.chain = self.chains.len() as u32;
            placed.place = 0;
            self.chains.push(1);
        }
        let is_new = !std::mem::replace(&mut placed.is_fixed, true);
        let placed = *placed;
        let own = &mut self.sessions[session as usize];
        let clock = &mut own.clock;
        if clock
            .get(placed.chain as usize)
            .is_some_and(|it| *it > placed.place)
        {
            // With it, what was before it.
            return is_new;
        }
        own.saved = None;
        let seen = &self.clocks[placed.clock.range()];
        self.steps += seen.len() as u64;
        if clock.len() < seen.len() {
            self.session_entries += seen.len() - clock.len();
            clock.resize(seen.len(), 0);
        }
        for (own, seen) in clock.iter_mut().zip(seen) {
            *own = (*own).max(*seen);
        }
        self.session_entries += raise(clock, placed.chain, placed.place + 1);
        is_new
    }

    /// Whether one writer is before another, and not the same.
    pub(super) fn is_before(&self, one: Writer, other: Writer) -> bool {
        // The order of beginnings spares most looks at a clock.
        if one >= other {
            return false;
        }
        let [one, other] = [one, other].map(|it| self.writers[it.0 as usize]);
        if one.chain == other.chain {
            return one.chain != NONE && one.place < other.place;
        }
        let clock = &self.clocks[other.clock.range()];
        clock
            .get(one.chain as usize)
            .is_some_and(|it| *it > one.place)
    }

    /// How many writers of each chain a session has in its past.
    pub(super) fn past(&self, session: u32) -> &[u32] {
        &self.sessions[session as usize].clock
    }

    /// The chain of a writer that was seen or committed, and its place there.
    pub(super) fn place(&self, writer: Writer) -> (u32, u32) {
        let placed = self.writers[writer.0 as usize];
        (placed.chain, placed.place)
    }

    /// What is before a writer: how many writers of each chain.
    pub(super) fn before(&self, writer: Writer) -> Before<'_> {
        let placed = self.writers[writer.0 as usize];
        Before {
            clock: &self.clocks[placed.clock.range()],
            own: (placed.chain, placed.place),
        }
    }
}

/// What is before a writer.
#[derive(Debug, Clone, Copy)]
pub(super) struct Before<'c> {
    clock: &'c [u32],
    /// Its chain, and its place there.
    own: (u32, u32),
}

impl Before<'_> {
    /// Whether the writer at a place of a chain is.
    pub(super) fn has(self, chain: u32, place: u32) -> bool {
        if chain == self.own.0 {
            return place < self.own.1;
        }
        self.clock.get(chain as usize).is_some_and(|it| *it > place)
    }
}

impl Stretch {
    fn range(self) -> std::ops::Range<usize> {
        let begin = self.begin as usize;
        begin..begin + self.len as usize
    }
}

/// Sets an entry, which only grows; by how many entries the clock got longer.
fn raise(clock: &mut Vec<u32>, chain: u32, count: u32) -> usize {
    let at = chain as usize;
    let longer = (at + 1).saturating_sub(clock.len());
    if longer > 0 {
        clock.resize(at + 1, 0);
    }
    clock[at] = clock[at].max(count);
    longer
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::MAX_CLOCK_ENTRIES;

    fn causality(sessions: u32) -> Causality {
        let mut causality = Causality::new(MAX_CLOCK_ENTRIES);
        (0..sessions).for_each(|_| causality.push_session());
        causality
    }

    /// A session writes and is told that it is done.
    fn write(causality: &mut Causality, session: u32) -> Writer {
        let writer = causality.begin(session);
        causality.commit(session);
        writer
    }

    #[test]
    fn chains_of_session_order_and_sight_are_causality() {
        let mut causality = causality(3);
        let first = write(&mut causality, 0);
        let apart = write(&mut causality, 2);
        causality.see(1, first);
        let second = write(&mut causality, 1);
        causality.see(2, second);
        let third = write(&mut causality, 2);
        assert!(causality.is_before(first, second));
        assert!(causality.is_before(first, third));
        assert!(causality.is_before(apart, third));
        assert!(!causality.is_before(apart, second));
        assert!(!causality.is_before(second, first));
        assert!(!causality.is_before(second, second));
    }

    #[test]
    fn a_write_in_doubt_is_after_what_precedes_it_and_before_who_saw_it_only() {
        for is_seen_early in [true, false] {
            let mut causality = causality(2);
            let earlier = write(&mut causality, 0);
            let doubtful = causality.begin(0);
            if is_seen_early {
                causality.see(1, doubtful);
            }
            causality.give_up(0);
            let later = write(&mut causality, 0);
            causality.see(1, doubtful);
            let other = write(&mut causality, 1);
            assert!(causality.is_before(earlier, doubtful));
            assert!(causality.is_before(earlier, later));
            assert!(causality.is_before(doubtful, other));
            assert!(!causality.is_before(doubtful, later));
            assert!(!causality.is_before(later, other));
        }
    }

    #[test]
    fn clocks_beyond_the_limit_are_told_of() {
        let mut causality = Causality::new(5);
        (0..2).for_each(|_| causality.push_session());
        let first = write(&mut causality, 0);
        causality.see(1, first);
        assert!(!causality.is_full());
        write(&mut causality, 1);
        write(&mut causality, 1);
        assert!(!causality.is_full());
        let second = write(&mut causality, 0);
        causality.see(1, second);
        write(&mut causality, 1);
        assert!(causality.is_full());
        assert_eq!(causality.steps(), 0);
    }
}
