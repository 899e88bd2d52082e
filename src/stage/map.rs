//! The map: regions, links, customers, and messages as moving dots.

use yew::prelude::*;

/// The map: regions, links, customers, and messages as moving dots.
#[component]
pub fn Map() -> Html {
    html! { <div class="map"></div> }
}
