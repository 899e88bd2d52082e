//! Histories from files: one format a file.
//!
//! Files come from strangers. They are limited in size ([`BYTES`]) and in operations
//! ([`Builder::MOST`](crate::history::Builder::MOST)), nested data in depth; whatever is
//! wrong with one is said with its line and what was expected there.
//!
//! Adding a format is a file here, an entry in [`Format::ALL`], its arm in [`import`], and
//! what tells it from the others in [`guess`].

pub mod edn;
mod error;
pub mod events;
mod form;
pub mod jepsen;
pub mod json;
pub mod kv;
mod lines;

pub use error::{Expected, Found, ImportError, Instead};
pub use lines::BYTES;

use crate::history::History;

/// A format of histories of operations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// Log lines of Jepsen: [`jepsen`].
    Jepsen,
    /// Maps in EDN: [`edn`].
    Edn,
    /// Histories of a key-value store in EDN: [`kv`].
    Kv,
    /// Events or operations in JSON: [`json`].
    Json,
    /// Transactions as AWDIT keeps them.
    Awdit,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 5] = [Self::Jepsen, Self::Edn, Self::Kv, Self::Json, Self::Awdit];

    /// The stable id, also on the command line.
    pub fn id(self) -> &'static str {
        match self {
            Self::Jepsen => "jepsen",
            Self::Edn => "edn",
            Self::Kv => "kv",
            Self::Json => "json",
            Self::Awdit => "awdit",
        }
    }

    /// The format of this id.
    pub fn find(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

/// What a file holds.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Imported {
    /// Operations on single keys, for [`crate::search`].
    Operations(History),
}

/// Reads a file of this format; none where it is not one of operations.
///
/// # Errors
/// Names the line and what was expected there.
pub fn import(format: Format, bytes: &[u8]) -> Option<Result<Imported, ImportError>> {
    let history = match format {
        Format::Jepsen => jepsen::read(bytes),
        Format::Edn => edn::read(bytes),
        Format::Kv => kv::read(bytes),
        Format::Json => json::read(bytes),
        Format::Awdit => return None,
    };
    Some(history.map(Imported::Operations))
}

/// Bytes that are looked at to guess a format.
const LOOK: usize = 16 << 10;

/// The format that a file seems to be of, by its beginning.
pub fn guess(bytes: &[u8]) -> Option<Format> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(LOOK)]);
    if head.contains("jepsen.util") {
        return Some(Format::Jepsen);
    }
    let mut lines = head.lines().map(str::trim).filter(|line| !line.is_empty());
    let first = lines.find(|line| !line.starts_with(';'))?;
    let mut words = first.split_whitespace();
    let transactional = match words.next()? {
        "r" | "w" => {
            let mut numbers = words.map(|word| word.parse::<u64>().is_ok());
            numbers.next() == Some(true) && numbers.all(|number| number)
        }
        word => word.len() >= 3 && (word.bytes().all(|byte| byte == b'-' || byte == b'=')),
    };
    if transactional {
        return Some(Format::Awdit);
    }
    let bare: String = head.split_whitespace().take(64).collect();
    let inner = bare.trim_start_matches(['[', '(']);
    if inner.starts_with("{\"") || bare == "[]" {
        return Some(Format::Json);
    }
    if !inner.starts_with("{:") && !inner.starts_with('#') && !bare.starts_with(';') {
        return None;
    }
    let says = |word| head.contains(word);
    let kv = says(":key") && (says(":get") || says(":put") || says(":append"));
    Some(if kv { Format::Kv } else { Format::Edn })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_is_guessed_by_the_beginning_of_a_file() {
        let cases = [
            (
                "INFO  jepsen.util - 0\t:invoke\t:read\tnil",
                Some(Format::Jepsen),
            ),
            (
                "; made by hand\n[{:process 0 :type :invoke",
                Some(Format::Edn),
            ),
            ("#jepsen.history.Op{:process 0", Some(Format::Edn)),
            (
                "{:process 0, :type :ok, :f :get, :key \"0\"",
                Some(Format::Kv),
            ),
            ("[\n  { \"process\": 0", Some(Format::Json)),
            ("w 0 1\n-----\nr 0 1", Some(Format::Awdit)),
            ("=====\nr 0 1", Some(Format::Awdit)),
            ("r is for read", None),
            ("", None),
            ("\u{0}\u{1}", None),
        ];
        for (text, format) in cases {
            assert_eq!(guess(text.as_bytes()), format, "{text}");
        }
        for format in Format::ALL {
            assert_eq!(Format::find(format.id()), Some(format));
        }
    }
}
