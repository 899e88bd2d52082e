//! Bounded staleness: what a read returns has not been overwritten for long.
//!
//! # What it says
//! The *staleness* of a read is the time for which the value that it returned had been
//! overwritten when the read began: from the moment at which a newer write was
//! acknowledged. Zero if no newer one was. A read is violated if its staleness is above
//! the bound.
//!
//! A write is *newer* than a value for certain if it was asked for when the value was in
//! force: its writer had been told, or somebody's read had returned it. Writes that
//! overlap may take effect in any order, so neither is newer. What was there at first is
//! older than every write.
//!
//! | what happened | staleness of the last read |
//! |---|---|
//! | v saved, w asked for and saved at 3 s, read at 5 s returns v | 2 s |
//! | the same, and the read began before w was acknowledged | 0: they overlap |
//! | v and w asked for together, both saved, a read returns either | 0 |
//! | v timed out; somebody read it; then w was saved at 3 s; read at 5 s returns v | 2 s |
//!
//! This is the delta of delta-atomicity as far as the times of single writes tell it:
//! a run is delta-atomic for no delta smaller than its worst staleness.
//!
//! # Cost
//! Two map look-ups a returned operation. What is remembered: of each key, the values
//! that can still be read, and by which write each was first overwritten.
//!
//! # Source
//! Golab, Li and Shah, *Analyzing Consistency Properties for Fun and Profit*, PODC
//! 2011, section 3 (delta-atomicity).

use splitbrain_sorted::Map;

use super::{Info, OfReads, Property, PropertyId};
use crate::observation::{FactRef, KeyRef, OpRef, Outcome, Session};
use crate::reading::{Access, Reading, Seen};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::BoundedStaleness,
    id: "bounded_staleness",
    per_customer: true,
    kinds: &[ViolationKind::StaleRead],
};

/// How stale a read was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Staleness {
    /// How long its value had been overwritten when it began, in microseconds.
    pub us: u64,
    /// The read.
    pub op: OpRef,
    /// Its return.
    pub fact: FactRef,
}

#[derive(Debug, Clone)]
pub(crate) struct BoundedStaleness {
    bound_us: u64,
    keys: Map<KeyRef, Key>,
    /// Values that can still be read and are known to have been in force, by the
    /// operation that wrote them.
    values: Map<OpRef, Value>,
    worst: Option<Staleness>,
    violations: Vec<Violation>,
    has_subject: bool,
}

#[derive(Debug, Clone, Default)]
struct Key {
    /// By what the value that was there at first was overwritten first.
    initial: Option<Newer>,
    /// Operations whose values have not been overwritten for certain.
    current: Vec<OpRef>,
}

#[derive(Debug, Clone, Copy)]
struct Value {
    /// The first fact that shows that it was in force.
    in_force: FactRef,
    newer: Option<Newer>,
}

/// An acknowledged write.
#[derive(Debug, Clone, Copy)]
struct Newer {
    session: Session,
    op: OpRef,
    call: FactRef,
    told: FactRef,
    told_us: u64,
}

impl BoundedStaleness {
    pub(crate) fn new(bound_us: u64) -> Self {
        Self {
            bound_us,
            keys: Map::new(),
            values: Map::new(),
            worst: None,
            violations: Vec::new(),
            has_subject: false,
        }
    }

    /// The stalest read so far, the first of them; none while none was stale.
    pub(crate) fn worst(&self) -> Option<Staleness> {
        self.worst
    }

    /// No write of this operation can be read any more.
    pub(crate) fn forget(&mut self, key: KeyRef, op: OpRef) {
        if self.values.remove(&op).is_some()
            && let Some(of) = self.keys.get_mut(&key)
        {
            of.current.retain(|&it| it != op);
        }
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        self.values.len() as u32
    }

    /// Everything that was in force when this write was asked for is overwritten now.
    /// Answers come in order, so the first one to do that is the earliest.
    fn overwrite(&mut self, seen: &Seen) {
        let newer = Newer {
            session: seen.session,
            op: seen.op,
            call: seen.call,
            told: seen.fact,
            told_us: seen.at_us,
        };
        let of = self.keys.get_or_insert_with(seen.key, Key::default);
        of.initial.get_or_insert(newer);
        let values = &mut self.values;
        of.current.retain(|op| match values.get_mut(op) {
            Some(value) if value.in_force < seen.call => {
                value.newer = Some(newer);
                false
            }
            _ => true,
        });
    }

    fn put_in_force(&mut self, key: KeyRef, op: OpRef, fact: FactRef, reading: &Reading) {
        if reading.may_be_read(op) && !self.values.contains_key(&op) {
            let value = Value {
                in_force: fact,
                newer: None,
            };
            self.values.insert(op, value);
            let of = self.keys.get_or_insert_with(key, Key::default);
            of.current.push(op);
        }
    }

    fn judge(&mut self, seen: &Seen, source: Option<OpRef>) {
        let (newer, in_force) = match source {
            None => {
                let of = self.keys.get(&seen.key);
                (of.and_then(|of| of.initial), None)
            }
            Some(op) => {
                let value = self.values.get(&op);
                (value.and_then(|it| it.newer), value.map(|it| it.in_force))
            }
        };
        let Some(newer) = newer.filter(|newer| newer.told < seen.call) else {
            return;
        };
        let us = seen.called_us.saturating_sub(newer.told_us);
        if us > self.worst.map_or(0, |worst| worst.us) {
            self.worst = Some(Staleness {
                us,
                op: seen.op,
                fact: seen.fact,
            });
        }
        if us <= self.bound_us {
            return;
        }
        let mut witness = vec![
            (newer.told, Role::ToldNewer),
            (seen.call, Role::Asked),
            (seen.fact, Role::ReadOld),
        ];
        // What was there at first needs no proof that it is older.
        if let Some(in_force) = in_force {
            witness.push((in_force, Role::InForce));
            witness.push((newer.call, Role::WantedNewer));
        }
        self.violations.push(Violation {
            session: Some(seen.session),
            key: Some(seen.key),
            op: Some(seen.op),
            other: Some((newer.session, newer.op)),
            ..Violation::new(ViolationKind::StaleRead, witness)
        });
    }
}

