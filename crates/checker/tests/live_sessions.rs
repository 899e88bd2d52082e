//! Sessions judged while a run plays: at every moment the verdicts are those of the
//! finished history up to there.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::history::sample::Dice;
use splitbrain_checker::transactions::*;
use splitbrain_checker::{KeyRef, OpRef, Session};

/// A run, told to both.
struct Run {
    live: SessionsLive,
    /// Of each session what it did, by operation.
    history: Vec<Vec<(u32, Transaction)>>,
    pending: Vec<Option<u32>>,
    /// Every write that was called: its operation, session and key.
    writes: Vec<(u32, usize, u64)>,
    next: u32,
}

impl Run {
    fn new(sessions: usize) -> Self {
        Self {
            live: SessionsLive::new(),
            history: vec![Vec::new(); sessions],
            pending: vec![None; sessions],
            writes: Vec::new(),
            next: 0,
        }
    }

    fn push(&mut self, session: usize, status: Status, operation: Operation) -> OpRef {
        let op = self.next;
        self.next += 1;
        let operations = vec![operation];
        self.history[session].push((op, Transaction { status, operations }));
        OpRef(op)
    }

    fn call(&mut self, session: usize, key: u64) {
        let write = Operation::write(Key(key), Value(self.next.into()));
        let op = self.push(session, Status::Unknown, write);
        self.live
            .write_called(op, Session(session as u16), KeyRef(key as u32));
        self.pending[session] = Some(op.0);
        self.writes.push((op.0, session, key));
    }

    /// A write returns, or fails; for some the session does not wait any more.
    fn end(&mut self, write: usize, status: Status) {
        let (op, session, _) = self.writes[write];
        match status {
            Status::Committed => self.live.write_returned(OpRef(op)),
            _ => self.live.write_failed(OpRef(op)),
        }
        if self.pending[session] == Some(op) {
            self.pending[session] = None;
            let mut all = self.history[session].iter_mut();
            all.find(|it| it.0 == op).expect("it was called").1.status = status;
        }
    }

    /// Returns the write, or the initial value; a write of another key is nobody's.
    fn read(&mut self, session: usize, key: u64, write: Option<usize>) {
        self.pending[session] = None;
        let write = write.map(|it| self.writes[it].0);
        let read = match write {
            None => Operation::read_initial(Key(key)),
            Some(op) => Operation::read(Key(key), Value(op.into())),
        };
        let op = self.push(session, Status::Committed, read);
        let returned = write.map_or(Returned::Initial, |it| Returned::Write(OpRef(it)));
        let (session, key) = (Session(session as u16), KeyRef(key as u32));
        self.live.read_returned(op, session, key, returned);
    }

    fn compare(&self) -> [bool; 5] {
        let session = |it: &Vec<(u32, Transaction)>| it.iter().map(|it| it.1.clone()).collect();
        let sessions: Vec<Vec<Transaction>> = self.history.iter().map(session).collect();
        let history = TransactionalHistory::new(&sessions).expect("values differ");
        SessionsLive::MODELS.map(|model| {
            let expected = holds(&history, model).expect("few sessions");
            let violation = self.live.violation(model);
            assert_eq!(
                violation.is_none(),
                expected,
                "{model:?} {violation:?} {sessions:#?}"
            );
            expected
        })
    }
}

