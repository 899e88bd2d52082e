//! The place of the law lab.

use std::rc::Rc;

use splitbrain_engine::crdt::catalogue::Entry;
use splitbrain_engine::crdt::laws::rules::RuleLab;
use splitbrain_engine::crdt::laws::{Effort, Law};
use splitbrain_words::Catalog;
use yew::prelude::*;

use super::address::Asked;
use super::by_hand::ByHand;
use super::compose::Compose;
use super::in_world::InWorld;
use super::inside::Inside;
use super::settings::Settings;
use super::shelf::{Shelf, mark};
use super::subject::Subject;
use super::verdicts::Verdicts;
use crate::parts::sign;
use crate::session::{Place, use_session};
use crate::text::{Text, use_text};

/// How it looks: it comes with the chunk, which the first load is too small for.
pub(super) const STYLE: &str = include_str!("../../static/style/laws.css");

/// The heading of what comes of trying, to be gone to.
pub(super) const RESULTS: &str = "lab-results";

/// The place: it brings its own words.
#[component]
pub(super) fn Page() -> Html {
    let own = use_memo((), |()| Rc::new(Catalog::laws()));
    let text = use_text().and(&own);
    html! {
        <ContextProvider<Text> context={text}>
            <style>{ STYLE }</style>
            <Content />
        </ContextProvider<Text>>
    }
}

#[component]
fn Content() -> Html {
    let text = use_text();
    let of = use_session(|session| match &session.place {
        Place::Laws(of) => of.clone(),
        _ => String::new(),
    });
    let asked = use_memo(of.clone(), |of| Asked::parse(of));
    let effort = use_state(Effort::default);
    let choose = {
        let effort = effort.setter();
        Callback::from(move |chosen| effort.set(chosen))
    };
    let tried = |subject: Subject| {
        // Another type is another history.
        let by_hand = format!("hand-{of}");
        html! {
            <div>
                <h2 id={RESULTS} tabindex="-1">{ text.node("ui.laws.laws") }</h2>
                <Settings effort={*effort} choose={choose.clone()} />
                <Verdicts subject={subject.clone()} effort={*effort} />
                <ByHand key={by_hand} subject={subject.clone()} />
                <Inside {subject} />
            </div>
        }
    };
    let (open, head, content) = match &*asked {
        Asked::Lab => (None, lab_head(&text), every_law(&text)),
        Asked::Type(entry) => {
            let open = AttrValue::from(entry.info.id);
            (
                Some(open),
                type_head(&text, entry),
                tried(Subject::Type(entry)),
            )
        }
        Asked::Rule(rule) => {
            let lab = RuleLab::parse(rule);
            let head = html! {
                <>
                    <h1>{ text.node("ui.laws.compose") }</h1>
                    <p class="lede">{ text.node("ui.laws.compose.lede") }</p>
                </>
            };
            let content = html! {
                <div>
                    <div><Compose key={rule.clone()} rule={rule.clone()} /></div>
                    { for lab.ok().map(|lab| html! {
                        <>
                            <InWorld plan={lab.plan().clone()} />
                            { tried(Subject::Rule(lab)) }
                        </>
                    }) }
                </div>
            };
            (Some(AttrValue::from("")), head, content)
        }
        Asked::Unknown(id) => {
            let sentence = text.with("ui.laws.unknown", &[("id", id.as_str())]);
            let content = html! { <p role="alert">{ sentence }</p> };
            (None, lab_head(&text), content)
        }
    };
    let is_lab = open.is_none();
    html! {
        <main class="page">
            <div class={classes!("page-in", "lab", (!is_lab).then_some("is-inside"))}>
                <header class="lab-head">
                    if !is_lab {
                        <a class="lab-back" href="#/laws">{ text.node("ui.laws.all") }</a>
                    }
                    { head }
                </header>
                <Shelf {open} />
                { content }
            </div>
        </main>
    }
}

fn lab_head(text: &Text) -> Html {
    html! {
        <>
            <h1>{ text.node("ui.place.laws") }</h1>
            <p class="lede">{ text.node("ui.laws.lede") }</p>
        </>
    }
}

fn type_head(text: &Text, entry: &Entry) -> Html {
    let id = entry.info.id;
    html! {
        <>
            <h1>{ text.show(&text.words().data_type(id)) }</h1>
            if let Some(mark) = mark(entry) {
                <p class="lab-broken">
                    { sign("warning", "warn") }<span>{ text.get(&format!("{mark}.more")) }</span>
                </p>
            }
            <p class="lede">{ text.get(&format!("type.{id}.means")) }</p>
            if !entry.info.sources.is_empty() {
                // Titles of papers are as they were published.
                <p class="lab-source" lang="en">{ entry.info.sources.join("; ") }</p>
            }
        </>
    }
}

/// What each law says, for who has not chosen anything yet.
fn every_law(text: &Text) -> Html {
    let laws = Law::ALL.iter().map(|law| {
        let id = law.id();
        html! {
            <li class="verdict" key={id}>
                <svg class="icon" aria-hidden="true"><use href="#i-circle" /></svg>
                <h3>{ text.get(&format!("law.{id}.name")) }</h3>
                <p>{ text.get(&format!("law.{id}.means")) }</p>
            </li>
        }
    });
    html! {
        <section>
            <h2>{ text.node("ui.laws.laws") }</h2>
            <p class="lab-hint">{ text.node("ui.laws.laws.lede") }</p>
            <ul class="lab-laws">{ for laws }</ul>
        </section>
    }
}
