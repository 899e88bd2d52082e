//! Noun phrases: what regions, customers, items, keys and values are called, and
//! how a sentence speaks of an operation or a write.

use splitbrain_engine::regions::RegionId;
use splitbrain_engine::scenario::{Scenario, ServiceKind};
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
            ServiceKind::Prices => {
                let item = self.item(scenario, key.index(), Form::Of);
                self.say(&id, &[("item", item.into())])
            }
            ServiceKind::Jobs | ServiceKind::Time => self.get(&id),
            ServiceKind::Carts | ServiceKind::Payments => {
                let owner = self.account(scenario, key.index());
                self.say(&id, &[("owner", owner.into())])
            }
        }
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
            _ => self.list(owners),
        }
    }

    /// A value as a read of this key returns it.
    pub fn value(&self, scenario: &Scenario, key: Key, value: Value) -> Text {
        let service = scenario.services.get(key.service() as usize);
        let text = match service.map(|service| service.kind) {
            Some(ServiceKind::Prices) if value.0 == 0 => self.get("value.no_price"),
            Some(ServiceKind::Carts) if value.0 == 0 => self.get("value.empty_cart"),
            Some(ServiceKind::Jobs) if value.0 == 0 => self.get("value.no_run"),
            Some(ServiceKind::Jobs) => self.say("value.run", &[("n", Arg::from(value.0))]),
            Some(ServiceKind::Carts) => {
                let held = (0..32).filter(|bit| value.0 >> bit & 1 == 1);
                self.list(held.map(|item| self.item(scenario, item, Form::Label)))
            }
            _ => self.money(u64::from(value.0)),
        };
        text.with_role(Role::Value)
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
            OpKind::Add | OpKind::Remove => {
                let item = self.item(scenario, argument.0, form);
                item.with_role(Role::Value)
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
            _ => self.argument(scenario, kind, key, argument, Form::Of),
        };
        let id = format!("op.{}", kind.id());
        self.say(&id, &[("customer", customer.into()), ("what", what.into())])
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
            OpKind::Add | OpKind::Remove => {
                let id = format!("op.{}", kind.id());
                self.say(&id, &[("customer", customer.into()), ("what", what.into())])
            }
            _ => what,
        };
        text.with_role(Role::Fact(write))
    }
}
