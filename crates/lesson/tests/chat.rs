//! What becomes of a question and its answer where one way is longer than two, and of what
//! is posted while regions are cut off or down.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict, Violation};
use splitbrain_engine::chat::{Shown, Text};
use splitbrain_engine::playground::{chat, chat_service, chat_trial, services};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;
use splitbrain_lesson::goal::{Judged, Predicate};
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why::{Role, Step, why_fact, why_violation};

const ROOM: Key = Key::new(0, 0);
const ANN: u16 = 0;
const BEN: u16 = 1;
const EVE: u16 = 2;
const DELIVERIES: [&str; 2] = ["plain_broadcast", "causal_broadcast"];

/// Three regions with a customer at each, and no comparison before everything is over.
fn world(delivery: &str) -> Scenario {
    let mut scenario = chat_trial();
    scenario.services = vec![chat_service(delivery)];
    scenario.physics.compare_every_us = 60_000_000;
    scenario.physics.jitter_ppm = 0;
    scenario
}

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
}

fn act(ms: u64, customer: u16, kind: OpKind, text: Value) -> TimedCommand {
    let action = Action {
        kind,
        key: ROOM,
        argument: text,
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

fn question() -> Value {
    Text::question(1).argument()
}

fn answer() -> Value {
    Text::question(1).answer().argument()
}

fn read(ms: u64, customer: u16) -> TimedCommand {
    act(ms, customer, OpKind::Read, Value(0))
}

fn slow(from: u8, to: u8) -> TimedCommand {
    let command = Command::DegradeLink {
        from,
        to,
        loss_ppm: 0,
        duplicate_ppm: 0,
        reorder_ppm: 0,
        extra_us: 2_000_000,
    };
    at(500, command)
}

/// Ann asks, Ben reads and answers, and what Ann sends to Eve's region takes two seconds.
/// Eve reads in between, and when everything is there.
fn question_and_answer() -> Vec<TimedCommand> {
    vec![
        slow(0, 2),
        act(1_000, ANN, OpKind::Write, question()),
        read(1_500, BEN),
        act(1_700, BEN, OpKind::Write, answer()),
        read(2_200, EVE),
        read(4_500, EVE),
    ]
}

fn played(scenario: Scenario, commands: Vec<TimedCommand>, until_ms: u64) -> Player {
    let run = Run::new(Rc::new(scenario), 1);
    let mut player = Player::new(Run { commands, ..run });
    player.jump(Target::Time(Time::from_ms(until_ms)));
    player
}

fn judged(player: &mut Player) -> Vec<Violation> {
    let mut observer = Observer::new(&player.run().design());
    observer.follow_player(player);
    match observer.judge().verdict(PropertyId::MessageOrder) {
        Verdict::Violated { violations, .. } => violations.into_iter().cloned().collect(),
        _ => Vec::new(),
    }
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let all = player.trace().range(FactId(0), player.end());
    let of_kind = all.filter(|(_, fact)| fact.kind() == kind);
    of_kind.map(|(id, fact)| (id, *fact)).collect()
}

/// How many messages each answered read of a customer showed, and the last one.
fn told(player: &Player, customer: u16) -> Vec<Shown> {
    let host = HostId(4 + customer);
    let returned = facts(player, FactKind::OperationReturned).into_iter();
    let returned = returned.filter(|(_, fact)| fact.host == host);
    let reads = returned.filter(|(_, fact)| {
        let started = player.trace().get(FactId(fact.a));
        started.and_then(Fact::op_kind) == Some(OpKind::Read)
    });
    reads
        .map(|(_, fact)| Shown::from_value(Value(fact.b)))
        .collect()
}

fn told_of(player: &Player, steps: &[Step], role: Role) -> Vec<FactKind> {
    let of_role = steps.iter().filter(|step| step.role == role);
    let facts = of_role.filter_map(|step| player.trace().get(step.fact));
    facts.map(Fact::kind).collect()
}

#[test]
fn under_plain_broadcast_an_answer_is_shown_before_its_question() {
    let mut player = played(world("plain_broadcast"), question_and_answer(), 6_000);
    let seen = told(&player, EVE);
    let first = Shown {
        count: 1,
        last: Some(Text::question(1).answer()),
    };
    let second = Shown {
        count: 2,
        last: Some(Text::question(1)),
    };
    assert_eq!(seen, [first, second]);
    let found = judged(&mut player);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].session.map(|held| held.0), Some(EVE));
}

