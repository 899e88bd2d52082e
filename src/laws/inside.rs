//! A replica of a type, what it is made of, and what an update of it weighs in each form.

use splitbrain_engine::crdt::laws::Sample;
use splitbrain_words::Arg;
use splitbrain_words::notation::replica;
use yew::prelude::*;

use super::replicas::view_of;
use super::subject::Subject;
use crate::parts::shape;
use crate::text::use_text;

/// Of what.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The type or the rule.
    pub(super) subject: Subject,
}

/// The section, where the type takes what the sample does.
#[component]
pub(super) fn Inside(props: &Props) -> Html {
    let text = use_text();
    let sample = use_memo(props.subject.clone(), |subject| Sample::of(subject.lab()));
    let Some(sample) = &*sample else {
        return Html::default();
    };
    let weights = [
        ("ui.laws.inside.operation", sample.operation),
        ("ui.laws.inside.delta", sample.delta),
        ("ui.laws.inside.state", sample.state),
    ];
    let weights = weights.map(|(id, bytes)| {
        let said = text.with(
            "ui.laws.inside.bytes",
            &[("n", Arg::from(u64::from(bytes)))],
        );
        html! { <div><dt>{ text.get(id) }</dt><dd>{ said }</dd></div> }
    });
    html! {
        <section class="lab-inside">
            <h2>{ text.node("ui.laws.inside") }</h2>
            <p class="lab-hint">{ text.node("ui.laws.inside.lede") }</p>
            <ul class="lab-states">
                <li>
                    <h3>{ shape(0) }{ replica(0) }</h3>
                    { view_of(&text, &sample.view) }
                </li>
                <li>
                    <h3>{ text.node("ui.laws.inside.next") }</h3>
                    <dl>{ for weights }</dl>
                </li>
            </ul>
        </section>
    }
}
