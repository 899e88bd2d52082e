//! What replicas show and what they are made of, side by side.

use splitbrain_engine::crdt::laws::{Moment, Sight, Step, View, Violation};
use splitbrain_words::notation::{content, replica, row};
use yew::prelude::*;

use crate::parts::{shape, sign};
use crate::text::Text;

/// The replica at which a step happens.
pub(super) const fn place_of(step: Step) -> u8 {
    match step {
        Step::Act { replica, .. } => replica,
        Step::Merge { into, .. } => into,
    }
}

/// Every replica after a step.
pub(super) fn after(text: &Text, moment: &Moment) -> Html {
    let changed = place_of(moment.step);
    let replicas = (0_u8..).zip(&moment.replicas).map(|(place, view)| {
        let is_now = place == changed;
        html! {
            <li key={place} class={classes!(is_now.then_some("is-now"))}>
                <h4>
                    { shape(place) }{ replica(place) }
                    if is_now {
                        <small>{ text.node("ui.laws.changed") }</small>
                    }
                </h4>
                { view_of(text, view, true) }
            </li>
        }
    });
    html! { <ul class="lab-states">{ for replicas }</ul> }
}

/// The two that should be equal and are not.
pub(super) fn sides(text: &Text, violation: &Violation, is_asked_for: bool) -> Html {
    let (left, right) = if is_asked_for {
        ("ui.laws.side.is", "ui.laws.side.should")
    } else {
        ("ui.laws.side.one", "ui.laws.side.other")
    };
    let has_state = violation.sight == Sight::State;
    let side = |name: &str, view: &View| {
        html! {
            <li class="is-bad">
                <h4>{ sign("cross", "bad") }{ text.get(name) }</h4>
                { view_of(text, view, has_state || !view.state.is_empty()) }
            </li>
        }
    };
    html! {
        <ul class="lab-states lab-sides">
            { side(left, &violation.found) }
            <li class="lab-unequal" aria-hidden="true">{ "≠" }</li>
            { side(right, &violation.expected) }
        </ul>
    }
}

fn view_of(text: &Text, view: &View, has_state: bool) -> Html {
    let parts = view.state.iter().map(|part| {
        let rows: Vec<String> = part.rows.iter().map(|data| row(data)).collect();
        let rows = if rows.is_empty() {
            "–".to_owned()
        } else {
            rows.join("  ")
        };
        html! {
            <div key={part.id}>
                <dt>{ text.get(&format!("part.{}", part.id)) }</dt>
                <dd>{ rows }</dd>
            </div>
        }
    });
    html! {
        <>
            <code class="lab-value">{ content(&view.value) }</code>
            if has_state {
                <dl>{ for parts }</dl>
            }
        </>
    }
}
