//! Which writes a replica's value rests on, for the trace.
//!
//! A data type knows its tags and counts, and not who was told "saved". Beside each replica
//! this keeps which acknowledged writes live on in it: told from what it shows, so it needs
//! to know nothing of how a type decides, and what a broken type loses is seen to be lost.
//! Nothing of it travels on the wire or is read by the types.

use std::rc::Rc;

use splitbrain_sorted::Map;

use super::named::Named;
use super::words::Words;
use crate::conflict::{Decision, ReadContext};
use crate::crdt::laws::Replica;
use crate::crdt::replicated::Datum;
use crate::crdt::{Dot, MergedType, Superseded, Trail};
use crate::sim::fact::{FactId, OpKind};
use crate::sim::node::Value;
use crate::view::VersionView;

/// Additions of an item that are remembered when they are gone, in case they come back.
const GONE: usize = 8;

/// A write as the trace knows it.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    /// Its name among the writes of its key.
    pub(super) dot: Dot,
    /// The fact that accepted it; none for what no customer asked for.
    pub(super) write: FactId,
    /// What its origin's wall clock showed, in microseconds.
    pub(super) stamp_us: i64,
    /// What was asked for.
    pub(super) kind: OpKind,
    /// The item or the number.
    pub(super) argument: Value,
    /// The additions of its item that its origin showed; of a deletion the insertion of the
    /// word that it deletes.
    pub(super) observed: Rc<[FactId]>,
    /// What its customer had read, where a write goes by that.
    pub(super) read: Option<Rc<ReadContext>>,
}

impl Mark {
    /// Whether it was made in the place of another one.
    pub(super) fn covers(&self, other: &Self) -> bool {
        let has_read = |read: &Rc<ReadContext>| read.dots.contains(other.dot);
        self.observed.contains(&other.write) || self.read.as_ref().is_some_and(has_read)
    }
}

/// Something to be recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// A write is here from now on, or lives on here again.
    Applied {
        /// Which.
        write: FactId,
        /// Where it was accepted.
        origin: u8,
        /// Whether what is shown rests on it.
        is_reflected: bool,
    },
    /// A write stopped being reflected.
    Superseded(Superseded),
    /// A write that is new here does not replace another one.
    Beside {
        /// Which.
        write: FactId,
        /// What stands beside it.
        beside: FactId,
        /// How many stand side by side in all.
        count: u8,
    },
    /// A word stands in the text from now on.
    Inserted {
        /// The write that brought it.
        write: FactId,
        /// The write of the word after which it stands, if it is not the first.
        after: FactId,
    },
    /// A word is gone.
    Deleted {
        /// The write that deleted it.
        write: FactId,
        /// The write that had brought it.
        word: FactId,
    },
}

/// What an item of a set rests on.
#[derive(Clone, Debug, Default)]
pub(super) struct Item {
    /// Additions that live on.
    live: Vec<Mark>,
    /// The last that do not.
    gone: Vec<Mark>,
    /// The removal that was learnt of last.
    removal: Option<FactId>,
}

impl Item {
    fn bury(&mut self, mark: Mark) {
        if self.gone.len() == GONE {
            self.gone.remove(0);
        }
        self.gone.push(mark);
    }

    /// These additions gave way to a write.
    fn give_way(&mut self, by: FactId, loses: impl Fn(&Mark) -> bool, told: &mut Vec<Told>) {
        for mark in std::mem::take(&mut self.live) {
            if loses(&mark) {
                told.push(superseded(mark.write, by));
                self.bury(mark);
            } else {
                self.live.push(mark);
            }
        }
    }

    fn add(&mut self, mark: &Mark, is_shown: bool, told: &mut Vec<Told>) {
        told.push(applied(mark, is_shown));
        if is_shown {
            self.give_way(mark.write, |held| mark.observed.contains(&held.write), told);
            self.live.push(mark.clone());
        } else {
            told.extend(self.removal.map(|by| superseded(mark.write, by)));
            self.bury(mark.clone());
        }
    }

    /// A removal takes effect on what it saw if anything else keeps the item in.
    fn remove(&mut self, mark: &Mark, is_shown: bool, is_kept: bool, told: &mut Vec<Told>) {
        told.push(applied(mark, true));
        self.removal = Some(mark.write);
        let saw = |held: &Mark| mark.observed.contains(&held.write);
        if !is_shown {
            self.give_way(mark.write, |_| true, told);
        } else if is_kept || self.live.iter().any(|held| !saw(held)) {
            self.give_way(mark.write, saw, told);
        }
    }

    /// What is shown and what lives on have to agree, whatever the type did.
    fn agree(&mut self, is_shown: bool, told: &mut Vec<Told>) {
        if is_shown && self.live.is_empty() {
            if let Some(mark) = self.gone.pop() {
                told.push(applied(&mark, true));
                self.live.push(mark);
            }
        } else if !is_shown && let Some(by) = self.removal {
            self.give_way(by, |_| true, told);
        }
    }
}

/// Which writes live on in one replica of one key.
#[derive(Clone, Debug)]
pub(super) enum Provenance {
    /// Of a set.
    Items(Map<u8, Item>),
    /// Of a text.
    Words(Words),
    /// Of a register or a map.
    Named(Named),
    /// Of what keeps one write of all.
    Newest(Option<Mark>),
    /// Of what keeps every write.
    All,
}

