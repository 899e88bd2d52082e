//! Noun phrases: what regions, customers, items, keys and values are called, and
//! how a sentence speaks of an operation or a write.

use splitbrain_engine::chat::{self, Shown};
use splitbrain_engine::conflict::shown::Shown as Siblings;
use splitbrain_engine::documents::{Edit, Line, Word};
use splitbrain_engine::records::{Field, Stage};
use splitbrain_engine::regions::RegionId;
use splitbrain_engine::scenario::{MergeRule, Scenario, Service, ServiceKind};
use splitbrain_engine::sim::fact::{FactId, FactKind, HostId, OpKind};
use splitbrain_engine::sim::node::{Key, Value};

use crate::arg::Arg;
use crate::facts::Scene;
use crate::text::{Role, Text};
use crate::words::Words;

/// The form of a noun that a sentence needs. English needs an article, Ukrainian
/// a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As a label: "lamp", «лампа».
    Label,
    /// After "of" or "from": "the lamp", «лампи».
    Of,
    /// As the object of a verb: "a lamp", «лампу».
    Object,
}

impl Form {
    /// Every form.
    pub const ALL: &'static [Self] = &[Self::Label, Self::Of, Self::Object];

    /// What ids have at their end for it.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Label => "",
            Self::Of => ".of",
            Self::Object => ".object",
        }
    }
}

impl Words {
    /// A region's id, as it is the name that people use.
    pub fn region(&self, scenario: &Scenario, place: u8) -> Text {
        let region = scenario.regions.get(place as usize);
        let name = region.map_or("?", |region| region.get().id);
        Text::of(name, Role::Region(place), self.lang())
    }

    /// The city a region is named after.
    pub fn city(&self, region: RegionId) -> Text {
        self.get(&format!("city.{}", region.get().id))
    }

    /// A customer's name.
    pub fn customer(&self, scenario: &Scenario, index: u16) -> Text {
        let customer = scenario.customers.get(index as usize);
        let name = customer.map_or("?", |customer| customer.name.as_str());
        Text::of(name, Role::Customer(index), self.lang())
    }

    /// A region, the payment gateway or a customer.
    pub fn host(&self, scenario: &Scenario, host: HostId) -> Text {
        if let Some(index) = scenario.customer_at(host) {
            self.customer(scenario, index)
        } else if host == scenario.gateway() {
            self.get("host.gateway")
        } else {
            self.region(scenario, host.0 as u8)
        }
    }

    /// An item for sale, by its index in the scenario. An item that only a lesson
    /// knows is called by its id.
    pub fn item(&self, scenario: &Scenario, index: u32, form: Form) -> Text {
        let id = scenario.items.get(index as usize);
        let id = id.map_or("?", String::as_str);
        let key = format!("item.{id}{}", form.suffix());
        if self.has(&key) {
            self.get(&key)
        } else {
            Text::of(id, Role::Plain, self.lang())
        }
    }

    /// A key: "price of the lamp", "Ana’s cart".
    pub fn key(&self, scenario: &Scenario, key: Key, form: Form) -> Text {
        let service = scenario.services.get(key.service() as usize);
        let Some(kind) = service.map(|service| service.kind) else {
            return self.get("key.unknown");
        };
        let id = format!("key.{}{}", kind.id(), form.suffix());
        match kind {
            ServiceKind::Prices | ServiceKind::Likes | ServiceKind::Stock => {
                let item = self.item(scenario, key.index(), Form::Of);
                self.say(&id, &[("item", item.into())])
            }
            ServiceKind::Jobs | ServiceKind::Time => self.get(&id),
            ServiceKind::Chat | ServiceKind::Documents => {
                let number = Arg::Count(u64::from(key.index()) + 1);
                self.say(&id, &[("n", number)])
            }
            ServiceKind::Carts
            | ServiceKind::Payments
            | ServiceKind::Orders
            | ServiceKind::Profiles => {
                let owner = self.account(scenario, key.index());
                self.say(&id, &[("owner", owner.into())])
            }
        }
    }

    /// Every key of the service that one belongs to: "all carts".
    pub fn whole(&self, scenario: &Scenario, key: Key) -> Text {
        let service = scenario.services.get(key.service() as usize);
        let id = service.map(|service| format!("whole.{}", service.kind.id()));
        let known = id.filter(|id| self.has(id));
        self.get(known.as_deref().unwrap_or("key.unknown"))
    }

