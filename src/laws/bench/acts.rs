//! What can be done at a replica: a verb of the type, with the numbers that are chosen.

use splitbrain_engine::crdt::laws::notation::replica;
use splitbrain_engine::crdt::replicated::{Act, Verb};
use web_sys::HtmlSelectElement;
use yew::prelude::*;

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
        let (item, by, at) = (self.item, u32::from(self.much), u32::from(self.place));
        match verb {
            Verb::Increment => Act::Increment(by),
            Verb::Decrement => Act::Decrement(by),
            Verb::Transfer => Act::Transfer { to: item, by },
            Verb::Raise => Act::Raise { item, by },
            Verb::Lower => Act::Lower { item, by },
            Verb::Add => Act::Add(item),
            Verb::Remove => Act::Remove(item),
            Verb::Write => Act::Write(by),
            Verb::Put => Act::Put {
                key: item,
                value: by,
            },
            Verb::Delete => Act::Delete(item),
            Verb::Insert => Act::Insert {
                at,
                letter: char::from(b'a' + self.much - 1),
            },
            Verb::Erase => Act::Erase(at),
            Verb::Collect => Act::Collect,
        }
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
        Add, Decrement, Delete, Erase, Increment, Insert, Lower, Put, Raise, Remove, Transfer,
        Write,
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
            if has(&[Write, Put, Insert]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use splitbrain_engine::crdt::catalogue::all;
    use splitbrain_engine::crdt::laws::Step;
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
