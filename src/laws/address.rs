//! What of the law lab an address asks for: a type by its id, or a merge rule in its words.
//! Addresses come from anywhere, so the router has limited their length already, and what
//! is no rule is shown as such.

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use splitbrain_engine::crdt::catalogue::{Entry, find};

use crate::session::Place;

/// What begins a merge rule.
const RULE: &str = "rule=";

/// Characters of an id at most, of one that is none.
const SHOWN: usize = 40;

/// What browsers encode in the part behind `#` by themselves, what would end a word of
/// the address, and what encodes.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'/')
    .add(b'#')
    .add(b'%');

/// What is asked for.
#[derive(Clone, Debug)]
pub(super) enum Asked {
    /// The lab itself.
    Lab,
    /// A type.
    Type(&'static Entry),
    /// A merge rule, in words that may be none.
    Rule(String),
    /// A type that there is none of.
    Unknown(String),
}

impl Asked {
    /// What the rest of an address asks for.
    pub(super) fn parse(of: &str) -> Self {
        if of.is_empty() {
            return Self::Lab;
        }
        if let Some(rule) = of.strip_prefix(RULE) {
            // What is no UTF-8 is no rule either, and is shown as what it is.
            return Self::Rule(percent_decode_str(rule).decode_utf8_lossy().into_owned());
        }
        match find(of) {
            Some(entry) => Self::Type(entry),
            None => Self::Unknown(of.chars().take(SHOWN).collect()),
        }
    }
}

/// Where a type is.
pub(super) fn of_type(id: &str) -> Place {
    Place::Laws(id.to_owned())
}

/// Where a merge rule is.
pub(super) fn of_rule(rule: &str) -> Place {
    Place::Laws(format!("{RULE}{}", utf8_percent_encode(rule, ENCODED)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::route::{Route, address, parse};

    #[test]
    fn a_rule_comes_back_from_its_address() {
        for rule in [
            "count: sum",
            "status: placed < paid < shipped",
            "record: { minimum, a < b }",
            "status: замовлено < сплачено",
            "100% / #nonsense",
            "",
        ] {
            let place = of_rule(rule);
            assert_eq!(
                parse(&address(&place)),
                Route::Place(place.clone()),
                "{rule}"
            );
            let Place::Laws(of) = place else {
                panic!("it is in the lab");
            };
            assert!(matches!(Asked::parse(&of), Asked::Rule(found) if found == rule));
        }
    }

    #[test]
    fn what_is_no_type_is_cut_and_named() {
        assert!(matches!(Asked::parse(""), Asked::Lab));
        assert!(matches!(Asked::parse("g_set"), Asked::Type(entry) if entry.info.id == "g_set"));
        assert!(matches!(Asked::parse("<script>"), Asked::Unknown(id) if id == "<script>"));
        let long = "x".repeat(2_000);
        assert!(matches!(Asked::parse(&long), Asked::Unknown(id) if id.len() == SHOWN));
        assert!(matches!(Asked::parse("rule=%FF%zz"), Asked::Rule(_)));
    }
}
