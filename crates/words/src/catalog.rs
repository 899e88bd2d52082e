//! Catalogues: one flat file a language.
//!
//! A line is `id = text`, a comment starts with `#`, blank lines separate. Ids are
//! of letters, digits, `.`, `_` and `-`. Nothing continues on the next line. The
//! parser is strict and names the line, since people write these files.

use std::borrow::Cow;

use crate::message;
use crate::text::Lang;

/// The source of the English catalogue, built in.
#[cfg(feature = "strategies")]
pub const ENGLISH: &str = concat!(
    include_str!("../catalog/en.words"),
    include_str!("../catalog/en.strategies.words")
);

/// The source of the English catalogue, built in, without [`ENGLISH_OF_STRATEGIES`].
#[cfg(not(feature = "strategies"))]
pub const ENGLISH: &str = include_str!("../catalog/en.words");

/// The source of what only the judge of histories says, in English: it is not in
/// [`ENGLISH`], so that a page that can fetch it later is smaller at first.
pub const ENGLISH_OF_JUDGE: &str = include_str!("../catalog/en.judge.words");

/// The source of what is said of strategies that may come later, in English: in
/// [`ENGLISH`] with the feature `strategies`, else to be added when they are there.
pub const ENGLISH_OF_STRATEGIES: &str = include_str!("../catalog/en.strategies.words");

/// The texts of one language.
#[derive(Clone, Debug)]
pub struct Catalog {
    lang: Lang,
    source: Cow<'static, str>,
    /// Where each id and its text stand in the source, sorted by id.
    entries: Vec<[(u32, u32); 2]>,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}.words:{line}: {problem}", lang.code())]
pub struct CatalogError {
    /// Of which catalogue.
    pub lang: Lang,
    /// From 1.
    pub line: u32,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a line of a catalogue.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Problem {
    /// It is neither a comment nor `id = text`.
    #[error("neither a comment nor `id = text`")]
    NoEquals,
    /// The id has a character that ids do not have.
    #[error("`{0}` is not an id; allowed: letters, digits, `.`, `_`, `-`")]
    BadId(String),
    /// There is no text.
    #[error("`{0}` has no text")]
    Empty(String),
    /// The id is there already.
    #[error("`{0}` is there twice")]
    Twice(String),
    /// The text's braces make no sense.
    #[error("`{id}`: {what}")]
    Template {
        /// Of which id.
        id: String,
        /// What is wrong with it.
        what: message::TemplateError,
    },
}

impl Catalog {
    /// English, which is built in. A test proves that it parses.
    pub fn english() -> Self {
        Self::built_in(ENGLISH)
    }

    /// The English of the judge of histories. A test proves that it parses.
    pub fn judge() -> Self {
        Self::built_in(ENGLISH_OF_JUDGE)
    }

    /// The English of strategies that come later. A test proves that it parses.
    pub fn strategies() -> Self {
        Self::built_in(ENGLISH_OF_STRATEGIES)
    }

    fn built_in(source: &'static str) -> Self {
        Self::parse(Lang::En, source).unwrap_or_else(|_| Self {
            lang: Lang::En,
            source: Cow::Borrowed(""),
            entries: Vec::new(),
        })
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// Every line that is wrong, all at once.
    pub fn parse(
        lang: Lang,
        source: impl Into<Cow<'static, str>>,
    ) -> Result<Self, Vec<CatalogError>> {
        let source = source.into();
        let mut entries: Vec<[(u32, u32); 2]> = Vec::new();
        let mut errors = Vec::new();
        let text_of = |(from, to): (u32, u32)| &source[from as usize..to as usize];
        let place_of = |part: &str| {
            let from = part.as_ptr() as usize - source.as_ptr() as usize;
            (from as u32, (from + part.len()) as u32)
        };
        for (number, line) in source.lines().enumerate() {
            let mut wrong = |problem| {
                errors.push(CatalogError {
                    lang,
                    line: number as u32 + 1,
                    problem,
                });
            };
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let Some((id, text)) = line.split_once('=') else {
                wrong(Problem::NoEquals);
                continue;
            };
            let (id, text) = (id.trim(), text.trim());
            let is_id = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if id.is_empty() || !id.chars().all(is_id) {
                wrong(Problem::BadId(id.into()));
                continue;
            }
            if text.is_empty() {
                wrong(Problem::Empty(id.into()));
                continue;
            }
            if let Err(what) = message::parse(text) {
                let id = id.into();
                wrong(Problem::Template { id, what });
                continue;
            }
            match entries.binary_search_by(|entry| text_of(entry[0]).cmp(id)) {
                Ok(_) => wrong(Problem::Twice(id.into())),
                Err(place) => entries.insert(place, [place_of(id), place_of(text)]),
            }
        }
        if errors.is_empty() {
            Ok(Self {
                lang,
                source,
                entries,
            })
        } else {
            Err(errors)
        }
    }

    /// Its language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// The text under an id, with its braces.
    pub fn get(&self, id: &str) -> Option<&str> {
        let place = self
            .entries
            .binary_search_by(|entry| self.slice(entry[0]).cmp(id));
        place.ok().map(|place| self.slice(self.entries[place][1]))
    }

    /// Every id, sorted.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        self.entries.iter().map(|entry| self.slice(entry[0]))
    }

    fn slice(&self, (from, to): (u32, u32)) -> &str {
        &self.source[from as usize..to as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_wrong_line_is_named_at_once() {
        let source = "a = 1\n\n# note\nno equals\nb c = 2\nd =\na = 3\ne = {x";
        let errors = Catalog::parse(Lang::Uk, source).expect_err("five lines are wrong");
        let lines: Vec<u32> = errors.iter().map(|error| error.line).collect();
        assert_eq!(lines, [4, 5, 6, 7, 8]);
        assert_eq!(
            errors[0].to_string(),
            "uk.words:4: neither a comment nor `id = text`"
        );
    }

    #[test]
    fn a_text_may_hold_an_equals_sign() {
        let catalog = Catalog::parse(Lang::En, "b = x = {x}\na = y").expect("it is right");
        assert_eq!(catalog.get("b"), Some("x = {x}"));
        assert_eq!(catalog.ids().collect::<Vec<_>>(), ["a", "b"]);
        assert_eq!(catalog.get("c"), None);
    }
}
