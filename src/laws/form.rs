//! A merge rule as a form: lists and boxes, nothing to type.

use splitbrain_engine::crdt::laws::rules::Kept;
use splitbrain_engine::crdt::laws::rules::parse::{MOST_FIELDS, MOST_STATES};
use web_sys::{HtmlInputElement, HtmlSelectElement};
use yew::prelude::*;

use super::draft::{Draft, OF_COUNTS, OF_NUMBERS, OF_SETS, ORDER, STATES};
use crate::text::Text;

/// The fields, in their language.
pub(super) struct Form {
    /// The words.
    pub(super) text: Text,
    /// What is chosen.
    pub(super) draft: Draft,
    /// Who is told of another choice.
    pub(super) choose: Callback<Draft>,
}

impl Form {
    /// Changes the draft by what was chosen.
    fn on_choice(&self, change: impl Fn(&mut Draft, &str) + 'static) -> Callback<Event> {
        let (draft, choose) = (self.draft.clone(), self.choose.clone());
        Callback::from(move |event: Event| {
            if let Some(select) = event.target_dyn_into::<HtmlSelectElement>() {
                let mut draft = draft.clone();
                change(&mut draft, &select.value());
                choose.emit(draft);
            }
        })
    }

    fn on_check(&self, change: impl Fn(&mut Draft, bool) + 'static) -> Callback<Event> {
        let (draft, choose) = (self.draft.clone(), self.choose.clone());
        Callback::from(move |event: Event| {
            if let Some(input) = event.target_dyn_into::<HtmlInputElement>() {
                let mut draft = draft.clone();
                change(&mut draft, input.checked());
                choose.emit(draft);
            }
        })
    }

    /// All of them.
    pub(super) fn fields(&self) -> Html {
        let draft = &self.draft;
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
                { select("kept", self.text.get("ui.laws.kept"), &kept, draft.kept.id(), on_kept) }
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
        let draft = &self.draft;
        let label = self.text.get("ui.laws.how");
        match draft.kept {
            Kept::Count | Kept::Cart | Kept::Price => {
                let on = self.on_choice(|draft, id| id.clone_into(&mut draft.of_numbers));
                let is_written = draft.kept == Kept::Price;
                let count = if is_written {
                    OF_NUMBERS.len()
                } else {
                    OF_COUNTS
                };
                select(
                    "how",
                    label,
                    &self.named(&OF_NUMBERS[..count]),
                    &draft.of_numbers,
                    on,
                )
            }
            Kept::Set => {
                let on = self.on_choice(|draft, id| id.clone_into(&mut draft.of_sets));
                select("how", label, &self.named(&OF_SETS), &draft.of_sets, on)
            }
            Kept::Status => self.order(),
            Kept::Record => {
                html! {
                    <>
                        { self.of_record() }
                        if draft.has_order() {
                            <p class="lab-hint">{ self.text.get("ui.laws.states") }</p>
                            { self.order() }
                        }
                    </>
                }
            }
        }
    }

    fn named(&self, ids: &[&'static str]) -> Vec<(&'static str, AttrValue)> {
        let ids = ids.iter();
        ids.map(|&id| (id, self.text.get(&format!("ui.laws.how.{id}"))))
            .collect()
    }

    fn of_record(&self) -> Html {
        let draft = &self.draft;
        let mut rules = self.named(&OF_NUMBERS);
        rules.extend(self.named(&[ORDER]));
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
            select(&format!("field-{place}"), label, &rules, chosen, on)
        });
        html! { <div class="lab-row">{ for fields }</div> }
    }

    fn order(&self) -> Html {
        let states = &self.draft.states;
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
            select(
                &format!("state-{place}"),
                label,
                &offered,
                own.unwrap_or_default(),
                on,
            )
        });
        html! { <div class="lab-row">{ for places }</div> }
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

/// A list to choose from, under its label.
fn select(
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
