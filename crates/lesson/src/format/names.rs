//! Names in a lesson's file, as places in its scenario.

use splitbrain_checker::properties::consistency::judges_sets;
use splitbrain_checker::properties::{self, Info};
use splitbrain_engine::chat::ROOMS;
use splitbrain_engine::documents::DOCUMENTS;
use splitbrain_engine::regions::{CATALOG, RegionId};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::node::{Key, Value};

use super::reader::{Place, Table};

/// A region of the catalogue.
pub(super) fn catalogued(place: &Place<'_>) -> Option<RegionId> {
    let text = place.text(60)?;
    let found = RegionId::find(text);
    if found.is_none() {
        let known: Vec<&str> = CATALOG.iter().map(|region| region.id).collect();
        place.refuse(text, known.join(", "));
    }
    found
}

/// A region of the scenario.
pub(super) fn region(place: &Place<'_>, scenario: &Scenario) -> Option<u8> {
    // What is wrong with all of them has been said where they stand.
    if scenario.regions.is_empty() {
        return None;
    }
    let known: Vec<&str> = scenario.regions.iter().map(|r| r.get().id).collect();
    place.one_of(&known).map(|index| index as u8)
}

/// Two different regions of the scenario.
pub(super) fn pair(place: &Place<'_>, scenario: &Scenario) -> Option<[u8; 2]> {
    let ends = place.list(2, 2)?;
    let (a, b) = (region(&ends[0], scenario), region(&ends[1], scenario));
    let (a, b) = (a?, b?);
    if a == b {
        ends[1].refuse(
            scenario.regions[b as usize].get().id,
            "two different regions",
        );
        return None;
    }
    Some([a, b])
}

/// A customer of the scenario, by name.
pub(super) fn customer(place: &Place<'_>, scenario: &Scenario) -> Option<u16> {
    let known: Vec<&str> = scenario.customers.iter().map(|c| c.name.as_str()).collect();
    place.one_of(&known).map(|index| index as u16)
}

/// An item of the scenario; its index.
pub(super) fn item(place: &Place<'_>, scenario: &Scenario) -> Option<Value> {
    let known: Vec<&str> = scenario.items.iter().map(String::as_str).collect();
    place.one_of(&known).map(|index| Value(index as u32))
}

/// A service of the scenario; notes a problem where it has none of that kind.
pub(super) fn service(place: &Place<'_>, scenario: &Scenario, kind: ServiceKind) -> Option<u8> {
    let found = scenario.service(kind);
    if found.is_none() {
        let known: Vec<&str> = scenario.services.iter().map(|s| s.kind.id()).collect();
        place.refuse(kind.id(), known.join(", "));
    }
    found
}

/// A customer's place in the services of a kind: her cart, her payments.
pub(super) fn account(
    place: &Place<'_>,
    scenario: &Scenario,
    kind: ServiceKind,
    customer: u16,
) -> Option<Key> {
    let service = service(place, scenario, kind)?;
    let account = scenario.customers.get(customer as usize)?.account;
    Some(Key::new(service, account))
}

/// A key: `prices/ITEM`, `chat/NUMBER`, `documents/NUMBER`, or `carts/`, `orders/` or `profiles/CUSTOMER`.
pub(super) fn key(table: &Table<'_>, scenario: &Scenario) -> Option<Key> {
    let place = table.get("key")?;
    let text = place.text(100)?;
    let (kind, name) = text.split_once('/').unwrap_or((text, ""));
    let index = match kind {
        "prices" | "likes" | "stock" => scenario.items.iter().position(|item| item == name),
        "carts" | "orders" | "profiles" => {
            let mut customers = scenario.customers.iter();
            let customer = customers.find(|customer| customer.name == name);
            customer.map(|customer| customer.account as usize)
        }
        "chat" => rooms().position(|room| room == name),
        "documents" => documents().position(|number| number == name),
        _ => None,
    };
    let kind = match kind {
        "prices" => ServiceKind::Prices,
        "chat" => ServiceKind::Chat,
        "orders" => ServiceKind::Orders,
        "profiles" => ServiceKind::Profiles,
        "likes" => ServiceKind::Likes,
        "stock" => ServiceKind::Stock,
        "documents" => ServiceKind::Documents,
        _ => ServiceKind::Carts,
    };
    let service = scenario.service(kind);
    let found = index.zip(service);
    if found.is_none() {
        place.refuse(text, key_names(scenario));
    }
    found.map(|(index, service)| Key::new(service, index as u32))
}

fn key_names(scenario: &Scenario) -> String {
    let mut known = Vec::new();
    if scenario.service(ServiceKind::Prices).is_some() {
        known.extend(scenario.items.iter().map(|item| format!("prices/{item}")));
    }
    for kind in [ServiceKind::Likes, ServiceKind::Stock] {
        if scenario.service(kind).is_some() {
            let items = scenario.items.iter();
            known.extend(items.map(|item| format!("{}/{item}", kind.id())));
        }
    }
    for kind in [
        ServiceKind::Carts,
        ServiceKind::Orders,
        ServiceKind::Profiles,
    ] {
        if scenario.service(kind).is_some() {
            let customers = scenario.customers.iter();
            known.extend(customers.map(|customer| format!("{}/{}", kind.id(), customer.name)));
        }
    }
    if scenario.service(ServiceKind::Chat).is_some() {
        known.extend(rooms().map(|room| format!("chat/{room}")));
    }
    if scenario.service(ServiceKind::Documents).is_some() {
        known.extend(documents().map(|number| format!("documents/{number}")));
    }
    known.join(", ")
}

/// Documents are called by their numbers, from 1.
fn documents() -> impl Iterator<Item = String> {
    (1..=DOCUMENTS).map(|number| number.to_string())
}

/// Rooms are called by their numbers, from 1.
fn rooms() -> impl Iterator<Item = String> {
    (1..=ROOMS).map(|room| room.to_string())
}

/// A property that is judged, by its id.
pub(super) fn property(place: &Place<'_>) -> Option<&'static Info> {
    let known = properties::ALL.map(|info| info.id);
    place.one_of(&known).map(|index| properties::ALL[index])
}

/// Notes a problem where the property cannot be judged for one customer.
pub(super) fn may_be_asked_of_one(place: &Place<'_>, info: &Info) -> Option<()> {
    if info.per_customer {
        return Some(());
    }
    let allowed = ids(|info| info.per_customer);
    let text = format!("a customer with {}", info.id);
    place.refuse(text, format!("a customer with {allowed}"));
    None
}

/// Which properties can be asked of a cart.
pub(super) fn judged_of_sets() -> String {
    ids(|info| judges_sets(info.property))
}

fn ids(is_it: impl Fn(&Info) -> bool) -> String {
    let known = properties::ALL.into_iter().filter(|info| is_it(info));
    let ids: Vec<&str> = known.map(|info| info.id).collect();
    ids.join(", ")
}
