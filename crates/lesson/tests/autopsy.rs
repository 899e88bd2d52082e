//! Autopsies of runs in which the cause is known.
#![cfg(not(target_arch = "wasm32"))]

mod support;
mod told;

use std::rc::Rc;

use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_lesson::autopsy::{
    Autopsy, Conclusion, Examination, How, Loss, Order, PlaceState, Unaware,
};
use support::open;
use told::{act, autopsy, chosen, cut, heal, played_by, set, step, world, world_of};

const LAMP: Key = Key::new(0, 0);

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn write(customer: u16, value: u32) -> Command {
    act(customer, OpKind::Write, LAMP, value)
}

fn played(rule: &str, commands: Vec<TimedCommand>) -> Player {
    let run = Run::new(Rc::new(world(rule, rule)), 7);
    played_by(Run { commands, ..run }, 20_000)
}

/// The operation that wrote this value.
fn op(player: &Player, value: u32) -> FactId {
    let mut facts = player.trace().range(FactId(0), player.end());
    let found = facts.find(|(_, fact)| {
        fact.kind() == FactKind::OperationStarted
            && fact.op_kind() != Some(OpKind::Read)
            && fact.b == value
    });
    found.expect("somebody wrote it").0
}

#[test]
fn a_later_write_loses_to_a_clock_that_runs_ahead_by_just_so_much() {
    let player = played(
        "last_writer_wins",
        vec![
            at(500, step(1, 5_000_000)),
            at(1_000, write(1, 11)),
            at(1_010, write(0, 22)),
        ],
    );
    let sheet = autopsy(&player, op(&player, 22));
    assert_eq!(sheet.loss, Loss::Lost);
    assert_eq!(sheet.order, Some(Order::Concurrent));
    assert!(matches!(sheet.unaware, Some(Unaware::UnderWay(_))));
    let (lost, won) = (sheet.lost.accepted, sheet.won.and_then(|it| it.accepted));
    let (lost, won) = (lost.expect("accepted"), won.expect("accepted"));
    assert!(lost.moment.at > won.moment.at && lost.wall_us < won.wall_us);
    // The clocks of the playground are a little off by themselves.
    let ahead_us = won.skew_us() - lost.skew_us();
    assert!((ahead_us - 5_000_000).abs() < 100_000, "{ahead_us}");
    let ahead_us = ahead_us as u64;
    assert_eq!(sheet.conclusion, Conclusion::FastClock { ahead_us });
    assert!(
        won.hybrid > lost.hybrid,
        "a hybrid clock that had not heard of it"
    );
    assert_eq!(
        (lost.vector.counts(), won.vector.counts()),
        (&[1, 0, 0][..], &[0, 1, 0][..])
    );
}

#[test]
fn a_write_in_sight_of_the_other_loses_to_the_fast_clock_too() {
    let player = played(
        "last_writer_wins",
        vec![
            at(500, step(1, 5_000_000)),
            at(1_000, write(1, 11)),
            at(3_000, write(0, 22)),
        ],
    );
    let sheet = autopsy(&player, op(&player, 22));
    assert_eq!((sheet.loss, sheet.order), (Loss::Lost, Some(Order::After)));
    assert!(matches!(sheet.conclusion, Conclusion::FastClockSeen { .. }));
    assert_eq!(sheet.unaware, None);
    let (lost, won) = (sheet.lost.accepted, sheet.won.and_then(|it| it.accepted));
    let (lost, won) = (lost.expect("accepted"), won.expect("accepted"));
    assert_eq!(lost.vector.counts(), [1, 1, 0], "it had the other");
    assert!(
        lost.hybrid > won.hybrid,
        "by a hybrid clock it would have won"
    );
    assert!(
        sheet
            .places
            .iter()
            .all(|it| matches!(it.state, PlaceState::Discarded(_)))
    );
}

