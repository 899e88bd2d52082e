//! What each tab keeps: a record of its own for every desk.
//!
//! Two tabs may have the same desk open, and neither waits for the other. So no tab
//! ever writes where another does: it writes under the desk's name with a number that
//! is drawn anew each time the page is opened. Whoever opens a desk takes up what the
//! same tab had before a reload, else what was kept last, adds the branches of the
//! other records to it, and removes what it took up once its own record is written;
//! a tab that is still open writes its own again.

use std::cell::{OnceCell, RefCell};

use splitbrain_sorted::sort_short;

use super::store::{self, Trouble};

/// What the names of all desks begin with.
const DESK: &str = "desk.";
/// What the names of tabs' records begin with, before the tab and the desk.
const OF_TAB: &str = "desk@";
/// The line that says when a record was written, in milliseconds since 1970.
const KEPT: &str = "kept ";

/// A record: its name in storage, and its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// Under which name it is kept.
    pub name: String,
    /// What it says.
    pub text: String,
}

struct Tab {
    id: String,
    /// What it was before the page was loaded anew.
    before: Option<String>,
}

thread_local! {
    static TAB: OnceCell<Tab> = const { OnceCell::new() };
    /// Records that a desk has taken up, with its name.
    static TAKEN: RefCell<Vec<(String, Record)>> = RefCell::default();
}

fn with_tab<T>(read: impl FnOnce(&Tab) -> T) -> T {
    TAB.with(|tab| {
        read(tab.get_or_init(|| {
            let id = format!("{:08x}", crate::app::fresh_seed() as u32);
            let before = store::swap_tab(&id);
            Tab { id, before }
        }))
    })
}

/// The name of this tab's own record of a desk.
pub fn own(desk: &str) -> String {
    with_tab(|tab| of_tab(desk, &tab.id))
}

fn of_tab(desk: &str, tab: &str) -> String {
    let rest = desk.strip_prefix(DESK).unwrap_or(desk);
    format!("{OF_TAB}{tab}.{rest}")
}

/// Whether a name is that of a record of this desk. One without a tab is from before
/// tabs had their own.
fn is_of(name: &str, desk: &str) -> bool {
    let parts = name.strip_prefix(OF_TAB);
    match parts.and_then(|parts| parts.split_once('.')) {
        Some((_, rest)) => desk.strip_prefix(DESK) == Some(rest),
        None => name == desk,
    }
}

/// All records of a desk: first what this tab had before it was loaded anew, then by
/// when they were kept, the last first.
pub fn records(desk: &str) -> Vec<Record> {
    let names = store::names().into_iter();
    let names = names.filter(|name| is_of(name, desk));
    let records = names.filter_map(|name| {
        let text = store::get(&name)?;
        Some(Record { name, text })
    });
    let mut records: Vec<Record> = records.collect();
    let before = with_tab(|tab| tab.before.as_deref().map(|tab| of_tab(desk, tab)));
    let rank = |record: &Record| (before.as_ref() == Some(&record.name), kept_ms(&record.text));
    sort_short(&mut records, |one, other| rank(one) > rank(other));
    records
}

fn kept_ms(text: &str) -> u64 {
    let mut lines = text.lines().rev();
    let kept = lines.find_map(|line| line.strip_prefix(KEPT)?.parse().ok());
    kept.unwrap_or(0)
}

/// Notes that a desk has everything that a record says.
pub fn take(desk: &str, record: Record) {
    TAKEN.with_borrow_mut(|taken| taken.push((desk.to_owned(), record)));
}

/// Keeps a desk in this tab's own record; what was taken up for it goes.
///
/// # Errors
/// A browser that does not take it.
pub fn keep(desk: &str, text: &str, now_ms: u64) -> Result<(), Trouble> {
    let own = own(desk);
    let is_mine = |(of, record): &(String, Record)| of == desk && record.name != own;
    let taken = TAKEN.with_borrow(|taken| {
        let mine = taken.iter().filter(|it| is_mine(it));
        mine.map(|(_, record)| record.clone()).collect::<Vec<_>>()
    });
    store::replace(&taken, &own, &format!("{text}{KEPT}{now_ms}\n"))?;
    TAKEN.with_borrow_mut(|taken| taken.retain(|(of, _)| of != desk));
    Ok(())
}

/// Puts a record of a desk aside, and returns where it is.
pub fn put_aside(desk: &str, record: &Record) -> String {
    store::put_aside(record, desk)
}

/// Puts every record of a desk aside.
pub fn put_all_aside(desk: &str) {
    for record in records(desk) {
        put_aside(desk, &record);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_belongs_to_one_desk_whatever_tab_wrote_it() {
        let desk = "desk.charged-twice~7";
        assert!(is_of(desk, desk));
        assert!(is_of(&of_tab(desk, "0a1b2c3d"), desk));
        assert!(!is_of(&of_tab("desk.charged-twice", "0a1b2c3d"), desk));
        assert!(!is_of("desk.charged-twice~7.aside-1", desk));
        assert!(!is_of("theme", desk));
    }

    #[test]
    fn a_record_says_when_it_was_kept() {
        assert_eq!(kept_ms("splitbrain 1\nopen 0\nkept 17\n"), 17);
        assert_eq!(kept_ms("splitbrain 1\nopen 0\n"), 0);
    }
}
