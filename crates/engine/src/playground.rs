//! The worlds that come with the engine: those that it is tried and measured in here,
//! those that a menu offers in [`ready`], those of a rule that was composed in [`of_rule`].

pub mod of_rule;
pub mod ready;

use crate::regions::RegionId;
use crate::scenario::{CustomerSpec, Physics, Scenario, Service, ServiceKind, Slot};
use crate::workload::{Habits, NextAttempt, RetryPolicy};

/// How apps retry unless a scenario says otherwise: choices.
pub const RETRY: RetryPolicy = RetryPolicy {
    timeout_us: 1_000_000,
    attempts: 3,
    backoff_us: 250_000,
    next: NextAttempt::NextRegion,
};

/// Items for sale; their names stand in the word catalogues.
pub const ITEMS: [&str; 8] = [
    "lamp", "mug", "book", "chair", "plant", "radio", "scarf", "kettle",
];

/// The shop's three services with this design each.
pub fn services(prices: &str, carts: &str, key_store: &str) -> Vec<Service> {
    let replicated = |kind, merge: &str| Service {
        kind,
        design: vec![
            (Slot::Replication, "multi_master".into()),
            (Slot::Merge, merge.into()),
        ],
    };
    vec![
        replicated(ServiceKind::Prices, prices),
        replicated(ServiceKind::Carts, carts),
        Service {
            kind: ServiceKind::Payments,
            design: vec![(Slot::KeyStore, key_store.into())],
        },
    ]
}

fn regions(ids: &[&str]) -> Vec<RegionId> {
    ids.iter().filter_map(|id| RegionId::find(id)).collect()
}

/// The free playground: five regions and a handful of customers who shop, 6
/// requests a second in all.
pub fn playground() -> Scenario {
    let customer = |name: &str, near, think_ms: u64, habits| CustomerSpec {
        name: name.into(),
        near,
        account: 0,
        think_us: Some(think_ms * 1_000),
        habits,
    };
    let mut customers = vec![
        customer("Ana", 0, 1_200, Habits::SHOPPER),
        customer("Ben", 1, 1_200, Habits::SHOPPER),
        customer("Chiyo", 2, 1_300, Habits::SHOPPER),
        customer("Davi", 3, 1_400, Habits::SHOPPER),
        customer("Ella", 4, 1_400, Habits::SHOPPER),
        customer("Farid", 1, 1_500, Habits::SHOPPER),
        customer("Grace", 0, 1_500, Habits::SHOPPER),
        customer("Mika", 0, 4_000, Habits::SHOPKEEPER),
        customer("Nora", 1, 4_000, Habits::SHOPKEEPER),
    ];
    for (account, customer) in customers.iter_mut().enumerate() {
        customer.account = account as u32;
    }
    Scenario {
        id: "playground".into(),
        regions: regions(&[
            "us-east-1",
            "eu-west-1",
            "ap-northeast-1",
            "sa-east-1",
            "ap-southeast-2",
        ]),
        customers,
        services: services("last_writer_wins", "observed_remove_set", "home_region"),
        items: ITEMS.iter().map(|&item| item.into()).collect(),
        routing: "latency".into(),
        retry: RETRY,
        physics: Physics::default(),
        list_price: 50,
    }
}

/// The world that figures are measured on: the playground's five regions with
/// 200 requests a second in all.
pub fn busy() -> Scenario {
    let mut scenario = playground();
    scenario.id = "busy".into();
    scenario.customers = (0..200)
        .map(|number| CustomerSpec {
            name: format!("customer {number}"),
            near: (number % 5) as u8,
            account: number,
            think_us: Some(1_000_000),
            habits: if number % 20 == 0 {
                Habits::SHOPKEEPER
            } else {
                Habits::SHOPPER
            },
        })
        .collect();
    scenario
}

/// Three regions with a customer each, who does what she is told and nothing unasked.
pub fn three_and_three() -> Scenario {
    let mut scenario = playground();
    scenario.regions.truncate(3);
    scenario.customers.truncate(3);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = place as u8;
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    scenario
}

