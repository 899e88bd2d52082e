//! Why a recorded history cannot be read: what was expected, and what was found.
//!
//! Their English is among the words of the judge of histories
//! ([`crate::catalog::ENGLISH_OF_JUDGE`]).

use splitbrain_checker::import::{BYTES, Expected, Found};

use crate::arg::Arg;
use crate::text::Text;
use crate::words::Words;

impl Words {
    /// What was expected in a file: "a value".
    pub fn import_expected(&self, expected: Expected) -> Text {
        let id = format!("import.expected.{}", expected.id());
        match expected {
            Expected::FewBytes => self.say(&id, &[("n", Arg::from(BYTES >> 20))]),
            _ => self.get(&id),
        }
    }

    /// What was there instead: "the end of the file", or the file's own words in quotes.
    pub fn import_found(&self, found: &Found) -> Text {
        match found {
            Found::Instead(instead) => self.get(&format!("import.found.{}", instead.id())),
            Found::Quoted(text) => {
                // As a programmer would write it: control characters show.
                let text = Arg::Value(text.escape_debug().to_string());
                self.say("import.found.quoted", &[("text", text)])
            }
            Found::WrittenBefore { value, line } => {
                let args = [
                    ("value", Arg::Value(value.to_string())),
                    ("line", Arg::Plain(line.to_string())),
                ];
                self.say("import.found.written_before", &args)
            }
        }
    }
}
