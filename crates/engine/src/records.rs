//! What services hold that keep a record under one key: a customer's profile and the state
//! of her order. Both fit a value.

use crate::sim::node::Value;

/// A field of a profile.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Field {
    /// Where parcels go.
    Address = 0,
    /// Where to call.
    Phone = 1,
}

const FIELD_BITS: u32 = 16;
const FIELD_MASK: u32 = (1 << FIELD_BITS) - 1;

impl Field {
    /// Every one, in the order in which a profile has them.
    pub const ALL: &'static [Self] = &[Self::Address, Self::Phone];

    /// The largest number that it can hold.
    pub const MOST: u32 = FIELD_MASK;

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Address => "address",
            Self::Phone => "phone",
        }
    }

    /// As the argument of the request that writes a number into it: the field in the high
    /// half, the number in the low one. Of a number the low 16 bits count.
    pub const fn argument(self, number: u32) -> Value {
        Value((self as u32) << FIELD_BITS | (number & FIELD_MASK))
    }

    /// The field and the number that an argument says; every argument says some.
    pub const fn from_argument(argument: Value) -> (Self, u32) {
        let field = match argument.0 >> FIELD_BITS & 1 {
            0 => Self::Address,
            _ => Self::Phone,
        };
        (field, argument.0 & FIELD_MASK)
    }

    /// What a profile has in it; 0 where nothing was ever written.
    pub const fn of(self, profile: Value) -> u32 {
        profile.0 >> (FIELD_BITS * self as u32) & FIELD_MASK
    }

    /// The profile with another number in it.
    pub const fn put(self, profile: Value, number: u32) -> Value {
        let at = FIELD_BITS * self as u32;
        Value(profile.0 & !(FIELD_MASK << at) | (number & FIELD_MASK) << at)
    }
}

/// The state of an order, as a value; 0 is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// Somebody wants it.
    Placed = 1,
    /// And has paid.
    Paid = 2,
    /// And wants it no more.
    Cancelled = 3,
    /// It is on its way.
    Shipped = 4,
}

impl Stage {
    /// Every one, in the order of their numbers.
    pub const ALL: &'static [Self] = &[Self::Placed, Self::Paid, Self::Cancelled, Self::Shipped];

    /// Its stable id, and its word in the language of merge rules.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Placed => "placed",
            Self::Paid => "paid",
            Self::Cancelled => "cancelled",
            Self::Shipped => "shipped",
        }
    }

    /// What a value says, if there is an order.
    pub fn from_value(value: Value) -> Option<Self> {
        let place = value.0.checked_sub(1)?;
        Self::ALL.get(place as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_written_alone_and_travels_as_an_argument() {
        let profile = Field::Phone.put(Field::Address.put(Value(0), 7), 65_535);
        assert_eq!(Field::Address.of(profile), 7);
        assert_eq!(Field::Phone.of(profile), 65_535);
        let moved = Field::Address.put(profile, 8);
        assert_eq!(
            (Field::Address.of(moved), Field::Phone.of(moved)),
            (8, 65_535)
        );
        for &field in Field::ALL {
            assert_eq!(Field::from_argument(field.argument(300)), (field, 300));
        }
        assert_eq!(
            Field::from_argument(Value(u32::MAX)),
            (Field::Phone, 65_535)
        );
    }

    #[test]
    fn stages_have_the_numbers_of_their_order() {
        for (place, &stage) in Stage::ALL.iter().enumerate() {
            assert_eq!(stage as usize, place + 1);
            assert_eq!(Stage::from_value(Value(stage as u32)), Some(stage));
        }
        assert_eq!(Stage::from_value(Value(0)), None);
        assert_eq!(Stage::from_value(Value(5)), None);
    }
}
