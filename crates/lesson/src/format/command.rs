//! Commands and scripts in a lesson's file: what is done, when, and by whom.

use splitbrain_engine::chat::{ROOMS, Text};
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::run::{Command, Direction, TimedCommand};
use splitbrain_engine::scenario::{Choice, Scenario, ServiceKind, Slot};
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::{Action, Key, PaymentKey, Value};
use splitbrain_engine::sim::time::Time;

use super::names;
use super::reader::{Place, Table};
use crate::script::{Script, Tool};

/// Commands in a script at most.
const MAX_COMMANDS: u32 = 200;
/// The longest that a lesson's run may be: half an hour.
pub(super) const MAX_MS: i64 = 1_800_000;

/// Reads commands, in order of their times. `clock` names the field of the time:
/// since the beginning, or since the moment at which a continuation begins.
pub(super) fn read_all(
    table: &Table<'_>,
    list: &'static str,
    clock: &'static str,
    scenario: &Scenario,
) -> Vec<TimedCommand> {
    let mut commands: Vec<TimedCommand> = Vec::new();
    for place in table.list(list, MAX_COMMANDS) {
        let Some(timed) = read(&place, clock, scenario) else {
            continue;
        };
        let latest = commands.last().map_or(Time::ZERO, |last| last.at);
        if timed.at < latest {
            place.refuse(
                format!("{clock} = {}", timed.at.0 / 1_000),
                format!("{} or later", latest.0 / 1_000),
            );
        }
        commands.push(timed);
    }
    commands
}

fn read(place: &Place<'_>, clock: &'static str, scenario: &Scenario) -> Option<TimedCommand> {
    let table = place.table()?;
    let at = table.number(clock, 0, MAX_MS);
    let known: Vec<&str> = Tool::ALL.iter().map(|tool| tool.id()).collect();
    let tool = table.get("do").and_then(|word| word.one_of(&known));
    let command = read_command(&table, Tool::ALL[tool?], scenario);
    table.finish();
    let at = Time::from_ms(at? as u64);
    let command = command?;
    Some(TimedCommand { at, command })
}

fn read_command(table: &Table<'_>, tool: Tool, scenario: &Scenario) -> Option<Command> {
    let region = || names::region(&table.get("region")?, scenario);
    Some(match tool {
        Tool::ReadPrice
        | Tool::WritePrice
        | Tool::Resolve
        | Tool::ReadCart
        | Tool::AddToCart
        | Tool::RemoveFromCart
        | Tool::ReadRoom
        | Tool::Post
        | Tool::ReadRecord
        | Tool::WriteField
        | Tool::WriteOrder
        | Tool::Pay
        | Tool::ReadAll
        | Tool::ReadCount
        | Tool::Like
        | Tool::Unlike
        | Tool::Buy
        | Tool::Restock => read_action(table, tool, scenario)?,
        Tool::CutLink => {
            let (from, to, direction) = read_link(table, scenario)?;
            Command::CutLink {
                from,
                to,
                direction,
            }
        }
        Tool::HealLink => {
            let (from, to, direction) = read_link(table, scenario)?;
            Command::HealLink {
                from,
                to,
                direction,
            }
        }
        Tool::CrashRegion => Command::CrashRegion { region: region()? },
        Tool::RestartRegion => Command::RestartRegion { region: region()? },
        Tool::PromoteRegion => Command::PromoteRegion { region: region()? },
        Tool::PauseRegion => Command::PauseRegion { region: region()? },
        Tool::ResumeRegion => Command::ResumeRegion { region: region()? },
        Tool::SlowRegion => {
            let extra_ms = table.number("extra_ms", 0, 60_000);
            Command::SlowRegion {
                region: region()?,
                extra_us: extra_ms? as u32 * 1_000,
            }
        }
        Tool::MoveHome => {
            let (key, region) = (read_shard(table, scenario), region());
            Command::MoveHome {
                key: key?,
                region: region?,
            }
        }
        Tool::StepClock => {
            let offset_ms = table.number("offset_ms", -3_600_000, 3_600_000);
            let drift_ppm = table.number_or("drift_ppm", 0, -100_000, 100_000) as i32;
            Command::StepClock {
                region: region()?,
                offset_us: offset_ms? * 1_000,
                drift_ppm,
            }
        }
        Tool::DropNextReply => {
            let customer = table.find("customer");
            let customer = match customer {
                Some(place) => Some(names::customer(&place, scenario)?),
                None => None,
            };
            let region = region()?;
            Command::DropNextReply { region, customer }
        }
        Tool::DegradeLink => {
            let [from, to] = names::pair(&table.get("between")?, scenario)?;
            let ppm = |name| table.number_or(name, 0, 0, 1_000_000) as u32;
            Command::DegradeLink {
                from,
                to,
                loss_ppm: ppm("loss_ppm"),
                duplicate_ppm: ppm("duplicate_ppm"),
                reorder_ppm: ppm("reorder_ppm"),
                extra_us: table.number_or("extra_ms", 0, 0, 60_000) as u32 * 1_000,
            }
        }
    })
}

