//! The `[scenario]` of a lesson or of a file with a run, as an engine scenario.

use splitbrain_engine::playground;
use splitbrain_engine::regions::RegionId;
use splitbrain_engine::replication::quorum::Settings;
use splitbrain_engine::scenario::{CustomerSpec, Physics, Scenario, Service, ServiceKind, Slot};
use splitbrain_engine::workload::{Habits, NextAttempt, RetryPolicy};
use splitbrain_sorted::sort_short;

use super::error::Problem;
use super::names;
use super::reader::{Place, Table};
use super::tree::Tree;

/// Customers of a lesson at most: more than a learner can tell apart.
const MAX_CUSTOMERS: u32 = 20;
/// An hour, the longest of any time in a scenario.
const HOUR_US: i64 = 3_600_000_000;

/// Reads a scenario that is to have this id. Where something was not understood, something
/// stands in for it: enough to check the names in the rest of a file, and nothing to be
/// played.
pub(super) fn read(place: &Place<'_>, id: String) -> Option<Scenario> {
    let problems_before = place.problems().count();
    let table = place.table()?;
    let base = table.find("base");
    let from_base = base.and_then(|base| base.one_of(&["playground"])).is_some();
    let mut scenario = if from_base {
        playground::playground()
    } else {
        Scenario {
            id: String::new(),
            regions: Vec::new(),
            customers: Vec::new(),
            services: Vec::new(),
            items: playground::ITEMS.iter().map(|&item| item.into()).collect(),
            routing: "latency".into(),
            retry: playground::RETRY,
            physics: Physics::default(),
            list_price: 0,
        }
    };
    scenario.id = id;
    // As many as are meant, for whatever is counted in regions.
    let mut count = scenario.regions.len();
    if let Some(regions) = part(&table, "regions", from_base) {
        scenario.regions = read_regions(&regions);
        count = regions.node().as_list().map_or(0, <[_]>::len).min(32);
    }
    let list_price = i64::from(scenario.list_price);
    scenario.list_price = table.number_or("list_price", list_price, 0, 1_000_000) as u32;
    if let Some(items) = table.find("items") {
        let items = items.list(1, 32).unwrap_or_default();
        scenario.items = read_items(&items);
    }
    if let Some(customers) = part(&table, "customers", from_base) {
        scenario.customers = read_customers(&customers, &scenario);
    }
    if let Some(services) = part(&table, "services", from_base) {
        scenario.services = read_services(&services, count as u8);
    }
    if let Some(routing) = table.find("routing") {
        scenario.routing = routing.text(60).unwrap_or_default().into();
    }
    if let Some(retry) = table.find("retry") {
        scenario.retry = read_retry(&retry, scenario.retry).unwrap_or(scenario.retry);
    }
    if let Some(physics) = table.find("physics") {
        scenario.physics = read_physics(&physics, scenario.physics).unwrap_or(scenario.physics);
    }
    table.finish();
    // What is wrong with the parts makes the whole wrong in ways that say nothing new.
    if place.problems().count() > problems_before {
        return Some(scenario);
    }
    for error in scenario.check() {
        let field = format!("scenario.{}", error.field);
        let (found, allowed) = (error.found, error.allowed);
        let problem = Problem::NotAllowed { found, allowed };
        place.problems().add(place.node().line, field, problem);
    }
    Some(scenario)
}

/// Reads the regions. A name that is no region's is told once, here, and not again where it
/// is used.
fn read_regions(place: &Place<'_>) -> Vec<RegionId> {
    let Some(places) = place.list(1, 32) else {
        place.doubt_all();
        return Vec::new();
    };
    let mut regions: Vec<RegionId> = Vec::new();
    for place in &places {
        match names::catalogued(place) {
            Some(region) if regions.contains(&region) => {
                let name = region.get().id.to_string();
                place.wrong(Problem::Duplicate { name });
            }
            Some(region) => regions.push(region),
            None => place.doubt(),
        }
    }
    regions
}

