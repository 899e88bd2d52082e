//! Values, kept once and named by small integers.

use std::collections::BTreeMap;
use std::fmt;

/// What was written, read, added or expected, as its source wrote it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Value {
    /// Nothing: a register before its first write, a queue that was empty.
    Nil,
    /// Yes or no.
    Truth(bool),
    /// A whole number.
    Int(i64),
    /// Text.
    Text(String),
    /// A keyword or a symbol of EDN, without its colon.
    Word(String),
    /// Several values: what a whole set was read to hold.
    Many(Vec<Value>),
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Nil => f.write_str("nil"),
            Self::Truth(truth) => write!(f, "{truth}"),
            Self::Int(number) => write!(f, "{number}"),
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Word(word) => write!(f, ":{word}"),
            Self::Many(values) => {
                f.write_str("[")?;
                for (at, value) in values.iter().enumerate() {
                    let gap = if at == 0 { "" } else { " " };
                    write!(f, "{gap}{value}")?;
                }
                f.write_str("]")
            }
        }
    }
}

/// Names a value, a key or a process in the history that made it.
pub type Id = u32;

/// Gives equal values the same small integer, in the order in which they come.
///
/// A search tree and not a hash table: what a stranger's file holds must not be able
/// to make the reading of it slow.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    ids: BTreeMap<Value, Id>,
    values: Vec<Value>,
}

impl Names {
    /// The number of this value, a new one where it is new.
    pub fn intern(&mut self, value: Value) -> Id {
        if let Some(&id) = self.ids.get(&value) {
            return id;
        }
        let id = self.values.len() as Id;
        self.values.push(value.clone());
        self.ids.insert(value, id);
        id
    }

    /// The number of this value, where it has one.
    pub fn find(&self, value: &Value) -> Option<Id> {
        self.ids.get(value).copied()
    }

    /// What this number stands for.
    ///
    /// # Panics
    /// Where the number is of another history.
    pub fn get(&self, id: Id) -> &Value {
        &self.values[id as usize]
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.values.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_have_one_number_and_keep_their_name() {
        let mut names = Names::default();
        let one = names.intern(Value::Int(1));
        let text = names.intern(Value::Text("1".into()));
        assert_ne!(one, text);
        assert_eq!(names.intern(Value::Int(1)), one);
        assert_eq!(names.get(text), &Value::Text("1".into()));
        assert_eq!(names.find(&Value::Nil), None);
        assert_eq!(names.len(), 2);
    }

    #[test]
    fn a_value_is_shown_as_edn_writes_it() {
        let many = Value::Many(vec![Value::Nil, Value::Int(-3), Value::Word("a".into())]);
        assert_eq!(many.to_string(), "[nil -3 :a]");
        assert_eq!(Value::Text("x y".into()).to_string(), "\"x y\"");
    }
}
