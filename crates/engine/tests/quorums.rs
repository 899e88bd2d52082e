//! What a quorum store does about regions that miss writes: hints kept by stand-ins, hash
//! trees that are compared, and reads that repair.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, HostId, Label, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;

/// A key is held from the region of its number on: this one by the regions 0, 1 and 2 of
/// five, where three hold it. 3 stands in first.
const PRICE: Key = Key::new(0, 0);
/// Longer than any run here.
const NEVER_US: u64 = 3_600_000_000;

/// Five regions with a customer each, who do what they are told.
fn world(compare_every_us: u64, design: &[(Slot, &str)]) -> Scenario {
    let mut scenario = playground();
    scenario.customers.truncate(5);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = place as u8;
        customer.think_us = None;
    }
    scenario.physics.compare_every_us = compare_every_us;
    scenario.retry.attempts = 1;
    let quorum = [(Slot::Replication, "quorum")];
    let choices = quorum.iter().chain(design).map(|&(slot, policy)| Choice {
        service: ServiceKind::Prices,
        slot,
        policy: policy.into(),
    });
    let scenario = scenario.with(&choices.collect::<Vec<_>>());
    assert_eq!(scenario.check(), []);
    scenario
}

const SLOPPY: &[(Slot, &str)] = &[
    (Slot::Copies, "copies_three"),
    (Slot::ReadQuorum, "read_two"),
    (Slot::WriteQuorum, "write_two"),
    (Slot::ReadRepair, "no_read_repair"),
    (Slot::Spares, "sloppy_quorum"),
];

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(ms: u64, region: u8, kind: OpKind, item: u32, value: u32) -> TimedCommand {
    let action = Action {
        kind,
        key: Key::new(0, item),
        argument: Value(value),
        payment_key: PaymentKey::Fresh,
        via: Some(region),
    };
    let customer = u16::from(region);
    at(ms, Command::Act { customer, action })
}

fn write(ms: u64, region: u8, value: u32) -> TimedCommand {
    act(ms, region, OpKind::Write, 0, value)
}

fn read(ms: u64, region: u8) -> TimedCommand {
    act(ms, region, OpKind::Read, 0, 0)
}

