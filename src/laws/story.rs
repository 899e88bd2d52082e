//! A broken law step by step: as a list, as a picture, and as the states of the replicas;
//! buttons and arrow keys go from step to step.

use std::rc::Rc;

use splitbrain_engine::crdt::laws::{Counterexample, Moment, Sight, Step};
use splitbrain_words::Arg;
use splitbrain_words::notation::{act_at, content, replica};
use web_sys::Element;
use yew::prelude::*;

use super::drawing::draw;
use super::replicas::{after, place_of, sides};
use crate::parts::{icon, sign};
use crate::text::{Text, use_text};

/// What is told.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// The history, and what it breaks.
    pub(super) found: Rc<Counterexample>,
    /// Whether clocks matter to it.
    pub(super) is_timed: bool,
    /// Where the picture is to be found.
    pub(super) picture: NodeRef,
    /// The learner's own: nobody has made it smaller.
    #[prop_or_default]
    pub(super) is_own: bool,
}

/// The whole of it.
#[component]
pub(super) fn Story(props: &Props) -> Html {
    let text = use_text();
    let Props {
        found,
        is_timed,
        picture,
        is_own,
    } = props.clone();
    let what = if is_own {
        "ui.laws.story.own"
    } else {
        "ui.laws.story.what"
    };
    let last = found.moments.len() + 1;
    // Another history begins at its beginning.
    let at = use_state(|| (found.clone(), 1_usize));
    let now = if at.0 == found {
        at.1.clamp(1, last)
    } else {
        1
    };
    use_effect_with((found.clone(), now), {
        let picture = picture.clone();
        move |_| keep_in_sight(&picture)
    });
    let go = {
        let (at, found) = (at.setter(), found.clone());
        Callback::from(move |to: usize| at.set((found.clone(), to.clamp(1, last))))
    };
    let onkeydown = {
        let go = go.clone();
        Callback::from(move |event: KeyboardEvent| {
            let to = match event.key().as_str() {
                "ArrowRight" => now + 1,
                "ArrowLeft" => now - 1,
                "Home" => 1,
                "End" => last,
                _ => return,
            };
            event.prevent_default();
            event.stop_propagation();
            go.emit(to);
        })
    };
    let law = text.get(&format!("law.{}.name", found.violation.law.id()));
    let title = text.with("ui.laws.story", &[("law", law.to_string())]);
    let moment = found.moments.get(now - 1);
    let where_now = match moment {
        Some(_) => {
            let args = [("at", Arg::from(now)), ("n", Arg::from(last - 1))];
            text.with("ui.laws.step", &args)
        }
        None => text.get("ui.laws.step.law"),
    };
    let told = match moment {
        Some(moment) => AttrValue::from(tell(&text, moment, is_timed)),
        None => AttrValue::from(text.words().law_broken(&found).to_string()),
    };
    let refused = text.get("law.refused");
    html! {
        <section class="lab-story" aria-label={title.clone()} {onkeydown}>
            <h2>{ title }</h2>
            <p class="lab-hint">{ text.node(what) }</p>
            <div class="lab-scene">
            <div
                class="lab-picture"
                ref={picture}
                tabindex="0"
                role="group"
                aria-label={text.get("ui.laws.picture")}
            >
                { draw(&found, is_timed, &refused, now) }
            </div>
            <div class="lab-steps">
                { buttons(&text, now, last, &go) }
                <p role="status">
                    <span class="lab-where">{ where_now }</span>
                    { " " }
                    <span>{ told }</span>
                </p>
            </div>
            </div>
            <div class="lab-told">
                { list(&text, &found, is_timed, now, &go) }
                { match moment {
                    Some(moment) => after(&text, moment),
                    None => end(&text, &found),
                } }
            </div>
        </section>
    }
}

/// Scrolls the picture to the step that is shown; a long history is wider than a screen.
fn keep_in_sight(picture: &NodeRef) {
    let Some(picture) = picture.cast::<Element>() else {
        return;
    };
    let now = picture.query_selector(".lab-now").ok().flatten();
    let at = now.and_then(|now| now.get_attribute("x")?.parse::<f64>().ok());
    if let Some(at) = at {
        picture.set_scroll_left(at as i32 - picture.client_width() / 2);
    }
}

fn buttons(text: &Text, now: usize, last: usize, go: &Callback<usize>) -> Html {
    let button = |sign: &str, id: &str, to: usize, is_over: bool| {
        let onclick = go.reform(move |_: MouseEvent| to);
        html! {
            <button
                type="button"
                class="btn btn-icon"
                aria-label={text.get(id)}
                title={text.get(id)}
                disabled={is_over}
                {onclick}
            >
                { icon(sign) }
            </button>
        }
    };
    let (is_first, is_last) = (now == 1, now == last);
    html! {
        <div class="lab-buttons" role="group" aria-label={text.get("ui.laws.steps")}>
            { button("to-start", "ui.laws.to_start", 1, is_first) }
            { button("step-back", "ui.laws.back", now.saturating_sub(1), is_first) }
            { button("step-forward", "ui.laws.on", now + 1, is_last) }
            { button("to-end", "ui.laws.to_end", last, is_last) }
        </div>
    }
}

/// What happens in a step, and what comes of it.
pub(super) fn tell(text: &Text, moment: &Moment, is_timed: bool) -> String {
    let (did, then) = (did(text, moment.step, is_timed), then(text, moment));
    format!("{did} {then}")
}

fn did(text: &Text, step: Step, is_timed: bool) -> String {
    match step {
        Step::Act {
            replica: place,
            time,
            act,
        } => {
            let act = act_at(act, is_timed.then_some(time));
            format!("{}: {act}.", replica(place))
        }
        Step::Merge { from, into } => {
            let args = [
                ("from", replica(from).to_string()),
                ("into", replica(into).to_string()),
            ];
            text.with("ui.laws.merge", &args).to_string()
        }
    }
}

fn then(text: &Text, moment: &Moment) -> String {
    if moment.is_refused {
        return text.get("ui.laws.refused").to_string();
    }
    let place = place_of(moment.step);
    let view = moment.replicas.get(usize::from(place));
    let value = view.map_or_else(String::new, |view| content(&view.value));
    let args = [("replica", replica(place).to_string()), ("value", value)];
    text.with("ui.laws.shows", &args).to_string()
}

/// All steps in order, and what they break.
fn list(
    text: &Text,
    found: &Counterexample,
    is_timed: bool,
    now: usize,
    go: &Callback<usize>,
) -> Html {
    let line = |at: usize, said: Html| {
        let onclick = go.reform(move |_: MouseEvent| at);
        let current = (at == now).then_some("step");
        html! {
            <li key={at}>
                <button type="button" aria-current={current} {onclick}>{ said }</button>
            </li>
        }
    };
    let steps = (1..).zip(&found.moments).map(|(at, moment)| {
        let (did, then) = (did(text, moment.step, is_timed), then(text, moment));
        line(
            at,
            html! { <span>{ did }{ " " }<small>{ then }</small></span> },
        )
    });
    let broken = text.words().law_broken(found);
    let end = html! {
        <>
            { sign("cross", "bad") }
            <span>{ text.show(&broken) }</span>
        </>
    };
    html! {
        <ol class="lab-list">
            { for steps }
            { line(found.moments.len() + 1, end) }
        </ol>
    }
}

/// The two that differ.
fn end(text: &Text, found: &Counterexample) -> Html {
    html! {
        <div class="lab-end">
            { sides(text, &found.violation) }
            if found.violation.sight == Sight::State {
                <p class="lab-hint">{ text.node("ui.laws.sight.state") }</p>
            }
        </div>
    }
}
