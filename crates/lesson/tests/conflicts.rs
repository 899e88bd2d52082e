//! What becomes of writes that meet, rule by rule: scripts with clocks set by hand, what the
//! judge says of them, and what a reader of the facts is told.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::conflict::shown::Shown;
use splitbrain_engine::playground::{playground, records_trial, services};
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why::{Role, why_fact};

const LAMP: Key = Key::new(0, 0);

/// Three regions with two shopkeepers at the first and one at each other, who ask once and
/// only do what they are told.
fn world() -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(3);
    scenario.customers.truncate(4);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = [0, 0, 1, 2][place];
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    scenario.retry.attempts = 1;
    scenario.physics.clock_offset_us = 0;
    scenario.physics.clock_drift_ppm = 0;
    scenario
}

/// The customers: two at the first region, one at the second.
const ANA: u16 = 0;
const BEN: u16 = 1;
const CHIYO: u16 = 2;

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
}

fn act(customer: u16, kind: OpKind, value: u32) -> Command {
    let action = Action {
        kind,
        key: LAMP,
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    Command::Act { customer, action }
}

fn write(ms: u64, customer: u16, price: u32) -> TimedCommand {
    at(ms, act(customer, OpKind::Write, price))
}

fn read(ms: u64, customer: u16) -> TimedCommand {
    at(ms, act(customer, OpKind::Read, 0))
}

fn settle(ms: u64, customer: u16, price: u32) -> TimedCommand {
    at(ms, act(customer, OpKind::Resolve, price))
}

fn clock_ahead(ms: u64, region: u8, seconds: i64) -> TimedCommand {
    let (offset_us, drift_ppm) = (seconds * 1_000_000, 0);
    at(
        ms,
        Command::StepClock {
            region,
            offset_us,
            drift_ppm,
        },
    )
}

fn play(design: &[(Slot, &str)], commands: Vec<TimedCommand>) -> Player {
    let mut run = Run::new(Rc::new(world()), 5);
    for &(slot, policy) in design {
        run = run.with(Choice {
            service: ServiceKind::Prices,
            slot,
            policy: policy.into(),
        });
    }
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(30_000)));
    player
}

fn under(rule: &str, commands: Vec<TimedCommand>) -> Player {
    play(&[(Slot::Merge, rule)], commands)
}

/// What each region shows of the lamp.
fn shown(player: &Player) -> Vec<u32> {
    let regions = 0..3_u16;
    let entries = regions.map(|region| {
        player
            .world()
            .view(Addr::new(HostId(region), LAMP.service()))
    });
    let held = entries.map(|entries| entries.into_iter().find(|entry| entry.key == LAMP));
    held.map(|entry| entry.map_or(0, |entry| entry.value.0))
        .collect()
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(id, fact)| (id, *fact));
    held.filter(|(_, fact)| fact.kind() == kind).collect()
}

fn violations(player: &mut Player, property: PropertyId) -> usize {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    match observer.judge().verdict(property) {
        Verdict::Violated { violations, .. } => violations.len(),
        _ => 0,
    }
}

#[test]
fn a_write_on_top_of_what_a_fast_clock_stamped_is_kept_by_hybrid_clocks_only() {
    let script = || {
        vec![
            clock_ahead(500, 0, 5),
            write(2_000, ANA, 100),
            write(4_000, CHIYO, 110),
        ]
    };
    let mut by_wall = under("last_writer_wins", script());
    assert_eq!(shown(&by_wall), [100; 3]);
    assert_eq!(violations(&mut by_wall, PropertyId::AcknowledgedWrites), 1);
    let mut by_hybrid = under("hybrid_last_writer_wins", script());
    assert_eq!(shown(&by_hybrid), [110; 3]);
    assert_eq!(
        violations(&mut by_hybrid, PropertyId::AcknowledgedWrites),
        0
    );
}

#[test]
fn of_concurrent_writes_the_fast_clock_wins_under_hybrid_clocks_too() {
    let script = vec![
        clock_ahead(500, 0, 5),
        write(2_000, ANA, 100),
        write(2_020, CHIYO, 110),
    ];
    let mut player = under("hybrid_last_writer_wins", script);
    assert_eq!(shown(&player), [100; 3]);
    assert_eq!(violations(&mut player, PropertyId::AcknowledgedWrites), 1);
    assert_eq!(violations(&mut player, PropertyId::Convergence), 0);
}

