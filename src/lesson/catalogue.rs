//! The catalogue of lessons, by module, with how far somebody has come.

use splitbrain_words::Arg;
use wasm_bindgen_futures::spawn_local;
use yew::prelude::*;

use super::index::{self, Come, Entry};
use crate::fetch::FetchError;
use crate::parts::icon;
use crate::route;
use crate::session::{Place, use_session};
use crate::text::{Text, use_text};

#[derive(Clone, PartialEq)]
enum List {
    Coming,
    Here(Vec<Entry>),
    Failed(FetchError),
}

/// The catalogue of lessons.
#[component]
pub fn Catalogue() -> Html {
    let text = use_text();
    let list = use_state(|| List::Coming);
    use_effect_with((), {
        let list = list.clone();
        move |()| {
            spawn_local(async move {
                list.set(match index::fetch().await {
                    Ok(entries) => List::Here(entries),
                    Err(error) => List::Failed(error),
                });
            });
        }
    });
    let content = match &*list {
        List::Coming => html! { <p role="status">{ text.node("ui.loading") }</p> },
        List::Here(entries) => modules(entries),
        List::Failed(error) => {
            let what = Arg::from(text.fetch_error(error));
            let sentence = text.say("ui.error.lessons_fetch", &[("what", what)]);
            html! { <p role="alert">{ text.show(&sentence) }</p> }
        }
    };
    html! {
        <main class="page">
            <div class="page-in">
                <div>
                    <h1>{ text.node("ui.lessons") }</h1>
                    <p class="lede">{ text.node("ui.lessons.lede") }</p>
                    <p class="more">
                        <a href={route::address(&Place::Judge)}>{ text.node("ui.place.judge.what") }</a>
                        { " · " }
                        <a href={route::address(&Place::Laws(String::new()))}>{ text.node("ui.place.laws.what") }</a>
                        { " · " }
                        <a href={route::address(&Place::Truth)}>{ text.node("ui.place.truth") }</a>
                    </p>
                </div>
                <div class="modules">{ content }</div>
            </div>
        </main>
    }
}

fn modules(entries: &[Entry]) -> Html {
    let mut names: Vec<&str> = entries.iter().map(|entry| entry.module.as_str()).collect();
    names.dedup();
    let modules = names.into_iter().map(|name| {
        let lessons = entries.iter().filter(|entry| entry.module == name).cloned();
        html! { <Module key={name} name={name.to_owned()} lessons={lessons.collect::<Vec<_>>()} /> }
    });
    html! { <>{ for modules }</> }
}

#[derive(Clone, PartialEq, Properties)]
struct ModuleProps {
    name: String,
    lessons: Vec<Entry>,
}

#[component]
fn Module(props: &ModuleProps) -> Html {
    let text = use_text();
    let count = Arg::from(props.lessons.len());
    let lessons = props.lessons.iter().map(|entry| {
        html! { <li key={entry.id.clone()}><Lesson entry={entry.clone()} /></li> }
    });
    html! {
        <section>
            <div class="module-head">
                <h2>{ module_title(&text, &props.name) }</h2>
                <span class="num">{ text.with("ui.lessons.count", &[("n", count)]) }</span>
            </div>
            <ul class="catalogue">{ for lessons }</ul>
        </section>
    }
}

/// A module's title; one that nobody named shows its folder's name.
pub fn module_title(text: &Text, module: &str) -> String {
    let id = format!("ui.module.{module}");
    if text.words().has(&id) {
        text.words().plain(&id)
    } else {
        module.to_owned()
    }
}

#[derive(Clone, PartialEq, Properties)]
struct LessonProps {
    entry: Entry,
}

#[component]
fn Lesson(props: &LessonProps) -> Html {
    let text = use_text();
    let entry = &props.entry;
    let id = entry.id.clone();
    let come = use_session(move |session| index::come(session, &id));
    let (lang, title, summary) = entry.said(&text);
    let lang = (lang != text.lang().code()).then_some(lang);
    let place = Place::Lesson {
        id: entry.id.clone(),
        step: come.reached,
    };
    let par = Arg::from(entry.par.max(0) as u64);
    let foot = match come {
        Come {
            solved: Some(actions),
            ..
        } => {
            let args = [("n", Arg::from(actions)), ("par", par)];
            html! {
                <span class="sign good">
                    { icon("check") }{ text.with("ui.lessons.solved_in", &args) }
                </span>
            }
        }
        Come { reached: 1.., .. } => {
            let step = Arg::from(u32::from(come.reached) + 1);
            html! { <span class="sign">{ text.with("ui.lessons.at_step", &[("n", step)]) }</span> }
        }
        Come { .. } => {
            let minutes = Arg::from(entry.minutes.max(0) as u64);
            html! {
                <>
                    <span>{ text.with("ui.lessons.minutes", &[("n", minutes)]) }</span>
                    <span>{ text.with("ui.lessons.par", &[("n", par)]) }</span>
                </>
            }
        }
    };
    html! {
        <a class="lesson" href={route::address(&place)}>
            <span class="no">{ entry.order }</span>
            <h3 lang={lang.clone()}>{ title }</h3>
            <p {lang}>{ summary }</p>
            <p class="foot">{ foot }</p>
        </a>
    }
}