/// Reads what is sold: each by a name of its own, by which the rest of a file calls it.
fn read_items(places: &[Place<'_>]) -> Vec<String> {
    let mut items: Vec<String> = Vec::new();
    for place in places {
        let Some(id) = place.id('_') else {
            continue;
        };
        if items.iter().any(|held| held == id) {
            let name = id.to_string();
            place.wrong(Problem::Duplicate { name });
        }
        items.push(id.into());
    }
    items
}

/// A part that may only be left out where there is a base.
fn part<'a>(table: &Table<'a>, name: &'static str, from_base: bool) -> Option<Place<'a>> {
    if from_base {
        table.find(name)
    } else {
        table.get(name)
    }
}

fn read_customers(place: &Place<'_>, scenario: &Scenario) -> Vec<CustomerSpec> {
    let mut customers: Vec<CustomerSpec> = Vec::new();
    let Some(places) = place.list(0, MAX_CUSTOMERS) else {
        place.doubt_all();
        return customers;
    };
    for place in &places {
        let Some(table) = place.table() else {
            continue;
        };
        let name = table.get("name").and_then(|name| name.text(30));
        let near = table
            .get("near")
            .and_then(|near| names::region(&near, scenario));
        let account = table.number_or("account", customers.len() as i64, 0, 0x00FF_FFFF);
        let think_us = table.find("think_us");
        let think_us = think_us.and_then(|think_us| think_us.number(1_000, HOUR_US));
        let habits = table.find("habits").and_then(|habits| read_habits(&habits));
        table.finish();
        let Some(name) = name else {
            continue;
        };
        if customers.iter().any(|held| held.name == name) {
            let name = name.to_string();
            place.wrong(Problem::Duplicate { name });
        }
        customers.push(CustomerSpec {
            name: name.into(),
            near: near.unwrap_or_default(),
            account: account as u32,
            think_us: think_us.map(|think_us| think_us as u64),
            habits: habits.unwrap_or_default(),
        });
    }
    customers
}

fn read_habits(place: &Place<'_>) -> Option<Habits> {
    if place.node().as_text().is_some() {
        let known = [
            Habits::SHOPPER,
            Habits::SHOPKEEPER,
            Habits::CHATTER,
            Habits::FAN,
            Habits::BUYER,
            Habits::STOCKIST,
            Habits::ORDERER,
            Habits::SHIPPER,
            Habits::RESIDENT,
            Habits::WRITER,
        ];
        return place
            .one_of(&[
                "shopper",
                "shopkeeper",
                "chatter",
                "fan",
                "buyer",
                "stockist",
                "orderer",
                "shipper",
                "resident",
                "writer",
            ])
            .map(|index| known[index]);
    }
    let table = place.table()?;
    let weight = |name| table.number_or(name, 0, 0, 1_000_000) as u32;
    let habits = Habits {
        read_price: weight("read_price"),
        write_price: weight("write_price"),
        read_cart: weight("read_cart"),
        add_to_cart: weight("add_to_cart"),
        remove_from_cart: weight("remove_from_cart"),
        pay: weight("pay"),
        read_room: weight("read_room"),
        post: weight("post"),
        read_all: weight("read_all"),
        read_likes: weight("read_likes"),
        like: weight("like"),
        unlike: weight("unlike"),
        read_stock: weight("read_stock"),
        buy: weight("buy"),
        restock: weight("restock"),
        read_order: weight("read_order"),
        move_order: weight("move_order"),
        cancel_order: weight("cancel_order"),
        ship_order: weight("ship_order"),
        read_profile: weight("read_profile"),
        change_address: weight("change_address"),
        change_phone: weight("change_phone"),
        read_document: weight("read_document"),
        insert_word: weight("insert_word"),
        delete_word: weight("delete_word"),
    };
    table.finish();
    Some(habits)
}

fn read_services(place: &Place<'_>, regions: u8) -> Vec<Service> {
    let Some(table) = place.table() else {
        return Vec::new();
    };
    let mut services = Vec::new();
    for &kind in ServiceKind::ALL {
        let Some(slots) = table.find(kind.id()).and_then(|entry| entry.table()) else {
            continue;
        };
        let mut service = Service {
            kind,
            design: Vec::new(),
        };
        let mut asked = Vec::new();
        let mut next = Some(kind.first_slot());
        let mut is_known = true;
        while let Some(slot) = next {
            asked.push(slot);
            let known: Vec<&str> = slot.choices(kind).iter().map(|info| info.id).collect();
            let policy = match slots.find(slot.id()) {
                Some(policy) => match policy.node().tree {
                    Tree::Number(_) if counts(slot) => {
                        counted(&policy, &service, slot, &known, regions)
                    }
                    _ => policy.one_of(&known).map(|index| known[index]),
                },
                // The first strategy need not be named, nor what a strategy can be set to.
                None if slot == Slot::Replication && !known.is_empty() => Some(known[0]),
                None if Slot::SETTINGS.contains(&slot) => None,
                None => slots.get(slot.id()).and(None),
            };
            let is_left_out = policy.is_none() && Slot::SETTINGS.contains(&slot);
            if !is_left_out {
                // Something stands in for what was not understood, so that the rest can be
                // read; what depends on it cannot.
                let chosen = policy.unwrap_or(known[0]);
                service.design.push((slot, chosen.into()));
                is_known &= policy.is_some();
            }
            // What else there is to say depends on what was said: of a strategy, then of a
            // merge.
            let mut further = service.slots().into_iter();
            next = further.find(|further| !asked.contains(further) && is_known);
        }
        sort_short(&mut service.design, |one, other| one < other);
        if !is_known {
            check_further(&slots, kind, regions);
        }
        slots.finish();
        services.push(service);
    }
    table.finish();
    services
}

/// What stands beside a strategy that nobody knows: it is checked against what any strategy
/// of the service could have, so that it is wrong now and not once the strategy is mended.
fn check_further(slots: &Table<'_>, kind: ServiceKind, regions: u8) {
    for slot in kind.slots() {
        if slot == kind.first_slot() {
            continue;
        }
        let Some(policy) = slots.find(slot.id()) else {
            continue;
        };
        if counts(slot) && matches!(policy.node().tree, Tree::Number(_)) {
            policy.number(1, i64::from(regions.max(1)));
        } else {
            let known: Vec<&str> = slot.choices(kind).iter().map(|info| info.id).collect();
            policy.one_of(&known);
        }
    }
}

/// Whether what fills the slot is a number of regions, and may be given as one.
fn counts(slot: Slot) -> bool {
    matches!(slot, Slot::Copies | Slot::ReadQuorum | Slot::WriteQuorum)
}

/// The policy that makes a quorum store count this many regions: N copies, R of them read or
/// W of them written.
fn counted<'a>(
    place: &Place<'_>,
    service: &Service,
    slot: Slot,
    known: &[&'a str],
    regions: u8,
) -> Option<&'a str> {
    let count_of = |policy: &str| {
        let mut service = service.clone();
        service.design.push((slot, policy.into()));
        let settings = Settings::of(&service, regions);
        i64::from(match slot {
            Slot::Copies => settings.copies,
            Slot::ReadQuorum => settings.read,
            _ => settings.write,
        })
    };
    let counts: Vec<i64> = known.iter().map(|policy| count_of(policy)).collect();
    let Tree::Number(asked) = place.node().tree else {
        return None;
    };
    let found = counts.iter().position(|&count| count == asked);
    // Without regions there is no number that could be right.
    if found.is_none() && regions > 0 {
        let mut allowed = counts;
        allowed.sort_unstable();
        allowed.dedup();
        let allowed: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let copies = Settings::of(service, regions).copies;
        let of = if slot == Slot::Copies {
            regions
        } else {
            copies
        };
        place.refuse(asked, format!("{} of {of}", allowed.join(", ")));
    }
    found.map(|index| known[index])
}

