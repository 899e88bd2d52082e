//! The toolbox: what a learner can do to the world.

use yew::prelude::*;

/// The toolbox: what a learner can do to the world.
#[component]
pub fn Tools() -> Html {
    html! { <div class="tools"></div> }
}
