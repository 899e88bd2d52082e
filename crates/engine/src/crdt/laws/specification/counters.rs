//! Counters: Shapiro et al. 2011, section 3.1.

use super::{Expected, Visible};
use crate::crdt::replicated::{Act, Content};

/// Everything counted up less everything counted down.
pub fn difference(visible: &Visible<'_>) -> Expected {
    let changes = visible.iter().map(|(_, fact)| match fact.act {
        Act::Increment(by) => i64::from(by),
        Act::Decrement(by) => -i64::from(by),
        _ => 0,
    });
    Expected::Is(Content::Number(changes.sum()))
}

/// Of each item, everything put in less everything taken out.
pub fn quantities(visible: &Visible<'_>) -> Expected {
    let changes = visible.iter().filter_map(|(_, fact)| match fact.act {
        Act::Raise { item, by } => Some((item, i64::from(by))),
        Act::Lower { item, by } => Some((item, -i64::from(by))),
        _ => None,
    });
    let changes: Vec<(u8, i64)> = changes.collect();
    let mut items: Vec<u8> = changes.iter().map(|change| change.0).collect();
    items.sort_unstable();
    items.dedup();
    let quantity = |item: u8| -> i64 {
        let own = changes.iter().filter(|change| change.0 == item);
        own.map(|change| change.1).sum()
    };
    let all = items.into_iter().map(|item| (item, quantity(item)));
    Expected::Is(Content::Quantities(all.filter(|it| it.1 != 0).collect()))
}
