//! The little language of a catalogue's texts.
//!
//! `{name}` is an argument. `{n, plural, one {# item} other {# items}}` chooses by
//! the plural category of the number `n` in the text's language, and `#` is that
//! number. Categories are those of Unicode CLDR; `other` must be there.

use std::collections::BTreeSet;

/// A plural category of Unicode CLDR.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Plural {
    /// As in "0 items" where a language has a form for it.
    Zero,
    /// As in "1 item", «21 запис».
    One,
    /// As in "2 items" where a language has a dual.
    Two,
    /// As in «2 записи».
    Few,
    /// As in «5 записів».
    Many,
    /// Every other number, and fractions.
    Other,
}

impl Plural {
    /// Every category.
    pub const ALL: &'static [Self] = &[
        Self::Zero,
        Self::One,
        Self::Two,
        Self::Few,
        Self::Many,
        Self::Other,
    ];

    /// Its name, as in CLDR and `Intl.PluralRules`.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Zero => "zero",
            Self::One => "one",
            Self::Two => "two",
            Self::Few => "few",
            Self::Many => "many",
            Self::Other => "other",
        }
    }

    /// The category of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .find(|plural| plural.name() == name)
            .copied()
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part<'a> {
    /// Words as they are.
    Words(&'a str),
    /// An argument, by name.
    Argument(&'a str),
    /// One of several, by the plural category of an argument.
    Choice {
        /// The number's name.
        argument: &'a str,
        /// What to say for each category.
        arms: Vec<(Plural, Vec<Part<'a>>)>,
    },
}

/// What is wrong with a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TemplateError {
    /// A brace is not closed.
    #[error("a brace is opened and not closed")]
    Open,
    /// A brace is closed that was not opened.
    #[error("a brace is closed and not opened")]
    Closed,
    /// What stands in braces is neither an argument nor a plural.
    #[error("braces hold neither `name` nor `name, plural, …`")]
    Form,
    /// A plural category that does not exist or comes twice.
    #[error("a plural category is unknown or there twice")]
    Category,
    /// The category `other` is missing.
    #[error("a plural lacks `other`")]
    NoOther,
}

/// Takes a text apart.
///
/// # Errors
/// Braces that make no sense.
pub fn parse(text: &str) -> Result<Vec<Part<'_>>, TemplateError> {
    parse_within(text, None)
}

fn parse_within<'a>(
    mut text: &'a str,
    counted: Option<&'a str>,
) -> Result<Vec<Part<'a>>, TemplateError> {
    let mut parts = Vec::new();
    while !text.is_empty() {
        let is_special = |c: char| c == '{' || c == '}' || (c == '#' && counted.is_some());
        let special = text.find(is_special).unwrap_or(text.len());
        if special > 0 {
            parts.push(Part::Words(&text[..special]));
            text = &text[special..];
            continue;
        }
        if let (Some(rest), Some(name)) = (text.strip_prefix('#'), counted) {
            parts.push(Part::Argument(name));
            text = rest;
            continue;
        }
        let (inside, rest) = braces(text)?;
        parts.push(placeholder(inside)?);
        text = rest;
    }
    Ok(parts)
}

/// What stands between the brace at the start and its partner, and what follows.
fn braces(text: &str) -> Result<(&str, &str), TemplateError> {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => return Err(TemplateError::Closed),
            '}' if depth == 1 => return Ok((&text[1..at], &text[at + 1..])),
            '}' => depth -= 1,
            _ => {}
        }
    }
    Err(TemplateError::Open)
}

fn placeholder(inside: &str) -> Result<Part<'_>, TemplateError> {
    let is_name =
        |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let Some((argument, rest)) = inside.split_once(',') else {
        let name = inside.trim();
        return if is_name(name) {
            Ok(Part::Argument(name))
        } else {
            Err(TemplateError::Form)
        };
    };
    let argument = argument.trim();
    let rest = rest.trim_start().strip_prefix("plural");
    let rest = rest.and_then(|rest| rest.trim_start().strip_prefix(','));
    let mut rest = rest
        .filter(|_| is_name(argument))
        .ok_or(TemplateError::Form)?;
    let mut arms: Vec<(Plural, Vec<Part<'_>>)> = Vec::new();
    while !rest.trim().is_empty() {
        rest = rest.trim_start();
        let open = rest.find('{').ok_or(TemplateError::Form)?;
        let category = Plural::find(rest[..open].trim()).ok_or(TemplateError::Category)?;
        if arms.iter().any(|(known, _)| *known == category) {
            return Err(TemplateError::Category);
        }
        let (arm, after) = braces(&rest[open..])?;
        arms.push((category, parse_within(arm, Some(argument))?));
        rest = after;
    }
    if arms.iter().any(|(category, _)| *category == Plural::Other) {
        Ok(Part::Choice { argument, arms })
    } else {
        Err(TemplateError::NoOther)
    }
}

/// The names of all arguments.
pub fn arguments<'a>(parts: &[Part<'a>]) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for part in parts {
        match part {
            Part::Words(_) => {}
            Part::Argument(name) => {
                names.insert(*name);
            }
            Part::Choice { argument, arms } => {
                names.insert(*argument);
                for (_, arm) in arms {
                    names.extend(arguments(arm));
                }
            }
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_and_plurals_are_taken_apart() {
        let text = "{who} has {n, plural, one {# item in {where}} other {# items}}.";
        let parts = parse(text).expect("it is right");
        let names: Vec<&str> = arguments(&parts).into_iter().collect();
        assert_eq!(names, ["n", "where", "who"]);
        assert_eq!(parts.len(), 4);
    }

    #[test]
    fn a_number_sign_outside_a_plural_is_itself() {
        assert_eq!(parse("#1"), Ok(vec![Part::Words("#1")]));
    }

    #[test]
    fn braces_that_make_no_sense_are_told_apart() {
        for (text, error) in [
            ("{a", TemplateError::Open),
            ("a}", TemplateError::Closed),
            ("{a b}", TemplateError::Form),
            ("{n, select, other {x}}", TemplateError::Form),
            ("{n, plural, some {x} other {y}}", TemplateError::Category),
            ("{n, plural, one {x}}", TemplateError::NoOther),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }
}
