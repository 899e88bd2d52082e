//! Scenarios: a configuration, and the world that it makes. The one file that
//! knows every registry.

use splitbrain_sorted::sort_short;

use crate::clocks::PhysicalClock;
use crate::conflict;
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::crdt;
pub use crate::design::{Choice, MergeRule, Service, ServiceKind, Slot};
use crate::idempotency::gateway::Gateway;
use crate::idempotency::protocol::Payments;
use crate::idempotency::{self, KeyStore};
use crate::policy::Info;
use crate::regions::{RegionId, round_trip_us};
use crate::replication::{self, Homes, Setup, Strategy};
use crate::routing::{self, RoutingPolicy};
use crate::sim::dice::{Dice, Purpose};
use crate::sim::fact::HostId;
use crate::sim::network::{Network, Place};
use crate::sim::node::{Addr, MAX_SERVICES, Node, Value};
use crate::sim::world::{Host, World};
use crate::workload::customer::Customer;
use crate::workload::profile::{Profile, Services};
use crate::workload::{Habits, RetryPolicy};

/// A customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CustomerSpec {
    /// How people call her.
    pub name: String,
    /// The nearest region, by its place in the scenario; the account lives there too.
    pub near: u8,
    /// Whose cart and payments: customers with one account share them.
    pub account: u32,
    /// Mean time between operations of her own, in microseconds; none if she only
    /// does what she is told.
    pub think_us: Option<u64>,
    /// What she does by herself.
    pub habits: Habits,
}

/// The physics of a scenario; every number is in microseconds or parts per million.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Physics {
    /// Mean of the exponential jitter of a message, as a share of its base time.
    pub jitter_ppm: u32,
    /// From a customer to the network, one way.
    pub access_us: u32,
    /// From a region to the payment gateway, one way.
    pub gateway_us: u32,
    /// The gateway works at least this long on a charge.
    pub charge_least_us: u32,
    /// And at most this much longer.
    pub charge_spread_us: u32,
    /// Wall clocks start at most this far from true time, either way.
    pub clock_offset_us: u32,
    /// Clocks run at most this much fast or slow.
    pub clock_drift_ppm: u32,
    /// How often a replica compares itself with a peer.
    pub compare_every_us: u64,
}

impl Default for Physics {
    /// Choices, not measurements, but for the clocks: tens of milliseconds apart
    /// is common under NTP over the internet (Mills, RFC 5905), and 20 ppm is an
    /// ordinary quartz.
    fn default() -> Self {
        Self {
            jitter_ppm: 20_000,
            access_us: 8_000,
            gateway_us: 15_000,
            charge_least_us: 40_000,
            charge_spread_us: 60_000,
            clock_offset_us: 5_000,
            clock_drift_ppm: 20,
            compare_every_us: 500_000,
        }
    }
}

/// Everything that a run starts from, but for the seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scenario {
    /// Stable id.
    pub id: String,
    /// The regions, at most 32, none twice.
    pub regions: Vec<RegionId>,
    /// The customers.
    pub customers: Vec<CustomerSpec>,
    /// The services, at most one of each kind.
    pub services: Vec<Service>,
    /// Ids of the items for sale, at most 32.
    pub items: Vec<String>,
    /// The routing policy, by id.
    pub routing: String,
    /// How customers' apps retry.
    pub retry: RetryPolicy,
    /// The physics.
    pub physics: Physics,
    /// What an item costs before anybody sets a price; 0 for nothing.
    pub list_price: u32,
}

/// Customers in a scenario at most.
pub const MAX_CUSTOMERS: u32 = 1_000;
/// Items in a scenario at most: a cart is a set of 32 bits.
pub const MAX_ITEMS: u32 = 32;

/// What is wrong with a scenario. Fields are named as lesson files name them.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {found} is not allowed; allowed: {allowed}")]
pub struct ScenarioError {
    /// Which field.
    pub field: String,
    /// What stands there.
    pub found: String,
    /// What may stand there.
    pub allowed: String,
}

impl Scenario {
    /// The place of a service of this kind.
    pub fn service(&self, kind: ServiceKind) -> Option<u8> {
        let place = self
            .services
            .iter()
            .position(|service| service.kind == kind);
        place.map(|place| place as u8)
    }

