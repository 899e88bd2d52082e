//! The ledger: what each customer was told, beside what regions believe now.

use splitbrain_engine::sim::fact::{FactId, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::ledger::Row as Told;
use splitbrain_words::clock;
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::{autopsy, judged, say};
use crate::parts::{shape, sign};
use crate::session::{Action, Ask, Handle, Session, use_handle, use_session};
use crate::text::{Text, use_text};

/// Rows shown at first, and each time that more are asked for.
const SHOWN: usize = 30;

/// A row.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    customer: u16,
    told: Told,
    beliefs: Beliefs,
    /// What is wrong with it, and whether it still is so.
    wrong: Option<(Ask, bool)>,
}

/// What is believed of it.
#[derive(Clone, Debug, PartialEq)]
enum Beliefs {
    /// Every region shows this.
    All(Value),
    /// They differ: each value with the regions that show it.
    Some(Vec<(Value, Vec<u8>)>),
    /// So often the payment gateway charged.
    Charges(u32),
}

fn rows(session: &Session, customer: Option<u16>, count: usize) -> Vec<Row> {
    let ledger = session.observer.ledger();
    let rows = match customer {
        Some(customer) => ledger.rows(customer).map(|row| (customer, row)).collect(),
        None => ledger.all(),
    };
    let telling = rows
        .into_iter()
        .rev()
        .filter(|(_, row)| !matches!(row.kind, OpKind::Read | OpKind::ReadAll));
    telling
        .take(count)
        .map(|(customer, row)| Row {
            customer,
            told: *row,
            beliefs: match row.kind {
                OpKind::Pay => Beliefs::Charges(row.charges),
                _ => beliefs(session, row.key),
            },
            wrong: judged::of_operation(session, row.op),
        })
        .collect()
}

fn beliefs(session: &Session, key: Key) -> Beliefs {
    let initial = say::initial(&session.design, key);
    let mut groups: Vec<(Value, Vec<u8>)> = Vec::new();
    for (place, belief) in session.observer.ledger().beliefs(key).enumerate() {
        let value = belief.map_or(initial, |belief| belief.value);
        match groups.iter_mut().find(|(held, _)| *held == value) {
            Some((_, places)) => places.push(place as u8),
            None => groups.push((value, vec![place as u8])),
        }
    }
    match &groups[..] {
        [(value, _)] => Beliefs::All(*value),
        _ => Beliefs::Some(groups),
    }
}

/// The panel.
#[component]
pub(crate) fn Ledger() -> Html {
    let text = use_text();
    let handle = use_handle();
    let customer = use_state_eq(|| None::<u16>);
    let count = use_state_eq(|| SHOWN);
    let design = use_session(|session| session.design.clone());
    let chosen = customer.filter(|&index| (index as usize) < design.customers.len());
    let shown = *count;
    let rows = use_session(move |session| rows(session, chosen, shown));
    let onchange = {
        let customer = customer.clone();
        Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            customer.set(select.and_then(|select| select.value().parse().ok()));
        })
    };
    let earlier = {
        let count = count.clone();
        Callback::from(move |_: MouseEvent| count.set(shown + SHOWN))
    };
    html! {
        <>
            <div class="log-bar">
                <select class="select select-s" aria-label={text.get("ui.ledger.customer")} {onchange}>
                    <option value="" selected={chosen.is_none()}>{ text.get("ui.ledger.everybody") }</option>
                    <optgroup label={text.get("ui.ledger.customer")}>
                        { for (0..design.customers.len() as u16).map(|index| html! {
                            <option key={index} value={index.to_string()} selected={chosen == Some(index)}>
                                { say::customer(&design, index) }
                            </option>
                        }) }
                    </optgroup>
                </select>
            </div>
            <table class="ledger">
                <thead>
                    <tr>
                        <th scope="col">{ text.get("ui.ledger.customer") }</th>
                        <th scope="col">{ text.get("ui.ledger.told") }</th>
                        <th scope="col">{ text.get("ui.ledger.believed") }</th>
                    </tr>
                </thead>
                <tbody>
                    { for rows.iter().map(|row| row_view(&text, &handle, row)) }
                </tbody>
            </table>
            <div>
                if rows.is_empty() {
                    <p class="muted log-more">{ text.get("ui.ledger.none") }</p>
                } else if rows.len() == shown {
                    <p class="log-more"><button type="button" class="linkish" onclick={earlier}>{ text.get("ui.log.earlier") }</button></p>
                }
            </div>
        </>
    }
}

