//! Reads a tree strictly: every field is asked for by name, what nobody asked for is
//! unknown, and problems are collected instead of ending the reading.

use std::cell::RefCell;

use super::error::{Problem, Problems};
use super::tree::{Node, Tree};

/// A value somewhere in a file.
#[derive(Clone, Debug)]
pub(super) struct Place<'a> {
    node: &'a Node,
    field: String,
    problems: &'a Problems,
}

impl<'a> Place<'a> {
    /// The whole file.
    pub(super) fn root(node: &'a Node, problems: &'a Problems) -> Self {
        Self {
            node,
            field: String::new(),
            problems,
        }
    }

    /// Where problems go.
    pub(super) fn problems(&self) -> &'a Problems {
        self.problems
    }

    /// The value itself.
    pub(super) fn node(&self) -> &'a Node {
        self.node
    }

    /// Notes a problem with this value.
    pub(super) fn wrong(&self, problem: Problem) {
        self.problems.add(self.node.line, &self.field, problem);
    }

    /// Notes that this value is not allowed.
    pub(super) fn refuse(&self, found: impl ToString, allowed: impl ToString) {
        self.wrong(Problem::NotAllowed {
            found: found.to_string(),
            allowed: allowed.to_string(),
        });
    }

    /// Notes that a name, or the `name` of a table, was not understood here: where it is used
    /// that is no news.
    pub(super) fn doubt(&self) {
        let name = self.node.get("name").unwrap_or(self.node);
        if let Some(name) = name.as_text() {
            self.problems.doubt(name);
        }
    }

    /// Notes this of every entry of a list.
    pub(super) fn doubt_all(&self) {
        let Tree::List(items) = &self.node.tree else {
            return;
        };
        for node in items {
            let entry = Self {
                node,
                ..self.clone()
            };
            entry.doubt();
        }
    }

    fn wrong_kind<T>(&self, expected: &'static str) -> Option<T> {
        let found = self.node.kind();
        self.wrong(Problem::WrongKind { found, expected });
        None
    }

    /// The value as a table.
    pub(super) fn table(&self) -> Option<Table<'a>> {
        match &self.node.tree {
            Tree::Table(entries) => Some(Table {
                place: self.clone(),
                entries,
                asked: RefCell::default(),
            }),
            _ => self.wrong_kind("table"),
        }
    }

    /// The value as a list of at least and at most so many.
    pub(super) fn list(&self, least: u32, most: u32) -> Option<Vec<Self>> {
        let Tree::List(items) = &self.node.tree else {
            return self.wrong_kind("list");
        };
        let found = items.len() as u32;
        if !(least..=most).contains(&found) {
            self.wrong(Problem::Count { found, least, most });
            return None;
        }
        let places = items.iter().enumerate().map(|(index, node)| Self {
            node,
            field: format!("{}[{index}]", self.field),
            problems: self.problems,
        });
        Some(places.collect())
    }

    /// Whether the value is a list.
    pub(super) fn is_list(&self) -> bool {
        matches!(self.node.tree, Tree::List(_))
    }

    /// The value as true or false.
    pub(super) fn boolean(&self) -> Option<bool> {
        match self.node.tree {
            Tree::Truth(truth) => Some(truth),
            _ => self.wrong_kind("truth"),
        }
    }

    /// The value as a text of at most so many characters, not empty.
    pub(super) fn text(&self, most: u32) -> Option<&'a str> {
        let Tree::Text(text) = &self.node.tree else {
            return self.wrong_kind("text");
        };
        let length = text.chars().count() as u32;
        if length == 0 || length > most {
            let allowed = format!("1 to {most} characters");
            self.refuse(format!("a text of {length} characters"), allowed);
            return None;
        }
        Some(text)
    }

    /// The value as a stable id: small letters, digits and `extra`.
    pub(super) fn id(&self, extra: char) -> Option<&'a str> {
        let text = self.text(40)?;
        let is_id = text
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == extra);
        if !is_id {
            let allowed = format!("small letters, digits and {extra}");
            self.refuse(text, allowed);
        }
        is_id.then_some(text)
    }

    /// The value as a whole number of a range.
    pub(super) fn number(&self, least: i64, most: i64) -> Option<i64> {
        let Tree::Number(number) = self.node.tree else {
            return self.wrong_kind("number");
        };
        if !(least..=most).contains(&number) {
            self.refuse(number, format!("{least} to {most}"));
            return None;
        }
        Some(number)
    }

    /// The value as one of these names; its place among them.
    pub(super) fn one_of(&self, allowed: &[&str]) -> Option<usize> {
        let text = self.text(60)?;
        let found = allowed.iter().position(|&name| name == text);
        if found.is_none() && !self.problems.is_doubted(text) {
            self.refuse(text, allowed.join(", "));
        }
        found
    }
}

/// A table that is being read. [`Table::finish`] tells what nobody asked for.
#[derive(Debug)]
pub(super) struct Table<'a> {
    place: Place<'a>,
    entries: &'a [(String, Node)],
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    /// Where it stands.
    pub(super) fn place(&self) -> &Place<'a> {
        &self.place
    }

    /// The names that stand in it.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> {
        self.entries.iter().map(|(name, _)| name.as_str())
    }

    /// A field that may be missing, under a name that only the file knows.
    pub(super) fn entry(&self, name: &str) -> Option<Place<'a>> {
        let (_, node) = self.entries.iter().find(|(held, _)| held == name)?;
        let above = &self.place.field;
        let dot = if above.is_empty() { "" } else { "." };
        Some(Place {
            node,
            field: format!("{above}{dot}{name}"),
            problems: self.place.problems,
        })
    }

    /// A field that may be missing.
    pub(super) fn find(&self, name: &'static str) -> Option<Place<'a>> {
        let mut asked = self.asked.borrow_mut();
        if !asked.contains(&name) {
            asked.push(name);
        }
        drop(asked);
        self.entry(name)
    }

    /// A field that has to be there.
    pub(super) fn get(&self, name: &'static str) -> Option<Place<'a>> {
        let found = self.find(name);
        if found.is_none() {
            let above = &self.place.field;
            let dot = if above.is_empty() { "" } else { "." };
            let field = format!("{above}{dot}{name}");
            let problems = self.place.problems;
            problems.add(self.place.node.line, field, Problem::Missing);
        }
        found
    }

    /// A number that may be missing.
    pub(super) fn number_or(&self, name: &'static str, default: i64, least: i64, most: i64) -> i64 {
        let place = self.find(name);
        place.map_or(default, |place| {
            place.number(least, most).unwrap_or(default)
        })
    }

    /// A number that has to be there.
    pub(super) fn number(&self, name: &'static str, least: i64, most: i64) -> Option<i64> {
        self.get(name)?.number(least, most)
    }

    /// A list that may be missing.
    pub(super) fn list(&self, name: &'static str, most: u32) -> Vec<Place<'a>> {
        let place = self.find(name);
        place
            .and_then(|place| place.list(0, most))
            .unwrap_or_default()
    }

    /// Notes every field that nobody asked for.
    pub(super) fn finish(self) {
        let asked = self.asked.borrow();
        for (name, node) in self.entries {
            if !asked.contains(&name.as_str()) {
                let found = name.chars().take(60).collect();
                let allowed = asked.join(", ");
                let problem = Problem::UnknownField { found, allowed };
                let problems = self.place.problems;
                problems.add(node.line, &self.place.field, problem);
            }
        }
    }
}
