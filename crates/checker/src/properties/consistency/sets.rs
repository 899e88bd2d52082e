//! Read your writes and monotonic reads of keys that items are put into and taken out of.
//!
//! # What they say
//! A read shows a set and not which writes it reflects, so what a customer may demand is
//! said by item. Read your writes: an item that a customer was told is in is shown to
//! her, unless somebody took it out; and one that she was told is out is not, unless
//! somebody put it in. Monotonic reads: an item that she was shown is shown again,
//! unless somebody took it out. "Somebody" is anybody who asked for it, at any time
//! before the read returned, for a rule may order that one last; her own earlier doing
//! aside, which her later one follows in every order that keeps sessions (Terry et al.
//! 1994). An attempt of unknown outcome counts as taking effect. So what is called
//! broken here is broken whichever rule merges the sets; what only one rule forbids, as
//! the return of an item that somebody else had put in, is not seen.
//!
//! The value of a read is a set of items as bits: item i is in where bit i is one. Only
//! an answer that some replica was seen to give is judged.
//!
//! # Cost
//! Operations that have not returned; for each key and item that was ever asked for, two
//! counts, and the same for each customer with what she was told and shown last.
//!
//! # Source
//! Terry et al. 1994; visibility of the operations of a set as in Burckhardt 2014,
//! section 4.

use splitbrain_sorted::Map;

use crate::observation::{FactRef, KeyRef, OpRef, Outcome, Session};
use crate::properties::PropertyId;
use crate::witness::Role;

/// Items that a value has room for.
const ITEMS: u32 = u32::BITS;

/// What is done to an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    Add,
    Remove,
}

/// An operation on a set that has not returned.
#[derive(Debug, Clone)]
struct Pending {
    session: Session,
    key: KeyRef,
    call: FactRef,
    /// Nothing where it reads.
    change: Option<(Change, u32)>,
    /// What attempts to read were shown.
    served: Vec<u32>,
}

/// A change that a customer was told took effect.
#[derive(Debug, Clone, Copy)]
struct Told {
    change: Change,
    call: FactRef,
    fact: FactRef,
}

/// How often something was asked for that did not fail.
#[derive(Debug, Clone, Copy, Default)]
struct Asked {
    adds: u32,
    removes: u32,
}

impl Asked {
    fn of(&mut self, change: Change) -> &mut u32 {
        match change {
            Change::Add => &mut self.adds,
            Change::Remove => &mut self.removes,
        }
    }
}

/// What a customer knows of an item.
#[derive(Debug, Clone, Copy, Default)]
struct Own {
    asked: Asked,
    /// Those of unknown outcome, and those under way: they may take effect at any time.
    open: Asked,
    told: Option<Told>,
    /// The last read that showed it since she took it out.
    shown: Option<FactRef>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Item {
    asked: Asked,
    /// Where it was put in last.
    added: Option<FactRef>,
}

/// A read of a set broke a guarantee.
#[derive(Debug, Clone)]
pub(super) struct SetFault {
    pub(super) model: PropertyId,
    pub(super) session: Session,
    pub(super) key: KeyRef,
    pub(super) op: OpRef,
    pub(super) witness: Vec<(FactRef, Role)>,
}

/// What was told about sets so far, judged.
#[derive(Debug, Clone, Default)]
pub(super) struct Sets {
    pending: Map<OpRef, Pending>,
    items: Map<(KeyRef, u32), Item>,
    own: Map<(KeyRef, Session, u32), Own>,
    broken: Map<(PropertyId, Session), ()>,
}

impl Sets {
    /// Whether anything was ever put into a key, or taken out of it.
    pub(super) fn is_set(&self, key: KeyRef) -> bool {
        let first = (key, 0);
        let mut items = self.items.range_from(&first);
        items.next().is_some_and(|((of, _), _)| *of == key)
    }

    /// A customer asks for a change of an item. More items than a value has room for
    /// are left out.
    pub(super) fn call_change(
        &mut self,
        (call, op): (FactRef, OpRef),
        (session, key): (Session, KeyRef),
        (change, item): (Change, u32),
    ) {
        if item >= ITEMS || self.pending.contains_key(&op) {
            return;
        }
        let held = self.items.get_or_insert_with((key, item), Item::default);
        *held.asked.of(change) += 1;
        if change == Change::Add {
            held.added = Some(call);
        }
        let own = self
            .own
            .get_or_insert_with((key, session, item), Own::default);
        *own.asked.of(change) += 1;
        *own.open.of(change) += 1;
        let change = Some((change, item));
        self.pending.insert(
            op,
            Pending {
                session,
                key,
                call,
                change,
                served: Vec::new(),
            },
        );
    }

