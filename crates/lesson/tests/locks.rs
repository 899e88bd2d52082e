//! What a global lock costs and keeps: two wide round trips a write, a queue for the same
//! key, and a fence against a holder that was lost or stood still.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::replication::global_lock::{GIVE_UP_US, LOCK_US};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;
use splitbrain_lesson::latency::{Wait, legs};
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why::{Role, why_fact};

const FIRST: HostId = HostId(0);

/// Three regions under such a lock, a customer at each, and apps that do not try again.
fn world(strategy: &str) -> Scenario {
    let mut scenario = three_and_three();
    scenario.retry.attempts = 1;
    let chosen = [ServiceKind::Prices, ServiceKind::Carts].map(|service| Choice {
        service,
        slot: Slot::Replication,
        policy: strategy.into(),
    });
    let scenario = scenario.with(&chosen);
    assert_eq!(scenario.check(), []);
    scenario
}

fn played(commands: Vec<TimedCommand>, end_ms: u64) -> Player {
    played_under("global_lock", commands, end_ms)
}

fn played_under(strategy: &str, commands: Vec<TimedCommand>, end_ms: u64) -> Player {
    let mut run = Run::new(Rc::new(world(strategy)), 4);
    run.commands = commands;
    run.commands.sort_by_key(|timed| timed.at);
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(end_ms)));
    player
}

fn at(time: Time, command: Command) -> TimedCommand {
    TimedCommand { at: time, command }
}

/// Customer number n, who lives at region number n, sets a price.
fn price(customer: u16, value: u32) -> Command {
    Command::Act {
        customer,
        action: Action {
            kind: OpKind::Write,
            key: Key::new(0, 0),
            argument: Value(value),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    }
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(id, fact)| (id, *fact));
    held.filter(|(_, fact)| fact.kind() == kind).collect()
}

/// What customers were told, in order.
fn told(player: &Player) -> Vec<Outcome> {
    let returned = facts(player, FactKind::OperationReturned);
    let outcomes = returned.iter().filter_map(|(_, fact)| fact.outcome());
    outcomes.collect()
}

/// What every region shows of the price.
fn shown(player: &Player) -> Vec<u32> {
    let of = |region| player.world().view(Addr::new(HostId(region), 0));
    let values = (0..3).map(|region| of(region).first().map_or(0, |entry| entry.value.0));
    values.collect()
}

fn assert_keeps(player: &mut Player) {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    for property in [
        PropertyId::AcknowledgedWrites,
        PropertyId::Convergence,
        PropertyId::ReadYourWrites,
    ] {
        let verdict = observer.judge().verdict(property);
        assert!(
            !matches!(verdict, Verdict::Violated { .. }),
            "{property:?}: {verdict:?}"
        );
    }
}

