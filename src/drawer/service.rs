//! The design of one service: a policy a slot, with what it is good for.

use splitbrain_engine::policy::{Info, Soundness};
use splitbrain_engine::scenario::{Choice, Service, ServiceKind, Slot};
use wasm_bindgen::JsCast;
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use crate::parts::sign;
use crate::session::{Action, use_handle, use_session};
use crate::text::{Text, use_text};

/// Which service.
#[derive(Clone, PartialEq, Properties)]
pub(crate) struct ServiceDesignProps {
    /// What it holds.
    pub kind: ServiceKind,
}

/// The design of one service.
#[component]
pub(crate) fn ServiceDesign(props: &ServiceDesignProps) -> Html {
    let kind = props.kind;
    let text = use_text();
    let handle = use_handle();
    let chosen = use_session(move |session| {
        let services = session.design.services.iter();
        let mut held = services.filter(|held| held.kind == kind);
        held.next()
            .map(|held| held.design.clone())
            .unwrap_or_default()
    });
    // A lesson leaves only some of them open.
    let allowed = use_session(move |session| {
        let services = session.design.services.iter();
        let held = services.filter(|held| held.kind == kind);
        let slots = held.flat_map(Service::slots).flat_map(|slot| {
            let choices = slot.choices(kind).into_iter();
            choices.map(move |info| (slot, info.id))
        });
        let allowed = slots.filter(|(slot, id)| session.allows_policy(kind, *slot, id));
        allowed.collect::<Vec<_>>()
    });
    let slot_view = |slot: Slot| {
        let mut choices = slot.choices(kind);
        choices.retain(|info| allowed.contains(&(slot, info.id)));
        let policy = chosen
            .iter()
            .find(|(held, _)| *held == slot)
            .map(|(_, id)| id.clone());
        // What a design does not say is the first of what it could.
        let policy = policy.or_else(|| slot.fallback(kind).map(Into::into));
        let policy = policy.unwrap_or_default();
        let info = choices.iter().find(|info| info.id == policy).copied();
        let id = format!("slot-{}-{}", kind.id(), slot.id());
        let handle = handle.clone();
        let onchange = Callback::from(move |event: Event| {
            let select = event
                .target()
                .and_then(|it| it.dyn_into::<HtmlSelectElement>().ok());
            if let Some(select) = select {
                let policy = select.value();
                handle.dispatch(Action::Choose(Choice {
                    service: kind,
                    slot,
                    policy,
                }));
            }
        });
        html! {
            <div class="field" key={slot.id()}>
                if choices.len() < 2 {
                    <span class="label">{ text.words().slot(slot).to_string() }</span>
                    <strong>{ text.words().policy(&policy).to_string() }</strong>
                } else {
                    <label for={id.clone()}>{ text.words().slot(slot).to_string() }</label>
                    // Made anew for another branch: a list that was chosen from keeps its choice.
                    <select key={policy.clone()} class="select" id={id} {onchange}>
                        { for choices.iter().map(|info| html! {
                            <option key={info.id} value={info.id} selected={info.id == policy}>{ option(&text, info) }</option>
                        }) }
                    </select>
                }
                <div>if let Some(info) = info { { about(&text, info) } }</div>
            </div>
        }
    };
    let mut shown: Vec<Slot> = allowed.iter().map(|(slot, _)| *slot).collect();
    shown.dedup();
    html! {
        <section class="service">
            <h2>{ text.words().service(kind).to_string() }</h2>
            <div class="slots">{ for shown.into_iter().map(slot_view) }</div>
        </section>
    }
}

/// The name in the list; broken ones say so there too.
fn option(text: &Text, info: &Info) -> AttrValue {
    let name = text.words().policy(info.id).to_string();
    match info.soundness {
        Soundness::Sound => name.into(),
        Soundness::Broken { .. } => text.with("ui.design.option.broken", &[("policy", name)]),
    }
}

fn about(text: &Text, info: &Info) -> Html {
    let words = text.words();
    let costs: Vec<String> = info
        .costs
        .iter()
        .map(|&cost| words.cost(cost).to_string())
        .collect();
    let keeps: Vec<String> = info
        .keeps
        .iter()
        .map(|&it| words.property(it).to_string())
        .collect();
    let gives_up: Vec<String> = info
        .gives_up
        .iter()
        .map(|&it| words.property(it).to_string())
        .collect();
    let line = |id: &'static str, entries: Vec<String>| {
        html! {
            <li key={id} hidden={entries.is_empty()}>{ text.with(id, &[("what", entries.join(", "))]) }</li>
        }
    };
    html! {
        <>
            <small>{ words.policy_what(info.id).to_string() }</small>
            <div>
                if let Some(warning) = words.warning(info) {
                    <small class="sign broken">{ sign("warning", "warn") }<span>{ warning.to_string() }</span></small>
                }
            </div>
            <details class="about">
                <summary>{ text.get("ui.design.about") }</summary>
                <p>{ words.policy_more(info.id).to_string() }</p>
                <ul>
                    { line("ui.design.keeps", keeps) }
                    { line("ui.design.gives_up", gives_up) }
                    { line("ui.design.costs", costs) }
                    { line("ui.design.sources", info.sources.iter().map(ToString::to_string).collect()) }
                </ul>
            </details>
        </>
    }
}
