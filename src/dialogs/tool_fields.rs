//! The fields of each tool's form.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_engine::run::Direction;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::node::PaymentKey;
use yew::prelude::*;

use super::draft::{Draft, Wrong};
use super::fields::{Choice, Number, number, radios, select};
use crate::panels::say;
use crate::text::Text;

/// What has been filled in, and what is wrong with it.
pub(crate) struct Form {
    /// What has been filled in.
    pub draft: Draft,
    /// The field that does not hold what it should.
    pub wrong: Option<Wrong>,
}

/// Makes the fields of a tool.
pub(crate) struct Fields<'a> {
    /// The words.
    pub text: &'a Text,
    /// What has been filled in.
    pub form: &'a Rc<RefCell<Form>>,
    /// What there is to choose from.
    pub scenario: Rc<Scenario>,
    /// Links that are cut.
    pub cut: Vec<(u8, u8)>,
}

impl Fields<'_> {
    /// The fields of a tool; `edit` makes the callback that takes in what is typed.
    pub(crate) fn of(
        &self,
        tool: &str,
        edit: &dyn Fn(fn(&mut Draft, &str)) -> Callback<String>,
    ) -> Html {
        let draft = self.form.borrow().draft.clone();
        let label = |name: &str| self.text.get(&format!("ui.form.{name}"));
        let customer = || {
            let choices = self.customers();
            select(
                "f-customer",
                label("customer"),
                &draft.customer.to_string(),
                choices,
                edit(|draft, typed| {
                    draft.customer = typed.parse().unwrap_or(draft.customer);
                }),
            )
        };
        let item = || {
            let items = 0..self.scenario.items.len() as u32;
            let choices = items.map(|index| {
                (
                    index.to_string(),
                    say::item(self.text, &self.scenario, index),
                )
            });
            select(
                "f-item",
                label("item"),
                &draft.item.to_string(),
                choices.collect(),
                edit(|draft, typed| {
                    draft.item = typed.parse().unwrap_or(draft.item);
                }),
            )
        };
        let via = || {
            let near = self
                .scenario
                .customers
                .get(draft.customer as usize)
                .map_or(0, |it| it.near);
            let nearest = say::region(&self.scenario, near).to_owned();
            let mut choices = vec![(
                "near".into(),
                self.text.with("ui.form.via.near", &[("region", nearest)]),
            )];
            choices.extend(self.regions(|_| true));
            let value = draft.via.map_or("near".into(), |place| place.to_string());
            select(
                "f-via",
                label("via"),
                &value,
                choices,
                edit(|draft, typed| {
                    draft.via = typed.parse().ok();
                }),
            )
        };
        let region = || {
            select(
                "f-region",
                label("region"),
                &draft.region.to_string(),
                self.regions(|_| true),
                edit(|draft, typed| {
                    draft.region = typed.parse().unwrap_or(draft.region);
                }),
            )
        };
        let amount = |name: &str| {
            self.number(
                "amount",
                label(name),
                &draft.amount,
                edit(|draft, typed| {
                    draft.amount = typed.into();
                }),
            )
        };
        let direction = || {
            let value = if draft.direction == Direction::Both {
                "both"
            } else {
                "one"
            };
            let (from, to) = (
                say::region(&self.scenario, draft.from),
                say::region(&self.scenario, draft.to),
            );
            let ends = [("from", from.to_owned()), ("to", to.to_owned())];
            let choices = vec![
                ("both".into(), self.text.get("ui.form.direction.both")),
                (
                    "one".into(),
                    self.text.with("ui.form.direction.from_to", &ends),
                ),
            ];
            radios(
                "f-direction",
                label("direction"),
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
        };
        match tool {
            "write" => {
                html! { <>{ customer() }<div class="field-pair">{ item() }{ amount("price") }</div>{ via() }</> }
            }
            "add" | "remove" => html! { <>{ customer() }{ item() }{ via() }</> },
            "pay" => {
                html! { <>{ customer() }{ amount("amount") }{ self.payment_key(&draft, edit) }{ via() }</> }
            }
            "drop_reply" => {
                let mut choices = vec![("any".into(), self.text.get("ui.form.anyone"))];
                choices.extend(self.customers());
                let value = draft.only.map_or("any".into(), |who| who.to_string());
                let only = select(
                    "f-only",
                    label("reply_to"),
                    &value,
                    choices,
                    edit(|draft, typed| {
                        draft.only = typed.parse().ok();
                    }),
                );
                html! { <>{ region() }{ only }</> }
            }
            "heal" if self.cut.len() > 1 => {
                let value = if draft.all { "all" } else { "one" };
                let choices = vec![
                    ("all".into(), self.text.get("ui.form.which.all")),
                    ("one".into(), self.text.get("ui.form.which.one")),
                ];
                let which = radios(
                    "f-which",
                    label("which"),
                    value,
                    choices,
                    edit(|draft, typed| {
                        draft.all = typed == "all";
                    }),
                );
                html! { <>{ which }<div class="tool-form" hidden={draft.all}>{ self.link(&draft, edit) }{ direction() }</div></> }
            }
            "cut" | "heal" => html! { <>{ self.link(&draft, edit) }{ direction() }</> },
            "crash" | "restart" => region(),
            "clock" => html! { <>
                { region() }
                <div class="field-pair">
                    { self.number("offset_ms", label("offset"), &draft.offset_ms, edit(|draft, typed| draft.offset_ms = typed.into())) }
                    { self.number("drift_ppm", label("drift"), &draft.drift_ppm, edit(|draft, typed| draft.drift_ppm = typed.into())) }
                </div>
            </> },
            "degrade" => html! { <>
                { self.link(&draft, edit) }
                <div class="field-pair">
                    { self.number("loss", label("loss"), &draft.loss, edit(|draft, typed| draft.loss = typed.into())) }
                    { self.number("copies", label("duplicate"), &draft.copies, edit(|draft, typed| draft.copies = typed.into())) }
                    { self.number("held", label("reorder"), &draft.held, edit(|draft, typed| draft.held = typed.into())) }
                    { self.number("extra_ms", label("extra"), &draft.extra_ms, edit(|draft, typed| draft.extra_ms = typed.into())) }
                </div>
            </> },
            _ => html! {},
        }
    }

    fn payment_key(
        &self,
        draft: &Draft,
        edit: &dyn Fn(fn(&mut Draft, &str)) -> Callback<String>,
    ) -> Html {
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
    fn link(&self, draft: &Draft, edit: &dyn Fn(fn(&mut Draft, &str)) -> Callback<String>) -> Html {
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

    fn number(
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
