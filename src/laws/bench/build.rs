//! A history built by hand: buttons at each replica, what the replicas hold after each step,
//! and at last whether it breaks the law.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::history::REPLICAS;
use splitbrain_engine::crdt::laws::notation::{act_at, replica};
use splitbrain_engine::crdt::laws::world::World;
use splitbrain_engine::crdt::laws::{History, Moment, Step, View, moments};
use splitbrain_lesson::lab::{Answer, Ask, MAX_STEPS, own};
use splitbrain_words::Arg;
use yew::prelude::*;

use super::acts::{Chosen, numbers, verbs};
use super::checking::use_check;
use super::machine::Compare;
use super::{Props, head};
use crate::laws::replicas::{place_of, view_of};
use crate::laws::story::{Story, tell};
use crate::parts::{icon, shape};
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
            { controls.replicas(&World::new(lab).replicas.iter().map(|it| View::of(it.as_ref())).collect::<Vec<_>>(), seen.last()) }
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
                <Story found={found.clone()} is_timed={lab.is_timed()} {picture} />
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
                { text.with("ui.bench.given", &args) }
            }
        </p>
    }
}

/// What happened so far, in order.
pub(super) fn list(text: &Text, seen: &[Moment], is_timed: bool) -> Html {
    if seen.is_empty() {
        return html! { <p class="lab-hint">{ text.node("ui.bench.none") }</p> };
    }
    let steps = seen.iter().enumerate().map(|(at, moment)| {
        html! { <li key={at}>{ tell(text, moment, is_timed) }</li> }
    });
    html! { <ol class="bench-steps">{ for steps }</ol> }
}

struct Controls<'a> {
    text: &'a Text,
    verbs: Vec<splitbrain_engine::crdt::replicated::Verb>,
    is_timed: bool,
    chosen: Chosen,
    push: &'a Callback<Step>,
    is_full: bool,
}

impl Controls<'_> {
    /// Each replica with its buttons, and what it holds now.
    fn replicas(&self, empty: &[View], last: Option<&Moment>) -> Html {
        let changed = last.map(|moment| place_of(moment.step));
        let views = last.map_or(empty, |moment| moment.replicas.as_slice());
        let replicas = (0_u8..).zip(views).map(|(place, view)| {
            let is_now = changed == Some(place);
            html! {
                <li key={place} class={classes!(is_now.then_some("is-now"))}>
                    <h3>
                        { shape(place) }{ replica(place) }
                        if is_now {
                            <small>{ self.text.node("ui.laws.changed") }</small>
                        }
                    </h3>
                    { view_of(self.text, view) }
                    <div class="bench-buttons">
                        { for self.verbs.iter().map(|&verb| self.act(place, verb)) }
                        { for (0..REPLICAS).filter(|&from| from != place).map(|from| self.merge(from, place)) }
                    </div>
                </li>
            }
        });
        html! { <ul class="lab-states" aria-label={self.text.get("ui.bench.replicas")}>{ for replicas }</ul> }
    }

    fn act(&self, place: u8, verb: splitbrain_engine::crdt::replicated::Verb) -> Html {
        let act = self.chosen.act(verb);
        let time = u32::from(self.chosen.time);
        let shown = act_at(act, self.is_timed.then_some(time));
        let args = [
            ("replica", replica(place).to_string()),
            ("act", shown.clone()),
        ];
        let label = self.text.with("ui.bench.act", &args);
        let time = if self.is_timed { time } else { 0 };
        let step = Step::Act {
            replica: place,
            time,
            act,
        };
        self.button(verb.id().to_owned(), label, AttrValue::from(shown), step)
    }

    fn merge(&self, from: u8, into: u8) -> Html {
        let shown = self
            .text
            .with("ui.bench.merge", &[("from", replica(from).to_string())]);
        let args = [
            ("replica", replica(into).to_string()),
            ("act", shown.to_string()),
        ];
        let label = self.text.with("ui.bench.act", &args);
        self.button(
            format!("merge-{from}"),
            label,
            shown,
            Step::Merge { from, into },
        )
    }

    fn button(&self, key: String, label: AttrValue, shown: AttrValue, step: Step) -> Html {
        let onclick = self.push.reform(move |_: MouseEvent| step);
        html! {
            <button {key} type="button" class="btn" aria-label={label} disabled={self.is_full} {onclick}>
                { shown }
            </button>
        }
    }
}
