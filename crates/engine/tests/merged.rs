//! Data types of the catalogue in running worlds: every form that travels brings the same,
//! and costs what it weighs.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground;
use splitbrain_engine::records::Field;
use splitbrain_engine::replication::merged_types;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;

const FORMS: [&str; 3] = ["travels_operation", "travels_delta", "travels_state"];
/// The place of carts in the world of trials, and the cart that its first two customers
/// share.
const CARTS: u8 = 1;
const CART: Key = Key::new(CARTS, 0);

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(ms: u64, customer: u16, kind: OpKind, item: u32) -> TimedCommand {
    let action = Action {
        kind,
        key: CART,
        argument: Value(item),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

fn played(merge: &str, form: &str, commands: Vec<TimedCommand>) -> Player {
    let choices = [(Slot::Merge, merge), (Slot::Travels, form)];
    let choices = choices.map(|(slot, policy)| Choice {
        service: ServiceKind::Carts,
        slot,
        policy: policy.into(),
    });
    let scenario = playground::trial().with(&choices);
    assert_eq!(scenario.check(), []);
    let mut run = Run::new(Rc::new(scenario), 3);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(20_000)));
    player
}

/// What each region shows of the cart.
fn shown(player: &Player) -> Vec<u32> {
    let values = (0..3).map(|region| {
        let entries = player.world().view(Addr::new(HostId(region), CARTS));
        let held = entries.iter().find(|entry| entry.key == CART);
        held.map_or(0, |entry| entry.value.0)
    });
    values.collect()
}

fn bytes_sent(player: &Player) -> u64 {
    let facts = player.trace().range(FactId(0), player.end());
    let sent = facts.filter(|(_, fact)| fact.kind() == FactKind::MessageSent);
    let pushed = sent.filter(|(_, fact): &(_, &Fact)| {
        fact.message()
            .is_some_and(|(label, _)| label == Label::Replicate)
    });
    // Headers take 40 of them.
    pushed.map(|(_, fact)| u64::from(fact.c - 40)).sum()
}

fn busy() -> Vec<TimedCommand> {
    let cut = |from, to| Command::CutLink {
        from,
        to,
        direction: Direction::Both,
    };
    let mut commands = vec![
        at(2_000, cut(0, 1)),
        at(4_000, Command::CrashRegion { region: 2 }),
        at(6_000, Command::RestartRegion { region: 2 }),
        at(
            9_000,
            Command::HealLink {
                from: 0,
                to: 1,
                direction: Direction::Both,
            },
        ),
    ];
    for round in 0..8 {
        let ms = 500 + 1_000 * round;
        let kind = if round % 3 == 2 {
            OpKind::Remove
        } else {
            OpKind::Add
        };
        commands.push(act(ms, 0, kind, round as u32 / 3));
        commands.push(act(ms + 300, 1, OpKind::Add, 4 + round as u32));
    }
    commands.sort_by_key(|timed| timed.at);
    commands
}

#[test]
fn of_a_sound_type_every_region_shows_the_same_whatever_travels() {
    for of in merged_types() {
        let is_sound = of.info.soundness == splitbrain_engine::policy::Soundness::Sound;
        if !is_sound || !of.kinds.contains(&ServiceKind::Carts) {
            continue;
        }
        let shows = FORMS.map(|form| shown(&played(of.info.id, form, busy())));
        assert_ne!(shows[0][0], 0, "{}", of.info.id);
        for show in &shows {
            assert_eq!(show, &vec![shows[0][0]; 3], "{}", of.info.id);
        }
    }
}

/// What each region shows of the first key of a service in the end, where regions are cut off
/// and crash while two customers write there.
fn written(kind: ServiceKind, merge: &str, form: &str) -> Vec<u32> {
    let choices = [(Slot::Merge, merge), (Slot::Travels, form)];
    let choices = choices.map(|(slot, policy)| Choice {
        service: kind,
        slot,
        policy: policy.into(),
    });
    let world = match kind {
        ServiceKind::Prices => playground::trial(),
        _ => playground::records_trial(),
    };
    let scenario = world.with(&choices);
    assert_eq!(scenario.check(), []);
    let key = Key::new(scenario.service(kind).expect("it is there"), 0);
    let mut commands = busy();
    let mut number = 0;
    for timed in &mut commands {
        if let Command::Act { action, .. } = &mut timed.command {
            number += 1;
            action.key = key;
            (action.kind, action.argument) = match kind {
                ServiceKind::Profiles => {
                    let field = Field::ALL[number as usize / 3 % 2];
                    (OpKind::WriteField, field.argument(100 + number))
                }
                ServiceKind::Orders => (OpKind::Write, Value(1 + number % 4)),
                _ => (OpKind::Write, Value(100 + number)),
            };
        }
    }
    let mut run = Run::new(Rc::new(scenario), 3);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(20_000)));
    let values = (0..3).map(|region| {
        let entries = player
            .world()
            .view(Addr::new(HostId(region), key.service()));
        let held = entries.iter().find(|entry| entry.key == key);
        held.map_or(0, |entry| entry.value.0)
    });
    values.collect()
}

