//! A log of writes under epochs, and the values that it makes: what a single writer
//! and a consensus group keep.
//!
//! Two logs that have an entry of the same epoch at the same place are the same up to
//! there, because each epoch has one writer (Ongaro and Ousterhout, "In search of an
//! understandable consensus algorithm", USENIX ATC 2014, section 5.3).

use splitbrain_sorted::Map;

use super::change::changed;
use crate::clocks::VersionVector;
use crate::sim::fact::{FactId, FactKind, HostId, OpKind};
use crate::sim::node::{Context, Key, Value};
use crate::view::{EntryView, VersionView};

/// One write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The epoch or term of the writer that took it.
    pub epoch: u32,
    /// The key.
    pub key: Key,
    /// What it does.
    pub kind: OpKind,
    /// The new value or the item.
    pub argument: Value,
    /// The fact that accepted it; none for an entry that writes nothing.
    pub write: FactId,
    /// The region that took it.
    pub origin: u8,
    /// What that region's wall clock showed, in microseconds.
    pub stamp_us: i64,
    /// Whether it was handed in again after another region had become the writer.
    pub is_reclaimed: bool,
}

impl Entry {
    /// Its size on the wire in bytes.
    pub const BYTES: u32 = 4 + 4 + 1 + 4 + 8;

    /// Whether it changes an item of a set, and not a register.
    pub fn is_of_item(&self) -> bool {
        matches!(self.kind, OpKind::Add | OpKind::Remove)
    }
}

/// The log of one replica. All of it is durable.
#[derive(Clone, Debug, Default)]
pub struct Log(Vec<Entry>);

impl Log {
    /// How many entries it has.
    pub fn len(&self) -> u32 {
        self.0.len() as u32
    }

    /// Whether it has none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The epoch of the entry before this place; 0 at the beginning.
    pub fn epoch_before(&self, place: u32) -> u32 {
        let before = (place as usize).checked_sub(1);
        before
            .and_then(|before| self.0.get(before))
            .map_or(0, |entry| entry.epoch)
    }

    /// The epoch of the last entry; 0 if there is none.
    pub fn last_epoch(&self) -> u32 {
        self.epoch_before(self.len())
    }

    /// The entry at a place, from 0.
    pub fn get(&self, place: u32) -> Option<&Entry> {
        self.0.get(place as usize)
    }

    /// At most so many entries from a place on.
    pub fn from(&self, place: u32, most: usize) -> Vec<Entry> {
        let from = (place as usize).min(self.0.len());
        self.0[from..].iter().take(most).copied().collect()
    }

    /// Adds an entry and gives its place.
    pub fn push(&mut self, entry: Entry) -> u32 {
        self.0.push(entry);
        self.len() - 1
    }

    /// Whether another log, which has an entry of this epoch before this place, is the
    /// same up to there.
    pub fn agrees(&self, place: u32, epoch_before: u32) -> bool {
        place <= self.len() && self.epoch_before(place) == epoch_before
    }

    /// Where to try next when another log does not agree at this place: the beginning of
    /// the epoch that this log has before it.
    pub fn back_off(&self, place: u32) -> u32 {
        let place = place.min(self.len());
        let epoch = self.epoch_before(place);
        let before = &self.0[..place as usize];
        before.partition_point(|entry| entry.epoch < epoch) as u32
    }

    /// Takes out everything from a place on, and gives it.
    pub fn truncate(&mut self, place: u32) -> Vec<Entry> {
        self.0.split_off((place as usize).min(self.0.len()))
    }

    /// Where another log's entries first differ from those here, given from a place on;
    /// none if they do not, as far as both go.
    pub fn conflict(&self, place: u32, entries: &[Entry]) -> Option<u32> {
        let here = self.0.iter().skip(place as usize);
        let differs = here
            .zip(entries)
            .position(|(one, other)| one.epoch != other.epoch);
        differs.map(|after| place + after as u32)
    }

    /// All of them.
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }

    /// The latest entry of a key before a place.
    fn latest(&self, key: Key, before: u32) -> Option<&Entry> {
        let before = &self.0[..(before as usize).min(self.0.len())];
        before
            .iter()
            .rfind(|entry| entry.key == key && entry.write.is_some())
    }

    /// The value of a key after the entries before a place.
    fn value(&self, key: Key, before: u32, initial: Value) -> Value {
        let before = &self.0[..(before as usize).min(self.0.len())];
        let of_key = before
            .iter()
            .filter(|it| it.key == key && it.write.is_some());
        of_key.fold(initial, |held, it| changed(it.kind, it.argument, held))
    }
}

/// The values that the applied part of a log makes.
#[derive(Clone, Debug, Default)]
pub struct Values {
    cells: Map<Key, (Value, Entry)>,
    /// Writes applied of each key, for panels.
    counts: Map<Key, u32>,
}

impl Values {
    /// The value of a key, and the write that made it.
    pub fn get(&self, key: Key, initial: Value) -> (Value, FactId) {
        let held = self.cells.get(&key);
        held.map_or((initial, FactId::NONE), |(value, by)| (*value, by.write))
    }

