//! Typing text: a character a time into a text that is empty at the beginning, beside the
//! crate `yrs`, the Yjs of Rust.
//!
//! Each character is typed at the end of what there is, or where dice say. Both sides make
//! a change of its own of each, as an editor does that sends what is typed at once.

use std::time::Instant;

use serde_json::{Value, json};
use splitbrain_engine::crdt::replicated::{Act, Replicated, Writer};
use splitbrain_engine::crdt::{Dot, Sequence};
use splitbrain_engine::sim::dice::{Dice, Purpose, identity};
use splitbrain_words::Arg;
use yrs::{Doc, ReadTxn, StateVector, Text, Transact};

use super::aligned;
use crate::say::Voice;

/// Of which the fastest counts.
const ROUNDS: u32 = 5;

/// Where a character is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// After the one before.
    End,
    /// Anywhere.
    Anywhere,
}

/// Figures of one implementation.
#[derive(Clone, Copy, Debug)]
pub(super) struct Side {
    /// A character, in nanoseconds.
    pub(super) letter_ns: f64,
    /// The whole text on the wire, in bytes.
    bytes: u64,
}

/// A text that was typed.
#[derive(Debug)]
pub(super) struct Typed {
    place: Place,
    characters: u32,
    /// Our sequence.
    pub(super) ours: Side,
    yrs: Side,
}

impl Typed {
    /// The name of its figure: of the time for a character of ours.
    pub(super) fn figure(&self) -> &'static str {
        match self.place {
            Place::End => "typed_at_the_end_ns",
            Place::Anywhere => "typed_anywhere_ns",
        }
    }

    /// As JSON.
    pub(super) fn as_json(&self) -> Value {
        let side = |side: Side| json!({ "ns_per_character": side.letter_ns, "bytes": side.bytes });
        let place = match self.place {
            Place::End => "end",
            Place::Anywhere => "anywhere",
        };
        json!({
            "characters": self.characters,
            "typed": place,
            "ours": side(self.ours),
            "yrs": side(self.yrs),
        })
    }
}

/// Types both texts on both sides.
pub(super) fn measure(characters: u32) -> Vec<Typed> {
    let texts = [Place::End, Place::Anywhere].map(|place| {
        let strokes = strokes(place, characters);
        let fastest = |type_it: fn(&[Stroke]) -> (f64, u64)| {
            let rounds = (0..ROUNDS).map(|_| type_it(&strokes));
            let (seconds, bytes) =
                rounds.fold((f64::INFINITY, 0), |best, it| (best.0.min(it.0), it.1));
            Side {
                letter_ns: seconds * 1e9 / f64::from(characters),
                bytes,
            }
        };
        Typed {
            place,
            characters,
            ours: fastest(|strokes| {
                let begin = Instant::now();
                let text = in_ours(strokes);
                (begin.elapsed().as_secs_f64(), text.bytes().into())
            }),
            yrs: fastest(|strokes| {
                let begin = Instant::now();
                let text = in_yrs(strokes);
                let seconds = begin.elapsed().as_secs_f64();
                let whole = text
                    .transact()
                    .encode_state_as_update_v1(&StateVector::default());
                (seconds, whole.len() as u64)
            }),
        }
    });
    texts.into()
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

/// A character, and how many stand before it.
type Stroke = (u32, char);

fn strokes(place: Place, count: u32) -> Vec<Stroke> {
    let dice = Dice::new(1);
    let stroke = |number: u32| {
        let at = match place {
            Place::End => number,
            Place::Anywhere => dice.below(Purpose::Choice, identity(0, number.into()), number + 1),
        };
        (at, char::from(b'a' + (number % 26) as u8))
    };
    (0..count).map(stroke).collect()
}

fn in_ours(strokes: &[Stroke]) -> Sequence {
    let mut text = Sequence::default();
    for (counter, &(at, letter)) in (1..).zip(strokes) {
        let writer = Writer {
            dot: Dot { origin: 0, counter },
            time: 0,
            replicas: 1,
        };
        if let Some(change) = text.prepare(writer, Act::Insert { at, letter }) {
            text.apply(&change);
        }
    }
    text
}

fn in_yrs(strokes: &[Stroke]) -> Doc {
    let document = Doc::with_client_id(1);
    let text = document.get_or_insert_text("text");
    let mut one = [0; 4];
    for &(at, letter) in strokes {
        let mut change = document.transact_mut();
        text.insert(&mut change, at, letter.encode_utf8(&mut one));
    }
    document
}

#[cfg(test)]
mod tests {
    use yrs::GetString;

    use super::*;

    #[test]
    fn both_type_the_same_text() {
        for place in [Place::End, Place::Anywhere] {
            let strokes = strokes(place, 500);
            let document = in_yrs(&strokes);
            let text = document.get_or_insert_text("text");
            let theirs = text.get_string(&document.transact());
            assert_eq!(in_ours(&strokes).text(), theirs);
            assert_eq!(theirs.starts_with("abcdefgh"), place == Place::End);
        }
    }
}
