//! What opens over the page: forms of tools, share, keys, palette, branches.

pub(crate) mod draft;
pub(crate) mod fields;
pub(crate) mod modal;
pub(crate) mod tool;

use yew::prelude::*;

use crate::session::{Dialog, use_session};

/// What opens over the page. One thing at a time.
#[component]
pub(crate) fn Dialogs() -> Html {
    let dialog = use_session(|session| session.dialog);
    html! {
        <div>
            { match dialog {
                Some(Dialog::Tool(tool)) => html! { <tool::ToolForm key={tool} tool={tool} /> },
                _ => html! {},
            } }
        </div>
    }
}
