//! Predicates in a lesson's file about who knew what, and about what was put in and taken out.

use splitbrain_engine::documents::{Line, MOST, WORDS, Word};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::node::{Key, Value};

use super::command::MAX_MS;
use super::names;
use super::reader::{Place, Table};
use crate::goal::{Pair, Predicate, Wrote};

/// Those that are read here.
pub(super) const IDS: [&str; 9] = [
    "cart_contains",
    "cart_lacks",
    "took_back",
    "removal_heard_late",
    "knew",
    "concurrent",
    "typed_apart",
    "read_first",
    "in_turn",
];

/// Reads one of them.
pub(super) fn read(id: &str, table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let key = || names::key(table, scenario);
    let customer = || names::customer(&table.get("customer")?, scenario);
    let between = |name| names::pair(&table.get(name)?, scenario);
    Some(match id {
        "cart_contains" | "cart_lacks" => {
            let item = table.get("item");
            let item = item.and_then(|item| names::item(&item, scenario));
            let key = cart(&table.get("customer")?, scenario)?;
            let item = item?.0 as u8;
            if id == "cart_contains" {
                Predicate::CartContains { key, item }
            } else {
                let removed_in = match table.find("removed_in") {
                    Some(place) => Some(names::region(&place, scenario)?),
                    None => None,
                };
                Predicate::CartLacks {
                    key,
                    item,
                    removed_in,
                    for_good: read_flag(table, "for_good")?,
                }
            }
        }
        "took_back" => {
            let key = of_kind(table, scenario, &[ServiceKind::Carts, ServiceKind::Likes]);
            let (customer, key) = (customer(), key?);
            let is_cart = scenario.service(ServiceKind::Carts) == Some(key.service());
            let item = if is_cart {
                Some(names::item(&table.get("item")?, scenario)?.0 as u8)
            } else {
                None
            };
            let cut = match table.find("between") {
                Some(ends) if is_cart => {
                    let beside = names::customer(&table.get("beside")?, scenario);
                    Some((names::pair(&ends, scenario)?, beside?))
                }
                Some(ends) => {
                    ends.refuse("between", "between of a cart");
                    return None;
                }
                None => None,
            };
            Predicate::TookBack {
                key,
                customer: customer?,
                item,
                cut,
            }
        }
        "knew" => read_knew(table, scenario)?,
        "concurrent" => read_concurrent(table, scenario)?,
        "typed_apart" => {
            let key = of_kind(table, scenario, &[ServiceKind::Documents]);
            let regions = between("regions");
            let lines = table.get("lines").and_then(|place| place.list(2, 2));
            let lines =
                lines.and_then(|lines| Some([read_line(&lines[0])?, read_line(&lines[1])?]));
            Predicate::TypedApart {
                key: key?,
                regions: regions?,
                lines: lines?,
            }
        }
        "read_first" => Predicate::ReadFirst { key: key()? },
        "removal_heard_late" => {
            let at_least_ms = table.number("at_least_ms", 1, MAX_MS);
            let region = names::region(&table.get("region")?, scenario);
            let item = match table.find("item") {
                Some(place) => Some(names::item(&place, scenario)?.0 as u8),
                None => None,
            };
            Predicate::RemovalHeardLate {
                key: key()?,
                region: region?,
                item,
                at_least_us: at_least_ms? as u64 * 1_000,
            }
        }
        _ => {
            let key = key();
            let customers = table.get("customers")?.list(2, 10)?;
            let customers = customers.iter().map(|it| names::customer(it, scenario));
            let customers: Option<Vec<u16>> = customers.collect();
            Predicate::InTurn {
                key: key?,
                customers: customers?,
            }
        }
    })
}

fn read_knew(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let region = table.get("region");
    let region = region.and_then(|place| names::region(&place, scenario));
    // One region by its name, or a list of them.
    let of = table.get("of").and_then(|place| {
        if !place.is_list() {
            return Some(vec![names::region(&place, scenario)?]);
        }
        let places = place.list(1, 8)?;
        let regions = places.iter().map(|place| names::region(place, scenario));
        regions.collect()
    });
    let within_ms = table.find("within_ms");
    let within_ms = within_ms.and_then(|it| it.number(1, MAX_MS));
    Some(Predicate::Knew {
        key: names::key(table, scenario)?,
        region: region?,
        of: of?,
        within_us: within_ms.map(|ms| ms as u64 * 1_000),
        stays: read_flag(table, "stays")?,
    })
}

fn read_concurrent(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let regions = table.get("regions");
    let regions = regions.and_then(|place| names::pair(&place, scenario));
    let apart_ms = table.number("apart_ms", 0, MAX_MS);
    let values = match table.find("values") {
        Some(place) => {
            let values = place.list(2, 2)?;
            let value = |at: usize| values[at].number(0, i64::from(u32::MAX));
            Some([Value(value(0)? as u32), Value(value(1)? as u32)])
        }
        None => None,
    };
    let stays = table.find("stays");
    let wrote = match (values, stays) {
        (None, None) if read_flag(table, "different")? => Wrote::Different,
        (None, None) => Wrote::Anything,
        (Some(values), None) => Wrote::These(values),
        (Some(values), Some(place)) => {
            place.one_of(&["first"])?;
            Wrote::TheseAndFirstStays(values)
        }
        (None, Some(place)) => {
            place.refuse("stays", "stays beside values");
            return None;
        }
    };
    Some(Predicate::Concurrent {
        key: names::key(table, scenario)?,
        pair: Pair {
            regions: regions?,
            apart_us: apart_ms? as u64 * 1_000,
            wrote,
        },
    })
}

/// A key of one of these services; notes a problem where it is of another.
pub(super) fn of_kind(
    table: &Table<'_>,
    scenario: &Scenario,
    kinds: &[ServiceKind],
) -> Option<Key> {
    let key = names::key(table, scenario)?;
    let is_it = |kind: &&ServiceKind| scenario.service(**kind) == Some(key.service());
    if kinds.iter().any(|kind| is_it(&kind)) {
        return Some(key);
    }
    let place = table.get("key")?;
    let ids: Vec<&str> = kinds.iter().map(|kind| kind.id()).collect();
    place.refuse(place.text(100)?, format!("a key of {}", ids.join(" or ")));
    None
}

/// `true` where it stands; `false` where it does not or says so.
fn read_flag(table: &Table<'_>, name: &'static str) -> Option<bool> {
    match table.find(name) {
        Some(place) => place.boolean(),
        None => Some(false),
    }
}

/// Items of a cart, a bit each.
pub(super) fn read_items(place: &Place<'_>, scenario: &Scenario) -> Option<u32> {
    let items = place.list(1, 32)?;
    let items = items.iter().map(|item| names::item(item, scenario));
    let items: Option<Vec<Value>> = items.collect();
    Some(items?.into_iter().fold(0, |all, item| all | 1 << item.0))
}

/// A line of a document, as its value.
pub(super) fn read_line(place: &Place<'_>) -> Option<Value> {
    let words = place.list(0, MOST as u32)?;
    let places: Option<Vec<usize>> = words.iter().map(|it| it.one_of(&WORDS)).collect();
    let words = places?.into_iter().map(|place| Word::new(place as u32));
    Some(Line::new(words).value())
}

fn cart(place: &Place<'_>, scenario: &Scenario) -> Option<Key> {
    let customer = names::customer(place, scenario)?;
    names::account(place, scenario, ServiceKind::Carts, customer)
}
