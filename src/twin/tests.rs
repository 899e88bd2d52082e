//! Two designs side by side, as actions on a session.

use splitbrain_engine::run::{Command, Direction, Run};
use splitbrain_engine::scenario::{Choice, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action as Deed, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::twin::{choices, twin_of};

use crate::session::{Action, Place, Session};

fn take(session: &mut Session, action: Action) {
    session.reduce(action);
    while !session.work(1_000) {}
}

fn go(session: &mut Session, ms: u64) {
    take(session, Action::GoTo(Time::from_ms(ms)));
}

fn compare(session: &mut Session, with: &str) {
    let choices = choices::read(with, &session.design).expect(with);
    let other = twin_of(session.player.run(), &choices);
    take(session, Action::Compare(Some(other)));
}

/// The playground, paused, beside itself under another rule for carts.
fn twinned() -> Session {
    let mut session = Session::new(7);
    take(&mut session, Action::Pause);
    go(&mut session, 2_000);
    compare(&mut session, "carts.merge=last_writer_wins");
    session
}

/// The other session's run, moment and digest.
fn other(session: &Session) -> (Run, Time, u64) {
    let twin = session.twin.as_ref().expect("two are compared");
    twin.handle.read(|other| {
        let run = other.player.run().clone();
        (run, other.player.time(), other.digest_at_cursor())
    })
}

/// What the other one is at the first one's moment, played by itself.
fn assert_beside(session: &Session) {
    let (run, time, digest) = other(session);
    let own = session.player.run();
    assert_eq!(run.commands, own.commands);
    assert_eq!(run.seed, own.seed);
    assert_eq!(time, session.time());
    assert_eq!(digest, run.digest_at(time));
}

fn add(session: &Session, customer: u16, item: u32) -> Action {
    let service = session.design.service(ServiceKind::Carts);
    Action::Act(Command::Act {
        customer,
        action: Deed {
            kind: OpKind::Add,
            key: Key::new(service.expect("there are carts"), 0),
            argument: Value(item),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    })
}

/// Cuts one region off, or heals it.
fn island(session: &mut Session, cut: bool) {
    for to in [0, 2, 3, 4] {
        let (from, direction) = (1, Direction::Both);
        let command = if cut {
            Command::CutLink {
                from,
                to,
                direction,
            }
        } else {
            Command::HealLink {
                from,
                to,
                direction,
            }
        };
        take(session, Action::Act(command));
    }
}

#[test]
fn the_other_one_goes_where_the_first_one_goes_and_does_what_it_does() {
    let mut session = twinned();
    assert_beside(&session);
    for ms in [9_000, 4_000, 12_000] {
        go(&mut session, ms);
        assert_beside(&session);
    }
    let crash = Command::CrashRegion { region: 2 };
    take(&mut session, Action::Act(crash));
    assert_beside(&session);
    go(&mut session, 20_000);
    assert_beside(&session);
    // In the past it forks, and the other one with it.
    go(&mut session, 6_000);
    take(&mut session, Action::Act(crash));
    go(&mut session, 8_000);
    assert_beside(&session);
    assert_eq!(session.player.run().commands.len(), 1);
    for _ in 0..20 {
        take(&mut session, Action::StepOn);
    }
    take(&mut session, Action::StepBack);
    assert_beside(&session);
}

#[test]
fn where_carts_part_is_found_and_each_is_told_what_it_lost() {
    let mut session = twinned();
    let run = session.player.run().with(Choice {
        service: ServiceKind::Carts,
        slot: Slot::Merge,
        policy: "observed_remove_set".into(),
    });
    assert_eq!(run, *session.player.run(), "it is the playground's own");
    go(&mut session, 5_000);
    island(&mut session, true);
    // Ben, at the region that is cut off, puts things into Ana's cart, as she does.
    let action = add(&session, 0, 0);
    take(&mut session, action);
    let action = add(&session, 1, 1);
    take(&mut session, action);
    go(&mut session, 9_000);
    island(&mut session, false);
    go(&mut session, 14_000);
    assert_beside(&session);
    let twin = session.twin.as_ref().expect("two are compared");
    let first = twin.first().expect("they part");
    assert!(first.at > Time::from_ms(5_000), "{first:?}");
    let comparison = twin.comparison.as_ref().expect("both were read");
    assert_eq!(comparison.figures[0].lost, 0);
    assert!(comparison.figures[1].lost > 0);
    assert_eq!(
        twin.link(session.player.run()),
        "carts.merge=last_writer_wins"
    );
}

#[test]
fn each_is_called_by_what_its_services_have_where_the_two_differ() {
    let mut session = twinned();
    let names = |session: &Session| {
        let twin = session.twin.as_ref().expect("two are compared");
        super::table::names(&session.text, session, twin).map(|name| name.to_string())
    };
    let one = ["Carts: Observed-remove set", "Carts: Last writer wins"];
    assert_eq!(names(&session), one);
    compare(
        &mut session,
        "carts.merge=last_writer_wins,payments.key_store=per_region",
    );
    let several = [
        "Carts: Observed-remove set\u{a0}\u{b7} Payments: Keys in the home region",
        "Carts: Last writer wins\u{a0}\u{b7} Payments: Keys in each region",
    ];
    assert_eq!(names(&session), several);
}

#[test]
fn it_ends_when_asked_to_and_keeps_the_run() {
    let mut session = twinned();
    go(&mut session, 6_000);
    let (run, time) = (session.player.run().clone(), session.time());
    take(&mut session, Action::Compare(None));
    assert!(session.twin.is_none());
    assert_eq!((session.player.run(), session.time()), (&run, time));
}

#[test]
fn it_ends_where_another_world_is_open_or_the_designs_are_one() {
    let mut session = twinned();
    compare(&mut session, "carts.merge=last_writer_wins");
    take(
        &mut session,
        Action::Choose(Choice {
            service: ServiceKind::Carts,
            slot: Slot::Merge,
            policy: "last_writer_wins".into(),
        }),
    );
    assert!(session.twin.is_none(), "one design is no two");
    compare(&mut session, "carts.merge=observed_remove_set");
    assert!(session.twin.is_some());
    let trial = std::rc::Rc::new(splitbrain_engine::playground::trial());
    let run = Run::new(trial, 1);
    take(
        &mut session,
        Action::Load {
            run,
            cursor: Time::ZERO,
            play: false,
        },
    );
    assert_eq!(session.place, Place::Playground);
    assert!(session.twin.is_none(), "another world");
}

#[test]
fn it_is_taken_up_again_with_the_desk() {
    let mut before = twinned();
    go(&mut before, 6_000);
    let desk = before.desk();
    assert_eq!(desk.twin.as_deref(), Some("carts.merge=last_writer_wins"));
    let mut after = Session::new(1);
    take(&mut after, Action::Restore { desk, play: false });
    assert_eq!(other(&after), other(&before));
    assert_beside(&after);
    assert_eq!(after.notices, []);
    take(&mut after, Action::Compare(None));
    assert_eq!(after.desk().twin, None);
}

#[test]
fn what_was_kept_may_be_anything() {
    let long = "a.b=c,".repeat(900);
    for kept in ["", "carts.merge=best", "\u{0}", "prices", &long] {
        let mut session = Session::new(7);
        let desk = crate::session::Desk {
            twin: Some(kept.to_owned()),
            ..session.desk()
        };
        take(&mut session, Action::Restore { desk, play: false });
        assert!(session.twin.is_none(), "{kept}");
        assert_eq!(session.notices.len(), 1, "{kept}");
        assert_eq!(session.desk().twin, None, "{kept}");
    }
}

#[test]
fn what_is_no_twin_is_not_compared_with() {
    let mut session = Session::new(7);
    let own = session.player.run().clone();
    let other_seed = Session::new(8).player.run().clone();
    for run in [own, other_seed] {
        take(&mut session, Action::Compare(Some(run)));
        assert!(session.twin.is_none());
    }
    assert_eq!(session.notices.len(), 1);
}
