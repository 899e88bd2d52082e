//! The form in which a learner says beforehand what will happen.

use splitbrain_engine::sim::time::Time;
use splitbrain_lesson::format::Prediction;
use splitbrain_lesson::format::text::StepText;
use splitbrain_lesson::predict::Outcome;
use web_sys::HtmlElement;
use yew::prelude::*;

use super::play::LessonAction;
use super::prose;
use super::state::Locked;
use crate::parts::{icon, sign};
use crate::session::{Action, use_handle, use_session};
use crate::text::use_text;

/// What is asked.
#[derive(Clone, PartialEq, Properties)]
pub struct PredictProps {
    /// The question.
    pub prediction: Prediction,
    /// What the step says.
    pub says: StepText,
    /// Which step it is.
    pub step: u8,
}

/// The form, and after it what the engine says.
#[component]
pub fn Predict(props: &PredictProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let step = props.step;
    let locked = use_session(move |session| {
        let lesson = session.lesson.as_ref()?;
        lesson.progress.predictions.get(&step).cloned()
    });
    // The answer waits until its run was watched: who stops it or goes on has seen enough.
    let plays_to = use_session(|session| session.stop_at.filter(|_| session.playing));
    let is_known = locked
        .as_ref()
        .is_some_and(|locked| locked.outcome.is_some());
    let was_watched = use_state_eq(|| false);
    use_effect_with((is_known, plays_to.is_some()), {
        let was_watched = was_watched.setter();
        move |&(is_known, plays)| match (is_known, plays) {
            (true, false) => was_watched.set(true),
            (false, _) => was_watched.set(false),
            _ => {}
        }
    });
    let watched_to = plays_to.filter(|_| !*was_watched);
    let known = locked.as_ref().filter(|_| watched_to.is_none());
    let chosen = use_state(|| None::<u8>);
    let is_refused = use_state(|| false);
    // On the button: in a sandbox without `allow-forms` a form never submits.
    let onclick = {
        let (chosen, is_refused) = (chosen.clone(), is_refused.clone());
        Callback::from(move |event: MouseEvent| {
            event.prevent_default();
            is_refused.set(chosen.is_none());
            if let Some(choice) = *chosen {
                handle.dispatch(Action::Lesson(LessonAction::Predict(choice)));
            }
        })
    };
    let title = |id: &str| {
        let part = props.says.part(id);
        part.map_or_else(|| id.to_owned(), |part| part.title.clone())
    };
    let mine = locked.as_ref().map(|locked| locked.choice).or(*chosen);
    let options = props
        .prediction
        .options
        .iter()
        .zip(0_u8..)
        .map(|(option, place)| {
            let verdict = verdict(known, place);
            let onchange = {
                let (chosen, is_refused) = (chosen.clone(), is_refused.clone());
                Callback::from(move |_: Event| {
                    chosen.set(Some(place));
                    is_refused.set(false);
                })
            };
            html! {
                <label key={option.id.clone()} class={verdict.map(|(class, _)| class)}>
                    <input
                        type="radio"
                        name="prediction"
                        checked={mine == Some(place)}
                        disabled={locked.is_some()}
                        {onchange}
                    />
                    <span>{ prose::title(&title(&option.id)) }</span>
                    <span>{ verdict.map(|(_, sign)| sign_of(sign)).unwrap_or_default() }</span>
                </label>
            }
        });
    html! {
        <form class="card">
            <fieldset class="field">
                <legend class="card-title">{ text.node("ui.predict") }</legend>
                <div class="choice">{ for options }</div>
                <small class="error" role="alert">
                    if *is_refused {
                        { text.node("ui.predict.choose") }
                    }
                </small>
            </fieldset>
            <div class="btn-row" hidden={locked.is_some()}>
                <button class="btn btn-primary" {onclick}>
                    { icon("play") }{ text.node("ui.predict.lock") }
                </button>
            </div>
            <Answer {locked} {watched_to} prediction={props.prediction.clone()} says={props.says.clone()} />
        </form>
    }
}

fn sign_of(name: &'static str) -> Html {
    sign(name, if name == "check" { "good" } else { "bad" })
}

/// How an option looks once it is decided: the one that came true, and the one that was
/// chosen and did not.
fn verdict(locked: Option<&Locked>, place: u8) -> Option<(&'static str, &'static str)> {
    let locked = locked?;
    match locked.outcome {
        Some(Outcome::Option(actual)) if actual == place => Some(("is-right", "check")),
        Some(Outcome::Option(_)) if locked.choice == place => Some(("is-wrong", "cross")),
        _ => None,
    }
}

#[derive(Clone, PartialEq, Properties)]
struct AnswerProps {
    locked: Option<Locked>,
    /// Until when its run plays to be watched.
    watched_to: Option<Time>,
    prediction: Prediction,
    says: StepText,
}

#[component]
fn Answer(props: &AnswerProps) -> Html {
    let text = use_text();
    let handle = use_handle();
    let answer = use_node_ref();
    let again = {
        let handle = handle.clone();
        Callback::from(move |_: MouseEvent| {
            handle.dispatch(Action::Lesson(LessonAction::PredictAgain));
        })
    };
    let Some(locked) = &props.locked else {
        return html! { <div role="status"></div> };
    };
    let to_answer = |end: Time| {
        let answer = answer.clone();
        Callback::from(move |_: MouseEvent| {
            // The button goes; whoever reads by ear is where the answer comes.
            if let Some(answer) = answer.cast::<HtmlElement>() {
                let _ = answer.focus();
            }
            handle.dispatch(Action::Pause);
            handle.dispatch(Action::GoTo(end));
        })
    };
    let content = match (locked.outcome.as_ref(), props.watched_to) {
        (Some(_), Some(end)) => html! {
            <>
                <p>{ text.node("ui.predict.watch") }</p>
                <button type="button" class="btn" onclick={to_answer(end)}>
                    { icon("to-end") }{ text.node("ui.predict.answer") }
                </button>
            </>
        },
        (None, _) => html! { <p>{ text.node("ui.predict.playing") }</p> },
        (Some(Outcome::Undecided), None) => html! {
            <>
                <p>{ text.node("ui.predict.undecided") }</p>
                <button type="button" class="btn" onclick={again}>
                    { text.node("ui.predict.again") }
                </button>
            </>
        },
        (Some(&Outcome::Option(actual)), None) => {
            let part = |place: u8| {
                let option = props.prediction.options.get(place as usize)?;
                props.says.part(&option.id)
            };
            let (said, came) = (part(locked.choice), part(actual));
            let is_right = actual == locked.choice;
            let (id, name) = if is_right {
                ("ui.predict.right", "check")
            } else {
                ("ui.predict.wrong", "cross")
            };
            html! {
                <>
                    <p class="sign">{ sign_of(name) }<strong>{ text.node(id) }</strong></p>
                    if !is_right {
                        { said.map(|part| prose::blocks(&part.body)).unwrap_or_default() }
                        <p><strong>{ came.map(|part| prose::title(&part.title)) }</strong></p>
                    }
                    { came.map(|part| prose::blocks(&part.body)).unwrap_or_default() }
                </>
            }
        }
    };
    html! { <div role="status" tabindex="-1" ref={answer}>{ content }</div> }
}
