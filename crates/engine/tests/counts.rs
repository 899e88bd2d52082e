//! Counters in running worlds: likes that all count, and stock that is not oversold.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground;
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;

const LAMP: Key = Key::new(0, 0);
const FORMS: [&str; 3] = ["travels_operation", "travels_delta", "travels_state"];

fn at(ms: u64, command: Command) -> TimedCommand {
    TimedCommand {
        at: Time::from_ms(ms),
        command,
    }
}

fn act(ms: u64, customer: u16, kind: OpKind, argument: u32) -> TimedCommand {
    let action = Action {
        kind,
        key: LAMP,
        argument: Value(argument),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    at(ms, Command::Act { customer, action })
}

fn link(ms: u64, from: u8, to: u8, heals: bool) -> TimedCommand {
    let direction = Direction::Both;
    let command = if heals {
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
    };
    at(ms, command)
}

fn played(world: &Scenario, merge: &str, form: &str, commands: &[TimedCommand]) -> Player {
    let choices = [(Slot::Merge, merge), (Slot::Travels, form)];
    let choices = choices.map(|(slot, policy)| Choice {
        service: world.services[0].kind,
        slot,
        policy: policy.into(),
    });
    let scenario = world.with(&choices);
    assert_eq!(scenario.check(), []);
    let mut run = Run::new(Rc::new(scenario), 3);
    run.commands = commands.to_vec();
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(60_000)));
    player
}

/// What each region shows of the lamp.
fn shown(player: &Player) -> Vec<i32> {
    let values = (0..3).map(|region| {
        let entries = player.world().view(Addr::new(HostId(region), 0));
        let held = entries.iter().find(|entry| entry.key == LAMP);
        held.map_or(0, |entry| entry.value.0 as i32)
    });
    values.collect()
}

fn count(player: &Player, kind: FactKind) -> usize {
    let facts = player.trace().range(FactId(0), player.end());
    facts.filter(|(_, fact)| fact.kind() == kind).count()
}

/// How each operation ended, in the order of the answers: with its status.
fn told(player: &Player) -> Vec<(Outcome, u32)> {
    let facts = player.trace().range(FactId(0), player.end());
    let returned = facts.filter(|(_, fact)| fact.kind() == FactKind::OperationReturned);
    let told = returned.filter_map(|(_, fact)| Some((fact.outcome()?, fact.c)));
    told.collect()
}

#[test]
fn two_likes_at_once_count_as_two_and_by_last_write_as_one() {
    let commands = [
        act(1_000, 0, OpKind::Like, 1),
        act(1_001, 1, OpKind::Like, 1),
    ];
    for form in FORMS {
        let both = played(&playground::likes_trial(), "pn_counter", form, &commands);
        assert_eq!(shown(&both), [2; 3], "{form}");
        let one = played(
            &playground::likes_trial(),
            "counter_by_last_write",
            form,
            &commands,
        );
        assert_eq!(shown(&one), [1; 3], "{form}");
        assert_eq!(count(&one, FactKind::ValueOverwritten), 3, "{form}");
    }
}

#[test]
fn what_only_grows_refuses_to_take_a_like_back() {
    let commands = [
        act(1_000, 0, OpKind::Like, 1),
        act(2_000, 0, OpKind::Unlike, 1),
    ];
    let grows = played(&playground::likes_trial(), "g_counter", FORMS[0], &commands);
    assert_eq!(shown(&grows), [1; 3]);
    assert_eq!(told(&grows)[1], (Outcome::Failed, 501));
    let both = played(
        &playground::likes_trial(),
        "pn_counter",
        FORMS[0],
        &commands,
    );
    assert_eq!(shown(&both), [0; 3]);
}

#[test]
fn the_last_one_is_sold_twice_by_what_is_seen_and_once_by_rights() {
    let commands = [
        act(500, 0, OpKind::Restock, 1),
        act(2_000, 0, OpKind::Buy, 1),
        act(2_001, 1, OpKind::Buy, 1),
    ];
    for form in FORMS {
        let seen = played(&playground::stock_trial(), "stock_counter", form, &commands);
        assert_eq!(shown(&seen), [-1; 3], "{form}");
        assert!(count(&seen, FactKind::StockOversold) > 0, "{form}");
        let rights = played(
            &playground::stock_trial(),
            "bounded_counter",
            form,
            &commands,
        );
        assert_eq!(shown(&rights), [0; 3], "{form}");
        assert_eq!(count(&rights, FactKind::StockOversold), 0, "{form}");
        let told = told(&rights);
        assert_eq!(told[1], (Outcome::Ok, 200), "{form}");
        assert_eq!(told[2], (Outcome::Failed, 410), "{form}");
    }
}

#[test]
fn nobody_is_refused_while_a_region_that_can_be_reached_has_stock() {
    let commands = [
        act(500, 0, OpKind::Restock, 5),
        link(1_500, 1, 2, false),
        // Nearest to the second region, which has no rights of its own.
        act(2_000, 1, OpKind::Buy, 2),
    ];
    for form in FORMS {
        let player = played(
            &playground::stock_trial(),
            "bounded_counter",
            form,
            &commands,
        );
        assert_eq!(told(&player)[1], (Outcome::Ok, 200), "{form}");
        assert_eq!(count(&player, FactKind::RightsGiven), 1, "{form}");
        assert_eq!(shown(&player)[0], 3, "{form}");
    }
}

#[test]
fn who_cannot_ask_everybody_does_not_say_sold_out() {
    let commands = [
        act(500, 0, OpKind::Restock, 5),
        link(1_500, 0, 1, false),
        link(1_500, 1, 2, false),
        act(2_000, 1, OpKind::Buy, 1),
        link(9_000, 0, 1, true),
        link(9_000, 1, 2, true),
    ];
    let mut world = playground::stock_trial();
    world.retry.attempts = 1;
    let player = played(&world, "bounded_counter", FORMS[0], &commands);
    // Refused for now, and for certain not sold.
    assert_eq!(told(&player)[1], (Outcome::Failed, 503));
    assert_eq!(shown(&player), [5; 3]);
}

#[test]
fn the_stock_of_the_ready_world_is_never_oversold_and_the_broken_one_is() {
    let kept = played(&playground::stock(), "bounded_counter", FORMS[0], &[]);
    assert_eq!(count(&kept, FactKind::StockOversold), 0);
    assert!(count(&kept, FactKind::RightsGiven) > 0);
    let mut sold = 0;
    for form in FORMS {
        let broken = played(&playground::stock(), "stock_counter", form, &[]);
        sold += count(&broken, FactKind::StockOversold);
    }
    assert!(sold > 0);
}

#[test]
fn counters_are_chosen_for_what_they_count() {
    let ids = |kind| -> Vec<&str> {
        let choices = Slot::Merge.choices(kind).into_iter();
        choices.map(|info| info.id).collect()
    };
    assert_eq!(
        ids(ServiceKind::Likes),
        ["pn_counter", "g_counter", "counter_by_last_write"]
    );
    assert_eq!(
        ids(ServiceKind::Stock),
        ["bounded_counter", "stock_counter"]
    );
}
