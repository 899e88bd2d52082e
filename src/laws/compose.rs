//! A merge rule of one's own: as a form, for who does not want to type, and as its text,
//! either of which follows the other.

use gloo_timers::callback::Timeout;
use splitbrain_engine::crdt::laws::rules::RuleError;
use splitbrain_engine::crdt::laws::rules::parse::{MOST_CHARACTERS, parse};
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, HtmlInputElement, window};
use yew::prelude::*;

use super::address::of_rule;
use super::draft::Draft;
use super::form::Form;
use super::page::RESULTS;
use crate::parts::icon;
use crate::route;
use crate::session::{Action, use_handle};
use crate::text::{Text, use_text};

/// Rules worth trying, each with something to learn from it.
const EXAMPLES: [&str; 6] = [
    "count: sum",
    "growing count: per replica maximum",
    "cart: per item maximum",
    "price: minimum",
    "status: placed < paid < shipped",
    "set: intersection",
];

/// The rule of the address.
#[derive(Clone, PartialEq, Properties)]
pub(super) struct Props {
    /// In words that may be none.
    pub(super) rule: String,
}

/// What is being composed.
#[derive(Clone, PartialEq)]
struct Composed {
    words: String,
    /// The choices of the last words that were a rule.
    draft: Draft,
}

impl Composed {
    fn of(rule: &str) -> Self {
        // An address may have anything of any length; what is too long is said to be.
        let words: String = rule.chars().take(MOST_CHARACTERS + 1).collect();
        let plan = parse(&words);
        let before = Draft::default();
        Self {
            draft: plan.map_or_else(|_| before.clone(), |plan| Draft::of(&plan, &before)),
            words,
        }
    }

    fn with_words(&self, words: String) -> Self {
        let plan = parse(&words).ok();
        let draft = plan.map(|plan| Draft::of(&plan, &self.draft));
        Self {
            draft: draft.unwrap_or_else(|| self.draft.clone()),
            words,
        }
    }
}

/// The form, the text, and the button that tries it. Another rule of the address is
/// another one of these.
#[component]
pub(super) fn Compose(props: &Props) -> Html {
    let text = use_text();
    let handle = use_handle();
    let state = use_state(|| Composed::of(&props.rule));
    let composed = (*state).clone();
    let error = parse(&composed.words).err();
    let oninput = {
        let (state, composed) = (state.setter(), composed.clone());
        Callback::from(move |event: InputEvent| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                state.set(composed.with_words(input.value()));
            }
        })
    };
    let onsubmit = {
        let (words, is_wrong) = (composed.words.clone(), error.is_some());
        Callback::from(move |event: SubmitEvent| {
            event.prevent_default();
            if !is_wrong {
                handle.dispatch(Action::Navigate(of_rule(words.trim())));
                show_results();
            }
        })
    };
    let form = Form {
        text: text.clone(),
        draft: composed.draft.clone(),
        choose: {
            let state = state.setter();
            Callback::from(move |draft: Draft| {
                let words = draft.words();
                state.set(Composed { words, draft });
            })
        },
    };
    let examples = EXAMPLES.iter().map(|&rule| {
        html! { <li key={rule}><a href={route::address(&of_rule(rule))}><code>{ rule }</code></a></li> }
    });
    html! {
        <section class="lab-compose" aria-label={text.get("ui.laws.compose")}>
            <form {onsubmit}>
                { form.fields() }
                <div class="field">
                    <label for="lab-rule">{ text.node("ui.laws.rule") }</label>
                    <input
                        id="lab-rule"
                        class="input"
                        type="text"
                        autocomplete="off"
                        autocapitalize="off"
                        spellcheck="false"
                        maxlength={MOST_CHARACTERS.to_string()}
                        value={composed.words.clone()}
                        aria-invalid={error.is_some().to_string()}
                        aria-describedby="lab-rule-error"
                        {oninput}
                    />
                    <div id="lab-rule-error" role="status">
                        { for error.as_ref().map(|error| wrong(&text, &composed.words, error)) }
                    </div>
                </div>
                <div class="lab-try">
                    <button type="submit" class="btn btn-primary" disabled={error.is_some()}>
                        { icon("play") }<span>{ text.node("ui.laws.try") }</span>
                    </button>
                    if composed.words.trim() == props.rule && error.is_none() {
                        <p class="lab-hint">{ text.node("ui.laws.share") }</p>
                    } else if parse(&props.rule).is_ok() {
                        <p class="lab-hint is-other">
                            { text.with("ui.laws.other", &[("rule", props.rule.clone())]) }
                        </p>
                    }
                </div>
            </form>
            <div class="lab-examples">
                <h2>{ text.node("ui.laws.examples") }</h2>
                <ul>{ for examples }</ul>
            </div>
        </section>
    }
}

/// Goes to what comes of a rule, where that is out of sight: on a phone it is far below.
fn show_results() {
    Timeout::new(50, || {
        let found = window().and_then(|it| it.document()?.get_element_by_id(RESULTS));
        let Some(results) = found.and_then(|it| it.dyn_into::<HtmlElement>().ok()) else {
            return;
        };
        let height = window().and_then(|it| it.inner_height().ok()?.as_f64());
        if results.get_bounding_client_rect().top() > height.unwrap_or(0.0) * 0.7 {
            results.scroll_into_view();
        }
        let _ = results.focus();
    })
    .forget();
}

/// What is wrong, and the words with the place marked.
fn wrong(text: &Text, words: &str, error: &RuleError) -> Html {
    let before: String = words.chars().take(error.column as usize - 1).collect();
    let rest = words.get(before.len()..).unwrap_or_default();
    let found = error.found.chars().count().max(1);
    let marked: String = rest.chars().take(found).collect();
    let after = rest.get(marked.len()..).unwrap_or_default().to_owned();
    let marked = if marked.is_empty() {
        "▲".to_owned()
    } else {
        marked
    };
    html! {
        <>
            <p class="error">{ text.show(&text.words().rule_error(error)) }</p>
            <code class="lab-wrong" aria-hidden="true">{ before }<mark>{ marked }</mark>{ after }</code>
        </>
    }
}
