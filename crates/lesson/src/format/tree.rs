//! What TOML and JSON have in common: a tree of tables, lists, texts, whole numbers
//! and truth values, each with the line it stands on.

/// A value and its line, from 1; 0 where it was made by a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// The line.
    pub line: u32,
    /// The value.
    pub tree: Tree,
}

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// True or false.
    Truth(bool),
    /// A whole number.
    Number(i64),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Node>),
    /// Names and values, in the order of the file.
    Table(Vec<(String, Node)>),
}

impl Node {
    /// A value that stands in no file.
    pub fn new(tree: Tree) -> Self {
        Self { line: 0, tree }
    }

    /// A text that stands in no file.
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Tree::Text(text.into()))
    }

    /// A list that stands in no file.
    pub fn list(items: impl IntoIterator<Item = Self>) -> Self {
        Self::new(Tree::List(items.into_iter().collect()))
    }

    /// A table that stands in no file.
    pub fn table<'a>(entries: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let named = entries.into_iter();
        Self::new(Tree::Table(
            named.map(|(name, node)| (name.to_string(), node)).collect(),
        ))
    }

    /// The entry of a table.
    pub fn get(&self, name: &str) -> Option<&Self> {
        let Tree::Table(entries) = &self.tree else {
            return None;
        };
        let entry = entries.iter().find(|(held, _)| held == name);
        entry.map(|(_, node)| node)
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match &self.tree {
            Tree::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        match &self.tree {
            Tree::List(items) => Some(items),
            _ => None,
        }
    }

    /// The id of what kind of value it is.
    pub fn kind(&self) -> &'static str {
        match self.tree {
            Tree::Truth(_) => "truth",
            Tree::Number(_) => "number",
            Tree::Text(_) => "text",
            Tree::List(_) => "list",
            Tree::Table(_) => "table",
        }
    }
}
