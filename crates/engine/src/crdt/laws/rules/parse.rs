//! The language of merge rules.
//!
//! ```text
//! plan   = [ "growing" ] kept ":" rule
//! kept   = "count" | "cart" | "set" | "price" | "status" | "record"
//! rule   = "minimum" | "maximum" | "sum" | "latest" | "union" | "intersection"
//!        | "per" ( "replica" | "item" ) rule
//!        | state "<" state { "<" state }
//!        | "{" rule { "," rule } "}"
//! ```
//!
//! What a plan keeps says which rules fit: numbers take the first three and are counted or
//! written, those that are written take the latest too, sets take the next two, only a cart is per item, only what is counted or
//! collected is per replica, only a record has fields.

use std::str::CharIndices;

use super::{Kept, Plan, Rule};

/// Characters of a plan at most.
pub const MOST_CHARACTERS: usize = 200;

/// Fields of a record at most.
pub const MOST_FIELDS: usize = 3;

/// States of an order at most.
pub const MOST_STATES: usize = 4;

/// What a plan has to have at some place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wanted {
    /// No more than [`MOST_CHARACTERS`].
    Short,
    /// One of [`Kept::ALL`].
    Kept,
    /// What can grow: a count, a cart or a set.
    Growing,
    /// A colon.
    Colon,
    /// minimum, maximum or sum; for what is written, latest too.
    RuleOfNumbers,
    /// union or intersection.
    RuleOfSets,
    /// per item.
    PerItem,
    /// per replica or a rule: each at most once.
    OnceOnly,
    /// replica or item.
    ReplicaOrItem,
    /// Two to [`MOST_STATES`] different states with `<` between them.
    States,
    /// A field, or the end of the record: one to [`MOST_FIELDS`] fields.
    Fields,
    /// Nothing more.
    End,
}

impl Wanted {
    /// Every one.
    pub const ALL: [Self; 12] = [
        Self::Short,
        Self::Kept,
        Self::Growing,
        Self::Colon,
        Self::RuleOfNumbers,
        Self::RuleOfSets,
        Self::PerItem,
        Self::OnceOnly,
        Self::ReplicaOrItem,
        Self::States,
        Self::Fields,
        Self::End,
    ];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Short => "short",
            Self::Kept => "kept",
            Self::Growing => "growing",
            Self::Colon => "colon",
            Self::RuleOfNumbers => "rule_of_numbers",
            Self::RuleOfSets => "rule_of_sets",
            Self::PerItem => "per_item",
            Self::OnceOnly => "once_only",
            Self::ReplicaOrItem => "replica_or_item",
            Self::States => "states",
            Self::Fields => "fields",
            Self::End => "end",
        }
    }
}

/// Why something is no plan.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("column {column}: expected {}, found “{found}”", .expected.id())]
pub struct RuleError {
    /// Where, in characters, from 1.
    pub column: u32,
    /// What should be there.
    pub expected: Wanted,
    /// What is there; empty at the end, and cut where it is long.
    pub found: String,
}

/// Reads a plan.
///
/// # Errors
/// Where it is none, what was expected, and what was found.
pub fn parse(source: &str) -> Result<Plan, RuleError> {
    if source.chars().count() > MOST_CHARACTERS {
        return Err(RuleError {
            column: MOST_CHARACTERS as u32 + 1,
            expected: Wanted::Short,
            found: String::new(),
        });
    }
    let mut parser = Parser {
        source,
        tokens: tokens(source),
        at: 0,
    };
    let is_growing = parser.takes("growing");
    let kept = parser.kept()?;
    if is_growing && !matches!(kept, Kept::Count | Kept::Cart | Kept::Set) {
        parser.at -= 1;
        return Err(parser.expected(Wanted::Growing));
    }
    if !parser.takes(":") {
        return Err(parser.expected(Wanted::Colon));
    }
    let rule = match kept {
        Kept::Record => parser.fields()?,
        _ => parser.rule(kept, kept == Kept::Cart)?,
    };
    match parser.peek() {
        Some(_) => Err(parser.expected(Wanted::End)),
        None => Ok(Plan {
            kept,
            is_growing,
            rule,
        }),
    }
}

