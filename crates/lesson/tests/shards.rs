//! What becomes of keys that live in one region each: one order of what happens to each
//! of them, a way as long as it is far, and no answer while the home is gone.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::workload::Habits;
use splitbrain_lesson::latency::{Wait, legs};
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 40;

/// Three regions and a customer at each, who tries once. Accounts are numbered against
/// the order of the regions, so that no cart is at home where its number would put it.
fn world() -> Scenario {
    let mut scenario = three_and_three();
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.account = (place as u32 + 1) % 3;
    }
    scenario.retry.attempts = 1;
    let choices = [ServiceKind::Prices, ServiceKind::Carts].map(|service| Choice {
        service,
        slot: Slot::Replication,
        policy: "geo_sharded".into(),
    });
    scenario.with(&choices)
}

fn act(at_ms: u64, customer: u16, kind: OpKind, key: Key, value: u32) -> TimedCommand {
    let action = Action {
        kind,
        key,
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    let command = Command::Act { customer, action };
    TimedCommand {
        at: Time::from_ms(at_ms),
        command,
    }
}

fn played(commands: Vec<TimedCommand>, seed: u64, until_ms: u64) -> Player {
    let run = Run::new(Rc::new(world()), seed);
    let mut player = Player::new(Run { commands, ..run });
    player.jump(Target::Time(Time::from_ms(until_ms)));
    player
}

/// The regions, by their place, that accepted a write.
fn accepted(player: &Player) -> Vec<HostId> {
    let end = player.end();
    let facts = player.trace().range(FactId(0), end);
    let writes = facts.filter(|(_, fact)| fact.kind() == FactKind::WriteAccepted);
    writes.map(|(_, fact)| fact.host).collect()
}

#[test]
fn a_cart_is_written_where_its_account_lives_whoever_asks() {
    let carts = world().service(ServiceKind::Carts).unwrap();
    // Account 0 is the last customer's, who lives in region 2.
    let commands = (0..3)
        .map(|customer| {
            let at_ms = 1_000 + u64::from(customer) * 2_000;
            act(at_ms, customer, OpKind::Add, Key::new(carts, 0), 1)
        })
        .collect();
    assert_eq!(accepted(&played(commands, 1, 10_000)), [HostId(2); 3]);
}

#[test]
fn each_key_is_linearizable_under_faults() {
    let mut writes = 0;
    for seed in 0..SCHEDULES {
        let mut chance = Chance::new(seed);
        let mut commands = Vec::new();
        for value in 1..=60 {
            let kind = [OpKind::Write, OpKind::Read][chance.below(2) as usize];
            let key = Key::new(0, chance.below(3) as u32);
            let (at_ms, customer) = (chance.below(20_000), chance.below(3) as u16);
            commands.push(act(at_ms, customer, kind, key, value));
        }
        let from_ms = chance.below(12_000);
        let region = chance.below(3) as u8;
        let (from, to) = (region, (region + 1) % 3);
        let direction = Direction::Both;
        for (after_ms, command) in [
            (0, Command::CrashRegion { region }),
            (3_000, Command::RestartRegion { region }),
            (
                4_000,
                Command::CutLink {
                    from,
                    to,
                    direction,
                },
            ),
            (
                7_000,
                Command::HealLink {
                    from,
                    to,
                    direction,
                },
            ),
        ] {
            let at = Time::from_ms(from_ms + after_ms);
            commands.push(TimedCommand { at, command });
        }
        commands.sort_by_key(|timed| timed.at);
        let mut player = played(commands, seed, 30_000);
        writes += accepted(&player).len();
        let mut observer = Observer::new(&world());
        observer.follow_player(&mut player);
        let judge = observer.judge();
        for property in [PropertyId::Linearizable, PropertyId::AcknowledgedWrites] {
            let verdict = judge.verdict(property);
            assert!(
                !matches!(verdict, Verdict::Violated { .. }),
                "{property:?} under {seed}"
            );
        }
    }
    assert!(writes > 500, "{writes} writes were accepted");
}

#[test]
fn while_a_home_is_down_only_its_keys_are_not_served() {
    let down = TimedCommand {
        at: Time::from_ms(1_000),
        command: Command::CrashRegion { region: 2 },
    };
    // Items are dealt out in turn: the third is at home in the region that is down.
    let ok = |item: u32| {
        let write = act(2_000, 0, OpKind::Write, Key::new(0, item), 50);
        let player = played(vec![down, write], 1, 15_000);
        let end = player.end();
        let mut facts = player.trace().range(FactId(0), end);
        facts.any(|(_, fact)| {
            fact.kind() == FactKind::OperationReturned && fact.outcome() == Some(Outcome::Ok)
        })
    };
    assert_eq!([ok(0), ok(1), ok(2)], [true, true, false]);
}

/// How a question about all prices was answered: how, how many, after how many
/// milliseconds.
fn asked_of_all(mut commands: Vec<TimedCommand>) -> (Outcome, u32, u64) {
    commands.push(act(4_000, 0, OpKind::ReadAll, Key::new(0, 0), 0));
    commands.sort_by_key(|timed| timed.at);
    let player = played(commands, 1, 10_000);
    let facts = player.trace().range(FactId(0), player.end());
    let of = |fact: &Fact| {
        let asked = player.trace().get(FactId(fact.a)).expect("held");
        let span_ms = fact.at().since(asked.at()) / 1_000;
        let is_it = asked.op_kind() == Some(OpKind::ReadAll);
        is_it.then(|| (fact.outcome().expect("an answer"), fact.b, span_ms))
    };
    let answers = facts.filter(|(_, fact)| fact.kind() == FactKind::OperationReturned);
    let mut answers = answers.filter_map(|(_, fact)| of(fact));
    answers.next().expect("it was answered")
}

fn prices(items: u32) -> Vec<TimedCommand> {
    let write = |item| {
        act(
            1_000 + u64::from(item) * 10,
            1,
            OpKind::Write,
            Key::new(0, item),
            70,
        )
    };
    (0..items).map(write).collect()
}

#[test]
fn a_question_about_all_keys_takes_as_long_as_the_farthest_home() {
    let (outcome, count, span_ms) = asked_of_all(prices(5));
    assert_eq!((outcome, count), (Outcome::Ok, 5));
    // Virginia is 149 milliseconds from Tokyo, there and back, and the customer 16.
    assert!((160..185).contains(&span_ms), "{span_ms}");
}

#[test]
fn a_question_about_all_keys_fails_while_one_home_is_down_and_names_it() {
    let down = TimedCommand {
        at: Time::from_ms(3_000),
        command: Command::CrashRegion { region: 2 },
    };
    let mut commands = prices(2);
    commands.push(down);
    let (outcome, _, span_ms) = asked_of_all(commands.clone());
    assert_eq!(outcome, Outcome::Failed);
    assert!((500..540).contains(&span_ms), "{span_ms}");
    commands.push(act(4_000, 0, OpKind::ReadAll, Key::new(0, 0), 0));
    let player = played(commands, 1, 10_000);
    let mut facts = player.trace().range(FactId(0), player.end());
    let found = facts.find(|(_, fact)| fact.kind() == FactKind::ShardsRead);
    let (_, fact) = found.expect("it was given up");
    assert_eq!((fact.peer, fact.b, fact.c), (HostId(2), 2, 3));
}

#[test]
fn a_key_that_moved_is_counted_where_it_is() {
    let mut commands = prices(5);
    commands.push(TimedCommand {
        at: Time::from_ms(2_000),
        command: Command::MoveHome {
            key: Key::new(0, 0),
            region: 2,
        },
    });
    assert_eq!(asked_of_all(commands).1, 5);
}

#[test]
fn a_service_whose_keys_have_no_homes_does_not_offer_it() {
    let choice = Choice {
        service: ServiceKind::Prices,
        slot: Slot::Replication,
        policy: "multi_master".into(),
    };
    let run = Run::new(Rc::new(world().with(&[choice])), 1);
    let commands = vec![act(1_000, 0, OpKind::ReadAll, Key::new(0, 0), 0)];
    let mut player = Player::new(Run { commands, ..run });
    player.jump(Target::Time(Time::from_ms(3_000)));
    let mut facts = player.trace().range(FactId(0), player.end());
    let told = facts.find(|(_, fact)| fact.kind() == FactKind::OperationReturned);
    let (_, told) = told.expect("she was told");
    assert_eq!((told.outcome(), told.c), (Some(Outcome::Failed), 501));
}

#[test]
fn who_has_the_habit_asks_about_all_keys_by_herself() {
    let mut scenario = world();
    scenario.customers[1].think_us = Some(500_000);
    scenario.customers[1].habits = Habits {
        read_all: 1,
        ..Habits::default()
    };
    let mut player = Player::new(Run::new(Rc::new(scenario), 1));
    player.jump(Target::Time(Time::from_ms(20_000)));
    let facts = player.trace().range(FactId(0), player.end());
    let whole = facts.filter(|(_, fact)| fact.kind() == FactKind::ShardsRead);
    assert!(whole.count() > 20);
}

#[test]
fn what_a_question_about_all_keys_waited_for_is_the_way_to_the_farthest_home() {
    let mut commands = prices(3);
    commands.push(act(4_000, 0, OpKind::ReadAll, Key::new(0, 0), 0));
    let player = played(commands, 1, 10_000);
    let trace = player.trace();
    let facts = trace.range(FactId(0), player.end());
    let answers = facts.filter(|(_, fact)| fact.kind() == FactKind::OperationReturned);
    let answer = answers.last();
    let legs = legs(trace, answer.expect("it was answered").0).expect("held");
    let messages = legs.iter().filter_map(|leg| match leg.wait {
        Wait::Message { label, from, to } => Some((label, from.0, to.0)),
        Wait::At(_) | Wait::Uncertainty(_) => None,
    });
    let between: Vec<_> = messages.filter(|it| it.1 < 3 && it.2 < 3).collect();
    assert_eq!(
        between,
        [(Label::Forward, 0, 2), (Label::ForwardResult, 2, 0)]
    );
}