    /// A customer asks what is in a key.
    pub(super) fn call_read(
        &mut self,
        (call, op): (FactRef, OpRef),
        session: Session,
        key: KeyRef,
    ) {
        if !self.pending.contains_key(&op) {
            let change = None;
            self.pending.insert(
                op,
                Pending {
                    session,
                    key,
                    call,
                    change,
                    served: Vec::new(),
                },
            );
        }
    }

    /// A replica shows an attempt to read what is in a key.
    pub(super) fn serve(&mut self, op: OpRef, key: KeyRef, value: u32) {
        if let Some(pending) = self.pending.get_mut(&op)
            && (pending.key, pending.change) == (key, None)
            && !pending.served.contains(&value)
        {
            pending.served.push(value);
        }
    }

    /// An operation returned. Whether it was a read that could be judged, and what it
    /// broke.
    pub(super) fn answer(
        &mut self,
        op: OpRef,
        fact: FactRef,
        outcome: Outcome,
        value: u32,
    ) -> (bool, Vec<SetFault>) {
        let Some(pending) = self.pending.remove(&op) else {
            return (false, Vec::new());
        };
        match (pending.change, outcome) {
            (Some(change), outcome) => {
                self.changed(&pending, change, fact, outcome);
                (false, Vec::new())
            }
            (None, Outcome::Ok) if self.is_set(pending.key) && pending.served.contains(&value) => {
                (true, self.read(op, &pending, fact, value))
            }
            (None, _) => (false, Vec::new()),
        }
    }

    fn changed(
        &mut self,
        pending: &Pending,
        (change, item): (Change, u32),
        fact: FactRef,
        outcome: Outcome,
    ) {
        let of = (pending.key, pending.session, item);
        let (Some(own), Some(held)) = (
            self.own.get_mut(&of),
            self.items.get_mut(&(pending.key, item)),
        ) else {
            return;
        };
        match outcome {
            Outcome::Unknown => return,
            Outcome::Failed => {
                *own.asked.of(change) -= 1;
                *held.asked.of(change) -= 1;
            }
            Outcome::Ok => {
                let call = pending.call;
                own.told = Some(Told { change, call, fact });
                if change == Change::Remove {
                    own.shown = None;
                }
            }
        }
        *own.open.of(change) -= 1;
    }

    fn read(&mut self, op: OpRef, pending: &Pending, fact: FactRef, value: u32) -> Vec<SetFault> {
        let Pending {
            session, key, call, ..
        } = *pending;
        let mut faults = Vec::new();
        let first = (key, 0);
        let items = self.items.range_from(&first);
        for (&(_, item), held) in items.take_while(|((of, _), _)| *of == key) {
            let is_in = value >> item & 1 == 1;
            let own = self
                .own
                .get_or_insert_with((key, session, item), Own::default);
            // Somebody else may have done it, or she herself, and nobody knows.
            let excused = |change: Change| {
                let [mut all, mut mine, mut open] = [held.asked, own.asked, own.open];
                *all.of(change) > *mine.of(change) || *open.of(change) > 0
            };
            let asked = (call, Role::Asked);
            let mut fault = |model, witness: Vec<(FactRef, Role)>| {
                faults.push(SetFault {
                    model,
                    session,
                    key,
                    op,
                    witness,
                });
            };
            if let Some(told) = own.told
                && (told.change == Change::Add) != is_in
                && !excused(match told.change {
                    Change::Add => Change::Remove,
                    Change::Remove => Change::Add,
                })
            {
                let wanted = (told.call, Role::WantedNewer);
                let knew = (told.fact, Role::ToldNewer);
                let read = (fact, Role::ReadOld);
                fault(PropertyId::ReadYourWrites, vec![wanted, knew, asked, read]);
            }
            if let Some(shown) = own.shown
                && !is_in
                && !excused(Change::Remove)
            {
                let added = held.added.map(|call| (call, Role::WantedNewer));
                let facts = [(shown, Role::Knew), asked, (fact, Role::ReadOld)];
                let witness = added.into_iter().chain(facts).collect();
                fault(PropertyId::MonotonicReads, witness);
            }
            if is_in {
                own.shown = Some(fact);
            }
        }
        faults.retain(|fault| {
            let broken = &mut self.broken;
            let is_first = !broken.contains_key(&(fault.model, fault.session));
            broken.insert((fault.model, fault.session), ());
            is_first
        });
        faults
    }
}
