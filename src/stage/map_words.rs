//! What is written on the map.

use splitbrain_engine::chat::Shown;
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_words::Arg;
use splitbrain_words::names::Form;
use yew::AttrValue;

use super::layout::{LinkMark, VALUE_CHARS};
use super::map_world::{LinkState, MapWorld, Told};
use crate::panels::state::role_id;
use crate::text::Text;

/// A round trip: tenths of a millisecond only where they matter.
pub(super) fn round_trip(text: &Text, span_us: u32) -> String {
    let rounded_us = if span_us < 100_000 {
        u64::from(span_us)
    } else {
        u64::from(span_us + 500) / 1_000 * 1_000
    };
    text.words().span(rounded_us).to_string()
}

/// What a region holds under the key that is shown, short enough for its label.
pub(super) fn value(text: &Text, scenario: &Scenario, key: Key, value: Value) -> String {
    let words = text.words();
    let kind = scenario.services.get(key.service() as usize);
    let held = words.value(scenario, key, value).to_string();
    let full = match kind.map(|service| service.kind) {
        Some(ServiceKind::Prices) if value.0 == 0 => held,
        Some(ServiceKind::Prices) => {
            let form = Form::Label;
            format!("{} {held}", words.item(scenario, key.index(), form))
        }
        Some(ServiceKind::Chat) => room(text, scenario, value).unwrap_or(held),
        _ => held,
    };
    clip(&full, VALUE_CHARS)
}

/// A room in a few characters: how many messages, and about which item the last one asks, or
/// that it answers. Nothing of an empty one.
fn room(text: &Text, scenario: &Scenario, value: Value) -> Option<String> {
    let shown = Shown::from_value(value);
    let last = shown.last?;
    let id = if last.is_answer {
        "ui.map.answer"
    } else {
        "ui.map.question"
    };
    let item = text.words().item(scenario, last.item, Form::Label);
    let args = [("n", Arg::from(shown.count)), ("item", Arg::from(item))];
    Some(text.with(id, &args).to_string())
}

/// What is under a region's name.
pub(super) fn region_value(
    text: &Text,
    scenario: &Scenario,
    world: &MapWorld,
    place: u8,
) -> String {
    if world.is_down.get(place as usize) == Some(&true) {
        return text.get("ui.region.down").to_string();
    }
    if world.is_paused.get(place as usize) == Some(&true) {
        return text.get("ui.region.paused").to_string();
    }
    let held = world.values.get(place as usize);
    match (world.key, held) {
        (Some(key), Some(&held)) => value(text, scenario, key, held),
        _ => String::new(),
    }
}

/// What a region is called in full.
pub(super) fn region(text: &Text, scenario: &Scenario, world: &MapWorld, place: u8) -> String {
    let id = scenario.regions[place as usize];
    let is_so = |states: &[bool]| states.get(place as usize) == Some(&true);
    let serves = !is_so(&world.is_down) && !is_so(&world.is_paused);
    let city = text.words().city(id).to_string();
    let mut parts = vec![id.get().id.to_owned(), city];
    if serves {
        parts.push(text.get("ui.region.serving").to_string());
    }
    if let Some(role) = world.first(place) {
        parts.push(text.get(role_id(role)).to_string());
    }
    parts.push(region_value(text, scenario, world, place));
    parts.retain(|part| !part.is_empty());
    parts.join(", ")
}

/// What a link is called in full.
pub(super) fn link(text: &Text, scenario: &Scenario, mark: &LinkMark, state: LinkState) -> String {
    let name = |place: u8| scenario.regions[place as usize].get().id.to_owned();
    let (a, b) = (name(mark.ends.0), name(mark.ends.1));
    let mut parts = vec![format!("{a} – {b}"), round_trip(text, mark.round_trip_us)];
    let one_way = |from: String, to: String| {
        let args = [("from", Arg::Plain(from)), ("to", Arg::Plain(to))];
        text.with("ui.link.cut_one_way", &args).to_string()
    };
    match (state.is_cut_on, state.is_cut_back) {
        (true, true) => parts.push(text.get("ui.link.cut").to_string()),
        (true, false) => parts.push(one_way(a, b)),
        (false, true) => parts.push(one_way(b, a)),
        (false, false) => {}
    }
    if state.is_degraded {
        parts.push(text.get("ui.link.degraded").to_string());
    }
    parts.join(", ")
}

