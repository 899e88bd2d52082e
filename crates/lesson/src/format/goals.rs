//! Predicates in a lesson's file.

use splitbrain_checker::properties::consistency::judges_sets;
use splitbrain_engine::documents::{Line, MOST, WORDS, Word};
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};

use super::command::MAX_MS;
use super::names;
use super::reader::{Place, Table};
use crate::goal::{Judged, Pair, Predicate, Wanted, Which, Within, Wrote};

/// Reads the predicate that `goal = "…"` names, and its arguments.
pub(super) fn read(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let id = table.get("goal")?.one_of(Predicate::IDS)?;
    let key = || names::key(table, scenario);
    let customer = || names::customer(&table.get("customer")?, scenario);
    let accepted_in = || {
        let places = table.list("accepted_in", 32);
        let regions = places.iter();
        let regions = regions.filter_map(|place| names::region(place, scenario));
        regions.collect()
    };
    let between = |name| names::pair(&table.get(name)?, scenario);
    Some(match Predicate::IDS[id] {
        "written_on_both_sides" => {
            let (key, regions) = (key(), between("regions"));
            Predicate::WrittenOnBothSides {
                key: key?,
                regions: regions?,
            }
        }
        "write_lost" => Predicate::WriteLost {
            at_least: table.number_or("at_least", 1, 1, 1_000) as u32,
            key: key()?,
        },
        "no_write_lost" => {
            table.get("accepted_in")?;
            Predicate::NoWriteLost {
                accepted_in: accepted_in(),
                key: key()?,
            }
        }
        "converged" => Predicate::Converged {
            accepted_in: accepted_in(),
            key: key()?,
        },
        "diverged" => Predicate::Diverged { key: key()? },
        "survivor" => {
            let write = table.get("write")?.one_of(&["first", "last"])?;
            Predicate::Survivor {
                key: key()?,
                write: [Which::First, Which::Last][write],
            }
        }
        "shows" => read_shows(table, scenario)?,
        "cart_contains" | "cart_lacks" => {
            let item = table.get("item");
            let item = item.and_then(|item| names::item(&item, scenario));
            let key = cart(&table.get("customer")?, scenario)?;
            let item = item?.0 as u8;
            if Predicate::IDS[id] == "cart_contains" {
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
            let item = match is_cart {
                true => Some(names::item(&table.get("item")?, scenario)?.0 as u8),
                false => None,
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
        "told" => read_told(table, scenario)?,
        "reply_lost" => Predicate::ReplyLost {
            customer: customer()?,
        },
        "retried_elsewhere" => Predicate::RetriedElsewhere {
            customer: customer()?,
        },
        "charged" => Predicate::Charged {
            times: table.number("times", 0, 100)? as u32,
            customer: customer()?,
        },
        "exactly_once" => Predicate::ExactlyOnce {
            customer: customer()?,
        },
        "link_was_cut" => Predicate::LinkWasCut {
            between: between("between")?,
        },
        "link_healed" => Predicate::LinkHealed {
            between: between("between")?,
        },
        "property_holds" => Predicate::PropertyHolds(read_judged(table, scenario)?),
        "property_broken" => Predicate::PropertyBroken(read_judged(table, scenario)?),
        "region_crashed" => Predicate::RegionCrashed {
            region: names::region(&table.get("region")?, scenario)?,
        },
        "runs_of_a_time" => Predicate::RunsOfATime {
            at_least: table.number_or("at_least", 1, 0, 100) as u32,
            at_most: table.number_or("at_most", 100, 0, 100) as u32,
        },
        "taken_over" => Predicate::TakenOver {
            region: names::region(&table.get("region")?, scenario)?,
        },
        "stopped_at_work" => Predicate::StoppedAtWork {
            region: names::region(&table.get("region")?, scenario)?,
        },
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
        "in_turn" => {
            let key = key();
            let customers = table.get("customers")?.list(2, 10)?;
            let customers = customers.iter().map(|it| names::customer(it, scenario));
            let customers: Option<Vec<u16>> = customers.collect();
            Predicate::InTurn {
                key: key?,
                customers: customers?,
            }
        }
        "side_by_side" => Predicate::SideBySide {
            at_least: table.number_or("at_least", 1, 1, 31) as u32,
            at_most: table.number_or("at_most", 31, 1, 31) as u32,
            key: key()?,
        },
        "questions" => Predicate::Questions {
            at_least: table.number_or("at_least", 0, 0, 1_000) as u32,
            at_most: table.number_or("at_most", 1_000, 0, 1_000) as u32,
            asked_only: match table.find("only") {
                Some(place) => place.one_of(&["asked"]).is_some(),
                None => false,
            },
            key: match table.find("key") {
                Some(_) => Some(key()?),
                None => None,
            },
        },
        "refused_during_cut" => {
            let (key, customer, between) = (key(), customer(), between("between"));
            Predicate::RefusedDuringCut {
                key: key?,
                customer: customer?,
                shown_at_least: table.number_or("shown_at_least", 0, 0, 1_000) as u32,
                between: between?,
            }
        }
        "tombstones" => Predicate::Tombstones {
            at_least: table.number_or("at_least", 0, 0, 1_000) as u32,
            at_most: table.number_or("at_most", 1_000, 0, 1_000) as u32,
            key: key()?,
        },
        "removal_heard_late" => {
            let at_least_ms = table.number("at_least_ms", 1, MAX_MS);
            let region = names::region(&table.get("region")?, scenario);
            Predicate::RemovalHeardLate {
                key: key()?,
                region: region?,
                item: read_item(table, scenario)?,
                at_least_us: at_least_ms? as u64 * 1_000,
            }
        }
        "question_settled" => Predicate::QuestionSettled { key: key()? },
        "late_report" => {
            let at_least_ms = table.number("at_least_ms", 0, MAX_MS);
            Predicate::LateReport {
                region: names::region(&table.get("region")?, scenario)?,
                at_least_us: at_least_ms? as u64 * 1_000,
            }
        }
        _ => read_measured(Predicate::IDS[id], table, scenario)?,
    })
}

/// Those about how long something took, how much of it there was, and who wrote.
fn read_measured(id: &str, table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let region = || names::region(&table.get("region")?, scenario);
    Some(match id {
        "answered_in" => {
            let (within, kind) = (read_within(table), read_kind(table));
            let key = match table.find("key") {
                Some(_) => Some(names::key(table, scenario)?),
                None => None,
            };
            Predicate::AnsweredIn {
                customer: names::customer(&table.get("customer")?, scenario)?,
                kind: kind?,
                key,
                within: within?,
            }
        }
        "lag" => {
            let (within, region) = (read_within(table), region());
            Predicate::Lag {
                key: names::key(table, scenario)?,
                region: region?,
                within: within?,
            }
        }
        "message_kept_back" => {
            let key = match table.find("key") {
                Some(_) => Some(names::key(table, scenario)?),
                None => None,
            };
            Predicate::MessageKeptBack {
                region: region()?,
                key,
            }
        }
        "copies_when_told" => {
            let at_least = table.number("at_least", 1, 32);
            Predicate::CopiesWhenTold {
                key: names::key(table, scenario)?,
                at_least: at_least? as u32,
            }
        }
        "stale_reads" => Predicate::StaleReads {
            reads: table.number_or("reads", 1, 1, 100_000) as u32,
            at_least_percent: table.number_or("at_least_percent", 0, 0, 100) as u32,
            below_percent: table.number_or("below_percent", 101, 1, 101) as u32,
            key: names::key(table, scenario)?,
        },
        "mostly_answered_in" => Predicate::MostlyAnsweredIn {
            latest: table.number("latest", 1, 10_000)? as u32,
            at_least_percent: table.number("at_least_percent", 1, 100)? as u32,
            below_us: table.number("below_ms", 1, MAX_MS)? as u64 * 1_000,
        },
        "leads" => {
            let (place, region) = (table.get("service")?, region());
            let kinds = scenario.services.iter().map(|service| service.kind.id());
            let kinds: Vec<&str> = kinds.collect();
            let service = place.one_of(&kinds)? as u8;
            Predicate::Leads {
                service,
                region: region?,
            }
        }
        "read_shows" => {
            let customer = table.get("customer");
            let wanted = match table.find("items") {
                Some(items) => read_items(&items, scenario).map(Wanted::Items),
                None => table
                    .number("value", 0, i64::from(u32::MAX))
                    .map(|value| Wanted::Value(Value(value as u32))),
            };
            let customer = customer.and_then(|place| names::customer(&place, scenario));
            let key = match wanted {
                Some(Wanted::Items(_)) => of_kind(table, scenario, &[ServiceKind::Carts]),
                _ => names::key(table, scenario),
            };
            Predicate::ReadShows {
                key: key?,
                customer: customer?,
                wanted: wanted?,
            }
        }
        "read_ahead" => {
            let (customer, region) = (table.get("customer"), region());
            let customer = customer.and_then(|place| names::customer(&place, scenario));
            Predicate::ReadAhead {
                key: names::key(table, scenario)?,
                customer: customer?,
                region: region?,
            }
        }
        _ => {
            let (customer, between) = (table.get("customer"), table.get("between"));
            let customer = customer.and_then(|place| names::customer(&place, scenario));
            let between = between.and_then(|place| names::pair(&place, scenario));
            Predicate::SavedDuringCut {
                key: names::key(table, scenario)?,
                customer: customer?,
                between: between?,
            }
        }
    })
}

fn read_knew(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let region = table.get("region");
    let region = region.and_then(|place| names::region(&place, scenario));
    // One region by its name, or a list of them.
    let of = table.get("of").and_then(|place| match place.is_list() {
        true => {
            let places = place.list(1, 8)?;
            let regions = places.iter().map(|place| names::region(place, scenario));
            regions.collect()
        }
        false => Some(vec![names::region(&place, scenario)?]),
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
fn of_kind(table: &Table<'_>, scenario: &Scenario, kinds: &[ServiceKind]) -> Option<Key> {
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

/// The item that is named, if one is.
fn read_item(table: &Table<'_>, scenario: &Scenario) -> Option<Option<u8>> {
    match table.find("item") {
        Some(place) => Some(Some(names::item(&place, scenario)?.0 as u8)),
        None => Some(None),
    }
}

/// Items of a cart, a bit each.
fn read_items(place: &Place<'_>, scenario: &Scenario) -> Option<u32> {
    let items = place.list(1, 32)?;
    let items = items.iter().map(|item| names::item(item, scenario));
    let items: Option<Vec<Value>> = items.collect();
    Some(items?.into_iter().fold(0, |all, item| all | 1 << item.0))
}

/// A line of a document, as its value.
fn read_line(place: &Place<'_>) -> Option<Value> {
    let words = place.list(0, MOST as u32)?;
    let places: Option<Vec<usize>> = words.iter().map(|it| it.one_of(&WORDS)).collect();
    let words = places?.into_iter().map(|place| Word::new(place as u32));
    Some(Line::new(words).value())
}

/// `at_least_ms` and `below_ms`, one of them at least.
fn read_within(table: &Table<'_>) -> Option<Within> {
    if table.find("at_least_ms").is_none() {
        table.get("below_ms")?;
    }
    let below_ms = match table.find("below_ms") {
        Some(place) => Some(place.number(1, MAX_MS)?),
        None => None,
    };
    Some(Within {
        at_least_us: table.number_or("at_least_ms", 0, 0, MAX_MS) as u64 * 1_000,
        below_us: below_ms.map(|below_ms| below_ms as u64 * 1_000),
    })
}

fn read_judged(table: &Table<'_>, scenario: &Scenario) -> Option<Judged> {
    let property = table.get("property");
    let info = property.and_then(|place| names::property(&place));
    let customer = match table.find("customer") {
        None => None,
        Some(place) => {
            let customer = names::customer(&place, scenario)?;
            names::may_be_asked_of_one(&place, info?)?;
            Some(customer)
        }
    };
    let key = match table.find("key") {
        None => None,
        Some(place) => {
            let key = names::key(table, scenario)?;
            let is_cart = scenario.service(ServiceKind::Carts) == Some(key.service());
            if is_cart && !judges_sets(info?.property) {
                let text = format!("{} of a cart", info?.id);
                place.refuse(text, names::judged_of_sets());
                return None;
            }
            Some(key)
        }
    };
    Some(Judged {
        property: info?.property,
        customer,
        key,
    })
}

fn cart(place: &Place<'_>, scenario: &Scenario) -> Option<Key> {
    let customer = names::customer(place, scenario)?;
    names::account(place, scenario, ServiceKind::Carts, customer)
}

fn read_shows(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let region = match table.find("region") {
        Some(region) => Some(names::region(&region, scenario)?),
        None => None,
    };
    let value = match table.find("words") {
        Some(words) => Some(i64::from(read_line(&words)?.0)),
        None => table.number("value", 0, i64::from(u32::MAX)),
    };
    Some(Predicate::Shows {
        key: names::key(table, scenario)?,
        region,
        value: Value(value? as u32),
    })
}

fn read_kind(table: &Table<'_>) -> Option<OpKind> {
    const KINDS: [OpKind; 14] = [
        OpKind::Read,
        OpKind::Write,
        OpKind::Add,
        OpKind::Remove,
        OpKind::Pay,
        OpKind::ReadAll,
        OpKind::Resolve,
        OpKind::WriteField,
        OpKind::Like,
        OpKind::Unlike,
        OpKind::Buy,
        OpKind::Restock,
        OpKind::InsertWord,
        OpKind::DeleteWord,
    ];
    let kind = table.get("kind")?;
    let kind = kind.one_of(&[
        "read",
        "write",
        "add",
        "remove",
        "pay",
        "read_all",
        "resolve",
        "write_field",
        "like",
        "unlike",
        "buy",
        "restock",
        "insert_word",
        "delete_word",
    ])?;
    Some(KINDS[kind])
}

fn read_told(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let customer = names::customer(&table.get("customer")?, scenario);
    let kind = read_kind(table);
    let key = match table.find("key") {
        Some(_) => Some(names::key(table, scenario)?),
        None => None,
    };
    let outcome = table.get("outcome")?.one_of(&["ok", "failed", "unknown"])?;
    Some(Predicate::Told {
        customer: customer?,
        kind: kind?,
        key,
        outcome: [Outcome::Ok, Outcome::Failed, Outcome::Unknown][outcome],
    })
}
