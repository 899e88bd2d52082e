//! EDN, as Jepsen and Knossos write histories: a vector of maps, or a map a line.
//!
//! `{:process 0, :type :invoke, :f :read, :value nil, :time 3291485317, :index 0}`. What
//! the fields mean stands in [`super::events`]. Tags are passed over (`#jepsen.history.Op`
//! before a map), so are comments and what `#_` discards. Of EDN only the letters are left
//! out (`\a`), which no history has.
//!
//! Source: the EDN specification, github.com/edn-format/edn.

use super::error::{Expected, ImportError, Instead, expected, quoting};
use super::events::Events;
use super::form::{Cursor, DEPTH, Data, Form};
use super::lines::text;
use crate::history::{History, Value};

/// Reads such a file.
///
/// # Errors
/// Names the line and what was expected there.
pub fn read(bytes: &[u8]) -> Result<History, ImportError> {
    events(bytes)?.finish(Value::Nil)
}

/// The events of such a file.
pub(super) fn events(bytes: &[u8]) -> Result<Events, ImportError> {
    let mut cursor = Cursor::new(text(bytes)?);
    let mut events = Events::default();
    while let Some(form) = next(&mut cursor, 0)? {
        let line = form.line;
        match form.data {
            Data::Many(forms) => {
                for form in forms {
                    events.take(form)?;
                }
            }
            Data::Map(_) => events.take(form)?,
            _ => {
                return Err(expected(line, Expected::Maps, Instead::SomethingElse));
            }
        }
    }
    Ok(events)
}

fn is_blank(other: char) -> bool {
    other.is_whitespace() || other == ','
}

/// The next form; none at the end of the file.
fn next(cursor: &mut Cursor<'_>, depth: u32) -> Result<Option<Form>, ImportError> {
    if depth > DEPTH {
        return Err(expected(cursor.line, Expected::Shallow, Instead::Deeper));
    }
    loop {
        cursor.take_while(is_blank);
        if cursor.take(";") {
            cursor.take_while(|other| other != '\n');
        } else if cursor.take("#_") {
            let line = cursor.line;
            next(cursor, depth + 1)?
                .ok_or_else(|| expected(line, Expected::Discarded, Instead::EndOfFile))?;
        } else if cursor.rest().starts_with('#') && !cursor.rest().starts_with("#{") {
            cursor.next();
            cursor.take_while(|other| !is_blank(other) && !"{}[]()\"".contains(other));
        } else {
            break;
        }
    }
    let line = cursor.line;
    let Some(first) = cursor.peek() else {
        return Ok(None);
    };
    let data = match first {
        '[' => many(cursor, "[", ']', depth)?,
        '(' => many(cursor, "(", ')', depth)?,
        '#' => many(cursor, "#{", '}', depth)?,
        '{' => map(cursor, depth)?,
        '"' => {
            cursor.next();
            Data::Text(cursor.string()?)
        }
        ']' | ')' | '}' => {
            return Err(expected(line, Expected::Value, Instead::Bracket));
        }
        _ => word(cursor, line)?,
    };
    Ok(Some(Form { line, data }))
}

/// Forms up to the closing bracket.
fn many(
    cursor: &mut Cursor<'_>,
    opens: &str,
    closes: char,
    depth: u32,
) -> Result<Data, ImportError> {
    let line = cursor.line;
    cursor.take(opens);
    let mut forms = Vec::new();
    while !closed(cursor, closes, depth)? {
        let form = next(cursor, depth + 1)?;
        forms.push(
            form.ok_or_else(|| expected(line, Expected::ClosingBracket, Instead::EndOfFile))?,
        );
    }
    Ok(Data::Many(forms))
}

