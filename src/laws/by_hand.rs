//! A history made by hand: acts and merges at three replicas, and each step as what a replica
//! held before it, what came, and what it holds since. It begins with an example in which
//! two replicas act without knowing of each other.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::example::example;
use splitbrain_engine::crdt::laws::history::{MOST_STEPS, REPLICAS};
use splitbrain_engine::crdt::laws::notation::{act_at, replica};
use splitbrain_engine::crdt::laws::{History, Lab, Moment, Step, View, moments};
use splitbrain_words::Arg;
use splitbrain_words::notation::{content, row};
use yew::prelude::*;

use super::acts::{Chosen, Controls, empty, numbers, verbs};
use super::replicas::place_of;
use super::story::tell;
use super::subject::Subject;
use crate::panels::merge::{Side, compare};
use crate::panels::merge_card::{Names, STYLE, line};
use crate::parts::{hue, icon, shape};
use crate::text::{Text, use_text};

const NAMES: Names = Names {
    part: "part",
    none: "ui.laws.hand.none",
    gone: "ui.laws.hand.gone",
    new: "ui.laws.hand.new",
};

/// What stands in acts and states, and the ids of the words for it.
const LEGEND: [(&str, &str); 7] = [
    ("add(1) @2", "act"),
    ("{0, 2}", "value"),
    ("0:1", "count"),
    ("1:A2", "dot"),
    ("A2 B1", "seen"),
    ("@3/B1", "stamp"),
    ("–", "nothing"),
];

/// Of what.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The type or the rule.
    pub(super) subject: Subject,
}

/// What was done, and which step is looked at.
#[derive(Clone, Debug, PartialEq)]
struct Hand {
    steps: Vec<Step>,
    /// Counted from 1; 0 is before all of them.
    at: usize,
    /// How often it has changed: another step of another history is another one.
    turn: u32,
}

/// What somebody does with it.
enum Does {
    /// Looks at a step.
    LookAt(usize),
    /// A step, in the place of what came after the one that is looked at.
    Add(Step),
    /// Takes back the step that is looked at, and what came after it.
    Undo,
    /// Begins anew, with nothing.
    Clear,
    /// Begins anew with this.
    Begin(Hand),
}

impl Hand {
    /// The example, looked at where a merge changes something for the last time.
    fn example(lab: &dyn Lab) -> Self {
        let history = example(lab);
        let seen = moments(lab, &history, usize::from(REPLICAS));
        let changes = |at: &usize| {
            let place = usize::from(place_of(seen[*at].step));
            let is_merge = matches!(seen[*at].step, Step::Merge { .. });
            is_merge && seen[*at].replicas.get(place) != seen[*at - 1].replicas.get(place)
        };
        let steps = history.steps;
        let at = (1..seen.len()).rev().find(changes);
        Self {
            at: at.map_or(steps.len(), |at| at + 1),
            steps,
            turn: 0,
        }
    }
}

impl Reducible for Hand {
    type Action = Does;

    fn reduce(self: Rc<Self>, does: Does) -> Rc<Self> {
        let before = |count: usize| self.steps[..count.min(self.steps.len())].to_vec();
        let (steps, at) = match does {
            Does::LookAt(at) => (self.steps.clone(), at.min(self.steps.len())),
            Does::Add(step) if self.at < MOST_STEPS => {
                let steps = [before(self.at), vec![step]].concat();
                (steps, self.at + 1)
            }
            Does::Add(_) => return self,
            Does::Undo => {
                let steps = before(self.at.saturating_sub(1));
                let at = steps.len();
                (steps, at)
            }
            Does::Clear => (Vec::new(), 0),
            Does::Begin(hand) => (hand.steps, hand.at),
        };
        let turn = self.turn.wrapping_add(1);
        Rc::new(Self { steps, at, turn })
    }
}

