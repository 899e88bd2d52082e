//! From the design to a comparison with another one.

use yew::prelude::*;

use crate::parts::icon;
use crate::session::{Action, Dialog, use_handle};
use crate::text::use_text;

/// The button that leads there.
#[component]
pub(super) fn Compare() -> Html {
    let text = use_text();
    let handle = use_handle();
    let onclick =
        Callback::from(move |_: MouseEvent| handle.dispatch(Action::Open(Dialog::Compare)));
    html! {
        <button
            type="button"
            class="btn"
            style="margin-top:12px"
            aria-haspopup="dialog"
            {onclick}
        >
            { icon("branch") }{ text.node("ui.twin.with") }
        </button>
    }
}
