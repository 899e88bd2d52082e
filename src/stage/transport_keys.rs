//! Keys that work wherever the focus is, unless somebody types or chooses.

use gloo_events::{EventListener, EventListenerOptions};
use splitbrain_engine::sim::time::Time;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};
use yew::prelude::*;

use crate::session::{Action, Dialog, Handle, SPEEDS, Session, use_handle};

/// Keys of the stage, each with the id of the words for what it does.
pub(crate) const KEYS: &[(&str, &str)] = &[
    ("Space", "ui.keys.play"),
    ("←", "ui.keys.step_back"),
    ("→", "ui.keys.step_on"),
    ("Shift ←", "ui.keys.second_back"),
    ("Shift →", "ui.keys.second_on"),
    ("Home", "ui.keys.to_start"),
    ("End", "ui.keys.to_end"),
    ("−", "ui.keys.slower"),
    ("+", "ui.keys.faster"),
    ("B", "ui.branches"),
];

/// A second of simulated time, in microseconds.
const SECOND_US: i64 = 1_000_000;

/// Where keys mean something else.
const OWN_KEYS: &str = "input, select, textarea, [contenteditable], dialog, [role=dialog], \
    [role=menu], [role=listbox], [role=tablist], [role=toolbar], [role=application]";
/// Where Space and Enter press something.
const PRESSED: &str = "button, a, summary, [role=button]";

/// Listens to the keys as long as there is a stage.
#[hook]
pub(super) fn use_keys() {
    let handle = use_handle();
    use_effect_with(handle, |handle| {
        let handle = handle.clone();
        let document = web_sys::window().and_then(|window| window.document());
        let listener = document.map(|document| {
            let options = EventListenerOptions::enable_prevent_default();
            EventListener::new_with_options(&document, "keydown", options, move |event| {
                if let Some(event) = event.dyn_ref::<KeyboardEvent>()
                    && let Some(action) = action(&handle, event)
                {
                    event.prevent_default();
                    handle.dispatch(action);
                }
            })
        });
        move || drop(listener)
    });
}

fn action(handle: &Handle, event: &KeyboardEvent) -> Option<Action> {
    let target = event.target().and_then(|t| t.dyn_into::<Element>().ok());
    let is_in = |selector: &str| {
        let found = target.as_ref().map(|target| target.closest(selector));
        matches!(found, Some(Ok(Some(_))))
    };
    let has_modifier = event.ctrl_key() || event.alt_key() || event.meta_key();
    let is_taken = event.default_prevented() || has_modifier || is_in(OWN_KEYS);
    if is_taken || handle.read(|session| session.dialog.is_some()) {
        return None;
    }
    let key = event.key();
    let by = |span_us: i64| {
        let now = handle.read(Session::time).0;
        Action::GoTo(Time(now.saturating_add_signed(span_us)))
    };
    let faster = |by: i8| {
        let speed = handle
            .read(|session| session.speed)
            .saturating_add_signed(by);
        Action::SetSpeed(speed.min(SPEEDS.len() as u8 - 1))
    };
    Some(match (key.as_str(), event.shift_key()) {
        (" ", false) if !is_in(PRESSED) => Action::TogglePlay,
        ("ArrowLeft", false) => Action::StepBack,
        ("ArrowRight", false) => Action::StepOn,
        ("ArrowLeft", true) => by(-SECOND_US),
        ("ArrowRight", true) => by(SECOND_US),
        ("Home", false) => Action::GoTo(Time::ZERO),
        ("End", false) => Action::GoTo(handle.read(Session::reached)),
        ("-" | "−", false) => faster(-1),
        ("+" | "=", _) => faster(1),
        ("b" | "B", false) => Action::Open(Dialog::Branches),
        _ => return None,
    })
}
