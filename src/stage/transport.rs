//! The transport bar: play, steps, speed, scrubbing, branches.

use yew::prelude::*;

/// The transport bar: play, steps, speed, scrubbing, branches.
#[component]
pub fn Transport() -> Html {
    html! { <div class="transport"></div> }
}
