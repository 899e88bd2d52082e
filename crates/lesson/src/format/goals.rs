//! Predicates in a lesson's file.

use splitbrain_checker::properties::consistency::judges_sets;
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{OpKind, Outcome};
use splitbrain_engine::sim::node::Value;

use super::command::MAX_MS;
use super::goals_known as known;
use super::names;
use super::reader::Table;
use crate::goal::{Judged, Predicate, Wanted, Which, Within};

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
        "question_settled" => Predicate::QuestionSettled { key: key()? },
        "late_report" => {
            let at_least_ms = table.number("at_least_ms", 0, MAX_MS);
            Predicate::LateReport {
                region: names::region(&table.get("region")?, scenario)?,
                at_least_us: at_least_ms? as u64 * 1_000,
            }
        }
        id if known::IDS.contains(&id) => known::read(id, table, scenario)?,
        id => read_measured(id, table, scenario)?,
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
                Some(items) => known::read_items(&items, scenario).map(Wanted::Items),
                None => table
                    .number("value", 0, i64::from(u32::MAX))
                    .map(|value| Wanted::Value(Value(value as u32))),
            };
            let customer = customer.and_then(|place| names::customer(&place, scenario));
            let key = match wanted {
                Some(Wanted::Items(_)) => known::of_kind(table, scenario, &[ServiceKind::Carts]),
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

fn read_shows(table: &Table<'_>, scenario: &Scenario) -> Option<Predicate> {
    let region = match table.find("region") {
        Some(region) => Some(names::region(&region, scenario)?),
        None => None,
    };
    let value = match table.find("words") {
        Some(words) => Some(i64::from(known::read_line(&words)?.0)),
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
    let outcome = table.get("outcome")?.one_of(&["ok", "failed", "unknown"])?;
    Some(Predicate::Told {
        customer: customer?,
        kind: kind?,
        outcome: [Outcome::Ok, Outcome::Failed, Outcome::Unknown][outcome],
    })
}
