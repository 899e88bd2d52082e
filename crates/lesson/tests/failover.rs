//! What is lost when a single writer is replaced, by how it acknowledges and by who
//! replaces it. The same schedules for all of them.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_checker::PropertyId;
use splitbrain_engine::measure::Chance;
use splitbrain_engine::playground::three_and_three;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, FactKind, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::observe::Observer;

const SCHEDULES: u64 = 60;
const CALM_MS: u64 = 20_000;
const END_MS: u64 = 40_000;

/// Three regions with a shopkeeper each.
fn world() -> Scenario {
    three_and_three()
}

/// Writes all the time, and now and then a region is cut off or crashes for seconds.
fn schedule(seed: u64) -> Vec<TimedCommand> {
    let mut chance = Chance::new(seed);
    let mut commands = Vec::new();
    for place in 0..80 {
        let action = Action {
            kind: OpKind::Write,
            key: Key::new(0, chance.below(4) as u32),
            argument: Value(place + 1),
            payment_key: PaymentKey::Fresh,
            via: None,
        };
        let customer = chance.below(3) as u16;
        let command = Command::Act { customer, action };
        let at = Time(chance.below(CALM_MS * 1_000));
        commands.push(TimedCommand { at, command });
    }
    for _ in 0..3 {
        let region = chance.below(3) as u8;
        let from = chance.below(CALM_MS * 1_000);
        let until = from + 2_000_000 + chance.below(6_000_000);
        let mut both = |bad: Command, good: Command| {
            commands.push(TimedCommand {
                at: Time(from),
                command: bad,
            });
            commands.push(TimedCommand {
                at: Time(until),
                command: good,
            });
        };
        if chance.below(2) == 0 {
            both(
                Command::CrashRegion { region },
                Command::RestartRegion { region },
            );
            continue;
        }
        for other in (0..3).filter(|&other| other != region) {
            let direction = Direction::Both;
            let (from, to) = (region, other);
            both(
                Command::CutLink {
                    from,
                    to,
                    direction,
                },
                Command::HealLink {
                    from,
                    to,
                    direction,
                },
            );
        }
    }
    commands.sort_by_key(|timed| timed.at);
    commands
}

/// What came of all schedules.
#[derive(Debug, Default)]
struct Came {
    lost: u32,
    promoted: u32,
    rolled_back: u32,
    diverged: u32,
}

fn play(strategy: &str, failover: &str) -> Came {
    let scenario = Rc::new(world());
    let mut came = Came::default();
    for seed in 0..SCHEDULES {
        let choice = |slot, policy: &str| Choice {
            service: ServiceKind::Prices,
            slot,
            policy: policy.into(),
        };
        let run = Run::new(Rc::clone(&scenario), seed)
            .with(choice(Slot::Replication, strategy))
            .with(choice(Slot::Failover, failover));
        let mut player = Player::new(Run {
            commands: schedule(seed),
            ..run
        });
        player.jump(Target::Time(Time::from_ms(END_MS)));
        let mut observer = Observer::new(&scenario);
        observer.follow_player(&mut player);
        let judge = observer.judge();
        came.lost += judge.counts(PropertyId::AcknowledgedWrites).standing;
        came.diverged += judge.counts(PropertyId::Convergence).violations;
        for (_, fact) in player.trace().range(FactId(0), player.end()) {
            came.promoted += u32::from(fact.kind() == FactKind::RegionPromoted);
            came.rolled_back += u32::from(fact.kind() == FactKind::WriteRolledBack);
        }
    }
    came
}

#[test]
fn a_majority_that_has_it_and_a_majority_that_votes_lose_nothing() {
    let voted = play("single_writer_majority", "promotion_by_vote");
    assert_eq!((voted.lost, voted.diverged), (0, 0), "{voted:?}");
    assert!(voted.promoted > 20, "{voted:?}");
    let by_itself = play("single_writer_majority", "promotion_by_epoch");
    // Cut off alone, a region promotes itself all the same, and later prevails.
    assert!(
        by_itself.lost > 0 && by_itself.rolled_back > 0,
        "{by_itself:?}"
    );
    assert_eq!(by_itself.diverged, 0, "{by_itself:?}");
}

#[test]
fn what_nobody_else_had_vanishes_with_its_writer() {
    let voted = play("single_writer_asynchronous", "promotion_by_vote");
    assert!(voted.lost > 0, "{voted:?}");
    let by_epoch = play("single_writer_asynchronous", "promotion_by_epoch");
    assert!(
        by_epoch.lost > 0,
        "epochs acknowledge doomed writes: {by_epoch:?}"
    );
    let by_hand = play("single_writer_asynchronous", "promotion_by_hand");
    assert_eq!((by_hand.promoted, by_hand.lost), (0, 0), "{by_hand:?}");
}

#[test]
fn without_a_fence_more_is_lost_than_with_one() {
    let unfenced = play("single_writer_majority", "promotion_unfenced");
    let fenced = play("single_writer_majority", "promotion_by_epoch");
    assert!(unfenced.lost > fenced.lost, "{unfenced:?} {fenced:?}");
    assert_eq!(unfenced.diverged, 0, "{unfenced:?}");
}

#[test]
fn who_waits_for_all_loses_nothing_whoever_is_promoted() {
    let by_epoch = play("single_writer_all_replicas", "promotion_by_epoch");
    assert_eq!(by_epoch.lost, 0, "{by_epoch:?}");
    assert!(by_epoch.promoted > 0);
}
