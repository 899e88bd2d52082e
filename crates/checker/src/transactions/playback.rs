//! A finished history, played to a model in an order in which every cause comes
//! before its effects.

use super::causality::{Causality, Writer};
use super::cycle::find_cycle;
use super::finding::Finding;
use super::operation::{OperationId, Status, TransactionId};
use super::order::{ExternalRead, NONE, Order};
use super::undecided::{MAX_CLOCK_ENTRIES, MAX_STEPS, Undecided};
use super::watch::{KeyWrite, Reading, SeenWrite, Stale, Watch};
use super::witness::{Edge, End, Pattern};

/// What came of it.
pub(super) enum Played {
    /// The model, or causality itself, is violated.
    Violated(Finding),
    /// To the end; the transaction of each writer.
    Whole { writers: Vec<u32> },
}

/// Plays a history to a model.
pub(super) fn play(order: &Order<'_>, watch: &mut dyn Watch) -> Result<Played, Undecided> {
    let mut player = Player::new(order);
    let sessions = order.history.session_count();
    let mut ready: Vec<u32> = (0..sessions).rev().collect();
    let mut progress = Progress::new(order);
    while let Some(session) = ready.pop() {
        while let Some(next) = progress.next(order, session, &player.writer_of) {
            if let Some(finding) = player.step(next, watch) {
                return Ok(Played::Violated(finding));
            }
            if player.causality.is_full() {
                return Err(Undecided::Clocks);
            }
            if player.causality.steps() + watch.steps() > MAX_STEPS {
                return Err(Undecided::Steps);
            }
            progress.wake(next, &mut ready);
        }
    }
    if progress.is_whole(order) {
        let writers = player.writers;
        return Ok(Played::Whole { writers });
    }
    // Whoever still waits, waits for somebody who waits.
    let cycle = find_cycle(order, &[]).unwrap_or_default();
    Ok(Played::Violated(Finding::of_cycle(order, &cycle)))
}

/// How far each session was played, and which waits for what.
struct Progress {
    /// The next transaction of each session.
    next: Vec<u32>,
    /// How many operations of that one are known not to keep it waiting.
    checked: Vec<u32>,
    /// The first session that waits for each transaction, and the next one that
    /// waits for the same.
    first_waiting: Vec<u32>,
    next_waiting: Vec<u32>,
}

impl Progress {
    fn new(order: &Order<'_>) -> Self {
        let history = order.history;
        let sessions = 0..history.session_count();
        let first = |it: u32| history.session(it).next().map_or(NONE, |it| it.0);
        Self {
            next: sessions.clone().map(first).collect(),
            checked: sessions.clone().map(|_| 0).collect(),
            first_waiting: vec![NONE; history.transaction_count() as usize],
            next_waiting: sessions.map(|_| NONE).collect(),
        }
    }

    fn end(order: &Order<'_>, session: u32) -> u32 {
        let last = order.history.session(session).next_back();
        last.map_or(NONE, |it| it.0 + 1)
    }

    /// The next transaction of a session that takes part, if nothing keeps it.
    fn next(
        &mut self,
        order: &Order<'_>,
        session: u32,
        writer_of: &[Writer],
    ) -> Option<TransactionId> {
        let history = order.history;
        let here = session as usize;
        let end = Self::end(order, session);
        while self.next[here] < end && !history.takes_part(TransactionId(self.next[here])) {
            self.next[here] += 1;
        }
        let next = TransactionId(self.next[here]);
        if next.0 >= end {
            return None;
        }
        let first = history.operations_of(next).next().map_or(0, |it| it.0);
        for read in order.reads_after(next, self.checked[here]) {
            let Some(write) = read.source else {
                continue;
            };
            let writer = history.transaction_of(write);
            if writer_of[writer.0 as usize].0 == NONE {
                self.checked[here] = read.operation.0 - first;
                let first = &mut self.first_waiting[writer.0 as usize];
                self.next_waiting[here] = std::mem::replace(first, session);
                return None;
            }
        }
        self.checked[here] = 0;
        self.next[here] += 1;
        Some(next)
    }

    /// Those that waited for a transaction are ready.
    fn wake(&mut self, played: TransactionId, ready: &mut Vec<u32>) {
        let mut waiting = std::mem::replace(&mut self.first_waiting[played.0 as usize], NONE);
        while waiting != NONE {
            ready.push(waiting);
            waiting = self.next_waiting[waiting as usize];
        }
    }

    fn is_whole(&self, order: &Order<'_>) -> bool {
        let history = order.history;
        (0..history.session_count()).all(|session| {
            let rest = self.next[session as usize]..Self::end(order, session);
            rest.into_iter()
                .all(|it| !history.takes_part(TransactionId(it)))
        })
    }
}

struct Player<'o, 'h> {
    order: &'o Order<'h>,
    causality: Causality,
    /// The transaction of each writer, and the other way.
    writers: Vec<u32>,
    writer_of: Vec<Writer>,
    /// How many transactions of its session committed before each.
    index_of: Vec<u32>,
    committed: Vec<u32>,
}

