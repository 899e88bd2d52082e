//! Sets: Shapiro et al. 2011, section 3.3; the four ways to settle an addition and a removal
//! that did not see each other after Bieniusa et al., "Brief announcement: semantics of
//! eventually consistent replicated sets", 2012.

use super::{Expected, Fact, Visible};
use crate::crdt::replicated::{Act, Content};

/// The items that were ever added and qualify, in order.
fn items(visible: &Visible<'_>, qualifies: impl Fn(u8) -> bool) -> Expected {
    let mut items: Vec<u8> = additions(visible).map(|(_, item)| item).collect();
    items.sort_unstable();
    items.dedup();
    items.retain(|&item| qualifies(item));
    Expected::Is(Content::Items(items))
}

fn additions(visible: &Visible<'_>) -> impl Iterator<Item = (usize, u8)> {
    visible.iter().filter_map(|(at, fact)| match fact.act {
        Act::Add(item) => Some((at, item)),
        _ => None,
    })
}

fn removals<'a>(visible: &Visible<'a>, item: u8) -> impl Iterator<Item = (usize, &'a Fact)> {
    let is_it = move |fact: &Fact| fact.act == Act::Remove(item);
    visible.iter().filter(move |(_, fact)| is_it(fact))
}

/// Whatever was added.
pub fn added(visible: &Visible<'_>) -> Expected {
    items(visible, |_| true)
}

/// Whatever was added and not removed at any time.
pub fn added_and_never_removed(visible: &Visible<'_>) -> Expected {
    items(visible, |item| removals(visible, item).next().is_none())
}

/// Whatever has an addition that no removal saw.
pub fn add_wins(visible: &Visible<'_>) -> Expected {
    items(visible, |item| {
        let mut own = additions(visible).filter(|it| it.1 == item);
        own.any(|(at, _)| removals(visible, item).all(|(_, removal)| !removal.saw(at)))
    })
}

/// Whatever was added after each of its removals, by somebody who had seen that one.
pub fn remove_wins(visible: &Visible<'_>) -> Expected {
    items(visible, |item| {
        removals(visible, item).all(|(removal, _)| {
            let mut own = visible
                .iter()
                .filter(|(_, fact)| fact.act == Act::Add(item));
            own.any(|(_, addition)| addition.saw(removal))
        })
    })
}

/// Whatever has an addition that is newer, by its stamp, than all its removals.
pub fn last_by_item(visible: &Visible<'_>) -> Expected {
    items(visible, |item| {
        let stamps = |act: Act| {
            let own = visible.iter().filter(move |(_, fact)| fact.act == act);
            own.map(|(_, fact)| fact.writer.stamp()).max()
        };
        stamps(Act::Add(item)) > stamps(Act::Remove(item))
    })
}