    /// What a key of such a service shows before anything was written.
    pub fn initial(&self, kind: ServiceKind) -> Value {
        Value(match kind {
            ServiceKind::Prices => self.list_price,
            ServiceKind::Carts
            | ServiceKind::Payments
            | ServiceKind::Jobs
            | ServiceKind::Time
            | ServiceKind::Chat
            | ServiceKind::Orders
            | ServiceKind::Profiles
            | ServiceKind::Likes
            | ServiceKind::Stock
            | ServiceKind::Documents => 0,
        })
    }

    /// The host of the payment gateway.
    pub fn gateway(&self) -> HostId {
        HostId(self.regions.len() as u16)
    }

    /// The host of a customer.
    pub fn customer_host(&self, customer: u16) -> HostId {
        HostId(self.regions.len() as u16 + 1 + customer)
    }

    /// The customer on a host, if one is.
    pub fn customer_at(&self, host: HostId) -> Option<u16> {
        let first = self.regions.len() as u16 + 1;
        let index = host.0.checked_sub(first)?;
        ((index as usize) < self.customers.len()).then_some(index)
    }

    /// The place of a region, by its stable id.
    pub fn region(&self, id: &str) -> Option<u8> {
        let place = self.regions.iter().position(|region| region.get().id == id);
        place.map(|place| place as u8)
    }

    /// Everything that is wrong with it, all at once.
    pub fn check(&self) -> Vec<ScenarioError> {
        let mut errors = Vec::new();
        let mut wrong = |field: String, found: String, allowed: String| {
            errors.push(ScenarioError {
                field,
                found,
                allowed,
            });
        };
        let counts = [
            ("regions", self.regions.len() as u64, 1, 32),
            (
                "customers",
                self.customers.len() as u64,
                0,
                u64::from(MAX_CUSTOMERS),
            ),
            ("items", self.items.len() as u64, 1, u64::from(MAX_ITEMS)),
            (
                "services",
                self.services.len() as u64,
                1,
                u64::from(MAX_SERVICES),
            ),
            ("retry.attempts", u64::from(self.retry.attempts), 1, 20),
            (
                "retry.timeout_us",
                self.retry.timeout_us,
                1_000,
                600_000_000,
            ),
            ("retry.backoff_us", self.retry.backoff_us, 0, 600_000_000),
            (
                "physics.compare_every_us",
                self.physics.compare_every_us,
                10_000,
                3_600_000_000,
            ),
            (
                "physics.jitter_ppm",
                u64::from(self.physics.jitter_ppm),
                0,
                10_000_000,
            ),
            (
                "physics.clock_drift_ppm",
                u64::from(self.physics.clock_drift_ppm),
                0,
                100_000,
            ),
        ];
        for (field, found, least, most) in counts {
            if !(least..=most).contains(&found) {
                wrong(
                    field.into(),
                    found.to_string(),
                    format!("{least} to {most}"),
                );
            }
        }
        for (place, region) in self.regions.iter().enumerate() {
            if self.regions[..place].contains(region) {
                let field = format!("regions[{place}]");
                wrong(field, region.get().id.into(), "each region once".into());
            }
        }
        for (place, customer) in self.customers.iter().enumerate() {
            if customer.near as usize >= self.regions.len() {
                let field = format!("customers[{place}].near");
                wrong(
                    field,
                    customer.near.to_string(),
                    "a region of the scenario".into(),
                );
            }
            if customer.think_us.is_some_and(|think_us| think_us < 1_000) {
                let field = format!("customers[{place}].think_us");
                wrong(
                    field,
                    customer.think_us.unwrap_or(0).to_string(),
                    "at least 1000".into(),
                );
            }
            if customer.think_us.is_some() && customer.habits.weights().iter().sum::<u32>() == 0 {
                let field = format!("customers[{place}].habits");
                wrong(
                    field,
                    "none".into(),
                    "at least one weight above zero".into(),
                );
            }
        }
        for (place, service) in self.services.iter().enumerate() {
            if self.services[..place]
                .iter()
                .any(|other| other.kind == service.kind)
            {
                let field = format!("services[{place}]");
                wrong(
                    field,
                    service.kind.id().into(),
                    "one service of each kind".into(),
                );
            }
            for slot in service.slots() {
                let choices: Vec<&str> = slot
                    .choices(service.kind)
                    .iter()
                    .map(|info| info.id)
                    .collect();
                let found = service.choice(slot).unwrap_or("nothing");
                if !choices.contains(&found) {
                    let field = format!("services.{}.{}", service.kind.id(), slot.id());
                    wrong(field, found.into(), choices.join(", "));
                }
            }
        }
        if routing_policy(&self.routing).is_none() {
            let known: Vec<&str> = routing::ALL.iter().map(|policy| policy.info().id).collect();
            wrong("routing".into(), self.routing.clone(), known.join(", "));
        }
        errors
    }