fn row_view(text: &Text, handle: &Handle, row: &Row) -> Html {
    let (fact, at): (FactId, Time) = row
        .told
        .told
        .map_or((row.told.op, row.told.asked_at), |answer| {
            (answer.fact, answer.at)
        });
    let go = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::GoToFact(fact)))
    };
    let ask = {
        let handle = handle.clone();
        let ask = row.wrong.map_or(Ask::Fact(fact), |(ask, _)| ask);
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Ask(ask)))
    };
    let stands = row.wrong.is_some_and(|(_, stands)| stands);
    let (name, told, key) = handle.read(|session| {
        let name = say::customer(&session.design, row.customer);
        (
            name,
            was_told(session, text, &row.told),
            key_name(session, text, &row.told),
        )
    });
    html! {
        <tr key={row.told.op.0} class={classes!(stands.then_some("is-bad"))}>
            <td>
                { name }<br />
                <button type="button" class="at" aria-label={text.with("ui.log.go", &[("time", clock(at))])} onclick={go}>{ clock(at) }</button>
            </td>
            <td>{ told }<br /><span class="muted">{ key }</span></td>
            <td>
                { handle.read(|session| believed(session, text, row)) }
                <span class="acts"><button type="button" class="linkish muted" onclick={ask}>{ text.get("ui.why") }</button>
                    if is_in_question(row) {
                        { autopsy::button(text, handle, row.told.op) }
                    }
                </span>
            </td>
        </tr>
    }
}

/// Whether what she was told is not, or not everywhere, what is believed.
fn is_in_question(row: &Row) -> bool {
    let said = row.told.told.map(|answer| said(&row.told, answer.value));
    match &row.beliefs {
        _ if row.wrong.is_some() => true,
        Beliefs::Charges(_) => false,
        Beliefs::All(held) => said != Some(*held),
        Beliefs::Some(_) => true,
    }
}

/// What she wanted, in a few words.
fn key_name(session: &Session, text: &Text, told: &Told) -> String {
    let words = text.words();
    match told.kind {
        OpKind::Add
        | OpKind::Remove
        | OpKind::WriteField
        | OpKind::InsertWord
        | OpKind::DeleteWord => words.brief(&session.design, told.kind, told.key, told.argument),
        OpKind::Write
        | OpKind::Resolve
        | OpKind::Like
        | OpKind::Unlike
        | OpKind::Buy
        | OpKind::Restock => words.brief_key(&session.design, told.key),
        OpKind::Read | OpKind::ReadAll | OpKind::Pay => String::new(),
    }
}

/// What was said to be saved: of a write its own value, whatever the region showed
/// by the time it answered.
fn said(told: &Told, answered: Value) -> Value {
    match told.kind {
        OpKind::Write | OpKind::Resolve => told.argument,
        _ => answered,
    }
}

fn was_told(session: &Session, text: &Text, told: &Told) -> AttrValue {
    let words = text.words();
    let Some(answer) = told.told else {
        return text.get("ui.ledger.waiting");
    };
    let value = words
        .value(&session.design, told.key, said(told, answer.value))
        .to_string();
    match (answer.outcome, told.kind) {
        (Outcome::Ok, OpKind::Pay) => text.with("ui.ledger.paid", &[("value", value)]),
        (Outcome::Ok, _) => text.with("ui.ledger.saved", &[("value", value)]),
        (Outcome::Failed, _) => {
            let status = words.status(answer.status).to_string();
            text.with("ui.ledger.refused", &[("status", status)])
        }
        (Outcome::Unknown, _) => text.get("ui.ledger.unknown"),
    }
}

fn believed(session: &Session, text: &Text, row: &Row) -> Html {
    let value = |value: Value| {
        text.words()
            .value(&session.design, row.told.key, value)
            .to_string()
    };
    let said = row.told.told.map(|answer| said(&row.told, answer.value));
    let wrong = row.wrong.is_some_and(|(_, stands)| stands);
    let mark = |name: &str, meaning: &'static str, said: AttrValue| {
        html! { <span class={classes!("sign", meaning)}>{ sign(name, meaning) }<span>{ said }</span></span> }
    };
    match &row.beliefs {
        Beliefs::Charges(charges) => {
            let said = match charges {
                0 => text.get("ui.ledger.not_charged"),
                n => text.with("ui.ledger.times_charged", &[("n", *n)]),
            };
            match row.told.told {
                _ if wrong => mark("cross", "bad", said),
                // Nothing was said that it could agree with.
                None => mark("circle", "", said),
                Some(_) => mark("check", "good", said),
            }
        }
        Beliefs::All(held) if wrong => mark(
            "cross",
            "bad",
            text.with("ui.ledger.overwritten", &[("value", value(*held))]),
        ),
        Beliefs::All(held) if said == Some(*held) => {
            mark("check", "good", text.get("ui.ledger.agrees"))
        }
        Beliefs::All(held) => mark(
            "circle",
            "",
            text.with("ui.ledger.replaced", &[("value", value(*held))]),
        ),
        Beliefs::Some(groups) => html! {
            <ul class="beliefs">
                { for groups.iter().map(|(held, places)| html! {
                    <li key={held.0}>
                        <span class="shapes">
                            { for places.iter().map(|&place| html! { <span key={place}>{ shape(place) }<span class="visually-hidden">{ say::region(&session.design, place) }</span></span> }) }
                        </span>
                        { value(*held) }
                    </li>
                }) }
            </ul>
        },
    }
}
