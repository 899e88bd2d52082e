//! Order of states: of two states of an order the later one in a fixed order.
//!
//! # What it does
//! An order is placed, then paid, then cancelled, then shipped: a state gives way to those
//! after it, wherever they meet. "Shipped beats cancelled" is a decision of the shop's, and
//! here it is the whole rule; a design may choose another [`StateOrder`].
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

use super::state_order::StateOrder;
use super::{ConflictRule, Decision, Register};
use crate::crdt::Object;
use crate::design::{Service, ServiceKind, Slot};
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

/// The rule, as a design sets it.
#[derive(Debug)]
pub struct OrderOfStates {
    order: StateOrder,
}

/// As it is where a design says nothing of the order.
pub static BEATS_CANCELLED: OrderOfStates = OrderOfStates {
    order: StateOrder::ShippedLast,
};

/// The other way round.
static BEATS_SHIPPED: OrderOfStates = OrderOfStates {
    order: StateOrder::CancelledLast,
};

impl ConflictRule for OrderOfStates {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn decides_by(&self) -> Decision {
        Decision::OrderOfStates
    }

    fn rank(&self, value: Value) -> u32 {
        self.order.rank(value)
    }

    fn serves(&self, kind: ServiceKind) -> bool {
        kind == ServiceKind::Orders
    }

    fn slots(&self) -> &'static [Slot] {
        &[Slot::StateOrder]
    }

    fn as_set(&self, service: &Service) -> Option<&'static dyn ConflictRule> {
        Some(match StateOrder::of(service) {
            StateOrder::ShippedLast => &BEATS_CANCELLED,
            StateOrder::CancelledLast => &BEATS_SHIPPED,
        })
    }

    fn plan(&self) -> Option<String> {
        Some(self.order.plan().into())
    }

    fn empty_object(&self, initial: Value, _region: u8) -> Box<dyn Object> {
        Box::new(Register::new(self.order.winner(), initial))
    }
}

#[cfg(test)]
mod tests {
    use super::super::winner_tests::keeps;
    use super::*;
    use crate::records::Stage;

    #[test]
    fn whatever_comes_last_in_the_order_stays() {
        let [cancelled, shipped] = [Stage::Cancelled as u32, Stage::Shipped as u32];
        for (rule, stays) in [(&BEATS_CANCELLED, shipped), (&BEATS_SHIPPED, cancelled)] {
            let winner = rule.order.winner();
            assert_eq!(keeps(winner, cancelled, shipped), stays);
            assert_eq!(keeps(winner, shipped, cancelled), stays);
        }
    }
}
