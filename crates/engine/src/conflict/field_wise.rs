//! Field by field: each field of a record is merged by a rule of its own.
//!
//! # What it does
//! A write of one field carries that field only, stamped with the wall clock of the region
//! that accepts it. What becomes of two of them a design says field by field, by a
//! [`FieldRule`]. Where it says nothing a replica keeps the version with the larger stamp;
//! on equal stamps the one from the region with the larger number.
//!
//! # Guarantees
//! Convergence, under every rule but the sum. Writes of different fields never meet: of two
//! customers who change the address and the phone at the same time both changes stay.
//!
//! # Gives up
//! Of two concurrent writes of one field one vanishes: the one with the smaller stamp, or
//! whichever the minimum or the maximum has no use for, a later one too. And whatever has
//! to hold between fields: a record may end up with a pair that nobody wrote.
//!
//! # Cost
//! A stamp a field. Answers without asking another region.
//!
//! # Source
//! Johnson and Thomas, "The maintenance of duplicate databases", RFC 677, 1975, whose
//! entries are stamped one by one; Cassandra's cells are merged so too.

use std::sync::LazyLock;

use super::amount::Amount;
use super::field_rule::FieldRule;
use super::{ConflictRule, Decision, Version};
use crate::crdt::{Change, Object, Superseded, Update};
use crate::design::{Service, ServiceKind, Slot};
use crate::policy::{Cost, Info, Property, Soundness};
use crate::records::Field;
use crate::replication::change::changed;
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::{Beside, VersionView};

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "field_wise",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally, Cost::StampPerValue],
    sources: &["Johnson and Thomas, The maintenance of duplicate databases, RFC 677, 1975"],
};

/// The rule, as a design sets it.
#[derive(Debug)]
pub struct FieldWise {
    /// What decides about each of [`Field::ALL`].
    rules: [FieldRule; 2],
}

/// As it is where a design says nothing of fields.
pub static BY_STAMPS: FieldWise = FieldWise {
    rules: [FieldRule::Latest; 2],
};

/// Every way in which it can be set.
static SET: LazyLock<Vec<FieldWise>> = LazyLock::new(|| {
    let rules = FieldRule::ALL.into_iter();
    let pairs = rules.flat_map(|address| FieldRule::ALL.map(|phone| [address, phone]));
    pairs.map(|rules| FieldWise { rules }).collect()
});

impl ConflictRule for FieldWise {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        self.rules[0].decides_by()
    }

    fn decides_by_field(&self, field: Field) -> Decision {
        self.rules[field as usize].decides_by()
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Profiles
    }

    fn slots(&self) -> &'static [Slot] {
        &[Slot::AddressRule, Slot::PhoneRule]
    }

    fn as_set(&self, service: &Service) -> Option<&'static dyn ConflictRule> {
        let rules = [Field::Address, Field::Phone].map(|field| FieldRule::of(service, field));
        let set = SET.iter().find(|set| set.rules == rules)?;
        Some(set)
    }

    fn plan(&self) -> Option<String> {
        let [address, phone] = self.rules.map(FieldRule::rule);
        Some(format!("record: {{ {address}, {phone} }}"))
    }

    fn empty_object(&self, initial: Value, region: u8) -> Box<dyn Object> {
        let held = |field: Field| match self.rules[field as usize] {
            FieldRule::Sum => Held::Added(Amount::new(region, field.of(initial), Field::MOST)),
            rule => Held::Kept(rule, None),
        };
        Box::new(Record {
            fields: [held(Field::Address), held(Field::Phone)],
            initial,
        })
    }
}

/// What a replica has of one field.
#[derive(Clone, Debug)]
enum Held {
    /// One version, if there is any; of its value that field counts.
    Kept(FieldRule, Option<Version>),
    /// All that was added up.
    Added(Amount),
}

impl Held {
    /// Takes in a version; `met` is told of the writes that it met here and that may have
    /// given way to it.
    fn take(&mut self, field: Field, incoming: Version, met: &mut Vec<FactId>) {
        match self {
            Self::Kept(rule, held) => {
                met.extend(held.map(|held| held.write));
                if held.is_none_or(|held| rule.replaces(field, &held, &incoming)) {
                    *held = Some(incoming);
                }
            }
            Self::Added(amount) => {
                let number = field.of(incoming.value);
                let rule = FieldRule::Sum.rule();
                amount.take(incoming, number, Some(&rule), |write| met.push(write));
            }
        }
    }

    /// The versions that what is shown comes from.
    fn versions(&self) -> &[Version] {
        match self {
            Self::Kept(_, held) => held.as_slice(),
            Self::Added(amount) => amount.parts(),
        }
    }

    /// The number that is shown, once anything was written.
    fn number(&self, field: Field) -> Option<u32> {
        match self {
            Self::Kept(_, held) => held.map(|held| field.of(held.value)),
            Self::Added(amount) => Some(amount.sum()),
        }
    }
}

/// One replica of a record.
#[derive(Clone, Debug)]
struct Record {
    /// What it has of each of [`Field::ALL`].
    fields: [Held; 2],
    initial: Value,
}

impl Record {
    /// Every version that stands, with the field that it is of.
    fn held(&self) -> impl Iterator<Item = (Field, &Version)> {
        let fields = Field::ALL.iter().zip(&self.fields);
        fields.flat_map(|(&field, held)| held.versions().iter().map(move |it| (field, it)))
    }
}