/// The section.
#[component]
pub(super) fn ByHand(props: &Props) -> Html {
    let text = use_text();
    let lab = props.subject.lab();
    let hand = use_reducer(|| Hand::example(lab));
    let chosen = use_state(Chosen::default);
    let history = History {
        steps: hand.steps.clone(),
    };
    let seen = moments(lab, &history, usize::from(REPLICAS));
    let does = {
        let hand = hand.dispatcher();
        Callback::from(move |does: Does| hand.dispatch(does))
    };
    let push = does.reform(Does::Add);
    let go = does.reform(Does::LookAt);
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
        is_full: hand.at >= MOST_STEPS,
    };
    let nothing = empty(lab);
    let moment = hand.at.checked_sub(1).and_then(|place| seen.get(place));
    let before = match hand.at.checked_sub(2).and_then(|place| seen.get(place)) {
        Some(before) => before.replicas.as_slice(),
        None => nothing.as_slice(),
    };
    let told = match moment {
        Some(moment) => tell(&text, moment, lab.is_timed()),
        None => text.get("ui.bench.none").to_string(),
    };
    let button = |id: &str, sign: Html, disabled: bool, onclick: Callback<MouseEvent>| {
        // Not taken out of the reach of who has just pressed it.
        let onclick = Callback::from(move |event: MouseEvent| {
            if !disabled {
                onclick.emit(event);
            }
        });
        let disabled = disabled.then_some("true");
        html! { <button type="button" class="btn" aria-disabled={disabled} {onclick}>{ sign }{ text.get(id) }</button> }
    };
    let ahead = hand.steps.len() - hand.at;
    html! {
        <section class="lab-hand" aria-label={text.get("ui.laws.hand")}>
            // It is the card of a merge in a world, here too.
            <style>{ STYLE }</style>
            <h2>{ text.node("ui.laws.hand") }</h2>
            <p class="lab-hint">{ text.node("ui.laws.hand.lede") }</p>
            { legend(&text) }
            { numbers(&text, "hand", &controls.verbs, lab.is_timed(), *chosen, &choose) }
            { controls.replicas(&nothing, moment) }
            <div class="btn-row">
                { button("ui.bench.undo", icon("step-back"), hand.at == 0, does.reform(|_| Does::Undo)) }
                { button("ui.bench.clear", Html::default(), hand.steps.is_empty(), does.reform(|_| Does::Clear)) }
                { button("ui.laws.hand.example", Html::default(), false, {
                    let subject = props.subject.clone();
                    does.reform(move |_| Does::Begin(Hand::example(subject.lab())))
                }) }
            </div>
            <div class="lab-told">
                <div>
                    { list(&text, &seen, lab.is_timed(), hand.at, &go) }
                    if ahead > 0 {
                        <p class="lab-hint">{ text.with("ui.laws.hand.ahead", &[("n", Arg::from(ahead))]) }</p>
                    }
                </div>
                <div>
                    <p class="lab-hint" role="status">{ told }</p>
                    if let Some(moment) = moment {
                        { card(&text, moment, before, (&hand, lab.is_timed())) }
                    }
                </div>
            </div>
        </section>
    }
}

/// How what is done and held is written.
fn legend(text: &Text) -> Html {
    let rows = LEGEND.iter().map(|&(sign, id)| {
        html! {
            <div key={id}>
                <dt><code>{ sign }</code></dt>
                <dd>{ text.get(&format!("ui.laws.legend.{id}")) }</dd>
            </div>
        }
    });
    html! {
        <details class="lab-legend">
            <summary>{ text.node("ui.laws.legend") }</summary>
            <dl>{ for rows }</dl>
        </details>
    }
}

/// The steps in order, each to be looked at.
fn list(text: &Text, seen: &[Moment], is_timed: bool, now: usize, go: &Callback<usize>) -> Html {
    let steps = (1..).zip(seen).map(|(at, moment)| {
        let onclick = go.reform(move |_: MouseEvent| at);
        let current = (at == now).then_some("step");
        html! {
            <li key={at} class={classes!((at > now).then_some("is-ahead"))}>
                <button type="button" aria-current={current} {onclick}>
                    <span>{ tell(text, moment, is_timed) }</span>
                </button>
            </li>
        }
    });
    html! { <ol class="lab-list" aria-label={text.get("ui.bench.history")}>{ for steps }</ol> }
}

/// A step: what the replica held before it, what came, and what it holds since.
fn card(text: &Text, moment: &Moment, before: &[View], (hand, is_timed): (&Hand, bool)) -> Html {
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
                let whole = self::parts(came);
                // It is what it is: nothing of it is new there.
                let plain = compare(&whole, &whole);
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
        ("at", Arg::from(hand.at)),
        ("replica", replica(place).to_string().into()),
    ];
    html! {
        // Another step is another one of these, so that it comes in anew.
        <div key={hand.turn} class={classes!("merge", "lab-card", hue(place))}>
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
