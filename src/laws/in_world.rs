//! From a rule in the lab to a world in which that very rule decides.

use splitbrain_engine::crdt::laws::rules::Plan;
use splitbrain_engine::playground::of_rule::of_rule;
use yew::prelude::*;

use crate::dialogs::play;
use crate::parts::icon;
use crate::session::use_handle;
use crate::text::use_text;

/// The rule that is tried.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// As a plan.
    pub(super) plan: Plan,
}

/// What opens the world, and says which service is merged so there. Of a rule by which no
/// service can be merged it says that.
#[component]
pub(super) fn InWorld(props: &Props) -> Html {
    let text = use_text();
    let handle = use_handle();
    let found = use_memo(props.plan.clone(), of_rule);
    let Some((_, choices)) = &*found else {
        return html! { <p class="lab-hint">{ text.node("ui.laws.no_world") }</p> };
    };
    let open = {
        let found = found.clone();
        Callback::from(move |_: MouseEvent| {
            let Some((world, choices)) = &*found else {
                return;
            };
            play(&handle, world.clone(), choices);
        })
    };
    // What is chosen is named as the design's menus name it.
    let parts = choices.iter();
    let parts = parts.map(|it| text.words().design_part(it.slot.id(), &it.policy));
    let design = parts.collect::<Vec<String>>().join("; ");
    let service = choices.first().map(|choice| choice.service);
    let service = service.map(|kind| text.words().service(kind).to_string());
    let what = [("service", service.unwrap_or_default()), ("design", design)];
    html! {
        <div class="lab-try lab-world">
            <button type="button" class="btn" onclick={open} aria-describedby="lab-world">
                { icon("map") }<span>{ text.node("ui.laws.in_world") }</span>
            </button>
            <p id="lab-world" class="lab-hint">{ text.with("ui.laws.in_world.what", &what) }</p>
            if props.plan.rule.overwrites() {
                <p class="lab-hint">{ text.node("ui.laws.in_world.one_way") }</p>
            }
        </div>
    }
}