#[test]
fn a_write_waits_for_two_wide_round_trips_and_a_read_for_none() {
    let read = Command::Act {
        customer: 2,
        action: Action {
            kind: OpKind::Read,
            key: Key::new(0, 0),
            argument: Value(0),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    };
    let script = vec![
        at(Time::from_ms(1_000), price(2, 70)),
        at(Time::from_ms(2_000), read),
    ];
    let player = played(script, 3_000);
    assert_eq!(told(&player), [Outcome::Ok, Outcome::Ok]);
    let returned = facts(&player, FactKind::OperationReturned);
    let between = |answer: usize| {
        let legs = legs(player.trace(), returned[answer].0).expect("a whole run is held");
        let between = legs.iter().filter_map(|leg| match leg.wait {
            Wait::Message { label, from, to } if from.0 < 3 && to.0 < 3 => {
                Some((label, leg.span_us))
            }
            _ => None,
        });
        between.collect::<Vec<_>>()
    };
    let write = between(0);
    let labels: Vec<Label> = write.iter().map(|(label, _)| *label).collect();
    let expected = [
        Label::LeaseAsk,
        Label::LeaseAnswer,
        Label::QuorumWrite,
        Label::QuorumWriteAck,
    ];
    assert_eq!(labels, expected);
    let network = player.world().network();
    let there_and_back = |to| {
        let (there, back) = (network.link(2, to), network.link(to, 2));
        u64::from(there.base_us + back.base_us)
    };
    let least_us = there_and_back(0) + there_and_back(0).max(there_and_back(1));
    let spent_us: u64 = write.iter().map(|(_, span_us)| span_us).sum();
    assert!(
        (least_us..least_us * 5 / 4).contains(&spent_us),
        "{spent_us} for {least_us}"
    );
    assert_eq!(between(1), []);
    assert_eq!(returned[1].1.b, 70);
}

#[test]
fn who_wants_a_key_that_another_writes_waits_for_its_turn() {
    let script = vec![
        at(Time::from_ms(1_000), price(0, 70)),
        at(Time::from_ms(1_001), price(1, 80)),
    ];
    let mut player = played(script, 4_000);
    assert_eq!(told(&player), [Outcome::Ok, Outcome::Ok]);
    let waited = facts(&player, FactKind::LockWaited);
    assert_eq!(waited.len(), 1);
    assert_eq!(waited[0].1.peer, HostId(1));
    let granted = facts(&player, FactKind::LockGranted);
    let tokens: Vec<u32> = granted.iter().map(|(_, fact)| fact.a).collect();
    assert_eq!(tokens, [1, 2]);
    // The second grant names the release that made room for it.
    let released = facts(&player, FactKind::LockReleased);
    assert_eq!(granted[1].1.c, released[0].0.0);
    assert_eq!(shown(&player), [80, 80, 80]);
    assert_keeps(&mut player);
    let steps = why_fact(player.trace(), granted[1].0, player.end());
    assert!(
        steps.iter().any(|step| step.role == Role::Waited),
        "{steps:?}"
    );
}

/// The moment at which the lock is granted to the region of the second customer, where it
/// is the first to write.
fn granted_at() -> Time {
    let calm = played(vec![at(Time::from_ms(1_000), price(1, 70))], 3_000);
    let granted = facts(&calm, FactKind::LockGranted);
    assert_eq!((granted[0].1.host, granted[0].1.peer), (FIRST, HostId(1)));
    granted[0].1.at()
}

#[test]
fn the_lock_of_a_holder_that_crashed_runs_out_and_the_next_writes() {
    let granted = granted_at();
    let script = vec![
        at(Time::from_ms(1_000), price(1, 70)),
        at(granted.after(1_000), Command::CrashRegion { region: 1 }),
        at(
            granted.after(LOCK_US / 2),
            Command::RestartRegion { region: 1 },
        ),
        at(granted.after(LOCK_US - 100_000), price(2, 80)),
    ];
    let mut player = played(script, 8_000);
    let expired = facts(&player, FactKind::LockExpired);
    assert_eq!(expired.len(), 1);
    let waited_us = expired[0].1.at().0 - granted.0;
    assert!(waited_us.abs_diff(LOCK_US) < 1_000, "{waited_us}");
    assert_eq!(told(&player), [Outcome::Unknown, Outcome::Ok]);
    assert_eq!(shown(&player), [80, 80, 80]);
    assert_keeps(&mut player);
}

/// The second customer's region stands still with the lock until the third one's has it
/// and writes.
fn stopped_holder() -> Vec<TimedCommand> {
    let granted = granted_at();
    vec![
        at(Time::from_ms(1_000), price(1, 70)),
        at(granted.after(1_000), Command::PauseRegion { region: 1 }),
        at(granted.after(LOCK_US + 100_000), price(2, 80)),
        at(
            granted.after(LOCK_US + 700_000),
            Command::ResumeRegion { region: 1 },
        ),
    ]
}

#[test]
fn without_a_fence_a_holder_that_stood_still_replaces_what_the_next_one_wrote() {
    let mut player = played_under("global_lock_without_fence", stopped_holder(), 8_000);
    assert_eq!(told(&player), [Outcome::Unknown, Outcome::Ok]);
    assert_eq!(shown(&player), [70, 80, 70]);
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(&mut player);
    let verdict = observer.judge().verdict(PropertyId::Convergence);
    assert!(matches!(verdict, Verdict::Violated { .. }), "{verdict:?}");
}

#[test]
fn a_holder_that_stood_still_past_its_lock_is_refused_everywhere() {
    let mut player = played(stopped_holder(), 8_000);
    let refused = facts(&player, FactKind::StaleLockRefused);
    assert_eq!(refused.len(), 2, "{refused:?}");
    for (id, fact) in refused {
        assert_eq!((fact.peer, fact.b, fact.c), (HostId(1), 1, 2));
        let steps = why_fact(player.trace(), id, player.end());
        // The story has the pause, the lock that ran out, and whose it was next.
        let role_of = |kind| {
            let of_kind = |held: FactId| player.trace().get(held).map(Fact::kind) == Some(kind);
            let mut of_kind = steps.iter().filter(|step| of_kind(step.fact));
            of_kind.next_back().map(|step| step.role)
        };
        assert_eq!(role_of(FactKind::RegionPaused), Some(Role::Changed));
        assert_eq!(role_of(FactKind::LockExpired), Some(Role::Unlocked));
        assert_eq!(role_of(FactKind::StaleLockRefused), Some(Role::Refused));
        let grants = steps.iter().filter(|step| step.role == Role::Locked);
        assert_eq!(grants.count(), 2, "{steps:?}");
    }
    assert_eq!(told(&player), [Outcome::Unknown, Outcome::Ok]);
    assert_eq!(shown(&player), [80, 80, 80]);
    assert_keeps(&mut player);
}

#[test]
fn while_one_region_is_out_of_reach_nobody_writes_and_what_was_begun_ends_after_the_heal() {
    let cut = |is_cut| {
        let (from, to, direction) = (0, 2, Direction::Both);
        if is_cut {
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
        }
    };
    let script = vec![
        at(Time::from_ms(500), cut(true)),
        at(Time::from_ms(1_000), price(0, 70)),
        at(Time::from_ms(4_000), cut(false)),
    ];
    let mut player = played(script, 8_000);
    let missed = facts(&player, FactKind::QuorumMissed);
    assert_eq!(missed.len(), 1);
    assert_eq!((missed[0].1.b, missed[0].1.c), (2, 3));
    assert_eq!(told(&player), [Outcome::Unknown]);
    assert_eq!(shown(&player), [70, 70, 70]);
    assert_keeps(&mut player);
}

#[test]
fn without_the_region_of_the_locks_a_write_is_refused_and_provably_not_made() {
    let script = vec![
        at(Time::from_ms(500), Command::CrashRegion { region: 0 }),
        at(Time::from_ms(1_000), price(1, 70)),
    ];
    let player = played(script, 4_000);
    assert_eq!(told(&player), [Outcome::Failed]);
    let returned = facts(&player, FactKind::OperationReturned)[0].1.at();
    assert!(returned.0 - 1_000_000 < GIVE_UP_US + 50_000);
    assert_eq!(facts(&player, FactKind::WriteAccepted), []);
}

#[test]
fn panels_see_who_holds_the_lock_until_when_and_who_waits() {
    let granted = granted_at();
    let script = vec![
        at(Time::from_ms(1_000), price(1, 70)),
        at(granted.after(1_000), Command::PauseRegion { region: 1 }),
        at(granted.after(2_000), price(2, 80)),
    ];
    let player = played(script, granted.0 / 1_000 + 300);
    let state = player.world().state(Addr::new(FIRST, 0));
    let [
        StateView::Lease {
            key,
            holder,
            token,
            until_us,
            waiting,
        },
    ] = &state[..]
    else {
        panic!("{state:?}");
    };
    assert_eq!((*key, *holder, *token), (Some(Key::new(0, 0)), 1, 1));
    // The clock drifts by less than a ten-thousandth.
    assert!(until_us.abs_diff(granted.0 + LOCK_US) < 1_000, "{until_us}");
    assert_eq!(waiting, &[2]);
}
