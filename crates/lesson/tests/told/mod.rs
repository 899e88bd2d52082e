//! Shops that autopsies are made in, and what is done to them.

use std::rc::Rc;

use splitbrain_engine::playground::{merged, services, three_and_three};
use splitbrain_engine::run::{Command, Direction, Player, Run, Target};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::{FactId, OpKind};
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::autopsy::{Autopsy, Examination};

/// Three regions with a shopkeeper each, who does only what she is told to.
pub(crate) fn world(prices: &str, carts: &str) -> Scenario {
    let mut scenario = three_and_three();
    scenario.services = services(prices, carts, "none");
    scenario
}

pub(crate) fn act(customer: u16, kind: OpKind, key: Key, argument: u32) -> Command {
    let action = Action {
        kind,
        key,
        argument: Value(argument),
        payment_key: PaymentKey::Fresh,
        via: None,
    };
    Command::Act { customer, action }
}

pub(crate) fn step(region: u8, offset_us: i64) -> Command {
    Command::StepClock {
        region,
        offset_us,
        drift_ppm: 0,
    }
}

pub(crate) fn cut(from: u8, to: u8) -> Command {
    Command::CutLink {
        from,
        to,
        direction: Direction::Both,
    }
}

pub(crate) fn heal(from: u8, to: u8) -> Command {
    Command::HealLink {
        from,
        to,
        direction: Direction::Both,
    }
}

pub(crate) fn played_by(run: Run, until_ms: u64) -> Player {
    let mut player = Player::new(run);
    player.jump(Target::Time(Time::from_ms(until_ms)));
    player
}

pub(crate) fn autopsy(player: &Player, fact: FactId) -> Autopsy {
    let end = FactId(player.trace().len());
    let examination = Examination::new(player.run(), player.trace(), fact, end);
    let mut examination = examination.expect("it can be asked about");
    while !examination.advance(player, 10_000) {}
    examination.sheet().expect("it was read")
}

pub(crate) fn chosen(scenario: Scenario, strategy: &str, failover: &str) -> Run {
    let choice = |slot, policy: &str| Choice {
        service: ServiceKind::Prices,
        slot,
        policy: policy.into(),
    };
    Run::new(Rc::new(scenario), 7)
        .with(choice(Slot::Replication, strategy))
        .with(choice(Slot::Failover, failover))
}

/// The same world with one service of this kind, under multi-master and this rule.
pub(crate) fn world_of(kind: ServiceKind, rule: &str) -> Scenario {
    let mut scenario = world("last_writer_wins", "last_writer_wins");
    scenario.services = vec![merged(kind, rule)];
    scenario
}

/// The same world with what else its design says of this service.
pub(crate) fn set(world: Scenario, service: ServiceKind, settings: &[(Slot, &str)]) -> Scenario {
    let settings = settings.iter();
    let choices: Vec<Choice> = settings
        .map(|&(slot, policy)| Choice {
            service,
            slot,
            policy: policy.into(),
        })
        .collect();
    world.with(&choices)
}
