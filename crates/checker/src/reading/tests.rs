//! Whose write each read returned, case by case.

use super::*;
use crate::script::Script;
use Access::{Read, Unread};

/// What the last operation that returned did.
fn last(run: &Script) -> Option<Access> {
    run.seen.last().map(|seen| seen.access)
}

#[test]
fn a_read_returns_what_its_replica_reflects() {
    let mut run = Script::new(2);
    run.reads(0, 0);
    assert_eq!(last(&run), Some(Read { source: None }));
    let saved = run.saves(0, 0, &[]);
    run.reads(1, 0);
    let source = Some(saved.op);
    assert_eq!(last(&run), Some(Read { source }));
    run.reads(1, 1);
    assert_eq!(last(&run), Some(Read { source: None }));
    run.deliver(saved.write, 1, &[]);
    run.reads(1, 1);
    assert_eq!(last(&run), Some(Read { source }));
}

#[test]
fn the_answer_that_arrived_counts_and_not_another_attempt() {
    let mut run = Script::new(2);
    let saved = run.saves(0, 0, &[]);
    for (by, source) in [(0, Some(saved.op)), (1, None)] {
        let op = run.read(1);
        run.serve(op, 0);
        run.serve(op, 1);
        run.answer(op, by);
        assert_eq!(last(&run), Some(Read { source }));
    }
}

#[test]
fn what_was_written_after_a_read_was_served_is_not_what_it_returned() {
    let mut run = Script::new(1);
    let op = run.read(1);
    run.serve(op, 0);
    run.saves(0, 0, &[]);
    run.answer(op, 0);
    assert_eq!(last(&run), Some(Read { source: None }));
}

#[test]
fn two_servings_at_one_replica_are_told_apart_by_their_values_if_at_all() {
    for (value, access) in [(5, Read { source: None }), (0, Unread)] {
        let mut run = Script::new(1);
        let op = run.read(1);
        run.serve_value(op, 0, 0);
        run.saves(0, 0, &[]);
        run.serve_value(op, 0, value);
        run.answer(op, 0);
        assert_eq!(last(&run), Some(access));
    }
}

#[test]
fn a_retried_operation_is_one_operation() {
    let mut run = Script::new(2);
    let op = run.write(0);
    run.accept(op, 0, &[]);
    run.accept(op, 1, &[]);
    run.told(op, Outcome::Ok);
    for at in 0..2 {
        run.reads(1, at);
        assert_eq!(last(&run), Some(Read { source: Some(op) }));
    }
}

#[test]
fn a_read_that_came_to_nothing_tells_nothing() {
    let mut run = Script::new(1);
    for outcome in [Outcome::Unknown, Outcome::Failed] {
        let op = run.read(0);
        run.serve(op, 0);
        run.told(op, outcome);
        assert_eq!(last(&run), Some(Unread));
    }
}

#[test]
fn a_key_that_items_go_into_is_left_out() {
    let mut run = Script::new(1);
    let op = run.add(0, 5);
    run.accept(op, 0, &[]);
    run.told(op, Outcome::Ok);
    run.reads(0, 0);
    assert_eq!(last(&run), None);
}

#[test]
fn an_operation_is_remembered_while_a_read_of_it_is_under_way() {
    let mut run = Script::new(1);
    let old = run.saves(0, 0, &[]);
    let read = run.read(1);
    run.serve(read, 0);
    let new = run.saves(0, 0, &[old.write]);
    assert!(run.judge.reading().may_be_read(old.op));
    run.answer(read, 0);
    assert_eq!(
        last(&run),
        Some(Read {
            source: Some(old.op)
        })
    );
    assert!(!run.judge.reading().may_be_read(old.op));
    assert!(run.judge.reading().may_be_read(new.op));
}

#[test]
fn a_read_of_versions_side_by_side_is_of_none_of_them() {
    let mut run = Script::new(1);
    let one = run.saves_after(0, 0, &[], &[], &[]);
    run.reads(2, 0);
    assert_eq!(
        last(&run),
        Some(Read {
            source: Some(one.op)
        })
    );
    let other = run.saves_after(1, 0, &[], &[], &[one.write]);
    run.reads(2, 0);
    assert_eq!(last(&run), Some(Unread));
    let both = [one.write, other.write];
    let new = run.saves_after(2, 0, &both, &both, &[]);
    run.reads(2, 0);
    assert_eq!(
        last(&run),
        Some(Read {
            source: Some(new.op)
        })
    );
}
