//! Events as maps, whatever the syntax: what their fields mean.
//!
//! | field | what |
//! |---|---|
//! | `process` | who: a number or a text. A keyword (`:nemesis`) is no client, and passed over |
//! | `type` | `invoke`, or how the open call of the process ended: `ok`, `fail`, `info` |
//! | `f` | what; see below |
//! | `value` | its argument, and of `ok` its answer |
//! | `key` | on what; may be absent |
//! | `time` | when, a whole number. Where one event lacks it, places count instead |
//!
//! Functions and their values: `read`, `get` (the answer); `write`, `put` (the value);
//! `cas` (`[old new]`); `cas-refused` (the value that was not there); `append` (text);
//! `add` (a number or an element), `inc` (1 where there is no value); `remove` (an
//! element); `contains` (`[element truth]`); `enqueue` (the value); `dequeue` (the answer,
//! nil for empty); `acquire`, `release` (none).
//!
//! Where the values of all calls are pairs whose second fits the function, the first is
//! the key: the tuples of `jepsen.independent`.

use super::error::{Expected, ImportError, Instead, expected, quoting, unfit};
use super::form::{Data, Form};
use crate::history::{Action, Builder, Call, History, Id, NIL, Outcome, Time, Value};

/// The kind of an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Invoke,
    Ok,
    Fail,
    Info,
}

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Read,
    Write,
    Cas,
    Refused,
    Append,
    Add,
    Increment,
    Remove,
    Contains,
    Enqueue,
    Dequeue,
    Acquire,
    Release,
}

impl Function {
    pub(super) fn find(name: &str) -> Option<Self> {
        Some(match name {
            "read" | "get" | "r" => Self::Read,
            "write" | "put" | "w" => Self::Write,
            "cas" => Self::Cas,
            "cas-refused" => Self::Refused,
            "append" => Self::Append,
            "add" => Self::Add,
            "inc" => Self::Increment,
            "remove" => Self::Remove,
            "contains" => Self::Contains,
            "enqueue" => Self::Enqueue,
            "dequeue" => Self::Dequeue,
            "acquire" => Self::Acquire,
            "release" => Self::Release,
            _ => return None,
        })
    }

    /// Whether only the return tells what it did.
    fn is_answered(self) -> bool {
        matches!(
            self,
            Self::Read | Self::Refused | Self::Contains | Self::Dequeue
        )
    }

    /// What it did.
    pub(super) fn action(
        self,
        builder: &mut Builder,
        process: Id,
        value: &Form,
    ) -> Result<Action, ImportError> {
        let pair = |what| {
            value
                .pair()
                .ok_or_else(|| expected(value.line, what, Instead::NoPair))
        };
        let mut id = |form: &Form| -> Result<Id, ImportError> { Ok(builder.value(form.value()?)) };
        Ok(match self {
            Self::Read => Action::Read(id(value)?),
            Self::Write => Action::Write(id(value)?),
            Self::Cas => {
                let (old, new) = pair(Expected::Pair)?;
                Action::Cas(id(old)?, id(new)?)
            }
            Self::Refused => Action::Refused(id(value)?),
            Self::Append => Action::Append(id(value)?),
            Self::Increment if value.data == Data::Nil => Action::Add(builder.value(Value::Int(1))),
            Self::Add | Self::Increment => Action::Add(id(value)?),
            Self::Remove => Action::Remove(id(value)?),
            Self::Contains => {
                let (element, found) = pair(Expected::ElementAndTruth)?;
                let Data::Truth(truth) = found.data else {
                    return Err(expected(value.line, Expected::Truth, Instead::OtherValue));
                };
                Action::Contains(id(element)?, truth)
            }
            Self::Enqueue => Action::Enqueue(id(value)?),
            Self::Dequeue => Action::Dequeue(id(value)?),
            Self::Acquire => Action::Acquire(process),
            Self::Release => Action::Release(process),
        })
    }
}

/// An event, its fields told apart.
#[derive(Debug)]
struct Event {
    line: u64,
    process: Value,
    kind: Kind,
    name: String,
    function: Function,
    value: Form,
    key: Option<Value>,
    time: Option<Time>,
}

/// The events of a file in its order.
#[derive(Debug, Default)]
pub(super) struct Events {
    events: Vec<Event>,
    only: Option<(&'static [&'static str], Expected)>,
}

/// Fields of a map by name. Of a field given twice the last counts.
pub(super) struct Fields {
    pub(super) line: u64,
    fields: Vec<(Form, Form)>,
}

impl Fields {
    pub(super) fn of(form: Form) -> Result<Self, ImportError> {
        let line = form.line;
        match form.data {
            Data::Map(fields) => Ok(Self { line, fields }),
            _ => Err(expected(line, Expected::Map, Instead::SomethingElse)),
        }
    }

    pub(super) fn get(&self, name: &str) -> Option<&Form> {
        let mut fields = self.fields.iter().rev();
        let field = fields.find(|(key, _)| key.name() == Some(name));
        field.map(|(_, value)| value)
    }

    pub(super) fn need(&self, name: &str, what: Expected) -> Result<&Form, ImportError> {
        self.get(name)
            .ok_or_else(|| expected(self.line, what, Instead::Without))
    }

