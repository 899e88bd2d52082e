//! The single fields of tools' forms: who, what, where, which link, how much.

use splitbrain_engine::chat::{self, ROOMS};
use splitbrain_engine::documents::DOCUMENTS;
use splitbrain_engine::run::Direction;
use splitbrain_engine::scenario::{ServiceKind, Slot};
use splitbrain_engine::sim::node::{Key, PaymentKey};
use splitbrain_words::names::Form;
use yew::prelude::*;

use super::draft::{Draft, RECORDS};
use super::fields::{Choice, Number, number, radios, select};
use super::record_inputs::{record, record_of};
use super::tool_fields::{Edit, Fields};
use crate::panels::say;
use crate::stage::tools::has_homes;

/// What stands for every key of a service among what can be read.
fn whole(kind: ServiceKind) -> &'static str {
    match kind {
        ServiceKind::Carts => "all-carts",
        _ => "all-prices",
    }
}

/// Services that count something of each item.
const COUNTED: [ServiceKind; 2] = [ServiceKind::Likes, ServiceKind::Stock];

/// What stands for the count of an item among what can be read.
fn counted(kind: ServiceKind, item: u32) -> String {
    format!("{} {item}", kind.id())
}

impl Fields<'_> {
    pub(super) fn label(&self, name: &str) -> AttrValue {
        self.text.get(&format!("ui.form.{name}"))
    }

    /// Who acts.
    pub(super) fn customer(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        select(
            "f-customer",
            self.label("customer"),
            &draft.customer.to_string(),
            self.customers(),
            edit(|draft, typed| {
                draft.customer = typed.parse().unwrap_or(draft.customer);
            }),
        )
    }

    /// On which item.
    pub(super) fn item(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let items = 0..self.scenario.items.len() as u32;
        let choices = items.map(|index| {
            let name = say::item(self.text, &self.scenario, index);
            (index.to_string(), name)
        });
        select(
            "f-item",
            self.label("item"),
            &draft.item.to_string(),
            choices.collect(),
            edit(|draft, typed| {
                draft.item = typed.parse().unwrap_or(draft.item);
            }),
        )
    }

    /// What is read: the price of an item, or her cart; where keys have homes, all of them.
    pub(super) fn key(&self, draft: &Draft, edit: Edit<'_>, offers_whole: bool) -> Html {
        let named = |service, index| {
            let key = Key::new(service, index);
            let words = self.text.words();
            AttrValue::from(words.key(&self.scenario, key, Form::Label).to_string())
        };
        let mut choices = Vec::new();
        if let Some(service) = self.scenario.service(ServiceKind::Prices) {
            let items = 0..self.scenario.items.len() as u32;
            choices.extend(items.map(|index| (index.to_string(), named(service, index))));
        }
        for kind in COUNTED.into_iter().filter(|_| offers_whole) {
            if let Some(service) = self.scenario.service(kind) {
                let items = 0..self.scenario.items.len() as u32;
                choices.extend(items.map(|index| (counted(kind, index), named(service, index))));
            }
        }
        if let Some(service) = self.scenario.service(ServiceKind::Carts) {
            let customer = self.scenario.customers.get(draft.customer as usize);
            let account = customer.map_or(0, |it| it.account);
            choices.push(("cart".into(), named(service, account)));
        }
        for kind in RECORDS.into_iter().filter(|_| offers_whole) {
            choices.extend(self.records(kind));
        }
        for (place, service) in self.scenario.services.iter().enumerate() {
            if offers_whole && has_homes(service) {
                let key = Key::new(place as u8, 0);
                let name = self.text.words().whole(&self.scenario, key);
                choices.push((whole(service.kind).into(), name.to_string().into()));
            }
        }
        if let Some(service) = self.scenario.service(ServiceKind::Chat) {
            let rooms = 0..ROOMS;
            choices.extend(rooms.map(|room| (format!("room {room}"), named(service, room))));
        }
        if let Some(service) = self.scenario.service(ServiceKind::Documents) {
            let documents = 0..DOCUMENTS;
            choices.extend(documents.map(|it| (format!("document {it}"), named(service, it))));
        }
        let value = match draft.room {
            _ if draft.record.is_some() => draft.record.map_or_else(String::new, record),
            _ if draft.document.is_some() => format!("document {}", draft.document.unwrap_or(0)),
            _ if draft.whole.is_some() => draft
                .whole
                .map_or_else(String::new, |kind| whole(kind).into()),
            _ if draft.count.is_some() => draft
                .count
                .map_or_else(String::new, |kind| counted(kind, draft.item)),
            Some(room) => format!("room {room}"),
            None if draft.cart => "cart".into(),
            None => draft.item.to_string(),
        };
        select(
            "f-key",
            self.label("key_read"),
            &value,
            choices,
            edit(|draft, typed| {
                draft.cart = typed == "cart";
                draft.record = record_of(typed);
                let kinds = [ServiceKind::Prices, ServiceKind::Carts].into_iter();
                draft.whole = kinds.into_iter().find(|&kind| typed == whole(kind));
                let count = COUNTED.into_iter().find_map(|kind| {
                    let index = typed.strip_prefix(kind.id())?.trim_start().parse().ok()?;
                    Some((kind, index))
                });
                draft.count = count.map(|(kind, _)| kind);
                draft.item = count.map_or(draft.item, |(_, index)| index);
                let document = typed.strip_prefix("document ");
                draft.document = document.and_then(|it| it.parse().ok());
                let room = typed.strip_prefix("room ");
                draft.room = room.and_then(|room| room.parse().ok());
                draft.item = typed.parse().unwrap_or(draft.item);
            }),
        )
    }

    /// In which room something is posted.
    pub(super) fn room(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let service = self.scenario.service(ServiceKind::Chat).unwrap_or(0);
        let choices = (0..ROOMS).map(|room| {
            let key = Key::new(service, room);
            let name = self.text.words().key(&self.scenario, key, Form::Label);
            (room.to_string(), AttrValue::from(name.to_string()))
        });
        select(
            "f-room",
            self.label("room"),
            &draft.room.unwrap_or(0).to_string(),
            choices.collect(),
            edit(|draft, typed| {
                draft.room = typed.parse().ok();
            }),
        )
    }

    /// What is said there about the item.
    pub(super) fn says(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let question = chat::Text::question(draft.item);
        let said = |text: chat::Text| {
            let words = self.text.words();
            AttrValue::from(words.said(&self.scenario, text.argument()).to_string())
        };
        let choices = vec![
            ("question".into(), said(question)),
            ("answer".into(), said(question.answer())),
        ];
        radios(
            "f-says",
            self.label("says"),
            if draft.answers { "answer" } else { "question" },
            choices,
            edit(|draft, typed| {
                draft.answers = typed == "answer";
            }),
        )
    }

    /// Whether what is written replaces all that stand side by side, where several can.
    pub(super) fn settles(&self, kind: ServiceKind, draft: &Draft, edit: Edit<'_>) -> Html {
        let mut services = self.scenario.services.iter();
        let service = services.find(|held| held.kind == kind);
        if !service.is_some_and(|held| held.slots().contains(&Slot::Contexts)) {
            return Html::default();
        }
        let choices = vec![
            ("read".into(), self.text.get("ui.form.settles.read")),
            ("all".into(), self.text.get("ui.form.settles.all")),
        ];
        radios(
            "f-settles",
            self.label("settles"),
            if draft.settles { "all" } else { "read" },
            choices,
            edit(|draft, typed| {
                draft.settles = typed == "all";
            }),
        )
    }

    /// Through which region, the nearest unless told.
    pub(super) fn via(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let customer = self.scenario.customers.get(draft.customer as usize);
        let near = customer.map_or(0, |it| it.near);
        let nearest = say::region(&self.scenario, near).to_owned();
        let nearest = self.text.with("ui.form.via.near", &[("region", nearest)]);
        let mut choices = vec![("near".into(), nearest)];
        choices.extend(self.regions(|_| true));
        let value = draft.via.map_or("near".into(), |place| place.to_string());
        select(
            "f-via",
            self.label("via"),
            &value,
            choices,
            edit(|draft, typed| {
                draft.via = typed.parse().ok();
            }),
        )
    }

    /// Which region.
    pub(super) fn region(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        select(
            "f-region",
            self.label("region"),
            &draft.region.to_string(),
            self.regions(|_| true),
            edit(|draft, typed| {
                draft.region = typed.parse().unwrap_or(draft.region);
            }),
        )
    }

    /// A price or an amount, as the label says.
    pub(super) fn amount(&self, name: &str, draft: &Draft, edit: Edit<'_>) -> Html {
        self.number(
            "amount",
            self.label(name),
            &draft.amount,
            edit(|draft, typed| {
                draft.amount = typed.into();
            }),
        )
    }

    /// Whose reply is lost.
    pub(super) fn reply_to(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let mut choices = vec![("any".into(), self.text.get("ui.form.anyone"))];
        choices.extend(self.customers());
        let value = draft.only.map_or("any".into(), |who| who.to_string());
        select(
            "f-only",
            self.label("reply_to"),
            &value,
            choices,
            edit(|draft, typed| {
                draft.only = typed.parse().ok();
            }),
        )
    }

    /// Every link that is cut, or one.
    pub(super) fn which(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let value = if draft.all { "all" } else { "one" };
        let choices = vec![
            ("all".into(), self.text.get("ui.form.which.all")),
            ("one".into(), self.text.get("ui.form.which.one")),
        ];
        radios(
            "f-which",
            self.label("which"),
            value,
            choices,
            edit(|draft, typed| {
                draft.all = typed == "all";
            }),
        )
    }

    /// One way or both.
    pub(super) fn direction(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let value = match draft.direction {
            Direction::Both => "both",
            Direction::OneWay => "one",
        };
        let end = |place| say::region(&self.scenario, place).to_owned();
        let ends = [("from", end(draft.from)), ("to", end(draft.to))];
        let one = self.text.with("ui.form.direction.from_to", &ends);
        let choices = vec![
            ("both".into(), self.text.get("ui.form.direction.both")),
            ("one".into(), one),
        ];
        radios(
            "f-direction",
            self.label("direction"),
            value,
            choices,
            edit(|draft, typed| {
                draft.direction = if typed == "one" {
                    Direction::OneWay
                } else {
                    Direction::Both
                };
            }),
        )
    }

    /// Which idempotency key goes with a payment.
    pub(super) fn payment_key(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let value = match draft.key {
            PaymentKey::Fresh => "fresh",
            PaymentKey::Missing => "missing",
            PaymentKey::Previous => "previous",
        };
        let choice =
            |key: &str| -> Choice { (key.into(), self.text.get(&format!("ui.form.key.{key}"))) };
        let choices = vec![choice("fresh"), choice("previous"), choice("missing")];
        radios(
            "f-key",
            self.text.get("ui.form.key"),
            value,
            choices,
            edit(|draft, typed| {
                draft.key = match typed {
                    "missing" => PaymentKey::Missing,
                    "previous" => PaymentKey::Previous,
                    _ => PaymentKey::Fresh,
                };
            }),
        )
    }

    /// The two ends of a link; the second is never the first.
    pub(super) fn link(&self, draft: &Draft, edit: Edit<'_>) -> Html {
        let from = select(
            "f-from",
            self.text.get("ui.form.from"),
            &draft.from.to_string(),
            self.regions(|_| true),
            edit(|draft, typed| {
                let from = typed.parse().unwrap_or(draft.from);
                if draft.to == from {
                    draft.to = draft.from;
                }
                draft.from = from;
            }),
        );
        let ends = self.regions(|place| place != draft.from);
        let to = select(
            "f-to",
            self.text.get("ui.form.to"),
            &draft.to.to_string(),
            ends,
            edit(|draft, typed| {
                draft.to = typed.parse().unwrap_or(draft.to);
            }),
        );
        html! {
            <div class="field-pair">
                <div>{ from }</div>
                // Made anew for other ends: a list that somebody has chosen from keeps its choice.
                <div><div key={draft.from}>{ to }</div></div>
            </div>
        }
    }

    fn customers(&self) -> Vec<Choice> {
        let customers = 0..self.scenario.customers.len() as u16;
        customers
            .map(|index| {
                (
                    index.to_string(),
                    say::customer_and_region(&self.scenario, index).into(),
                )
            })
            .collect()
    }

    fn regions(&self, take: impl Fn(u8) -> bool) -> Vec<Choice> {
        let places = (0..self.scenario.regions.len() as u8).filter(|&place| take(place));
        places
            .map(|place| (place.to_string(), say::region(&self.scenario, place).into()))
            .collect()
    }

    /// A number; what is wrong with it stands below.
    pub(super) fn number(
        &self,
        field: &'static str,
        label: AttrValue,
        value: &str,
        oninput: Callback<String>,
    ) -> Html {
        let wrong = self
            .form
            .borrow()
            .wrong
            .filter(|wrong| wrong.field == field);
        let error = wrong.map(|wrong| {
            let range = [
                ("least", wrong.least.to_string()),
                ("most", wrong.most.to_string()),
            ];
            self.text.with("ui.form.range", &range)
        });
        number(
            Number {
                id: field,
                label,
                value: value.into(),
                error,
            },
            oninput,
        )
    }
}
