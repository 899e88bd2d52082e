//! What of a key an operation is about: the whole of it, an item of a cart, a field of a
//! record, or a part of a count or of a sum.

use splitbrain_engine::conflict::Decision;
use splitbrain_engine::design::MergeRule;
use splitbrain_engine::records::Field;
use splitbrain_engine::sim::fact::OpKind;
use splitbrain_engine::sim::node::Value;

/// What of a key an operation is about. Operations on different elements of one key never
/// take each other's place, unless a rule keeps the key as one whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Element {
    /// All of it: a price, the state of an order.
    Whole,
    /// An item that is in a cart or not.
    Item(u32),
    /// A field of a profile.
    Field(Field),
    /// A part of what the numbers of a field are added up to.
    Part(Field),
    /// A count of likes or of what is left, or a line of words: everybody's operation is a
    /// part of it.
    Count,
}

impl Element {
    /// The element that an operation with this argument is about, where fields are not added
    /// up.
    fn of(kind: OpKind, argument: Value) -> Self {
        match kind {
            OpKind::Add | OpKind::Remove => Self::Item(argument.0),
            OpKind::WriteField => Self::Field(Field::from_argument(argument).0),
            OpKind::Like
            | OpKind::Unlike
            | OpKind::Buy
            | OpKind::Restock
            | OpKind::InsertWord
            | OpKind::DeleteWord => Self::Count,
            OpKind::Read | OpKind::ReadAll | OpKind::Write | OpKind::Resolve | OpKind::Pay => {
                Self::Whole
            }
        }
    }

    /// Whether the value of a key says by itself if it shows what an operation on this element
    /// wanted. Of a count it says nothing of any one part, and a whole is known by its write.
    pub(super) const fn is_in_value(self) -> bool {
        matches!(self, Self::Item(_) | Self::Field(_))
    }
}

/// What operations on a key are about under its rule.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Elements {
    /// Of each of [`Field::ALL`] whether its numbers are added up: then no value shows a
    /// single one of them.
    added: [bool; 2],
}

impl Elements {
    /// Under this rule, if the design has one.
    pub(super) fn under(rule: Option<MergeRule>) -> Self {
        let adds = |field| {
            let decides_by = rule.map(|rule| rule.decides_by_field(field));
            decides_by == Some(Decision::Addition)
        };
        Self {
            added: [Field::Address, Field::Phone].map(adds),
        }
    }

    /// The element that an operation with this argument is about.
    pub(super) fn of(self, kind: OpKind, argument: Value) -> Element {
        match Element::of(kind, argument) {
            Element::Field(field) if self.added[field as usize] => Element::Part(field),
            element => element,
        }
    }
}

/// Whether a value shows what an operation on an item or a field wanted.
pub(super) fn is_as_wanted(kind: OpKind, argument: Value, value: Value) -> bool {
    match Element::of(kind, argument) {
        Element::Item(item) => {
            let is_there = item < u32::BITS && value.0 >> item & 1 == 1;
            is_there == (kind == OpKind::Add)
        }
        Element::Field(field) => field.of(value) == Field::from_argument(argument).1,
        Element::Whole | Element::Count | Element::Part(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_shows_an_item_by_its_bit_and_a_field_by_its_number() {
        let cart = Value(0b100);
        assert!(is_as_wanted(OpKind::Add, Value(2), cart));
        assert!(!is_as_wanted(OpKind::Remove, Value(2), cart));
        assert!(is_as_wanted(OpKind::Remove, Value(1), cart));
        assert!(
            is_as_wanted(OpKind::Remove, Value(99), cart),
            "no item has that bit"
        );
        let profile = Field::Phone.put(Field::Address.put(Value(0), 7), 8);
        for (field, number, shown) in [
            (Field::Address, 7, true),
            (Field::Phone, 8, true),
            (Field::Phone, 7, false),
        ] {
            let argument = field.argument(number);
            assert_eq!(is_as_wanted(OpKind::WriteField, argument, profile), shown);
        }
    }

    #[test]
    fn what_is_no_item_and_no_field_is_not_told_by_the_value() {
        // As bits of a cart, both would seem to be there.
        assert!(!is_as_wanted(OpKind::Like, Value(1), Value(0b10)));
        assert!(!is_as_wanted(OpKind::Resolve, Value(1), Value(0b10)));
        assert_eq!(Element::of(OpKind::Resolve, Value(1)), Element::Whole);
        assert_eq!(
            Element::of(OpKind::Like, Value(1)),
            Element::of(OpKind::Buy, Value(2))
        );
    }
}
