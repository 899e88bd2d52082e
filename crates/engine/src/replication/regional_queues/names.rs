//! A cart as the operations on it make it, if each is applied once: every addition puts
//! its item in under its own name, a removal takes out the names that its origin saw.
//!
//! Nothing here notices an addition that is applied again; that is what deduplication
//! is for. Operations may come in any order: who takes out a name that has not come yet
//! is remembered.
//!
//! Source: Shapiro et al., "A comprehensive study of convergent and commutative
//! replicated data types", 2011, section 3.3.5.

use splitbrain_sorted::Map;

use crate::crdt::{Change, Dot, Superseded, Update};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::VersionView;

#[derive(Clone, Copy, Debug)]
struct Named {
    item: u8,
    write: FactId,
    stamp_us: i64,
}

/// A cart.
#[derive(Clone, Debug, Default)]
pub(super) struct Names {
    held: Map<Dot, Named>,
    /// Names that were taken out before they came, and by which removal.
    early: Map<Dot, FactId>,
}

impl Names {
    /// What a customer's request becomes at its origin.
    pub(super) fn prepare(&self, kind: OpKind, argument: Value) -> Change {
        let item = argument.0 as u8;
        if kind != OpKind::Remove {
            return Change::Add {
                item,
                observed: [].into(),
            };
        }
        let same = self.held.iter().filter(|(_, named)| named.item == item);
        Change::Remove {
            item,
            observed: same.map(|(&dot, _)| dot).collect(),
        }
    }

    /// Applies an update and says whether the cart reflects it. A name that is taken out
    /// and not here is still to come, unless it `has_come` before.
    pub(super) fn apply(
        &mut self,
        update: &Update,
        has_come: impl Fn(Dot) -> bool,
        superseded: &mut Vec<Superseded>,
    ) -> bool {
        let by = update.write;
        match &update.change {
            Change::Put(_)
            | Change::PutAt { .. }
            | Change::PutAfter { .. }
            | Change::PutField { .. } => false,
            Change::Add { item, .. } => {
                if let Some(by) = self.early.remove(&update.dot) {
                    let lost = update.write;
                    superseded.push(Superseded { lost, by });
                    return false;
                }
                let named = Named {
                    item: *item,
                    write: update.write,
                    stamp_us: update.stamp_us,
                };
                self.held.insert(update.dot, named);
                true
            }
            Change::Remove { observed, .. } => {
                for &dot in observed.iter() {
                    if let Some(Named { write: lost, .. }) = self.held.remove(&dot) {
                        superseded.push(Superseded { lost, by });
                    } else if !has_come(dot) {
                        self.early.insert(dot, by);
                    }
                }
                true
            }
        }
    }

    /// The items that are in.
    pub(super) fn value(&self) -> Value {
        let items = self.held.values().map(|named| named.item);
        Value(items.fold(0, |bits, item| {
            bits | 1_u32.checked_shl(u32::from(item)).unwrap_or(0)
        }))
    }

    /// A version a name.
    pub(super) fn versions(&self) -> Vec<VersionView> {
        let versions = self.held.iter().map(|(dot, named)| VersionView {
            write: named.write,
            value: Value(u32::from(named.item)),
            origin: dot.origin,
            sequence: dot.counter,
            stamp_us: named.stamp_us,
            count: 0,
        });
        versions.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sim::node::Key;

    const LAMP: Value = Value(3);

    fn update(cart: &Names, origin: u8, counter: u32, kind: OpKind) -> Update {
        Update {
            sequence: counter,
            dot: Dot { origin, counter },
            write: FactId(u32::from(origin) * 100 + counter),
            key: Key(0),
            stamp_us: 0,
            change: cart.prepare(kind, LAMP),
        }
    }

    fn shown(updates: &[&Update]) -> u32 {
        let mut cart = Names::default();
        let mut come = Vec::new();
        for &update in updates {
            cart.apply(update, |dot| come.contains(&dot), &mut Vec::new());
            come.push(update.dot);
        }
        cart.value().0
    }

    #[test]
    fn each_once_in_any_order_makes_the_same_cart() {
        let mut here = Names::default();
        let add = update(&here, 0, 1, OpKind::Add);
        here.apply(&add, |_| false, &mut Vec::new());
        let remove = update(&here, 1, 1, OpKind::Remove);
        let again = update(&here, 2, 1, OpKind::Add);
        let all = [&add, &remove, &again];
        for order in [
            [0, 1, 2],
            [0, 2, 1],
            [1, 0, 2],
            [1, 2, 0],
            [2, 0, 1],
            [2, 1, 0],
        ] {
            // The addition that the removal did not see stays.
            assert_eq!(shown(&order.map(|place: usize| all[place])), 1 << LAMP.0);
            let without = order.iter().filter(|&&place| place != 2);
            let without: Vec<&Update> = without.map(|&place| all[place]).collect();
            assert_eq!(shown(&without), 0);
        }
    }

    #[test]
    fn an_addition_that_is_applied_again_after_its_removal_is_back() {
        let mut here = Names::default();
        let add = update(&here, 0, 1, OpKind::Add);
        here.apply(&add, |_| false, &mut Vec::new());
        let remove = update(&here, 1, 1, OpKind::Remove);
        assert_eq!(shown(&[&add, &remove, &add]), 1 << LAMP.0);
    }

    #[test]
    fn an_item_beyond_those_that_a_cart_can_show_is_not_shown() {
        let mut cart = Names::default();
        let change = cart.prepare(OpKind::Add, Value(200));
        let add = update(&cart, 0, 1, OpKind::Add);
        cart.apply(&Update { change, ..add }, |_| false, &mut Vec::new());
        assert_eq!(cart.value(), Value(0));
    }
}
