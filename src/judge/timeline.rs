//! The timeline: a row a process, a bar an operation, from its call to its return.
//!
//! It is painted on a canvas by [`super::paint`]. Keys lead from operation to operation,
//! and each is said as text; the proof stands below as a list.

use std::cell::RefCell;
use std::rc::Rc;

use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::Closure;
use web_sys::{Element, HtmlElement, ResizeObserver};
use yew::prelude::*;

use super::answer::Verdict;
use super::desk::Found;
use super::lanes::Step;
use super::paint::{AXIS, Painter, ROW};
use super::say;
use crate::session::use_handle;
use crate::text::use_text;

/// Rows that are in sight at most; the others are scrolled to.
const ROWS: f64 = 12.5;
/// The line around the rows.
const EDGE: f64 = 1.0;
/// How far a key moves, as a share of the window.
const KEY: f64 = 0.5;

/// What the timeline is given.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// Whose it is: another file begins anew.
    pub(super) file: u32,
    /// What it shows.
    pub(super) found: Found,
}

/// The timeline.
#[component]
pub(super) fn Timeline(props: &Props) -> Html {
    let text = use_text();
    let handle = use_handle();
    let (host, canvas) = (use_node_ref(), use_node_ref());
    let opened = props.found.opened.clone();
    let lanes = props.found.lanes.clone();
    let painter = use_memo((props.file, Rc::as_ptr(&opened).addr()), {
        let (opened, lanes) = (opened.clone(), lanes.clone());
        move |_| RefCell::new(Painter::new(opened, lanes))
    });
    let painter = Shared(painter);
    let told = use_state_eq(|| None::<(u32, Option<(f64, f64)>)>);
    let proof = match props.found.lit_row().map(|row| &row.verdict) {
        Some(Verdict::Violated(proof)) => proof.bars.clone(),
        _ => Vec::new(),
    };
    use_effect_with(painter.clone(), {
        let (host, told) = (host.clone(), told.setter());
        move |painter| {
            told.set(None);
            let watched = watch_size(&host, painter.clone());
            move || drop(watched)
        }
    });
    use_effect_with((painter.clone(), proof), {
        let host = host.clone();
        move |(painter, proof)| {
            painter.borrow_mut().light(proof.clone());
            let top = painter.borrow().proof_top();
            if let (Some(host), Some(top)) = (host.cast::<Element>(), top) {
                host.set_scroll_top((top - ROW) as i32);
            }
        }
    });
    use_effect_with((painter.clone(), text.lang().code()), {
        let canvas = canvas.clone();
        move |(painter, _)| {
            let painter = painter.clone();
            let guard = handle.on_frame(move |_| painter.borrow_mut().paint(&canvas));
            move || drop(guard)
        }
    });
    let change = {
        let painter = painter.clone();
        Rc::new(move |change: &dyn Fn(&mut Painter)| {
            let mut painter = painter.borrow_mut();
            change(&mut painter);
            painter.touch();
        })
    };
    let pointed = {
        let host = host.clone();
        Rc::new(move |event: &MouseEvent| {
            let rect = host
                .cast::<Element>()
                .map(|it| it.get_bounding_client_rect());
            let corner = rect.map_or((0.0, 0.0), |rect| (rect.left(), rect.top()));
            (
                f64::from(event.client_x()) - corner.0,
                f64::from(event.client_y()) - corner.1,
            )
        })
    };
    let drag = use_mut_ref(|| None::<f64>);
    let onpointerdown = {
        let (pointed, drag) = (pointed.clone(), drag.clone());
        Callback::from(move |event: PointerEvent| {
            drag.replace((event.button() == 0).then(|| pointed(&event).0));
        })
    };
    let onpointermove = {
        let (pointed, drag, change) = (pointed.clone(), drag.clone(), change.clone());
        let (told, painter) = (told.setter(), painter.clone());
        Callback::from(move |event: PointerEvent| {
            let (x, y) = pointed(&event);
            if let Some(from) = *drag.borrow()
                && event.buttons() & 1 == 1
            {
                change(&|painter| painter.window.pan(from - x));
            }
            if event.buttons() & 1 == 1 {
                drag.replace(Some(x));
            }
            let hit = painter.borrow().hit(x, y);
            if painter.borrow().hover != hit {
                change(&|painter| painter.hover = hit);
            }
            told.set(hit.map(|bar| (bar, Some((x, y)))));
        })
    };
    let onpointerleave = {
        let (told, change) = (told.setter(), change.clone());
        Callback::from(move |_: PointerEvent| {
            told.set(None);
            change(&|painter| painter.hover = None);
        })
    };
    let onwheel = {
        let (pointed, change) = (pointed.clone(), change.clone());
        Callback::from(move |event: WheelEvent| {
            let (x, _) = pointed(&event);
            let (along, down) = (event.delta_x(), event.delta_y());
            if event.ctrl_key() || event.meta_key() {
                let steps = -(down / 120.0).clamp(-1.0, 1.0);
                change(&|painter| {
                    let x = x - painter.names();
                    painter.window.zoom(steps, x);
                });
            } else if event.shift_key() || along.abs() > down.abs() {
                // With the shift key some systems turn the wheel themselves.
                let pixels = if along.abs() > down.abs() {
                    along
                } else {
                    down
                };
                change(&|painter| painter.window.pan(pixels));
            } else {
                // The page, or the rows.
                return;
            }
            event.prevent_default();
        })
    };
    let onscroll = {
        let (host, change) = (host.clone(), change.clone());
        Callback::from(move |_: Event| {
            let top = host.cast::<Element>().map_or(0, |host| host.scroll_top());
            change(&|painter| painter.top = f64::from(top));
        })
    };
    let pick = {
        let (host, change, told) = (host.clone(), change.clone(), told.setter());
        Rc::new(move |bar: Option<u32>| {
            change(&|painter| {
                painter.picked = bar;
                if let Some(bar) = bar.and_then(|at| painter.bar(at)) {
                    let end = if bar.ret.is_finite() {
                        bar.ret
                    } else {
                        bar.call
                    };
                    painter.window.show(bar.call, end);
                }
            });
            told.set(bar.map(|bar| (bar, None)));
            if let (Some(bar), Some(host)) = (bar, host.cast::<HtmlElement>()) {
                let y = f64::from(lanes.place(bar).0) * ROW;
                let (top, room) = (
                    f64::from(host.scroll_top()),
                    f64::from(host.client_height()),
                );
                if y < top || y + ROW + AXIS > top + room {
                    host.set_scroll_top((y - (room - AXIS - ROW) / 2.0) as i32);
                }
            }
        })
    };
    let onkeydown = {
        let (painter, change, pick) = (painter.clone(), change.clone(), pick.clone());
        Callback::from(move |event: KeyboardEvent| {
            if event.ctrl_key() || event.alt_key() || event.meta_key() {
                return;
            }
            let key = event.key();
            let step = match key.as_str() {
                "ArrowLeft" => Some(Step::Back),
                "ArrowRight" => Some(Step::On),
                "ArrowUp" => Some(Step::Up),
                "ArrowDown" => Some(Step::Down),
                "Home" => Some(Step::First),
                "End" => Some(Step::Last),
                _ => None,
            };
            let pan = |way: f64| {
                change(&|painter| {
                    let pixels = way * KEY * painter.window.width;
                    painter.window.pan(pixels);
                });
            };
            match (step, key.as_str()) {
                (Some(step), _) => {
                    let to = {
                        let painter = painter.borrow();
                        let first = painter.proof.first().copied();
                        match painter.picked {
                            Some(from) => painter.lanes.neighbour(from, step).or(Some(from)),
                            None => {
                                first.or_else(|| painter.lanes.rows.first()?.bars.first().copied())
                            }
                        }
                    };
                    pick(to);
                }
                (_, "PageUp") => pan(-1.0),
                (_, "PageDown") => pan(1.0),
                (_, "+" | "=") => change(&|painter| zoom(painter, 1.0)),
                (_, "-" | "−") => change(&|painter| zoom(painter, -1.0)),
                (_, "0") => change(&|painter| painter.window.fit()),
                (_, "Escape") => pick(None),
                _ => return,
            }
            event.prevent_default();
            event.stop_propagation();
        })
    };
    let press = |id: &'static str, path: &'static str, deed: fn(&mut Painter)| {
        let change = change.clone();
        html! {
            <button
                type="button"
                class="btn btn-quiet btn-icon"
                aria-label={text.get(id)}
                title={text.get(id)}
                onclick={Callback::from(move |_: MouseEvent| change(&deed))}
            >
                <svg class="icon icon-s" viewBox="0 0 12 12" aria-hidden="true"><path d={path} /></svg>
            </button>
        }
    };
    let rows = props.found.lanes.rows.len();
    let all = AXIS + rows as f64 * ROW;
    // Half a row tells that there are more.
    let height = all.min(AXIS + ROWS * ROW);
    let said = (*told).map_or_else(
        || text.get("ui.judge.timeline.keys"),
        |(bar, _)| AttrValue::from(say::bar(&text, &props.found.opened, bar)),
    );
    let tip = (*told).map(|(bar, at)| {
        (
            at.or_else(|| place_of(&painter.borrow(), bar)),
            said.clone(),
        )
    });
    html! {
        <section class="timeline" aria-label={text.get("ui.judge.timeline")}>
            <div class="timeline-head">
                <span class="muted">
                    { text.get(&format!("ui.judge.axis.{}", props.found.opened.axis.id())) }
                </span>
                { press("ui.judge.timeline.back", "M8 2L4 6l4 4", |it| it.window.pan(-KEY * it.window.width)) }
                { press("ui.judge.timeline.on", "M4 2l4 4-4 4", |it| it.window.pan(KEY * it.window.width)) }
                { press("ui.diagram.zoom_out", "M2 6h8", |it| zoom(it, -1.0)) }
                { press("ui.diagram.zoom_in", "M2 6h8M6 2v8", |it| zoom(it, 1.0)) }
                { press("ui.judge.timeline.all", "M1 2v8M11 2v8M3 6h6", |it| it.window.fit()) }
            </div>
            <div
                class="timeline-rows"
                ref={host}
                style={format!("height:{}px", height + 2.0 * EDGE)}
                role="listbox"
                tabindex="0"
                aria-label={text.get("ui.judge.timeline")}
                aria-activedescendant="timeline-bar"
                {onkeydown}
                {onpointerdown}
                {onpointermove}
                {onpointerleave}
                {onwheel}
                {onscroll}
            >
                <canvas ref={canvas} aria-hidden="true" style={format!("height:{height}px")}></canvas>
                <div style={format!("height:{}px", all - height)}></div>
                <div
                    id="timeline-bar"
                    class="visually-hidden"
                    role="option"
                    aria-selected={told.is_some().to_string()}
                >
                    { said }
                </div>
            </div>
            if let Some((Some((x, y)), said)) = tip {
                <div class="tip" style={tip_at(&painter.borrow(), x, y)}>{ said }</div>
            }
        </section>
    }
}

