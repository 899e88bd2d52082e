//! No oversell: what customers are told is theirs was in stock.
//!
//! # What it says
//! For every item, at every moment, the units that customers were told they bought are
//! no more than the units that came into stock until then. Each sale that is not
//! covered is one violation, from its acknowledgement on. It ends when later stock
//! covers it, in the order of the sales: that customer waited, and gets hers after all.
//!
//! | stock | sold | verdict |
//! |---|---|---|
//! | 3 | 2, 1 | fine |
//! | 3 | 2, 2 | the second sale is oversold |
//! | 3, then 1 more | 2, 2 in between | the same, and it ends with the new stock |
//!
//! The witness names where the balance turns, the latest stock, the sale after which
//! nothing was left, and this sale; the sums are those of all sales before.
//!
//! # Cost
//! One map look-up a sale. What is remembered is a few numbers an item, and for every
//! violation that stands the number of units up to it.
//!
//! # Source
//! O'Neil, *The Escrow Transactional Method*, TODS 11(4), 1986; Bailis et al.,
//! *Coordination Avoidance in Database Systems*, VLDB 2014, section 5 (an invariant
//! that concurrent decrements do not keep).

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::observation::{FactRef, KeyRef, Observation};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::NoOversell,
    id: "no_oversell",
    per_customer: true,
    kinds: &[ViolationKind::Oversold],
};

#[derive(Debug, Clone, Default)]
pub(crate) struct NoOversell {
    items: Map<KeyRef, Item>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone, Default)]
struct Item {
    stocked: u64,
    latest_stock: Option<FactRef>,
    sold: u64,
    sold_out: Option<FactRef>,
    /// Sales that are not covered, in order: the units sold up to each, and its place
    /// among the violations.
    uncovered: Vec<(u64, u32)>,
}

impl Property for NoOversell {
    fn observe(&mut self, observation: &Observation) {
        match *observation {
            Observation::Stocked { fact, item, units } => {
                let of = self.items.get_or_insert_with(item, Item::default);
                of.stocked += u64::from(units);
                of.latest_stock = Some(fact);
                if of.sold < of.stocked {
                    of.sold_out = None;
                }
                let covered = of.uncovered.partition_point(|it| it.0 <= of.stocked);
                for (_, place) in of.uncovered.drain(..covered) {
                    self.violations[place as usize].ended = Some(fact);
                }
            }
            Observation::Sold {
                fact,
                op,
                session,
                item,
                units,
            } if units > 0 => {
                let of = self.items.get_or_insert_with(item, Item::default);
                of.sold += u64::from(units);
                if of.sold > of.stocked {
                    let turns = [
                        (of.latest_stock, Role::Stocked),
                        (of.sold_out, Role::SoldOut),
                        (Some(fact), Role::Sold),
                    ];
                    let witness = turns
                        .into_iter()
                        .filter_map(|(fact, role)| Some((fact?, role)));
                    of.uncovered.push((of.sold, self.violations.len() as u32));
                    self.violations.push(Violation {
                        session: Some(session),
                        key: Some(item),
                        op: Some(op),
                        ..Violation::new(ViolationKind::Oversold, witness.collect())
                    });
                }
                if of.sold >= of.stocked {
                    of.sold_out.get_or_insert(fact);
                }
            }
            _ => {}
        }
    }

    fn has_subject(&self) -> bool {
        !self.items.is_empty()
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use PropertyId::NoOversell as IT;

    #[test]
    fn selling_all_that_is_there_is_fine_and_one_more_is_not() {
        let mut run = Script::new(1);
        let stocked = run.stock(3);
        run.sell(0, 2);
        let last = run.sell(1, 1);
        assert!(run.kinds(IT).is_empty());
        let sold = run.sell(2, 1);
        let violation = run.violation(IT);
        assert_eq!(violation.first, sold);
        assert_eq!(violation.session, Some(crate::Session(2)));
        let witness = [
            (stocked, Role::Stocked),
            (last, Role::SoldOut),
            (sold, Role::Sold),
        ];
        assert_eq!(violation.witness, witness);
    }

    #[test]
    fn later_stock_covers_sales_in_their_order() {
        let mut run = Script::new(1);
        run.stock(1);
        run.sell(0, 2);
        run.sell(1, 2);
        assert_eq!(run.kinds(IT).len(), 2);
        let first = run.stock(1);
        assert_eq!(run.violation(IT).ended, Some(first));
        assert_eq!(run.judge.counts(IT).standing, 1);
        run.stock(2);
        assert_eq!(run.judge.counts(IT).standing, 0);
        run.sell(2, 1);
        assert_eq!(run.judge.counts(IT).standing, 1);
    }

    #[test]
    fn what_was_never_in_stock_cannot_be_sold() {
        let mut run = Script::new(1);
        let sold = run.sell(0, 1);
        assert_eq!(run.violation(IT).witness, [(sold, Role::Sold)]);
    }
}
