//! The stage: map, toolbox, space-time diagram, transport bar.

mod map;
mod space_time;
pub(crate) mod tools;
mod transport;

use yew::prelude::*;

/// The stage.
#[component]
pub fn Stage() -> Html {
    html! {
        <section class="stage" aria-label="Stage">
            <map::Map />
            <tools::Tools />
            <space_time::SpaceTime />
            <transport::Transport />
        </section>
    }
}