fn links(ms: u64, from: u8, others: &[u8], heals: bool) -> Vec<TimedCommand> {
    let direction = Direction::Both;
    let command = |to| {
        if heals {
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
    others.iter().map(|&to| at(ms, command(to))).collect()
}

fn player(scenario: Scenario, mut commands: Vec<TimedCommand>) -> Player {
    commands.sort_by_key(|timed| timed.at);
    let mut run = Run::new(Rc::new(scenario), 5);
    run.commands = commands;
    Player::new(run)
}

/// Moves on, and returns what happened until then.
fn facts_until(player: &mut Player, ms: u64) -> Vec<Fact> {
    player.jump(Target::Time(Time::from_ms(ms)));
    let facts = player.trace().range(FactId(0), player.end());
    facts.map(|(_, fact)| *fact).collect()
}

fn of_kind(facts: &[Fact], kind: FactKind) -> Vec<&Fact> {
    facts.iter().filter(|fact| fact.kind() == kind).collect()
}

/// What the operations were answered with, in order.
fn told(facts: &[Fact]) -> Vec<(Option<Outcome>, u32)> {
    let returned = of_kind(facts, FactKind::OperationReturned);
    returned
        .iter()
        .map(|fact| (fact.outcome(), fact.b))
        .collect()
}

/// How many hints a region keeps, and for whom.
fn hints(player: &Player, region: u16) -> Vec<(u8, u32)> {
    let state = player.world().state(Addr::new(HostId(region), 0));
    let hints = state.iter().filter_map(|entry| match entry {
        StateView::Hints { region, count, .. } => Some((*region, *count)),
        _ => None,
    });
    hints.collect()
}

/// From whom to whom messages of a label went.
fn sent(facts: &[Fact], label: Label) -> Vec<(u16, u16)> {
    let messages = of_kind(facts, FactKind::MessageSent).into_iter();
    let labelled = messages.filter(|fact| {
        let message = fact.message();
        message.is_some_and(|(held, fate)| held == label && fate != Fate::Duplicated)
    });
    labelled.map(|fact| (fact.host.0, fact.peer.0)).collect()
}

#[test]
fn a_stand_in_keeps_a_hint_through_a_crash_and_hands_it_over_when_the_link_is_back() {
    // 0 is alone with 3 and 4, and 3 does not reach 1 for whom it keeps the hint.
    let mut commands = links(500, 0, &[1, 2], false);
    commands.extend(links(500, 3, &[1], false));
    commands.push(write(1_000, 0, 14));
    commands.push(at(2_500, Command::CrashRegion { region: 3 }));
    commands.push(at(3_000, Command::RestartRegion { region: 3 }));
    commands.extend(links(6_000, 3, &[1], true));
    let mut player = player(world(500_000, SLOPPY), commands);

    let facts = facts_until(&mut player, 2_000);
    assert_eq!(told(&facts), [(Some(Outcome::Ok), 14)], "it was saved");
    let stored = of_kind(&facts, FactKind::HintStored);
    let places: Vec<_> = stored
        .iter()
        .map(|fact| (fact.host.0, fact.peer.0))
        .collect();
    assert_eq!(places, [(3, 1), (4, 2)]);
    assert_eq!(stored[0].b, PRICE.0);
    assert_eq!(hints(&player, 3), [(1, 1)]);

    facts_until(&mut player, 2_800);
    let facts = facts_until(&mut player, 5_900);
    assert_eq!(hints(&player, 3), [(1, 1)], "it was in the log");
    let delivered = |facts: &[Fact]| {
        let delivered = of_kind(facts, FactKind::HintDelivered).into_iter();
        let of = delivered.map(|fact| (fact.host.0, fact.peer.0));
        of.collect::<Vec<_>>()
    };
    assert!(!delivered(&facts).contains(&(3, 1)));

    let facts = facts_until(&mut player, 8_000);
    let handed = delivered(&facts);
    assert_eq!(handed.iter().filter(|of| **of == (3, 1)).count(), 1);
    assert_eq!(hints(&player, 3), [], "it is forgotten");
    let offers = sent(&facts, Label::Hint).len();
    let later = facts_until(&mut player, 12_000);
    assert_eq!(
        sent(&later, Label::Hint).len(),
        offers,
        "and offered no more"
    );
}

#[test]
fn a_hint_is_handed_over_though_nobody_compares() {
    let mut commands = links(500, 0, &[1, 2], false);
    commands.push(write(1_000, 0, 14));
    commands.push(at(3_000, Command::CrashRegion { region: 3 }));
    commands.push(at(3_500, Command::RestartRegion { region: 3 }));
    let mut player = player(world(NEVER_US, SLOPPY), commands);
    facts_until(&mut player, 5_000);
    assert_eq!(hints(&player, 3), [(1, 1)]);
    assert_eq!(hints(&player, 4), [(2, 1)]);
    let facts = facts_until(&mut player, 20_000);
    assert_eq!(hints(&player, 3), []);
    assert_eq!(hints(&player, 4), []);
    let offered = sent(&facts, Label::Hint);
    assert_eq!(
        offered,
        [(4, 2), (3, 1)],
        "once each, 3 later for its crash"
    );
}

#[test]
fn holders_return_the_old_value_until_the_hint_is_handed_over() {
    let mut commands = links(500, 0, &[1, 2], false);
    commands.push(write(1_000, 0, 14));
    commands.extend([read(3_000, 2), read(9_000, 2)]);
    let outcomes = |spares: &'static str| {
        let design = [&SLOPPY[..4], &[(Slot::Spares, spares)]].concat();
        let mut player = player(world(NEVER_US, &design), commands.clone());
        told(&facts_until(&mut player, 12_000))
    };
    let initial = playground().list_price;
    let ok = Some(Outcome::Ok);
    let sloppy = outcomes("sloppy_quorum");
    assert_eq!(sloppy, [(ok, 14), (ok, initial), (ok, 14)]);
    // Two of three that really hold it were not to be had.
    let strict = outcomes("strict_quorum");
    assert_eq!(strict[0].0, Some(Outcome::Unknown));
    assert_eq!(strict[2], (ok, initial));
}

#[test]
fn compared_trees_send_only_what_is_in_leaves_that_differ() {
    let mut commands: Vec<_> = (0..6)
        .map(|item| act(500, 0, OpKind::Write, item, 20 + item))
        .collect();
    commands.extend(links(2_000, 2, &[0, 1, 3, 4], false));
    commands.push(act(2_500, 0, OpKind::Write, 3, 77));
    commands.extend(links(5_000, 2, &[0, 1, 3, 4], true));
    let design = [
        (Slot::WriteQuorum, "write_four"),
        (Slot::ReadRepair, "no_read_repair"),
    ];
    let mut player = player(world(500_000, &design), commands);
    let before = facts_until(&mut player, 4_900).len();
    let facts = facts_until(&mut player, 12_000);
    let compared = of_kind(&facts[before..], FactKind::ReplicasCompared);
    assert!(!compared.is_empty());
    for fact in compared {
        assert_eq!(fact.b, 1, "of six keys one differs");
        assert!(fact.host.0 == 2 || fact.peer.0 == 2);
    }
    for region in 0..5 {
        let held = player.world().view(Addr::new(HostId(region), 0));
        let held = held.iter().find(|entry| entry.key == Key::new(0, 3));
        assert_eq!(held.map(|entry| entry.value), Some(Value(77)), "{region}");
    }
}

#[test]
fn a_read_repairs_the_replicas_that_are_stale_and_no_others() {
    let repaired = |repair: &'static str| {
        let mut commands = links(500, 0, &[3, 4], false);
        commands.push(write(1_000, 0, 14));
        commands.extend(links(3_000, 0, &[3, 4], true));
        commands.push(read(4_000, 0));
        let design = [(Slot::ReadQuorum, "read_two"), (Slot::ReadRepair, repair)];
        let mut player = player(world(NEVER_US, &design), commands);
        let before = facts_until(&mut player, 3_900).len();
        let facts = facts_until(&mut player, 8_000);
        assert_eq!(told(&facts)[1], (Some(Outcome::Ok), 14));
        let mut applied: Vec<u16> = of_kind(&facts[before..], FactKind::WriteApplied)
            .iter()
            .map(|fact| fact.host.0)
            .collect();
        applied.sort_unstable();
        (sent(&facts[before..], Label::Repair).len(), applied)
    };
    // R = 2 were fresh: the answers of the others came late, and two of them were stale.
    assert_eq!(repaired("read_repair"), (2, vec![3, 4]));
    assert_eq!(repaired("no_read_repair"), (0, vec![]));
}
