//! Convergence: replicas that have received the same writes show the same value.
//!
//! # What it says
//! For every key, at the end of every step, not only after a partition heals: any
//! two replicas that have received exactly the same non-empty set of writes show
//! the same value. A replica of which nothing was shown yet shows [`crate::EMPTY`].
//! Of a key that only some replicas are to hold, those are compared: one that stands in
//! for them keeps what it was handed, and nobody brings it up to date.
//!
//! One violation a key, with the first two replicas that differed; it ends when all
//! that are comparable agree again, and stands again under its first moment when
//! they part once more.
//!
//! # Cost
//! For every key the number of writes that each pair of replicas does not share, so
//! equality of sets is exact and no set is kept: `replicas` steps a receipt.
//!
//! # Source
//! `definitions.md`; strong convergence in Shapiro et al., *Conflict-free
//! Replicated Data Types*, SSS 2011, definition 2.

use splitbrain_sorted::Map;

use super::{Info, Property, PropertyId};
use crate::lineage::{Lineage, Receipt};
use crate::observation::{EMPTY, FactRef, KeyRef, Observation, Replica, WriteRef};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::Convergence,
    id: "convergence",
    per_customer: false,
    kinds: &[ViolationKind::Diverged],
};

#[derive(Debug, Clone)]
pub(crate) struct Convergence {
    replicas: u8,
    keys: Map<KeyRef, Key>,
    /// Where something was shown in this step.
    shown: Vec<(KeyRef, Replica, FactRef)>,
    violations: Vec<Violation>,
}

#[derive(Debug, Clone)]
struct Key {
    at: Vec<At>,
    /// For each pair of replicas, how many writes one has received and the other has
    /// not; row by row.
    unshared: Vec<u32>,
    /// How many pairs differ, each counted from both sides.
    differing: u32,
    violation: Option<u32>,
}

#[derive(Debug, Clone, Copy)]
struct At {
    value: u32,
    shown: Option<FactRef>,
    received: Option<(FactRef, WriteRef)>,
    /// Writes that it has.
    held: u32,
    /// Mask of the replicas that differ from this one and should not.
    differs: u64,
}

impl Key {
    fn new(replicas: u8) -> Self {
        let at = At {
            value: EMPTY,
            shown: None,
            received: None,
            held: 0,
            differs: 0,
        };
        let replicas = usize::from(replicas);
        Self {
            at: vec![at; replicas],
            unshared: vec![0; replicas * replicas],
            differing: 0,
            violation: None,
        }
    }

    fn receive(&mut self, receipt: &Receipt) {
        let replicas = self.at.len();
        let here = usize::from(receipt.replica.0);
        for other in (0..replicas).filter(|&other| other != here) {
            let shared = receipt.before & (1 << other) != 0;
            let shared = shared != receipt.is_taken_back;
            for pair in [here * replicas + other, other * replicas + here] {
                if shared {
                    self.unshared[pair] -= 1;
                } else {
                    self.unshared[pair] += 1;
                }
            }
        }
        let at = &mut self.at[here];
        if receipt.is_taken_back {
            at.held -= 1;
            // Without any it is not comparable.
            at.received = at.received.filter(|_| at.held > 0);
        } else {
            at.held += 1;
            at.received = Some((receipt.fact, receipt.write));
        }
    }

    /// Compares a replica with all others of those that are to hold it; gives one that newly
    /// differs from it.
    fn compare(&mut self, here: usize, holders: u64) -> Option<usize> {
        let replicas = self.at.len();
        let mut found = None;
        for other in (0..replicas).filter(|&other| other != here) {
            let both = 1 << here | 1 << other;
            let differs = holders & both == both
                && self.unshared[here * replicas + other] == 0
                && self.at[here].received.is_some()
                && self.at[here].value != self.at[other].value;
            let known = self.at[here].differs & (1 << other) != 0;
            if differs == known {
                continue;
            }
            self.at[here].differs ^= 1 << other;
            self.at[other].differs ^= 1 << here;
            if differs {
                self.differing += 1;
                found = found.or(Some(other));
            } else {
                self.differing -= 1;
            }
        }
        found
    }
}

impl Convergence {
    fn judge(&mut self, key: KeyRef, touched: u64, holders: u64, now: FactRef) {
        let Some(of) = self.keys.get_mut(&key) else {
            return;
        };
        let mut found = None;
        for here in (0..of.at.len()).filter(|&here| touched & (1 << here) != 0) {
            let other = of.compare(here, holders);
            found = found.or(other.map(|other| (here.min(other), here.max(other))));
        }
        match (of.violation, of.differing != 0) {
            (Some(at), true) => self.violations[at as usize].ended = None,
            (Some(at), false) => {
                self.violations[at as usize].ended.get_or_insert(now);
            }
            (None, _) => {
                let Some((one, other)) = found.filter(|_| of.differing != 0) else {
                    return;
                };
                of.violation = Some(self.violations.len() as u32);
                let violation = diverged(key, of, one, other, now);
                self.violations.push(violation);
            }
        }
    }
}

fn diverged(key: KeyRef, of: &Key, one: usize, other: usize, now: FactRef) -> Violation {
    let mut witness = Vec::new();
    let mut writes = Vec::new();
    for at in [&of.at[one], &of.at[other]] {
        if let Some((fact, write)) = at.received {
            witness.push((fact, Role::Received));
            writes.push(write);
        }
        if let Some(fact) = at.shown {
            witness.push((fact, Role::Shows));
        }
    }
    writes.dedup();
    Violation {
        first: now,
        key: Some(key),
        writes,
        replicas: vec![Replica(one as u8), Replica(other as u8)],
        ..Violation::new(ViolationKind::Diverged, witness)
    }
}

