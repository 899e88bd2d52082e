//! Order of states: of two states of an order the later one in a fixed order.
//!
//! # What it does
//! An order is placed, then paid, then cancelled, then shipped: a state gives way to those
//! after it, wherever they meet. "Shipped beats cancelled" is a decision of the shop's, and
//! here it is the whole rule.
//!
//! # Guarantees
//! Convergence, without clocks; and an order never goes back.
//!
//! # Gives up
//! The state that came earlier in the order: who cancelled was told "saved" and gets the
//! parcel all the same. Whoever wants it otherwise has to say so in the order.
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
    id: "order_of_states",
    keeps: &[Property::Convergence],
    gives_up: &[Property::AcknowledgedWrites, Property::LostUpdate],
    soundness: Soundness::Sound,
    costs: &[Cost::AnswersLocally],
    sources: &["Shapiro et al., Conflict-free replicated data types, 2011"],
};

/// The rule in the language of the law lab.
pub const PLAN: &str = "status: placed < paid < cancelled < shipped";

static WINNER: ByPlan = ByPlan::new(PLAN, || ByPlan::read(PLAN));

/// The rule.
#[derive(Debug)]
pub struct OrderOfStates;

impl ConflictRule for OrderOfStates {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::OrderOfStates
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Orders
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(&WINNER, initial))
    }
}

#[cfg(test)]
mod tests {
    use super::super::winner_tests::keeps;
    use super::*;
    use crate::crdt::laws::rules::Rule;
    use crate::records::Stage;

    #[test]
    fn what_is_shipped_stays_shipped_whatever_is_cancelled() {
        let [cancelled, shipped] = [Stage::Cancelled as u32, Stage::Shipped as u32];
        assert_eq!(keeps(&WINNER, cancelled, shipped), shipped);
        assert_eq!(keeps(&WINNER, shipped, cancelled), shipped);
        let states: Vec<&str> = Stage::ALL.iter().map(|stage| stage.id()).collect();
        let Some(Rule::Order(order)) = WINNER.rule() else {
            panic!("{PLAN} is an order of states");
        };
        assert_eq!(
            order, &states,
            "the numbers of the states are places in the order"
        );
    }
}
