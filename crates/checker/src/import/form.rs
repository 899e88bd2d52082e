//! What EDN and JSON have in common: nested data with the lines that it stood on.

use super::error::{Expected, ImportError, Instead, expected};
use crate::history::Value;

/// A piece of data and the line that it began on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) line: u64,
    pub(super) data: Data,
}

/// The data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Data {
    Nil,
    Truth(bool),
    Int(i64),
    Text(String),
    /// A keyword without its colon, a symbol, or a number that is not whole.
    Word(String),
    Many(Vec<Form>),
    Map(Vec<(Form, Form)>),
}

/// Depth to which data may be nested.
pub(super) const DEPTH: u32 = 32;

impl Form {
    /// The name that this is: a keyword of EDN, a string of JSON.
    pub(super) fn name(&self) -> Option<&str> {
        match &self.data {
            Data::Word(name) | Data::Text(name) => Some(name),
            _ => None,
        }
    }

    /// The value that this is.
    pub(super) fn value(&self) -> Result<Value, ImportError> {
        Ok(match &self.data {
            Data::Nil => Value::Nil,
            Data::Truth(truth) => Value::Truth(*truth),
            Data::Int(number) => Value::Int(*number),
            Data::Text(text) => Value::Text(text.clone()),
            Data::Word(word) => Value::Word(word.clone()),
            Data::Many(forms) => {
                Value::Many(forms.iter().map(Self::value).collect::<Result<_, _>>()?)
            }
            Data::Map(_) => return Err(expected(self.line, Expected::Value, Instead::Map)),
        })
    }

    /// The two values that this is.
    pub(super) fn pair(&self) -> Option<(&Self, &Self)> {
        match &self.data {
            Data::Many(forms) => match &forms[..] {
                [one, other] => Some((one, other)),
                _ => None,
            },
            _ => None,
        }
    }
}

/// Where a reader is in a text.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a str,
    pub(super) line: u64,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            rest: text,
            line: 1,
        }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next()?;
        self.rest = chars.as_str();
        self.line += u64::from(next == '\n');
        Some(next)
    }

    /// Takes this where it comes next.
    pub(super) fn take(&mut self, wanted: &str) -> bool {
        let rest = self.rest.strip_prefix(wanted);
        self.rest = rest.unwrap_or(self.rest);
        rest.is_some()
    }

    /// Takes characters as long as they are such.
    pub(super) fn take_while(&mut self, such: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|other| !such(other));
        let (taken, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.line += taken.bytes().filter(|&byte| byte == b'\n').count() as u64;
        self.rest = rest;
        taken
    }

    pub(super) fn rest(&self) -> &'a str {
        self.rest
    }

    /// The rest of a string whose opening quote was taken. `\u` escapes and the short
    /// ones, which EDN and JSON have in common.
    pub(super) fn string(&mut self) -> Result<String, ImportError> {
        let begun = self.line;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|other| other != '"' && other != '\\'));
            match self.next() {
                Some('"') => return Ok(text),
                Some(_) => text.push(self.escape()?),
                None => {
                    return Err(expected(begun, Expected::ClosingQuote, Instead::EndOfFile));
                }
            }
        }
    }

    fn escape(&mut self) -> Result<char, ImportError> {
        let wrong = expected(self.line, Expected::Escape, Instead::OtherEscape);
        Ok(match self.next() {
            Some('n') => '\n',
            Some('t') => '\t',
            Some('r') => '\r',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some(same @ ('"' | '\\' | '/')) => same,
            Some('u') => {
                let unit = self.unit().ok_or_else(|| wrong.clone())?;
                // Beyond the basic plane a character is two units, a surrogate pair.
                if (0xD800..0xDC00).contains(&unit) {
                    let low = self.take("\\u").then(|| self.unit()).flatten();
                    let low = low.filter(|low| (0xDC00..0xE000).contains(low));
                    let low = low.ok_or_else(|| wrong.clone())?;
                    let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
                    char::from_u32(code).ok_or(wrong)?
                } else {
                    char::from_u32(unit).ok_or(wrong)?
                }
            }
            _ => return Err(wrong),
        })
    }

    /// Four hexadecimal digits.
    fn unit(&mut self) -> Option<u32> {
        (0..4).try_fold(0, |unit, _| Some(unit * 16 + self.next()?.to_digit(16)?))
    }
}
