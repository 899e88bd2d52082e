//! Lost update: of two customers who changed the same version, one was not heard.
//!
//! # What it says
//! Two customers were shown the same version of a key, each replaced it, both were
//! told "saved", and neither had been shown what the other wrote. Whichever value is
//! kept, it was made without knowing the other change.
//!
//! A write *rests on* the version that its customer's session had last read of the key
//! before asking for the write, unless the session wrote the key itself since: then it
//! rests on nothing that was read. A read whose version cannot be told ends what was
//! known; a write that failed for certain changes nothing.
//!
//! | what happened | verdict |
//! |---|---|
//! | Ann reads v, Bob reads v, Ann writes a, Bob writes b | update lost |
//! | Ann reads v and writes a; Bob reads a and writes b | fine |
//! | Ann reads v and writes a; Bob, elsewhere, still reads v and writes b | update lost |
//! | Ann reads v, writes a, and writes again without reading | fine for the second: it changes her own |
//! | Bob writes b without having read | fine: he did not change a version, he set one |
//! | both writes replace nothing but what was read, and so stay side by side | fine: whoever reads next hears both |
//! | Ann's write came back "failed", or nobody could say | fine: nobody was promised that it stays |
//!
//! Each update after the first of a version is one violation, beside the first by
//! another customer. It stands from the later of both answers, for ever: reading
//! again and writing once more is a new change, not the lost one.
//!
//! This is about what customers knew, and holds in one region too. What replicas
//! knew is [`mod@super::acknowledged_writes`].
//!
//! # Cost
//! Some map look-ups a returned operation. What is remembered: for every session and
//! key the version last read, and for every version that can still be read or that a
//! session last read, the first updates by two customers.
//!
//! # Source
//! Berenson et al., *A Critique of ANSI SQL Isolation Levels*, SIGMOD 1995, section
//! 4.1, P4.

use splitbrain_sorted::Map;

use super::{Info, OfReads, Property, PropertyId};
use crate::observation::{FactRef, KeyRef, OpRef, Outcome, Session};
use crate::reading::{Access, Reading, Seen};
use crate::witness::{Role, Violation, ViolationKind};

/// The property.
pub const INFO: Info = Info {
    property: PropertyId::LostUpdate,
    id: "lost_update",
    per_customer: true,
    kinds: &[ViolationKind::UpdateLost],
};

/// A version of a key: the operation that wrote it; none: what was there at first.
type VersionRef = (KeyRef, Option<OpRef>);

#[derive(Debug, Clone, Default)]
pub(crate) struct LostUpdate {
    /// What each session last read of each key and has not written since, with the
    /// return of that read.
    last_read: Map<(Session, KeyRef), (Option<OpRef>, FactRef)>,
    versions: Map<VersionRef, Version>,
    violations: Vec<Violation>,
    has_subject: bool,
}

#[derive(Debug, Clone, Default)]
struct Version {
    /// Sessions that last read it.
    holders: u32,
    /// Nobody can read it any more.
    is_gone: bool,
    /// The first update, and the first by another customer.
    updates: [Option<Update>; 2],
}

#[derive(Debug, Clone, Copy)]
struct Update {
    session: Session,
    op: OpRef,
    read: FactRef,
    saved: FactRef,
    /// It replaces nothing but what its customer had read.
    is_conditional: bool,
}

impl LostUpdate {
    /// No write of this operation can be read any more.
    pub(crate) fn forget(&mut self, key: KeyRef, op: OpRef) {
        let version = (key, Some(op));
        if let Some(it) = self.versions.get_mut(&version) {
            it.is_gone = true;
            if it.holders == 0 {
                self.versions.remove(&version);
            }
        }
    }

    #[cfg(test)]
    pub(crate) fn remembered(&self) -> u32 {
        (self.versions.len() + self.last_read.len()) as u32
    }

    fn update(&mut self, version: VersionRef, update: Update) {
        self.has_subject = true;
        let Some(it) = self.versions.get_mut(&version) else {
            return;
        };
        let is_other = |held: &&Update| held.session != update.session;
        let other = it.updates.iter().flatten().find(is_other).copied();
        let is_first = it.updates[0].is_none();
        if is_first || (other.is_some() && it.updates[1].is_none()) {
            it.updates[usize::from(!is_first)] = Some(update);
        }
        // Where one of two such writes goes all the same, that is an acknowledged write lost.
        let stay_both = |other: &Update| other.is_conditional && update.is_conditional;
        if let Some(other) = other.filter(|other| !stay_both(other)) {
            let witness = vec![
                (other.read, Role::ReadSame),
                (other.saved, Role::ToldSaved),
                (update.read, Role::ReadSame),
                (update.saved, Role::ToldSaved),
            ];
            self.violations.push(Violation {
                session: Some(update.session),
                key: Some(version.0),
                op: Some(update.op),
                other: Some((other.session, other.op)),
                ..Violation::new(ViolationKind::UpdateLost, witness)
            });
        }
    }

    /// The session no longer has a version that it last read.
    fn release(&mut self, place: (Session, KeyRef)) {
        let Some((source, _)) = self.last_read.remove(&place) else {
            return;
        };
        let version = (place.1, source);
        if let Some(it) = self.versions.get_mut(&version) {
            it.holders -= 1;
            // Without an update there is nothing to know of it.
            if it.holders == 0 && (it.is_gone || it.updates[0].is_none()) {
                self.versions.remove(&version);
            }
        }
    }
}