/// Words and signs, with where they begin, in bytes.
fn tokens(source: &str) -> Vec<(usize, &str)> {
    let mut tokens = Vec::new();
    let mut rest: CharIndices<'_> = source.char_indices();
    while let Some((from, first)) = rest.next() {
        if first.is_whitespace() {
            continue;
        }
        let mut to = from + first.len_utf8();
        if is_of_word(first) {
            while let Some((at, next)) = rest.clone().next()
                && is_of_word(next)
            {
                to = at + next.len_utf8();
                rest.next();
            }
        }
        tokens.push((from, &source[from..to]));
    }
    tokens
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

struct Parser<'a> {
    source: &'a str,
    tokens: Vec<(usize, &'a str)>,
    at: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&'a str> {
        self.tokens.get(self.at).map(|token| token.1)
    }

    fn takes(&mut self, token: &str) -> bool {
        let takes = self.peek() == Some(token);
        self.at += usize::from(takes);
        takes
    }

    /// The error of whoever wants something else at this place.
    fn expected(&self, expected: Wanted) -> RuleError {
        let (from, found) = match self.tokens.get(self.at) {
            Some(&(from, token)) => (from, token),
            None => (self.source.len(), ""),
        };
        RuleError {
            column: self.source[..from].chars().count() as u32 + 1,
            expected,
            found: found.chars().take(20).collect(),
        }
    }

    fn kept(&mut self) -> Result<Kept, RuleError> {
        let word = self.peek();
        let kept = { Kept::ALL }
            .into_iter()
            .find(|kept| word == Some(kept.id()));
        let kept = kept.ok_or_else(|| self.expected(Wanted::Kept))?;
        self.at += 1;
        Ok(kept)
    }

    /// A rule for what is kept; for a cart `needs_item` until it was said.
    fn rule(&mut self, kept: Kept, needs_item: bool) -> Result<Rule, RuleError> {
        let can_be_each = matches!(kept, Kept::Count | Kept::Cart | Kept::Set);
        let mut each: Vec<&str> = Vec::new();
        while can_be_each && self.takes("per") {
            let Some(key @ ("replica" | "item")) = self.peek() else {
                return Err(self.expected(Wanted::ReplicaOrItem));
            };
            if each.contains(&key) || (key == "item" && !needs_item) {
                return Err(self.expected(Wanted::OnceOnly));
            }
            each.push(key);
            self.at += 1;
        }
        if needs_item && !each.contains(&"item") {
            return Err(self.expected(Wanted::PerItem));
        }
        let rule = match kept {
            Kept::Status => self.order()?,
            Kept::Set => self.of_sets()?,
            _ => self.of_numbers(kept == Kept::Price)?,
        };
        Ok(each.into_iter().rev().fold(rule, |rule, key| match key {
            "item" => Rule::PerItem(Box::new(rule)),
            _ => Rule::PerReplica(Box::new(rule)),
        }))
    }

    fn of_numbers(&mut self, is_written: bool) -> Result<Rule, RuleError> {
        let rule = match self.peek() {
            Some("minimum") => Rule::Minimum,
            Some("maximum") => Rule::Maximum,
            Some("sum") => Rule::Sum,
            Some("latest") if is_written => Rule::Latest,
            _ => return Err(self.expected(Wanted::RuleOfNumbers)),
        };
        self.at += 1;
        Ok(rule)
    }

    fn of_sets(&mut self) -> Result<Rule, RuleError> {
        let rule = match self.peek() {
            Some("union") => Rule::Union,
            Some("intersection") => Rule::Intersection,
            _ => return Err(self.expected(Wanted::RuleOfSets)),
        };
        self.at += 1;
        Ok(rule)
    }

    fn order(&mut self) -> Result<Rule, RuleError> {
        let mut states: Vec<String> = Vec::new();
        loop {
            let state = self.peek().filter(|word| word.starts_with(is_of_word));
            let is_new = |state: &&str| !states.iter().any(|known| known == state);
            let Some(state) = state.filter(is_new) else {
                return Err(self.expected(Wanted::States));
            };
            if states.len() == MOST_STATES {
                return Err(self.expected(Wanted::States));
            }
            states.push(state.to_owned());
            self.at += 1;
            if !self.takes("<") {
                break;
            }
        }
        if states.len() < 2 {
            return Err(self.expected(Wanted::States));
        }
        Ok(Rule::Order(states))
    }

    fn fields(&mut self) -> Result<Rule, RuleError> {
        if !self.takes("{") {
            return Err(self.expected(Wanted::Fields));
        }
        let mut fields = Vec::new();
        loop {
            if fields.len() == MOST_FIELDS {
                return Err(self.expected(Wanted::Fields));
            }
            let is_order = self.tokens.get(self.at + 1).is_some_and(|it| it.1 == "<");
            fields.push(if is_order {
                self.order()?
            } else {
                self.of_numbers(true)?
            });
            if !self.takes(",") {
                break;
            }
        }
        if !self.takes("}") {
            return Err(self.expected(Wanted::Fields));
        }
        Ok(Rule::Fields(fields))
    }
}
