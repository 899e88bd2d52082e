//! What is wrong with a file, and where: kinds and what was found. `splitbrain_words` makes
//! sentences of them.

use std::fmt;

use crate::history::BuildError;
use crate::transactions::awdit::AwditError;

/// Unit kinds with stable ids.
macro_rules! kinds {
    ($(#[$of:meta])* $name:ident: $($(#[$what:meta])* $kind:ident $id:literal,)+) => {
        $(#[$of])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        pub enum $name {
            $($(#[$what])* $kind,)+
        }

        impl $name {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$kind,)+];

            /// The stable id.
            pub fn id(self) -> &'static str {
                match self {
                    $(Self::$kind => $id,)+
                }
            }

            /// The kind of this id.
            pub fn find(id: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|kind| kind.id() == id)
            }
        }
    };
}

kinds! {
    /// What was expected.
    Expected:
    /// A file of at most [`super::BYTES`].
    FewBytes "few_bytes",
    /// Text in UTF-8.
    Text "text",
    /// Operations, no more than are taken.
    FewOperations "few_operations",
    /// A value.
    Value "value",
    /// The quote that closes a text.
    ClosingQuote "closing_quote",
    /// An escape that is known.
    Escape "escape",
    /// A map, or a vector of maps.
    Maps "maps",
    /// A map.
    Map "map",
    /// Data that is not nested deeper than is taken.
    Shallow "shallow",
    /// What `#_` discards.
    Discarded "discarded",
    /// The bracket that closes what was opened.
    ClosingBracket "closing_bracket",
    /// A comma or the end of the bracket.
    Comma "comma",
    /// A name in quotes and a colon.
    NameAndColon "name_and_colon",
    /// A value to every key of a map.
    ValueToEveryKey "value_to_every_key",
    /// A map with the field `process`.
    FieldProcess "field_process",
    /// A map with the field `type`.
    FieldType "field_type",
    /// A map with the field `f`.
    FieldF "field_f",
    /// A pair of values.
    Pair "pair",
    /// An element, and whether it is there.
    ElementAndTruth "element_and_truth",
    /// True or false.
    Truth "truth",
    /// A whole number.
    WholeNumber "whole_number",
    /// A time that is not too large.
    Time "time",
    /// The time of a call.
    CallTime "call_time",
    /// A return that is not before its call.
    LaterReturn "later_return",
    /// `invoke`, `ok`, `fail` or `info`.
    EventType "event_type",
    /// The name of a function.
    FunctionName "function_name",
    /// `get`, `put` or `append`.
    KvFunction "kv_function",
    /// The return of what was called.
    ReturnOfCall "return_of_call",
    /// A dash behind `jepsen.util`.
    Dash "dash",
    /// A process.
    Process "process",
    /// The kind of an event.
    EventKind "event_kind",
    /// A function.
    Function "function",
    /// The number of a process.
    ProcessNumber "process_number",
    /// `:invoke`, `:ok`, `:fail` or `:info`.
    JepsenType "jepsen_type",
    /// `:read`, `:write` or `:cas`.
    JepsenFunction "jepsen_function",
    /// A number or nil.
    NumberOrNil "number_or_nil",
    /// A pair in brackets.
    PairInBrackets "pair_in_brackets",
    /// Two values in the brackets.
    TwoInBrackets "two_in_brackets",
    /// The return of the call that the process has open.
    OpenReturn "open_return",
    /// A call of the process before its return.
    CallFirst "call_first",
    /// Times that do not run backwards.
    TimesForward "times_forward",
    /// A line of AWDIT's format.
    AwditLine "awdit_line",
    /// A key, a whole number of 64 bits.
    AwditKey "awdit_key",
    /// A value, a whole number of 64 bits.
    AwditValue "awdit_value",
    /// A value that is not yet written to its key.
    NewValue "new_value",
}