/// Plays random runs; `freshness` makes reads return one of so many newest writes
/// of the key, and every so many-th any. How many ended with each model kept.
fn play(runs: u64, steps: u64, seed: u64, freshness: u64) -> [u64; 5] {
    let mut kept = [0; 5];
    for number in 0..runs {
        let mut dice = Dice::new(seed ^ (number << 20));
        let mut below = |bound: u64| u64::from(dice.below(bound as u32));
        let sessions = 2 + below(3);
        let keys = 1 + below(3);
        let mut run = Run::new(sessions as usize);
        let mut first = [const { None }; 5];
        for _ in 0..steps {
            let (session, key) = (below(sessions) as usize, below(keys));
            match below(20) {
                0..6 => run.call(session, key),
                6..11 => {
                    if let Some(op) = run.pending[session] {
                        let write = run.writes.iter().position(|it| it.0 == op);
                        run.end(write.expect("it was called"), Status::Committed);
                    }
                }
                11 if !run.writes.is_empty() => {
                    let any = below(run.writes.len() as u64) as usize;
                    let has_failed = below(4) == 0;
                    let status = if has_failed {
                        Status::Aborted
                    } else {
                        Status::Committed
                    };
                    run.end(any, status);
                }
                _ => {
                    let is_wild = below(freshness * 4) == 0;
                    let of_key = |it: &usize| is_wild || run.writes[*it].2 == key;
                    let known: Vec<usize> = (0..run.writes.len()).filter(of_key).collect();
                    let count = known.len() as u64;
                    let back = below(if is_wild { count + 1 } else { freshness });
                    let write = (back < count).then(|| known[(count - 1 - back) as usize]);
                    run.read(session, key, write);
                }
            }
            run.compare();
            for (model, first) in SessionsLive::MODELS.into_iter().zip(&mut first) {
                let violation = run.live.violation(model);
                assert!(first.is_none() || *first == violation.cloned());
                *first = violation.cloned();
            }
        }
        for (kept, holds) in kept.iter_mut().zip(run.compare()) {
            *kept += u64::from(holds);
        }
    }
    kept
}

#[test]
fn every_prefix_of_a_wild_run_is_judged_as_the_history_is() {
    let kept = play(1_500, 14, 1, 4);
    assert!(kept.into_iter().all(|it| it > 15 && it < 1_485), "{kept:?}");
}

#[test]
fn every_prefix_of_a_tame_run_is_judged_as_the_history_is() {
    let kept = play(200, 80, 2, 1);
    assert!(kept.into_iter().all(|it| it > 2 && it < 198), "{kept:?}");
}

#[test]
fn a_violation_names_the_operations_that_prove_it() {
    let (post, answer) = (KeyRef(5), KeyRef(6));
    let (asks, answers, reads) = (Session(1), Session(2), Session(3));
    let mut live = SessionsLive::new();
    live.write_called(OpRef(10), asks, post);
    // Replication is faster than the reply.
    live.read_returned(OpRef(11), answers, post, Returned::Write(OpRef(10)));
    live.write_returned(OpRef(10));
    live.write_called(OpRef(12), answers, answer);
    live.write_returned(OpRef(12));
    live.read_returned(OpRef(13), reads, answer, Returned::Write(OpRef(12)));
    assert!(
        SessionsLive::MODELS
            .iter()
            .all(|it| live.violation(*it).is_none())
    );
    live.read_returned(OpRef(14), reads, post, Returned::Initial);
    let violation = live
        .violation(Model::WritesFollowReads)
        .expect("the post is missing");
    assert_eq!(violation.pattern, Pattern::FollowedWriteUnseen);
    assert_eq!(violation.read, OpRef(14));
    let edge = |from, to, kind| Edge {
        from,
        to,
        kind,
        because: Vec::new(),
    };
    let op = |it| End::Operation(OpRef(it));
    let initial = End::Initial(Key(5));
    assert_eq!(
        violation.edges,
        [
            edge(initial, op(10), EdgeKind::SessionOrder),
            Edge {
                because: vec![
                    edge(op(10), op(11), EdgeKind::ReadFrom),
                    edge(op(11), op(12), EdgeKind::SessionOrder),
                    edge(op(12), op(13), EdgeKind::ReadFrom),
                    edge(op(13), op(14), EdgeKind::SessionOrder),
                    edge(initial, op(14), EdgeKind::ReadFrom),
                ],
                ..edge(op(10), initial, EdgeKind::MustPrecede)
            },
        ]
    );
    let causal = live
        .violation(Model::Causal)
        .expect("it is in the causal past");
    assert_eq!(causal.pattern, Pattern::InitialReadAfterWrite);
    for kept in [
        Model::ReadYourWrites,
        Model::MonotonicReads,
        Model::MonotonicWrites,
    ] {
        assert_eq!(live.violation(kept), None);
    }
}
