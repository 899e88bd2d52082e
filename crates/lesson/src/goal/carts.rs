//! Goals about carts: sets of items, a bit each.

use splitbrain_engine::sim::fact::FactId;
use splitbrain_engine::sim::node::Key;

use super::status::met;
use super::{Arg, Reason, Status};
use crate::record::Record;

pub(super) fn contains(record: &Record, key: Key, item: u8) -> Status {
    everywhere(record, key, item, true)
}

pub(super) fn lacks(record: &Record, key: Key, item: u8) -> Status {
    if record.ever_shown(key) >> item & 1 == 0 {
        return Reason::new("was_never_in", &[Arg::Item(item)]).not_met();
    }
    everywhere(record, key, item, false)
}

fn everywhere(record: &Record, key: Key, item: u8, is_in: bool) -> Status {
    let mut since = FactId(0);
    for region in 0..record.regions() {
        let (value, shown) = record.shown(key, region);
        if (value.0 >> item & 1 == 1) != is_in {
            let id = if is_in { "cart_lacks" } else { "cart_contains" };
            let args = [Arg::Region(region), Arg::Item(item)];
            return Reason::new(id, &args).at(shown).not_met();
        }
        if shown.is_some() {
            since = since.max(shown);
        }
    }
    met(since)
}
