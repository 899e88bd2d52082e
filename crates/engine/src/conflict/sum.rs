//! Sum: what two regions hold is added up. Broken.
//!
//! # What it does
//! A write replaces the value at its origin. What arrives from another region is added to
//! what is here, as if both were parts of one amount.
//!
//! # Guarantees
//! None. Sums of what each region alone added, kept apart by region, are a counter and
//! sound; the sum of two whole states is not.
//!
//! # Gives up
//! Convergence: the region that wrote shows what was written, the others show more. Adding
//! is not idempotent: a write that is tried again, or a state that is merged again, counts
//! again.
//!
//! # Cost
//! Nothing beyond the value. Answers without asking another region.
//!
//! # Source
//! Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free replicated data types", 2011,
//! section 2, on why a merge has to be idempotent.

use super::amount::Amount;
use super::application_rule::ByPlan;
use super::{ConflictRule, Decision, Version};
use crate::crdt::{Change, Object, Superseded, Update};
use crate::design::ServiceKind;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::replication::change::changed;
use crate::sim::fact::OpKind;
use crate::sim::node::Value;
use crate::view::VersionView;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "sum",
    keeps: &[],
    gives_up: &[
        Property::Convergence,
        Property::AcknowledgedWrites,
        Property::LostUpdate,
    ],
    soundness: Soundness::Broken {
        loses: &[Property::Convergence],
    },
    costs: &[Cost::AnswersLocally],
    sources: &["Shapiro et al., Conflict-free replicated data types, 2011"],
};

/// The rule in the language of the law lab.
pub const PLAN: &str = "price: sum";

static RULE: ByPlan = ByPlan::new(PLAN, || ByPlan::read(PLAN));

/// The rule.
#[derive(Debug)]
pub struct Sum;

impl ConflictRule for Sum {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::Addition
    }

    fn plan(&self) -> Option<String> {
        Some(PLAN.into())
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Prices
    }

    fn empty_object(&self, initial: Value, region: u8) -> Box<dyn Object> {
        Box::new(Added(Amount::new(region, initial.0, u32::MAX)))
    }
}

/// One replica.
#[derive(Clone, Debug)]
struct Added(Amount);

impl Object for Added {
    fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        Change::Put(changed(kind, argument, self.value()))
    }

    fn apply(&mut self, update: &Update, superseded: &mut Vec<Superseded>) -> bool {
        let Change::Put(value) = update.change else {
            return false;
        };
        let incoming = Version {
            value,
            stamp_us: update.stamp_us,
            count: 0,
            dot: update.dot,
            write: update.write,
        };
        self.0.take(incoming, value.0, RULE.rule(), |lost| {
            let by = update.write;
            superseded.push(Superseded { lost, by });
        });
        true
    }

    fn value(&self) -> Value {
        Value(self.0.sum())
    }

    fn versions(&self, versions: &mut Vec<VersionView>) {
        versions.extend(self.0.parts().iter().map(Version::view));
    }

    fn boxed_clone(&self) -> Box<dyn Object> {
        Box::new(self.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::crdt::Dot;
    use crate::sim::fact::FactId;
    use crate::sim::node::Key;

    #[test]
    fn the_region_that_wrote_shows_what_was_written_and_the_other_more() {
        let mut regions = [0, 1].map(|region| Sum.empty_object(Value(50), region));
        for (counter, price) in [(1, 100), (2, 110)] {
            let update = Update {
                sequence: counter,
                dot: Dot { origin: 0, counter },
                write: FactId(counter),
                key: Key(0),
                stamp_us: 0,
                change: regions[0].prepare(OpKind::Write, Value(price)),
            };
            for region in &mut regions {
                region.apply(&update, &mut Vec::new());
            }
        }
        assert_eq!(
            regions.map(|region| region.value()),
            [Value(110), Value(210)]
        );
    }
}
