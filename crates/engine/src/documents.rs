//! What is written in a document, and what a read of one returns.
//!
//! A document is a key of the documents service: one line of a few words out of fifteen, so
//! that the whole line fits a value. Real editors hold characters, and as many as anybody
//! likes; how two people's changes meet is the same.

use crate::sim::fact::OpKind;
use crate::sim::node::{Status, Value};

/// Documents that forms and lessons offer; any key is a document.
pub const DOCUMENTS: u32 = 2;

/// Stable ids of the words that can be written; a word is its place here.
pub const WORDS: [&str; 15] = [
    "cats", "dogs", "sleep", "run", "here", "today", "big", "old", "red", "quiet", "and", "fast",
    "often", "never", "home",
];

/// Words that a line has room for.
pub const MOST: usize = 7;

const WORD_BITS: u32 = 4;
const WORD_MASK: u32 = (1 << WORD_BITS) - 1;
const REST_AT: u32 = WORD_BITS * MOST as u32;

/// A word, by its place in [`WORDS`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Word(u8);

impl Word {
    /// The word at a place; beyond the last it begins anew.
    pub const fn new(place: u32) -> Self {
        Self((place % WORDS.len() as u32) as u8)
    }

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        WORDS[self.0 as usize]
    }

    /// Its place in [`WORDS`].
    pub const fn place(self) -> u32 {
        self.0 as u32
    }

    /// As data types hold it, which know characters only.
    pub const fn letter(self) -> char {
        (b'a' + self.0) as char
    }

    /// The word that a character stands for.
    pub fn from_letter(letter: char) -> Option<Self> {
        let place = u32::from(letter).checked_sub(u32::from('a'))?;
        (place < WORDS.len() as u32).then(|| Self::new(place))
    }
}

/// A change of a line, as the argument of a request says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edit {
    /// How many words stand before: where a word comes in, or which one goes. Below 256.
    pub at: u32,
    /// The word that comes in.
    pub word: Word,
}

impl Edit {
    /// As an argument: the place in the low eight bits, the word above.
    pub const fn argument(self) -> Value {
        Value(self.at & 0xFF | self.word.place() << 8)
    }

    /// What an argument says; every number says something.
    pub const fn from_argument(argument: Value) -> Self {
        Self {
            at: argument.0 & 0xFF,
            word: Word::new(argument.0 >> 8 & WORD_MASK),
        }
    }
}

/// What a region shows of a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// The words, from left to right; the first [`MOST`] of them.
    pub words: Vec<Word>,
    /// How many follow: there is room for none, but two regions can fill it at once. Those
    /// after the fifteenth are not counted.
    pub rest: u32,
}

impl Line {
    /// Of words, however many.
    pub fn new(words: impl Iterator<Item = Word>) -> Self {
        let mut words: Vec<Word> = words.collect();
        let rest = words.len().saturating_sub(MOST) as u32;
        words.truncate(MOST);
        Self { words, rest }
    }

    /// As the value that a read returns: four bits a word, the first in the lowest, 0 for
    /// none; how many follow in the highest four.
    pub fn value(&self) -> Value {
        let places = (0..).map(|place| place * WORD_BITS);
        let words = places.zip(&self.words).take(MOST);
        let words = words.fold(0, |all, (at, word)| all | (word.place() + 1) << at);
        Value(words | self.rest.min(WORD_MASK) << REST_AT)
    }

    /// What a value says.
    pub fn from_value(value: Value) -> Self {
        let numbers = (0..MOST as u32).map(|place| value.0 >> (place * WORD_BITS) & WORD_MASK);
        let words = numbers.map_while(|number| number.checked_sub(1).map(Word::new));
        Self {
            words: words.collect(),
            rest: value.0 >> REST_AT & WORD_MASK,
        }
    }

    /// The line after a change, where one place decides.
    #[must_use]
    pub fn changed(mut self, kind: OpKind, edit: Edit) -> Self {
        let at = edit.at as usize;
        match kind {
            OpKind::InsertWord if self.words.len() < MOST => {
                self.words.insert(at.min(self.words.len()), edit.word);
            }
            OpKind::DeleteWord if at < self.words.len() => {
                self.words.remove(at);
            }
            _ => {}
        }
        self
    }
}

/// Why a change of the line that is shown is refused, if it is: there is no room for a word
/// more, or no word at that place.
pub fn refusal(kind: OpKind, argument: Value, shown: Value) -> Option<Status> {
    let length = || {
        let line = Line::from_value(shown);
        line.words.len() as u32 + line.rest
    };
    match kind {
        OpKind::InsertWord if length() >= MOST as u32 => Some(Status::FULL),
        OpKind::DeleteWord if length() <= Edit::from_argument(argument).at => {
            Some(Status::NOT_FOUND)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(places: &[u32]) -> Line {
        Line::new(places.iter().map(|&place| Word::new(place)))
    }

    #[test]
    fn a_line_travels_as_a_value_and_comes_back() {
        for places in [&[][..], &[0], &[14, 0, 14], &[1, 2, 3, 4, 5, 6, 7]] {
            let line = line(places);
            assert_eq!(Line::from_value(line.value()), line, "{places:?}");
        }
        assert_eq!(Line::default().value(), Value(0));
        let long = line(&[5; 9]);
        assert_eq!((long.words.len(), long.rest), (7, 2));
        assert_eq!(Line::from_value(long.value()), long);
        assert_eq!(Line::from_value(line(&[5; 40]).value()).rest, 15);
    }

    #[test]
    fn every_number_says_an_edit_of_a_word_that_there_is() {
        for number in [0, 7, 255, 256, 3_840, u32::MAX] {
            let edit = Edit::from_argument(Value(number));
            assert!(!edit.word.id().is_empty());
            assert_eq!(Edit::from_argument(edit.argument()), edit);
            assert_eq!(Word::from_letter(edit.word.letter()), Some(edit.word));
        }
        assert_eq!(Word::from_letter('p'), None);
        assert_eq!(Word::from_letter(' '), None);
    }

    #[test]
    fn a_word_comes_in_where_there_is_room_and_goes_where_it_stands() {
        let edit = |at, place| Edit {
            at,
            word: Word::new(place),
        };
        let two = line(&[1, 2]);
        let insert = OpKind::InsertWord;
        assert_eq!(two.clone().changed(insert, edit(1, 9)), line(&[1, 9, 2]));
        assert_eq!(two.clone().changed(insert, edit(200, 9)), line(&[1, 2, 9]));
        let delete = OpKind::DeleteWord;
        assert_eq!(two.clone().changed(delete, edit(0, 0)), line(&[2]));
        assert_eq!(two.clone().changed(delete, edit(2, 0)), two);
        let full = line(&[3; 7]);
        assert_eq!(full.clone().changed(insert, edit(0, 1)), full);
        let why = |kind, at, line: &Line| refusal(kind, edit(at, 0).argument(), line.value());
        assert_eq!(why(insert, 0, &full), Some(Status::FULL));
        assert_eq!(why(insert, 9, &two), None);
        assert_eq!(why(delete, 1, &two), None);
        assert_eq!(why(delete, 2, &two), Some(Status::NOT_FOUND));
        assert_eq!(why(delete, 7, &line(&[3; 9])), None);
        assert_eq!(why(OpKind::Read, 9, &two), None);
    }
}
