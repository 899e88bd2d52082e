//! A lesson in the page: its column, and the catalogue of all lessons.

use yew::prelude::*;

/// The column of the lesson that is open.
#[component]
pub fn LessonRail() -> Html {
    html! { <section class="rail"></section> }
}

/// The catalogue of lessons.
#[component]
pub fn Catalogue() -> Html {
    html! { <main class="page"></main> }
}
