//! Ready worlds: one situation each, with something to try in it.

use std::rc::Rc;

use splitbrain_engine::playground::ready::READY;
use splitbrain_engine::run::Run;
use splitbrain_engine::scenario::{Choice, Scenario};
use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::twin::twin_of;
use yew::prelude::*;

use super::modal::Modal;
use crate::session::{Action, Handle, Place, use_handle, use_session};
use crate::text::use_text;

/// The ids of those that are offered.
pub(super) fn ids() -> Vec<String> {
    READY.iter().map(|world| world().id).collect()
}

/// Opens one by its place, under fresh dice; what was open stays as a branch.
pub(super) fn open(handle: &Handle, place: usize) {
    let Some(world) = READY.get(place) else {
        return;
    };
    handle.dispatch(Action::Close);
    play(handle, world(), &[]);
}

/// Plays a world under these policies, from its beginning and under fresh dice; what was
/// open stays as a branch.
pub(crate) fn play(handle: &Handle, world: Scenario, choices: &[Choice]) {
    let run = Run::new(Rc::new(world), crate::app::fresh_seed());
    handle.dispatch(Action::Navigate(Place::Playground));
    handle.dispatch(Action::Import {
        run: twin_of(&run, choices),
        cursor: Time::ZERO,
        expected: None,
    });
    handle.dispatch(Action::Play);
}

/// The list of ready worlds.
#[component]
pub(crate) fn Worlds() -> Html {
    let text = use_text();
    let handle = use_handle();
    let open_now = use_session(|session| session.design.id.clone());
    let row = |(place, world): (usize, &fn() -> Scenario)| {
        let id = world().id;
        let onclick = {
            let handle = handle.clone();
            Callback::from(move |_: MouseEvent| open(&handle, place))
        };
        html! {
            <li key={id.clone()}>
                <button type="button" class="try" aria-current={(id == open_now).then_some("true")} {onclick}>
                    { crate::parts::icon("map") }
                    <span>
                        { text.get(&format!("world.{id}")) }
                        <small>{ text.get(&format!("world.{id}.what")) }</small>
                    </span>
                </button>
            </li>
        }
    };
    html! {
        <Modal title={text.get("ui.worlds")}>
            <p class="muted">{ text.get("ui.worlds.what") }</p>
            <ul class="tries">{ for READY.iter().enumerate().map(row) }</ul>
        </Modal>
    }
}
