//! Every key, and what it does.

use yew::prelude::*;

use super::modal::Modal;
use crate::stage::KEYS as STAGE;
use crate::text::{Text, use_text};

/// Keys that work everywhere, each with the id of the words for what it does.
const EVERYWHERE: &[(&str, &str)] = &[
    ("Ctrl K", "ui.keys.palette"),
    ("?", "ui.keys.help"),
    ("Esc", "ui.keys.close"),
    ("Tab", "ui.keys.next"),
    ("Enter", "ui.keys.press"),
];

/// The list of keys.
#[component]
pub(crate) fn Keys() -> Html {
    let text = use_text();
    html! {
        <Modal title={text.get("ui.keys.title")}>
            { list(&text, STAGE) }
            { list(&text, EVERYWHERE) }
            <p class="muted">{ text.get("ui.keys.tools.how") }</p>
        </Modal>
    }
}

fn list(text: &Text, keys: &[(&'static str, &str)]) -> Html {
    html! {
        <dl class="keys">
            { for keys.iter().map(|(keys, id)| html! {
                <div key={*keys}>
                    <dt>{ for keys.split(' ').map(|key| html! { <kbd key={key}>{ key }</kbd> }) }</dt>
                    <dd>{ text.get(id) }</dd>
                </div>
            }) }
        </dl>
    }
}