impl OfReads for LostUpdate {
    fn take(&mut self, seen: &Seen, reading: &Reading) {
        let place = (seen.session, seen.key);
        match (seen.access, seen.outcome) {
            (Access::Read { source }, Outcome::Ok) => {
                self.release(place);
                self.last_read.insert(place, (source, seen.fact));
                let version = (seen.key, source);
                let it = self.versions.get_or_insert_with(version, Version::default);
                it.holders += 1;
                it.is_gone = source.is_some_and(|op| !reading.may_be_read(op));
            }
            (Access::Unread, Outcome::Ok) => self.release(place),
            (Access::Write, Outcome::Ok | Outcome::Unknown) => {
                if let Some(&(source, read)) = self.last_read.get(&place)
                    && read < seen.call
                {
                    if seen.outcome == Outcome::Ok {
                        let update = Update {
                            session: seen.session,
                            op: seen.op,
                            read,
                            saved: seen.fact,
                            is_conditional: seen.is_conditional,
                        };
                        self.update((seen.key, source), update);
                    }
                    self.release(place);
                }
            }
            _ => {}
        }
    }
}

impl Property for LostUpdate {
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
    use PropertyId::LostUpdate as IT;

    #[test]
    fn two_customers_who_replace_what_both_read_lose_one_update() {
        let mut run = Script::new(1);
        let read = [run.reads(0, 0), run.reads(1, 0)];
        let first = run.saves(0, 0, &[]);
        let second = run.saves(1, 0, &[first.write]);
        let violation = run.violation(IT);
        assert_eq!(violation.kind, ViolationKind::UpdateLost);
        assert_eq!(violation.first, second.told);
        assert_eq!(violation.op, Some(second.op));
        assert_eq!(violation.other, Some((Session(0), first.op)));
        let witness = [
            (read[0], Role::ReadSame),
            (read[1], Role::ReadSame),
            (first.told, Role::ToldSaved),
            (second.told, Role::ToldSaved),
        ];
        assert_eq!(violation.witness, witness);
        assert!(violation.concerns(Session(0)) && violation.concerns(Session(1)));
        assert!(!violation.concerns(Session(2)));
    }

    #[test]
    fn reading_the_others_write_first_keeps_both_updates() {
        let mut run = Script::new(1);
        run.reads(0, 0);
        run.reads(1, 0);
        let first = run.saves(0, 0, &[]);
        run.reads(1, 0);
        run.saves(1, 0, &[first.write]);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn a_replica_that_lags_hands_the_same_version_to_a_second_customer() {
        let mut run = Script::new(2);
        run.reads(0, 0);
        run.saves(0, 0, &[]);
        run.reads(1, 1);
        run.saves(1, 1, &[]);
        assert_eq!(run.kinds(IT), [ViolationKind::UpdateLost]);
    }

    #[test]
    fn who_has_not_read_or_writes_again_or_alone_loses_no_update() {
        let mut run = Script::new(1);
        run.reads(0, 0);
        let one = run.saves(0, 0, &[]);
        let two = run.saves(1, 0, &[one.write]);
        run.saves(0, 0, &[two.write]);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn only_updates_that_were_told_saved_count() {
        let mut run = Script::new(1);
        run.reads(0, 0);
        run.reads(1, 0);
        let op = run.write(0);
        run.accept(op, 0, &[]);
        run.told(op, Outcome::Unknown);
        run.saves(1, 0, &[]);
        assert!(run.kinds(IT).is_empty());
    }

    #[test]
    fn a_failed_write_leaves_what_was_read_and_the_next_one_rests_on_it() {
        let mut run = Script::new(1);
        run.reads(0, 0);
        run.reads(1, 0);
        let op = run.write(0);
        run.told(op, Outcome::Failed);
        run.saves(0, 0, &[]);
        run.saves(1, 0, &[]);
        assert_eq!(run.kinds(IT), [ViolationKind::UpdateLost]);
    }

    #[test]
    fn each_further_update_of_a_version_is_one_violation() {
        let mut run = Script::new(1);
        for session in 0..4 {
            run.reads(session, 0);
        }
        let mut last = Vec::new();
        for session in 0..4 {
            last = vec![run.saves(session, 0, &last).write];
        }
        assert_eq!(run.kinds(IT).len(), 3);
    }

    #[test]
    fn versions_that_nobody_holds_and_nobody_can_read_are_forgotten() {
        let mut run = Script::new(1);
        let mut last = Vec::new();
        for turn in 0..100 {
            let session = turn % 3;
            run.reads(session, 0);
            last = vec![run.saves(session, 0, &last).write];
        }
        assert!(run.judge.remembered_of_reads() < 20);
    }

    #[test]
    fn writes_that_stay_side_by_side_lose_no_update() {
        let mut run = Script::new(1);
        let old = run.saves_after(2, 0, &[], &[], &[]);
        run.reads(0, 0);
        run.reads(1, 0);
        let read = [old.write];
        let one = run.saves_after(0, 0, &read, &read, &[]);
        run.saves_after(1, 0, &read, &[], &[one.write]);
        assert!(run.kinds(IT).is_empty());
    }
}
