//! A history built by hand: buttons at each replica, what the replicas hold after each step,
//! and at last whether it breaks the law.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::history::REPLICAS;
use splitbrain_engine::crdt::laws::{History, Step, moments};
use splitbrain_lesson::lab::{Answer, Ask, MAX_STEPS, own};
use splitbrain_words::Arg;
use yew::prelude::*;

use super::checking::use_check;
use super::machine::Compare;
use super::{Props, head};
use crate::laws::acts::{Chosen, Controls, empty, list, numbers, verbs};
use crate::laws::story::Story;
use crate::parts::icon;
use crate::text::{Text, use_text};

/// The bench for a counterexample.
#[component]
pub(super) fn Build(props: &Props) -> Html {
    let text = use_text();
    let picture = use_node_ref();
    let steps = use_state(|| answered(props));
    let chosen = use_state(Chosen::default);
    let (is_trying, check) = use_check(props);
    let Ask::Counterexample { subject, .. } = &props.goal.ask else {
        return html! {};
    };
    let lab = subject.lab;
    let history = History {
        steps: (*steps).clone(),
    };
    let seen = moments(lab, &history, usize::from(REPLICAS));
    let push = {
        let (setter, held) = (steps.setter(), steps.clone());
        Callback::from(move |step: Step| {
            let mut longer = (*held).clone();
            if longer.len() < MAX_STEPS {
                longer.push(step);
                setter.set(longer);
            }
        })
    };
    let keep = |count: usize| {
        let (setter, held) = (steps.setter(), steps.clone());
        Callback::from(move |_: MouseEvent| setter.set(held[..count.min(held.len())].to_vec()))
    };
    let answer = Answer::History {
        history: history.clone(),
        is_timed: lab.is_timed(),
    };
    let is_answered = props.answered.as_ref() == Some(&answer.to_string());
    let broken = (is_answered && props.is_met).then(|| own(&props.goal, &answer));
    let broken = broken.flatten().map(Rc::new);
    let onclick = {
        let answer = answer.clone();
        Callback::from(move |_: MouseEvent| check.emit(answer.clone()))
    };
    let controls = Controls {
        text: &text,
        verbs: verbs(lab.verbs()),
        is_timed: lab.is_timed(),
        chosen: *chosen,
        push: &push,
        is_full: history.steps.len() >= MAX_STEPS,
    };
    let count = [("n", Arg::from(steps.len())), ("most", most(props).into())];
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |now| chosen.set(now))
    };
    html! {
        <>
            { head(&text, props) }
            { numbers(&text, &props.goal.id, &controls.verbs, lab.is_timed(), *chosen, &choose) }
            { controls.replicas(&empty(lab), seen.last()) }
            <h3>{ text.node("ui.bench.history") }</h3>
            { list(&text, &seen, lab.is_timed()) }
            <p class="lab-hint" role="status">{ text.with("ui.bench.count", &count) }</p>
            <div class="btn-row">
                <button
                    type="button"
                    class="btn btn-primary"
                    disabled={steps.is_empty() || is_trying}
                    {onclick}
                >
                    { text.node("ui.bench.check") }
                </button>
                <button
                    type="button"
                    class="btn"
                    disabled={steps.is_empty()}
                    onclick={keep(steps.len().saturating_sub(1))}
                >
                    { icon("step-back") }{ text.node("ui.bench.undo") }
                </button>
                <button type="button" class="btn" disabled={steps.is_empty()} onclick={keep(0)}>
                    { text.node("ui.bench.clear") }
                </button>
            </div>
            { said(&text, props, is_answered) }
            if let Some(found) = broken {
                <Story found={found.clone()} is_timed={lab.is_timed()} {picture} is_own=true />
                <Compare goal={props.goal.clone()} seed={props.seed} own={history.steps.len() as u32} />
            }
        </>
    }
}

/// The steps that were answered last.
fn answered(props: &Props) -> Vec<Step> {
    let source = props.answered.as_deref().unwrap_or_default();
    match Answer::parse(&props.goal, source) {
        Ok(Answer::History { history, .. }) => history.steps,
        _ => Vec::new(),
    }
}

fn most(props: &Props) -> u32 {
    match props.goal.ask {
        Ask::Counterexample { at_most, .. } => at_most,
        _ => MAX_STEPS as u32,
    }
}

/// How the goal stands with the answer that is shown, said to whoever listens.
pub(super) fn said(text: &Text, props: &Props, is_answered: bool) -> Html {
    let state = if props.is_met {
        "ui.goals.met"
    } else {
        "ui.goals.not_met"
    };
    let args = [
        ("title", props.title.clone()),
        ("state", text.get(state).to_string()),
    ];
    html! {
        <p class="bench-said" role="status">
            if is_answered {
                { icon(if props.is_met { "check" } else { "circle" }) }
                <span>
                    { text.with("ui.bench.given", &args) }
                    if let Some(why) = &props.why {
                        { ". " }{ why.clone() }
                    }
                </span>
            }
        </p>
    }
}