/// What stands beside a link.
pub(super) fn link_label(text: &Text, mark: &LinkMark, state: LinkState) -> AttrValue {
    let span = round_trip(text, mark.round_trip_us);
    if state.is_cut() {
        text.with("ui.link.cut_mark", &[("span", Arg::Plain(span))])
    } else {
        AttrValue::from(span)
    }
}

/// How many characters the longest thing has that a customer can be told.
pub(super) fn told_chars(text: &Text) -> u32 {
    let ids = [
        "ui.customer.saved",
        "ui.customer.paid",
        "ui.customer.refused",
        "ui.customer.unknown",
    ];
    let lengths = ids.map(|id| text.get(id).chars().count() as u32);
    lengths.into_iter().max().unwrap_or(0)
}

/// What a customer was told, and whether it was bad or doubtful.
pub(super) fn told(text: &Text, scenario: &Scenario, told: Told) -> (String, &'static str) {
    let get = |id: &str| text.get(id).to_string();
    match told {
        Told::Nothing => (String::new(), ""),
        Told::Waiting => ("…".into(), ""),
        Told::Saved => (get("ui.customer.saved"), ""),
        Told::Paid => (get("ui.customer.paid"), ""),
        Told::Read(key, held) => {
            let is_room = scenario.service(ServiceKind::Chat) == Some(key.service());
            let short = is_room.then(|| room(text, scenario, held)).flatten();
            let held = short.unwrap_or_else(|| text.words().value(scenario, key, held).to_string());
            (clip(&held, told_chars(text)), "")
        }
        Told::Whole(count) => {
            let n = [("n", u64::from(count))];
            (text.with("ui.customer.whole", &n).to_string(), "")
        }
        Told::Refused => (get("ui.customer.refused"), "bad"),
        Told::Unknown => (get("ui.customer.unknown"), "warn"),
    }
}

/// At most this many characters.
fn clip(words: &str, chars: u32) -> String {
    if words.chars().count() <= chars as usize {
        return words.to_owned();
    }
    let kept: String = words.chars().take(chars as usize - 1).collect();
    format!("{}…", kept.trim_end_matches([' ', ',', '\u{a0}']))
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_engine::chat;
    use splitbrain_engine::playground::playground;
    use splitbrain_words::{Catalog, Lang, Words};

    use super::*;

    #[test]
    fn a_room_fits_under_its_region_in_both_languages() {
        let mut scenario = playground();
        scenario.services[0].kind = ServiceKind::Chat;
        let english = Words::terminal().and(Rc::new(Catalog::strategies()));
        let ukrainian = include_str!("../../crates/words/catalog/uk.words");
        let ukrainian = Catalog::parse(Lang::Uk, ukrainian).expect("it parses");
        let ukrainian = english.with(Some(ukrainian));
        for words in [english, ukrainian] {
            let text = Text::of(words);
            for (item, is_answer) in [(0, false), (0, true), (1, false), (2, true)] {
                let last = Some(chat::Text { item, is_answer });
                let shown = Shown { count: 12, last }.value();
                let said = value(&text, &scenario, Key::new(0, 0), shown);
                assert!(said.starts_with("12: ") && !said.contains('…'), "{said}");
            }
        }
    }

    #[test]
    fn long_words_are_clipped_at_a_word() {
        assert_eq!(clip("lamp, mug", 13), "lamp, mug");
        assert_eq!(clip("lamp, mug, book", 11), "lamp, mug…");
    }
}
