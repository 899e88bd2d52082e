//! Histories in the text format of AWDIT (Møldrup and Pavlogiannis 2025), in which
//! its published tests are.
//!
//! A line `w KEY VALUE` is a write and `r KEY VALUE` a read that returned the value,
//! keys and values whole numbers; a line of dashes ends a transaction, a line of
//! equals signs a session. Blank lines, transactions and sessions count for nothing.
//!
//! The format knows no initial values and no aborted transactions, as the published
//! tool has it: generated files hold a session whose one transaction writes 0 to
//! every key, which is a transaction like any other and not before the rest, and a
//! read of what no line writes, 0 included, is out of thin air. Aborted transactions
//! stand in another format of that tool, of Plume, where whatever reads them fails
//! every level; so it is with [`super::Status::Aborted`].
//!
//! Where a value is written twice to a key, the tool warns and takes the last such
//! write for the one that was read; that is [`Repeats::TakeLast`].

use thiserror::Error;

use super::history::{HistoryError, MAX_OPERATIONS, Parts, TransactionalHistory};
use super::operation::{Key, Operation, Status, Value};
use super::read_from::Repeats;

/// Bytes of a file at most: 64 MB.
pub const MAX_BYTES: usize = 64 << 20;

/// Characters of a faulty line that an error quotes.
const QUOTED: usize = 40;

/// Why a file cannot be read, with its name and, where there is one, the line.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AwditError {
    /// The file is too long.
    #[error("{file}: {bytes} bytes; at most {MAX_BYTES} are read")]
    TooLong {
        /// The file.
        file: String,
        /// How long it is.
        bytes: usize,
    },
    /// There are too many operations.
    #[error("{file}:{line}: more than {MAX_OPERATIONS} operations")]
    TooManyOperations {
        /// The file.
        file: String,
        /// The first line too many.
        line: u32,
    },
    /// A line is not UTF-8.
    #[error("{file}:{line}: expected text in UTF-8")]
    NotText {
        /// The file.
        file: String,
        /// The line.
        line: u32,
    },
    /// A line is none of what may stand there.
    #[error(
        "{file}:{line}: expected `r KEY VALUE`, `w KEY VALUE`, `-----` or `=====`, found `{found}`"
    )]
    UnknownLine {
        /// The file.
        file: String,
        /// The line.
        line: u32,
        /// How it begins.
        found: String,
    },
    /// A key or a value is not a whole number.
    #[error("{file}:{line}: expected a {part} from 0 to 18446744073709551615, found `{found}`")]
    NoNumber {
        /// The file.
        file: String,
        /// The line.
        line: u32,
        /// `key` or `value`.
        part: &'static str,
        /// How it begins.
        found: String,
    },
    /// A value is written twice to one key.
    #[error(
        "{file}:{second}: expected a value that is not yet written to key {key}, \
         found {value}, which line {first} writes"
    )]
    RepeatedValue {
        /// The file.
        file: String,
        /// The key.
        key: Key,
        /// The value.
        value: Value,
        /// The line of the first write.
        first: u32,
        /// The line of the second.
        second: u32,
    },
}

/// Reads a history; the label of an operation is its line, from 1. `file` is only
/// for errors.
///
/// # Errors
///
/// The file is too long, a line is none of the format, or a value is repeated and
/// repeats are refused.
pub fn read(
    file: &str,
    bytes: &[u8],
    repeats: Repeats,
) -> Result<TransactionalHistory, AwditError> {
    if bytes.len() > MAX_BYTES {
        let (file, bytes) = (file.to_owned(), bytes.len());
        return Err(AwditError::TooLong { file, bytes });
    }
    let text = str::from_utf8(bytes).map_err(|error| {
        let whole = &bytes[..error.valid_up_to()];
        let line = whole.split(|it| *it == b'\n').count() as u32;
        AwditError::NotText {
            file: file.to_owned(),
            line,
        }
    })?;
    let mut parts = Parts::default();
    let mut is_session_open = false;
    let mut transaction: Vec<(Operation, u32)> = Vec::new();
    let mut operations = 0;
    for (line, content) in (1..).zip(text.lines()) {
        let content = content.trim();
        let is_rule = |of: char| !content.is_empty() && content.chars().all(|it| it == of);
        if content.is_empty() {
            continue;
        }
        let ends_session = is_rule('=');
        if ends_session || is_rule('-') {
            close(&mut parts, &mut is_session_open, &mut transaction);
            is_session_open &= !ends_session;
            continue;
        }
        operations += 1;
        if operations > MAX_OPERATIONS {
            let file = file.to_owned();
            return Err(AwditError::TooManyOperations { file, line });
        }
        transaction.push((operation(file, line, content)?, line));
    }
    close(&mut parts, &mut is_session_open, &mut transaction);
    parts.resolve(repeats).map_err(|error| match error {
        HistoryError::RepeatedValue {
            key,
            value,
            first,
            second,
        } => {
            let file = file.to_owned();
            AwditError::RepeatedValue {
                file,
                key,
                value,
                first,
                second,
            }
        }
        HistoryError::TooManyOperations { .. } => {
            let (file, line) = (file.to_owned(), 1);
            AwditError::TooManyOperations { file, line }
        }
    })
}

