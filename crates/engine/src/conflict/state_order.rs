//! Which of two states of an order comes later, where the design chooses it. Each order is a
//! plan in the language of [`crate::crdt::laws::rules`].

use super::application_rule::ByPlan;
use super::{Version, Winner};
use crate::crdt::laws::rules::Rule;
use crate::design::{Service, Slot};
use crate::policy::Info;
use crate::records::Stage;
use crate::sim::node::Value;

const SHAPIRO: &str = "Shapiro et al., Conflict-free replicated data types, 2011";

static SHIPPED_LAST: Info = Info::setting("shipped_last", &[], &[SHAPIRO]);
static CANCELLED_LAST: Info = Info::setting("cancelled_last", &[], &[SHAPIRO]);

/// What the catalogue says of each, in the order in which menus show them.
pub static STATE_ORDERS: &[&Info] = &[&SHIPPED_LAST, &CANCELLED_LAST];

const SHIPPED: &str = "status: placed < paid < cancelled < shipped";
const CANCELLED: &str = "status: placed < paid < shipped < cancelled";

static BY_SHIPPED: ByOrder = ByOrder(ByPlan::new(SHIPPED, || ByPlan::read(SHIPPED)));
static BY_CANCELLED: ByOrder = ByOrder(ByPlan::new(CANCELLED, || ByPlan::read(CANCELLED)));

/// An order of the states of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateOrder {
    /// What is on its way stays so, whoever cancels it.
    ShippedLast,
    /// What is cancelled stays so, whoever ships it.
    CancelledLast,
}

impl StateOrder {
    /// Every one, in the order of [`STATE_ORDERS`].
    pub const ALL: [Self; 2] = [Self::ShippedLast, Self::CancelledLast];

    /// What the catalogue says of it.
    pub fn info(self) -> &'static Info {
        STATE_ORDERS[self as usize]
    }

    /// What a design chooses.
    pub fn of(service: &Service) -> Self {
        let chosen = service.choice(Slot::StateOrder);
        let mut all = Self::ALL.into_iter();
        all.find(|order| chosen == Some(order.info().id))
            .unwrap_or(Self::ShippedLast)
    }

    /// The plan that it is.
    pub fn plan(self) -> &'static str {
        self.by().0.source
    }

    /// Which of two states stays.
    pub fn winner(self) -> &'static dyn Winner {
        self.by()
    }

    /// The place of a state in it. What is no state of an order has the place of its number.
    pub fn rank(self, value: Value) -> u32 {
        self.by().rank(value)
    }

    fn by(self) -> &'static ByOrder {
        match self {
            Self::ShippedLast => &BY_SHIPPED,
            Self::CancelledLast => &BY_CANCELLED,
        }
    }
}

/// A plan that is an order.
struct ByOrder(ByPlan);

impl ByOrder {
    fn rank(&self, value: Value) -> u32 {
        let place = Stage::from_value(value).and_then(|stage| match self.0.rule()? {
            Rule::Order(states) => states.iter().position(|state| state == stage.id()),
            _ => None,
        });
        // Every state has one, so no two values have the same.
        place.map_or(value.0, |place| place as u32 + 1)
    }
}

impl Winner for ByOrder {
    fn replaces(&self, current: &Version, incoming: &Version) -> bool {
        let (own, other) = (self.rank(current.value), self.rank(incoming.value));
        // Of the same state both are right; all regions name the same write for it.
        (other, incoming.dot) > (own, current.dot)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_order_gives_each_value_a_place_of_its_own() {
        for order in StateOrder::ALL {
            let mut places: Vec<u32> = (0..9).map(|it| order.rank(Value(it))).collect();
            places.sort_unstable();
            assert_eq!(places, (0..9).collect::<Vec<u32>>(), "{order:?}");
            let Some(Rule::Order(states)) = order.by().0.rule() else {
                panic!("{} is an order of states", order.plan());
            };
            let by_place = |states: &[String]| -> Vec<u32> {
                let known = |name: &String| Stage::ALL.iter().find(|it| it.id() == name);
                let stages = states
                    .iter()
                    .map(|name| known(name).expect("a state of an order"));
                stages
                    .map(|&stage| order.rank(Value(stage as u32)))
                    .collect()
            };
            assert_eq!(by_place(states), [1, 2, 3, 4], "{}", order.plan());
        }
        assert_eq!(StateOrder::ALL.len(), STATE_ORDERS.len());
    }
}
