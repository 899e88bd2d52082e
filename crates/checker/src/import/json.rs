//! JSON, in a schema of ours: events, or operations.
//!
//! *Events* are those of [`super::events`], by the same names:
//!
//! ```json
//! [
//!   { "process": 0, "type": "invoke", "f": "write", "value": 1, "key": "x", "time": 10 },
//!   { "process": 0, "type": "ok", "f": "write", "value": 1, "key": "x", "time": 25 }
//! ]
//! ```
//!
//! *Operations* have both ends in one:
//!
//! ```json
//! [
//!   { "process": 0, "f": "write", "value": 1, "key": "x", "call": 10, "return": 25 },
//!   { "process": "bob", "f": "cas", "value": [1, 2], "key": "x", "call": 12, "return": null },
//!   { "process": 2, "f": "read", "value": 1, "key": "x", "call": 30, "return": 31 }
//! ]
//! ```
//!
//! Their order does not matter. A `return` of null, or none, is an unknown outcome; one
//! that certainly did not happen is left out, or says `"failed": true`. Times are whole
//! numbers in any unit, and intervals are closed.
//!
//! Around the array may stand an object, `{ "initial": 0, "operations": […] }` or with
//! `"events"`, to say what a key holds before it is written (null unless said). The array's
//! brackets may be missing: then it is an object a line. Fields that are not named here are
//! passed over.

use super::error::{Expected, ImportError, Instead, expected, quoting, unfit};
use super::events::{Events, Fields, Function};
use super::form::{Cursor, DEPTH, Data, Form};
use super::lines::text;
use crate::history::{BuildError, Builder, History, OPEN, Operation, Time, Value};

/// Reads such a file.
///
/// # Errors
/// Names the line and what was expected there.
pub fn read(bytes: &[u8]) -> Result<History, ImportError> {
    let mut cursor = Cursor::new(text(bytes)?);
    let mut forms = Vec::new();
    while let Some(form) = next(&mut cursor, 0)? {
        forms.push(form);
    }
    let mut initial = Value::Nil;
    if let [
        Form {
            data: Data::Map(_), ..
        },
    ] = forms[..]
        && let Some(form) = forms.pop()
    {
        let fields = Fields::of(form)?;
        let inner = fields.get("operations").or(fields.get("events"));
        if let Some(inner) = inner {
            initial = fields.get("initial").map_or(Ok(Value::Nil), Form::value)?;
            forms = vec![inner.clone()];
        } else {
            forms = vec![fields.into_form()];
        }
    }
    if let [
        Form {
            data: Data::Many(_),
            ..
        },
    ] = forms[..]
        && let Some(Form {
            data: Data::Many(inner),
            ..
        }) = forms.pop()
    {
        forms = inner;
    }
    let first = forms.first().cloned().map(Fields::of).transpose()?;
    if first.is_some_and(|first| first.get("call").is_some()) {
        return operations(forms, initial);
    }
    let mut events = Events::default();
    for form in forms {
        events.take(form)?;
    }
    events.finish(initial)
}

fn operations(forms: Vec<Form>, initial: Value) -> Result<History, ImportError> {
    let mut builder = Builder::new();
    builder.history.initial = builder.value(initial);
    let mut made: Vec<(u64, Operation)> = Vec::new();
    if forms.len() > Builder::MOST {
        return Err(unfit(0, BuildError::TooMany));
    }
    for form in forms {
        let fields = Fields::of(form)?;
        let line = fields.line;
        let process = fields.need("process", Expected::FieldProcess)?.value()?;
        let process = builder.process(process);
        let key = fields.get("key").map_or(Ok(Value::Nil), Form::value)?;
        let key = builder.key(key);
        let call = fields.int("call")?;
        let call = call.ok_or_else(|| expected(line, Expected::CallTime, Instead::None))?;
        let ret = fields.int("return")?.unwrap_or(OPEN);
        if ret < call {
            return Err(expected(
                line,
                Expected::LaterReturn,
                Instead::EarlierReturn,
            ));
        }
        if matches!(fields.get("failed"), Some(form) if form.data == Data::Truth(true)) {
            continue;
        }
        let (function, _) = fields.function()?;
        let action = if ret == OPEN && function == Function::Dequeue {
            crate::history::Action::Take
        } else {
            function.action(&mut builder, process, &fields.value())?
        };
        made.push((
            line,
            Operation {
                process,
                key,
                call,
                ret,
                action,
            },
        ));
    }
    made.sort_by_key(|(_, operation)| operation.call);
    let mut busy = std::collections::BTreeMap::new();
    for (line, operation) in &made {
        let until: Option<Time> = busy.insert(operation.process, operation.ret);
        if until.is_some_and(|until| until > operation.call) {
            return Err(unfit(*line, BuildError::CalledTwice));
        }
    }
    let operations = made.into_iter().map(|(_, operation)| operation);
    let says = |one: &Operation| one.returned() || !one.action.only_observes();
    builder.history.operations = operations.filter(says).collect();
    Ok(builder.history)
}

