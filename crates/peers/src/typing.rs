//! Typing text: a character a time into a text that is empty at the beginning, beside the
//! crate `yrs`, the Yjs of Rust.
//!
//! Each character is typed at the end of what there is, or where dice say. Both sides make
//! a change of its own of each, as an editor does that sends what is typed at once.

use splitbrain_engine::crdt::replicated::{Act, Replicated, Writer};
use splitbrain_engine::crdt::{Dot, Sequence};
use splitbrain_engine::sim::dice::{Dice, Purpose, identity};
use yrs::{Doc, ReadTxn, StateVector, Text, Transact};

/// Of which the fastest counts.
const ROUNDS: u32 = 5;

/// Where a character is typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// After the one before.
    End,
    /// Anywhere.
    Anywhere,
}

/// Figures of one implementation.
#[derive(Clone, Copy, Debug)]
pub struct Side {
    /// A character, in nanoseconds.
    pub letter_ns: f64,
    /// The whole text on the wire, in bytes.
    pub bytes: u64,
}

/// A text that was typed.
#[derive(Debug)]
pub struct Typed {
    /// Where.
    pub place: Place,
    /// How many.
    pub characters: u32,
    /// Our sequence.
    pub ours: Side,
    /// The other one.
    pub yrs: Side,
}

impl Typed {
    /// The name of its figure: of the time for a character of ours.
    pub fn figure(&self) -> &'static str {
        match self.place {
            Place::End => "typed_at_the_end_ns",
            Place::Anywhere => "typed_anywhere_ns",
        }
    }
}

/// Types both texts on both sides; `now` tells seconds.
pub fn measure(characters: u32, now: fn() -> f64) -> Vec<Typed> {
    let texts = [Place::End, Place::Anywhere].map(|place| {
        let strokes = strokes(place, characters);
        let fastest = |type_it: &dyn Fn(&[Stroke]) -> (f64, u64)| {
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
            ours: fastest(&|strokes| {
                let begin = now();
                let text = in_ours(strokes);
                (now() - begin, text.bytes().into())
            }),
            yrs: fastest(&|strokes| {
                let begin = now();
                let text = in_yrs(strokes);
                let seconds = now() - begin;
                let whole = text
                    .transact()
                    .encode_state_as_update_v1(&StateVector::default());
                (seconds, whole.len() as u64)
            }),
        }
    });
    texts.into()
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