impl Property for Convergence {
    fn observe(&mut self, observation: &Observation) {
        let Observation::ValueShown {
            fact,
            replica,
            key,
            value,
        } = *observation
        else {
            return;
        };
        let replicas = self.replicas;
        let of = self.keys.get_or_insert_with(key, || Key::new(replicas));
        if let Some(at) = of.at.get_mut(usize::from(replica.0)) {
            at.value = value;
            at.shown = Some(fact);
            self.shown.push((key, replica, fact));
        }
    }

    fn end_of_step(&mut self, lineage: &Lineage) {
        let shown = std::mem::take(&mut self.shown);
        if shown.is_empty() && lineage.receipts().is_empty() {
            return;
        }
        let mut touched: Map<KeyRef, (u64, FactRef)> = Map::new();
        for receipt in lineage.receipts() {
            let replicas = self.replicas;
            let of = || Key::new(replicas);
            self.keys
                .get_or_insert_with(receipt.key, of)
                .receive(receipt);
        }
        let receipts = lineage.receipts().iter();
        for (key, replica, fact) in receipts
            .map(|it| (it.key, it.replica, it.fact))
            .chain(shown)
        {
            let (mask, now) = touched.get_or_insert_with(key, || (0, fact));
            *mask |= replica.bit();
            *now = fact.max(*now);
        }
        for (key, (mask, now)) in touched {
            self.judge(key, mask, lineage.holders(key), now);
        }
    }

    fn has_subject(&self) -> bool {
        !self.keys.is_empty()
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl Convergence {
    pub(crate) fn new(replicas: u8) -> Self {
        Self {
            replicas,
            keys: Map::new(),
            shown: Vec::new(),
            violations: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use PropertyId::Convergence as IT;

    #[test]
    fn replicas_with_different_writes_may_show_different_values() {
        let mut run = Script::new(2);
        let op = run.write(0);
        run.accept(op, 0, &[]);
        run.shows(0, 7);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn values_shown_before_any_write_was_observed_are_not_compared() {
        let mut run = Script::new(2);
        run.shows(0, 7);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn who_stands_in_for_those_that_are_to_hold_a_key_is_not_compared() {
        let stale_stand_in = |places: Option<u32>| {
            let mut run = Script::new(3);
            if let Some(mask) = places {
                run.place(mask);
            }
            let (x, y) = run.two_concurrent_writes();
            for replica in [0, 1] {
                run.shows(replica, 8);
            }
            run.deliver_and_show(x, 1, &[], 8);
            run.deliver_and_show(y, 0, &[x], 8);
            run.deliver_and_show(x, 2, &[], 7);
            run.deliver_and_show(y, 2, &[x], 7);
            run.kinds(IT)
        };
        assert!(stale_stand_in(Some(0b011)).is_empty());
        assert_eq!(stale_stand_in(None), [ViolationKind::Diverged]);
    }

    #[test]
    fn writes_that_crossed_and_stayed_are_a_divergence_from_the_last_receipt_on() {
        let mut run = Script::new(2);
        let (x, y) = run.two_concurrent_writes();
        run.shows(0, 7);
        run.shows(1, 8);
        run.deliver_and_show(x, 1, &[y], 7);
        assert!(run.kinds(IT).is_empty(), "replica 0 has not received y");
        let moment = run.deliver_and_show(y, 0, &[x], 8);
        let violation = run.violation(IT);
        assert_eq!(violation.kind, ViolationKind::Diverged);
        assert_eq!(violation.first, moment);
        assert_eq!(violation.replicas, [Replica(0), Replica(1)]);
        assert_eq!(violation.writes, [y, x]);
        assert_eq!(violation.witness.len(), 4);
        assert!(violation.stands());
    }

    #[test]
    fn a_divergence_ends_and_stands_again_under_its_first_moment() {
        let mut run = Script::new(2);
        let op = run.write(0);
        let x = run.accept(op, 0, &[]);
        run.shows(0, 7);
        let first = run.deliver(x, 1, &[]);
        assert!(run.violation(IT).stands());
        let ended = run.shows(1, 7);
        assert_eq!(run.violation(IT).ended, Some(ended));
        run.shows(1, 9);
        assert!(run.violation(IT).stands());
        assert_eq!(run.violation(IT).first, first);
        assert_eq!(run.kinds(IT).len(), 1);
    }

    #[test]
    fn what_is_shown_later_in_the_same_step_counts() {
        let mut run = Script::new(2);
        let op = run.write(0);
        let x = run.accept_and_show(op, 0, &[], 7);
        run.deliver_and_show(x, 1, &[], 7);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn a_removal_that_overtook_its_addition_leaves_both_empty() {
        let mut run = Script::new(2);
        let op = run.add(0, 5);
        let milk = run.accept_and_show(op, 0, &[], 7);
        let op = run.remove(0, 5);
        let gone = run.accept_and_show(op, 0, &[milk], EMPTY);
        run.deliver(gone, 1, &[]);
        run.deliver_discarded(milk, 1, None);
        assert!(run.kinds(IT).is_empty());
    }
}
