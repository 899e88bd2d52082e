//! Log lines of Jepsen, as its etcd test prints them.
//!
//! `INFO  jepsen.util - PROCESS :invoke|:ok|:fail|:info :read|:write|:cas VALUE`, the last
//! fields parted by tabs. A value is a number or `nil`, of `:cas` a pair `[old new]`, of
//! what timed out anything. Other lines of a log, those without `jepsen.util`, say nothing
//! of operations and are passed over. The place of a line is its time.

use super::error::{Expected, ImportError, Instead, expected, quoting, unfit};
use super::lines::lines;
use crate::history::{Action, Builder, Call, History, Id, Outcome, Time, Value};

/// Reads such a log.
///
/// # Errors
/// Names the line and what was expected there.
pub fn read(bytes: &[u8]) -> Result<History, ImportError> {
    let mut builder = Builder::new();
    let key = builder.key(Value::Nil);
    for (number, text) in lines(bytes)? {
        let Some((level, rest)) = text.split_once("jepsen.util") else {
            continue;
        };
        if !level.trim_end().ends_with("INFO") {
            continue;
        }
        let dash = rest.trim_start().strip_prefix('-');
        let rest = dash.ok_or_else(|| quoting(number, Expected::Dash, rest))?;
        event(&mut builder, key, number, rest.trim())?;
    }
    Ok(builder.finish())
}

/// The function of an event, and what follows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Function {
    Read,
    Write,
    Cas,
}

fn event(builder: &mut Builder, key: Id, line: u64, text: &str) -> Result<(), ImportError> {
    let mut fields = text.splitn(4, char::is_whitespace);
    let mut field = |what| {
        let found = fields.next().map(str::trim);
        found
            .filter(|field| !field.is_empty())
            .ok_or_else(|| expected(line, what, Instead::EndOfLine))
    };
    let process = field(Expected::Process)?;
    let kind = field(Expected::EventKind)?;
    let function = field(Expected::Function)?;
    let value = field(Expected::Value)?;
    let process: i64 = process
        .parse()
        .map_err(|_| quoting(line, Expected::ProcessNumber, process))?;
    let process = builder.process(Value::Int(process));
    let function = match function {
        ":read" => Function::Read,
        ":write" => Function::Write,
        ":cas" => Function::Cas,
        other => return Err(quoting(line, Expected::JepsenFunction, other)),
    };
    let time = line as Time;
    let unfit = |error| unfit(line, error);
    match kind {
        ":invoke" => {
            let action = match function {
                Function::Read => None,
                _ => Some(action(builder, function, line, value)?),
            };
            builder
                .call(process, Call { key, time, action })
                .map_err(unfit)
        }
        ":ok" => {
            let action = action(builder, function, line, value)?;
            builder
                .end(process, time, Outcome::Succeeded(action))
                .map_err(unfit)
        }
        ":fail" => builder.end(process, time, Outcome::Failed).map_err(unfit),
        // What it was to do stands in its call; the return says `:timed-out`.
        ":info" => {
            let action = builder.pending(process).and_then(|call| call.action);
            builder
                .end(process, time, Outcome::Unknown(action))
                .map_err(unfit)
        }
        other => Err(quoting(line, Expected::JepsenType, other)),
    }
}

fn action(
    builder: &mut Builder,
    function: Function,
    line: u64,
    text: &str,
) -> Result<Action, ImportError> {
    let wrong = |what| quoting(line, what, text);
    let mut value = |text: &str| -> Result<Id, ImportError> {
        let value = match text {
            "nil" => Value::Nil,
            number => Value::Int(number.parse().map_err(|_| wrong(Expected::NumberOrNil))?),
        };
        Ok(builder.value(value))
    };
    match function {
        Function::Read => Ok(Action::Read(value(text)?)),
        Function::Write => Ok(Action::Write(value(text)?)),
        Function::Cas => {
            let pair = text
                .strip_prefix('[')
                .and_then(|text| text.strip_suffix(']'));
            let pair = pair.ok_or_else(|| wrong(Expected::PairInBrackets))?;
            let mut pair = pair.split_whitespace();
            match (pair.next(), pair.next(), pair.next()) {
                (Some(old), Some(new), None) => Ok(Action::Cas(value(old)?, value(new)?)),
                _ => Err(wrong(Expected::TwoInBrackets)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::history::OPEN;

    #[test]
    fn a_time_out_leaves_the_call_open_and_a_failure_leaves_nothing() {
        let log = "INFO  jepsen.util - 0\t:invoke\t:cas\t[1 2]\n\
                   noise\n\
                   INFO  jepsen.util - 1\t:invoke\t:write\t4\n\
                   INFO  jepsen.util - 1\t:fail\t:write\t4\n\
                   INFO  jepsen.util - 0\t:info\t:cas\t:timed-out\n";
        let history = read(log.as_bytes()).unwrap();
        let [operation] = history.operations[..] else {
            panic!("the failed write is not in it");
        };
        assert_eq!((operation.call, operation.ret), (1, OPEN));
        assert_eq!(history.describe(&operation), "cas 1 2");
    }

    #[test]
    fn an_error_names_the_line_and_what_was_expected() {
        let log =
            "INFO  jepsen.util - 0\t:invoke\t:read\tnil\nINFO  jepsen.util - 0\t:ok\t:read\tx\n";
        let error = read(log.as_bytes()).unwrap_err();
        assert_eq!(error.line, 2);
        assert_eq!(
            error.to_string(),
            "line 2: expected number_or_nil, found \"x\""
        );
    }
}
