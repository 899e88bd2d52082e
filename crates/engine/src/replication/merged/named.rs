//! Which writes a register or a map rests on.
//!
//! Told from what a replica holds, as everything of its kind is: each value in it has the
//! name of the write that brought it.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::provenance::{Mark, Told, applied, superseded};
use crate::crdt::Dot;
use crate::records::Field;
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::VersionView;

/// What a register or a map rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Named {
    /// Every write that came here, by its name.
    writes: Map<Dot, Mark>,
    /// The names of what is held, in order.
    shown: Vec<Dot>,
}

/// Of which field a write is, if it is of one; else it is of all that there is.
fn field(kind: OpKind, argument: Value) -> Option<Field> {
    (kind == OpKind::WriteField).then(|| Field::from_argument(argument).0)
}

fn field_of(mark: &Mark) -> Option<Field> {
    field(mark.kind, mark.argument)
}

impl Named {
    /// The writes that stand, in the order of what is held.
    pub(super) fn live(&self) -> impl Iterator<Item = &Mark> {
        self.shown.iter().filter_map(|dot| self.writes.get(dot))
    }

    /// A write as a version: of a record its field alone.
    pub(super) fn view(mark: &Mark) -> VersionView {
        let value = match field_of(mark) {
            Some(field) => field.put(Value(0), Field::from_argument(mark.argument).1),
            None => mark.argument,
        };
        VersionView {
            write: mark.write,
            value,
            origin: mark.dot.origin,
            sequence: mark.dot.counter,
            stamp_us: mark.stamp_us,
            count: 0,
        }
    }

    /// What a write that is about to be made finds in its place.
    pub(super) fn observed(&self, kind: OpKind, argument: Value) -> Rc<[FactId]> {
        let own = field(kind, argument);
        let found = self.live().filter(|mark| field_of(mark) == own);
        found.map(|mark| mark.write).collect()
    }

    /// What a write that does not stand gave way to: whoever had observed it, else what
    /// stands in its place.
    fn winner(&self, lost: &Mark) -> Option<FactId> {
        let mut observers = self.writes.values();
        let observer = observers.find(|mark| mark.observed.contains(&lost.write));
        let instead = || {
            let mut live = self.live();
            live.find(|mark| field_of(mark) == field_of(lost))
        };
        observer.or_else(instead).map(|mark| mark.write)
    }

    /// Takes in writes that are new here, and what is held now.
    pub(super) fn take(&mut self, marks: &[&Mark], names: &[Dot], told: &mut Vec<Told>) {
        let before = std::mem::replace(&mut self.shown, names.to_vec());
        for &mark in marks {
            self.writes.insert(mark.dot, mark.clone());
        }
        let gone = before.iter().filter(|dot| !names.contains(dot));
        let gone: Vec<&Mark> = gone.filter_map(|dot| self.writes.get(dot)).collect();
        for &mark in marks {
            told.push(applied(mark, names.contains(&mark.dot)));
        }
        let late = marks.iter().filter(|mark| !names.contains(&mark.dot));
        for lost in gone.into_iter().chain(late.copied()) {
            let by = self.winner(lost);
            told.extend(by.map(|by| superseded(lost.write, by)));
        }
        let new = marks.iter().filter(|mark| names.contains(&mark.dot));
        for &mark in new {
            let others = self
                .live()
                .filter(|held| held.dot != mark.dot && field_of(held) == field_of(mark));
            let others: Vec<FactId> = others.map(|held| held.write).collect();
            let count = u8::try_from(others.len() + 1).unwrap_or(u8::MAX);
            told.extend(others.into_iter().map(|beside| Told::Beside {
                write: mark.write,
                beside,
                count,
            }));
        }
    }
}
