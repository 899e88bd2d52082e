//! What becomes of a key that moves to another home: nothing of it is lost and it keeps
//! one order, whatever happens on the way; or the move is refused, and it stays.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, MoveRefusal, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::{MoveStage, StateView};
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 80;
/// An item that is at home in the first region.
const LAMP: Key = Key::new(0, 0);

/// Three regions and a customer at each, who tries once.
fn world() -> Scenario {
    let mut scenario = three_and_three();
    scenario.retry.attempts = 1;
    let choices = [ServiceKind::Prices, ServiceKind::Carts].map(|service| Choice {
        service,
        slot: Slot::Replication,
        policy: "geo_sharded".into(),
    });
    scenario.with(&choices)
}

fn act(customer: u16, kind: OpKind, key: Key, value: u32) -> Command {
    let action = Action {
        kind,
        key,
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    Command::Act { customer, action }
}

fn write(customer: u16, value: u32) -> Command {
    act(customer, OpKind::Write, LAMP, value)
}

fn read(customer: u16) -> Command {
    act(customer, OpKind::Read, LAMP, 0)
}

fn to(region: u8) -> Command {
    Command::MoveHome { key: LAMP, region }
}

fn cut(from: u8, to: u8, direction: Direction) -> Command {
    Command::CutLink {
        from,
        to,
        direction,
    }
}

fn heal(from: u8, to: u8) -> Command {
    let direction = Direction::Both;
    Command::HealLink {
        from,
        to,
        direction,
    }
}

fn played(commands: &[(u64, Command)], until_ms: u64) -> Player {
    let commands = commands.iter().map(|&(at_ms, command)| TimedCommand {
        at: Time::from_ms(at_ms),
        command,
    });
    let run = Run {
        commands: commands.collect(),
        ..Run::new(Rc::new(world()), 1)
    };
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(until_ms)));
    player
}

fn all(player: &Player, kind: FactKind) -> Vec<Fact> {
    let facts = player.trace().range(FactId(0), player.end());
    let of_kind = facts.filter(|(_, fact)| fact.kind() == kind);
    of_kind.map(|(_, fact)| *fact).collect()
}

/// What each operation was told: how it went, the value, and after how many milliseconds.
fn told(player: &Player) -> Vec<(Outcome, u32, u64)> {
    let answers = all(player, FactKind::OperationReturned).into_iter();
    let told = answers.map(|fact| {
        let asked = player.trace().get(FactId(fact.a)).expect("held");
        let span_ms = fact.at().since(asked.at()) / 1_000;
        (fact.outcome().expect("an answer"), fact.b, span_ms)
    });
    told.collect()
}

fn holds(player: &mut Player, properties: &[PropertyId], what: &str) {
    let mut observer = Observer::new(&world());
    observer.follow_player(player);
    for &property in properties {
        let verdict = observer.judge().verdict(property);
        assert!(
            !matches!(verdict, Verdict::Violated { .. }),
            "{property:?}: {what}: {verdict:?}"
        );
    }
}

#[test]
fn a_key_moves_with_its_value_to_who_asks_for_it() {
    let commands = [
        (1_000, write(0, 70)),
        (2_000, read(2)),
        (3_000, to(2)),
        (4_000, read(2)),
        (5_000, write(2, 80)),
        (6_000, read(0)),
    ];
    let player = played(&commands, 8_000);
    let told = told(&player);
    assert_eq!([told[1].1, told[2].1, told[4].1], [70, 70, 80]);
    // Tokyo is 149 milliseconds from Virginia, there and back.
    let spans: Vec<u64> = told.iter().map(|it| it.2).collect();
    assert!(
        spans[1] > 140 && spans[2] < 60 && spans[3] < 60 && spans[4] > 140,
        "{spans:?}"
    );
    let taken = all(&player, FactKind::HomeTaken);
    assert_eq!((taken.len(), taken[0].host, taken[0].b), (1, HostId(2), 2));
}

#[test]
fn why_a_key_is_where_it_is_leads_back_to_the_command() {
    let player = played(&[(1_000, write(0, 70)), (3_000, to(2))], 5_000);
    let trace = player.trace();
    let mut fact = all(&player, FactKind::HomeTaken)[0];
    let mut kinds = Vec::new();
    while let Some(cause) = trace.get(fact.cause) {
        fact = *cause;
        kinds.push(fact.kind());
    }
    assert!(kinds.contains(&FactKind::HomeReleased), "{kinds:?}");
    assert_eq!(kinds.last(), Some(&FactKind::CommandGiven));
}

