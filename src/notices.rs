//! What is said to the learner: refusals, warnings, news.

use yew::prelude::*;

/// What is said to the learner: refusals, warnings, news.
#[component]
pub fn Notices() -> Html {
    html! { <div class="toasts" role="status"></div> }
}
