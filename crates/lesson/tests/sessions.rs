//! What a session may count on where reads are served by followers: what each guarantee
//! does about a customer who wrote, and where the flag and the sticky session fail.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

/// Three regions, the first of which writes, and a customer at each, who tries once.
fn world() -> Scenario {
    let mut scenario = three_and_three();
    scenario.retry.attempts = 1;
    scenario
}

fn act(customer: u16, kind: OpKind, value: u32, via: Option<u8>) -> Command {
    act_on(0, customer, kind, value, via)
}

fn act_on(item: u32, customer: u16, kind: OpKind, value: u32, via: Option<u8>) -> Command {
    let action = Action {
        kind,
        key: Key::new(0, item),
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via,
    };
    Command::Act { customer, action }
}

fn read(customer: u16, via: Option<u8>) -> Command {
    act(customer, OpKind::Read, 0, via)
}

fn links(heal: bool, from: u8, others: &[u8]) -> Vec<Command> {
    let link = |&to: &u8| {
        let direction = Direction::Both;
        if heal {
            Command::HealLink {
                from,
                to,
                direction,
            }
        } else {
            Command::CutLink {
                from,
                to,
                direction,
            }
        }
    };
    others.iter().map(link).collect()
}

/// What came of a script under a guarantee.
struct Came {
    own_unseen: bool,
    went_back: bool,
    facts: Vec<FactKind>,
    /// What reads returned, in order; none where one was refused.
    reads: Vec<Option<u32>>,
}

fn play(session: &str, script: &[(u64, Command)]) -> Came {
    let scenario = Rc::new(world());
    let choice = |slot, policy: &str| Choice {
        service: ServiceKind::Prices,
        slot,
        policy: policy.into(),
    };
    let run = Run::new(Rc::clone(&scenario), 1)
        .with(choice(Slot::Replication, "single_writer_asynchronous"))
        .with(choice(Slot::Session, session));
    let commands = script.iter().map(|&(ms, command)| TimedCommand {
        at: Time::from_ms(ms),
        command,
    });
    let mut player = Player::new(Run {
        commands: commands.collect(),
        ..run
    });
    player.jump(Target::Time(Time::from_ms(20_000)));
    let mut observer = Observer::new(&scenario);
    observer.follow_player(&mut player);
    let facts: Vec<_> = player.trace().range(FactId(0), player.end()).collect();
    let is_read = |op: u32| {
        let started = player.trace().get(FactId(op));
        started.and_then(Fact::op_kind) == Some(OpKind::Read)
    };
    let is_broken =
        |property| matches!(observer.judge().verdict(property), Verdict::Violated { .. });
    Came {
        own_unseen: is_broken(PropertyId::ReadYourWrites),
        went_back: is_broken(PropertyId::MonotonicReads),
        reads: facts
            .iter()
            .filter(|(_, fact)| fact.kind() == FactKind::OperationReturned && is_read(fact.a))
            .map(|(_, fact)| (fact.c == 200).then_some(fact.b))
            .collect(),
        facts: facts.iter().map(|(_, fact)| fact.kind()).collect(),
    }
}

/// A shopkeeper at a follower that the writer cannot reach writes by way of another
/// region, and reads at home.
fn written_elsewhere() -> Vec<(u64, Command)> {
    let mut script: Vec<_> = links(false, 0, &[1])
        .into_iter()
        .map(|it| (900, it))
        .collect();
    script.push((1_000, act(1, OpKind::Write, 70, Some(2))));
    script.push((2_000, read(1, Some(1))));
    script.extend(links(true, 0, &[1]).into_iter().map(|it| (9_000, it)));
    script.push((12_000, read(1, Some(1))));
    script
}

#[test]
fn without_a_guarantee_a_customer_does_not_see_what_she_wrote() {
    let came = play("no_session", &written_elsewhere());
    assert_eq!(came.reads, [Some(50), Some(70)]);
    assert!(came.own_unseen);
}

#[test]
fn a_flag_is_in_the_cache_of_one_region() {
    let came = play("session_flag", &written_elsewhere());
    assert!(came.facts.contains(&FactKind::FlagSet));
    assert!(came.own_unseen);
}

#[test]
fn a_token_has_a_read_wait_and_then_asks_the_writer_rather_than_go_back() {
    let came = play("session_token", &written_elsewhere());
    assert!(came.facts.contains(&FactKind::ReadHeld));
    assert!(!came.own_unseen && !came.went_back);
    // While nobody has what she wrote she gets no answer.
    assert_eq!(came.reads, [None, Some(70)]);
}

/// A shopkeeper reads at home what another wrote just before the link was cut, while a
/// flag sends her to the writer; then the flag expires.
fn lag_outlasts_the_flag() -> Vec<(u64, Command)> {
    // She writes, and the other way round the cut she sees the newer price.
    let mut script = vec![(1_000, act(1, OpKind::Write, 70, None))];
    script.extend(links(false, 0, &[1]).into_iter().map(|it| (1_500, it)));
    script.push((1_800, read(0, None)));
    script.push((2_000, act(0, OpKind::Write, 80, None)));
    script.push((3_000, read(1, Some(0))));
    script.push((7_000, read(1, Some(1))));
    script
}

#[test]
fn a_flag_that_expires_under_lag_lets_reads_go_back() {
    let came = play("session_flag", &lag_outlasts_the_flag());
    assert!(came.facts.contains(&FactKind::FlagExpired));
    assert_eq!(came.reads, [Some(70), Some(80), Some(70)]);
    assert!(came.went_back);
    let token = play("session_token", &lag_outlasts_the_flag());
    assert_eq!(token.reads, [Some(70), Some(80), None]);
    assert!(!token.went_back);
}

#[test]
fn a_sticky_session_holds_until_she_is_sent_elsewhere() {
    let stays = play(
        "session_sticky",
        &[
            (1_000, act(1, OpKind::Write, 70, None)),
            (1_300, read(1, None)),
        ],
    );
    assert_eq!(stays.reads, [Some(70)]);
    let moved = play("session_sticky", &lag_outlasts_the_flag());
    assert!(moved.went_back);
}

#[test]
fn who_has_seen_what_a_promotion_lost_is_refused_until_it_is_written_anew() {
    // The writer takes a write that nobody else gets, and another is promoted.
    let mut script: Vec<_> = links(false, 0, &[1, 2])
        .into_iter()
        .map(|it| (900, it))
        .collect();
    script.push((1_000, act(0, OpKind::Write, 70, None)));
    script.push((2_000, Command::PromoteRegion { region: 1 }));
    script.extend(links(true, 0, &[1, 2]).into_iter().map(|it| (3_000, it)));
    // The old writer learns what it has to take back by the next write.
    script.push((4_000, act_on(1, 1, OpKind::Write, 20, None)));
    script.push((6_000, read(0, None)));
    script.push((9_000, act(1, OpKind::Write, 90, None)));
    script.push((12_000, read(0, None)));
    let came = play("session_token", &script);
    assert!(came.facts.contains(&FactKind::HistoryLost));
    assert_eq!(came.reads, [None, Some(90)]);
    assert!(!came.own_unseen);
    let without = play("no_session", &script);
    assert_eq!(without.reads, [Some(50), Some(90)]);
    assert!(without.own_unseen);
}
