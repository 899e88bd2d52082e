//! What a ready world says is to be tried in it does what it says.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::playground::{chat, likes, orders, profiles, ready, stock};
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

const SEED: u64 = 7;

/// A world in which nobody acts unasked, so that what happens is what was tried.
fn quiet(mut scenario: Scenario) -> Scenario {
    for customer in &mut scenario.customers {
        customer.think_us = None;
    }
    scenario
}

fn with(scenario: Scenario, service: ServiceKind, slot: Slot, policy: &str) -> Scenario {
    scenario.with(&[Choice {
        service,
        slot,
        policy: policy.into(),
    }])
}

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(
    ms: u64,
    scenario: &Scenario,
    customer: u16,
    kind: OpKind,
    what: (ServiceKind, u32),
    value: u32,
) -> TimedCommand {
    let service = scenario.service(what.0).expect("the world has it");
    let action = Action {
        kind,
        key: Key::new(service, what.1),
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

/// The same, asked of this region.
fn through(region: u8, mut timed: TimedCommand) -> TimedCommand {
    if let Command::Act { action, .. } = &mut timed.command {
        action.via = Some(region);
    }
    timed
}

fn is_violated(
    scenario: &Scenario,
    commands: &[TimedCommand],
    until_ms: u64,
    property: PropertyId,
) -> bool {
    let run = Run::new(Rc::new(scenario.clone()), SEED);
    let mut player = Player::new(Run {
        commands: commands.to_vec(),
        ..run
    });
    player.jump(Target::Time(Time::from_ms(until_ms)));
    let mut observer = Observer::new(scenario);
    observer.follow_player(&mut player);
    matches!(observer.judge().verdict(property), Verdict::Violated { .. })
}

#[test]
fn a_token_keeps_own_writes_in_sight_and_nothing_does_not() {
    let world = quiet(ready::sessions());
    let commands = [
        at(
            100,
            Command::DegradeLink {
                from: 0,
                to: 1,
                loss_ppm: 0,
                duplicate_ppm: 0,
                reorder_ppm: 0,
                extra_us: 3_000_000,
            },
        ),
        through(
            0,
            act(1_000, &world, 1, OpKind::Add, (ServiceKind::Carts, 1), 2),
        ),
        through(
            1,
            act(2_000, &world, 1, OpKind::Read, (ServiceKind::Carts, 1), 0),
        ),
    ];
    let property = PropertyId::ReadYourWrites;
    assert!(!is_violated(&world, &commands, 20_000, property));
    let bare = with(world, ServiceKind::Carts, Slot::Session, "no_session");
    assert!(is_violated(&bare, &commands, 20_000, property));
}

#[test]
fn a_queue_that_remembers_nothing_brings_back_what_was_taken_out() {
    let world = quiet(ready::queues());
    let commands = [
        at(
            100,
            Command::CutLink {
                from: 1,
                to: 0,
                direction: Direction::OneWay,
            },
        ),
        act(1_000, &world, 0, OpKind::Add, (ServiceKind::Carts, 0), 2),
        act(2_500, &world, 0, OpKind::Remove, (ServiceKind::Carts, 0), 2),
    ];
    let property = PropertyId::Convergence;
    assert!(is_violated(&world, &commands, 8_000, property));
    let sound = with(
        world,
        ServiceKind::Carts,
        Slot::Replication,
        "regional_queues",
    );
    assert!(!is_violated(&sound, &commands, 8_000, property));
}

#[test]
fn in_the_chat_answers_come_first_by_themselves() {
    let world = chat();
    let property = PropertyId::MessageOrder;
    assert!(is_violated(&world, &[], 120_000, property));
    let causal = with(
        world,
        ServiceKind::Chat,
        Slot::Replication,
        "causal_broadcast",
    );
    assert!(!is_violated(&causal, &[], 120_000, property));
}

#[test]
fn of_two_likes_at_once_one_is_lost_where_the_last_number_stays() {
    let world = quiet(likes());
    let like = |customer| {
        act(
            1_000,
            &world,
            customer,
            OpKind::Like,
            (ServiceKind::Likes, 1),
            1,
        )
    };
    let commands = [like(0), like(1)];
    let property = PropertyId::AcknowledgedWrites;
    assert!(!is_violated(&world, &commands, 10_000, property));
    let last = with(
        world.clone(),
        ServiceKind::Likes,
        Slot::Merge,
        "counter_by_last_write",
    );
    assert!(is_violated(&last, &commands, 10_000, property));
}

#[test]
fn more_is_sold_than_there_is_where_each_region_sells_what_it_sees() {
    let world = stock();
    let property = PropertyId::NoOversell;
    assert!(!is_violated(&world, &[], 120_000, property));
    let seen = with(world, ServiceKind::Stock, Slot::Merge, "stock_counter");
    assert!(is_violated(&seen, &[], 120_000, property));
}

#[test]
fn every_region_makes_the_report_and_a_lease_makes_it_once() {
    let world = ready::report();
    let property = PropertyId::OnceATick;
    assert!(is_violated(&world, &[], 60_000, property));
    let lease = with(world, ServiceKind::Jobs, Slot::Schedule, "lease");
    assert!(!is_violated(&lease, &[], 60_000, property));
}

#[test]
fn who_froze_with_a_lock_writes_late_unless_there_is_a_fence() {
    let world = quiet(ready::lock());
    let write = |ms, customer, value| {
        act(
            ms,
            &world,
            customer,
            OpKind::Write,
            (ServiceKind::Prices, 1),
            value,
        )
    };
    // Tokyo asks us-east-1 for the lock, is frozen when it comes, and wakes just after it has
    // gone to who asked next.
    let commands = [
        write(1_000, 2, 80),
        at(1_120, Command::PauseRegion { region: 2 }),
        write(1_500, 1, 90),
        at(3_300, Command::ResumeRegion { region: 2 }),
    ];
    let property = PropertyId::AcknowledgedWrites;
    assert!(is_violated(&world, &commands, 20_000, property));
    let fenced = with(
        world.clone(),
        ServiceKind::Prices,
        Slot::Replication,
        "global_lock",
    );
    assert!(!is_violated(&fenced, &commands, 20_000, property));
}

/// What every region shows under the first key of a service that anybody wrote, if that is
/// the same everywhere.
fn shown_everywhere(scenario: &Scenario, commands: &[TimedCommand], until_ms: u64) -> Option<u32> {
    let run = Run::new(Rc::new(scenario.clone()), SEED);
    let mut player = Player::new(Run {
        commands: commands.to_vec(),
        ..run
    });
    player.jump(Target::Time(Time::from_ms(until_ms)));
    let regions = 0..scenario.regions.len() as u16;
    let mut shown = regions.map(|place| {
        let held = player.world().view(Addr::new(HostId(place), 0));
        held.first().map(|entry| entry.value.0)
    });
    let first = shown.next()??;
    shown.all(|value| value == Some(first)).then_some(first)
}

#[test]
fn a_parcel_that_has_left_stays_shipped_under_the_order_of_states_alone() {
    let world = quiet(orders());
    let put = |ms, customer, stage: Stage| {
        let ella = (ServiceKind::Orders, 4);
        act(ms, &world, customer, OpKind::Write, ella, stage as u32)
    };
    let commands = [
        put(1_000, 7, Stage::Shipped),
        put(1_100, 4, Stage::Cancelled),
    ];
    let of = |scenario: &Scenario| {
        Stage::from_value(Value(
            shown_everywhere(scenario, &commands, 10_000).unwrap_or(0),
        ))
    };
    assert_eq!(of(&world), Some(Stage::Cancelled));
    let ordered = with(
        world.clone(),
        ServiceKind::Orders,
        Slot::Merge,
        "order_of_states",
    );
    assert_eq!(of(&ordered), Some(Stage::Shipped));
}

#[test]
fn two_fields_at_once_are_both_kept_field_by_field_alone() {
    let world = quiet(profiles());
    let account = world.customers[0].account;
    assert_eq!(world.customers[1].account, account, "they share a profile");
    let change = |customer, field: Field| {
        let what = (ServiceKind::Profiles, account);
        let argument = field.argument(7).0;
        act(1_000, &world, customer, OpKind::WriteField, what, argument)
    };
    let commands = [change(0, Field::Address), change(1, Field::Phone)];
    let kept = |scenario: &Scenario| {
        let profile = Value(shown_everywhere(scenario, &commands, 10_000).unwrap_or(0));
        [Field::Address, Field::Phone].map(|field| field.of(profile))
    };
    let whole = kept(&world);
    assert!(whole == [7, 0] || whole == [0, 7], "{whole:?}");
    let by_field = with(
        world.clone(),
        ServiceKind::Profiles,
        Slot::Merge,
        "field_wise",
    );
    assert_eq!(kept(&by_field), [7, 7]);
}

#[test]
fn people_take_their_orders_on_and_warehouses_ship_what_is_paid() {
    let world = orders();
    let mut player = Player::new(Run::new(Rc::new(world.clone()), SEED));
    player.jump(Target::Time(Time::from_ms(120_000)));
    let trace = player.trace();
    let mut seen = Vec::new();
    for (_, fact) in trace.range(FactId(0), player.end()) {
        if fact.kind() == FactKind::WriteAccepted {
            let stage = Stage::from_value(Value(fact.c)).expect("people write states");
            let by = world
                .customer_at(fact.peer)
                .expect("a customer asked for it");
            assert_eq!(
                stage == Stage::Shipped,
                by >= 7,
                "a warehouse ships, and nobody else"
            );
            if !seen.contains(&stage) {
                seen.push(stage);
            }
        }
    }
    seen.sort();
    assert_eq!(seen, Stage::ALL);
}
