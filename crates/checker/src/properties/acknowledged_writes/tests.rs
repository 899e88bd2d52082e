//! The definition, case by case.

use super::*;
use crate::script::Script;
use PropertyId::{AcknowledgedWrites as IT, Convergence};
use Role::{Displaced, ToldSaved, Winner, Wrote};
use ViolationKind::{Diverged, OverwrittenUnseen, Vanished};

fn ops_at_risk(run: &Script) -> Vec<OpRef> {
    let verdict = run.judge.verdict(IT);
    let (crate::Verdict::Open { at_risk } | crate::Verdict::Violated { at_risk, .. }) = verdict
    else {
        return Vec::new();
    };
    at_risk.iter().map(|it| it.op).collect()
}

fn saved(run: &mut Script, session: u16, origin: u8, displaced: &[WriteRef]) -> WriteRef {
    let op = run.write(session);
    let write = run.accept(op, origin, displaced);
    run.told(op, Outcome::Ok);
    write
}

#[test]
fn a_write_that_a_later_write_saw_and_replaced_is_not_lost() {
    let mut run = Script::new(2);
    let x = saved(&mut run, 0, 0, &[]);
    run.deliver(x, 1, &[]);
    let y = saved(&mut run, 1, 1, &[x]);
    run.deliver(y, 0, &[x]);
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn of_two_concurrent_writes_exactly_the_one_that_did_not_win_is_lost() {
    let mut run = Script::new(2);
    let (x, y) = run.two_concurrent_writes();
    run.deliver_discarded(x, 1, Some(y));
    assert_eq!(ops_at_risk(&run), [OpRef(0)]);
    assert_eq!(run.judge.verdict(IT).id(), "open");
    let moment = run.deliver(y, 0, &[x]);
    assert_eq!(run.kinds(IT), [OverwrittenUnseen]);
    assert!(ops_at_risk(&run).is_empty());
    let violation = run.violation(IT);
    assert_eq!(violation.first, moment);
    assert_eq!(violation.session, Some(Session(0)));
    assert_eq!(
        (&violation.writes[..], violation.winner),
        (&[x][..], Some(y))
    );
    let roles: Vec<_> = violation.witness.iter().map(|it| it.1).collect();
    assert_eq!(roles, [Wrote, ToldSaved, Winner, Displaced]);
}

#[test]
fn a_session_is_told_only_of_its_own_losses() {
    let mut run = Script::new(2);
    let (x, y) = run.two_concurrent_writes();
    run.deliver_discarded(x, 1, Some(y));
    run.deliver(y, 0, &[x]);
    let verdict = |session| run.judge.verdict_for(IT, Session(session)).id();
    assert_eq!((verdict(0), verdict(1)), ("violated", "holds"));
    assert_eq!(run.judge.counts(IT).standing, 1);
}

#[test]
fn a_later_write_on_the_winner_does_not_rescue_what_the_winner_never_saw() {
    let mut run = Script::new(2);
    let (x, y) = run.two_concurrent_writes();
    run.deliver(y, 0, &[x]);
    let z = saved(&mut run, 0, 0, &[y]);
    run.deliver_discarded(x, 1, Some(y));
    run.deliver(z, 1, &[y]);
    assert_eq!(run.kinds(IT), [OverwrittenUnseen]);
    assert_eq!(run.violation(IT).op, Some(OpRef(0)));
}

#[test]
fn a_chain_of_versions_is_lost_as_a_whole_when_no_survivor_saw_any_of_it() {
    let mut run = Script::new(2);
    let x = saved(&mut run, 0, 0, &[]);
    let z = saved(&mut run, 0, 0, &[x]);
    let y = saved(&mut run, 1, 1, &[]);
    run.deliver_discarded(x, 1, Some(y));
    run.deliver_discarded(z, 1, Some(y));
    assert!(run.kinds(IT).is_empty());
    run.deliver(y, 0, &[z]);
    assert_eq!(run.kinds(IT), [OverwrittenUnseen, OverwrittenUnseen]);
    assert_eq!(run.violation(IT).winner, Some(y));
}

#[test]
fn what_the_same_step_applies_after_a_write_was_not_seen_by_it() {
    let mut run = Script::new(2);
    let y = saved(&mut run, 1, 1, &[]);
    let op = run.write(0);
    let x = run.accept_and_deliver_in_one_step(op, 0, y);
    run.told(op, Outcome::Ok);
    run.deliver(x, 1, &[y]);
    let z = saved(&mut run, 1, 1, &[x]);
    run.deliver(z, 0, &[y]);
    assert_eq!(run.kinds(IT), [OverwrittenUnseen]);
    let violation = run.violation(IT);
    assert_eq!(
        (&violation.writes[..], violation.winner),
        (&[y][..], Some(x))
    );
}

#[test]
fn a_fast_clock_that_discards_a_later_write_at_its_own_origin_loses_it() {
    let mut run = Script::new(2);
    let fast = saved(&mut run, 0, 0, &[]);
    run.deliver(fast, 1, &[]);
    let op = run.write(1);
    let later = run.accept_discarded(op, 1, fast);
    run.told(op, Outcome::Ok);
    assert_eq!(ops_at_risk(&run), [op]);
    run.deliver_discarded(later, 0, Some(fast));
    let violation = run.violation(IT);
    assert_eq!(violation.kind, OverwrittenUnseen);
    assert_eq!((violation.op, violation.winner), (Some(op), Some(fast)));
    assert_eq!(run.kinds(IT).len(), 1);
}

#[test]
fn writes_that_swap_places_break_convergence_but_neither_is_lost_yet() {
    let mut run = Script::new(2);
    let (x, y) = run.two_concurrent_writes();
    run.deliver_and_show(x, 1, &[y], 7);
    run.deliver_and_show(y, 0, &[x], 8);
    assert_eq!(run.kinds(Convergence), [Diverged]);
    assert!(run.kinds(IT).is_empty());
    assert_eq!(ops_at_risk(&run), [OpRef(0), OpRef(1)]);
}

#[test]
fn an_observed_remove_set_loses_nothing_when_an_addition_and_a_removal_cross() {
    let mut run = Script::new(2);
    let add = run.add(0, 5);
    let milk = run.accept(add, 0, &[]);
    run.told(add, Outcome::Ok);
    run.deliver(milk, 1, &[]);
    let again = run.add(1, 5);
    let more = run.accept(again, 1, &[milk]);
    run.told(again, Outcome::Ok);
    let remove = run.remove(0, 5);
    let gone = run.accept(remove, 0, &[milk]);
    run.told(remove, Outcome::Ok);
    run.deliver(gone, 1, &[]);
    run.deliver(more, 0, &[]);
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn a_set_whose_removal_takes_an_addition_it_never_saw_loses_that_addition() {
    let mut run = Script::new(2);
    let add = run.add(0, 5);
    let milk = run.accept(add, 0, &[]);
    run.told(add, Outcome::Ok);
    run.deliver(milk, 1, &[]);
    let remove = run.remove(1, 5);
    let gone = run.accept(remove, 1, &[milk]);
    run.told(remove, Outcome::Ok);
    let again = run.add(0, 5);
    let more = run.accept(again, 0, &[]);
    run.told(again, Outcome::Ok);
    run.deliver(gone, 0, &[milk, more]);
    run.deliver_discarded(more, 1, Some(gone));
    let violation = run.violation(IT);
    assert_eq!((violation.op, violation.winner), (Some(again), Some(gone)));
    assert_eq!(run.kinds(IT), [OverwrittenUnseen]);
}

#[test]
fn a_whole_cart_under_last_writer_wins_loses_a_concurrent_addition() {
    let mut run = Script::new(2);
    let ops = [run.add(0, 5), run.add(1, 6)];
    let milk = run.accept(ops[0], 0, &[]);
    let eggs = run.accept(ops[1], 1, &[]);
    for op in ops {
        run.told(op, Outcome::Ok);
    }
    run.deliver(eggs, 0, &[milk]);
    run.deliver_discarded(milk, 1, Some(eggs));
    let violation = run.violation(IT);
    assert_eq!(violation.kind, OverwrittenUnseen);
    assert_eq!((violation.op, violation.winner), (Some(ops[0]), Some(eggs)));
}

#[test]
fn a_removal_is_lost_when_the_item_it_saw_is_back_at_a_replica_that_has_it() {
    let mut run = Script::new(2);
    let add = run.add(0, 5);
    let milk = run.accept(add, 0, &[]);
    run.told(add, Outcome::Ok);
    let remove = run.remove(0, 5);
    let gone = run.accept(remove, 0, &[milk]);
    run.told(remove, Outcome::Ok);
    run.deliver(gone, 1, &[]);
    let back = run.deliver(milk, 1, &[]);
    let violation = run.violation(IT);
    assert_eq!((violation.kind, violation.op), (Vanished, Some(remove)));
    assert_eq!(violation.first, back);
    assert!(violation.witness.contains(&(back, Role::Resurfaced)));
}

/// An item that came and went everywhere, and which the judge has forgotten.
fn forgotten_item(run: &mut Script) -> (WriteRef, OpRef) {
    let add = run.add(0, 5);
    let milk = run.accept(add, 0, &[]);
    run.told(add, Outcome::Ok);
    run.deliver(milk, 1, &[]);
    let remove = run.remove(0, 5);
    let gone = run.accept(remove, 0, &[milk]);
    run.deliver(gone, 1, &[milk]);
    (milk, remove)
}

#[test]
fn a_removal_is_lost_when_the_item_is_back_though_all_had_seen_it_go() {
    // With and without another write to the key, which lets go of the removal too.
    for is_last in [true, false] {
        let mut run = Script::new(2);
        let (milk, remove) = forgotten_item(&mut run);
        run.told(remove, Outcome::Ok);
        if !is_last {
            let other = run.add(1, 6);
            let eggs = run.accept(other, 1, &[]);
            run.told(other, Outcome::Ok);
            run.deliver(eggs, 0, &[]);
        }
        assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
        let back = run.deliver(milk, 1, &[]);
        let violation = run.violation(IT);
        assert_eq!((violation.kind, violation.op), (Vanished, Some(remove)));
        assert_eq!((violation.first, violation.ended), (back, None));
        assert!(violation.witness.contains(&(back, Role::Resurfaced)));
        run.deliver(milk, 0, &[]);
        let again = run.remove(1, 5);
        let gone = run.accept(again, 1, &[milk]);
        run.told(again, Outcome::Ok);
        assert_eq!(run.violation(IT).ended, None, "the other still has it");
        let ended = run.deliver(gone, 0, &[milk]);
        assert!(run.violation(IT).ended.is_some_and(|at| at <= ended));
        run.deliver(milk, 0, &[]);
        assert_eq!(run.violation(IT).ended, None);
        assert_eq!(run.kinds(IT), [Vanished]);
    }
}

#[test]
fn a_removal_that_nobody_was_told_of_is_not_lost_until_somebody_is() {
    let mut run = Script::new(2);
    let (milk, remove) = forgotten_item(&mut run);
    let other = run.add(1, 6);
    let eggs = run.accept(other, 1, &[]);
    run.deliver(eggs, 0, &[]);
    run.deliver(milk, 1, &[]);
    assert!(run.kinds(IT).is_empty());
    let told = run.told(remove, Outcome::Ok);
    assert_eq!(run.violation(IT).first, told);
}

#[test]
fn an_item_that_is_added_again_undoes_no_removal() {
    let mut run = Script::new(2);
    let (_, remove) = forgotten_item(&mut run);
    run.told(remove, Outcome::Ok);
    let add = run.add(1, 5);
    let milk = run.accept(add, 1, &[]);
    run.told(add, Outcome::Ok);
    run.deliver(milk, 0, &[]);
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn a_removal_that_removes_nothing_is_lost_until_the_item_goes() {
    let mut run = Script::new(2);
    let add = run.add(0, 5);
    let milk = run.accept(add, 0, &[]);
    run.told(add, Outcome::Ok);
    run.deliver(milk, 1, &[]);
    let remove = run.remove(0, 5);
    let nothing = run.accept(remove, 0, &[]);
    run.told(remove, Outcome::Ok);
    assert_eq!(ops_at_risk(&run), [remove]);
    run.deliver(nothing, 1, &[]);
    assert_eq!(run.violation(IT).op, Some(remove));
    let again = run.remove(1, 5);
    let gone = run.accept(again, 1, &[milk]);
    run.told(again, Outcome::Ok);
    let ended = run.deliver(gone, 0, &[milk]);
    assert_eq!(run.violation(IT).ended, Some(ended));
    assert_eq!(run.kinds(IT), [Vanished]);
}

#[test]
fn a_retry_that_wrote_twice_is_not_lost_while_one_of_its_writes_survives() {
    let mut run = Script::new(2);
    let op = run.write(0);
    let first = run.accept(op, 0, &[]);
    let second = run.accept(op, 1, &[]);
    run.told(op, Outcome::Ok);
    run.deliver(second, 0, &[first]);
    run.deliver_discarded(first, 1, Some(second));
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn a_retry_that_overwrites_somebody_in_between_loses_their_write() {
    let mut run = Script::new(2);
    let op = run.write(0);
    let first = run.accept(op, 0, &[]);
    let other = saved(&mut run, 1, 0, &[first]);
    let second = run.accept(op, 1, &[]);
    run.told(op, Outcome::Ok);
    run.deliver(second, 0, &[other]);
    run.deliver_discarded(other, 1, Some(second));
    run.deliver_discarded(first, 1, Some(second));
    assert_eq!(run.violation(IT).writes, [other]);
    assert_eq!(run.kinds(IT).len(), 1);
}

#[test]
fn what_was_not_told_ok_is_not_lost_until_it_is_told() {
    let mut run = Script::new(2);
    let op = run.write(0);
    let x = run.accept(op, 0, &[]);
    run.told(op, Outcome::Unknown);
    let y = saved(&mut run, 1, 1, &[]);
    run.deliver_discarded(x, 1, Some(y));
    run.deliver(y, 0, &[x]);
    assert!(run.kinds(IT).is_empty());
    let told = run.told(op, Outcome::Ok);
    assert_eq!(run.violation(IT).first, told);
}

#[test]
fn told_saved_and_reflected_nowhere_without_a_winner_has_vanished() {
    let mut run = Script::new(2);
    let op = run.write(0);
    let x = run.accept(op, 0, &[]);
    run.deliver(x, 1, &[]);
    let never = run.write(0);
    run.told(never, Outcome::Ok);
    assert_eq!(run.kinds(IT), [Vanished]);
    let late = run.accept(never, 0, &[x]);
    assert!(!run.violation(IT).stands());
    run.deliver(late, 1, &[x]);
    assert!(!run.violation(IT).stands());
}

#[test]
fn a_write_that_every_replica_discards_for_nobody_has_vanished() {
    let mut run = Script::new(2);
    let op = run.write(0);
    let moment = run.discard_everywhere(op);
    assert!(run.kinds(IT).is_empty());
    let told = run.told(op, Outcome::Ok);
    let violation = run.violation(IT);
    assert_eq!((violation.kind, violation.winner), (Vanished, None));
    assert_eq!(violation.first, told);
    assert!(violation.witness.contains(&(moment, Role::Received)));
}

#[test]
fn a_long_run_on_quiet_keys_is_forgotten_as_it_converges() {
    let mut run = Script::new(2);
    let mut last = saved(&mut run, 0, 0, &[]);
    run.deliver(last, 1, &[]);
    for round in 0..1000_u16 {
        let origin = (round % 2) as u8;
        let next = saved(&mut run, 0, origin, &[last]);
        run.deliver(next, 1 - origin, &[last]);
        last = next;
        assert!(run.judge.remembered() <= 3);
    }
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn removals_from_a_set_are_forgotten_as_it_converges() {
    let mut run = Script::new(2);
    for item in 0..1000 {
        let add = run.add(0, item);
        let added = run.accept(add, 0, &[]);
        run.told(add, Outcome::Ok);
        run.deliver(added, 1, &[]);
        let remove = run.remove(0, item);
        let removed = run.accept(remove, 1, &[added]);
        run.told(remove, Outcome::Ok);
        run.deliver(removed, 0, &[added]);
        assert!(run.judge.remembered() <= 4);
    }
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn a_removal_that_one_log_gave_back_may_come_out_of_another() {
    let mut run = Script::new(2);
    let remove = run.remove(0, 7);
    let removed = run.accept_and_take_back(remove, 0);
    run.deliver(removed, 0, &[]);
    run.deliver(removed, 1, &[]);
    run.told(remove, Outcome::Ok);
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
}

#[test]
fn what_a_handed_over_value_rests_on_is_not_lost() {
    let mut run = Script::new(3);
    let x = saved(&mut run, 0, 0, &[]);
    let y = saved(&mut run, 1, 0, &[x]);
    run.hand_over(0, 2, y);
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
    let z = saved(&mut run, 1, 2, &[y]);
    run.hand_over(2, 0, z);
    assert_eq!(run.judge.verdict(IT), crate::Verdict::Holds);
    assert!(run.judge.remembered() <= 3);
}

#[test]
fn a_write_that_its_home_took_after_it_had_packed_the_value_is_lost() {
    let mut run = Script::new(3);
    let x = saved(&mut run, 0, 0, &[]);
    let y = saved(&mut run, 1, 0, &[x]);
    assert_eq!(run.judge.verdict(IT).id(), "holds");
    let moment = run.hand_over(0, 2, x);
    assert_eq!(run.kinds(IT), [Vanished]);
    let violation = run.violation(IT);
    assert_eq!((violation.first, &violation.writes[..]), (moment, &[y][..]));
}

#[test]
fn what_a_write_displaces_unread_is_lost_though_its_origin_showed_it() {
    let mut run = Script::new(1);
    let first = run.saves_after(0, 0, &[], &[], &[]);
    let unread = run.saves_after(1, 0, &[first.write], &[first.write], &[]);
    run.saves_after(2, 0, &[first.write], &[unread.write], &[]);
    let violation = run.violation(IT);
    assert_eq!(violation.kind, OverwrittenUnseen);
    assert_eq!(violation.op, Some(unread.op));
}

#[test]
fn what_was_read_elsewhere_may_be_displaced_wherever_it_arrives() {
    let mut run = Script::new(2);
    let old = run.saves_after(0, 0, &[], &[], &[]);
    // Read at the one replica, written at the other, which has nothing of it yet.
    let new = run.saves_after(1, 1, &[old.write], &[], &[]);
    run.deliver_discarded(old.write, 1, Some(new.write));
    run.deliver(new.write, 0, &[old.write]);
    assert!(run.kinds(IT).is_empty());
}
