//! The bar at the top: brand, where one is, share, keys, language, theme.

use splitbrain_words::Lang;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{HtmlElement, HtmlSelectElement};
use yew::prelude::*;

use crate::parts::{icon, icon_small};
use crate::session::{Action, Dialog, Place, use_handle, use_session};
use crate::settings;
use crate::text::use_text;

/// The bar, and before it the button that leads past it.
#[component]
pub fn Bar() -> Html {
    let text = use_text();
    let handle = use_handle();
    let open = |dialog: Dialog| {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Open(dialog)))
    };
    html! {
        <>
            <button type="button" class="btn skip" onclick={Callback::from(|_| focus_stage())}>
                { text.node("ui.skip") }
            </button>
            <header class="bar">
                <a class="brand" href="#/">
                    <svg viewBox="0 0 20 20" aria-hidden="true">
                        <path fill="currentColor" d="M9 2.1a7 7 0 0 0 0 14z" />
                        <path fill="var(--accent)" d="M11 17.9a7 7 0 0 0 0-14z" />
                    </svg>
                    <span>{ "Splitbrain" }</span>
                </a>
                <Crumbs />
                <div class="bar-end">
                    <a class="btn btn-quiet" href="#/lessons">
                        { icon("lesson") }<span>{ text.node("ui.lessons") }</span>
                    </a>
                    <a class="btn btn-quiet wide" href="#/judge">
                        { icon("verdict") }<span>{ text.node("ui.place.judge") }</span>
                    </a>
                    <button type="button" class="btn btn-quiet" onclick={open(Dialog::Share)}>
                        { icon("share") }<span>{ text.node("ui.share") }</span>
                    </button>
                    <button
                        type="button"
                        class="btn btn-quiet btn-icon"
                        aria-label={text.get("ui.palette")}
                        title={text.get("ui.palette")}
                        onclick={open(Dialog::Palette)}
                    >
                        { icon("search") }
                    </button>
                    <button
                        type="button"
                        class="btn btn-quiet btn-icon keys"
                        aria-label={text.get("ui.keys")}
                        title={text.get("ui.keys")}
                        onclick={open(Dialog::Keys)}
                    >
                        { icon("keys") }
                    </button>
                    <Theme />
                    <Language />
                </div>
            </header>
        </>
    }
}

#[component]
fn Crumbs() -> Html {
    let text = use_text();
    let place = use_session(|session| session.place.clone());
    let lesson = use_session(|session| {
        let title = session.lesson.as_ref()?.title(&session.text);
        Some(AttrValue::from(title))
    });
    let last = |words: Html| html! { <span aria-current="page">{ words }</span> };
    html! {
        <nav class="crumbs" aria-label={text.get("ui.here")}>
            { match place {
                Place::Lesson { id, .. } => html! {
                    <>
                        <a href="#/lessons">{ text.node("ui.place.lessons") }</a>
                        { icon_small("chevron") }
                        { last(html! { { lesson.unwrap_or_else(|| id.into()) } }) }
                    </>
                },
                place => last(text.node(place.name())),
            } }
        </nav>
    }
}

#[component]
fn Theme() -> Html {
    let text = use_text();
    let handle = use_handle();
    let theme = use_session(|session| session.theme);
    let name = text.get(&format!("ui.theme.{}", theme.id()));
    let label = text.with("ui.theme.is", &[("theme", name.to_string())]);
    let onclick = Callback::from(move |_: MouseEvent| {
        let theme = handle.read(|session| session.theme.next());
        settings::choose_theme(&handle, theme, true);
    });
    html! {
        <button
            type="button"
            class="btn btn-quiet btn-icon"
            aria-label={label.clone()}
            title={label}
            {onclick}
        >
            { icon("theme") }
        </button>
    }
}

#[component]
fn Language() -> Html {
    let text = use_text();
    let handle = use_handle();
    let onchange = Callback::from(move |event: Event| {
        let select = event.target_dyn_into::<HtmlSelectElement>();
        let lang = select.and_then(|select| Lang::find(&select.value()));
        if let Some(lang) = lang {
            let handle = handle.clone();
            spawn_local(async move { settings::choose_language(&handle, lang, true).await });
        }
    });
    let options = Lang::ALL.iter().map(|&lang| {
        html! {
            <option
                key={lang.code()}
                value={lang.code()}
                lang={lang.code()}
                selected={lang == text.lang()}
            >
                { short_name(lang) }
            </option>
        }
    });
    html! {
        <select class="select select-s" aria-label={text.get("ui.language")} {onchange}>
            { for options }
        </select>
    }
}

/// A language's own abbreviation.
const fn short_name(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "EN",
        Lang::Uk => "УКР",
    }
}

/// Moves the focus to the stage, past the bar and the rail.
fn focus_stage() {
    let document = web_sys::window().and_then(|window| window.document());
    let stage = document.and_then(|document| document.query_selector(".stage").ok().flatten());
    let stage = stage.and_then(|stage| stage.dyn_into::<HtmlElement>().ok());
    if let Some(stage) = stage {
        stage.set_tab_index(-1);
        // An element that is there takes the focus.
        let _ = stage.focus();
    }
}