    /// Who shares an account.
    pub fn account(&self, scenario: &Scenario, account: u32) -> Text {
        let owners = scenario.customers.iter().enumerate();
        let owners = owners.filter(|(_, customer)| customer.account == account);
        let mut owners: Vec<Text> = owners
            .map(|(index, _)| self.customer(scenario, index as u16))
            .take(4)
            .collect();
        match owners.len() {
            0 => self.say("key.account", &[("n", Arg::Count(u64::from(account)))]),
            1 => owners.remove(0),
            2 => {
                let (other, one) = (owners.remove(1), owners.remove(0));
                self.say("key.both", &[("one", one.into()), ("other", other.into())])
            }
            _ => self.list(owners),
        }
    }

    /// A value as a read of this key returns it.
    pub fn value(&self, scenario: &Scenario, key: Key, value: Value) -> Text {
        let service = scenario.services.get(key.service() as usize);
        let text = match service.map(|service| service.kind) {
            // Where things cost something from the beginning, nothing is a price like any other.
            Some(ServiceKind::Prices) if value.0 == 0 && scenario.list_price == 0 => {
                self.get("value.no_price")
            }
            Some(kind @ (ServiceKind::Prices | ServiceKind::Orders)) => {
                let one = |number| match kind {
                    ServiceKind::Orders => self.stage(Value(number)),
                    _ => self.money(u64::from(number)),
                };
                let may_be_several = || {
                    let rule = service.and_then(Service::merge_rule);
                    rule.is_some_and(MergeRule::keeps_siblings)
                };
                match Siblings::from_value(value) {
                    Siblings::Several {
                        count,
                        least,
                        greatest,
                    } if may_be_several() => self.siblings(count, [one(least), one(greatest)]),
                    _ => one(value.0),
                }
            }
            Some(ServiceKind::Profiles) => self.profile(value),
            Some(ServiceKind::Carts) if value.0 == 0 => self.get("value.empty_cart"),
            Some(ServiceKind::Jobs) if value.0 == 0 => self.get("value.no_run"),
            Some(ServiceKind::Jobs) => self.say("value.run", &[("n", Arg::from(value.0))]),
            // A count may have fallen below zero.
            Some(ServiceKind::Likes | ServiceKind::Stock) => {
                Text::of((value.0 as i32).to_string(), Role::Value, self.lang())
            }
            Some(ServiceKind::Documents) => self.line(&Line::from_value(value)),
            Some(ServiceKind::Chat) => self.room(scenario, Shown::from_value(value)),
            Some(ServiceKind::Carts) => {
                let held = (0..32).filter(|bit| value.0 >> bit & 1 == 1);
                self.list(held.map(|item| self.item(scenario, item, Form::Label)))
            }
            _ => self.money(u64::from(value.0)),
        };
        text.with_role(Role::Value)
    }

    /// The state of an order.
    fn stage(&self, value: Value) -> Text {
        let stage = Stage::from_value(value);
        stage.map_or_else(
            || self.get("value.no_order"),
            |stage| self.get(&format!("value.order.{}", stage.id())),
        )
    }

    /// The fields of a profile in which there is something.
    fn profile(&self, value: Value) -> Text {
        let written = Field::ALL.iter().filter(|field| field.of(value) != 0);
        let mut written: Vec<Text> = written
            .map(|field| self.field(*field, field.of(value)))
            .collect();
        match written.len() {
            0 => self.get("value.empty_profile"),
            1 => written.remove(0),
            _ => self.list(written),
        }
    }

    /// A field with what is in it: "address 7".
    fn field(&self, field: Field, number: u32) -> Text {
        let number = Arg::Count(u64::from(number));
        self.say(&format!("value.field.{}", field.id()), &[("n", number)])
    }

    /// Of values that stand side by side how many, the least and the greatest: "€100 or
    /// €110", "3 values, €90 to €110".
    fn siblings(&self, count: u32, [least, greatest]: [Text; 2]) -> Text {
        let id = match count {
            2 => "value.two",
            _ => "value.several",
        };
        let args = [
            ("n", Arg::Count(u64::from(count))),
            ("least", least.into()),
            ("greatest", greatest.into()),
        ];
        self.say(id, &args)
    }

