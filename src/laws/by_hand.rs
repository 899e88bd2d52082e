//! A history made by hand: acts and merges at three replicas, and each step as what a replica
//! held before it, what came, and what it holds since. It begins with an example in which
//! two replicas act without knowing of each other.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::example::example;
use splitbrain_engine::crdt::laws::history::{MOST_STEPS, REPLICAS};
use splitbrain_engine::crdt::laws::notation::{act_at, replica};
use splitbrain_engine::crdt::laws::{History, Moment, Step, View, moments};
use splitbrain_words::Arg;
use splitbrain_words::notation::{content, row};
use yew::prelude::*;

use super::acts::{Chosen, Controls, empty, numbers, verbs};
use super::replicas::place_of;
use super::story::tell;
use super::subject::Subject;
use crate::panels::merge::{Compared, Side, compare};
use crate::panels::merge_card::{Names, STYLE, line};
use crate::parts::{hue, icon, shape};
use crate::text::{Text, use_text};

const NAMES: Names = Names {
    part: "part",
    none: "ui.laws.hand.none",
    gone: "ui.laws.hand.gone",
    new: "ui.laws.hand.new",
};

/// Of what.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The type or the rule.
    pub(super) subject: Subject,
}

/// The section.
#[component]
pub(super) fn ByHand(props: &Props) -> Html {
    let text = use_text();
    let lab = props.subject.lab();
    let steps = use_state(|| Rc::new(example(lab).steps));
    let chosen = use_state(Chosen::default);
    // The step that is looked at, from 1; 0 is before all of them.
    let at = use_state(|| steps.len());
    let history = History {
        steps: steps.to_vec(),
    };
    let seen = moments(lab, &history, usize::from(REPLICAS));
    let now = (*at).min(seen.len());
    let become_steps = {
        let (steps, at) = (steps.setter(), at.setter());
        Callback::from(move |longer: Vec<Step>| {
            at.set(longer.len());
            steps.set(Rc::new(longer));
        })
    };
    // What is done takes the place of what came after the step that is looked at.
    let push = {
        let held = steps.clone();
        become_steps.reform(move |step: Step| {
            let before = held.iter().take(now).copied();
            before.chain([step]).take(MOST_STEPS).collect()
        })
    };
    let to = |steps: Vec<Step>| become_steps.reform(move |_: MouseEvent| steps.clone());
    let go = {
        let at = at.setter();
        Callback::from(move |place: usize| at.set(place))
    };
    let choose = {
        let chosen = chosen.setter();
        Callback::from(move |now| chosen.set(now))
    };
    let controls = Controls {
        text: &text,
        verbs: verbs(lab.verbs()),
        is_timed: lab.is_timed(),
        chosen: *chosen,
        push: &push,
        is_full: now >= MOST_STEPS,
    };
    let nothing = empty(lab);
    let moment = now.checked_sub(1).and_then(|place| seen.get(place));
    let before = match now.checked_sub(2).and_then(|place| seen.get(place)) {
        Some(before) => before.replicas.as_slice(),
        None => nothing.as_slice(),
    };
    let is_example = *steps.as_ref() == example(lab).steps;
    html! {
        <section class="lab-hand" aria-label={text.get("ui.laws.hand")}>
            // It is the card of a merge in a world, here too.
            <style>{ STYLE }</style>
            <h2>{ text.node("ui.laws.hand") }</h2>
            <p class="lab-hint">{ text.node("ui.laws.hand.lede") }</p>
            <div class="lab-told">
                { list(&text, &seen, lab.is_timed(), now, &go) }
                <div role="status">
                    { match moment {
                        Some(moment) => card(&text, moment, before, (now, lab.is_timed())),
                        None => html! { <p class="lab-hint">{ text.node("ui.bench.none") }</p> },
                    } }
                </div>
            </div>
            <div class="btn-row">
                <button type="button" class="btn" disabled={now == 0} onclick={to(steps[..now.saturating_sub(1)].to_vec())}>
                    { icon("step-back") }{ text.node("ui.bench.undo") }
                </button>
                <button type="button" class="btn" disabled={steps.is_empty()} onclick={to(Vec::new())}>
                    { text.node("ui.bench.clear") }
                </button>
                <button type="button" class="btn" disabled={is_example} onclick={to(example(lab).steps)}>
                    { text.node("ui.laws.hand.example") }
                </button>
            </div>
            { numbers(&text, "hand", &controls.verbs, lab.is_timed(), *chosen, &choose) }
            { controls.replicas(&nothing, moment) }
        </section>
    }
}