/// What can have a home: `item` for its price, `customer` for the cart of her account.
fn read_shard(table: &Table<'_>, scenario: &Scenario) -> Option<Key> {
    if let Some(item) = table.find("item") {
        let service = names::service(table.place(), scenario, ServiceKind::Prices)?;
        return Some(Key::new(service, names::item(&item, scenario)?.0));
    }
    let customer = names::customer(&table.get("customer")?, scenario)?;
    names::account(table.place(), scenario, ServiceKind::Carts, customer)
}

/// `between = [A, B]` for both ways, or `from` and `to` for one.
fn read_link(table: &Table<'_>, scenario: &Scenario) -> Option<(u8, u8, Direction)> {
    if let Some(from) = table.find("from") {
        let from = names::region(&from, scenario)?;
        let to = table.get("to")?;
        let end = names::region(&to, scenario)?;
        if end == from {
            to.refuse(to.node().as_text().unwrap_or(""), "another region");
            return None;
        }
        return Some((from, end, Direction::OneWay));
    }
    let [a, b] = names::pair(&table.get("between")?, scenario)?;
    Some((a, b, Direction::Both))
}

fn read_action(table: &Table<'_>, tool: Tool, scenario: &Scenario) -> Option<Command> {
    let who = table.get("customer");
    let customer = who.and_then(|who| names::customer(&who, scenario));
    let via = match table.find("via") {
        Some(via) => Some(names::region(&via, scenario)?),
        None => None,
    };
    let item = || names::item(&table.get("item")?, scenario);
    let room = || {
        let number = match table.find("room") {
            Some(room) => room.number(1, i64::from(ROOMS))?,
            None => 1,
        };
        Some(Value(number as u32 - 1))
    };
    let amount = |name| table.number(name, 0, i64::from(u32::MAX));
    let mut payment_key = PaymentKey::Fresh;
    let (kind, service, argument, item) = match tool {
        Tool::ReadPrice => (OpKind::Read, ServiceKind::Prices, Value(0), item()?),
        Tool::WritePrice | Tool::Resolve => {
            let (item, value) = (item(), amount("value"));
            let value = Value(value? as u32);
            let kind = if tool == Tool::Resolve {
                OpKind::Resolve
            } else {
                OpKind::Write
            };
            (kind, ServiceKind::Prices, value, item?)
        }
        Tool::ReadRoom => (OpKind::Read, ServiceKind::Chat, Value(0), room()?),
        Tool::Post => {
            let says = table.get("says");
            let says = says.and_then(|says| says.one_of(&["question", "answer"]));
            let (room, item) = (room(), item());
            let question = Text::question(item?.0);
            let text = [question, question.answer()][says?];
            (OpKind::Write, ServiceKind::Chat, text.argument(), room?)
        }
        Tool::ReadRecord => {
            let kinds = [ServiceKind::Orders, ServiceKind::Profiles];
            let ids = kinds.map(ServiceKind::id);
            let service = kinds[table.get("service")?.one_of(&ids)?];
            (OpKind::Read, service, Value(0), Value(0))
        }
        Tool::WriteField => {
            let ids: Vec<&str> = Field::ALL.iter().map(|field| field.id()).collect();
            let field = table.get("field").and_then(|place| place.one_of(&ids));
            let value = table.number("value", 0, i64::from(u16::MAX));
            let argument = Field::ALL[field?].argument(value? as u32);
            (
                OpKind::WriteField,
                ServiceKind::Profiles,
                argument,
                Value(0),
            )
        }
        Tool::WriteOrder => {
            let ids: Vec<&str> = Stage::ALL.iter().map(|stage| stage.id()).collect();
            let stage = Stage::ALL[table.get("state")?.one_of(&ids)?];
            (
                OpKind::Write,
                ServiceKind::Orders,
                Value(stage as u32),
                Value(0),
            )
        }
        Tool::ReadCart => (OpKind::Read, ServiceKind::Carts, Value(0), Value(0)),
        Tool::AddToCart => (OpKind::Add, ServiceKind::Carts, item()?, Value(0)),
        Tool::ReadAll => {
            let kinds = [ServiceKind::Prices, ServiceKind::Carts];
            let ids = kinds.map(ServiceKind::id);
            let service = kinds[table.get("service")?.one_of(&ids)?];
            (OpKind::ReadAll, service, Value(0), Value(0))
        }
        Tool::ReadCount => {
            let kinds = [ServiceKind::Likes, ServiceKind::Stock];
            let ids = kinds.map(ServiceKind::id);
            let service = table.get("service").and_then(|it| it.one_of(&ids));
            (OpKind::Read, kinds[service?], Value(0), item()?)
        }
        Tool::Like => (OpKind::Like, ServiceKind::Likes, Value(1), item()?),
        Tool::Unlike => (OpKind::Unlike, ServiceKind::Likes, Value(1), item()?),
        Tool::Buy | Tool::Restock => {
            let kind = if tool == Tool::Buy {
                OpKind::Buy
            } else {
                OpKind::Restock
            };
            let units = match table.find("units") {
                Some(units) => units.number(1, 1_000)?,
                None => 1,
            };
            (kind, ServiceKind::Stock, Value(units as u32), item()?)
        }
        Tool::RemoveFromCart => (OpKind::Remove, ServiceKind::Carts, item()?, Value(0)),
        _ => {
            if let Some(key) = table.find("payment_key") {
                let kinds = [PaymentKey::Fresh, PaymentKey::Missing, PaymentKey::Previous];
                payment_key = kinds[key.one_of(&["fresh", "missing", "previous"])?];
            }
            let amount = Value(amount("amount")? as u32);
            (OpKind::Pay, ServiceKind::Payments, amount, Value(0))
        }
    };
    let customer = customer?;
    // Of a record somebody else's can be meant.
    let is_record = matches!(service, ServiceKind::Orders | ServiceKind::Profiles);
    let owner = match table.find("of").filter(|_| is_record) {
        Some(owner) => names::customer(&owner, scenario)?,
        None => customer,
    };
    let is_own = matches!(service, ServiceKind::Payments | ServiceKind::Carts) || is_record;
    let key = if is_own && kind != OpKind::ReadAll {
        names::account(table.place(), scenario, service, owner)?
    } else {
        Key::new(names::service(table.place(), scenario, service)?, item.0)
    };
    let action = Action {
        kind,
        key,
        argument,
        payment_key,
        via,
    };
    Some(Command::Act { customer, action })
}