#[test]
fn what_reaches_an_old_home_is_passed_on_and_the_next_goes_straight() {
    let commands = [(1_000, to(2)), (3_000, write(1, 70)), (5_000, write(1, 71))];
    let player = played(&commands, 8_000);
    let forwarded = all(&player, FactKind::RequestForwarded);
    let ways: Vec<(u16, u16)> = forwarded.iter().map(|it| (it.host.0, it.peer.0)).collect();
    assert_eq!(ways, [(1, 0), (0, 2), (1, 2)]);
    let accepted = all(&player, FactKind::WriteAccepted);
    assert!(accepted.iter().all(|fact| fact.host == HostId(2)));
}

#[test]
fn a_request_for_a_key_that_is_on_its_way_waits_for_it_or_is_refused() {
    let one_way = Direction::OneWay;
    let commands = [
        (2_000, cut(0, 2, one_way)),
        (3_000, to(2)),
        // The old home passes it on in vain, and Dublin learns where the key is.
        (3_500, write(1, 70)),
        (6_000, write(1, 71)),
        (8_000, heal(0, 2)),
        (7_800, write(1, 72)),
    ];
    let mut commands = commands.to_vec();
    commands.sort_by_key(|timed| timed.0);
    let player = played(&commands, 12_000);
    let told: Vec<Outcome> = told(&player).iter().map(|it| it.0).collect();
    assert_eq!(told, [Outcome::Unknown, Outcome::Failed, Outcome::Ok]);
    let accepted = all(&player, FactKind::WriteAccepted);
    let ways: Vec<(u16, u32)> = accepted.iter().map(|it| (it.host.0, it.c)).collect();
    assert_eq!(ways, [(2, 72)]);
}

#[test]
fn a_move_between_regions_that_are_cut_off_is_refused_and_the_key_stays() {
    let commands = [
        (1_000, write(0, 70)),
        (2_000, cut(0, 2, Direction::Both)),
        (3_000, to(2)),
        (10_000, read(0)),
    ];
    let player = played(&commands, 12_000);
    let refused = all(&player, FactKind::HomeMoveRefused);
    assert_eq!(refused.len(), 1);
    assert_eq!(refused[0].flag(), MoveRefusal::NoAnswer as u8);
    assert!(all(&player, FactKind::HomeReleased).is_empty());
    assert_eq!(told(&player)[1].1, 70);
}

#[test]
fn who_is_down_or_is_the_home_does_not_become_it() {
    let commands = [
        (1_000, to(0)),
        (2_000, Command::CrashRegion { region: 1 }),
        (3_000, to(1)),
    ];
    let refused = all(&played(&commands, 5_000), FactKind::HomeMoveRefused);
    let whys: Vec<u8> = refused.iter().map(Fact::flag).collect();
    assert_eq!(whys, [MoveRefusal::AtHome as u8, MoveRefusal::Down as u8]);
}

#[test]
fn a_key_that_was_let_go_arrives_once_the_way_is_free_and_until_then_nobody_serves_it() {
    let commands = [
        (1_000, write(0, 70)),
        // Tokyo can ask, and Virginia cannot answer.
        (2_000, cut(0, 2, Direction::OneWay)),
        (3_000, to(2)),
        (5_000, write(0, 80)),
        (9_000, heal(0, 2)),
        (12_000, read(2)),
    ];
    let mut player = played(&commands, 6_000);
    let at = Addr::new(HostId(0), 0);
    let state = player.world().state(at);
    let leaves = |line: &StateView| {
        matches!(
            line,
            StateView::Moving {
                key: LAMP,
                region: 2,
                stage: MoveStage::Leaving,
                ..
            }
        )
    };
    assert!(state.iter().any(leaves), "{state:?}");
    player.jump(Target::Time(Time::from_ms(15_000)));
    let told = told(&player);
    assert_ne!(told[1].0, Outcome::Ok);
    // The write may have taken effect, as nobody answered.
    assert!(
        [70, 80].contains(&told[2].1) && told[2].0 == Outcome::Ok,
        "{told:?}"
    );
    assert!(player.world().state(at).iter().all(|line| !leaves(line)));
}

