//! Minimum: the lowest price that anybody ever wrote.
//!
//! # What it does
//! Of two values the smaller one is kept, wherever they meet, a new write among them.
//!
//! # Guarantees
//! Convergence, without clocks: which update comes first, or twice, makes no difference.
//!
//! # Gives up
//! Raising a price again: such a write is told "saved" and discarded, in every region. Of two
//! who change the same version the lower one wins, not the later.
//!
//! # Cost
//! Nothing beyond the value. Answers without asking another region.
//!
//! # Source
//! Shapiro, Preguiça, Baquero and Zawirski, "Conflict-free replicated data types", 2011,
//! section 2: a state that only goes up in a semilattice converges.

use super::application_rule::ByPlan;
use super::{ConflictRule, Decision, Register};
use crate::crdt::Object;
use crate::design::ServiceKind;
use crate::policy::{Cost, Info, Property, Soundness};
use crate::sim::node::Value;

/// What the catalogue says of it.
pub const INFO: Info = Info {
    id: "minimum",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally],
    sources: &["Shapiro et al., Conflict-free replicated data types, 2011"],
};

/// The rule in the language of the law lab.
pub const PLAN: &str = "price: minimum";

static WINNER: ByPlan = ByPlan::new(PLAN, || ByPlan::read(PLAN));

/// The rule.
#[derive(Debug)]
pub struct Minimum;

impl ConflictRule for Minimum {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::SmallerValue
    }

    fn plan(&self) -> Option<String> {
        Some(PLAN.into())
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Prices
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(&WINNER, initial))
    }
}

#[cfg(test)]
mod tests {
    use super::super::winner_tests::keeps;
    use super::*;

    #[test]
    fn of_any_two_prices_the_lower_is_kept_in_any_order() {
        assert_eq!(keeps(&WINNER, 110, 100), 100);
        assert_eq!(keeps(&WINNER, 100, 110), 100);
    }
}
