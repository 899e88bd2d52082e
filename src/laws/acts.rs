//! A history by hand: what can be done at a replica, a verb of the type with the numbers that
//! are chosen, and what was done.

use splitbrain_engine::crdt::laws::history::REPLICAS;
use splitbrain_engine::crdt::laws::notation::{act_at, replica};
use splitbrain_engine::crdt::laws::world::World;
use splitbrain_engine::crdt::laws::{Lab, Moment, Step, View};
use splitbrain_engine::crdt::replicated::{Act, Numbers, Verb};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

use super::replicas::{place_of, view_of};
use super::story::tell;
use crate::parts::shape;
use crate::text::Text;

/// The numbers of the next acts, within what the lab's dice can roll.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// An item, a key or a replica: 0 to 2.
    pub(super) item: u8,
    /// How much, or which value: 1 to 3.
    pub(super) much: u8,
    /// Before how many characters: 0 to 3.
    pub(super) place: u8,
    /// What the clock shows: 0 to 3.
    pub(super) time: u8,
}

impl Default for Chosen {
    fn default() -> Self {
        Self {
            item: 0,
            much: 1,
            place: 0,
            time: 0,
        }
    }
}

impl Chosen {
    /// The act of a verb.
    pub(super) fn act(self, verb: Verb) -> Act {
        let much = u32::from(self.much);
        let numbers = Numbers {
            item: self.item,
            by: much,
            value: much,
            at: self.place.into(),
            letter: char::from(b'a' + self.much - 1),
        };
        numbers.act(verb)
    }
}

/// The verbs of a type, each once.
pub(super) fn verbs(all: &[Verb]) -> Vec<Verb> {
    let every = Verb::ALL.into_iter();
    every.filter(|verb| all.contains(verb)).collect()
}

/// Lists for the numbers that these verbs need.
pub(super) fn numbers(
    text: &Text,
    id: &str,
    verbs: &[Verb],
    is_timed: bool,
    chosen: Chosen,
    choose: &Callback<Chosen>,
) -> Html {
    use Verb::{
        Add, BlindWrite, Decrement, Delete, Erase, Increment, Insert, Lower, Put, Raise, Remove,
        Transfer, Write,
    };
    let has = |some: &[Verb]| verbs.iter().any(|verb| some.contains(verb));
    let list = |name: &str, label: &str, range: std::ops::RangeInclusive<u8>, now: u8, set: Set| {
        let id = format!("bench-{id}-{name}");
        let onchange = {
            let choose = choose.clone();
            Callback::from(move |event: Event| {
                let select = event.target_dyn_into::<HtmlSelectElement>();
                if let Some(number) = select.and_then(|select| select.value().parse().ok()) {
                    choose.emit(set(chosen, number));
                }
            })
        };
        let is_replica = name == "to";
        let options = range.map(|number| {
            let shown = if is_replica {
                replica(number).to_string()
            } else {
                number.to_string()
            };
            html! {
                <option key={number} value={number.to_string()} selected={number == now}>
                    { shown }
                </option>
            }
        });
        html! {
            <div class="field" key={id.clone()}>
                <label for={id.clone()}>{ text.get(label) }</label>
                <select class="select" {id} {onchange}>{ for options }</select>
            </div>
        }
    };
    let item: Set = |chosen, item| Chosen { item, ..chosen };
    let much: Set = |chosen, much| Chosen { much, ..chosen };
    let place: Set = |chosen, place| Chosen { place, ..chosen };
    let time: Set = |chosen, time| Chosen { time, ..chosen };
    html! {
        <div class="lab-row bench-numbers">
            if has(&[Add, Remove, Raise, Lower]) {
                { list("item", "ui.bench.item", 0..=2, chosen.item, item) }
            }
            if has(&[Put, Delete]) {
                { list("key", "ui.bench.key", 0..=2, chosen.item, item) }
            }
            if has(&[Transfer]) {
                { list("to", "ui.bench.replicas", 0..=2, chosen.item, item) }
            }
            if has(&[Increment, Decrement, Raise, Lower, Transfer]) {
                { list("much", "ui.bench.much", 1..=3, chosen.much, much) }
            }
            if has(&[Write, BlindWrite, Put, Insert]) {
                { list("value", "ui.bench.value", 1..=3, chosen.much, much) }
            }
            if has(&[Insert, Erase]) {
                { list("place", "ui.bench.place", 0..=3, chosen.place, place) }
            }
            if is_timed {
                { list("time", "ui.bench.clock", 0..=3, chosen.time, time) }
            }
        </div>
    }
}

/// Changes one of the numbers.
type Set = fn(Chosen, u8) -> Chosen;

/// The replicas of a type before anything was done.
pub(super) fn empty(lab: &dyn Lab) -> Vec<View> {
    let replicas = World::new(lab).replicas;
    replicas.iter().map(|it| View::of(it.as_ref())).collect()
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

/// Each replica with what can be done there.
pub(super) struct Controls<'a> {
    /// In these words.
    pub(super) text: &'a Text,
    /// What its type can do.
    pub(super) verbs: Vec<Verb>,
    /// Whether clocks matter to it.
    pub(super) is_timed: bool,
    /// With these numbers.
    pub(super) chosen: Chosen,
    /// Takes what is done.
    pub(super) push: &'a Callback<Step>,
    /// Whether no more fits.
    pub(super) is_full: bool,
}

impl Controls<'_> {
    /// Each replica with its buttons, and what it holds now.
    pub(super) fn replicas(&self, empty: &[View], last: Option<&Moment>) -> Html {
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

    fn act(&self, place: u8, verb: Verb) -> Html {
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

#[cfg(test)]
mod tests {
    use super::*;
    use splitbrain_engine::crdt::catalogue::all;
    use splitbrain_engine::crdt::laws::notation::is_offered;

    #[test]
    fn whatever_can_be_chosen_is_a_step_that_the_lab_offers() {
        for entry in all() {
            for number in 0..=3_u8 {
                let chosen = Chosen {
                    item: number.min(2),
                    much: number.max(1),
                    place: number,
                    time: if entry.lab.is_timed() { number } else { 0 },
                };
                for verb in verbs(entry.lab.verbs()) {
                    let step = Step::Act {
                        replica: 0,
                        time: chosen.time.into(),
                        act: chosen.act(verb),
                    };
                    assert!(is_offered(step, entry.lab), "{}: {step:?}", entry.info.id);
                }
            }
        }
    }
}