kinds! {
    /// What was there instead, where it is no matter how it reads.
    Instead:
    /// More than that.
    More "more",
    /// Bytes that are no text.
    NoText "no_text",
    /// One more.
    OneMore "one_more",
    /// Something else.
    SomethingElse "something_else",
    /// The end of the file.
    EndOfFile "end_of_file",
    /// The end of the line.
    EndOfLine "end_of_line",
    /// An escape that is none.
    OtherEscape "other_escape",
    /// Data that is nested deeper.
    Deeper "deeper",
    /// A bracket that closes nothing.
    Bracket "bracket",
    /// A map.
    Map "map",
    /// A key alone.
    KeyAlone "key_alone",
    /// A map without that.
    Without "without",
    /// No pair.
    NoPair "no_pair",
    /// Another value.
    OtherValue "other_value",
    /// A larger one.
    Larger "larger",
    /// None.
    None "none",
    /// A return before its call.
    EarlierReturn "earlier_return",
    /// A second call.
    SecondCall "second_call",
    /// A return without a call.
    ReturnAlone "return_alone",
    /// A time before the one above it.
    EarlierTime "earlier_time",
}

/// What was there instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Something of this kind.
    Instead(Instead),
    /// This, cut short.
    Quoted(String),
    /// A value that this line writes to the same key.
    WrittenBefore {
        /// The value.
        value: u64,
        /// The line.
        line: u64,
    },
}

/// Why a file cannot be read. `Display` gives ids for those who write programs, without
/// the file's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportError {
    /// The line, from 1; nought where the file as a whole is meant.
    pub line: u64,
    /// What was expected there.
    pub expected: Expected,
    /// What was there instead.
    pub found: Found,
}

impl fmt::Display for ImportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.line > 0 {
            write!(f, "line {}: ", self.line)?;
        }
        write!(f, "expected {}, found ", self.expected.id())?;
        match &self.found {
            Found::Instead(instead) => f.write_str(instead.id()),
            Found::Quoted(text) => write!(f, "{text:?}"),
            Found::WrittenBefore { value, line } => write!(f, "{value}, written on line {line}"),
        }
    }
}

impl std::error::Error for ImportError {}

/// Characters of a file that an error quotes at most.
const QUOTED: usize = 40;

/// An error that says what kind of thing was found.
pub(super) fn expected(line: u64, expected: Expected, found: Instead) -> ImportError {
    ImportError {
        line,
        expected,
        found: Found::Instead(found),
    }
}

/// An error that quotes what was found.
pub(super) fn quoting(line: u64, expected: Expected, found: &str) -> ImportError {
    let mut short: String = found.chars().take(QUOTED).collect();
    if short.len() < found.len() {
        short.push('…');
    }
    ImportError {
        line,
        expected,
        found: Found::Quoted(short),
    }
}

/// What does not fit what came before it.
pub(super) fn unfit(line: u64, error: BuildError) -> ImportError {
    let (what, found) = match error {
        BuildError::CalledTwice => (Expected::OpenReturn, Instead::SecondCall),
        BuildError::NotCalled => (Expected::CallFirst, Instead::ReturnAlone),
        BuildError::Backwards => (Expected::TimesForward, Instead::EarlierTime),
        BuildError::TooMany => (Expected::FewOperations, Instead::OneMore),
    };
    expected(line, what, found)
}

impl From<AwditError> for ImportError {
    fn from(error: AwditError) -> Self {
        match error {
            AwditError::TooLong { .. } => expected(0, Expected::FewBytes, Instead::More),
            AwditError::TooManyOperations { line, .. } => {
                expected(line.into(), Expected::FewOperations, Instead::OneMore)
            }
            AwditError::NotText { line, .. } => {
                expected(line.into(), Expected::Text, Instead::NoText)
            }
            AwditError::UnknownLine { line, found, .. } => {
                quoting(line.into(), Expected::AwditLine, &found)
            }
            AwditError::NoNumber {
                line, part, found, ..
            } => {
                let what = match part {
                    "key" => Expected::AwditKey,
                    _ => Expected::AwditValue,
                };
                quoting(line.into(), what, &found)
            }
            AwditError::RepeatedValue {
                value,
                first,
                second,
                ..
            } => Self {
                line: second.into(),
                expected: Expected::NewValue,
                found: Found::WrittenBefore {
                    value: value.0,
                    line: first.into(),
                },
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_unique_and_found_again() {
        for (at, &kind) in Expected::ALL.iter().enumerate() {
            assert_eq!(Expected::find(kind.id()), Some(kind));
            assert_eq!(Expected::ALL.iter().position(|it| *it == kind), Some(at));
        }
        for &kind in Instead::ALL {
            assert_eq!(Instead::find(kind.id()), Some(kind));
        }
    }
}