#[test]
fn a_hybrid_stamp_is_never_behind_one_that_has_arrived() {
    let script = vec![
        clock_ahead(500, 0, 5),
        write(2_000, ANA, 100),
        write(4_000, CHIYO, 110),
    ];
    let player = under("hybrid_last_writer_wins", script);
    let entries = player.world().view(Addr::new(HostId(1), LAMP.service()));
    let version = entries[0].versions[0];
    assert_eq!(version.origin, 1);
    // Seven seconds and a bit by the clock of the region that was ahead.
    assert!(
        (7_000_000..7_200_000).contains(&version.stamp_us),
        "{version:?}"
    );
}

#[test]
fn two_regions_that_write_in_one_second_part_for_ever_if_each_keeps_its_own_on_equal() {
    let script = || vec![write(2_200, ANA, 100), write(2_220, CHIYO, 110)];
    let mut broken = under("own_on_equal", script());
    let after = shown(&broken);
    assert_eq!((after[0], after[1]), (100, 110));
    assert_eq!(violations(&mut broken, PropertyId::Convergence), 1);
    let mut sound = under("last_writer_wins", script());
    assert_eq!(shown(&sound), [110; 3]);
    assert_eq!(violations(&mut sound, PropertyId::Convergence), 0);
}

/// Two customers at the first region read the same price, and each sets another.
fn both_change_one_version() -> Vec<TimedCommand> {
    vec![
        write(1_000, ANA, 50),
        read(2_000, ANA),
        read(2_000, BEN),
        write(3_000, ANA, 100),
        write(4_000, BEN, 110),
    ]
}

fn two(least: u32, greatest: u32) -> [u32; 3] {
    let count = 2;
    let shown = Shown::Several {
        count,
        least,
        greatest,
    };
    [shown.value().0; 3]
}

#[test]
fn dots_tell_two_customers_at_one_region_apart_and_a_count_a_region_does_not() {
    let mut by_vectors = under("siblings_by_version_vector", both_change_one_version());
    assert_eq!(shown(&by_vectors), [110; 3]);
    let lost = violations(&mut by_vectors, PropertyId::AcknowledgedWrites);
    assert_eq!(lost, 1, "100 is gone, and Ben never saw it");
    let mut by_dots = under(
        "siblings_by_dotted_version_vector",
        both_change_one_version(),
    );
    assert_eq!(shown(&by_dots), two(100, 110));
    for property in [
        PropertyId::AcknowledgedWrites,
        PropertyId::LostUpdate,
        PropertyId::Convergence,
    ] {
        assert_eq!(violations(&mut by_dots, property), 0, "{property:?}");
    }
    let mut by_stamp = under("last_writer_wins", both_change_one_version());
    assert_eq!(violations(&mut by_stamp, PropertyId::LostUpdate), 1);
}

#[test]
fn who_reads_both_replaces_both_and_the_facts_say_what_she_had_read() {
    let mut script = both_change_one_version();
    script.extend([read(6_000, CHIYO), write(7_000, CHIYO, 105)]);
    let mut player = under("siblings_by_dotted_version_vector", script);
    assert_eq!(shown(&player), [105; 3]);
    assert_eq!(violations(&mut player, PropertyId::AcknowledgedWrites), 0);
    let kept = facts(&player, FactKind::SiblingKept);
    assert_eq!(kept.len(), 3, "once in every region");
    let write = |place: usize| facts(&player, FactKind::WriteAccepted)[place].0.0;
    assert_eq!((kept[0].1.a, kept[0].1.b), (write(2), write(1)));
    let given = facts(&player, FactKind::ContextGiven);
    let of_last = given.iter().filter(|(_, fact)| fact.a == write(3));
    let read: Vec<u32> = of_last.map(|(_, fact)| fact.b).collect();
    assert_eq!(read, [write(1), write(2)]);
    let why = why_fact(player.trace(), kept[0].0, player.end());
    let is_kept = |step: &splitbrain_lesson::why::Step| step.role == Role::KeptBeside;
    assert!(why.iter().any(is_kept), "{why:?}");
}

