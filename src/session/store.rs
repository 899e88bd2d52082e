//! Storage: the only one that touches the browser's.
//!
//! Where storage is refused or full, everything goes on in memory. What cannot be read is put aside under another name, never thrown away.

use std::cell::RefCell;

use splitbrain_sorted::Map;
use web_sys::Storage;

use super::desk::PLAYGROUND;
use super::tabs::Record;

/// What all names in storage begin with.
const PREFIX: &str = "splitbrain.";
/// What is kept for a tab alone: its number, under which it writes.
const TAB: &str = "splitbrain.tab";

/// Why something was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The browser keeps nothing for this page.
    Refused,
    /// There is no room left.
    Full,
}

thread_local! {
    /// What stands in for storage, and what was last written to it.
    static MEMORY: RefCell<Map<String, String>> = RefCell::default();
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept under a name.
pub fn get(name: &str) -> Option<String> {
    let held = MEMORY.with_borrow(|memory| memory.get(name).cloned());
    held.or_else(|| {
        storage()?
            .get_item(&format!("{PREFIX}{name}"))
            .ok()
            .flatten()
    })
}

/// Whether what was kept under a name last will be there when the page is opened again.
pub fn is_lasting(name: &str) -> bool {
    let written =
        storage().and_then(|storage| storage.get_item(&format!("{PREFIX}{name}")).ok()?);
    written.is_some() && written == get(name)
}

/// The names under which something is kept.
pub fn names() -> Vec<String> {
    let mut names: Vec<String> = MEMORY.with_borrow(|memory| memory.keys().cloned().collect());
    if let Some(storage) = storage() {
        let keys = (0..storage.length().unwrap_or(0)).filter_map(|at| storage.key(at).ok()?);
        for name in keys.filter_map(|key| Some(key.strip_prefix(PREFIX)?.to_owned())) {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    names
}

/// Keeps something under a name, in memory at least.
///
/// # Errors
/// A browser that does not take it.
pub fn set(name: &str, text: &str) -> Result<(), Trouble> {
    MEMORY.with_borrow_mut(|memory| memory.insert(name.to_owned(), text.to_owned()));
    let storage = storage().ok_or(Trouble::Refused)?;
    let key = format!("{PREFIX}{name}");
    if matches!(storage.get_item(&key), Ok(Some(held)) if held == text) {
        return Ok(());
    }
    storage.set_item(&key, text).map_err(|_| {
        if storage.length().is_ok_and(|entries| entries > 0) {
            Trouble::Full
        } else {
            Trouble::Refused
        }
    })
}

/// Keeps something that has all that these records say; they go, unless somebody has
/// written there since.
///
/// # Errors
/// A browser that does not take it; then the records stay.
pub fn replace(old: &[Record], name: &str, text: &str) -> Result<(), Trouble> {
    let mut kept = set(name, text);
    let Some(storage) = storage().filter(|_| !old.is_empty()) else {
        return kept;
    };
    let key = |record: &Record| format!("{PREFIX}{}", record.name);
    let is_as_it_was = |record: &&Record| {
        let held = storage.get_item(&key(record)).ok().flatten();
        held.as_ref() == Some(&record.text)
    };
    let old: Vec<&Record> = old.iter().filter(is_as_it_was).collect();
    for record in &old {
        // What cannot be removed is taken up again, and adds nothing.
        let _ = storage.remove_item(&key(record));
        MEMORY.with_borrow_mut(|memory| memory.remove(&record.name));
    }
    // Their room may be what was missing.
    if kept.is_err() {
        kept = set(name, text);
    }
    if kept.is_err() {
        for record in old {
            // There was room for it a moment ago.
            let _ = storage.set_item(&key(record), &record.text);
        }
    }
    kept
}

/// Forgets what is kept under a name.
fn remove(name: &str) {
    MEMORY.with_borrow_mut(|memory| memory.remove(name));
    if let Some(storage) = storage() {
        // What cannot be removed was not kept either.
        let _ = storage.remove_item(&format!("{PREFIX}{name}"));
    }
}

/// Puts a record aside, under the first free name of its kind, and returns that.
pub fn put_aside(record: &Record, kind: &str) -> String {
    let is_free = |aside: &String| get(aside).is_none_or(|held| held == record.text);
    let aside = (1..=u32::MAX)
        .map(|number| format!("{kind}.aside-{number}"))
        .find(is_free)
        .unwrap_or_default();
    // Where there is no room the record stays where it is; nobody writes there.
    let _ = replace(std::slice::from_ref(record), &aside, &record.text);
    format!("{PREFIX}{aside}")
}

/// Gives this tab a number, and returns the one that it had before the page was loaded
/// anew. A tab that was duplicated has that of the other one.
pub fn swap_tab(id: &str) -> Option<String> {
    let storage = web_sys::window()?.session_storage().ok().flatten()?;
    let before = storage.get_item(TAB).ok().flatten();
    // Where this is not kept, the tab takes up what was kept last by any.
    let _ = storage.set_item(TAB, id);
    before
}

/// Keeps a setting of the reader, or none; the page's first script reads it.
pub fn set_setting(name: &str, value: Option<&str>) {
    match value {
        // Trouble is told when work is kept, which matters more.
        Some(value) => drop(set(name, value)),
        None => remove(name),
    }
}

/// The name under which the desk of a slot is kept. A lesson with other dice, or from
/// elsewhere, is another exercise and has a desk of its own.
pub fn desk_name(slot: &str, seed: Option<u64>, src: Option<&str>) -> String {
    let mut name = format!("desk.{slot}");
    if slot != PLAYGROUND {
        name.extend(seed.map(|seed| format!("~{seed}")));
        name.extend(src.map(|src| format!("~{src}")));
    }
    name
}
