//! Tombstones in running worlds: forgotten when it is safe and when it is not.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;

const FORMS: [&str; 3] = ["travels_operation", "travels_delta", "travels_state"];
/// The place of carts in the world of trials, and the cart that its first two customers
/// share.
const CARTS: u8 = 1;
const CART: Key = Key::new(CARTS, 0);
/// The item, and the cart that holds only it.
const ITEM: u32 = 1;
const HELD: u32 = 1 << ITEM;

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(ms: u64, customer: u16, kind: OpKind) -> TimedCommand {
    let action = Action {
        kind,
        key: CART,
        argument: Value(ITEM),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

/// An item comes; the last region is cut off; the item goes, three seconds later; and that
/// region is back so many milliseconds after that.
fn away_for(ms: u64) -> Vec<TimedCommand> {
    let direction = Direction::Both;
    let cut = |from| Command::CutLink {
        from,
        to: 2,
        direction,
    };
    let heal = |from| Command::HealLink {
        from,
        to: 2,
        direction,
    };
    vec![
        act(500, 0, OpKind::Add),
        at(3_000, cut(0)),
        at(3_000, cut(1)),
        act(6_000, 0, OpKind::Remove),
        at(6_000 + ms, heal(0)),
        at(6_000 + ms, heal(1)),
    ]
}

fn played(policy: Option<&str>, form: &str, commands: Vec<TimedCommand>, until_ms: u64) -> Player {
    let choices = [
        (Slot::Merge, Some("tombstone_set")),
        (Slot::Travels, Some(form)),
        (Slot::Collection, policy),
    ];
    let choices: Vec<Choice> = choices
        .into_iter()
        .filter_map(|(slot, policy)| {
            Some(Choice {
                service: ServiceKind::Carts,
                slot,
                policy: policy?.into(),
            })
        })
        .collect();
    let scenario = playground::trial().with(&choices);
    assert_eq!(scenario.check(), []);
    let mut run = Run::new(Rc::new(scenario), 3);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(until_ms)));
    player
}

fn shown(player: &Player) -> Vec<u32> {
    let values = (0..3).map(|region| {
        let entries = player.world().view(Addr::new(HostId(region), CARTS));
        let held = entries.iter().find(|entry| entry.key == CART);
        held.map_or(0, |entry| entry.value.0)
    });
    values.collect()
}

/// How many removals each region remembers of the cart, and for whom that waits.
fn tombstones(player: &Player) -> Vec<(u32, u32)> {
    let held = (0..3).map(|region| {
        let state = player.world().state(Addr::new(HostId(region), CARTS));
        let held = state.into_iter().find_map(|line| match line {
            StateView::Tombstones {
                key,
                count,
                awaited,
            } if key == CART => Some((count, awaited)),
            _ => None,
        });
        held.unwrap_or_default()
    });
    held.collect()
}

fn facts(player: &Player, kind: FactKind) -> Vec<Fact> {
    let facts = player.trace().range(FactId(0), player.end());
    let of_kind = facts.filter(|(_, fact)| fact.kind() == kind);
    of_kind.map(|(_, fact)| *fact).collect()
}

#[test]
fn after_a_time_the_dead_return_if_somebody_was_away_for_longer_and_only_then() {
    let policies = [
        ("collect_after_10_s", 10_000),
        ("collect_after_30_s", 30_000),
    ];
    for (policy, for_ms) in policies {
        for form in FORMS {
            let short = played(
                Some(policy),
                form,
                away_for(for_ms - 5_000),
                for_ms + 40_000,
            );
            assert_eq!(shown(&short), [0; 3], "{policy} {form}");
            assert_eq!(facts(&short, FactKind::RemovedReturned), []);
            assert_eq!(tombstones(&short), [(0, 0); 3], "{policy} {form}");
            let long = played(
                Some(policy),
                form,
                away_for(for_ms + 5_000),
                for_ms + 40_000,
            );
            assert_eq!(shown(&long), [HELD; 3], "{policy} {form}");
            let returned = facts(&long, FactKind::RemovedReturned);
            assert_eq!(returned.len(), 2, "{policy} {form}");
            for fact in returned {
                let dropped = long.trace().get(FactId(fact.c)).expect("it is held");
                assert_eq!(dropped.kind(), FactKind::TombstoneDropped);
                assert_eq!((dropped.host, dropped.c), (fact.host, 0b100));
                let removal = long.trace().get(FactId(dropped.a)).expect("it is held");
                assert_eq!(removal.op_kind(), Some(OpKind::Remove));
            }
        }
    }
}

