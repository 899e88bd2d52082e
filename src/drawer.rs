//! The design drawer: per service its policies; changing one forks.

use yew::prelude::*;

/// The design drawer: per service its policies; changing one forks.
#[component]
pub fn Drawer() -> Html {
    html! { <section class="rail"></section> }
}
