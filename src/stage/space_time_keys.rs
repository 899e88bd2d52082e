//! Keys of the diagram: along a lane, between lanes, and why.

use std::cell::RefCell;
use std::rc::Rc;

use splitbrain_engine::sim::fact::FactId;
use web_sys::KeyboardEvent;
use yew::Callback;

use super::space_time_focus::{lane_of, neighbour};
use super::space_time_paint::Painter;
use crate::session::{Action, Ask, Handle, Selection, Session};

/// What the keys do while the diagram has the focus. `lane` is where one was last.
pub(super) fn on_key(
    handle: Handle,
    painter: Rc<RefCell<Painter>>,
    lane: Rc<RefCell<u8>>,
) -> Callback<KeyboardEvent> {
    Callback::from(move |event: KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key() {
            return;
        }
        let zoom = |steps: f64| {
            let mut painter = painter.borrow_mut();
            painter.window.zoom(steps);
            painter.touch();
        };
        let key = event.key();
        match key.as_str() {
            "ArrowRight" | "ArrowLeft" | "ArrowUp" | "ArrowDown" => {
                let (found, on) = handle.read(|session| go(session, *lane.borrow(), &key));
                lane.replace(on);
                if let Some(fact) = found {
                    handle.dispatch(Action::Pause);
                    handle.dispatch(Action::Select(Selection::Fact(fact)));
                }
            }
            "Enter" => {
                if let Some(fact) = handle.read(selected) {
                    handle.dispatch(Action::GoToFact(fact));
                    handle.dispatch(Action::Ask(Ask::Fact(fact)));
                }
            }
            "Escape" => handle.dispatch(Action::Select(Selection::Nothing)),
            "+" | "=" => zoom(1.0),
            "-" | "−" => zoom(-1.0),
            _ => return,
        }
        event.prevent_default();
        event.stop_propagation();
    })
}

fn selected(session: &Session) -> Option<FactId> {
    match session.selection {
        Selection::Fact(fact) => Some(fact),
        _ => None,
    }
}

/// The fact that a key leads to, and the lane that one is on then.
fn go(session: &Session, lane: u8, key: &str) -> (Option<FactId>, u8) {
    let trace = session.player.trace();
    let lanes = session.scenario().regions.len() as u16;
    let from = selected(session);
    let on = from
        .and_then(|fact| lane_of(trace.get(fact)?, lanes))
        .unwrap_or(lane);
    let here = from.unwrap_or_else(|| session.player.end());
    let last = (lanes as u8).saturating_sub(1);
    let to = match key {
        "ArrowUp" => on.saturating_sub(1),
        "ArrowDown" => (on + 1).min(last),
        _ => on,
    };
    let found = match key {
        "ArrowRight" => neighbour(trace, here, to, lanes, true),
        "ArrowLeft" => neighbour(trace, here, to, lanes, false),
        _ if to == on && from.is_some() => None,
        _ => neighbour(trace, here, to, lanes, false)
            .or_else(|| neighbour(trace, here, to, lanes, true)),
    };
    (found, if found.is_some() { to } else { on })
}
