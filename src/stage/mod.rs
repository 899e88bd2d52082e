//! The stage: map, toolbox, space-time diagram, transport bar.
//!
//! Map and diagram show one trace, once by place and once by time. What moves is
//! painted on canvases from frame callbacks; everything that can be focused or read
//! out is SVG and DOM.
//!
//! - `geometry`, `place`: points and boxes; where a label goes.
//! - `projection`, `arcs`, `layout`: where everything on the map stands.
//! - `map`, `map_world`, `map_marks`, `map_words`, `map_menu`: the map's markup.
//! - `flights`, `map_paint`, `map_brush`: messages out of the trace, as moving dots.
//! - `space_time*`: the diagram. `transport*`: the bar under it. `tools`: what a
//!   learner can do.
//! - `palette`, `measure`, `size`, `motion`: colours, widths, canvases, and how much
//!   may move.

mod arcs;
mod flights;
pub(crate) mod geometry;
mod layout;
mod map;
mod map_brush;
mod map_marks;
mod map_menu;
mod map_paint;
mod map_words;
mod map_world;
mod measure;
mod motion;
mod palette;
mod place;
mod projection;
mod size;
mod space_time;
mod space_time_brush;
mod space_time_clock;
mod space_time_draw;
mod space_time_focus;
mod space_time_keys;
mod space_time_labels;
mod space_time_paint;
mod space_time_scene;
mod space_time_stamps;
mod space_time_window;
pub(crate) mod tools;
mod transport;
mod transport_keys;

use yew::prelude::*;

use crate::text::use_text;

pub(crate) use map::Map;
pub(crate) use map_menu::MapMenu;
pub(crate) use space_time::SpaceTime;
pub(crate) use space_time_stamps::CHUNK as CLOCKS_CHUNK;
pub(crate) use space_time_stamps::Chunk as ClocksChunk;
pub(crate) use tools::Tools;
pub(crate) use transport::Transport;
pub(crate) use transport_keys::KEYS;

/// The stage.
#[component]
pub fn Stage() -> Html {
    let text = use_text();
    html! {
        <section class="stage" aria-label={text.get("ui.stage")}>
            <Map />
            <Tools />
            <SpaceTime />
            <Transport />
        </section>
    }
}
