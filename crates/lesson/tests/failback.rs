//! What becomes of writes that only a former writer has when it comes back: taken back
//! without a word, or handed in again.
#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::rc::Rc;

use splitbrain_checker::{PropertyId, Verdict};
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;
use splitbrain_lesson::why::why_fact;

/// Three regions with a shopkeeper each, who asks once.
fn world() -> Scenario {
    let mut scenario = three_and_three();
    scenario.retry.attempts = 1;
    scenario
}

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
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

const fn price(item: u32) -> Key {
    Key::new(0, item)
}

fn links(heal: bool) -> [Command; 2] {
    let (from, direction) = (0, Direction::Both);
    [1, 2].map(|to| {
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
    })
}

fn play(failback: &str, failover: &str, seed: u64, commands: Vec<TimedCommand>) -> Player {
    let choice = |service, slot, policy: &str| Choice {
        service,
        slot,
        policy: policy.into(),
    };
    let mut run = Run::new(Rc::new(world()), seed);
    for service in [ServiceKind::Prices, ServiceKind::Carts] {
        run = run
            .with(choice(
                service,
                Slot::Replication,
                "single_writer_asynchronous",
            ))
            .with(choice(service, Slot::Failover, failover))
            .with(choice(service, Slot::Failback, failback));
    }
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(40_000)));
    player
}

fn facts(player: &Player, kind: FactKind) -> Vec<(FactId, Fact)> {
    let all = player.trace().range(FactId(0), player.end());
    let held = all.map(|(id, fact)| (id, *fact));
    held.filter(|(_, fact)| fact.kind() == kind).collect()
}

/// Acknowledged writes that are lost at the end.
fn lost(player: &mut Player) -> BTreeSet<u32> {
    let mut observer = Observer::new(&player.run().scenario);
    observer.follow_player(player);
    assert!(
        !matches!(
            observer.judge().verdict(PropertyId::Convergence),
            Verdict::Violated { .. }
        ),
        "regions disagree"
    );
    let standing = observer
        .judge()
        .counts(PropertyId::AcknowledgedWrites)
        .standing;
    let Verdict::Violated { violations, .. } =
        observer.judge().verdict(PropertyId::AcknowledgedWrites)
    else {
        assert_eq!(standing, 0);
        return BTreeSet::new();
    };
    let writes = violations
        .iter()
        .flat_map(|it| it.writes.iter().map(|write| write.0));
    writes.collect()
}

/// The writer is cut off, takes a price and two things for a cart, and another region is
/// promoted, where `meanwhile` happens.
fn two_writers(meanwhile: &[Command]) -> Vec<TimedCommand> {
    let cart = Key::new(1, 0);
    let mut script: Vec<_> = links(false).map(|it| at(2_000, it)).into();
    script.push(at(3_000, act(0, OpKind::Write, price(0), 70)));
    script.push(at(3_500, act(0, OpKind::Add, cart, 2)));
    script.push(at(4_000, act(0, OpKind::Add, cart, 3)));
    script.push(at(6_000, Command::PromoteRegion { region: 1 }));
    let others = meanwhile.iter().enumerate();
    script.extend(others.map(|(place, &it)| at(7_000 + 500 * place as u64, it)));
    script.extend(links(true).map(|it| at(12_000, it)));
    script
}

#[test]
fn what_collides_with_nothing_is_in_the_log_again() {
    let others_cart = Key::new(1, 1);
    let script = two_writers(&[
        act(1, OpKind::Write, price(1), 20),
        act(1, OpKind::Add, others_cart, 2),
    ]);
    let mut gone = play("failback_discard", "promotion_by_hand", 1, script.clone());
    assert_eq!(lost(&mut gone).len(), 3);
    let mut kept = play("failback_reconcile", "promotion_by_hand", 1, script);
    assert_eq!(lost(&mut kept), BTreeSet::new());
    let reclaimed = facts(&kept, FactKind::WriteReclaimed);
    assert_eq!(reclaimed.len(), 3);
    assert!(facts(&kept, FactKind::WriteSetAside).is_empty());
    // It is the same write, and everybody has it in the end.
    for (_, fact) in &reclaimed {
        let write = kept
            .trace()
            .get(FactId(fact.a))
            .expect("it is in the trace");
        assert_eq!(write.kind(), FactKind::WriteAccepted);
        for region in 0..3 {
            let applied = facts(&kept, FactKind::WriteApplied);
            assert!(
                applied
                    .iter()
                    .any(|(_, it)| it.host.0 == region && it.a == fact.a)
            );
        }
    }
    let why = why_fact(kept.trace(), reclaimed[0].0, kept.end());
    let has = |kind| {
        let mut facts = why.iter().filter_map(|step| kept.trace().get(step.fact));
        facts.any(|fact| fact.kind() == kind)
    };
    assert!(
        has(FactKind::WriteReclaimed) && has(FactKind::MessageSent),
        "{why:?}"
    );
}