/// The world that designs are tried in: three regions, two customers at each of two of
/// them who share an account, every service, and nobody acts unasked.
pub fn trial() -> Scenario {
    let mut scenario = playground();
    scenario.id = "trial".into();
    scenario.regions.truncate(3);
    scenario.customers.truncate(4);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.near = (place % 3) as u8;
        customer.account = (place / 2) as u32;
        customer.think_us = None;
    }
    scenario.services = services("last_writer_wins", "last_writer_wins", "none");
    scenario.services.push(Service {
        kind: ServiceKind::Jobs,
        design: vec![(Slot::Schedule, "designated_region".into())],
    });
    scenario
}

/// The same, where apps do not try again: then what takes effect twice is not the
/// customer's doing.
pub fn trial_once() -> Scenario {
    let mut scenario = trial();
    scenario.id = "trial-once".into();
    scenario.retry.attempts = 1;
    scenario
}

/// The same as [`trial`] with five regions, so that a key can have fewer copies than there
/// are regions.
pub fn trial_of_five() -> Scenario {
    let mut scenario = trial();
    scenario.id = "trial-of-five".into();
    scenario.regions = playground().regions;
    scenario
}

/// The same as [`trial_once`] with five regions.
pub fn trial_of_five_once() -> Scenario {
    let mut scenario = trial_of_five();
    scenario.id = "trial-of-five-once".into();
    scenario.retry.attempts = 1;
    scenario
}

/// The world that rules for records are tried in: that of [`trial`] with orders and profiles
/// in place of what it has.
pub fn records_trial() -> Scenario {
    let mut scenario = trial();
    scenario.id = "records-trial".into();
    let kinds = [ServiceKind::Orders, ServiceKind::Profiles];
    scenario.services = kinds.map(|kind| merged(kind, "last_writer_wins")).into();
    scenario
}

/// The same as [`records_trial`], where apps do not try again.
pub fn records_trial_once() -> Scenario {
    let mut scenario = records_trial();
    scenario.id = "records-trial-once".into();
    scenario.retry.attempts = 1;
    scenario
}

/// A chat service with this delivery.
pub fn chat_service(delivery: &str) -> Service {
    Service {
        kind: ServiceKind::Chat,
        design: vec![(Slot::Replication, delivery.into())],
    }
}

/// The free playground's five regions and people who chat, 4 requests a second in all.
/// Half of what a message takes is jitter, as on links that are congested: a choice, so
/// that one overtakes another now and then.
pub fn chat() -> Scenario {
    let mut scenario = playground();
    scenario.id = "chat".into();
    for customer in &mut scenario.customers {
        customer.habits = Habits::CHATTER;
        customer.think_us = Some(2_000_000);
    }
    scenario.services = vec![chat_service("plain_broadcast")];
    scenario.physics.jitter_ppm = 1_000_000;
    scenario
}

/// The world that deliveries of a chat are tried in: that of [`trial`] with nothing else.
pub fn chat_trial() -> Scenario {
    let mut scenario = trial();
    scenario.id = "chat-trial".into();
    scenario.services = vec![chat_service("plain_broadcast")];
    scenario
}

/// A service whose regions all accept writes, and merge them by this rule or type.
pub fn merged(kind: ServiceKind, merge: &str) -> Service {
    Service {
        kind,
        design: vec![
            (Slot::Replication, "multi_master".into()),
            (Slot::Merge, merge.into()),
        ],
    }
}

/// The free playground's five regions and people who like things, 4 requests a second in
/// all.
pub fn likes() -> Scenario {
    let mut scenario = chat();
    scenario.id = "likes".into();
    for customer in &mut scenario.customers {
        customer.habits = Habits::FAN;
    }
    scenario.services = vec![merged(ServiceKind::Likes, "pn_counter")];
    scenario.physics = Physics::default();
    scenario
}

/// The free playground's five regions, people who buy what is left of two things, and two
/// who fill the shelves; 12 requests a second in all.
pub fn stock() -> Scenario {
    let mut scenario = likes();
    scenario.id = "stock".into();
    scenario.items.truncate(2);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        // More is wanted than comes in, so that the last one is wanted in two places now and
        // then.
        let (habits, think_us) = if place < 7 {
            (Habits::BUYER, 600_000)
        } else {
            (Habits::STOCKIST, 2_500_000)
        };
        customer.habits = habits;
        customer.think_us = Some(think_us);
    }
    scenario.services = vec![merged(ServiceKind::Stock, "bounded_counter")];
    scenario
}

