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
}

impl Entry {
    /// Its size on the wire in bytes.
    pub const BYTES: u32 = 4 + 4 + 1 + 4 + 8;

    /// The item of a set that it changes; none if it changes a register.
    pub fn item(&self) -> Option<u32> {
        matches!(self.kind, OpKind::Add | OpKind::Remove).then_some(self.argument.0)
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

    /// The latest entry of a key.
    fn last(&self, key: Key) -> Option<&Entry> {
        let mut entries = self.0.iter();
        entries.rfind(|entry| entry.key == key && entry.write.is_some())
    }

    /// The latest entry of a register, or of an item of a set.
    fn latest(&self, key: Key, item: Option<u32>) -> Option<&Entry> {
        let mut entries = self.0.iter();
        entries.rfind(|entry| entry.key == key && entry.item() == item && entry.write.is_some())
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

/// What is held of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// Its value.
    pub value: Value,
    /// The write that made it.
    pub by: Entry,
    /// How many writes of it were applied.
    pub count: u32,
}

impl Cell {
    /// Its size on the wire in bytes.
    pub const BYTES: u32 = Entry::BYTES + 4 + 4;
}

/// The values that the applied part of a log makes.
#[derive(Clone, Debug, Default)]
pub struct Values {
    cells: Map<Key, (Value, Entry)>,
    /// The last write about each item of each set; without it each write to a set takes the
    /// place of the one before.
    items: Option<Map<(Key, u32), FactId>>,
    /// Writes applied of each key, for panels.
    counts: Map<Key, u32>,
}

impl Values {
    /// Values whose sets are changed item by item: what is said of one takes the place of
    /// what was said of it.
    pub fn by_item() -> Self {
        Self {
            items: Some(Map::new()),
            ..Self::default()
        }
    }

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
        let lost = match (&mut self.items, entry.item()) {
            (Some(items), Some(item)) => {
                let lost = items.get(&(key, item)).copied();
                items.insert((key, item), entry.write);
                lost
            }
            _ => held.map(|(_, by)| by.write),
        };
        if let Some(lost) = lost {
            let subjects = [lost.0, entry.write.0, key.0];
            cx.record_because(applied, FactKind::ValueOverwritten, 0, origin, subjects);
        }
        Self::show(cx, applied, key, before, after);
        self.cells.insert(key, (after, *entry));
        *self.counts.get_or_insert_with(key, || 0) += 1;
        after
    }

    /// Gives a key away: what it holds, which is held here no more.
    pub fn take(&mut self, key: Key) -> Option<Cell> {
        let (value, by) = self.cells.remove(&key)?;
        let count = self.counts.remove(&key).unwrap_or(0);
        Some(Cell { value, by, count })
    }

    /// Takes in a key that was held elsewhere, as it was there.
    pub fn put(&mut self, key: Key, cell: Cell) {
        self.cells.insert(key, (cell.value, cell.by));
        self.counts.insert(key, cell.count);
    }

    /// The keys that are held, in order, with their values.
    pub fn iter(&self) -> impl Iterator<Item = (Key, Value)> {
        self.cells.iter().map(|(&key, &(value, _))| (key, value))
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
        // What was changed: a register, or an item of a set.
        let mut places = Map::new();
        for entry in taken.iter().rev().filter(|entry| entry.write.is_some()) {
            let origin = HostId(u16::from(entry.origin));
            let subjects = [entry.write.0, entry.key.0, 0];
            cx.record_because(cause, FactKind::WriteRolledBack, 0, origin, subjects);
            if self.cells.contains_key(&entry.key) {
                places.insert((entry.key, entry.item()), ());
            }
        }
        let mut keys = Map::new();
        for &(key, item) in places.keys() {
            keys.insert(key, ());
            let latest = log.latest(key, item);
            if let Some(entry) = latest {
                let origin = HostId(u16::from(entry.origin));
                let subjects = [entry.write.0, key.0, 0];
                cx.record_because(cause, FactKind::WriteApplied, 1, origin, subjects);
            }
            match (&mut self.items, item, latest) {
                (Some(items), Some(item), Some(entry)) => items.insert((key, item), entry.write),
                (Some(items), Some(item), None) => drop(items.remove(&(key, item))),
                _ => {}
            }
        }
        for &key in keys.keys() {
            let before = self.get(key, initial).0;
            let after = log.value(key, log.len(), initial);
            match log.last(key) {
                Some(entry) => self.cells.insert(key, (after, *entry)),
                None => drop(self.cells.remove(&key)),
            }
            Self::show(cx, cause, key, before, after);
        }
    }

    /// Records that a key shows another value here.
    pub fn show(cx: &mut Context<'_>, cause: FactId, key: Key, before: Value, after: Value) {
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
                    count: 0,
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
