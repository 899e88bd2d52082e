//! Naming the laws that a type breaks, before the lab says which.

use splitbrain_engine::crdt::laws::{Effort, Law};
use splitbrain_lesson::lab::{Answer, Ask};
use web_sys::HtmlInputElement;
use yew::prelude::*;

use super::build::said;
use super::checking::use_check;
use super::{Props, head};
use crate::laws::subject::Subject;
use crate::laws::verdicts::Verdicts;
use crate::text::use_text;

/// The bench for naming laws.
#[component]
pub(super) fn Name(props: &Props) -> Html {
    let text = use_text();
    let named = use_state(|| answered(props));
    let (is_trying, check) = use_check(props);
    let Ask::BrokenLaws { subject, among } = &props.goal.ask else {
        return html! {};
    };
    let boxes = among.iter().map(|&law| {
        let onchange = {
            let (setter, named) = (named.setter(), named.clone());
            Callback::from(move |event: Event| {
                let input = event.target_dyn_into::<HtmlInputElement>();
                let is_checked = input.is_some_and(|input| input.checked());
                let mut now = (*named).clone();
                now.retain(|held| *held != law);
                if is_checked {
                    now.push(law);
                }
                setter.set(now);
            })
        };
        let id = law.id();
        html! {
            <label class="lab-check" key={id}>
                <input type="checkbox" checked={named.contains(&law)} {onchange} />
                <span>
                    <strong>{ text.get(&format!("law.{id}.name")) }</strong>
                    { " " }
                    <small>{ text.get(&format!("law.{id}.means")) }</small>
                </span>
            </label>
        }
    });
    let answer = Answer::of_laws(&named);
    let is_answered = props.answered.as_ref() == Some(&answer.to_string());
    let onclick = Callback::from(move |_: MouseEvent| check.emit(answer.clone()));
    let effort = Effort {
        histories: props.goal.histories,
        seed: props.seed,
        ..Effort::default()
    };
    html! {
        <>
            { head(&text, props) }
            <fieldset class="field lab-checks">
                <legend>{ text.node("ui.bench.which") }</legend>
                { for boxes }
            </fieldset>
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-primary"
                    disabled={named.is_empty() || is_trying}
                    {onclick}
                >
                    { text.node("ui.bench.check.laws") }
                </button>
                if is_trying {
                    <span class="lab-hint">{ text.node("ui.bench.trying") }</span>
                }
            </div>
            { said(&text, props, is_answered) }
            // Not before: it is the answer.
            if props.is_met {
                <p class="lab-hint">{ text.node("ui.bench.all_laws") }</p>
                <Verdicts subject={Subject::Type(subject)} {effort} />
            }
        </>
    }
}

fn answered(props: &Props) -> Vec<Law> {
    let source = props.answered.as_deref().unwrap_or_default();
    match Answer::parse(&props.goal, source) {
        Ok(Answer::Laws(laws)) => laws,
        _ => Vec::new(),
    }
}