    /// What a region shows of a room: how many messages, and the last.
    fn room(&self, scenario: &Scenario, shown: Shown) -> Text {
        let Some(last) = shown.last else {
            return self.get("value.empty_room");
        };
        let last = self.said(scenario, last.argument());
        let args = [
            ("n", Arg::Count(u64::from(shown.count))),
            ("last", last.into()),
        ];
        self.say("value.room", &args)
    }

    /// A word that can be written, without quotation marks.
    pub fn word(&self, word: Word) -> Text {
        self.get(&format!("word.{}", word.id()))
    }

    /// What a region shows of a document: “big cats sleep”.
    fn line(&self, line: &Line) -> Text {
        if line.words.is_empty() {
            return self.get("value.empty_line");
        }
        let words = line.words.iter().map(|&word| self.word(word).to_string());
        let words = words.collect::<Vec<String>>().join(" ");
        let words = Text::of(words, Role::Value, self.lang());
        match line.rest {
            0 => self.say("value.line", &[("line", words.into())]),
            n => self.say(
                "value.line.more",
                &[("line", words.into()), ("n", n.into())],
            ),
        }
    }

    /// What a message in a room says.
    pub fn said(&self, scenario: &Scenario, text: Value) -> Text {
        let text = chat::Text::from_argument(text);
        let id = if text.is_answer {
            "value.answer"
        } else {
            "value.question"
        };
        let item = self.item(scenario, text.item, Form::Label);
        self.say(id, &[("item", item.into())])
            .with_role(Role::Value)
    }

    /// What an operation asks for: an item to add or remove, or else a value.
    pub(crate) fn argument(
        &self,
        scenario: &Scenario,
        kind: OpKind,
        key: Key,
        argument: Value,
        form: Form,
    ) -> Text {
        match kind {
            _ if is_room(scenario, key) => self.said(scenario, argument),
            OpKind::Like | OpKind::Unlike | OpKind::Buy | OpKind::Restock => {
                let item = self.item(scenario, key.index(), form);
                item.with_role(Role::Value)
            }
            OpKind::Add | OpKind::Remove => {
                let item = self.item(scenario, argument.0, form);
                item.with_role(Role::Value)
            }
            OpKind::InsertWord => {
                let word = self.word(Edit::from_argument(argument).word);
                let text = self.say("value.line", &[("line", word.into())]);
                text.with_role(Role::Value)
            }
            OpKind::DeleteWord => {
                let place = Edit::from_argument(argument).at + 1;
                let text = self.say("value.place", &[("n", place.into())]);
                text.with_role(Role::Value)
            }
            OpKind::WriteField => {
                let (field, number) = Field::from_argument(argument);
                self.field(field, number).with_role(Role::Value)
            }
            _ => self.value(scenario, key, argument),
        }
    }

    /// A noun phrase for an operation, by the fact that started it: "Ana’s payment
    /// of €45".
    pub fn operation(&self, scene: &Scene<'_>, op: FactId) -> Text {
        let started = scene.trace.get(op);
        let started = started.filter(|fact| fact.kind() == FactKind::OperationStarted);
        let Some((fact, kind)) = started.and_then(|fact| Some((fact, fact.op_kind()?))) else {
            return self.get("op.unknown");
        };
        let (key, value) = (Key(fact.a), Value(fact.b));
        let customer = self.host(scene.scenario, fact.host);
        self.asked(scene.scenario, customer, kind, key, value)
            .with_role(Role::Fact(op))
    }

    /// The same by what was asked for, and by whom.
    pub(crate) fn asked(
        &self,
        scenario: &Scenario,
        customer: Text,
        kind: OpKind,
        key: Key,
        argument: Value,
    ) -> Text {
        let what = match kind {
            OpKind::Read => self.key(scenario, key, Form::Of),
            OpKind::ReadAll => self.whole(scenario, key),
            _ => self.argument(scenario, kind, key, argument, Form::Of),
        };
        let id = format!("op.{}", named_as(scenario, kind, key));
        self.say(&id, &[("customer", customer.into()), ("what", what.into())])
    }

