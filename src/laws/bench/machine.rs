//! The machine's smallest history beside the learner's own.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::Counterexample;
use splitbrain_lesson::lab::{LabGoal, Machine};
use splitbrain_words::Arg;
use yew::prelude::*;

use super::checking::Slices;
use crate::laws::story::Story;
use crate::parts::icon;
use crate::text::use_text;

/// What is compared.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct CompareProps {
    /// The goal that asks for a history.
    pub(super) goal: LabGoal,
    /// The seed of the learner's run.
    pub(super) seed: u64,
    /// The steps of the learner's own.
    pub(super) own: u32,
}

/// How far the machine is.
#[derive(Clone, PartialEq)]
enum Looking {
    Not,
    Yes,
    Done(Option<Rc<Counterexample>>),
}

/// A button, and then both lengths and the machine's history.
#[component]
pub(super) fn Compare(props: &CompareProps) -> Html {
    let text = use_text();
    let picture = use_node_ref();
    let looking = use_state(|| Looking::Not);
    let is_looking = *looking == Looking::Yes;
    use_effect_with((is_looking, props.goal.clone(), props.seed), {
        let looking = looking.setter();
        move |(is_looking, goal, seed)| {
            let machine = is_looking.then(|| Machine::new(goal, *seed)).flatten();
            let slices = machine.map(|mut machine| {
                Slices::start(move |budget| {
                    let is_done = machine.advance(budget);
                    if is_done {
                        let found = machine.found().cloned().map(Rc::new);
                        looking.set(Looking::Done(found));
                    }
                    is_done
                })
            });
            move || {
                if let Some(slices) = slices {
                    slices.stop();
                }
            }
        }
    });
    let onclick = {
        let looking = looking.setter();
        Callback::from(move |_: MouseEvent| looking.set(Looking::Yes))
    };
    let found = match &*looking {
        Looking::Done(found) => found.clone(),
        _ => None,
    };
    let compared = found.as_ref().map(|found| {
        let machine = found.history.steps.len() as u32;
        let id = match props.own.cmp(&machine) {
            std::cmp::Ordering::Less => "ui.bench.larger",
            std::cmp::Ordering::Equal => "ui.bench.as_small",
            std::cmp::Ordering::Greater => "ui.bench.smaller",
        };
        let args = [("n", Arg::from(props.own)), ("most", Arg::from(machine))];
        text.with(id, &args)
    });
    let is_timed = props.goal.ask.subject().is_some_and(|it| it.lab.is_timed());
    html! {
        <div class="bench-compare">
            <button type="button" class="btn" disabled={*looking != Looking::Not} {onclick}>
                { icon("search") }{ text.node("ui.bench.compare") }
            </button>
            <p role="status">
                if is_looking {
                    { text.node("ui.bench.looking") }
                }
                { compared.unwrap_or_default() }
            </p>
            if let Some(found) = found {
                <h3>{ text.node("ui.bench.of_machine") }</h3>
                <Story {found} {is_timed} {picture} />
            }
        </div>
    }
}