#[test]
fn equal_stamps_are_decided_by_the_number_of_the_region() {
    let writes = vec![at(1_000, write(0, 22)), at(1_000, write(1, 11))];
    let lost_of = |player: &Player| {
        let both = [11, 22].map(|value| autopsy(player, op(player, value)));
        let lost = both.into_iter().find(|it| it.loss == Loss::Lost);
        lost.expect("one of them loses")
    };
    let before = lost_of(&played("last_writer_wins", writes.clone()));
    let wall_us =
        |side: &splitbrain_lesson::autopsy::Side| side.accepted.as_ref().expect("accepted").wall_us;
    let other = before.won.as_ref().expect("one of them lost");
    // So far apart they are: a clock is set so that both show the same.
    let (first, second) = (wall_us(&before.lost), wall_us(other));
    let skew_us = other.accepted.as_ref().expect("accepted").skew_us();
    let region = other.accepted.as_ref().expect("accepted").region;
    let mut commands = vec![at(900, step(region, skew_us + first - second))];
    commands.extend(writes);
    let player = played("last_writer_wins", commands);
    let lost = lost_of(&player);
    let won = lost.won.as_ref().expect("the other");
    assert_eq!(wall_us(&lost.lost), wall_us(won));
    assert_eq!(lost.conclusion, Conclusion::EqualStamps);
    assert_eq!(
        won.accepted.as_ref().map(|it| it.region),
        Some(1),
        "the larger number"
    );
}

#[test]
fn behind_a_cut_neither_knew_of_the_other_and_the_sheet_says_who_was_told_what() {
    let read = |customer| act(customer, OpKind::Read, LAMP, 0);
    let player = played(
        "last_writer_wins",
        vec![
            at(500, cut(0, 1)),
            at(500, cut(0, 2)),
            at(1_000, write(0, 22)),
            at(2_000, read(0)),
            at(2_500, read(0)),
            at(3_000, write(1, 11)),
            at(4_000, read(1)),
            at(6_000, heal(0, 1)),
            at(6_000, heal(0, 2)),
            at(15_000, read(0)),
        ],
    );
    let sheet = autopsy(&player, op(&player, 22));
    assert_eq!(
        (sheet.loss, sheet.order),
        (Loss::Lost, Some(Order::Concurrent))
    );
    assert_eq!(sheet.conclusion, Conclusion::Concurrent);
    assert!(matches!(sheet.unaware, Some(Unaware::Cut(_))));
    let told: Vec<_> = sheet
        .told
        .iter()
        .map(|it| (it.customer, it.how, it.is_winner, it.times))
        .collect();
    assert_eq!(
        told,
        [
            (0, How::Acknowledged, false, 1),
            (0, How::Read, false, 2),
            (1, How::Acknowledged, true, 1),
            (1, How::Read, true, 1),
            (0, How::Read, true, 1),
        ]
    );
    let PlaceState::Over(since, until) = sheet.places[0].state else {
        panic!("it was shown where it was written: {:?}", sheet.places);
    };
    assert!(since.at < Time::from_ms(1_200) && until.at > Time::from_ms(3_000));
    assert_eq!(
        sheet.places[1].state.id(),
        "discarded",
        "region 1 had the other already"
    );
    let (region, last) = sheet.forgotten.expect("nobody shows it");
    let PlaceState::Over(_, there) = sheet.places[region as usize].state else {
        panic!("it was shown there");
    };
    assert_eq!(last, there);
}

#[test]
fn in_the_order_of_arrival_two_writes_cross_and_each_stays_where_the_other_was_made() {
    let player = played(
        "arrival_order",
        vec![at(1_000, write(0, 22)), at(1_000, write(1, 11))],
    );
    for value in [11, 22] {
        let sheet = autopsy(&player, op(&player, value));
        assert_eq!(sheet.conclusion, Conclusion::Crossed, "{value}");
        assert_eq!(sheet.loss, Loss::AtRisk, "some region shows it");
        assert_eq!(sheet.order, Some(Order::Concurrent));
        assert_eq!(sheet.forgotten, None);
    }
}

