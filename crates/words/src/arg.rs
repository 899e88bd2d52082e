//! Arguments of texts: what is filled in, formatted as the language does.

use splitbrain_engine::sim::time::Time;

use crate::text::Text;

/// An argument of a text.
#[derive(Clone, Debug)]
pub enum Arg {
    /// Words as they are.
    Plain(String),
    /// A value as it is, set off from the words.
    Value(String),
    /// A whole number; plurals go by it.
    Count(u64),
    /// A whole number that may be negative.
    Signed(i64),
    /// Euros.
    Money(u64),
    /// A moment, as `mm:ss.mmm`.
    Time(Time),
    /// A span of time, in microseconds, in the unit that suits it.
    Span(u64),
    /// A share, in parts per million, as per cent.
    Share(u64),
    /// A text with roles of its own.
    Text(Text),
}

macro_rules! from {
    ($($type:ty, $value:ident => $arg:expr;)+) => {
        $(impl From<$type> for Arg {
            fn from($value: $type) -> Self {
                $arg
            }
        })+
    };
}
from! {
    &str, value => Self::Plain(value.into());
    String, value => Self::Plain(value);
    u64, value => Self::Count(value);
    u32, value => Self::Count(u64::from(value));
    usize, value => Self::Count(value as u64);
    Time, value => Self::Time(value);
    Text, value => Self::Text(value);
}
