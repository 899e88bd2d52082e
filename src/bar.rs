//! The bar at the top: brand, where one is, share, keys, language, theme.

use yew::prelude::*;

/// The bar at the top: brand, where one is, share, keys, language, theme.
#[component]
pub fn Bar() -> Html {
    html! { <header class="bar"><span class="brand">{ "Splitbrain" }</span></header> }
}