#[test]
fn what_was_replaced_knowingly_is_no_loss() {
    let player = played(
        "last_writer_wins",
        vec![at(1_000, write(0, 22)), at(4_000, write(1, 11))],
    );
    let sheet = autopsy(&player, op(&player, 22));
    assert_eq!((sheet.loss, sheet.order), (Loss::None, Some(Order::Before)));
    assert_eq!(sheet.conclusion, Conclusion::Knowingly);
    let last = autopsy(&player, op(&player, 11));
    assert_eq!(
        (last.loss, last.conclusion),
        (Loss::None, Conclusion::Shown)
    );
    assert_eq!(last.won, None);
}

#[test]
fn what_the_new_writer_did_not_have_was_dropped_at_its_promotion() {
    let run = chosen(
        world("last_writer_wins", "last_writer_wins"),
        "single_writer_asynchronous",
        "promotion_by_hand",
    );
    let commands = vec![
        at(500, cut(0, 1)),
        at(500, cut(0, 2)),
        at(1_000, write(0, 22)),
        at(3_000, Command::PromoteRegion { region: 1 }),
        at(4_000, write(1, 11)),
        at(6_000, heal(0, 1)),
        at(6_000, heal(0, 2)),
    ];
    let player = played_by(Run { commands, ..run }, 20_000);
    let sheet = autopsy(&player, op(&player, 22));
    assert_eq!(sheet.loss, Loss::Lost);
    let Conclusion::Promoted { region, promotion } = sheet.conclusion else {
        panic!("{:?}", sheet.conclusion);
    };
    assert_eq!(region, 1);
    assert!(promotion.at >= Time::from_ms(3_000) && promotion.at < Time::from_ms(4_000));
    let held = player.trace().get(promotion.fact).expect("in memory");
    assert_eq!(held.kind(), FactKind::RegionPromoted);
    let taken = sheet.displaced.expect("it was taken out of the log");
    let held = player.trace().get(taken.fact).expect("in memory");
    assert_eq!(held.kind(), FactKind::WriteRolledBack);
    assert_eq!(autopsy(&player, taken.fact).conclusion, sheet.conclusion);
}

#[test]
fn a_payment_charged_twice_names_the_regions_that_took_it_for_new() {
    let lesson = open("charged-twice");
    let of = |script: &splitbrain_lesson::script::Script| {
        let mut player = Player::new(lesson.run_of(script, lesson.seeds[0]));
        player.jump(Target::Time(script.ends_at));
        let mut facts = player.trace().range(FactId(0), player.end());
        let charge = facts.find(|(_, fact)| fact.kind() == FactKind::ChargeMade);
        let charge = charge.expect("it was charged").0;
        autopsy(&player, charge)
    };
    let without = of(&lesson.must_fail[1].script);
    assert_eq!(
        (without.loss, without.conclusion),
        (Loss::Lost, Conclusion::NoKey)
    );
    let payment = without.payment.expect("it is a payment");
    assert_eq!((payment.charges.len(), payment.attempts.len()), (2, 2));
    assert_eq!(payment.replies_lost.len(), 1);
    let per_region = of(&lesson.must_fail[0].script);
    assert!(
        matches!(per_region.conclusion, Conclusion::NotedTwice { first, second } if first != second)
    );
    let at_home = of(&lesson.solutions[0].script);
    assert_eq!(
        (at_home.loss, at_home.conclusion),
        (Loss::None, Conclusion::ChargedOnce)
    );
}

