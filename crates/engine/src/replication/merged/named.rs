//! Which writes a register or a map rests on.
//!
//! Told from what a replica holds, as everything of its kind is: each value in it has the
//! name of the write that brought it.

use std::rc::Rc;

use super::provenance::{Mark, Told, applied, superseded};
use crate::crdt::Dot;
use crate::records::Field;
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::VersionView;

/// Writes that are remembered when they stand no more, in case something comes late that
/// they replaced.
const GONE: usize = 32;

/// What a register or a map rests on.
#[derive(Clone, Debug)]
pub(super) struct Named {
    /// Whether the larger stamp stays, whoever had read what.
    goes_by_stamps: bool,
    /// The writes that stand, in the order of what is held.
    live: Vec<Mark>,
    /// The last that do not.
    gone: Vec<Mark>,
}

/// Of which field a write is, if it is of one; else it is of all that there is.
fn field(kind: OpKind, argument: Value) -> Option<Field> {
    (kind == OpKind::WriteField).then(|| Field::from_argument(argument).0)
}

fn field_of(mark: &Mark) -> Option<Field> {
    field(mark.kind, mark.argument)
}

impl Named {
    /// Of an empty replica.
    pub(super) fn new(goes_by_stamps: bool) -> Self {
        Self {
            goes_by_stamps,
            live: Vec::new(),
            gone: Vec::new(),
        }
    }

    /// The writes that stand, in the order of what is held.
    pub(super) fn live(&self) -> impl Iterator<Item = &Mark> {
        self.live.iter()
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

    /// What a write that does not stand gave way to: the one that stands in its place, by
    /// stamps; else one that was made in its place, or, if that came here with nobody to
    /// tell, one that stands there.
    fn winner(&self, lost: &Mark) -> Option<FactId> {
        let instead = || self.live().filter(|mark| field_of(mark) == field_of(lost));
        let covers = |mark: &&Mark| !self.goes_by_stamps && mark.covers(lost);
        let replaced = self.live().find(covers);
        let replaced = replaced.or_else(|| self.gone.iter().find(covers));
        replaced.or_else(|| instead().next()).map(|mark| mark.write)
    }

    /// Takes in writes that are new here, and what is held now.
    pub(super) fn take(&mut self, marks: &[&Mark], names: &[Dot], told: &mut Vec<Told>) {
        let stands = |mark: &Mark| names.contains(&mark.dot);
        let before = std::mem::take(&mut self.live);
        let (returned, gone) = std::mem::take(&mut self.gone).into_iter().partition(stands);
        self.gone = gone;
        let here = || before.iter().chain(marks.iter().copied());
        let find = |name: &Dot| {
            let mut all = here().chain(&returned);
            all.find(|mark| mark.dot == *name).cloned()
        };
        self.live = names.iter().filter_map(find).collect();
        let lost: Vec<Mark> = here().filter(|mark| !stands(mark)).cloned().collect();
        self.gone.extend(lost.iter().cloned());
        let surplus = self.gone.len().saturating_sub(GONE);
        self.gone.drain(..surplus);
        told.extend(marks.iter().map(|mark| applied(mark, stands(mark))));
        told.extend(returned.iter().map(|mark| applied(mark, true)));
        for lost in &lost {
            let by = self.winner(lost);
            told.extend(by.map(|by| superseded(lost.write, by)));
        }
        for mark in marks.iter().filter(|mark| stands(mark)) {
            let beside = |held: &&Mark| held.dot != mark.dot && field_of(held) == field_of(mark);
            let others = self.live().filter(beside).map(|held| held.write);
            let others: Vec<FactId> = others.collect();
            let count = u8::try_from(others.len() + 1).unwrap_or(u8::MAX);
            told.extend(others.into_iter().map(|beside| Told::Beside {
                write: mark.write,
                beside,
                count,
            }));
        }
    }
}