    /// The epoch in which a key was last written; 0 if never.
    pub fn epoch(&self, key: Key) -> u32 {
        self.cells.get(&key).map_or(0, |(_, by)| by.epoch)
    }

    /// Whether nothing was written to a key yet.
    pub fn is_new(&self, key: Key) -> bool {
        !self.cells.contains_key(&key)
    }

    /// Applies an entry and records what that did; gives the new value.
    pub fn apply(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        entry: &Entry,
        initial: Value,
    ) -> Value {
        if !entry.write.is_some() {
            return initial;
        }
        let key = entry.key;
        let held = self.cells.get(&key).copied();
        let before = held.map_or(initial, |(value, _)| value);
        let after = changed(entry.kind, entry.argument, before);
        let origin = HostId(u16::from(entry.origin));
        let subjects = [entry.write.0, key.0, 0];
        let applied = cx.record_because(cause, FactKind::WriteApplied, 1, origin, subjects);
        // Handed in again beside another item of the same set it takes nothing's place.
        let is_beside =
            |lost: &Entry| entry.is_reclaimed && entry.is_of_item() && lost.is_of_item();
        if let Some((_, lost)) = held.filter(|(_, lost)| !is_beside(lost)) {
            let subjects = [lost.write.0, entry.write.0, key.0];
            cx.record_because(applied, FactKind::ValueOverwritten, 0, origin, subjects);
        }
        Self::show(cx, applied, key, before, after);
        self.cells.insert(key, (after, *entry));
        *self.counts.get_or_insert_with(key, || 0) += 1;
        after
    }

    /// Takes back entries that were applied, the last first, and shows what the rest of
    /// the log makes.
    pub fn roll_back(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        taken: &[Entry],
        log: &Log,
        initial: Value,
    ) {
        let mut keys = Map::new();
        for entry in taken.iter().rev().filter(|entry| entry.write.is_some()) {
            let origin = HostId(u16::from(entry.origin));
            let subjects = [entry.write.0, entry.key.0, 0];
            cx.record_because(cause, FactKind::WriteRolledBack, 0, origin, subjects);
            if self.cells.contains_key(&entry.key) {
                keys.insert(entry.key, ());
            }
        }
        for &key in keys.keys() {
            let before = self.get(key, initial).0;
            let after = log.value(key, log.len(), initial);
            match log.latest(key, log.len()) {
                Some(entry) => {
                    let origin = HostId(u16::from(entry.origin));
                    let subjects = [entry.write.0, key.0, 0];
                    cx.record_because(cause, FactKind::WriteApplied, 1, origin, subjects);
                    self.cells.insert(key, (after, *entry));
                }
                None => drop(self.cells.remove(&key)),
            }
            Self::show(cx, cause, key, before, after);
        }
    }

    fn show(cx: &mut Context<'_>, cause: FactId, key: Key, before: Value, after: Value) {
        if before != after {
            let subjects = [key.0, after.0, before.0];
            let here = cx.me.host();
            cx.record_because(cause, FactKind::ValueShown, 0, here, subjects);
        }
    }

    /// What is held, for panels.
    pub fn view(&self, entries: &mut Vec<EntryView>) {
        for (&key, &(value, by)) in self.cells.iter() {
            let sequence = self.counts.get(&key).copied().unwrap_or(0);
            entries.push(EntryView {
                key,
                value,
                versions: vec![VersionView {
                    write: by.write,
                    value,
                    origin: by.origin,
                    sequence,
                    stamp_us: by.stamp_us,
                }],
                vector: VersionVector::default(),
                payment: None,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(epoch: u32, key: u32, argument: u32) -> Entry {
        Entry {
            epoch,
            key: Key(key),
            kind: OpKind::Write,
            argument: Value(argument),
            write: FactId(argument),
            origin: 0,
            stamp_us: 0,
            is_reclaimed: false,
        }
    }

    #[test]
    fn logs_agree_where_the_epoch_before_is_the_same() {
        let mut log = Log::default();
        for (epoch, argument) in [(1, 1), (1, 2), (2, 3)] {
            log.push(entry(epoch, 0, argument));
        }
        assert!(log.agrees(0, 0) && log.agrees(2, 1) && log.agrees(3, 2));
        assert!(!log.agrees(3, 1) && !log.agrees(4, 2));
        assert_eq!(log.conflict(1, &[entry(1, 0, 2), entry(3, 0, 9)]), Some(2));
        assert_eq!(log.conflict(1, &[entry(1, 0, 2)]), None);
        assert_eq!(log.truncate(1).len(), 2);
        assert_eq!((log.len(), log.last_epoch()), (1, 1));
    }

    #[test]
    fn a_set_in_a_log_is_changed_item_by_item() {
        let mut log = Log::default();
        for (kind, argument) in [(OpKind::Add, 1), (OpKind::Add, 2), (OpKind::Remove, 1)] {
            log.push(Entry {
                kind,
                ..entry(1, 7, argument)
            });
        }
        assert_eq!(log.value(Key(7), 2, Value(0)), Value(6));
        assert_eq!(log.value(Key(7), 3, Value(0)), Value(4));
    }
}