/// Ends the transaction, if there is one; its session may begin with it.
fn close(parts: &mut Parts, is_session_open: &mut bool, transaction: &mut Vec<(Operation, u32)>) {
    if transaction.is_empty() {
        return;
    }
    if !std::mem::replace(is_session_open, true) {
        parts.begin_session();
    }
    parts.push_transaction(Status::Committed, transaction.drain(..));
}

fn operation(file: &str, line: u32, content: &str) -> Result<Operation, AwditError> {
    let mut words = content.split_whitespace();
    let four = [words.next(), words.next(), words.next(), words.next()];
    let [Some(kind @ ("r" | "w")), Some(key), Some(value), None] = four else {
        let (file, found) = (file.to_owned(), quoted(content));
        return Err(AwditError::UnknownLine { file, line, found });
    };
    let number = |part, word: &str| {
        word.parse::<u64>().map_err(|_| {
            let (file, found) = (file.to_owned(), quoted(word));
            AwditError::NoNumber {
                file,
                line,
                part,
                found,
            }
        })
    };
    let (key, value) = (Key(number("key", key)?), Value(number("value", value)?));
    Ok(match kind {
        "r" => Operation::read(key, value),
        _ => Operation::write(key, value),
    })
}

/// The beginning of what was found, fit to be printed.
fn quoted(found: &str) -> String {
    found
        .chars()
        .take(QUOTED)
        .flat_map(char::escape_debug)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        read("a.txt", text.as_bytes(), Repeats::Refuse)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn sessions_and_transactions_are_told_apart_and_blank_ones_left_out() {
        let text = "\n=====\nw 0 1\n-----\n-----\r\n w 0 2 \nr 1 7\n=====\n=====\nr 0 2\n-----\n";
        let history = read("a.txt", text.as_bytes(), Repeats::Refuse).unwrap();
        assert_eq!(history.session_count(), 2);
        let sessions: Vec<_> = history
            .transactions()
            .map(|it| history.session_of(it))
            .collect();
        assert_eq!(sessions, [0, 0, 1]);
        let operations: Vec<_> = history
            .transactions()
            .flat_map(|it| history.operations_of(it))
            .collect();
        let lines: Vec<_> = operations.iter().map(|it| history.label(*it)).collect();
        assert_eq!(lines, [3, 6, 7, 10]);
    }

    #[test]
    fn an_error_names_the_file_the_line_and_what_was_expected() {
        assert_eq!(
            error("w 0 0\nx 1 1\n"),
            "a.txt:2: expected `r KEY VALUE`, `w KEY VALUE`, `-----` or `=====`, found `x 1 1`"
        );
        assert_eq!(
            error("w 0 0 0\n"),
            "a.txt:1: expected `r KEY VALUE`, `w KEY VALUE`, `-----` or `=====`, found `w 0 0 0`"
        );
        assert_eq!(
            error("\n\nr 0 -1\n"),
            "a.txt:3: expected a value from 0 to 18446744073709551615, found `-1`"
        );
        assert_eq!(
            error("w 3 1\n=====\nw 3 1\n"),
            "a.txt:3: expected a value that is not yet written to key 3, found 1, which line 1 writes"
        );
        let not_text = read("a.txt", b"w 0 1\nr 0 \xff\n", Repeats::Refuse).unwrap_err();
        assert_eq!(not_text.to_string(), "a.txt:2: expected text in UTF-8");
    }

    #[test]
    fn a_file_beyond_the_limit_is_not_looked_at() {
        let bytes = vec![b'\n'; MAX_BYTES + 1];
        let error = read("a.txt", &bytes, Repeats::Refuse).unwrap_err();
        assert_eq!(
            error.to_string(),
            "a.txt: 67108865 bytes; at most 67108864 are read"
        );
    }
}
