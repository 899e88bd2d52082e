//! What a customer's request is to a data type, and what a type's content is as a value.

use crate::conflict::shown::{self, Shown};
use crate::crdt::MergedType;
use crate::crdt::replicated::{Act, Content, Verb};
use crate::documents::{Edit, Line, Word};
use crate::records::Field;
use crate::sim::fact::OpKind;
use crate::sim::node::Value;

/// Items of a set that a value has a bit for.
const ITEMS: u8 = u32::BITS as u8;

/// Units that are bought or come into stock at once, at most.
const UNITS: u32 = 1_000;

/// How many units a purchase is of.
pub(super) fn units(argument: Value) -> u32 {
    argument.0.clamp(1, UNITS)
}

/// What a request comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Asked {
    /// An act.
    Act(Act),
    /// Nothing: what is to be gone is not there.
    Nothing,
    /// The type does not do that at all.
    Unknown,
}

/// What a request is to a type that shows this.
pub(super) fn asked(of: &MergedType, kind: OpKind, argument: Value, shown: &Content) -> Asked {
    let item = argument.0.min(u32::from(ITEMS - 1)) as u8;
    let act = match kind {
        OpKind::Add if of.does(Verb::Raise) => Act::Raise { item, by: 1 },
        OpKind::Add => Act::Add(item),
        // Taken out of a cart an item goes, however many there are.
        OpKind::Remove if of.does(Verb::Lower) => match quantity(shown, item) {
            0 => return Asked::Nothing,
            by => Act::Lower { item, by },
        },
        OpKind::Remove => Act::Remove(item),
        OpKind::Like => Act::Increment(1),
        OpKind::Unlike => Act::Decrement(1),
        OpKind::Restock => Act::Increment(argument.0.clamp(1, UNITS)),
        OpKind::Buy => Act::Decrement(units(argument)),
        OpKind::InsertWord => {
            let Edit { at, word } = Edit::from_argument(argument);
            let letter = word.letter();
            Act::Insert { at, letter }
        }
        OpKind::Write | OpKind::Resolve if of.has_siblings => {
            Act::Write(argument.0.min(shown::MOST))
        }
        OpKind::Write | OpKind::Resolve => Act::Write(argument.0),
        OpKind::WriteField => {
            let (field, value) = Field::from_argument(argument);
            let key = field as u8;
            Act::Put { key, value }
        }
        OpKind::DeleteWord => Act::Erase(Edit::from_argument(argument).at),
        _ => return Asked::Unknown,
    };
    if of.does(act.verb()) {
        Asked::Act(act)
    } else {
        Asked::Unknown
    }
}

fn quantity(shown: &Content, item: u8) -> u32 {
    let Content::Quantities(all) = shown else {
        return 0;
    };
    let held = all.iter().find(|held| held.0 == item);
    held.map_or(0, |held| u32::try_from(held.1).unwrap_or(0))
}

/// What a read returns of it: a set as a bit an item, a text as a line of words, a register
/// that nobody wrote as `initial`. Of siblings of a field, for which a record has no room, it
/// is the greatest.
pub(super) fn value(content: &Content, initial: Value) -> Value {
    let bits = |items: &mut dyn Iterator<Item = u8>| {
        let known = items.filter(|&item| item < ITEMS);
        Value(known.fold(0, |bits, item| bits | 1 << item))
    };
    match content {
        Content::Items(items) => bits(&mut items.iter().copied()),
        Content::Quantities(held) => {
            let held = held.iter().filter(|held| held.1 > 0);
            bits(&mut held.map(|held| held.0))
        }
        Content::Number(number) => {
            let number = (*number).clamp(i32::MIN.into(), i32::MAX.into());
            Value(number as i32 as u32)
        }
        Content::Text(text) => Line::new(text.chars().filter_map(Word::from_letter)).value(),
        Content::Values(values) => match values[..] {
            [one] => Value(one),
            _ => Shown::of(values.iter().copied(), initial).value(),
        },
        Content::Entries(entries) => entries.iter().fold(initial, |record, (key, values)| {
            let fields = Field::ALL.iter();
            let mut fields = fields.filter(|&&field| field as u8 == *key);
            match (fields.next(), values.last()) {
                (Some(field), Some(&greatest)) => field.put(record, greatest),
                _ => record,
            }
        }),
    }
}
