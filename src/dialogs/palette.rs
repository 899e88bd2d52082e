//! The palette: everything that can be done, found by typing part of its name.

use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, HtmlInputElement};
use yew::prelude::*;

use super::modal::Modal;
use super::offers::{Deed, Offer, offers};
use super::worlds;
use crate::drawer::tries;
use crate::lesson::index::{self, Entry};
use crate::parts::icon;
use crate::session::{Action, Handle, use_handle};
use crate::text::use_text;

/// What is typed and which of the found is marked.
#[derive(Clone, Debug, Default, PartialEq)]
struct Search {
    typed: String,
    at: usize,
}

/// The palette.
#[component]
pub(crate) fn Palette() -> Html {
    let text = use_text();
    let handle = use_handle();
    let lessons = use_lessons();
    let all = use_memo(lessons, {
        let (handle, text) = (handle.clone(), text.clone());
        move |lessons| handle.read(|session| offers(session, &text, lessons))
    });
    // In a cell, so that a key always meets the newest.
    let search = use_mut_ref(Search::default);
    let update = use_force_update();
    let found: Vec<Offer> = {
        let typed = &search.borrow().typed;
        all.iter()
            .filter(|offer| offer.has(typed))
            .cloned()
            .collect()
    };
    let at = search.borrow().at.min(found.len().saturating_sub(1));
    let list = use_node_ref();
    use_effect_with((at, found.len()), {
        let list = list.clone();
        move |_| keep_in_sight(list.cast::<Element>().as_ref())
    });
    let oninput = {
        let (search, update) = (search.clone(), update.clone());
        Callback::from(move |event: InputEvent| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let typed = input.map_or_else(String::new, |input| input.value());
            search.replace(Search { typed, at: 0 });
            update.force_update();
        })
    };
    let onkeydown = {
        let (search, update, handle, all) = (search.clone(), update, handle.clone(), all.clone());
        Callback::from(move |event: KeyboardEvent| {
            let Search { typed, at } = search.borrow().clone();
            let found: Vec<&Offer> = all.iter().filter(|offer| offer.has(&typed)).collect();
            let count = found.len().max(1);
            let to = match event.key().as_str() {
                "ArrowDown" => (at + 1) % count,
                "ArrowUp" => (at + count - 1) % count,
                "PageDown" => (at + 8).min(count - 1),
                "PageUp" => at.saturating_sub(8),
                "Enter" => {
                    event.prevent_default();
                    if let Some(offer) = found.get(at) {
                        take(&handle, &offer.deed);
                    }
                    return;
                }
                _ => return,
            };
            event.prevent_default();
            search.borrow_mut().at = to;
            update.force_update();
        })
    };
    let option = |place: usize, offer: &Offer| {
        let (handle, deed) = (handle.clone(), offer.deed.clone());
        html! {
            <button
                key={offer.id.clone()}
                type="button"
                role="option"
                id={format!("offer-{place}")}
                tabindex="-1"
                aria-selected={(place == at).to_string()}
                onclick={Callback::from(move |_| take(&handle, &deed))}
            >
                { icon(offer.icon) }
                { &offer.name }
                if let Some(key) = offer.key { <kbd>{ key }</kbd> }
            </button>
        }
    };
    html! {
        <Modal class="palette" label={text.get("ui.palette")}>
            <div class="palette-input">
                { icon("search") }
                <input
                    role="combobox"
                    aria-label={text.get("ui.palette.search")}
                    aria-expanded="true"
                    aria-controls="offers"
                    aria-autocomplete="list"
                    aria-activedescendant={(!found.is_empty()).then(|| format!("offer-{at}"))}
                    placeholder={text.get("ui.palette.search")}
                    autocomplete="off"
                    spellcheck="false"
                    {oninput}
                    {onkeydown}
                />
            </div>
            <div class="menu" role="listbox" id="offers" aria-label={text.get("ui.palette")} ref={list}>
                { for found.iter().enumerate().map(|(place, offer)| option(place, offer)) }
            </div>
            <p class={classes!(if found.is_empty() { "none" } else { "visually-hidden" })} role="status">
                { if found.is_empty() {
                    text.get("ui.palette.nothing")
                } else {
                    text.with("ui.palette.count", &[("n", found.len())])
                } }
            </p>
        </Modal>
    }
}

/// The lessons, once their list has come; where it does not, the palette goes without.
#[hook]
fn use_lessons() -> Vec<Entry> {
    let handle = use_handle();
    let lessons = use_state(Vec::new);
    use_effect_with((), {
        let lessons = lessons.clone();
        move |()| {
            // An exercise from elsewhere knows no lesson but its own.
            if handle.read(|session| session.src.is_none()) {
                spawn_local(async move {
                    lessons.set(index::fetch().await.unwrap_or_default());
                });
            }
        }
    });
    (*lessons).clone()
}

fn take(handle: &Handle, deed: &Deed) {
    handle.dispatch(Action::Close);
    match deed {
        Deed::Act(action) => handle.dispatch(action.clone()),
        Deed::Try(place) => tries::take(handle, *place),
        Deed::World(place) => worlds::open(handle, *place),
    }
}

/// Scrolls the list so that what is marked can be seen.
fn keep_in_sight(list: Option<&Element>) {
    let Some(list) = list else {
        return;
    };
    let marked = list.query_selector("[aria-selected=true]").ok().flatten();
    if let Some(marked) = marked.and_then(|it| it.dyn_into::<Element>().ok()) {
        let (row, frame) = (
            marked.get_bounding_client_rect(),
            list.get_bounding_client_rect(),
        );
        let above = (frame.top() - row.top()).max(0.0);
        let below = (row.bottom() - frame.bottom()).max(0.0);
        list.set_scroll_top(list.scroll_top() + (below - above) as i32);
    }
}