    pub(super) fn int(&self, name: &str) -> Result<Option<Time>, ImportError> {
        match self.get(name).map(|form| (form.line, &form.data)) {
            None | Some((_, Data::Nil)) => Ok(None),
            Some((line, &Data::Int(number))) => {
                // The ends of the range stand for “before all” and “never”.
                let fits = (i64::MIN / 4..=i64::MAX / 4).contains(&number);
                let number = fits.then_some(number);
                let error = || expected(line, Expected::Time, Instead::Larger);
                number.map(Some).ok_or_else(error)
            }
            Some((line, _)) => Err(expected(
                line,
                Expected::WholeNumber,
                Instead::SomethingElse,
            )),
        }
    }

    /// The function that the field `f` names, and the name.
    pub(super) fn function(&self) -> Result<(Function, &str), ImportError> {
        let form = self.need("f", Expected::FieldF)?;
        let name = form.name().unwrap_or("");
        let function = Function::find(name);
        let function = function.ok_or_else(|| quoting(form.line, Expected::FunctionName, name));
        Ok((function?, name))
    }

    pub(super) fn value(&self) -> Form {
        let nil = Form {
            line: self.line,
            data: Data::Nil,
        };
        self.get("value").cloned().unwrap_or(nil)
    }
}

impl Events {
    /// Allows these functions only.
    pub(super) fn keep_to(&mut self, names: &'static [&'static str], said: Expected) {
        self.only = Some((names, said));
    }

    /// Takes the next event.
    pub(super) fn take(&mut self, form: Form) -> Result<(), ImportError> {
        let fields = Fields::of(form)?;
        let line = fields.line;
        let process = match fields.need("process", Expected::FieldProcess)? {
            Form {
                data: Data::Word(_),
                ..
            } => return Ok(()),
            form => form.value()?,
        };
        let kind = fields.need("type", Expected::FieldType)?;
        let kind = match kind.name().unwrap_or("") {
            "invoke" => Kind::Invoke,
            "ok" => Kind::Ok,
            "fail" => Kind::Fail,
            "info" => Kind::Info,
            other => return Err(quoting(kind.line, Expected::EventType, other)),
        };
        let (function, name) = fields.function()?;
        self.events.push(Event {
            line,
            process,
            kind,
            name: name.to_owned(),
            function,
            value: fields.value(),
            key: fields.get("key").map(Form::value).transpose()?,
            time: fields.int("time")?,
        });
        Ok(())
    }

    /// Whether the values of all calls are pairs of a key and a value.
    fn are_independent(&self) -> bool {
        let mut calls = self.events.iter().filter(|one| one.kind == Kind::Invoke);
        let keyed = |one: &Event| match (one.value.pair(), one.function) {
            (Some((_, value)), Function::Cas) => value.pair().is_some(),
            (Some((_, value)), Function::Contains) => {
                value.data != Data::Truth(true) && value.data != Data::Truth(false)
            }
            (pair, _) => pair.is_some(),
        };
        !self.events.is_empty() && calls.all(|one| one.key.is_none() && keyed(one))
    }

    /// The history. A key that nobody wrote holds the initial value.
    pub(super) fn finish(self, initial: Value) -> Result<History, ImportError> {
        let mut builder = Builder::new();
        builder.history.initial = builder.value(initial);
        let independent = self.are_independent();
        let timed = self.events.iter().all(|event| event.time.is_some());
        // What each process has called, so that its return can be told from another's.
        let mut called = std::collections::BTreeMap::new();
        for (at, mut event) in self.events.into_iter().enumerate() {
            let line = event.line;
            if let Some((names, said)) = self.only
                && !names.contains(&event.name.as_str())
            {
                return Err(quoting(line, said, &event.name));
            }
            if independent && let Some((key, value)) = event.value.pair() {
                event.key = Some(key.value()?);
                event.value = value.clone();
            }
            let process = builder.process(event.process);
            let key = builder.key(event.key.unwrap_or(Value::Nil));
            let time = event.time.filter(|_| timed).unwrap_or(at as Time);
            let function = event.function;
            if event.kind == Kind::Invoke {
                let action = match function {
                    Function::Dequeue => Some(Action::Take),
                    _ if function.is_answered() => None,
                    _ => Some(function.action(&mut builder, process, &event.value)?),
                };
                let call = Call { key, time, action };
                builder
                    .call(process, call)
                    .map_err(|error| unfit(line, error))?;
                called.insert(process, function);
                continue;
            }
            let pending = builder.pending(process);
            if pending.is_some() && called.get(&process) != Some(&function) {
                return Err(quoting(line, Expected::ReturnOfCall, &event.name));
            }
            let outcome = match event.kind {
                Kind::Fail if function == Function::Dequeue && event.value.data == Data::Nil => {
                    // Jepsen’s queues fail where there is nothing to take.
                    Outcome::Failed
                }
                Kind::Fail => Outcome::Failed,
                Kind::Info => Outcome::Unknown(pending.and_then(|call| call.action)),
                Kind::Ok | Kind::Invoke => Outcome::Succeeded(match pending {
                    Some(Call {
                        action: Some(action),
                        ..
                    }) if !function.is_answered() => action,
                    _ => function.action(&mut builder, process, &event.value)?,
                }),
            };
            builder
                .end(process, time, outcome)
                .map_err(|error| unfit(line, error))?;
        }
        debug_assert_eq!(builder.history.values.find(&Value::Nil), Some(NIL));
        Ok(builder.finish())
    }
}

impl Fields {
    /// The map that these are the fields of.
    pub(super) fn into_form(self) -> Form {
        Form {
            line: self.line,
            data: Data::Map(self.fields),
        }
    }
}
