//! Storage: the only one that touches the browser's.
//!
//! Where storage is refused or full, everything goes on in memory, and the page says
//! so once. What cannot be read is put aside under another name, never thrown away.

use std::cell::RefCell;

use splitbrain_sorted::Map;
use web_sys::Storage;

use super::desk::PLAYGROUND;

/// What all names in storage begin with.
const PREFIX: &str = "splitbrain.";

/// Why something was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The browser keeps nothing for this page.
    Refused,
    /// There is no room left.
    Full,
}

#[derive(Default)]
struct Kept {
    /// What stands in for storage, and what was last written to it.
    memory: Map<String, String>,
    /// Trouble that has been told.
    told: Option<Trouble>,
}

thread_local! {
    static KEPT: RefCell<Kept> = RefCell::default();
}

fn storage() -> Option<Storage> {
    web_sys::window()?.local_storage().ok().flatten()
}

/// What is kept under a name.
pub fn get(name: &str) -> Option<String> {
    let held = KEPT.with_borrow(|kept| kept.memory.get(name).cloned());
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

/// Keeps something under a name, in memory at least.
///
/// # Errors
/// The first time that the browser does not take it.
pub fn set(name: &str, text: &str) -> Result<(), Trouble> {
    let is_known = KEPT.with_borrow_mut(|kept| {
        let is_known = kept.memory.get(name).is_some_and(|held| held == text);
        kept.memory.insert(name.to_owned(), text.to_owned());
        is_known
    });
    if is_known {
        return Ok(());
    }
    let trouble = match storage() {
        None => Trouble::Refused,
        Some(storage) => match storage.set_item(&format!("{PREFIX}{name}"), text) {
            Ok(()) => {
                KEPT.with_borrow_mut(|kept| kept.told = None);
                return Ok(());
            }
            Err(_) if storage.length().is_ok_and(|entries| entries > 0) => Trouble::Full,
            Err(_) => Trouble::Refused,
        },
    };
    let is_news = KEPT.with_borrow_mut(|kept| kept.told.replace(trouble) != Some(trouble));
    if is_news { Err(trouble) } else { Ok(()) }
}

/// Forgets what is kept under a name.
pub fn remove(name: &str) {
    KEPT.with_borrow_mut(|kept| kept.memory.remove(name));
    if let Some(storage) = storage() {
        // What cannot be removed was not kept either.
        let _ = storage.remove_item(&format!("{PREFIX}{name}"));
    }
}

/// Puts what is kept under a name aside, under the first free name of its kind, and
/// returns that.
pub fn put_aside(name: &str) -> String {
    let text = get(name).unwrap_or_default();
    let aside = (1..100)
        .map(|number| format!("{name}.aside-{number}"))
        .find(|aside| get(aside).is_none_or(|held| held == text))
        .unwrap_or_else(|| format!("{name}.aside-100"));
    if set(&aside, &text).is_ok() {
        remove(name);
    }
    format!("{PREFIX}{aside}")
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