/// The steps in order, each to be looked at.
fn list(text: &Text, seen: &[Moment], is_timed: bool, now: usize, go: &Callback<usize>) -> Html {
    let steps = (1..).zip(seen).map(|(at, moment)| {
        let onclick = go.reform(move |_: MouseEvent| at);
        let current = (at == now).then_some("step");
        html! {
            <li key={at}>
                <button type="button" aria-current={current} {onclick}>
                    <span>{ tell(text, moment, is_timed) }</span>
                </button>
            </li>
        }
    });
    html! { <ol class="lab-list" aria-label={text.get("ui.bench.history")}>{ for steps }</ol> }
}

/// A step: what the replica held before it, what came, and what it holds since.
fn card(text: &Text, moment: &Moment, before: &[View], (at, is_timed): (usize, bool)) -> Html {
    let place = place_of(moment.step);
    let held = before.get(usize::from(place));
    let holds = moment.replicas.get(usize::from(place));
    let (Some(held), Some(holds)) = (held, holds) else {
        return Html::default();
    };
    let parts = compare(&parts(held), &parts(holds));
    let side = |id: &'static str, view: &View, shown: Side| {
        html! {
            <li class={classes!("merge-side", (shown == Side::Since).then_some("is-now"))}>
                <h3>{ text.get(id) }</h3>
                <p class="merge-value"><code>{ content(&view.value) }</code></p>
                <dl>{ for parts.iter().map(|part| line(text, &NAMES, part, shown)) }</dl>
            </li>
        }
    };
    let arrives = match moment.step {
        Step::Merge { from, .. } => {
            let came = before.get(usize::from(from));
            let whole = came.map(|came| {
                let whole = compare(&[], &self::parts(came));
                let plain = whole.into_iter().map(Compared::unmarked);
                let plain: Vec<Compared> = plain.collect();
                html! {
                    <>
                        <p class="merge-value"><code>{ content(&came.value) }</code></p>
                        <dl>{ for plain.iter().map(|part| line(text, &NAMES, part, Side::Both)) }</dl>
                    </>
                }
            });
            let args = [("from", replica(from).to_string())];
            html! { <><h3>{ text.with("ui.laws.hand.state", &args) }</h3>{ for whole }</> }
        }
        Step::Act { time, act, .. } => html! {
            <>
                <h3>{ text.node("ui.laws.hand.act") }</h3>
                <p class="merge-value"><code>{ act_at(act, is_timed.then_some(time)) }</code></p>
                if moment.is_refused {
                    <p>{ text.node("ui.laws.refused") }</p>
                }
            </>
        },
    };
    let args = [
        ("at", Arg::from(at)),
        ("replica", replica(place).to_string().into()),
    ];
    html! {
        // Another step is another one of these, so that it comes in anew.
        <div key={at} class={classes!("merge", "lab-card", hue(place))}>
            <p>{ shape(place) }{ " " }{ text.with("ui.laws.hand.at", &args) }</p>
            <ol class="merge-sides">
                { side("ui.laws.hand.before", held, Side::Before) }
                <li class="merge-arrived">{ arrives }</li>
                { side("ui.laws.hand.since", holds, Side::Since) }
            </ol>
        </div>
    }
}

/// A state as rows of words.
fn parts(view: &View) -> Vec<(&'static str, Vec<String>)> {
    let parts = view.state.iter();
    let parts = parts.map(|part| (part.id, part.rows.iter().map(|data| row(data)).collect()));
    parts.collect()
}
