//! A merge rule of one's own: as a form, for who does not want to type, and as its text,
//! either of which follows the other.

use splitbrain_engine::crdt::laws::rules::parse::{
    MOST_CHARACTERS, MOST_FIELDS, MOST_STATES, parse,
};
use splitbrain_engine::crdt::laws::rules::{Kept, RuleError};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::address::of_rule;
use super::draft::{Draft, OF_NUMBERS, OF_SETS, ORDER, STATES};
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
    /// The rule of the address when this was begun.
    of: String,
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
            of: rule.to_owned(),
            draft: plan.map_or_else(|_| before.clone(), |plan| Draft::of(&plan, &before)),
            words,
        }
    }

    fn with_words(&self, words: String) -> Self {
        let plan = parse(&words).ok();
        let draft = plan.map(|plan| Draft::of(&plan, &self.draft));
        Self {
            of: self.of.clone(),
            draft: draft.unwrap_or_else(|| self.draft.clone()),
            words,
        }
    }

    fn with_draft(&self, change: impl FnOnce(&mut Draft)) -> Self {
        let mut draft = self.draft.clone();
        change(&mut draft);
        Self {
            of: self.of.clone(),
            words: draft.words(),
            draft,
        }
    }
}

/// The form, the text, and the button that tries it.
#[component]
pub(super) fn Compose(props: &Props) -> Html {
    let text = use_text();
    let handle = use_handle();
    let state = use_state(|| Composed::of(&props.rule));
    let composed = if state.of == props.rule {
        (*state).clone()
    } else {
        Composed::of(&props.rule)
    };
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
            }
        })
    };
    let form = Form {
        text: text.clone(),
        composed: composed.clone(),
        state: state.setter(),
    };
    let examples = EXAMPLES.iter().map(|&rule| {
        html! { <li key={rule}><a href={route::address(&of_rule(rule))}><code>{ rule }</code></a></li> }
    });
    html! {
        <section class="lab-compose" aria-label={text.get("ui.laws.compose")}>
            <form {onsubmit}>
                { form.choices() }
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
                    <p class="lab-hint">{ text.node("ui.laws.share") }</p>
                </div>
            </form>
            <div class="lab-examples">
                <h2>{ text.node("ui.laws.examples") }</h2>
                <ul>{ for examples }</ul>
            </div>
        </section>
    }
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

/// The fields of the form.
struct Form {
    text: Text,
    composed: Composed,
    state: UseStateSetter<Composed>,
}

impl Form {
    fn draft(&self) -> &Draft {
        &self.composed.draft
    }

