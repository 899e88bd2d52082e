//! What replicas show and what they are made of, side by side.

use splitbrain_engine::crdt::laws::{Law, Moment, Step, View, Violation};
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
                <h3>
                    { shape(place) }{ replica(place) }
                    if is_now {
                        <small>{ text.node("ui.laws.changed") }</small>
                    }
                </h3>
                { view_of(text, view) }
            </li>
        }
    });
    html! { <ul class="lab-states">{ for replicas }</ul> }
}

/// The two that should be equal and are not.
pub(super) fn sides(text: &Text, violation: &Violation) -> Html {
    let [left, right] = names(text, violation);
    let side = |name: Html, view: &View| {
        html! {
            <li class="is-bad">
                <h3>{ name }</h3>
                { view_of(text, view) }
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

/// What both sides are: replicas, ways to the same, or what is and what should be.
fn names(text: &Text, violation: &Violation) -> [Html; 2] {
    let words = |id: &str| html! { <>{ sign("cross", "bad") }{ text.get(id) }</> };
    match (violation.law, violation.replicas.as_slice()) {
        (Law::Convergence, &[one, other]) => {
            let name = |place: u8| html! { <>{ sign("cross", "bad") }{ shape(place) }{ replica(place) }</> };
            [name(one), name(other)]
        }
        (Law::Commutative | Law::Associative | Law::Operations, _) => {
            [words("ui.laws.side.one"), words("ui.laws.side.other")]
        }
        _ => [words("ui.laws.side.is"), words("ui.laws.side.should")],
    }
}

/// What a replica shows, and what it is made of.
pub(super) fn view_of(text: &Text, view: &View) -> Html {
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
            // A specification asks for a value and for no state.
            if !view.state.is_empty() {
                <dl>{ for parts }</dl>
            }
        </>
    }
}
