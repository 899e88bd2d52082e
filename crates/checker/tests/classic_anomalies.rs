//! The anomalies of the textbooks, and exactly which models each of them breaks.
#![cfg(not(target_arch = "wasm32"))]

use splitbrain_checker::transactions::*;

/// Each line a session: `x=1` writes, `x?1` reads, `x?0` reads the initial value.
fn operations(sessions: &[&str]) -> TransactionalHistory {
    let mut list = Vec::new();
    for (process, session) in (0..).zip(sessions) {
        for word in session.split_whitespace() {
            let bytes = word.as_bytes();
            let (key, number) = (Key(bytes[0].into()), u64::from(bytes[2] - b'0'));
            let operation = match (bytes[1], number) {
                (b'=', value) => Operation::write(key, Value(value)),
                (_, 0) => Operation::read_initial(key),
                (_, value) => Operation::read(key, Value(value)),
            };
            // A write in doubt ends in `~`, a failed one in `!`.
            let status = match bytes.get(3) {
                Some(b'~') => Status::Unknown,
                Some(b'!') => Status::Aborted,
                _ => Status::Committed,
            };
            list.push(SingleOperation {
                process,
                status,
                operation,
            });
        }
    }
    TransactionalHistory::of_operations(&list).expect("values differ")
}

fn assert_broken(sessions: &[&str], broken: &[(Model, Pattern)]) {
    let history = operations(sessions);
    let mut found = Vec::new();
    for model in Model::ALL {
        if let Verdict::Violated { witness } = check(&history, model).expect("few sessions") {
            found.push((model, witness.pattern));
        }
    }
    // What breaks causal consistency breaks convergence too; it goes without saying.
    let stated: Vec<Model> = broken.iter().map(|it| it.0).collect();
    found.retain(|it| it.0 != Model::CausalConvergence || !stated.contains(&Model::Causal));
    assert_eq!(found, broken, "{sessions:?}");
}

#[test]
fn a_session_that_misses_its_own_write_breaks_read_your_writes() {
    assert_broken(
        &["x=1 x?0"],
        &[
            (Model::ReadAtomic, Pattern::CyclicOrder),
            (Model::Causal, Pattern::InitialReadAfterWrite),
            (Model::ReadYourWrites, Pattern::OwnWriteUnseen),
        ],
    );
    // What it replaced knowingly is older, whoever wrote it.
    assert_broken(
        &["x=1", "x?1 x=2 x?1"],
        &[
            (Model::ReadAtomic, Pattern::CyclicOrder),
            (Model::Causal, Pattern::OverwrittenRead),
            (Model::ReadYourWrites, Pattern::OwnWriteUnseen),
        ],
    );
    // A concurrent write may have won.
    assert_broken(&["x=1", "x=2 x?1"], &[]);
}

#[test]
fn a_session_whose_reads_go_back_breaks_monotonic_reads() {
    assert_broken(
        &["x=1 x=2", "x?2 x?1"],
        &[
            (Model::Causal, Pattern::OverwrittenRead),
            (Model::MonotonicReads, Pattern::ReadWentBack),
        ],
    );
    assert_broken(
        &["x=1", "x?1 x?0"],
        &[
            (Model::Causal, Pattern::InitialReadAfterWrite),
            (Model::MonotonicReads, Pattern::ReadWentBack),
        ],
    );
}

#[test]
fn seeing_a_later_write_without_an_earlier_one_breaks_monotonic_writes() {
    assert_broken(
        &["x=1 y=1", "y?1 x?0"],
        &[
            (Model::Causal, Pattern::InitialReadAfterWrite),
            (Model::MonotonicWrites, Pattern::EarlierWriteUnseen),
        ],
    );
}

#[test]
fn seeing_an_answer_without_its_question_breaks_writes_follow_reads() {
    assert_broken(
        &["x=1", "x?1 y=1", "y?1 x?0"],
        &[
            (Model::Causal, Pattern::InitialReadAfterWrite),
            (Model::WritesFollowReads, Pattern::FollowedWriteUnseen),
        ],
    );
}

#[test]
fn a_longer_chain_breaks_causality_and_no_single_guarantee() {
    assert_broken(
        &["x=1", "x?1 y=1", "y?1 z=1", "z?1 x?0"],
        &[(Model::Causal, Pattern::InitialReadAfterWrite)],
    );
}