#[test]
fn what_collides_is_set_aside_and_told() {
    let cart = Key::new(1, 0);
    let meanwhile = [
        act(1, OpKind::Write, price(0), 80),
        // She shares nothing with the owner of that cart but the cart.
        act(1, OpKind::Remove, cart, 3),
    ];
    let mut player = play(
        "failback_reconcile",
        "promotion_by_hand",
        1,
        two_writers(&meanwhile),
    );
    let aside = facts(&player, FactKind::WriteSetAside);
    let told: BTreeSet<u32> = aside.iter().map(|(_, fact)| fact.a).collect();
    assert_eq!((aside.len(), told.len()), (2, 2), "{aside:?}");
    assert_eq!(facts(&player, FactKind::WriteReclaimed).len(), 1);
    for (_, fact) in &aside {
        let other = player
            .trace()
            .get(FactId(fact.c))
            .expect("it is in the trace");
        assert_eq!((other.host.0, other.b), (1, fact.b));
    }
    let lost = lost(&mut player);
    let of = |id: &u32| *player.trace().get(FactId(*id)).expect("it is held");
    let silent: Vec<Fact> = lost.difference(&told).map(of).collect();
    assert!(silent.is_empty(), "{silent:?}");
}

/// Writes all the time, while the first writer is cut off or crashes, others are promoted,
/// and all of it comes back.
fn trouble(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for place in 0..60 {
        let customer = chance.below(3) as u16;
        let command = act(
            customer,
            OpKind::Write,
            price(chance.below(6) as u32),
            place + 1,
        );
        commands.push(at(chance.below(20_000), command));
    }
    for _ in 0..3 {
        let from = 1_000 + chance.below(15_000);
        let until = from + 1_000 + chance.below(4_000);
        let promoted = chance.below(3) as u8;
        commands.push(at(from + 500, Command::PromoteRegion { region: promoted }));
        if chance.below(2) == 0 {
            commands.push(at(from, Command::CrashRegion { region: 0 }));
            commands.push(at(until, Command::RestartRegion { region: 0 }));
            continue;
        }
        commands.extend(links(false).map(|it| at(from, it)));
        commands.extend(links(true).map(|it| at(until, it)));
    }
    // One last writer, whom everybody follows.
    commands.push(at(24_000, Command::PromoteRegion { region: 2 }));
    commands.sort_by_key(|timed| timed.at);
    commands
}

#[test]
fn under_trouble_nothing_acknowledged_vanishes_without_being_told() {
    let (mut gone, mut set_aside, mut reclaimed) = (0, 0, 0);
    for seed in 0..60 {
        let discarding = &mut play("failback_discard", "promotion_by_hand", seed, trouble(seed));
        gone += lost(discarding).len();
        let mut player = play(
            "failback_reconcile",
            "promotion_by_hand",
            seed,
            trouble(seed),
        );
        let lost = lost(&mut player);
        let aside = facts(&player, FactKind::WriteSetAside);
        let told: BTreeSet<u32> = aside.iter().map(|(_, fact)| fact.a).collect();
        let silent: Vec<&u32> = lost.difference(&told).collect();
        assert!(
            silent.is_empty(),
            "{seed}: {silent:?} of {lost:?}, told {told:?}"
        );
        set_aside += lost.len();
        reclaimed += facts(&player, FactKind::WriteReclaimed).len();
    }
    assert!(
        gone > set_aside + 30 && reclaimed > 30,
        "{gone} {set_aside} {reclaimed}"
    );
}
