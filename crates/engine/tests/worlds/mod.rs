//! Worlds and actions that several tests of the engine share.

use splitbrain_engine::playground::{playground, services};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};

pub(crate) fn action(kind: OpKind, key: Key, argument: u32, payment_key: PaymentKey) -> Action {
    Action {
        kind,
        key,
        argument: Value(argument),
        payment_key,
        via: None,
    }
}

/// Two regions, a customer at each, nobody acts unasked.
pub(crate) fn small(prices: &str, carts: &str, key_store: &str) -> Scenario {
    let mut scenario = playground();
    scenario.id = "small".into();
    scenario.regions.truncate(2);
    scenario.customers.truncate(2);
    for customer in &mut scenario.customers {
        customer.think_us = None;
        customer.account = 0;
    }
    scenario.services = services(prices, carts, key_store);
    scenario.physics.compare_every_us = 1_000_000;
    scenario
}

/// Five regions under one design, with a customer at each of two of them.
pub(crate) fn five(choices: &[(Slot, &str)]) -> Scenario {
    let mut scenario = small("last_writer_wins", "last_writer_wins", "none");
    scenario.regions = playground().regions;
    scenario.physics.compare_every_us = 300_000;
    let choices: Vec<Choice> = choices
        .iter()
        .map(|&(slot, policy)| Choice {
            service: ServiceKind::Prices,
            slot,
            policy: policy.into(),
        })
        .collect();
    scenario.with(&choices)
}