#[test]
fn apps_that_forget_what_was_read_pile_up_versions() {
    let design = [
        (Slot::Merge, "siblings_by_dotted_version_vector"),
        (Slot::Contexts, "contexts_forgotten"),
    ];
    let script: Vec<TimedCommand> = (1..=6)
        .flat_map(|turn| {
            let ms = u64::from(turn) * 2_000;
            [read(ms, ANA), write(ms + 1_000, ANA, 100 + turn)]
        })
        .collect();
    let forgotten = play(&design, script.clone());
    let several = Shown::Several {
        count: 6,
        least: 101,
        greatest: 106,
    };
    assert_eq!(shown(&forgotten), [several.value().0; 3]);
    let returned = play(&design[..1], script);
    assert_eq!(shown(&returned), [106; 3]);
}

#[test]
fn a_conflict_becomes_a_question_and_the_latest_is_shown_until_it_is_settled() {
    let mut script = vec![write(2_000, ANA, 100), write(2_020, CHIYO, 110)];
    let asked = under("ask_user", script.clone());
    assert_eq!(shown(&asked), [110; 3]);
    let questions = facts(&asked, FactKind::QuestionAsked);
    assert_eq!(questions.len(), 1, "one region asks");
    assert_eq!(questions[0].1.host, HostId(0));
    let state = |player: &Player| {
        let at = Addr::new(HostId(0), LAMP.service());
        let state = player.world().state(at).into_iter();
        let asks = |line: &StateView| matches!(line, StateView::Question { .. });
        state.filter(asks).count()
    };
    assert_eq!(state(&asked), 1, "it stands in the queue");
    script.push(settle(6_000, CHIYO, 100));
    let mut settled = under("ask_user", script);
    assert_eq!(shown(&settled), [100; 3]);
    assert_eq!(state(&settled), 0, "it is out of the queue");
    let answered = facts(&settled, FactKind::QuestionAnswered);
    assert_eq!(answered.len(), 1);
    assert_eq!(answered[0].1.c, questions[0].0.0);
    for property in [PropertyId::AcknowledgedWrites, PropertyId::Convergence] {
        assert_eq!(violations(&mut settled, property), 0, "{property:?}");
    }
}

#[test]
fn beyond_its_budget_a_region_asks_nobody_and_loses_nothing() {
    let script: Vec<TimedCommand> = (0..5)
        .flat_map(|turn| {
            let (ms, price) = (2_000 + 4_000 * u64::from(turn), 100 + 10 * turn);
            [
                write(ms, ANA, price),
                write(ms + 20, CHIYO, price + 5),
                settle(ms + 2_000, ANA, price),
            ]
        })
        .collect();
    let count = |player: &Player, kind| facts(player, kind).len();
    let mut few = under("ask_user", script.clone());
    assert_eq!(count(&few, FactKind::QuestionAsked), 3);
    assert_eq!(count(&few, FactKind::QuestionNotAsked), 2);
    assert_eq!(violations(&mut few, PropertyId::AcknowledgedWrites), 0);
    let any = [
        (Slot::Merge, "ask_user"),
        (Slot::Questions, "any_questions"),
    ];
    let many = play(&any, script);
    assert_eq!(count(&many, FactKind::QuestionAsked), 5);
    assert_eq!(count(&many, FactKind::QuestionNotAsked), 0);
}

/// The shop with an order and a profile that all customers share, under these rules.
fn play_records(orders: &str, profiles: &str, commands: Vec<TimedCommand>) -> Player {
    play_records_with(orders, profiles, &[], commands)
}

/// The same, with what else the design says.
fn play_records_with(
    orders: &str,
    profiles: &str,
    settings: &[(ServiceKind, Slot, &str)],
    commands: Vec<TimedCommand>,
) -> Player {
    let mut scenario = records_trial();
    for customer in &mut scenario.customers {
        customer.account = 0;
    }
    scenario.retry.attempts = 1;
    let rules = [
        (ServiceKind::Orders, orders),
        (ServiceKind::Profiles, profiles),
    ];
    let rules = rules.map(|(service, policy)| (service, Slot::Merge, policy));
    let choices = rules.iter().chain(settings);
    let choices: Vec<Choice> = choices
        .map(|&(service, slot, policy)| Choice {
            service,
            slot,
            policy: policy.into(),
        })
        .collect();
    let mut run = Run::new(Rc::new(scenario.with(&choices)), 5);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(30_000)));
    player
}

