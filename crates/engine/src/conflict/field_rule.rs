//! What decides about one field of a record, where the design chooses it.
//!
//! Each is a word of the language of [`crate::crdt::laws::rules`], so that whatever a
//! design chooses here can be tried by the law lab, and what the lab was asked about can
//! decide here.

use super::last_writer_wins::LastWriterWins;
use super::{Decision, Version, Winner};
use crate::crdt::laws::rules::Rule;
use crate::design::{Service, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::records::Field;

const RFC: &str = "Johnson and Thomas, The maintenance of duplicate databases, RFC 677, 1975";
const SHAPIRO: &str = "Shapiro et al., Conflict-free replicated data types, 2011";

static LATEST: Info = Info::setting("field_latest", &[Cost::StampPerValue], &[RFC]);
static MINIMUM: Info = one_way("field_minimum");
static MAXIMUM: Info = one_way("field_maximum");
static SUM: Info = Info {
    gives_up: &[Property::Convergence],
    soundness: Soundness::Broken {
        loses: &[Property::Convergence],
    },
    ..Info::setting("field_sum", &[], &[SHAPIRO])
};

const fn one_way(id: &'static str) -> Info {
    Info {
        gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
        ..Info::setting(id, &[], &[SHAPIRO])
    }
}

/// What the catalogue says of each, in the order in which menus show them.
pub static FIELD_RULES: &[&Info] = &[&LATEST, &MINIMUM, &MAXIMUM, &SUM];

/// How two numbers of one field become one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldRule {
    /// The one with the larger stamp stays.
    Latest,
    /// The smaller one stays.
    Minimum,
    /// The larger one stays.
    Maximum,
    /// What arrives is added to what is here. Broken.
    Sum,
}

impl FieldRule {
    /// Every one, in the order of [`FIELD_RULES`].
    pub const ALL: [Self; 4] = [Self::Latest, Self::Minimum, Self::Maximum, Self::Sum];

    /// What the catalogue says of it.
    pub fn info(self) -> &'static Info {
        FIELD_RULES[self as usize]
    }

    /// The place in a design where it is chosen for a field.
    pub const fn slot(field: Field) -> Slot {
        match field {
            Field::Address => Slot::AddressRule,
            Field::Phone => Slot::PhoneRule,
        }
    }

    /// What a design chooses for a field.
    pub fn of(service: &Service, field: Field) -> Self {
        let chosen = service.choice(Self::slot(field));
        let mut all = Self::ALL.into_iter();
        all.find(|rule| chosen == Some(rule.info().id))
            .unwrap_or(Self::Latest)
    }

    /// The same in the language of merge rules.
    pub const fn rule(self) -> Rule {
        match self {
            Self::Latest => Rule::Latest,
            Self::Minimum => Rule::Minimum,
            Self::Maximum => Rule::Maximum,
            Self::Sum => Rule::Sum,
        }
    }

    /// By what it decides.
    pub const fn decides_by(self) -> Decision {
        match self {
            Self::Latest => Decision::Stamp,
            Self::Minimum => Decision::SmallerValue,
            Self::Maximum => Decision::LargerValue,
            Self::Sum => Decision::Addition,
        }
    }

    /// Whether a version of a field gives way to one that arrives, where one of them stays.
    pub fn replaces(self, field: Field, current: &Version, incoming: &Version) -> bool {
        if self == Self::Latest {
            return LastWriterWins.replaces(current, incoming);
        }
        let of = |version: &Version| i64::from(field.of(version.value));
        let (own, other) = (of(current), of(incoming));
        if own == other {
            // Both are right; all regions name the same write for it.
            return incoming.dot > current.dot;
        }
        self.rule().of_numbers(own, other) == other
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;
    use crate::sim::node::Value;

    #[test]
    fn each_stands_in_the_catalogue_in_its_place_and_is_a_word_of_the_language() {
        for rule in FieldRule::ALL {
            let word = rule.info().id.strip_prefix("field_");
            assert_eq!(word, Some(rule.rule().to_string().as_str()));
        }
        assert_eq!(FieldRule::ALL.len(), FIELD_RULES.len());
    }

    #[test]
    fn of_two_versions_both_regions_keep_the_same_one_whatever_else_the_record_holds() {
        let version = |number: u32, other: u32, stamp_us: i64, origin: u8| Version {
            value: Field::Address.put(Field::Phone.put(Value(0), number), other),
            stamp_us,
            count: 0,
            dot: Dot { origin, counter: 1 },
            write: FactId(u32::from(origin)),
        };
        let phone = |rule: FieldRule, one: Version, other: Version| {
            let replaces = |a: &Version, b: &Version| rule.replaces(Field::Phone, a, b);
            assert_ne!(replaces(&one, &other), replaces(&other, &one), "{rule:?}");
            let stays = if replaces(&one, &other) { other } else { one };
            (Field::Phone.of(stays.value), stays.dot.origin)
        };
        let (early, late) = (version(9, 1, 5, 0), version(7, 3, 6, 1));
        assert_eq!(phone(FieldRule::Latest, early, late), (7, 1));
        assert_eq!(phone(FieldRule::Minimum, early, late), (7, 1));
        assert_eq!(phone(FieldRule::Maximum, early, late), (9, 0));
        let equal = version(9, 3, 4, 1);
        assert_eq!(phone(FieldRule::Maximum, early, equal), (9, 1));
    }
}
