//! The map: regions, links, customers, and messages as moving dots.
//!
//! Land, marks, labels and everything that can be focused are SVG and change only
//! when the world does; dots are painted on a canvas over them by
//! [`super::map_paint`], outside yew. Both share one grid of CSS pixels.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_words::names::Form;
use web_sys::Element;
use yew::prelude::*;

use super::flights::speed;
use super::geometry::Point;
use super::layout::{Layout, Widths};
use super::map_marks::Scene;
use super::map_paint::{MapPainter, SAMPLE_FROM};
use super::map_words::told_chars;
use super::map_world::MapWorld;
use super::measure::{Font, width};
use super::size::use_size;
use crate::chunk::{Which, use_chunk};
use crate::session::{Action, Selection, use_handle, use_session};
use crate::text::use_text;

/// How much of the map's head is taken by its gauges, and by what stands at its end.
const HEAD: (f64, f64) = (360.0, 200.0);

/// The map.
#[component]
pub(crate) fn Map() -> Html {
    let text = use_text();
    let handle = use_handle();
    let host = use_node_ref();
    let canvas = use_node_ref();
    let size = use_size(&host);
    let scenario = use_session(|session| session.scenario().clone());
    let world = use_session(MapWorld::of);
    let selected = use_session(|session| session.selection);
    let is_sample = use_session(|session| session.playing && speed(session) >= SAMPLE_FROM);
    let open = use_state_eq(|| Selection::Nothing);
    let chunks = use_chunk(Which::Dialogs, *open != Selection::Nothing);
    let layout = use_memo(
        (size, scenario.clone(), world.cut(), told_chars(&text)),
        |(size, scenario, cut, told_chars)| {
            let widths = Widths {
                name: &|name| width(name, Font::Name),
                data: width("0", Font::Data),
                told_chars: *told_chars,
            };
            Rc::new(Layout::new(*size, scenario, cut, HEAD, &widths))
        },
    );
    let layout = (*layout).clone();
    let painter = use_mut_ref(MapPainter::default);
    painter.borrow_mut().layout = (size != (0, 0)).then(|| layout.clone());
    use_effect_with(handle.clone(), {
        let (painter, canvas): (Rc<RefCell<MapPainter>>, NodeRef) = (painter, canvas.clone());
        move |handle| {
            let guard = handle.on_frame(move |session| {
                painter.borrow_mut().paint(&canvas, session);
            });
            move || drop(guard)
        }
    });
    let pick = use_callback(open.setter(), {
        let handle = handle.clone();
        move |what, open| {
            handle.dispatch(Action::Select(what));
            open.set(what);
        }
    });
    let on_close = use_callback(open.setter(), |(), open| open.set(Selection::Nothing));
    let scene = Scene {
        text: &text,
        scenario: &scenario,
        world: &world,
        layout: &layout,
        selected,
        open: *open,
        pick: &pick,
    };
    let menu = anchor(&layout, *open)
        .zip(host.cast::<Element>())
        .map(|(at, host)| {
            let rect = host.get_bounding_client_rect();
            let at = (rect.left() + at.x, rect.top() + at.y);
            chunks
                .dialogs
                .map(|chunk| (chunk.0.menu)(*open, at, on_close.clone()))
        });
    let shown = world.key.map(|key| {
        let key = text.words().key(&scenario, key, Form::Label);
        AttrValue::from(key.to_string())
    });
    let note = if is_sample {
        text.get("ui.map.sample")
    } else {
        shown.unwrap_or_default()
    };
    let onkeydown = Callback::from(move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            handle.dispatch(Action::Select(Selection::Nothing));
        }
    });
    html! {
        <div class="map" ref={host} {onkeydown}>
            <svg
                viewBox={format!("0 0 {} {}", size.0.max(1), size.1.max(1))}
                role="group"
                aria-label={text.get("ui.map")}
            >
                <g transform={layout.fit.transform()}>
                    <use href="#graticule" class="graticule" />
                    <use href="#land" class="land" />
                </g>
                { scene.links() }
                { scene.people() }
                { scene.regions() }
                { scene.round_trips() }
            </svg>
            <canvas ref={canvas} aria-hidden="true"></canvas>
            <div class="map-head">
                <crate::panels::Gauges />
                <span class="num muted" hidden={layout.is_small && !is_sample}>{ note }</span>
            </div>
            <div>{ menu }</div>
        </div>
    }
}

/// Where the menu of something opens, on the map.
fn anchor(layout: &Layout, what: Selection) -> Option<Point> {
    match what {
        Selection::Region(place) => layout.regions.get(place as usize).map(|mark| mark.at),
        Selection::Link(a, b) => layout.arc(a, b).map(|arc| arc.at(0.5)),
        _ => None,
    }
}