#[test]
fn replicas_that_order_concurrent_writes_differently_break_convergence_only() {
    assert_broken(
        &["x=1", "x=2", "x?1 x?2", "x?2 x?1"],
        &[(Model::CausalConvergence, Pattern::CyclicOrder)],
    );
    // One session alone that wavers does, too.
    assert_broken(
        &["x=1", "x=2", "x?1 x?2 x?1"],
        &[(Model::CausalConvergence, Pattern::CyclicOrder)],
    );
}

#[test]
fn a_long_fork_breaks_nothing_of_these() {
    assert_broken(&["x=1", "y=1", "x?1 y?0", "y?1 x?0"], &[]);
}

#[test]
fn a_read_of_nothing_and_a_circle_of_causes_break_everything() {
    for (sessions, pattern) in [
        (&["x?7"][..], Pattern::ThinAirRead),
        (&["x=1!", "x?1"], Pattern::AbortedRead),
        (&["x?1 y=1", "y?1 x=1"], Pattern::CyclicCausality),
    ] {
        let history = operations(sessions);
        for model in Model::ALL {
            let verdict = check(&history, model).expect("few sessions");
            let Verdict::Violated { witness } = verdict else {
                panic!("{model:?} of {sessions:?}");
            };
            assert_eq!(witness.pattern, pattern, "{model:?}");
        }
    }
}

#[test]
fn a_write_in_doubt_may_take_effect_later_than_what_follows_it() {
    assert_broken(&["x=1~ x?0 x?1", "x?1"], &[]);
    // Nobody saw it: it did not take place.
    assert_broken(&["x=1~ x?0"], &[]);
    // But not before what precedes it.
    assert_broken(
        &["y=1 x=1~ y?1", "x?1 y?0"],
        &[
            (Model::Causal, Pattern::InitialReadAfterWrite),
            (Model::MonotonicWrites, Pattern::EarlierWriteUnseen),
        ],
    );
    // And what it is seen by, it is before.
    assert_broken(
        &["x=1~", "x?1 x?0"],
        &[
            (Model::Causal, Pattern::InitialReadAfterWrite),
            (Model::MonotonicReads, Pattern::ReadWentBack),
        ],
    );
}

/// Each session reads what the one before it wrote, and the first one the last.
fn ring(sessions: u32) -> TransactionalHistory {
    let of = |process, operation| SingleOperation {
        process,
        status: Status::Committed,
        operation,
    };
    let mut list = Vec::new();
    for process in 0..sessions {
        let before = (process + sessions - 1) % sessions;
        list.push(of(process, Operation::read(Key(before.into()), Value(1))));
        list.push(of(process, Operation::write(Key(process.into()), Value(1))));
    }
    TransactionalHistory::of_operations(&list).expect("values differ")
}

#[test]
fn a_proof_is_shrunk_up_to_a_size_and_says_so_beyond_it() {
    for (sessions, is_minimal) in [(40, true), (1 + SHRUNK_TRANSACTIONS as u32 / 2, false)] {
        let verdict = check(&ring(sessions), Model::Causal).expect("few sessions");
        let Verdict::Violated { witness } = verdict else {
            panic!("a circle");
        };
        assert_eq!(witness.pattern, Pattern::CyclicCausality);
        assert_eq!(witness.transactions.len() as u32, 2 * sessions);
        assert_eq!(witness.edges.len() as u32, 2 * sessions);
        assert_eq!(witness.is_minimal, is_minimal);
    }
}

#[test]
fn repeated_values_are_refused_or_the_last_write_is_taken() {
    let write = |value| Transaction::committed(vec![Operation::write(Key(4), Value(value))]);
    let read = Transaction::committed(vec![Operation::read(Key(4), Value(1))]);
    let sessions = [vec![write(1), write(2)], vec![write(1), read]];
    assert_eq!(
        TransactionalHistory::new(&sessions)
            .expect_err("1 twice")
            .to_string(),
        "value 1 is written to key 4 twice, by operations 0 and 2; \
         values written to a key must differ"
    );
    let history = TransactionalHistory::with(&sessions, Repeats::TakeLast).expect("taken");
    assert_eq!(
        history.source(OperationId(3)),
        Source::Write(OperationId(2))
    );
}

#[test]
fn operations_of_processes_keep_their_places_in_the_list() {
    let of = |process, value| SingleOperation {
        process,
        status: Status::Committed,
        operation: Operation::write(Key(0), Value(value)),
    };
    let list = [of(7, 1), of(3, 2), of(7, 3), of(3, 4)];
    let history = TransactionalHistory::of_operations(&list).expect("values differ");
    let labels: Vec<_> = (0..4).map(|it| history.label(OperationId(it))).collect();
    assert_eq!(labels, [1, 3, 0, 2]);
    assert_eq!(history.session_count(), 2);
}
