//! What opens over the page: forms of tools, share, keys, palette, branches.

use yew::prelude::*;

/// What opens over the page: forms of tools, share, keys, palette, branches.
#[component]
pub fn Dialogs() -> Html {
    html! { <div></div> }
}