/// Whether the closing bracket comes, and takes it.
fn closed(cursor: &mut Cursor<'_>, closes: char, depth: u32) -> Result<bool, ImportError> {
    loop {
        cursor.take_while(is_blank);
        if cursor.take(";") {
            cursor.take_while(|other| other != '\n');
        } else if cursor.take("#_") {
            next(cursor, depth + 1)?;
        } else {
            break;
        }
    }
    let closes = cursor.peek() == Some(closes);
    if closes {
        cursor.next();
    }
    Ok(closes)
}

fn map(cursor: &mut Cursor<'_>, depth: u32) -> Result<Data, ImportError> {
    let line = cursor.line;
    let Data::Many(forms) = many(cursor, "{", '}', depth)? else {
        return Err(expected(line, Expected::Map, Instead::SomethingElse));
    };
    if forms.len() % 2 == 1 {
        return Err(expected(line, Expected::ValueToEveryKey, Instead::KeyAlone));
    }
    let mut forms = forms.into_iter();
    let mut pairs = Vec::with_capacity(forms.len() / 2);
    while let (Some(key), Some(value)) = (forms.next(), forms.next()) {
        pairs.push((key, value));
    }
    Ok(Data::Map(pairs))
}

/// A number, a keyword, a symbol.
fn word(cursor: &mut Cursor<'_>, line: u64) -> Result<Data, ImportError> {
    let taken = cursor.take_while(|other| !is_blank(other) && !"{}[]()\";".contains(other));
    Ok(match taken {
        "nil" => Data::Nil,
        "true" => Data::Truth(true),
        "false" => Data::Truth(false),
        _ => {
            let whole = taken.strip_suffix('N').unwrap_or(taken);
            if let Ok(number) = whole.parse() {
                return Ok(Data::Int(number));
            }
            let word = taken.strip_prefix(':').unwrap_or(taken);
            if word.is_empty() || word.starts_with('\\') {
                return Err(quoting(line, Expected::Value, taken));
            }
            Data::Word(word.to_owned())
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOG: &str = r#"
; what Jepsen wrote
[#jepsen.history.Op{:process 0, :type :invoke, :f :cas, :value [1 2], :index 0}
 {:process :nemesis, :type :info, :f :start, :value nil} #_ {:process 9}
 {:process 1 :type :invoke :f :read :value nil}
 {:process 1 :type :ok :f :read :value "two\n"}
 {:process 0 :type :info :f :cas :value [1 2] :error :timeout}]"#;

    #[test]
    fn a_history_is_read_whatever_stands_around_it() {
        let history = read(LOG.as_bytes()).unwrap();
        let said = history.operations.iter().map(|one| history.describe(one));
        assert_eq!(said.collect::<Vec<_>>(), ["cas 1 2", "read \"two\\n\""]);
        assert!(!history.operations[0].returned());
    }

    #[test]
    fn a_truncated_file_says_so() {
        let cut = &LOG[..LOG.len() - 30];
        let error = read(cut.as_bytes()).unwrap_err();
        assert_eq!(
            error.found,
            crate::import::Found::Instead(Instead::EndOfFile)
        );
        let deep = "[".repeat(100_000);
        let error = read(deep.as_bytes()).unwrap_err();
        assert_eq!(error.found, crate::import::Found::Instead(Instead::Deeper));
    }

    #[test]
    fn keys_of_independent_histories_are_taken_from_the_values() {
        let log = "{:process 0 :type :invoke :f :write :value [7 1]}\n\
                   {:process 0 :type :ok :f :write :value [7 1]}\n\
                   {:process 0 :type :invoke :f :cas :value [8 [1 2]]}\n\
                   {:process 0 :type :ok :f :cas :value [8 [1 2]]}\n";
        let history = read(log.as_bytes()).unwrap();
        let keys: Vec<_> = history
            .operations
            .iter()
            .map(|one| history.keys.get(one.key).clone())
            .collect();
        assert_eq!(keys, [Value::Int(7), Value::Int(8)]);
        assert_eq!(history.describe(&history.operations[1]), "cas 1 2");
    }
}
