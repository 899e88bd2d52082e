//! What a region that accepts every write shows of the inside of its registers and of its
//! set: dots, stamps, and what tells which writes they have replaced.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::crdt::{Dot, DotContext};
use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground;
use splitbrain_engine::records::Field;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::{Beside, StateView, VersionView};

/// The world of trials, with clocks that are right.
fn world(kind: ServiceKind, rule: &str) -> Scenario {
    let scenario = match kind {
        ServiceKind::Profiles => playground::records_trial(),
        _ => playground::trial(),
    };
    let mut scenario = scenario.with(&[Choice {
        service: kind,
        slot: Slot::Merge,
        policy: rule.into(),
    }]);
    scenario.physics.clock_offset_us = 0;
    scenario.physics.clock_drift_ppm = 0;
    assert_eq!(scenario.check(), []);
    scenario
}

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(ms: u64, customer: u16, kind: OpKind, key: Key, argument: Value) -> TimedCommand {
    let action = Action {
        kind,
        key,
        argument,
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

fn played(scenario: Scenario, commands: Vec<TimedCommand>) -> Player {
    let mut run = Run::new(Rc::new(scenario), 3);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(20_000)));
    player
}

/// The first key of a service.
fn first_key(scenario: &Scenario, kind: ServiceKind) -> Key {
    Key::new(scenario.service(kind).expect("it has one"), 0)
}

/// What a region shows of the inside of a key, if anything.
fn inside(player: &Player, region: u16, key: Key) -> Option<(Vec<VersionView>, Beside)> {
    let state = { player.world() }.state(Addr::new(HostId(region), key.service()));
    let mut found = state.into_iter().filter_map(|line| match line {
        StateView::Inside {
            key: of,
            versions,
            beside,
        } if of == key => Some((versions, beside)),
        _ => None,
    });
    found.next()
}

fn dots(versions: &[VersionView]) -> Vec<(u32, u8, u32)> {
    let named = |version: &VersionView| (version.value.0, version.origin, version.sequence);
    versions.iter().map(named).collect()
}

fn cut(ms: u64) -> TimedCommand {
    let (from, to, direction) = (0, 1, Direction::Both);
    at(
        ms,
        Command::CutLink {
            from,
            to,
            direction,
        },
    )
}

#[test]
fn a_set_shows_the_dots_of_its_elements_and_all_it_has_seen() {
    let scenario = world(ServiceKind::Carts, "observed_remove_set");
    let cart = first_key(&scenario, ServiceKind::Carts);
    let player = played(
        scenario,
        vec![
            act(1_000, 0, OpKind::Add, cart, Value(2)),
            act(3_000, 1, OpKind::Add, cart, Value(5)),
            act(5_000, 0, OpKind::Remove, cart, Value(5)),
            act(7_000, 0, OpKind::Add, cart, Value(2)),
        ],
    );
    for region in 0..3 {
        let (versions, beside) = inside(&player, region, cart).expect("it was written");
        assert_eq!(dots(&versions), [(2, 0, 3)], "in region {region}");
        let Beside::Context(seen) = beside else {
            panic!("{beside:?}");
        };
        // The removed element and its removal were seen, and leave no tombstone.
        assert_eq!(seen.vector().counts(), [3, 1], "in region {region}");
        assert_eq!(seen.cloud(), []);
    }
}

#[test]
fn what_overtook_another_update_is_seen_beyond_a_gap() {
    // One customer of the second region adds twice; the first addition finds its link cut.
    let scenario = world(ServiceKind::Carts, "observed_remove_set");
    let cart = first_key(&scenario, ServiceKind::Carts);
    let heal = Command::HealLink {
        from: 0,
        to: 1,
        direction: Direction::Both,
    };
    let mut player = played(
        scenario,
        vec![
            cut(500),
            act(1_000, 1, OpKind::Add, cart, Value(1)),
            at(1_400, heal),
            act(1_450, 1, OpKind::Add, cart, Value(4)),
        ],
    );
    let (mut gaps, mut ms) = (0, 1_400);
    while ms < 4_000 {
        player.jump(Target::Time(Time::from_ms(ms)));
        if let Some((versions, Beside::Context(seen))) = inside(&player, 0, cart)
            && !seen.cloud().is_empty()
        {
            assert_eq!(seen.cloud().len(), 1);
            assert_eq!((seen.cloud()[0].origin, seen.cloud()[0].counter), (1, 2));
            assert_eq!(dots(&versions), [(4, 1, 2)]);
            gaps += 1;
        }
        ms += 10;
    }
    assert!(gaps > 0, "the second addition overtakes the first");
}

