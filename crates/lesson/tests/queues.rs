//! What a queue between regions delivers, and how often it counts: in calm weather, when
//! confirmations are lost, through cuts and crashes, and under links that lose, repeat and
//! reorder.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why::{Role, why_fact};

const BOTH: [&str; 2] = ["regional_queues", "regional_queues_without_deduplication"];
const LAMP: u32 = 0;

/// Three regions and a customer at each, all with one account.
fn world(strategy: &str) -> Scenario {
    let scenario = three_and_three();
    let scenario = scenario.with(&[Choice {
        service: ServiceKind::Carts,
        slot: Slot::Replication,
        policy: strategy.into(),
    }]);
    assert_eq!(scenario.check(), []);
    scenario
}

fn played(strategy: &str, mut commands: Vec<TimedCommand>, end_ms: u64) -> Player {
    commands.sort_by_key(|timed| timed.at);
    let mut run = Run::new(Rc::new(world(strategy)), 6);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(end_ms)));
    player
}

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
}

/// Customer number n, who lives at region number n, does this to the one cart.
fn act(customer: u16, kind: OpKind, item: u32) -> Command {
    Command::Act {
        customer,
        action: Action {
            kind,
            key: Key::new(1, 0),
            argument: Value(item),
            payment_key: PaymentKey::Fresh,
            via: None,
        },
    }
}

fn link(from: u8, to: u8, direction: Direction, is_cut: bool) -> Command {
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
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(id, fact)| (id, *fact));
    held.filter(|(_, fact)| fact.kind() == kind).collect()
}

/// The cart as each region shows it.
fn carts(player: &Player) -> Vec<u32> {
    let of = |region| player.world().view(Addr::new(HostId(region), 1));
    let values = (0..3).map(|region| of(region).first().map_or(0, |entry| entry.value.0));
    values.collect()
}

/// How often each write was applied in each region.
fn applied(player: &Player) -> BTreeMap<(u32, u16), u32> {
    let mut times = BTreeMap::new();
    for (_, fact) in facts(player, FactKind::WriteApplied) {
        *times.entry((fact.a, fact.host.0)).or_default() += 1;
    }
    times
}

fn is_violated(player: &mut Player, property: PropertyId) -> bool {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    matches!(observer.judge().verdict(property), Verdict::Violated { .. })
}

#[test]
fn in_calm_weather_nothing_is_delivered_twice_and_both_keep_the_same_carts() {
    let script = || {
        (0..12).map(|place: u64| {
            let kind = [OpKind::Add, OpKind::Add, OpKind::Remove][(place % 3) as usize];
            at(
                500 + 300 * place,
                act((place % 3) as u16, kind, (place % 2) as u32),
            )
        })
    };
    let both = BOTH.map(|strategy| {
        let player = played(strategy, script().collect(), 6_000);
        assert_eq!(facts(&player, FactKind::DuplicateDropped), []);
        let times = applied(&player);
        assert_eq!(times.len(), 12 * 3, "{strategy}");
        assert!(times.values().all(|&times| times == 1), "{strategy}");
        carts(&player)
    });
    assert_eq!(both[0], both[1]);
    assert!(both[0].iter().all(|&cart| cart == both[0][0]));
}

/// The third region gets the first one's addition and cannot confirm it; the customer of
/// the second takes the item out, of which the first hears late.
fn lost_confirmations() -> Vec<TimedCommand> {
    vec![
        at(500, link(2, 0, Direction::OneWay, true)),
        at(1_200, link(1, 0, Direction::OneWay, true)),
        at(1_000, act(0, OpKind::Add, LAMP)),
        at(1_400, act(1, OpKind::Remove, LAMP)),
        at(4_000, link(1, 0, Direction::OneWay, false)),
        at(5_500, link(2, 0, Direction::OneWay, false)),
    ]
}

#[test]
fn a_lost_confirmation_puts_an_item_back_that_was_taken_out() {
    let strategy = "regional_queues_without_deduplication";
    let mut player = played(strategy, lost_confirmations(), 9_000);
    assert_eq!(carts(&player), [0, 0, 1 << LAMP]);
    assert!(is_violated(&mut player, PropertyId::Convergence));
    assert!(is_violated(&mut player, PropertyId::AcknowledgedWrites));
    // Who asks why it is there is told of the delivery that came again.
    let shown = facts(&player, FactKind::ValueShown);
    let back = shown.iter().rfind(|(_, fact)| fact.host == HostId(2));
    let &(back, _) = back.expect("the item is shown again");
    let steps = why_fact(player.trace(), back, player.end());
    let delivery = steps.iter().find_map(|step| {
        let fact = player.trace().get(step.fact)?;
        let is_delivery = matches!(fact.message(), Some((Label::Replicate, _)));
        (fact.kind() == FactKind::MessageSent && is_delivery).then_some(fact)
    });
    let delivery = delivery.expect("a message brought it");
    assert!(delivery.at() > Time::from_ms(1_900), "{delivery:?}");
}