    /// The same scenario with other policies in some slots. What it does not have
    /// is left out.
    #[must_use]
    pub fn with(&self, choices: &[Choice]) -> Self {
        let mut scenario = self.clone();
        for choice in choices {
            let services = scenario.services.iter_mut();
            for service in services.filter(|service| service.kind == choice.service) {
                service.design.retain(|(slot, _)| *slot != choice.slot);
                service.design.push((choice.slot, choice.policy.clone()));
                sort_short(&mut service.design, |one, other| one < other);
            }
        }
        scenario
    }

    /// The world at the beginning. A scenario that [`Scenario::check`] finds fault
    /// with gives a world without the parts at fault.
    pub fn world(&self, seed: u64) -> World {
        let dice = Dice::new(seed);
        let network = self.network();
        let places = (0..self.regions.len() as u8).map(Place::Region);
        let places = places.chain([Place::Gateway]);
        let places = places.chain(
            self.customers
                .iter()
                .map(|customer| Place::Near(customer.near)),
        );
        let keeps_time = self.service(ServiceKind::Time).is_some();
        let hosts = places
            .enumerate()
            .map(|(number, place)| Host {
                is_slewed: false,
                place,
                is_up: true,
                incarnation: 1,
                // The outside clock that regions ask is right.
                clock: if keeps_time && place == Place::Gateway {
                    PhysicalClock::default()
                } else {
                    self.clock(dice, number as u64)
                },
            })
            .collect();
        let regions = self.regions.len() as u8;
        let mut world = World::new(seed, network.clone(), regions, hosts);
        for (number, service) in self.services.iter().enumerate() {
            let number = number as u8;
            for region in 0..regions {
                let me = Addr::new(HostId(u16::from(region)), number);
                if let Some(node) = self.service_node(service, me) {
                    world.install(me, node);
                }
            }
            if service.kind == ServiceKind::Payments {
                let gateway = Gateway::new(
                    u64::from(self.physics.charge_least_us),
                    self.physics.charge_spread_us,
                );
                world.install(Addr::new(self.gateway(), number), Box::new(gateway));
            }
            let outside = Addr::new(self.gateway(), number);
            if let Some(node) = self.outside_node(service, outside) {
                world.install(outside, node);
            }
        }
        for index in 0..self.customers.len() as u16 {
            let profile = self.profile(index, &network);
            let node = Box::new(Customer::new(profile));
            world.install(Addr::new(self.customer_host(index), 0), node);
        }
        world
    }

    fn network(&self) -> Network {
        let mut network = Network::new(self.regions.len() as u8, |from, to| {
            round_trip_us(self.regions[from as usize], self.regions[to as usize]) / 2
        });
        network.jitter_ppm = self.physics.jitter_ppm;
        network.access_us = self.physics.access_us;
        network.gateway_us = self.physics.gateway_us;
        network
    }

    fn clock(&self, dice: Dice, host: u64) -> PhysicalClock {
        let around = |purpose, most: u32| {
            i64::from(dice.below(purpose, host, 2 * most + 1)) - i64::from(most)
        };
        let offset_us = around(Purpose::ClockOffset, self.physics.clock_offset_us);
        let drift_ppm = around(Purpose::ClockDrift, self.physics.clock_drift_ppm);
        PhysicalClock::new(offset_us, drift_ppm as i32)
    }

    fn setup(&self, service: &Service, me: Addr) -> Option<Setup> {
        Some(Setup {
            me,
            regions: self.regions.len() as u8,
            // What merges nothing has no choice of rules, and never asks its rule.
            rule: match service.choice(Slot::Merge) {
                Some(_) => MergeRule::of(service)?,
                None => MergeRule::Conflict(&LastWriterWins),
            },
            compare_every_us: self.physics.compare_every_us,
            initial: self.initial(service.kind),
        })
    }

    fn outside_node(&self, service: &Service, me: Addr) -> Option<Box<dyn Node>> {
        let setup = self.setup(service, me)?;
        service.strategy()?.outside(setup, service)
    }