#[test]
fn a_register_shows_the_dot_and_the_stamp_of_the_version_that_won() {
    let scenario = world(ServiceKind::Prices, "last_writer_wins");
    let price = first_key(&scenario, ServiceKind::Prices);
    let player = played(
        scenario,
        vec![
            act(1_000, 0, OpKind::Write, price, Value(70)),
            act(3_000, 1, OpKind::Write, price, Value(80)),
            act(
                5_000,
                0,
                OpKind::Read,
                Key::new(price.service(), 1),
                Value(0),
            ),
        ],
    );
    for region in 0..3 {
        let (versions, beside) = inside(&player, region, price).expect("it was written");
        assert_eq!(dots(&versions), [(80, 1, 1)], "in region {region}");
        assert_eq!(beside, Beside::Nothing);
        // The stamp is what the second region's clock showed, some milliseconds after she
        // asked.
        assert!((3_000_000..3_500_000).contains(&versions[0].stamp_us));
        assert_eq!(versions[0].count, 0);
    }
    let read_only = Key::new(price.service(), 1);
    assert_eq!(inside(&player, 0, read_only), None);
}

#[test]
fn a_hybrid_clock_shows_its_count_beside_its_time() {
    // The first region's clock is five seconds ahead; the second goes on from its stamp.
    let scenario = world(ServiceKind::Prices, "hybrid_last_writer_wins");
    let price = first_key(&scenario, ServiceKind::Prices);
    let ahead = Command::StepClock {
        region: 0,
        offset_us: 5_000_000,
        drift_ppm: 0,
    };
    let player = played(
        scenario,
        vec![
            at(500, ahead),
            act(1_000, 0, OpKind::Write, price, Value(70)),
            act(3_000, 1, OpKind::Write, price, Value(80)),
        ],
    );
    let (versions, _) = inside(&player, 0, price).expect("it was written");
    assert_eq!(dots(&versions), [(80, 1, 1)]);
    assert!(versions[0].stamp_us >= 6_000_000, "{versions:?}");
    assert!(versions[0].count > 0, "{versions:?}");
}

#[test]
fn siblings_show_what_the_writer_of_each_had_read() {
    for rule in [
        "siblings_by_version_vector",
        "siblings_by_dotted_version_vector",
        "siblings_under_one_vector",
        "ask_user",
    ] {
        let scenario = world(ServiceKind::Prices, rule);
        let price = first_key(&scenario, ServiceKind::Prices);
        let player = played(
            scenario,
            vec![
                act(1_000, 0, OpKind::Write, price, Value(70)),
                act(2_000, 1, OpKind::Read, price, Value(0)),
                cut(3_000),
                act(4_000, 0, OpKind::Write, price, Value(80)),
                act(4_000, 1, OpKind::Write, price, Value(90)),
            ],
        );
        let (mut versions, beside) = inside(&player, 2, price).expect("it was written");
        let Beside::Pasts(pasts) = beside else {
            panic!("{rule}: {beside:?}");
        };
        assert_eq!(versions.len(), pasts.len(), "{rule}");
        versions.sort_by_key(|version| version.value);
        assert_eq!(dots(&versions), [(80, 0, 2), (90, 1, 1)], "{rule}");
        let read = Dot {
            origin: 0,
            counter: 1,
        };
        for past in pasts {
            assert_eq!(past, DotContext::from_iter([read]), "{rule}");
        }
    }
}

#[test]
fn a_record_that_merges_by_field_shows_whose_write_each_field_is() {
    let scenario = world(ServiceKind::Profiles, "field_wise");
    let profile = first_key(&scenario, ServiceKind::Profiles);
    let write = |ms, customer, field: Field, number| {
        act(
            ms,
            customer,
            OpKind::WriteField,
            profile,
            field.argument(number),
        )
    };
    let player = played(
        scenario,
        vec![
            write(1_000, 1, Field::Phone, 7),
            write(1_000, 0, Field::Address, 3),
        ],
    );
    for region in 0..3 {
        let (versions, beside) = inside(&player, region, profile).expect("it was written");
        assert_eq!(beside, Beside::Fields(Field::ALL.to_vec()));
        let origins: Vec<u8> = versions.iter().map(|version| version.origin).collect();
        assert_eq!(origins, [0, 1], "in region {region}");
        assert_eq!(Field::Address.of(versions[0].value), 3);
        assert_eq!(Field::Phone.of(versions[1].value), 7);
    }
}