#[test]
fn who_knows_origin_and_sequence_drops_what_comes_again_and_confirms_it_again() {
    let mut player = played("regional_queues", lost_confirmations(), 9_000);
    let dropped = facts(&player, FactKind::DuplicateDropped);
    assert!(dropped.len() >= 3, "{dropped:?}");
    let is_there = |(_, fact): &(FactId, Fact)| (fact.host, fact.peer) == (HostId(2), HostId(0));
    assert!(dropped.iter().all(is_there), "{dropped:?}");
    let steps = why_fact(player.trace(), dropped[0].0, player.end());
    assert!(steps.iter().any(|step| step.role == Role::Recognised));
    assert_eq!(carts(&player), [0, 0, 0]);
    assert!(applied(&player).values().all(|&times| times == 1));
    assert!(!is_violated(&mut player, PropertyId::Convergence));
    assert!(!is_violated(&mut player, PropertyId::AcknowledgedWrites));
    // Once the link is healed one more confirmation ends it.
    let queues = player.world().state(Addr::new(HostId(0), 1));
    assert_eq!(queues, []);
}

#[test]
fn a_queue_outlives_a_cut_and_a_crash_of_its_region() {
    let script = |is_whole: bool| {
        let mut script = vec![
            at(500, link(0, 2, Direction::Both, true)),
            at(1_000, act(0, OpKind::Add, LAMP)),
            at(1_100, act(0, OpKind::Add, LAMP + 1)),
            at(2_000, Command::CrashRegion { region: 0 }),
            at(3_000, Command::RestartRegion { region: 0 }),
        ];
        if is_whole {
            script.push(at(6_000, link(0, 2, Direction::Both, false)));
        }
        script
    };
    for strategy in BOTH {
        let cut = played(strategy, script(false), 9_000);
        assert_eq!(carts(&cut), [3, 3, 0], "{strategy}");
        let queues = cut.world().state(Addr::new(HostId(0), 1));
        let first = facts(&cut, FactKind::WriteAccepted)[0].0;
        let waits = StateView::Queue {
            region: 2,
            count: 2,
            oldest: first,
        };
        assert_eq!(queues, [waits], "{strategy}");
        let healed = played(strategy, script(true), 9_000);
        assert_eq!(carts(&healed), [3, 3, 3], "{strategy}");
        assert_eq!(healed.world().state(Addr::new(HostId(0), 1)), []);
    }
}

/// Additions and removals everywhere, links that lose, repeat and reorder, and crashes;
/// all is well after ten seconds.
fn trouble(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut script = Vec::new();
    let degrade = |from, to, ppm, extra_us| Command::DegradeLink {
        from,
        to,
        loss_ppm: ppm,
        duplicate_ppm: ppm,
        reorder_ppm: ppm,
        extra_us,
    };
    for (from, to) in [(0, 1), (1, 2), (0, 2)] {
        let ppm = chance.below(500_000) as u32;
        let extra_us = chance.below(400_000) as u32;
        script.push(at(0, degrade(from, to, ppm, extra_us)));
        script.push(at(10_000, degrade(from, to, 0, 0)));
    }
    for _ in 0..2 {
        let (ms, region) = (chance.below(8_000), chance.below(3) as u8);
        script.push(at(ms, Command::CrashRegion { region }));
        script.push(at(
            ms + chance.below(2_000),
            Command::RestartRegion { region },
        ));
    }
    for _ in 0..20 {
        let kind = [OpKind::Add, OpKind::Remove][chance.below(2) as usize];
        let (customer, item) = (chance.below(3) as u16, chance.below(2) as u32);
        script.push(at(chance.below(10_000), act(customer, kind, item)));
    }
    for region in 0..3 {
        script.push(at(10_000, Command::RestartRegion { region }));
    }
    script
}

#[test]
fn under_trouble_every_update_arrives_everywhere_and_counts_once_where_duplicates_are_dropped() {
    let mut dropped = 0;
    let mut diverged = [0; 2];
    for seed in 0..100 {
        let players = BOTH.map(|strategy| played(strategy, trouble(seed), 18_000));
        for (place, player) in players.iter().enumerate() {
            let writes = facts(player, FactKind::WriteAccepted).len();
            let times = applied(player);
            assert_eq!(times.len(), writes * 3, "{} {seed}", BOTH[place]);
            let carts = carts(player);
            diverged[place] += u32::from(carts.iter().any(|&cart| cart != carts[0]));
        }
        assert!(applied(&players[0]).values().all(|&times| times == 1));
        dropped += facts(&players[0], FactKind::DuplicateDropped).len();
    }
    assert!(dropped > 500, "{dropped}");
    assert_eq!(diverged[0], 0);
    assert!(diverged[1] > 10, "{diverged:?}");
}