/// Reads `choose`: policies for slots that differ from the scenario's.
pub(super) fn read_choices(table: &Table<'_>, scenario: &Scenario) -> Vec<Choice> {
    let places = table.list("choose", 16);
    let choices = places.iter().filter_map(|place| {
        let table = place.table()?;
        let (service, slot) = read_slot(&table, scenario)?;
        let known: Vec<&str> = slot.choices(service).iter().map(|info| info.id).collect();
        let policy = table.get("policy")?.one_of(&known)?;
        table.finish();
        Some(Choice {
            service,
            slot,
            policy: known[policy].into(),
        })
    });
    choices.collect()
}

/// Reads `service` and `slot`.
pub(super) fn read_slot(table: &Table<'_>, scenario: &Scenario) -> Option<(ServiceKind, Slot)> {
    let kinds: Vec<ServiceKind> = scenario.services.iter().map(|s| s.kind).collect();
    let ids: Vec<&str> = kinds.iter().map(|kind| kind.id()).collect();
    let service = table.get("service").and_then(|place| place.one_of(&ids));
    let slot = table.get("slot");
    let kind = kinds[service?];
    let slots = kind.slots();
    let ids: Vec<&str> = slots.iter().map(|slot| slot.id()).collect();
    let slot = slot?.one_of(&ids)?;
    Some((kind, slots[slot]))
}

/// Reads a script: what is chosen, what is done, and when it ends.
pub(super) fn read_script(table: &Table<'_>, scenario: &Scenario) -> Option<Script> {
    let choices = read_choices(table, scenario);
    let commands = read_all(table, "commands", "at_ms", scenario);
    let ends_at = Time::from_ms(table.number("end_ms", 0, MAX_MS)? as u64);
    if let Some(last) = commands.last()
        && last.at >= ends_at
        && let Some(end) = table.find("end_ms")
    {
        end.refuse(ends_at.0 / 1_000, "a moment after the last command");
    }
    Some(Script {
        choices,
        commands,
        ends_at,
    })
}
