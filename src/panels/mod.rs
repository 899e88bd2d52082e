//! The panels beside the stage, one a file.

use yew::prelude::*;

/// The panels beside the stage, one a file.
#[component]
pub fn Side() -> Html {
    html! { <section class="side"></section> }
}