impl<'o, 'h> Player<'o, 'h> {
    fn new(order: &'o Order<'h>) -> Self {
        let (count, sessions) = (
            order.history.transaction_count(),
            order.history.session_count(),
        );
        let mut causality = Causality::new(MAX_CLOCK_ENTRIES);
        (0..sessions).for_each(|_| causality.push_session());
        Self {
            order,
            causality,
            writers: Vec::new(),
            writer_of: vec![Writer(NONE); count as usize],
            index_of: vec![0; count as usize],
            committed: vec![0; sessions as usize],
        }
    }

    fn step(&mut self, it: TransactionId, watch: &mut dyn Watch) -> Option<Finding> {
        let history = self.order.history;
        let session = history.session_of(it);
        let index = self.committed[session as usize];
        self.index_of[it.0 as usize] = index;
        if history.status(it) != Status::Committed {
            self.begin(it, session);
            self.causality.give_up(session);
            return None;
        }
        for read in self.order.reads(it) {
            let reading = self.reading(session, index, read);
            if let Some(source) = reading.source
                && self.causality.see(session, source.writer)
            {
                // What is fixed by being seen is of unknown outcome.
                let writer = TransactionId(self.writers[source.writer.0 as usize]);
                self.place(writer, watch);
            }
            watch.seen(&reading);
        }
        for read in self.order.reads(it) {
            let reading = self.reading(session, index, read);
            if let Some(stale) = watch.judge(&self.causality, &reading) {
                return Some(self.finding(&stale, &reading, watch.pattern(&reading)));
            }
        }
        for read in self.order.reads(it) {
            watch.read(&self.causality, &self.reading(session, index, read));
        }
        self.committed[session as usize] += 1;
        if self.begin(it, session) {
            self.causality.commit(session);
            self.place(it, watch);
            let writer = self.writer_of[it.0 as usize];
            for key in self.order.written_keys(it).iter().copied() {
                let write = KeyWrite {
                    session,
                    index,
                    key,
                    writer,
                };
                watch.wrote(&self.causality, &write);
            }
        }
        None
    }

    /// Begins what a transaction writes; whether that is anything.
    fn begin(&mut self, it: TransactionId, session: u32) -> bool {
        if self.order.written_keys(it).is_empty() {
            return false;
        }
        let writer = self.causality.begin(session);
        self.writers.push(it.0);
        self.writer_of[it.0 as usize] = writer;
        true
    }

    fn place(&mut self, it: TransactionId, watch: &mut dyn Watch) {
        for key in self.order.written_keys(it).iter().copied() {
            watch.placed(&self.causality, key, self.writer_of[it.0 as usize]);
        }
    }

    fn reading(&self, session: u32, index: u32, read: ExternalRead) -> Reading {
        let history = self.order.history;
        let seen = |operation: OperationId| {
            let transaction = history.transaction_of(operation);
            SeenWrite {
                writer: self.writer_of[transaction.0 as usize],
                operation,
                session: history.session_of(transaction),
                index: self.index_of[transaction.0 as usize],
            }
        };
        Reading {
            session,
            index,
            key: read.key,
            operation: read.operation,
            source: read.source.map(seen),
        }
    }

    fn finding(&self, stale: &Stale, reading: &Reading, pattern: Pattern) -> Finding {
        let newer = TransactionId(self.writers[stale.newer.0 as usize]);
        let way = stale.steps.as_ref().map(|steps| {
            let write = self.order.write_to(newer, reading.key);
            let mut at = End::Operation(write.unwrap_or(reading.operation));
            let edge = |(kind, to): &(_, OperationId)| {
                let to = End::Operation(*to);
                Edge::new(std::mem::replace(&mut at, to), to, *kind)
            };
            steps.iter().map(edge).collect()
        });
        Finding::of_stale_read(self.order, newer, reading.operation, way, pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::transactions::{Key, Operation, Transaction, TransactionalHistory, Value};

    /// A model that has looked at so much already.
    struct Tired(u64);

    impl Watch for Tired {
        fn judge(&mut self, _: &Causality, _: &Reading) -> Option<Stale> {
            None
        }

        fn steps(&self) -> u64 {
            self.0
        }

        fn pattern(&self, _: &Reading) -> Pattern {
            Pattern::OverwrittenRead
        }
    }

    #[test]
    fn a_history_that_takes_too_many_steps_is_undecided() {
        let write = Transaction::committed(vec![Operation::write(Key(0), Value(0))]);
        let history = TransactionalHistory::new(&[vec![write]]).unwrap();
        let order = Order::new(&history);
        assert!(play(&order, &mut Tired(MAX_STEPS)).is_ok());
        assert!(matches!(
            play(&order, &mut Tired(MAX_STEPS + 1)),
            Err(Undecided::Steps)
        ));
    }
}