/// What happened to a replica.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change<'a> {
    /// Writes that are new here, in the order in which they were accepted.
    pub(super) marks: &'a [Mark],
    /// The value now.
    pub(super) shown: Value,
    /// Whether the state is another one now.
    pub(super) has_changed: bool,
    /// Of what keeps one write of all, the one that whoever sent this keeps.
    pub(super) newest: Option<&'a Mark>,
    /// The [names](Provenance::names) of what is shown.
    pub(super) names: &'a [Dot],
}

impl Provenance {
    /// Of an empty replica.
    pub(super) fn new(of: &MergedType) -> Self {
        match of.trail {
            Trail::ByItem => Self::Items(Map::new()),
            Trail::ByWord => Self::Words(Words::default()),
            Trail::ByName => Self::Named(Named::new(of.decides_by == Decision::Stamp)),
            Trail::Newest => Self::Newest(None),
            Trail::All => Self::All,
        }
    }

    /// Of what is told by names, those of what a replica shows, in order.
    pub(super) fn names(&self, replica: &dyn Replica) -> Vec<Dot> {
        let part = match self {
            Self::Words(_) => "letters",
            Self::Named(_) => "held",
            Self::Items(_) | Self::Newest(_) | Self::All => return Vec::new(),
        };
        let parts = replica.state();
        let shown = parts.iter().filter(|held| held.id == part);
        let data = shown.flat_map(|part| part.rows.iter().flatten());
        let names = data.filter_map(|datum| match datum {
            Datum::Dot(dot) => Some(*dot),
            Datum::Stamp(stamp) => Some(stamp.dot),
            _ => None,
        });
        names.collect()
    }

    /// The writes that stand in a register or a map.
    pub(super) fn stands(&self) -> Vec<FactId> {
        match self {
            Self::Named(named) => named.live().map(|mark| mark.write).collect(),
            _ => Vec::new(),
        }
    }

    /// The additions of an item that are shown here; the insertion of a word that is about
    /// to be deleted.
    pub(super) fn observed(&self, kind: OpKind, item: Value) -> Rc<[FactId]> {
        let items = match self {
            Self::Words(words) => return words.observed(kind, item),
            Self::Named(named) => return named.observed(kind, item),
            Self::Items(items) => items,
            Self::Newest(_) | Self::All => return Rc::new([]),
        };
        let held = items.get(&(item.0 as u8));
        let live = held.map_or(&[][..], |held| held.live.as_slice());
        live.iter().map(|mark| mark.write).collect()
    }

    /// The write that is kept, where one is.
    pub(super) fn newest(&self) -> Option<&Mark> {
        match self {
            Self::Newest(newest) => newest.as_ref(),
            _ => None,
        }
    }

    /// Takes in what happened, and says what is to be recorded of it.
    pub(super) fn take(&mut self, change: Change<'_>, told: &mut Vec<Told>) {
        let marks = change.marks.iter().filter(|mark| mark.write.is_some());
        match self {
            Self::All => told.extend(marks.map(|mark| applied(mark, true))),
            Self::Words(words) => words.take(&marks.collect::<Vec<_>>(), change.names, told),
            Self::Named(named) => named.take(&marks.collect::<Vec<_>>(), change.names, told),
            Self::Newest(held) => {
                let winner = if change.has_changed {
                    change.newest.or(change.marks.last())
                } else {
                    held.as_ref()
                };
                let Some(winner) = winner.cloned() else {
                    return;
                };
                for mark in marks {
                    let wins = mark.write == winner.write;
                    told.push(applied(mark, wins));
                    if !wins {
                        told.push(superseded(mark.write, winner.write));
                    }
                }
                let before = held.replace(winner.clone());
                let lost = before.filter(|mark| mark.write != winner.write);
                told.extend(lost.map(|mark| superseded(mark.write, winner.write)));
            }
            Self::Items(items) => {
                let is_shown =
                    |item: u8| change.shown.0.checked_shr(item.into()).unwrap_or(0) & 1 == 1;
                for mark in marks {
                    let item = mark.argument.0 as u8;
                    let held = items.get_or_insert_with(item, Item::default);
                    if mark.kind == OpKind::Remove {
                        let is_kept = change.marks.iter().any(|other| {
                            let adds = other.kind == OpKind::Add && other.argument == mark.argument;
                            adds && other.write > mark.write
                        });
                        held.remove(mark, is_shown(item), is_kept, told);
                    } else {
                        held.add(mark, is_shown(item), told);
                    }
                }
                for item in 0..u32::BITS as u8 {
                    if let Some(held) = items.get_mut(&item) {
                        held.agree(is_shown(item), told);
                    }
                }
            }
        }
    }

    /// The surviving writes, as versions.
    pub(super) fn versions(&self, versions: &mut Vec<VersionView>) {
        let view = |mark: &Mark| VersionView {
            write: mark.write,
            value: mark.argument,
            origin: mark.dot.origin,
            sequence: mark.dot.counter,
            stamp_us: mark.stamp_us,
            count: 0,
        };
        match self {
            Self::All => {}
            Self::Words(words) => versions.extend(words.shown().map(Words::view)),
            Self::Named(named) => versions.extend(named.live().map(Named::view)),
            Self::Newest(newest) => versions.extend(newest.as_ref().map(view)),
            Self::Items(items) => {
                versions.extend(items.values().flat_map(|item| &item.live).map(view));
            }
        }
    }
}

pub(super) fn applied(mark: &Mark, is_reflected: bool) -> Told {
    Told::Applied {
        write: mark.write,
        origin: mark.dot.origin,
        is_reflected,
    }
}

pub(super) fn superseded(lost: FactId, by: FactId) -> Told {
    Told::Superseded(Superseded { lost, by })
}
