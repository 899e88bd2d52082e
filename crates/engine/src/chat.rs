//! What is said in a room, and what a read of a room returns.
//!
//! A room is a key of the chat service. What is said is one of few texts, so that it fits
//! a value: somebody asks whether an item is still there, somebody answers that it is.

use crate::sim::node::Value;

/// Rooms that forms and lessons offer; any key is a room.
pub const ROOMS: u32 = 4;

/// Items that can be spoken of: as many as a scenario can have.
const ITEMS: u32 = 32;

/// What a message says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    /// The item that it is about, by its place in the scenario, below 32.
    pub item: u32,
    /// Whether it answers the question about it, or asks it.
    pub is_answer: bool,
}

impl Text {
    /// The question about an item.
    pub const fn question(item: u32) -> Self {
        Self {
            item: item % ITEMS,
            is_answer: false,
        }
    }

    /// The answer to it.
    #[must_use]
    pub const fn answer(self) -> Self {
        Self {
            is_answer: true,
            ..self
        }
    }

    /// As the argument of the request that posts it.
    pub const fn argument(self) -> Value {
        Value(self.item << 1 | self.is_answer as u32)
    }

    /// What an argument says; every number says something.
    pub const fn from_argument(argument: Value) -> Self {
        Self {
            item: argument.0 >> 1 & (ITEMS - 1),
            is_answer: argument.0 & 1 == 1,
        }
    }
}

/// What a region shows of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shown {
    /// How many messages; those after the first 16,777,215 are not counted.
    pub count: u32,
    /// What the last of them says, if there is one.
    pub last: Option<Text>,
}

const COUNT_BITS: u32 = 24;
const MOST: u32 = (1 << COUNT_BITS) - 1;

impl Shown {
    /// As the value that a read returns: the count in the low 24 bits, what the last
    /// message says in the high eight.
    pub fn value(self) -> Value {
        let last = self.last.map_or(0, |text| text.argument().0);
        Value(self.count.min(MOST) | last << COUNT_BITS)
    }

    /// What a value says.
    pub fn from_value(value: Value) -> Self {
        let count = value.0 & MOST;
        let last = Text::from_argument(Value(value.0 >> COUNT_BITS));
        Self {
            count,
            last: (count > 0).then_some(last),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_travels_as_a_value_and_comes_back() {
        let last = Text::question(31).answer();
        for count in [1, 7, MOST] {
            let shown = Shown {
                count,
                last: Some(last),
            };
            assert_eq!(Shown::from_value(shown.value()), shown);
        }
        let empty = Shown {
            count: 0,
            last: None,
        };
        assert_eq!(empty.value(), Value(0));
        assert_eq!(Shown::from_value(Value(0)), empty);
    }

    #[test]
    fn every_number_says_something_about_an_item_that_there_may_be() {
        for number in [0, 1, 63, 64, 65, u32::MAX] {
            let text = Text::from_argument(Value(number));
            assert!(text.item < ITEMS);
            assert_eq!(text.is_answer, number % 2 == 1);
            assert_eq!(Text::from_argument(text.argument()), text);
        }
    }
}