fn read_retry(place: &Place<'_>, base: RetryPolicy) -> Option<RetryPolicy> {
    let table = place.table()?;
    let next = table.find("next");
    let next = next.and_then(|next| next.one_of(&["same_region", "next_region"]));
    let retry = RetryPolicy {
        timeout_us: table.number_or("timeout_us", base.timeout_us as i64, 1_000, HOUR_US) as u64,
        attempts: table.number_or("attempts", i64::from(base.attempts), 1, 20) as u8,
        backoff_us: table.number_or("backoff_us", base.backoff_us as i64, 0, HOUR_US) as u64,
        next: match next {
            Some(0) => NextAttempt::SameRegion,
            Some(_) => NextAttempt::NextRegion,
            None => base.next,
        },
    };
    table.finish();
    Some(retry)
}

fn read_physics(place: &Place<'_>, base: Physics) -> Option<Physics> {
    /// Ten seconds, the longest that a part of a message's way may take.
    const WAY_US: i64 = 10_000_000;
    let table = place.table()?;
    let number = |name, base: u32, most| table.number_or(name, i64::from(base), 0, most) as u32;
    let compare = base.compare_every_us as i64;
    let physics = Physics {
        jitter_ppm: number("jitter_ppm", base.jitter_ppm, 10_000_000),
        access_us: number("access_us", base.access_us, WAY_US),
        gateway_us: number("gateway_us", base.gateway_us, WAY_US),
        charge_least_us: number("charge_least_us", base.charge_least_us, WAY_US),
        charge_spread_us: number("charge_spread_us", base.charge_spread_us, WAY_US),
        clock_offset_us: number("clock_offset_us", base.clock_offset_us, WAY_US),
        clock_drift_ppm: number("clock_drift_ppm", base.clock_drift_ppm, 100_000),
        compare_every_us: table.number_or("compare_every_us", compare, 10_000, HOUR_US) as u64,
    };
    table.finish();
    Some(physics)
}