/// The next value; none at the end of the file.
fn next(cursor: &mut Cursor<'_>, depth: u32) -> Result<Option<Form>, ImportError> {
    if depth > DEPTH {
        return Err(expected(cursor.line, Expected::Shallow, Instead::Deeper));
    }
    cursor.take_while(char::is_whitespace);
    let line = cursor.line;
    let Some(first) = cursor.peek() else {
        return Ok(None);
    };
    let data = match first {
        '[' | '{' => {
            cursor.next();
            nested(cursor, first, depth)?
        }
        '"' => {
            cursor.next();
            Data::Text(cursor.string()?)
        }
        _ => {
            let other = |one: char| one.is_whitespace() || "{}[],:\"".contains(one);
            let taken = cursor.take_while(|one| !other(one));
            match taken {
                "null" => Data::Nil,
                "true" => Data::Truth(true),
                "false" => Data::Truth(false),
                _ => match (taken.parse(), taken.parse::<f64>()) {
                    (Ok(number), _) => Data::Int(number),
                    (Err(_), Ok(_)) => Data::Word(taken.to_owned()),
                    _ => {
                        return Err(quoting(
                            line,
                            Expected::Value,
                            if taken.is_empty() {
                                cursor.rest()
                            } else {
                                taken
                            },
                        ));
                    }
                },
            }
        }
    };
    Ok(Some(Form { line, data }))
}

/// The rest of an array or an object whose bracket was taken.
fn nested(cursor: &mut Cursor<'_>, opened: char, depth: u32) -> Result<Data, ImportError> {
    let begun = cursor.line;
    let ended = || expected(begun, Expected::ClosingBracket, Instead::EndOfFile);
    let closes = if opened == '[' { "]" } else { "}" };
    let mut forms = Vec::new();
    let mut pairs = Vec::new();
    cursor.take_while(char::is_whitespace);
    while !cursor.take(closes) {
        if forms.len() + pairs.len() > 0 {
            if !cursor.take(",") {
                let at_end = cursor.peek().is_none();
                let other = quoting(cursor.line, Expected::Comma, cursor.rest());
                return Err(if at_end { ended() } else { other });
            }
            cursor.take_while(char::is_whitespace);
        }
        let form = next(cursor, depth + 1)?.ok_or_else(ended)?;
        cursor.take_while(char::is_whitespace);
        if opened == '[' {
            forms.push(form);
        } else {
            if cursor.peek().is_none() {
                return Err(ended());
            }
            if !matches!(form.data, Data::Text(_)) || !cursor.take(":") {
                return Err(expected(
                    form.line,
                    Expected::NameAndColon,
                    Instead::SomethingElse,
                ));
            }
            pairs.push((form, next(cursor, depth + 1)?.ok_or_else(ended)?));
        }
        cursor.take_while(char::is_whitespace);
    }
    Ok(if opened == '[' {
        Data::Many(forms)
    } else {
        Data::Map(pairs)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operations_may_come_in_any_order_and_end_unknown() {
        let text = r#"{ "initial": 0, "operations": [
            { "process": 2, "f": "read", "value": 1, "key": "x", "call": 30, "return": 31 },
            { "process": "bob", "f": "cas", "value": [1, 2], "call": 12 },
            { "process": 4, "f": "read", "value": 1, "call": 12, "return": null },
            { "process": 3, "f": "write", "value": 9, "call": 1, "failed": true }
        ] }"#;
        let history = read(text.as_bytes()).unwrap();
        let said = history.operations.iter().map(|one| history.describe(one));
        assert_eq!(said.collect::<Vec<_>>(), ["cas 1 2", "read 1"]);
        assert_eq!(history.values.get(history.initial), &Value::Int(0));
    }

    #[test]
    fn events_are_read_with_or_without_brackets() {
        let lines = r#"{ "process": 0, "type": "invoke", "f": "write", "value": "é" }
            { "process": 0, "type": "ok", "f": "write", "value": "\u00e9" }"#;
        let bare = read(lines.as_bytes()).unwrap();
        let array = format!("[{}]", lines.replace("}\n", "},\n"));
        assert_eq!(read(array.as_bytes()).unwrap(), bare);
        assert_eq!(bare.operations.len(), 1);
    }

    #[test]
    fn an_error_names_the_line_and_what_was_expected() {
        let found = |text: &str| read(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            found("[\n{ \"process\": 1 \"f\" }]"),
            "line 2: expected comma, found \"\\\"f\\\" }]\""
        );
        assert_eq!(
            found(r#"[{ "process": 1, "f": "read", "value": 1, "call": 3, "return": 2 }]"#),
            "line 1: expected later_return, found earlier_return"
        );
        assert_eq!(
            found(r#"[{ "process": 1, "f": "read", "call": 3"#),
            "line 1: expected closing_bracket, found end_of_file"
        );
    }
}
