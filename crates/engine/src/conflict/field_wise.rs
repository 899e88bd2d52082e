//! Field by field: each field of a record has a last writer of its own.
//!
//! # What it does
//! A write of one field carries that field only, stamped with the wall clock of the region
//! that accepts it. A replica keeps of each field the version with the larger stamp; on
//! equal stamps the one from the region with the larger number.
//!
//! # Guarantees
//! Convergence. Writes of different fields never meet: of two customers who change the
//! address and the phone at the same time both changes stay.
//!
//! # Gives up
//! Of two concurrent writes of one field one vanishes, as under any last writer wins. And
//! whatever has to hold between fields: a record may end up with a pair that nobody wrote.
//!
//! # Cost
//! A stamp a field. Answers without asking another region.
//!
//! # Source
//! Johnson and Thomas, "The maintenance of duplicate databases", RFC 677, 1975, whose
//! entries are stamped one by one; Cassandra's cells are merged so too.

use super::application_rule::ByPlan;
use super::last_writer_wins::LastWriterWins;
use super::{ConflictRule, Decision, Version, Winner};
use crate::crdt::laws::rules::Rule;
use crate::crdt::{Change, Object, Superseded, Update};
use crate::design::ServiceKind;
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

/// The rule in the language of the law lab: a rule for each of [`Field::ALL`].
pub const PLAN: &str = "record: { latest, latest }";

static RULE: ByPlan = ByPlan::new(PLAN, || ByPlan::read(PLAN));

/// The rule.
#[derive(Debug)]
pub struct FieldWise;

impl ConflictRule for FieldWise {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::Stamp
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Profiles
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Record {
            fields: [None; 2],
            initial,
        })
    }
}

/// One replica of a record.
#[derive(Clone, Debug)]
struct Record {
    /// The version of each of [`Field::ALL`]; of its value that field counts.
    fields: [Option<Version>; 2],
    initial: Value,
}

/// Whether a version of a field gives way to one that arrives.
fn replaces(field: Field, current: &Version, incoming: &Version) -> bool {
    let Some(Rule::Fields(rules)) = RULE.rule() else {
        return false;
    };
    match rules.get(field as usize) {
        Some(Rule::Latest) => LastWriterWins.replaces(current, incoming),
        Some(rule) => {
            let of = |version: &Version| i64::from(field.of(version.value));
            let (own, other) = (of(current), of(incoming));
            own != other && rule.of_numbers(own, other) == other
        }
        None => false,
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
            let held = &mut self.fields[field as usize];
            met.extend(held.map(|held| held.write));
            if held.is_none_or(|held| replaces(field, &held, &incoming)) {
                *held = Some(incoming);
            }
        }
        let stands = |write: FactId| self.fields.iter().flatten().any(|held| held.write == write);
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
        held.fold(self.initial, |value, (field, held)| match held {
            Some(held) => field.put(value, field.of(held.value)),
            None => value,
        })
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.fields.iter().flatten().map(Version::view));
    }

    fn beside(&self) -> Beside {
        let held = Field::ALL.iter().zip(&self.fields);
        let written = held.filter(|(_, held)| held.is_some());
        Beside::Fields(written.map(|(&field, _)| field).collect())
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
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
        let mut replicas = [0, 1].map(|region| FieldWise.empty_object(Value(0), region));
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
}