impl OfReads for BoundedStaleness {
    fn take(&mut self, seen: &Seen, reading: &Reading) {
        if seen.outcome != Outcome::Ok {
            return;
        }
        match seen.access {
            Access::Unread => {}
            Access::Write => {
                self.overwrite(seen);
                self.put_in_force(seen.key, seen.op, seen.fact, reading);
            }
            Access::Read { source } => {
                self.has_subject = true;
                self.judge(seen, source);
                if let Some(op) = source {
                    self.put_in_force(seen.key, op, seen.fact, reading);
                }
            }
        }
    }
}

impl Property for BoundedStaleness {
    fn has_subject(&self) -> bool {
        self.has_subject
    }

    fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;
    use crate::{Further, Judge};
    use PropertyId::BoundedStaleness as IT;

    const SECOND_US: u64 = 1_000_000;

    /// A run of two replicas in which nothing may be staler than a second.
    fn script() -> Script {
        let mut run = Script::new(2);
        run.judge = Judge::with(2, Some(Further::with_staleness_bound(SECOND_US)));
        run
    }

    fn worst_us(run: &Script) -> u64 {
        run.judge.worst_staleness().map_or(0, |worst| worst.us)
    }

    #[test]
    fn a_read_of_what_was_overwritten_too_long_ago_is_stale() {
        let mut run = script();
        let old = run.saves(0, 0, &[]);
        run.deliver(old.write, 1, &[]);
        let (asked, new) = (run.next(), run.saves(0, 0, &[old.write]));
        run.wait(2 * SECOND_US);
        let began = run.next();
        let told = run.reads(1, 1);
        let violation = run.violation(IT);
        assert_eq!(violation.first, told);
        assert_eq!(violation.session, Some(Session(1)));
        assert_eq!(violation.other, Some((Session(0), new.op)));
        let witness = [
            (old.told, Role::InForce),
            (asked, Role::WantedNewer),
            (new.told, Role::ToldNewer),
            (began, Role::Asked),
            (told, Role::ReadOld),
        ];
        assert_eq!(violation.witness, witness);
        assert_eq!(worst_us(&run), 2 * SECOND_US);
    }

    #[test]
    fn staleness_up_to_the_bound_is_measured_and_allowed() {
        let mut run = script();
        run.saves(0, 0, &[]);
        run.wait(SECOND_US);
        run.reads(1, 1);
        assert!(run.kinds(IT).is_empty());
        assert_eq!(worst_us(&run), SECOND_US);
    }

    #[test]
    fn what_was_there_at_first_is_older_than_every_write() {
        let mut run = script();
        run.saves(0, 0, &[]);
        run.wait(2 * SECOND_US);
        run.reads(1, 1);
        assert_eq!(run.kinds(IT), [ViolationKind::StaleRead]);
        assert_eq!(run.violation(IT).witness.len(), 3);
    }

    #[test]
    fn a_read_that_began_before_the_newer_write_was_acknowledged_is_not_stale() {
        let mut run = script();
        let read = run.read(1);
        run.wait(2 * SECOND_US);
        run.saves(0, 0, &[]);
        run.serve(read, 1);
        run.answer(read, 1);
        assert_eq!(worst_us(&run), 0);
    }

    #[test]
    fn of_two_writes_that_overlap_neither_is_newer() {
        let mut run = script();
        let [x, y] = [run.write(0), run.write(1)];
        let [_, held] = [run.accept(x, 0, &[]), run.accept(y, 1, &[])];
        run.told(x, Outcome::Ok);
        run.told(y, Outcome::Ok);
        run.wait(2 * SECOND_US);
        run.reads(2, 0);
        run.reads(2, 1);
        assert_eq!(worst_us(&run), 0);
        // A third, asked for after both, makes both old.
        run.saves(0, 0, &[held]);
        run.wait(2 * SECOND_US);
        run.reads(2, 1);
        assert_eq!(worst_us(&run), 2 * SECOND_US);
    }

    #[test]
    fn a_value_nobody_was_told_of_is_in_force_once_it_was_read() {
        for is_read in [false, true] {
            let mut run = script();
            let op = run.write(0);
            let write = run.accept(op, 0, &[]);
            run.told(op, Outcome::Unknown);
            run.deliver(write, 1, &[]);
            if is_read {
                run.reads(1, 1);
            }
            run.saves(2, 0, &[write]);
            run.wait(2 * SECOND_US);
            run.reads(1, 1);
            assert_eq!(worst_us(&run), if is_read { 2 * SECOND_US } else { 0 });
        }
    }

    #[test]
    fn values_that_nobody_can_read_are_forgotten() {
        let mut run = script();
        let mut last = Vec::new();
        for _ in 0..100 {
            let saved = run.saves(0, 0, &last);
            run.deliver(saved.write, 1, &last);
            last = vec![saved.write];
        }
        assert!(run.judge.remembered_of_reads() < 20);
    }
}