fn record(ms: u64, customer: u16, kind: OpKind, service: u8, argument: Value) -> TimedCommand {
    let action = Action {
        kind,
        key: Key::new(service, 0),
        argument,
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

/// What each region shows of the only key of a service.
fn shown_record(player: &Player, service: u8) -> Vec<u32> {
    let regions = 0..3_u16;
    let entries = regions.map(|region| player.world().view(Addr::new(HostId(region), service)));
    entries.map(|entries| entries[0].value.0).collect()
}

#[test]
fn a_field_is_lost_with_the_whole_record_and_kept_field_by_field() {
    let script = || {
        let field = |customer, field: Field, number| {
            let (kind, argument) = (OpKind::WriteField, field.argument(number));
            record(2_000, customer, kind, 1, argument)
        };
        vec![field(0, Field::Address, 7), field(1, Field::Phone, 9)]
    };
    let both = Field::Phone.put(Field::Address.put(Value(0), 7), 9);
    let mut whole = play_records("last_writer_wins", "last_writer_wins", script());
    let left = shown_record(&whole, 1);
    assert!(left[0] != both.0 && left == [left[0]; 3], "{left:?}");
    assert_eq!(violations(&mut whole, PropertyId::AcknowledgedWrites), 1);
    let mut by_field = play_records("last_writer_wins", "field_wise", script());
    assert_eq!(shown_record(&by_field, 1), [both.0; 3]);
    for property in [PropertyId::AcknowledgedWrites, PropertyId::Convergence] {
        assert_eq!(violations(&mut by_field, property), 0, "{property:?}");
    }
}

#[test]
fn shipped_beats_cancelled_by_the_order_of_states_and_by_stamps_whoever_comes_last() {
    let script = || {
        let stage = |ms, customer, stage: Stage| {
            record(ms, customer, OpKind::Write, 0, Value(stage as u32))
        };
        vec![
            stage(1_000, 0, Stage::Placed),
            stage(2_000, 0, Stage::Paid),
            stage(4_000, 1, Stage::Shipped),
            stage(4_020, 0, Stage::Cancelled),
        ]
    };
    let by_order = play_records("order_of_states", "field_wise", script());
    assert_eq!(shown_record(&by_order, 0), [Stage::Shipped as u32; 3]);
    let mut by_stamp = play_records("last_writer_wins", "field_wise", script());
    assert_eq!(shown_record(&by_stamp, 0), [Stage::Cancelled as u32; 3]);
    assert_eq!(violations(&mut by_stamp, PropertyId::AcknowledgedWrites), 1);
}

/// Somebody has paid for an order; then she cancels it while the warehouse ships it.
fn cancelled_and_shipped() -> Vec<TimedCommand> {
    let stage =
        |ms, customer, stage: Stage| record(ms, customer, OpKind::Write, 0, Value(stage as u32));
    vec![
        stage(1_000, ANA, Stage::Paid),
        record(2_000, ANA, OpKind::Read, 0, Value(0)),
        record(2_000, CHIYO, OpKind::Read, 0, Value(0)),
        stage(4_000, ANA, Stage::Cancelled),
        stage(4_020, CHIYO, Stage::Shipped),
    ]
}

#[test]
fn an_order_is_cancelled_and_shipped_until_somebody_who_read_both_decides() {
    let both = two(Stage::Cancelled as u32, Stage::Shipped as u32);
    for rule in [
        "siblings_by_version_vector",
        "siblings_by_dotted_version_vector",
    ] {
        let mut script = cancelled_and_shipped();
        let mut open = play_records(rule, "field_wise", script.clone());
        assert_eq!(shown_record(&open, 0), both, "{rule}");
        for property in [PropertyId::AcknowledgedWrites, PropertyId::Convergence] {
            assert_eq!(violations(&mut open, property), 0, "{rule}: {property:?}");
        }
        script.extend([
            record(8_000, BEN, OpKind::Read, 0, Value(0)),
            record(9_000, BEN, OpKind::Write, 0, Value(Stage::Shipped as u32)),
        ]);
        let mut settled = play_records(rule, "field_wise", script);
        assert_eq!(shown_record(&settled, 0), [Stage::Shipped as u32; 3]);
        let lost = violations(&mut settled, PropertyId::AcknowledgedWrites);
        assert_eq!(lost, 0, "{rule}: who decided had read both");
    }
}

#[test]
fn an_order_that_is_cancelled_and_shipped_becomes_a_question_to_somebody() {
    let mut script = cancelled_and_shipped();
    let asked = play_records("ask_user", "field_wise", script.clone());
    assert_eq!(shown_record(&asked, 0), [Stage::Shipped as u32; 3]);
    assert_eq!(facts(&asked, FactKind::QuestionAsked).len(), 1);
    let stage = Value(Stage::Cancelled as u32);
    script.push(record(8_000, BEN, OpKind::Resolve, 0, stage));
    let mut settled = play_records("ask_user", "field_wise", script);
    assert_eq!(shown_record(&settled, 0), [Stage::Cancelled as u32; 3]);
    assert_eq!(facts(&settled, FactKind::QuestionAnswered).len(), 1);
    let lost = violations(&mut settled, PropertyId::AcknowledgedWrites);
    assert_eq!(lost, 0, "who decided was shown both");
}

#[test]
fn who_cancels_is_heard_where_the_design_says_that_cancelled_comes_last() {
    let stage =
        |ms, customer, stage: Stage| record(ms, customer, OpKind::Write, 0, Value(stage as u32));
    let script = vec![
        stage(1_000, 0, Stage::Placed),
        stage(2_000, 0, Stage::Paid),
        stage(4_000, 0, Stage::Cancelled),
        stage(4_020, 1, Stage::Shipped),
    ];
    let order = (ServiceKind::Orders, Slot::StateOrder, "cancelled_last");
    let player = play_records_with("order_of_states", "field_wise", &[order], script);
    assert_eq!(shown_record(&player, 0), [Stage::Cancelled as u32; 3]);
}

#[test]
fn each_field_goes_by_what_the_design_chooses_and_a_summed_one_parts_the_regions() {
    let script = || {
        let change = |ms, customer, field: Field, number| {
            let argument = field.argument(number);
            record(ms, customer, OpKind::WriteField, 1, argument)
        };
        vec![
            change(2_000, 0, Field::Address, 7),
            change(2_020, 1, Field::Address, 5),
            change(2_040, 0, Field::Phone, 30),
            change(2_060, 1, Field::Phone, 20),
            change(4_000, 1, Field::Phone, 25),
        ]
    };
    let played = |address, phone| {
        let settings = [
            (ServiceKind::Profiles, Slot::AddressRule, address),
            (ServiceKind::Profiles, Slot::PhoneRule, phone),
        ];
        play_records_with("last_writer_wins", "field_wise", &settings, script())
    };
    let of = |player: &Player| {
        let shown = shown_record(player, 1).into_iter().map(Value);
        let fields = shown.map(|value| (Field::Address.of(value), Field::Phone.of(value)));
        fields.collect::<Vec<(u32, u32)>>()
    };
    let latest = played("field_latest", "field_latest");
    assert_eq!(of(&latest), [(5, 25); 3]);
    assert_eq!(of(&played("field_minimum", "field_maximum")), [(5, 30); 3]);
    assert_eq!(of(&played("field_maximum", "field_latest")), [(7, 25); 3]);
    let mut sum = played("field_maximum", "field_sum");
    assert_eq!(of(&sum)[2], (7, 75), "where nobody wrote, all are added");
    assert_eq!(violations(&mut sum, PropertyId::Convergence), 1);
}

#[test]
fn a_minimum_and_a_maximum_only_ever_go_one_way_and_a_sum_parts_the_regions() {
    let script = || {
        vec![
            write(2_000, ANA, 100),
            write(2_020, CHIYO, 110),
            write(4_000, CHIYO, 105),
        ]
    };
    assert_eq!(shown(&under("minimum", script())), [100; 3]);
    assert_eq!(shown(&under("maximum", script())), [110; 3]);
    let mut sum = under("sum", script());
    assert_eq!(shown(&sum)[1], 105, "where it was written");
    assert_eq!(shown(&sum)[0], 100 + 110 + 105);
    assert_eq!(violations(&mut sum, PropertyId::Convergence), 1);
}
