//! What opens over the page: forms of tools, share, keys, palette, branches.

mod branches;
mod compare;
mod document_inputs;
pub(crate) mod draft;
mod draft_commands;
mod fields;
mod keys;
pub(crate) mod modal;
mod offers;
mod palette;
mod record_inputs;
mod share;
mod tool;
mod tool_fields;
mod tool_inputs;
mod worlds;

pub(crate) use worlds::play;

use gloo_events::{EventListener, EventListenerOptions};
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::chunk::{Which, use_chunk};
use crate::session::{Action, Dialog, Handle, Selection, use_handle, use_session};
use crate::stage::MapMenu;

/// Where a typed character is text.
const TYPED: &str = "input, select, textarea, [contenteditable]";

/// What the page fetches when one of them, or a menu of the map, is first opened.
#[derive(Debug)]
pub struct Chunk {
    /// Shows it.
    pub show: fn(Dialog) -> Html,
    /// The menu of something on the map, at a place in the window in CSS pixels; emits
    /// when it shuts.
    pub menu: fn(Selection, (f64, f64), Callback<()>) -> Html,
}

/// Its functions.
pub(crate) static CHUNK: Chunk = Chunk {
    show: |dialog| match dialog {
        Dialog::Tool(tool) => html! { <tool::ToolForm key={tool} tool={tool} /> },
        Dialog::Share => html! { <share::Share key="share" /> },
        Dialog::Keys => html! { <keys::Keys key="keys" /> },
        Dialog::Palette => html! { <palette::Palette key="palette" /> },
        Dialog::Branches => html! { <branches::Branches key="branches" /> },
        Dialog::Worlds => html! { <worlds::Worlds key="worlds" /> },
        Dialog::Compare => html! { <compare::Compare key="compare" /> },
    },
    menu: |target, at, on_close| html! { <MapMenu {target} {at} {on_close} /> },
};

/// What opens over the page. One thing at a time.
#[component]
pub(crate) fn Dialogs() -> Html {
    let handle = use_handle();
    let dialog = use_session(|session| session.dialog);
    let chunks = use_chunk(Which::Dialogs, dialog.is_some());
    use_effect_with(handle, |handle| {
        let handle = handle.clone();
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
                    open_by_key(&handle, event);
                }
            })
        });
        move || drop(listener)
    });
    // What had the focus before the first of several dialogs gets it back after the last.
    let before = use_mut_ref(|| None);
    if dialog.is_some() && before.borrow().is_none() {
        before.replace(modal::active_element());
    }
    use_effect_with(dialog.is_some(), move |is_open| {
        if !is_open && let Some(before) = before.take() {
            // It may have gone meanwhile; then the focus falls where it falls.
            let _ = before.focus();
        }
    });
    html! {
        <div>
            { dialog.zip(chunks.dialogs).map(|(dialog, chunk)| (chunk.0.show)(dialog)) }
        </div>
    }
}

/// The palette and the list of keys open from anywhere.
fn open_by_key(handle: &Handle, event: &KeyboardEvent) {
    let target = event.target().and_then(|it| it.dyn_into::<Element>().ok());
    let is_typed = target.is_some_and(|it| matches!(it.closest(TYPED), Ok(Some(_))));
    let has_command = event.ctrl_key() || event.meta_key();
    let dialog = match event.key().as_str() {
        "k" | "K" if has_command && !event.alt_key() && !event.shift_key() => Dialog::Palette,
        "?" if !has_command && !is_typed => Dialog::Keys,
        _ => return,
    };
    if event.default_prevented() || handle.read(|session| session.dialog.is_some()) {
        return;
    }
    event.prevent_default();
    handle.dispatch(Action::Open(dialog));
}