#[test]
fn of_two_fields_at_once_one_is_lost_with_the_record_and_neither_field_by_field() {
    let change = |customer, field: Field| {
        let argument = field.argument(5).0;
        at(
            1_000,
            act(customer, OpKind::WriteField, Key::new(0, 0), argument),
        )
    };
    let sheets = |rule: &str| {
        let run = Run::new(Rc::new(world_of(ServiceKind::Profiles, rule)), 7);
        let commands = vec![change(0, Field::Address), change(1, Field::Phone)];
        let player = played_by(Run { commands, ..run }, 20_000);
        let both = [Field::Address, Field::Phone].map(|field| field.argument(5).0);
        both.map(|argument| autopsy(&player, op(&player, argument)))
    };
    let is_shown = |sheet: &Autopsy| {
        let mut places = sheet.places.iter();
        places.all(|place| matches!(place.state, PlaceState::Shown(_)))
    };
    let kept = sheets("field_wise");
    assert!(
        kept.iter()
            .all(|sheet| sheet.loss == Loss::None && is_shown(sheet)),
        "{kept:#?}"
    );
    let one = sheets("last_writer_wins");
    let lost: Vec<&Autopsy> = one
        .iter()
        .filter(|sheet| sheet.loss == Loss::Lost)
        .collect();
    assert_eq!(lost.len(), 1, "{one:#?}");
    assert_eq!(lost[0].order, Some(Order::Concurrent));
    assert!(!is_shown(lost[0]), "{:#?}", lost[0]);
}

#[test]
fn a_cancellation_gives_way_to_what_it_means_and_to_no_stamp() {
    let orders = world_of(ServiceKind::Orders, "order_of_states");
    let put = |ms, customer, stage: Stage| {
        at(
            ms,
            act(customer, OpKind::Write, Key::new(0, 0), stage as u32),
        )
    };
    for (last, gives_way) in [
        ("shipped_last", Stage::Cancelled),
        ("cancelled_last", Stage::Shipped),
    ] {
        let design = [(Slot::StateOrder, last)];
        let world = set(orders.clone(), ServiceKind::Orders, &design);
        let commands = vec![
            put(1_000, 0, Stage::Shipped),
            put(1_020, 1, Stage::Cancelled),
        ];
        let run = Run::new(Rc::new(world), 7);
        let player = played_by(Run { commands, ..run }, 20_000);
        let sheet = autopsy(&player, op(&player, gives_way as u32));
        assert_eq!(
            (sheet.loss, sheet.conclusion),
            (Loss::Lost, Conclusion::LaterState),
            "{last}"
        );
    }
}

#[test]
fn of_a_field_that_goes_by_numbers_an_autopsy_blames_the_number_and_no_clock() {
    let profiles = world_of(ServiceKind::Profiles, "field_wise");
    let design = [
        (Slot::AddressRule, "field_maximum"),
        (Slot::PhoneRule, "field_minimum"),
    ];
    let run = Run::new(Rc::new(set(profiles, ServiceKind::Profiles, &design)), 7);
    let change = |ms, customer, field: Field, number| {
        let argument = field.argument(number).0;
        let action = act(customer, OpKind::WriteField, Key::new(0, 0), argument);
        at(ms, action)
    };
    let commands = vec![
        change(1_000, 0, Field::Address, 9),
        change(1_020, 1, Field::Address, 5),
        change(3_000, 0, Field::Phone, 5),
        change(3_020, 1, Field::Phone, 9),
    ];
    let player = played_by(Run { commands, ..run }, 20_000);
    let found = |field: Field, number| {
        let sheet = autopsy(&player, op(&player, field.argument(number).0));
        (sheet.loss, sheet.conclusion)
    };
    assert_eq!(found(Field::Address, 5), (Loss::Lost, Conclusion::Larger));
    assert_eq!(found(Field::Phone, 9), (Loss::Lost, Conclusion::Smaller));
    assert_eq!(found(Field::Phone, 5).0, Loss::None);
}

/// A run of two customers of one service, by hand, and the sheet of what one of them wrote.
fn by_hand(
    (kind, rule): (ServiceKind, &str),
    commands: &[(u64, u16, OpKind, u32)],
    asked: u32,
) -> Autopsy {
    let mut scenario = world_of(kind, rule);
    // Two at the first region, one at each of the others.
    let mut fourth = scenario.customers[0].clone();
    fourth.name = "Mika".into();
    scenario.customers.push(fourth);
    let key = Key::new(0, 0);
    let commands = commands
        .iter()
        .map(|&(ms, customer, kind, argument)| at(ms, act(customer, kind, key, argument)))
        .collect();
    let run = Run::new(Rc::new(scenario), 7);
    let player = played_by(Run { commands, ..run }, 20_000);
    autopsy(&player, op(&player, asked))
}

