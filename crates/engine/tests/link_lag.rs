//! What every strategy that replicates over links shows of each link: how much the other
//! region has not confirmed, and which write is the oldest of it.
#![cfg(not(target_arch = "wasm32"))]

use std::rc::Rc;

use splitbrain_engine::chat::Text;
use splitbrain_engine::design::{Choice, ServiceKind, Slot};
use splitbrain_engine::playground::{chat_service, three_and_three};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target, TimedCommand};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId, OpKind};
use splitbrain_engine::sim::node::{Action, Addr, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::view::StateView;

/// The region that writes, and the one that is cut off from it.
const HERE: u8 = 0;
const AWAY: u8 = 2;
const CUT_MS: u64 = 5_000;
const WRITES_MS: [u64; 2] = [6_000, 6_040];

/// A design, what is done to it, and how long after the first write it is looked at.
struct Case {
    name: &'static str,
    service: ServiceKind,
    choices: &'static [(Slot, &'static str)],
    kind: OpKind,
    looked_at_ms: u64,
}

const LOG: u64 = 9_000;

const CASES: [Case; 8] = [
    Case {
        name: "multi_master",
        service: ServiceKind::Prices,
        choices: &[(Slot::Replication, "multi_master")],
        kind: OpKind::Write,
        looked_at_ms: LOG,
    },
    Case {
        name: "multi_master of a data type",
        service: ServiceKind::Carts,
        choices: &[
            (Slot::Replication, "multi_master"),
            (Slot::Merge, "tombstone_set"),
        ],
        kind: OpKind::Add,
        looked_at_ms: LOG,
    },
    Case {
        name: "single writer",
        service: ServiceKind::Prices,
        choices: &[(Slot::Replication, "single_writer_asynchronous")],
        kind: OpKind::Write,
        looked_at_ms: LOG,
    },
    Case {
        name: "consensus",
        service: ServiceKind::Prices,
        choices: &[(Slot::Replication, "consensus")],
        kind: OpKind::Write,
        looked_at_ms: LOG,
    },
    // Its coordinator forgets after half a second who did not confirm.
    Case {
        name: "quorum",
        service: ServiceKind::Prices,
        choices: &[(Slot::Replication, "quorum")],
        kind: OpKind::Write,
        looked_at_ms: 6_300,
    },
    Case {
        name: "queues",
        service: ServiceKind::Carts,
        choices: &[(Slot::Replication, "regional_queues")],
        kind: OpKind::Add,
        looked_at_ms: LOG,
    },
    Case {
        name: "causal_broadcast",
        service: ServiceKind::Chat,
        choices: &[(Slot::Replication, "causal_broadcast")],
        kind: OpKind::Write,
        looked_at_ms: LOG,
    },
    Case {
        name: "plain_broadcast",
        service: ServiceKind::Chat,
        choices: &[(Slot::Replication, "plain_broadcast")],
        kind: OpKind::Write,
        looked_at_ms: LOG,
    },
];

fn at(ms: u64, command: Command) -> TimedCommand {
    let at = Time::from_ms(ms);
    TimedCommand { at, command }
}

/// Three regions with a customer each, who do what they are told.
fn world(case: &Case) -> Scenario {
    let mut scenario = three_and_three();
    if case.service == ServiceKind::Chat {
        scenario.services = vec![chat_service(case.choices[0].1)];
    }
    let choices = case.choices.iter().map(|&(slot, policy)| Choice {
        service: case.service,
        slot,
        policy: policy.into(),
    });
    let scenario = scenario.with(&choices.collect::<Vec<_>>());
    assert_eq!(scenario.check(), [], "{}", case.name);
    scenario
}

fn played(case: &Case, heals: bool, until_ms: u64) -> Player {
    let scenario = world(case);
    let service = scenario.service(case.service).expect("it is there");
    let direction = Direction::Both;
    let (from, to) = (HERE, AWAY);
    let cut = Command::CutLink {
        from,
        to,
        direction,
    };
    let mut commands = vec![
        at(1_000, Command::PromoteRegion { region: HERE }),
        at(CUT_MS, cut),
    ];
    for (place, ms) in (0..).zip(WRITES_MS) {
        let argument = match case.service {
            ServiceKind::Chat => Text::question(1 + place).argument(),
            ServiceKind::Carts => Value(place),
            _ => Value(40 + place),
        };
        let action = Action {
            kind: case.kind,
            key: Key::new(service, 0),
            argument,
            payment_key: PaymentKey::Fresh,
            via: Some(HERE),
        };
        let customer = u16::from(HERE);
        commands.push(at(ms, Command::Act { customer, action }));
    }
    if heals {
        let heal = Command::HealLink {
            from,
            to,
            direction,
        };
        commands.push(at(10_000, heal));
    }
    let mut run = Run::new(Rc::new(scenario), 5);
    run.commands = commands;
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(until_ms)));
    player
}

/// What the link from here to there shows: how many updates, and the oldest.
fn shown(case: &Case, player: &Player) -> Vec<(u32, FactId)> {
    let service = world(case).service(case.service).expect("it is there");
    let state = player
        .world()
        .state(Addr::new(HostId(u16::from(HERE)), service));
    let of_the_link = state.iter().filter_map(|line| match *line {
        StateView::Unconfirmed {
            region,
            count,
            oldest,
        }
        | StateView::Queue {
            region,
            count,
            oldest,
        }
        | StateView::Behind {
            region,
            count,
            oldest,
        } => (region == AWAY).then_some((count, oldest)),
        _ => None,
    });
    of_the_link.collect()
}

#[test]
fn every_strategy_shows_by_link_how_much_waits_and_which_write_is_the_oldest() {
    for case in &CASES {
        let cut = played(case, false, case.looked_at_ms);
        let trace = cut.trace().range(FactId(0), cut.end());
        let is_made = |kind| matches!(kind, FactKind::WriteAccepted | FactKind::MessagePosted);
        let mut made = trace.filter(|(_, fact)| is_made(fact.kind()));
        let (first, fact) = made.next().expect("somebody wrote");
        assert!(fact.at() >= Time::from_ms(WRITES_MS[0]), "{}", case.name);
        assert_eq!(shown(case, &cut), [(2, first)], "{}", case.name);
    }
}

#[test]
fn nothing_is_shown_of_a_link_over_which_everything_was_confirmed() {
    for case in &CASES {
        let healed = played(case, true, 40_000);
        assert_eq!(shown(case, &healed), [], "{}", case.name);
    }
}