/// A painter that many callbacks have; the same one or not.
#[derive(Clone)]
struct Shared(Rc<RefCell<Painter>>);

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }
}

impl std::ops::Deref for Shared {
    type Target = RefCell<Painter>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

fn zoom(painter: &mut Painter, steps: f64) {
    let middle = painter.window.width / 2.0;
    painter.window.zoom(steps, middle);
}

/// Where a bar is in the element.
fn place_of(painter: &Painter, bar: u32) -> Option<(f64, f64)> {
    let row = f64::from(painter.lanes.place(bar).0);
    let x = painter.names() + painter.window.x(painter.bar(bar)?.call).max(0.0);
    Some((x, AXIS + row * ROW - painter.top))
}

/// Below what is pointed at, or above where there is no room; under the buttons, which
/// are as high as a row and a bit.
fn tip_at(painter: &Painter, x: f64, y: f64) -> String {
    let head = 33.0;
    let left = x.min(f64::from(painter.size.0) - 300.0).max(0.0);
    let (place, top) = if y + 80.0 > f64::from(painter.size.1) {
        ("translateY(-100%)", head + y - 12.0)
    } else {
        ("none", head + y + 20.0)
    };
    format!("left:{left:.0}px;top:{top:.0}px;transform:{place}")
}

/// Tells the painter how large the element is.
fn watch_size(host: &NodeRef, painter: Shared) -> Option<impl Drop + use<>> {
    let element = host.cast::<Element>()?;
    let measured = element.clone();
    let measure = move || {
        let size = (
            measured.client_width().max(0),
            measured.client_height().max(0),
        );
        painter.borrow_mut().resize((size.0 as u32, size.1 as u32));
    };
    measure();
    let callback = Closure::<dyn Fn()>::new(measure);
    let observer = ResizeObserver::new(callback.as_ref().unchecked_ref()).ok()?;
    observer.observe(&element);
    Some(Watched(observer, callback))
}

struct Watched(
    ResizeObserver,
    #[expect(dead_code, reason = "the observer calls it")] Closure<dyn Fn()>,
);

impl Drop for Watched {
    fn drop(&mut self) {
        self.0.disconnect();
    }
}