#[test]
fn under_causal_broadcast_the_answer_waits_until_its_question_is_shown() {
    let mut player = played(world("causal_broadcast"), question_and_answer(), 6_000);
    let counts: Vec<u32> = told(&player, EVE).iter().map(|it| it.count).collect();
    assert_eq!(counts, [0, 2]);
    assert_eq!(
        told(&player, EVE)[1].last,
        Some(Text::question(1).answer()),
        "the answer stands below the question"
    );
    assert!(judged(&mut player).is_empty());
}

#[test]
fn what_waits_and_for_what_is_to_be_seen() {
    let player = played(world("causal_broadcast"), question_and_answer(), 2_300);
    let state = player.world().state(Addr::new(HostId(2), 0));
    let [
        StateView::Clock { counts },
        StateView::Held { text, needs, .. },
        ..,
    ] = &state[..]
    else {
        panic!("{state:?}");
    };
    assert_eq!(counts.counts(), [0, 0, 0]);
    assert_eq!((*text, needs.as_slice()), (answer(), &[(0, 1)][..]));
    let ben = player.world().state(Addr::new(HostId(1), 0));
    let [StateView::Clock { counts }, ..] = &ben[..] else {
        panic!("{ben:?}");
    };
    assert_eq!(counts.counts(), [1, 1, 0]);
}

#[test]
fn why_a_message_waited_leads_to_the_one_that_it_waited_for() {
    let player = played(world("causal_broadcast"), question_and_answer(), 6_000);
    let [(buffered, _)] = facts(&player, FactKind::MessageBuffered)[..] else {
        panic!("one waits");
    };
    let steps = why_fact(player.trace(), buffered, player.end());
    let posted = told_of(&player, &steps, Role::Accepted);
    assert_eq!(posted, [FactKind::MessagePosted; 2], "question and answer");
    let under_way = told_of(&player, &steps, Role::UnderWay);
    assert_eq!(under_way, [FactKind::MessageSent]);
    let shown = facts(&player, FactKind::MessageDelivered);
    let (late, fact) = shown[shown.len() - 1];
    assert_eq!((fact.host, fact.flag()), (HostId(2), 1));
    let steps = why_fact(player.trace(), late, player.end());
    let waited = told_of(&player, &steps, Role::Waited);
    assert_eq!(waited, [FactKind::MessageBuffered]);
    let released = told_of(&player, &steps, Role::Arrived);
    assert_eq!(released, [FactKind::MessageDelivered; 2]);
}

#[test]
fn why_an_answer_came_first_tells_of_the_question_that_was_still_under_way() {
    let mut player = played(world("plain_broadcast"), question_and_answer(), 6_000);
    let found = judged(&mut player);
    let steps = why_violation(player.trace(), &found[0], player.end());
    let posted = told_of(&player, &steps, Role::Accepted);
    assert_eq!(posted, [FactKind::MessagePosted; 2]);
    assert!(told_of(&player, &steps, Role::UnderWay).contains(&FactKind::MessageSent));
    assert_eq!(
        told_of(&player, &steps, Role::Arrived),
        [FactKind::MessageDelivered; 2]
    );
}

#[test]
fn who_reaches_another_region_is_served_by_way_of_her_own() {
    for delivery in DELIVERIES {
        let mut commands = vec![act(1_000, ANN, OpKind::Write, question())];
        for timed in &mut commands {
            if let Command::Act { action, .. } = &mut timed.command {
                action.via = Some(2);
            }
        }
        let player = played(world(delivery), commands, 4_000);
        let posted = facts(&player, FactKind::MessagePosted);
        let hosts: Vec<HostId> = posted.iter().map(|(_, fact)| fact.host).collect();
        assert_eq!(hosts, [HostId(0)], "{delivery}");
        let returned = facts(&player, FactKind::OperationReturned);
        assert_eq!(returned[0].1.outcome(), Some(Outcome::Ok), "{delivery}");
    }
}

