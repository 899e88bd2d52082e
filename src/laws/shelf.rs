//! The list of types, by what is kept in them, and of rules, with the broken ones marked.

use splitbrain_engine::crdt::Family;
use splitbrain_engine::crdt::catalogue::{Entry, all};
use yew::prelude::*;

use super::address::{of_rule, of_type};
use super::draft::FIRST;
use crate::parts::{icon, sign};
use crate::route;
use crate::text::{Text, use_text};

/// What is open.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The id of the open type; empty, where it is a rule; nothing, where it is the lab.
    pub(super) open: Option<AttrValue>,
}

/// The list, and the way to a rule of one's own.
#[component]
pub(super) fn Shelf(props: &Props) -> Html {
    let text = use_text();
    let current = |id: &str| {
        let is_open = props.open.as_ref().is_some_and(|open| open.as_str() == id);
        is_open.then_some("page")
    };
    html! {
        <nav class="lab-shelf" aria-label={text.get("ui.laws.types")}>
            <a class="lab-own" href={route::address(&of_rule(FIRST))} aria-current={current("")}>
                { icon("design") }<span>{ text.node("ui.laws.compose") }</span>
            </a>
            { for Family::ALL.into_iter().map(|family| group(&text, family, &current)) }
        </nav>
    }
}

/// The id of what is said beside what breaks a law: whether it is broken, or has what it
/// keeps at the price of that law.
pub(super) fn mark(entry: &Entry) -> Option<&'static str> {
    (!entry.breaks.is_empty()).then_some(if entry.is_broken() {
        "ui.laws.broken"
    } else {
        "ui.laws.gives_up"
    })
}

fn group(text: &Text, family: Family, current: &dyn Fn(&str) -> Option<&'static str>) -> Html {
    let types = all().filter(|entry| entry.family == family);
    let types = types.map(|entry| {
        let id = entry.info.id;
        html! {
            <li key={id}>
                <a href={route::address(&of_type(id))} aria-current={current(id)}>
                    { text.show(&text.words().data_type(id)) }
                    if let Some(mark) = mark(entry) {
                        <small class="lab-broken">
                            { sign("warning", "warn") }<span>{ text.get(mark) }</span>
                        </small>
                    }
                </a>
            </li>
        }
    });
    html! {
        <section key={family.id()}>
            <h2>{ text.get(&format!("family.{}", family.id())) }</h2>
            <ul>{ for types }</ul>
        </section>
    }
}