impl Object for Record {
    fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        if kind == OpKind::WriteField {
            let (field, number) = Field::from_argument(argument);
            Change::PutField { field, number }
        } else {
            Change::Put(changed(kind, argument, self.value()))
        }
    }

    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool {
        let one;
        let (value, fields) = match update.change {
            Change::Put(value) => (value, Field::ALL),
            Change::PutField { field, number } => {
                one = [field];
                (field.put(Value(0), number), &one[..])
            }
            _ => return false,
        };
        let incoming = Version {
            value,
            stamp_us: update.stamp_us,
            count: 0,
            dot: update.dot,
            write: update.write,
        };
        let mut met: Vec<FactId> = Vec::new();
        for &field in fields {
            self.fields[field as usize].take(field, incoming, &mut met);
        }
        let stands = |write: FactId| self.held().any(|(_, held)| held.write == write);
        if !stands(update.write) {
            superseded.extend(met.first().map(|&by| Superseded {
                lost: update.write,
                by,
            }));
            return false;
        }
        met.dedup();
        superseded.extend(
            met.into_iter()
                .filter(|&lost| !stands(lost))
                .map(|lost| Superseded {
                    lost,
                    by: update.write,
                }),
        );
        true
    }

    fn value(&self) -> Value {
        let held = Field::ALL.iter().zip(&self.fields);
        held.fold(self.initial, |value, (&field, held)| {
            let number = held.number(field);
            number.map_or(value, |number| field.put(value, number))
        })
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.held().map(|(_, held)| held.view()));
    }

    fn beside(&self) -> Beside {
        Beside::Fields(self.held().map(|(field, _)| field).collect())
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::crdt::laws::rules::{Rule, parse};
    use crate::sim::node::Key;

    fn update(origin: u8, stamp_us: i64, field: Field, number: u32) -> Update {
        Update {
            sequence: 1,
            dot: Dot { origin, counter: 1 },
            write: FactId(number),
            key: Key(0),
            stamp_us,
            change: Change::PutField { field, number },
        }
    }

    /// What two replicas show that hear of both in different orders, and what was lost.
    fn both(one: &Update, other: &Update) -> (Value, usize) {
        let mut lost = Vec::new();
        let mut replicas = [0, 1].map(|region| BY_STAMPS.empty_object(Value(0), region));
        replicas[0].apply(one, &mut lost);
        replicas[0].apply(other, &mut lost);
        replicas[1].apply(other, &mut Vec::new());
        replicas[1].apply(one, &mut Vec::new());
        assert_eq!(replicas[0].value(), replicas[1].value());
        (replicas[0].value(), lost.len())
    }

    #[test]
    fn different_fields_both_stay_and_of_one_field_the_later_stamp() {
        let address = update(0, 5, Field::Address, 7);
        let (record, lost) = both(&address, &update(1, 6, Field::Phone, 9));
        assert_eq!(Field::Address.of(record), 7);
        assert_eq!(Field::Phone.of(record), 9);
        assert_eq!(lost, 0);
        let (record, lost) = both(&address, &update(1, 4, Field::Address, 8));
        assert_eq!((Field::Address.of(record), lost), (7, 1));
    }
    /// As a design sets it that chooses these rules.
    fn set(address: FieldRule, phone: FieldRule) -> &'static FieldWise {
        let rules = [address, phone];
        let mut set = SET.iter();
        set.find(|set| set.rules == rules).expect("every pair")
    }

    #[test]
    fn each_field_goes_by_the_rule_that_the_design_chooses_and_by_none_of_another() {
        let rule = set(FieldRule::Minimum, FieldRule::Maximum);
        let mut lost = Vec::new();
        let mut shown = Vec::new();
        for turned in [false, true] {
            let mut replica = rule.empty_object(Value(0), 2);
            let mut updates = vec![
                update(0, 9, Field::Address, 7),
                update(1, 4, Field::Address, 8),
                update(0, 9, Field::Phone, 20),
                update(1, 4, Field::Phone, 30),
            ];
            if turned {
                updates.reverse();
            }
            for update in &updates {
                replica.apply(update, &mut lost);
            }
            let value = replica.value();
            shown.push((Field::Address.of(value), Field::Phone.of(value)));
        }
        assert_eq!(shown, [(7, 30), (7, 30)]);
        let gone = |it: &Superseded| (it.lost, it.by);
        let lost: Vec<(FactId, FactId)> = lost.iter().map(gone).collect();
        let [low, high] = [(FactId(8), FactId(7)), (FactId(20), FactId(30))];
        assert_eq!(lost, [low, high, high, low]);
    }

    #[test]
    fn a_sum_adds_what_comes_from_elsewhere_and_holds_no_more_than_a_field_can() {
        let rule = set(FieldRule::Latest, FieldRule::Sum);
        let mut replicas = [0, 1].map(|region| rule.empty_object(Value(0), region));
        for write in [
            update(0, 5, Field::Phone, 30_000),
            update(1, 6, Field::Phone, 40_000),
        ] {
            for replica in &mut replicas {
                assert!(replica.apply(&write, &mut Vec::new()));
            }
        }
        let phones = replicas.each_ref().map(|it| Field::Phone.of(it.value()));
        assert_eq!(phones, [Field::MOST, 40_000]);
        let mut parts = Vec::new();
        replicas[0].versions(&mut parts);
        assert_eq!(parts.len(), 2, "both are in the sum");
    }

    #[test]
    fn its_plan_in_words_is_read_as_these_rules() {
        for set in SET.iter() {
            let plan = parse::parse(&set.plan().unwrap_or_default());
            let rules = set.rules.map(FieldRule::rule).to_vec();
            assert_eq!(plan.map(|plan| plan.rule), Ok(Rule::Fields(rules)));
        }
    }
}