#[test]
fn a_majority_is_not_everybody() {
    for form in FORMS {
        let player = played(
            Some("collect_when_majority_has_it"),
            form,
            away_for(20_000),
            50_000,
        );
        assert_eq!(shown(&player), [HELD; 3], "{form}");
    }
}

#[test]
fn what_is_stable_is_forgotten_by_everybody_and_nothing_returns() {
    for form in FORMS {
        let design = Some("collect_when_stable");
        let during = played(design, form, away_for(40_000), 45_000);
        let held = tombstones(&during);
        assert_eq!(held, [(1, 0b100), (1, 0b100), (0, 0)], "{form}");
        let after = played(design, form, away_for(40_000), 80_000);
        assert_eq!(shown(&after), [0; 3], "{form}");
        assert_eq!(tombstones(&after), [(0, 0); 3], "{form}");
        let dropped = facts(&after, FactKind::TombstoneDropped);
        assert_eq!(dropped.len(), 3, "{form}");
        assert!(dropped.iter().all(|fact| fact.c == 0), "{form}");
        assert_eq!(facts(&after, FactKind::RemovedReturned), []);
    }
}

#[test]
fn a_region_that_is_down_holds_up_what_is_to_be_stable() {
    for form in FORMS {
        let commands = vec![
            act(500, 0, OpKind::Add),
            at(3_000, Command::CrashRegion { region: 2 }),
            act(6_000, 0, OpKind::Remove),
            at(40_000, Command::RestartRegion { region: 2 }),
        ];
        let design = Some("collect_when_stable");
        let down = played(design, form, commands.clone(), 39_000);
        assert_eq!(tombstones(&down)[0], (1, 0b100), "{form}");
        let up = played(design, form, commands, 70_000);
        assert_eq!(tombstones(&up), [(0, 0); 3], "{form}");
        assert_eq!(shown(&up), [0; 3], "{form}");
    }
}

#[test]
fn never_keeps_them_for_good_and_each_costs_bytes() {
    let rounds = (0..6).flat_map(|round| {
        let ms = 500 + 4_000 * round;
        [act(ms, 0, OpKind::Add), act(ms + 2_000, 0, OpKind::Remove)]
    });
    let rounds: Vec<TimedCommand> = rounds.collect();
    for form in FORMS {
        let never = played(Some("collect_never"), form, rounds.clone(), 60_000);
        assert_eq!(tombstones(&never), [(6, 0); 3], "{form}");
        let stable = played(Some("collect_when_stable"), form, rounds.clone(), 60_000);
        assert_eq!(tombstones(&stable), [(0, 0); 3], "{form}");
        let told: Vec<Fact> = facts(&never, FactKind::TombstonesHeld);
        let here: Vec<u32> = told
            .iter()
            .filter(|fact| fact.host == HostId(0))
            .map(|fact| fact.b)
            .collect();
        assert_eq!(here, [1, 2, 3, 4, 5, 6], "{form}");
        if form == "travels_state" {
            let bytes = |player: &Player| -> u64 {
                let sent = facts(player, FactKind::MessageSent);
                sent.iter().map(|fact| u64::from(fact.c)).sum()
            };
            assert!(bytes(&never) > bytes(&stable));
        }
    }
}

#[test]
fn a_design_that_says_nothing_of_it_says_nothing_in_its_trace() {
    for form in FORMS {
        let player = played(None, form, away_for(20_000), 80_000);
        assert_eq!(shown(&player), [0; 3], "{form}");
        for kind in [FactKind::TombstoneDropped, FactKind::TombstonesHeld] {
            assert_eq!(facts(&player, kind), [], "{form}");
        }
    }
}

#[test]
fn a_clock_that_is_far_ahead_forgets_at_once() {
    let commands = vec![
        act(500, 0, OpKind::Add),
        at(
            1_000,
            Command::StepClock {
                region: 0,
                offset_us: 60_000_000,
                drift_ppm: 0,
            },
        ),
        at(
            3_000,
            Command::CutLink {
                from: 0,
                to: 2,
                direction: Direction::Both,
            },
        ),
        act(6_000, 1, OpKind::Remove),
    ];
    let player = played(
        Some("collect_after_30_s"),
        "travels_operation",
        commands,
        12_000,
    );
    let dropped = facts(&player, FactKind::TombstoneDropped);
    assert_eq!(dropped.len(), 1);
    assert_eq!(dropped[0].host, HostId(0));
}
