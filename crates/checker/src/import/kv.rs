//! Histories of a key-value store, as Porcupine and the MIT course 6.824 keep them: an EDN
//! map a line.
//!
//! `{:process 9, :type :invoke, :f :append, :key "0", :value "x 9 0 y"}`, with `:f` one of
//! `:get`, `:put`, `:append`. A key that nobody wrote holds the empty text. Everything else
//! is as in [`super::edn`].

use super::edn;
use super::error::{Expected, ImportError};
use crate::history::{History, Value};

/// Reads such a file.
///
/// # Errors
/// Names the line and what was expected there.
pub fn read(bytes: &[u8]) -> Result<History, ImportError> {
    let mut events = edn::events(bytes)?;
    events.keep_to(&["get", "put", "append"], Expected::KvFunction);
    events.finish(Value::Text(String::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_nobody_wrote_is_empty_and_other_functions_are_refused() {
        let log = r#"{:process 1, :type :invoke, :f :get, :key "7", :value nil}
{:process 1, :type :ok, :f :get, :key "7", :value ""}"#;
        let history = read(log.as_bytes()).unwrap();
        let read_value = history.values.find(&Value::Text(String::new()));
        assert_eq!(Some(history.initial), read_value);
        assert_eq!(history.describe(&history.operations[0]), "read \"\"");
        let error = read(log.replace(":get", ":cas").as_bytes()).unwrap_err();
        assert_eq!((error.line, error.expected), (1, Expected::KvFunction));
    }
}