    /// A change in a few characters, for labels: "+ lamp", "Ana: paid", "lamp €110".
    pub fn brief(&self, scenario: &Scenario, kind: OpKind, key: Key, argument: Value) -> String {
        let what = self.argument(scenario, kind, key, argument, Form::Label);
        match kind {
            OpKind::Add | OpKind::Like | OpKind::Restock | OpKind::InsertWord => {
                format!("+ {what}")
            }
            OpKind::Remove | OpKind::Unlike | OpKind::Buy | OpKind::DeleteWord => {
                format!("\u{2212} {what}")
            }
            _ => {
                let colon = if is_record(scenario, key) { ":" } else { "" };
                format!("{}{colon} {what}", self.brief_key(scenario, key))
            }
        }
    }

    /// A key in a few characters: "lamp", "Ana", "room 1".
    pub fn brief_key(&self, scenario: &Scenario, key: Key) -> String {
        let text = match key {
            _ if is_record(scenario, key) => self.account(scenario, key.index()),
            _ if is_room(scenario, key) || is_document(scenario, key) => {
                self.key(scenario, key, Form::Label)
            }
            _ => self.item(scenario, key.index(), Form::Label),
        };
        text.to_string()
    }

    /// A noun phrase for a message in a room, by the fact that posted it: "Ben’s message
    /// “Yes, the lamp is there.”".
    pub fn posted(&self, scene: &Scene<'_>, message: FactId) -> Text {
        let posted = scene.trace.get(message);
        let posted = posted.filter(|fact| fact.kind() == FactKind::MessagePosted);
        let Some(fact) = posted else {
            return self.get("message.unknown");
        };
        let what = self.said(scene.scenario, Value(fact.c));
        let customer = self.host(scene.scenario, fact.peer);
        let args = [("customer", customer.into()), ("what", what.into())];
        let text = self.say("op.Write.room", &args);
        text.with_role(Role::Fact(message))
    }

    /// A noun phrase for a write, by the fact that accepted it: "€110", "Ana’s
    /// addition of the lamp".
    pub fn write(&self, scene: &Scene<'_>, write: FactId) -> Text {
        let accepted = scene.trace.get(write);
        let accepted = accepted.filter(|fact| fact.kind() == FactKind::WriteAccepted);
        let Some((fact, kind)) = accepted.and_then(|fact| Some((fact, fact.op_kind()?))) else {
            return self.get("write.unknown");
        };
        let (key, value) = (Key(fact.b), Value(fact.c));
        let what = self.argument(scene.scenario, kind, key, value, Form::Of);
        let customer = self.host(scene.scenario, fact.peer);
        let text = match kind {
            OpKind::Add
            | OpKind::Remove
            | OpKind::Like
            | OpKind::Unlike
            | OpKind::Buy
            | OpKind::Restock
            | OpKind::InsertWord
            | OpKind::DeleteWord => {
                let id = format!("op.{}", kind.id());
                self.say(&id, &[("customer", customer.into()), ("what", what.into())])
            }
            _ => what,
        };
        text.with_role(Role::Fact(write))
    }
}

fn is_record(scenario: &Scenario, key: Key) -> bool {
    let service = scenario.services.get(key.service() as usize);
    service.is_some_and(|it| matches!(it.kind, ServiceKind::Orders | ServiceKind::Profiles))
}

fn is_document(scenario: &Scenario, key: Key) -> bool {
    scenario.service(ServiceKind::Documents) == Some(key.service())
}

fn is_room(scenario: &Scenario, key: Key) -> bool {
    scenario.service(ServiceKind::Chat) == Some(key.service())
}

/// What names of an operation have in their ids: the state of an order is no price.
pub(crate) fn named_as(scenario: &Scenario, kind: OpKind, key: Key) -> &'static str {
    let is_order = scenario.service(ServiceKind::Orders) == Some(key.service());
    match kind {
        OpKind::Write if is_order => "Write.order",
        OpKind::Resolve if is_order => "Resolve.order",
        _ => told_as(scenario, kind, key),
    }
}

/// What sentences about an operation have in their ids. In a room people read and post,
/// whatever a link from outside calls it.
pub(crate) fn told_as(scenario: &Scenario, kind: OpKind, key: Key) -> &'static str {
    match kind {
        _ if !is_room(scenario, key) => kind.id(),
        OpKind::Read => "Read.room",
        _ => "Write.room",
    }
}