#[test]
fn each_rule_gives_the_reason_by_which_it_decides() {
    use OpKind::Write;
    let (shipped, cancelled) = (Stage::Shipped as u32, Stage::Cancelled as u32);
    let prices = |rule| (ServiceKind::Prices, rule);
    // The write that is lost is always the one that the largest stamp would keep, but under
    // the rules that go by stamps.
    for (what, commands, asked, expected) in [
        (
            prices("minimum"),
            [(1_000, 0, Write, 90), (1_020, 1, Write, 91)],
            91,
            Conclusion::Smaller,
        ),
        (
            prices("maximum"),
            [(1_000, 0, Write, 91), (1_020, 1, Write, 90)],
            90,
            Conclusion::Larger,
        ),
        (
            (ServiceKind::Orders, "order_of_states"),
            [(1_000, 0, Write, shipped), (1_020, 1, Write, cancelled)],
            cancelled,
            Conclusion::LaterState,
        ),
        // In sight of the other, and all the same.
        (
            prices("minimum"),
            [(1_000, 0, Write, 90), (5_000, 1, Write, 91)],
            91,
            Conclusion::Smaller,
        ),
        (
            prices("siblings_by_version_vector"),
            [(1_000, 0, Write, 90), (2_000, 3, Write, 91)],
            90,
            Conclusion::TakenForRead,
        ),
        (
            prices("own_on_equal"),
            [(1_200, 0, Write, 90), (1_600, 0, Write, 91)],
            91,
            Conclusion::SameSecond,
        ),
    ] {
        let sheet = by_hand(what, &commands, asked);
        assert_eq!(sheet.conclusion, expected, "{}: {sheet:#?}", what.1);
        assert_eq!(sheet.loss, Loss::Lost, "{}", what.1);
    }
}

#[test]
fn where_nothing_gives_way_no_reason_is_given() {
    use OpKind::Write;
    for rule in ["siblings_by_dotted_version_vector", "ask_user"] {
        for (customer, ms) in [(1, 1_020), (3, 2_000)] {
            let commands = [(1_000, 0, Write, 90), (ms, customer, Write, 91)];
            for asked in [90, 91] {
                let sheet = by_hand((ServiceKind::Prices, rule), &commands, asked);
                assert_eq!(sheet.loss, Loss::None, "{rule}: {sheet:#?}");
                assert_eq!(sheet.won, None, "{rule}: {sheet:#?}");
            }
        }
    }
}

#[test]
fn what_the_trace_let_go_is_played_again_and_slices_change_nothing() {
    let run = Run::new(Rc::new(splitbrain_engine::playground::busy()), 3);
    let player = |window| {
        let trace = Trace::with_window(window);
        let mut player = Player::with_trace(run.clone(), trace);
        player.jump(Target::Time(Time::from_ms(60_000)));
        player
    };
    let (short, whole) = (player(2), player(24));
    assert!(short.trace().get(FactId(0)).is_none(), "it let go");
    let from = FactId(short.trace().len() - 60_000);
    let mut facts = short.trace().range(from, short.end());
    let overwritten = facts.find(|(_, fact)| fact.kind() == FactKind::ValueOverwritten);
    let asked = overwritten
        .map(|(_, fact)| FactId(fact.b))
        .expect("busy shops write");
    let end = FactId(short.trace().len());
    let sheet = |player: &Player, budget| {
        let examination = Examination::new(player.run(), player.trace(), asked, end);
        let mut examination = examination.expect("its beginning is in memory");
        while !examination.advance(player, budget) {}
        examination.sheet().expect("it was read")
    };
    assert_eq!(sheet(&short, 9_973), sheet(&whole, u32::MAX));
}