    fn service_node(&self, service: &Service, me: Addr) -> Option<Box<dyn Node>> {
        match service.kind {
            ServiceKind::Prices
            | ServiceKind::Carts
            | ServiceKind::Jobs
            | ServiceKind::Time
            | ServiceKind::Chat
            | ServiceKind::Orders
            | ServiceKind::Profiles
            | ServiceKind::Likes
            | ServiceKind::Stock
            | ServiceKind::Documents => {
                let setup = self.setup(service, me)?;
                let customers = self.customers.iter();
                let accounts = customers.map(|customer| (customer.account, customer.near));
                let accounts = Homes::new(accounts);
                Some(
                    service
                        .strategy()?
                        .replica_at_home(setup, service, accounts),
                )
            }
            ServiceKind::Payments => {
                let store = key_store(service.choice(Slot::KeyStore)?)?;
                let gateway = Addr::new(self.gateway(), me.service());
                Some(Box::new(Payments::new(me, gateway, store)))
            }
        }
    }

    /// The services of which something is true, in a mask.
    fn mask(&self, is_so: impl Fn(&Service) -> bool) -> u16 {
        let services = self.services.iter().enumerate();
        services.fold(0, |mask, (place, service)| {
            mask | u16::from(is_so(service)) << place
        })
    }

    fn profile(&self, index: u16, network: &Network) -> Profile {
        let customer = &self.customers[index as usize];
        let regions = self.regions.len() as u8;
        let ranked = routing_policy(&self.routing).map_or_else(
            || vec![customer.near],
            |policy| policy.rank(network, regions, customer.near),
        );
        Profile {
            me: Addr::new(self.customer_host(index), 0),
            regions: ranked,
            home: customer.near,
            account: customer.account,
            think_us: customer.think_us,
            habits: customer.habits,
            retry: self.retry,
            services: Services {
                prices: self.service(ServiceKind::Prices),
                carts: self.service(ServiceKind::Carts),
                payments: self.service(ServiceKind::Payments),
                chat: self.service(ServiceKind::Chat),
                likes: self.service(ServiceKind::Likes),
                stock: self.service(ServiceKind::Stock),
                orders: self.service(ServiceKind::Orders),
                profiles: self.service(ServiceKind::Profiles),
                documents: self.service(ServiceKind::Documents),
                whole: self.mask(|it| it.strategy().is_some_and(Strategy::has_homes)),
                contexts: self.mask(conflict::settings::returns_contexts),
                several: self.mask(|it| it.merge_rule().is_some_and(MergeRule::keeps_siblings)),
            },
            items: self.items.len() as u32,
            ships: if customer.habits.ship_order > 0 {
                self.accounts_that_order()
            } else {
                Vec::new()
            },
        }
    }

    /// The accounts of those who place orders by themselves, each once.
    fn accounts_that_order(&self) -> Vec<u32> {
        let customers = self.customers.iter();
        let customers = customers.filter(|customer| customer.habits.move_order > 0);
        let mut accounts: Vec<u32> = customers.map(|customer| customer.account).collect();
        accounts.sort_unstable();
        accounts.dedup();
        accounts
    }
}

fn key_store(id: &str) -> Option<&'static dyn KeyStore> {
    idempotency::ALL
        .iter()
        .copied()
        .find(|entry| entry.info().id == id)
}

fn routing_policy(id: &str) -> Option<&'static dyn RoutingPolicy> {
    routing::ALL
        .iter()
        .copied()
        .find(|entry| entry.info().id == id)
}

/// What every entry of every catalogue says of itself.
pub fn catalog() -> Vec<&'static Info> {
    let strategies = replication::all().map(replication::Strategy::info);
    let rules = conflict::all().map(conflict::ConflictRule::info);
    let types = crdt::ALL.iter().map(|entry| entry.info);
    let own = |info: &Info| crdt::ALL.iter().any(|entry| entry.info.id == info.id);
    let merged = replication::merged_types().map(|of| of.info);
    let types = types.chain(merged.filter(|info| !own(info)));
    let stores = idempotency::ALL.iter().map(|entry| entry.info());
    let routes = routing::ALL.iter().map(|entry| entry.info());
    // Of phones the same can be chosen as of addresses.
    let settings = Slot::SETTINGS.iter();
    let settings = settings.filter(|&&slot| slot != Slot::PhoneRule);
    let settings = settings.flat_map(|slot| slot.choices(ServiceKind::Prices));
    strategies
        .chain(settings)
        .chain(rules)
        .chain(types)
        .chain(stores)
        .chain(routes)
        .collect()
}
