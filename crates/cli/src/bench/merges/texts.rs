//! Texts that were typed: how they are told.

use serde_json::{Value, json};
use splitbrain_peers::typing::{Place, Side, Typed};
use splitbrain_words::Arg;

use super::aligned;
use crate::say::Voice;

/// As JSON.
pub(super) fn as_json(typed: &Typed) -> Value {
    let side = |side: Side| json!({ "ns_per_character": side.letter_ns, "bytes": side.bytes });
    let place = match typed.place {
        Place::End => "end",
        Place::Anywhere => "anywhere",
    };
    json!({
        "characters": typed.characters,
        "typed": place,
        "ours": side(typed.ours),
        "yrs": side(typed.yrs),
    })
}

/// The texts beside each other.
pub(super) fn table(voice: &Voice, texts: &[Typed], characters: u32) -> String {
    let say = |id| {
        voice
            .say(id, &[("n", Arg::from(u64::from(characters)))])
            .to_string()
    };
    let number = |number: f64| voice.words.number(number.round() as i64).to_string();
    let mut lines = vec![[
        say("cli.bench.texts.typed"),
        say("cli.bench.texts.letter"),
        "yrs".to_owned(),
        say("cli.bench.texts.bytes"),
        "yrs".to_owned(),
    ]];
    lines.extend(texts.iter().map(|typed| {
        let place = match typed.place {
            Place::End => say("cli.bench.texts.end"),
            Place::Anywhere => say("cli.bench.texts.anywhere"),
        };
        [
            place,
            number(typed.ours.letter_ns),
            number(typed.yrs.letter_ns),
            number(typed.ours.bytes as f64),
            number(typed.yrs.bytes as f64),
        ]
    }));
    aligned(&lines)
}
