//! The form of a tool: who, what, where. While it is open time stands still.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_engine::run::Direction;
use splitbrain_engine::sim::node::PaymentKey;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::draft::{Draft, Wrong, cut_links};
use super::fields::{Choice, Number, number, radios, select};
use super::modal::Modal;
use crate::panels::say;
use crate::parts::icon;
use crate::session::{Action, NoticeKind, Said, Session, use_handle, use_session};
use crate::stage::tools::Tool;
use crate::text::{Text, use_text};

/// What the form is given.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ToolFormProps {
    /// The tool's id.
    pub tool: &'static str,
}

/// The form.
#[component]
pub(crate) fn ToolForm(props: &ToolFormProps) -> Html {
    let tool = props.tool;
    let text = use_text();
    let handle = use_handle();
    let update = use_force_update();
    let form = use_mut_ref(|| Form {
        draft: handle.read(|session| Draft::new(session, tool)),
        wrong: None,
    });
    let forks = use_session(Session::is_past);
    // Every field changes the form in its cell, so what is sent is always the newest.
    let edit = {
        let (form, handle) = (form.clone(), handle.clone());
        move |change: fn(&mut Draft, &str)| {
            let (form, handle, update) = (form.clone(), handle.clone(), update.clone());
            Callback::from(move |typed: String| {
                let mut form = form.borrow_mut();
                form.wrong = None;
                let asked = (form.draft.customer, form.draft.item, form.draft.via);
                change(&mut form.draft, &typed);
                if tool == "write"
                    && asked != (form.draft.customer, form.draft.item, form.draft.via)
                {
                    form.draft.amount = handle.read(|s| form.draft.next_price(s)).to_string();
                }
                update.force_update();
            })
        }
    };
    let onsubmit = {
        let (form, handle, update) = (form.clone(), handle.clone(), use_force_update());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            let commands = handle.read(|session| form.borrow().draft.commands(session, tool));
            match commands {
                Ok(commands) => {
                    handle.dispatch(Action::Close);
                    for command in commands {
                        handle.dispatch(Action::Act(command));
                    }
                    if !handle.read(|session| session.playing) {
                        let said = Said::Words("ui.form.paused", Vec::new());
                        handle.dispatch(Action::Say(NoticeKind::Info, said));
                    }
                }
                Err(wrong) => {
                    form.borrow_mut().wrong = Some(wrong);
                    update.force_update();
                }
            }
        })
    };
    let now = use_session(Session::time);
    let cancel = handle.clone();
    let has_icon = Tool::find(tool).map_or("more", |tool| tool.icon);
    let fields = handle.read(|session| {
        Fields {
            text: &text,
            form: &form,
            scenario: session.design.clone(),
            cut: cut_links(session),
        }
        .of(tool, &edit)
    });
    html! {
        <Modal title={text.get(&format!("ui.tool.{tool}.title"))}>
            <p class="muted">{ text.get(&format!("ui.tool.{tool}.what")) }</p>
            <form class="tool-form" {onsubmit} onkeydown={Callback::from(send)} novalidate=true>
                { fields }
                <p class="hint" hidden={!forks}>{ text.get("ui.form.past") }</p>
                <div class="dialog-end">
                    <span class="muted num">{ text.with("ui.at", &[("time", now)]) }</span>
                    <button
                        type="button"
                        class="btn"
                        onclick={Callback::from(move |_| cancel.dispatch(Action::Close))}
                    >
                        { text.get("ui.cancel") }
                    </button>
                    <button type="submit" class="btn btn-primary">
                        { icon(has_icon) }{ text.get(&format!("ui.tool.{tool}")) }
                    </button>
                </div>
            </form>
        </Modal>
    }
}

/// Enter sends the form from a list too, as it does from every other field.
fn send(event: KeyboardEvent) {
    let list = event.target_dyn_into::<HtmlSelectElement>();
    if event.key() == "Enter"
        && let Some(form) = list.and_then(|list| list.form())
    {
        event.prevent_default();
        // Refused only by fields that check themselves, and there are none.
        let _ = form.request_submit();
    }
}

struct Form {
    draft: Draft,
    wrong: Option<Wrong>,
}

/// Makes the fields of a tool.
struct Fields<'a> {
    text: &'a Text,
    form: &'a Rc<RefCell<Form>>,
    scenario: Rc<splitbrain_engine::scenario::Scenario>,
    cut: Vec<(u8, u8)>,
}

impl Fields<'_> {
    fn of(&self, tool: &str, edit: &dyn Fn(fn(&mut Draft, &str)) -> Callback<String>) -> Html {
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