#[test]
fn a_crash_of_either_side_at_any_moment_of_a_move_loses_nothing() {
    let mut moved = 0;
    for region in [0, 2] {
        for after_ms in (0..260).step_by(2) {
            let commands = [
                (1_000, write(0, 70)),
                (2_000, to(2)),
                (2_000 + after_ms, Command::CrashRegion { region }),
                (5_000, Command::RestartRegion { region }),
                (9_000, read(0)),
                (10_000, write(2, 80)),
                (11_000, read(1)),
            ];
            let mut player = played(&commands, 14_000);
            let what = format!("{region} crashes after {after_ms} ms");
            let told: Vec<u32> = told(&player).iter().map(|it| it.1).collect();
            assert_eq!([told[1], told[3]], [70, 80], "{what}");
            holds(&mut player, &[PropertyId::AcknowledgedWrites], &what);
            moved += all(&player, FactKind::HomeTaken).len();
        }
    }
    assert!((100..260).contains(&moved), "{moved} moves");
}

#[test]
fn a_key_that_was_let_go_survives_the_crash_of_its_old_home() {
    let region = 0;
    let commands = [
        (1_000, write(0, 70)),
        (2_000, cut(0, 2, Direction::OneWay)),
        (3_000, to(2)),
        (5_000, Command::CrashRegion { region }),
        (6_000, Command::RestartRegion { region }),
        (7_000, heal(0, 2)),
        (10_000, read(2)),
    ];
    let player = played(&commands, 12_000);
    assert_eq!(told(&player)[1].1, 70);
    assert_eq!(all(&player, FactKind::HomeTaken).len(), 1);
}

/// Faults that come and go, and moves between them.
fn schedule(seed: u64, twice: bool) -> Vec<(u64, Command)> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for value in 1..=60 {
        let (kind, customer) = (chance.below(2), chance.below(3) as u16);
        let command = if kind == 0 {
            read(customer)
        } else {
            write(customer, value)
        };
        commands.push((chance.below(20_000), command));
    }
    for _ in 0..10 {
        commands.push((chance.below(20_000), to(chance.below(3) as u8)));
    }
    for _ in 0..3 {
        let from_ms = chance.below(16_000);
        let until_ms = from_ms + 100 + chance.below(4_000);
        let region = chance.below(3) as u8;
        let other = (region + 1 + chance.below(2) as u8) % 3;
        let extra_us = chance.below(300_000) as u32;
        let degrade = |ppm: u32, extra_us| Command::DegradeLink {
            from: region,
            to: other,
            loss_ppm: ppm,
            duplicate_ppm: if twice { ppm } else { 0 },
            reorder_ppm: ppm,
            extra_us,
        };
        let (bad, good) = match chance.below(5) {
            0 => (
                Command::CrashRegion { region },
                Command::RestartRegion { region },
            ),
            1 => (cut(region, other, Direction::Both), heal(region, other)),
            2 => (cut(region, other, Direction::OneWay), heal(region, other)),
            3 => (
                Command::PauseRegion { region },
                Command::ResumeRegion { region },
            ),
            _ => (degrade(300_000, extra_us), degrade(0, 0)),
        };
        commands.extend([(from_ms, bad), (until_ms, good)]);
    }
    commands.sort_by_key(|timed| timed.0);
    commands
}

#[test]
fn through_moves_and_faults_a_key_is_linearizable_and_loses_nothing() {
    let (mut moves, mut writes) = (0, 0);
    for seed in 0..SCHEDULES {
        let mut player = played(&schedule(seed, false), 40_000);
        moves += all(&player, FactKind::HomeTaken).len();
        writes += all(&player, FactKind::WriteAccepted).len();
        let kept = [
            PropertyId::Linearizable,
            PropertyId::AcknowledgedWrites,
            PropertyId::Convergence,
            PropertyId::ReadYourWrites,
            PropertyId::MonotonicReads,
        ];
        holds(&mut player, &kept, &format!("seed {seed}"));
        let released = all(&player, FactKind::HomeReleased).len();
        let taken = all(&player, FactKind::HomeTaken).len();
        assert_eq!(released, taken, "a key is under way for ever: seed {seed}");
    }
    assert!(moves > 300 && writes > 1_000, "{moves} {writes}");
}

#[test]
fn messages_that_arrive_twice_begin_no_move_and_undo_none() {
    for seed in 0..SCHEDULES {
        let mut player = played(&schedule(seed, true), 40_000);
        let kept = [PropertyId::AcknowledgedWrites, PropertyId::Convergence];
        holds(&mut player, &kept, &format!("seed {seed}"));
        // Each epoch has one home, and it is taken once.
        let mut epochs: Vec<u32> = all(&player, FactKind::HomeTaken)
            .iter()
            .map(|it| it.b)
            .collect();
        let count = epochs.len();
        epochs.dedup();
        assert_eq!(epochs.len(), count, "seed {seed}");
        assert!(
            epochs.windows(2).all(|pair| pair[0] < pair[1]),
            "seed {seed}"
        );
    }
}