/// The free playground's five regions, people who order, and two warehouses that ship what is
/// paid; 7 requests a second in all.
pub fn orders() -> Scenario {
    let mut scenario = likes();
    scenario.id = "orders".into();
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        let (habits, think_us) = if place < 7 {
            (Habits::ORDERER, 3_000_000)
        } else {
            (Habits::SHIPPER, 500_000)
        };
        customer.habits = habits;
        customer.think_us = Some(think_us);
    }
    scenario.services = vec![merged(ServiceKind::Orders, "last_writer_wins")];
    scenario
}

/// The free playground's five regions and people who keep their profiles right, two of them
/// the same one from two places; 4 requests a second in all.
pub fn profiles() -> Scenario {
    let mut scenario = likes();
    scenario.id = "profiles".into();
    for customer in &mut scenario.customers {
        customer.habits = Habits::RESIDENT;
    }
    // Ana and Ben share a household.
    scenario.customers[1].account = scenario.customers[0].account;
    scenario.services = vec![merged(ServiceKind::Profiles, "last_writer_wins")];
    scenario
}

/// The world that counters are tried in: that of [`trial`] with nothing but likes.
pub fn likes_trial() -> Scenario {
    let mut scenario = trial();
    scenario.id = "likes-trial".into();
    scenario.services = vec![merged(ServiceKind::Likes, "pn_counter")];
    scenario
}

/// The world that stock is tried in: that of [`trial`] with nothing else.
pub fn stock_trial() -> Scenario {
    let mut scenario = trial();
    scenario.id = "stock-trial".into();
    scenario.services = vec![merged(ServiceKind::Stock, "bounded_counter")];
    scenario
}

/// The free playground's five regions, and two people far from each other who write one
/// line, 2 requests a second in all; the others wait to be told.
pub fn documents() -> Scenario {
    let mut scenario = likes();
    scenario.id = "documents".into();
    let first = scenario.customers[0].near;
    let other = scenario.customers.iter().rposition(|it| it.near != first);
    for (place, customer) in scenario.customers.iter_mut().enumerate() {
        customer.habits = Habits::WRITER;
        let writes = place == 0 || other == Some(place);
        customer.think_us = writes.then_some(1_000_000);
    }
    scenario.services = vec![merged(ServiceKind::Documents, "sequence")];
    scenario
}

/// The world that documents are tried in: that of [`trial`] with nothing else.
pub fn documents_trial() -> Scenario {
    let mut scenario = trial();
    scenario.id = "documents-trial".into();
    scenario.services = vec![merged(ServiceKind::Documents, "sequence")];
    scenario
}

/// Every world that belongs to no lesson.
pub const ALL: &[fn() -> Scenario] = &[
    playground,
    busy,
    trial,
    trial_once,
    trial_of_five,
    trial_of_five_once,
    chat,
    chat_trial,
    ready::sessions,
    ready::homes,
    ready::queues,
    ready::lock,
    ready::report,
    ready::clocks,
    ready::forgetting,
    records_trial,
    records_trial_once,
    likes,
    stock,
    likes_trial,
    stock_trial,
    orders,
    profiles,
    documents,
    documents_trial,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worlds_that_come_with_the_engine_are_sound() {
        assert_eq!(playground().check(), []);
        assert_eq!(busy().check(), []);
        assert_eq!(chat().check(), []);
        assert_eq!(chat_trial().check(), []);
        assert_eq!(records_trial().check(), []);
        let of_records = [orders, profiles, documents, documents_trial];
        for world in [likes, stock, likes_trial, stock_trial]
            .into_iter()
            .chain(of_records)
        {
            assert_eq!(world().check(), []);
        }
    }

    #[test]
    fn the_playground_asks_four_to_eight_times_a_second() {
        let rate: f64 = playground()
            .customers
            .iter()
            .filter_map(|customer| customer.think_us)
            .map(|think_us| 1e6 / think_us as f64)
            .sum();
        assert!((4.0..=8.0).contains(&rate), "{rate}");
    }
}
