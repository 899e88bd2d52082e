//! Which writes the words of a text rest on.
//!
//! Told from what a replica shows, as everything of its kind is: a word that stands there
//! rests on the write that has its name, and one that is gone was deleted by a write that is
//! here, or it was lost.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::provenance::{Mark, Told, applied, superseded};
use crate::crdt::Dot;
use crate::documents::{Edit, Line};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::VersionView;

/// What a text rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Words {
    /// Every insertion that is here, by its name.
    insertions: Map<Dot, Mark>,
    /// The names of what is shown, in order.
    shown: Vec<Dot>,
    /// Insertions whose words were deleted.
    deleted: Map<FactId, ()>,
}

impl Words {
    fn write(&self, dot: Dot) -> FactId {
        let mark = self.insertions.get(&dot);
        mark.map_or(FactId::NONE, |mark| mark.write)
    }

    /// The insertions whose words are shown, in the order of the text.
    pub(super) fn shown(&self) -> impl Iterator<Item = &Mark> {
        self.shown.iter().filter_map(|dot| self.insertions.get(dot))
    }

    /// An insertion as a version: its word alone.
    pub(super) fn view(mark: &Mark) -> VersionView {
        let word = Edit::from_argument(mark.argument).word;
        VersionView {
            write: mark.write,
            value: Line::new([word].into_iter()).value(),
            origin: mark.dot.origin,
            sequence: mark.dot.counter,
            stamp_us: mark.stamp_us,
            count: 0,
        }
    }

    /// What a write that is about to be made deletes.
    pub(super) fn observed(&self, kind: OpKind, argument: Value) -> Rc<[FactId]> {
        let at = Edit::from_argument(argument).at as usize;
        let gone = self.shown.get(at).filter(|_| kind == OpKind::DeleteWord);
        gone.map(|&dot| self.write(dot)).into_iter().collect()
    }

    /// Takes in writes that are new here, and what is shown now.
    pub(super) fn take(&mut self, marks: &[&Mark], letters: &[Dot], told: &mut Vec<Told>) {
        for &mark in marks {
            if mark.kind == OpKind::InsertWord {
                self.insertions.insert(mark.dot, mark.clone());
            }
            for &word in mark.observed.iter() {
                self.deleted.insert(word, ());
            }
        }
        for &mark in marks {
            let place = letters.iter().position(|&dot| dot == mark.dot);
            let is_gone = self.deleted.contains_key(&mark.write);
            let is_kept = mark.kind == OpKind::DeleteWord || place.is_some() || is_gone;
            told.push(applied(mark, is_kept));
            if let Some(place) = place {
                let before = place.checked_sub(1).map(|before| letters[before]);
                let after = before.map_or(FactId::NONE, |dot| self.write(dot));
                let write = mark.write;
                told.push(Told::Inserted { write, after });
            }
            let write = mark.write;
            let gone = mark.observed.iter();
            told.extend(gone.map(|&word| Told::Deleted { write, word }));
        }
        let lost = self.shown.iter().filter(|dot| !letters.contains(dot));
        let lost = lost.map(|&dot| self.write(dot));
        let lost = lost.filter(|write| !self.deleted.contains_key(write));
        if let Some(last) = marks.last() {
            told.extend(lost.map(|write| superseded(write, last.write)));
        }
        self.shown = letters.to_vec();
    }
}