    /// Changes the draft by what was chosen.
    fn on_choice(&self, change: impl Fn(&mut Draft, &str) + 'static) -> Callback<Event> {
        let (composed, state) = (self.composed.clone(), self.state.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let value = select.value();
                state.set(composed.with_draft(|draft| change(draft, &value)));
            }
        })
    }

    fn on_check(&self, change: impl Fn(&mut Draft, bool) + 'static) -> Callback<Event> {
        let (composed, state) = (self.composed.clone(), self.state.clone());
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let checked = input.checked();
                state.set(composed.with_draft(|draft| change(draft, checked)));
            }
        })
    }

    fn choices(&self) -> Html {
        let draft = self.draft();
        let kept = Kept::ALL.map(|kept| {
            (
                kept.id(),
                self.text.get(&format!("ui.laws.kept.{}", kept.id())),
            )
        });
        let on_kept = self.on_choice(|draft, id| {
            if let Some(kept) = Kept::ALL.into_iter().find(|kept| kept.id() == id) {
                draft.kept = kept;
            }
        });
        html! {
            <div class="lab-form">
                { self.select("kept", self.text.get("ui.laws.kept"), &kept, draft.kept.id(), on_kept) }
                { self.how() }
                if draft.can_grow() {
                    <div class="lab-checks">
                        { self.check("ui.laws.per_replica", draft.per_replica, self.on_check(|draft, is| draft.per_replica = is)) }
                        { self.check("ui.laws.growing", draft.is_growing, self.on_check(|draft, is| draft.is_growing = is)) }
                    </div>
                }
            </div>
        }
    }

    /// How two states become one: a rule, an order, or a rule a field.
    fn how(&self) -> Html {
        let draft = self.draft();
        let label = self.text.get("ui.laws.how");
        match draft.kept {
            Kept::Count | Kept::Cart | Kept::Price => {
                let on = self.on_choice(|draft, id| id.clone_into(&mut draft.of_numbers));
                self.select(
                    "how",
                    label,
                    &self.named(&OF_NUMBERS),
                    &draft.of_numbers,
                    on,
                )
            }
            Kept::Set => {
                let on = self.on_choice(|draft, id| id.clone_into(&mut draft.of_sets));
                self.select("how", label, &self.named(&OF_SETS), &draft.of_sets, on)
            }
            Kept::Status => self.order(),
            Kept::Record => {
                html! { <>{ self.fields() }if draft.has_order() { { self.order() } }</> }
            }
        }
    }

    fn named(&self, ids: &[&'static str]) -> Vec<(&'static str, AttrValue)> {
        let ids = ids.iter();
        ids.map(|&id| (id, self.text.get(&format!("ui.laws.how.{id}"))))
            .collect()
    }

    fn fields(&self) -> Html {
        let draft = self.draft();
        let rules = self.named(&[OF_NUMBERS[0], OF_NUMBERS[1], OF_NUMBERS[2], ORDER]);
        let fields = (0..MOST_FIELDS).map(|place| {
            let mut rules = rules.clone();
            if place > 0 {
                rules.insert(0, ("", self.text.get("ui.laws.none")));
            }
            let chosen = draft.fields.get(place).map_or("", String::as_str);
            let on = self.on_choice(move |draft, id| {
                if id.is_empty() {
                    draft.fields.truncate(place.max(1));
                } else if let Some(field) = draft.fields.get_mut(place) {
                    id.clone_into(field);
                } else {
                    draft.fields.push(id.to_owned());
                }
            });
            let label = self
                .text
                .with("ui.laws.field", &[("n", (place as u64 + 1).to_string())]);
            self.select(&format!("field-{place}"), label, &rules, chosen, on)
        });
        html! { <div class="lab-row">{ for fields }</div> }
    }

    fn order(&self) -> Html {
        let states = &self.draft().states;
        let places = (0..MOST_STATES.min(states.len() + 1)).map(|place| {
            let own = states.get(place).map(String::as_str);
            // One that only the text has stays to be chosen.
            let known = STATES
                .iter()
                .copied()
                .chain(own.filter(|own| !STATES.contains(own)));
            let is_free =
                |state: &&str| Some(*state) == own || !states.iter().any(|it| it == state);
            let mut offered: Vec<(&str, AttrValue)> = known
                .filter(is_free)
                .map(|state| (state, AttrValue::from(state.to_owned())))
                .collect();
            if place >= 2 {
                offered.insert(0, ("", self.text.get("ui.laws.none")));
            }
            let on = self.on_choice(move |draft, state| draft.put_state(place, state));
            let label = self
                .text
                .with("ui.laws.state", &[("n", (place + 1).to_string())]);
            self.select(
                &format!("state-{place}"),
                label,
                &offered,
                own.unwrap_or_default(),
                on,
            )
        });
        html! { <div class="lab-row">{ for places }</div> }
    }

    fn select(
        &self,
        name: &str,
        label: AttrValue,
        options: &[(&str, AttrValue)],
        chosen: &str,
        onchange: Callback<Event>,
    ) -> Html {
        let id = format!("lab-{name}");
        let options = options.iter().map(|(value, words)| {
            html! {
                <option key={(*value).to_owned()} value={(*value).to_owned()} selected={*value == chosen}>
                    { words }
                </option>
            }
        });
        html! {
            <div class="field" key={id.clone()}>
                <label for={id.clone()}>{ label }</label>
                <select class="select" {id} {onchange}>{ for options }</select>
            </div>
        }
    }

    fn check(&self, id: &str, is_checked: bool, onchange: Callback<Event>) -> Html {
        html! {
            <label class="lab-check" key={id.to_owned()}>
                <input type="checkbox" checked={is_checked} {onchange} />
                <span>{ self.text.get(id) }</span>
            </label>
        }
    }
}