#[test]
fn a_message_that_is_posted_again_because_its_answer_got_lost_is_one_message() {
    for delivery in DELIVERIES {
        let commands = vec![
            at(
                900,
                Command::DropNextReply {
                    region: 0,
                    customer: Some(ANN),
                },
            ),
            act(1_000, ANN, OpKind::Write, question()),
            read(9_000, EVE),
        ];
        let player = played(world(delivery), commands, 12_000);
        assert_eq!(facts(&player, FactKind::MessagePosted).len(), 1);
        assert_eq!(facts(&player, FactKind::DuplicateSuppressed).len(), 1);
        assert_eq!(told(&player, EVE)[0].count, 1, "{delivery}");
    }
}

#[test]
fn what_a_cut_and_a_crash_kept_back_is_shown_once_everywhere_after_them() {
    for delivery in DELIVERIES {
        let mut scenario = world(delivery);
        scenario.physics.compare_every_us = 500_000;
        let cut = |from, to| Command::CutLink {
            from,
            to,
            direction: Direction::Both,
        };
        let heal = |from, to| Command::HealLink {
            from,
            to,
            direction: Direction::Both,
        };
        let mut commands = vec![
            at(900, cut(0, 2)),
            at(900, cut(1, 2)),
            act(1_000, ANN, OpKind::Write, question()),
            act(1_500, BEN, OpKind::Write, answer()),
            act(1_600, EVE, OpKind::Write, question()),
            at(2_000, Command::CrashRegion { region: 1 }),
            at(4_000, Command::RestartRegion { region: 1 }),
            at(5_000, heal(0, 2)),
            at(5_000, heal(1, 2)),
        ];
        commands.extend((0..3).map(|customer| read(9_000, customer)));
        let player = played(scenario, commands, 12_000);
        for customer in 0..3 {
            assert_eq!(told(&player, customer)[0].count, 3, "{delivery}");
        }
        let delivered = facts(&player, FactKind::MessageDelivered).len();
        assert_eq!(delivered, 9, "{delivery}: each message once in each region");
    }
}

#[test]
fn people_who_chat_are_answered_and_only_plain_broadcast_confuses_them() {
    for delivery in DELIVERIES {
        let mut scenario = chat();
        scenario.services = vec![chat_service(delivery)];
        let mut player = played(scenario, Vec::new(), 180_000);
        let posted = facts(&player, FactKind::MessagePosted);
        let says = |(_, fact): &(FactId, Fact)| Text::from_argument(Value(fact.c)).is_answer;
        let answers = posted.iter().filter(|it| says(it)).count();
        assert!(answers > 20 && posted.len() > answers + 20, "{delivery}");
        let found = judged(&mut player);
        assert_eq!(found.is_empty(), delivery == "causal_broadcast");
    }
}

#[test]
fn a_price_that_was_read_is_no_room_with_messages_in_order() {
    let mut scenario = world("plain_broadcast");
    scenario
        .services
        .extend(services("arrival_order", "arrival_order", "none"));
    let mut price = read(3_000, EVE);
    if let Command::Act { action, .. } = &mut price.command {
        action.key = Key::new(1, 0);
    }
    let commands = vec![
        act(1_000, ANN, OpKind::Write, question()),
        act(1_500, ANN, OpKind::Write, question()),
        price,
        read(5_000, EVE),
    ];
    let mut player = played(scenario, commands, 4_500);
    let holds = Predicate::PropertyHolds(Judged {
        property: PropertyId::MessageOrder,
        customer: Some(EVE),
        key: None,
    });
    let is_met = |player: &mut Player| {
        let mut observer = Observer::with_record(&player.run().design());
        observer.follow_player(player);
        let record = observer.record().expect("it was asked for");
        holds.status(record, observer.judge()).is_met()
    };
    assert!(!is_met(&mut player), "she has read 50 euros, and no room");
    player.jump(Target::Time(Time::from_ms(8_000)));
    assert!(is_met(&mut player));
}
