//! The space-time diagram: the trace seen sideways.

use yew::prelude::*;

/// The space-time diagram: the trace seen sideways.
#[component]
pub fn SpaceTime() -> Html {
    html! { <div class="diagram"></div> }
}