#[test]
fn registers_and_maps_show_the_same_whatever_travels() {
    let mut tried = 0;
    for of in merged_types() {
        let registers = [
            ServiceKind::Prices,
            ServiceKind::Orders,
            ServiceKind::Profiles,
        ];
        for &kind in of.kinds.iter().filter(|kind| registers.contains(kind)) {
            let shows = FORMS.map(|form| written(kind, of.info.id, form));
            // What was there before anybody wrote is another value.
            assert!(![0, 50].contains(&shows[0][0]), "{} {kind:?}", of.info.id);
            for show in &shows {
                assert_eq!(show, &vec![shows[0][0]; 3], "{} {kind:?}", of.info.id);
            }
            tried += 1;
        }
    }
    assert_eq!(tried, 5);
    // As a data type it is what it is as a rule.
    let one = written(ServiceKind::Prices, "lww_register", FORMS[0]);
    let rule = written(ServiceKind::Prices, "last_writer_wins", FORMS[0]);
    assert_eq!(one, rule);
    let siblings = "siblings_by_dotted_version_vector";
    let many = written(ServiceKind::Prices, "multi_value_register", FORMS[0]);
    assert_eq!(many, written(ServiceKind::Prices, siblings, FORMS[0]));
    assert_ne!(many, one);
}

#[test]
fn a_state_weighs_more_than_its_news() {
    let additions = (0..16).map(|item| act(500 + 200 * u64::from(item), 0, OpKind::Add, item));
    let additions: Vec<TimedCommand> = additions.collect();
    let sent = FORMS.map(|form| bytes_sent(&played("tombstone_set", form, additions.clone())));
    let [operations, deltas, states] = sent;
    assert!(operations <= deltas && 2 * deltas < states, "{sent:?}");
}

#[test]
fn the_set_that_only_grows_refuses_to_shrink() {
    let player = played(
        "g_set",
        "travels_state",
        vec![
            act(500, 0, OpKind::Add, 1),
            act(2_000, 0, OpKind::Remove, 1),
        ],
    );
    assert_eq!(shown(&player), [2, 2, 2]);
    let facts = player.trace().range(FactId(0), player.end());
    let refused = facts.filter(|(_, fact)| fact.kind() == FactKind::RequestRejected);
    assert!(refused.count() > 0);
}

#[test]
fn tombstones_go_whatever_travels_where_a_design_does_not_say_when() {
    let commands = vec![
        act(500, 0, OpKind::Add, 1),
        act(2_000, 0, OpKind::Remove, 1),
    ];
    let removed = |form| {
        let player = played("tombstone_set", form, commands.clone());
        let state = player.world().state(Addr::new(HostId(0), CARTS));
        let rows = state.iter().flat_map(|view| match view {
            StateView::Parts { parts, .. } => parts.as_slice(),
            _ => &[],
        });
        let removed = rows.filter(|part| part.id == "removed");
        removed.map(|part| part.rows.len()).sum::<usize>()
    };
    assert_eq!(FORMS.map(removed), [0; 3]);
}

#[test]
fn a_collection_that_is_too_early_brings_back_what_was_removed() {
    let cut = Command::CutLink {
        from: 0,
        to: 1,
        direction: Direction::Both,
    };
    let heal = Command::HealLink {
        from: 0,
        to: 1,
        direction: Direction::Both,
    };
    let to_two = Command::CutLink {
        from: 1,
        to: 2,
        direction: Direction::Both,
    };
    let commands = vec![
        act(500, 0, OpKind::Add, 1),
        at(2_000, cut),
        at(2_000, to_two),
        act(2_500, 0, OpKind::Remove, 1),
        act(5_000, 1, OpKind::Add, 2),
        at(6_000, heal),
    ];
    let early = shown(&played(
        "early_collecting_set",
        "travels_state",
        commands.clone(),
    ));
    assert_eq!(early[0] & 2, 2, "{early:?}");
    let safe = shown(&played("tombstone_set", "travels_state", commands));
    assert_eq!(safe[0] & 2, 0, "{safe:?}");
}
