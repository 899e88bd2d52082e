//! Where bars lie: a row a process, and quickly those of a row that are in sight.

use super::answer::Opened;

/// The layout of a history.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Lanes {
    /// From the top.
    pub(super) rows: Vec<LaneRow>,
    /// The row of each bar, and its place there.
    place_of: Vec<(u32, u32)>,
    /// Where the first bar begins and the last one ends.
    pub(super) whole: (f64, f64),
}

/// The bars of one process or session.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct LaneRow {
    /// Its name.
    pub(super) name: String,
    /// Its bars, by where they begin.
    pub(super) bars: Vec<u32>,
    /// Where each begins.
    calls: Vec<f64>,
    /// How far the bars up to this one reach.
    reach: Vec<f64>,
}

impl Lanes {
    /// Lays out what a file holds. Rows are in the order of their numbers where all
    /// names are such, else in that of their first operations.
    pub(super) fn new(opened: &Opened) -> Self {
        let mut rows: Vec<LaneRow> = opened
            .lanes
            .iter()
            .map(|name| LaneRow {
                name: name.clone(),
                bars: Vec::new(),
                calls: Vec::new(),
                reach: Vec::new(),
            })
            .collect();
        let mut order: Vec<u32> = (0..opened.bars.len() as u32).collect();
        order.sort_by(|&a, &b| {
            let call = |at: u32| opened.bars[at as usize].call;
            call(a).total_cmp(&call(b))
        });
        let mut whole = (f64::INFINITY, f64::NEG_INFINITY);
        for at in order {
            let bar = opened.bars[at as usize];
            let Some(row) = rows.get_mut(bar.lane as usize) else {
                continue;
            };
            let reach = row
                .reach
                .last()
                .map_or(bar.ret, |&reach| bar.ret.max(reach));
            row.bars.push(at);
            row.calls.push(bar.call);
            row.reach.push(reach);
            let end = if bar.ret.is_finite() {
                bar.ret
            } else {
                bar.call
            };
            whole = (whole.0.min(bar.call), whole.1.max(end));
        }
        rows.retain(|row| !row.bars.is_empty());
        let number = |row: &LaneRow| row.name.parse::<i64>().ok();
        if rows.iter().all(|row| number(row).is_some()) {
            rows.sort_by_key(number);
        }
        let mut place_of = vec![(0, 0); opened.bars.len()];
        for (y, row) in (0..).zip(&rows) {
            for (x, &bar) in (0..).zip(&row.bars) {
                place_of[bar as usize] = (y, x);
            }
        }
        Self {
            rows,
            place_of,
            whole,
        }
    }

    /// The row of a bar, and its place there.
    pub(super) fn place(&self, bar: u32) -> (u32, u32) {
        self.place_of.get(bar as usize).copied().unwrap_or_default()
    }

    /// The bar that a key leads to from this one.
    pub(super) fn neighbour(&self, from: u32, key: Step) -> Option<u32> {
        let (y, x) = self.place(from);
        let row = self.rows.get(y as usize)?;
        let along = |x: u32| row.bars.get(x as usize).copied();
        let across = |y: u32| {
            let other = self.rows.get(y as usize)?;
            other.near(row.calls[x as usize])
        };
        match key {
            Step::Back => along(x.checked_sub(1)?),
            Step::On => along(x + 1),
            Step::First => along(0),
            Step::Last => row.bars.last().copied(),
            Step::Up => across(y.checked_sub(1)?),
            Step::Down => across(y + 1),
        }
    }
}

/// A way from one bar to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// The one before, in its row.
    Back,
    /// The one after.
    On,
    /// The first of its row.
    First,
    /// The last.
    Last,
    /// In the row above.
    Up,
    /// In the row below.
    Down,
}

impl LaneRow {
    /// The place of the first bar that reaches beyond this.
    pub(super) fn first_after(&self, from: f64) -> usize {
        self.reach.partition_point(|&reach| reach < from)
    }

    /// How many bars begin before this.
    pub(super) fn count_before(&self, to: f64) -> usize {
        self.calls.partition_point(|&call| call <= to)
    }

    /// How many bars from this place on end before this.
    pub(super) fn skip(&self, at: usize, before: f64) -> usize {
        self.reach[at..].partition_point(|&reach| reach < before)
    }

    /// The last bar that begins before this, else the first.
    fn near(&self, at: f64) -> Option<u32> {
        let count = self.count_before(at);
        self.bars.get(count.saturating_sub(1)).copied()
    }
}

#[cfg(test)]
mod tests {
    use splitbrain_checker::import::Format;

    use super::super::answer::{Axis, Bar};
    use super::*;

    fn opened(lanes: &[&str], bars: &[(u32, f64, f64)]) -> Opened {
        let bars = bars.iter().map(|&(lane, call, ret)| Bar {
            lane,
            call,
            ret,
            label: 0,
            is_update: true,
        });
        Opened {
            format: Format::Json,
            model: None,
            transactions: None,
            axis: Axis::Times,
            lanes: lanes.iter().map(|&name| name.into()).collect(),
            labels: vec![String::new()],
            bars: bars.collect(),
        }
    }

    #[test]
    fn rows_are_in_the_order_of_their_numbers_and_empty_ones_are_not_shown() {
        let names = |lanes: &[&str]| {
            let bars = [(2, 0.0, 1.0), (0, 2.0, 3.0)];
            let lanes = Lanes::new(&opened(lanes, &bars));
            let names = lanes.rows.iter().map(|row| row.name.clone());
            names.collect::<Vec<_>>()
        };
        assert_eq!(names(&["10", "3", "2"]), ["2", "10"]);
        assert_eq!(names(&["bob", "3", "ann"]), ["bob", "ann"]);
    }

    #[test]
    fn a_bar_that_never_ends_is_in_sight_from_its_call_on() {
        let bars = [(0, 0.0, 1.0), (0, 5.0, f64::INFINITY), (0, 6.0, 7.0)];
        let lanes = Lanes::new(&opened(&["0"], &bars));
        let row = &lanes.rows[0];
        let in_sight = |from, to| row.first_after(from)..row.count_before(to);
        assert_eq!(in_sight(0.5, 2.0), 0..1);
        assert_eq!(in_sight(2.0, 4.0), 1..1);
        assert_eq!(in_sight(100.0, 200.0), 1..3, "the second reaches that far");
        assert_eq!(lanes.whole, (0.0, 7.0));
    }

    #[test]
    fn keys_lead_along_a_row_and_to_what_was_just_called_in_another() {
        let bars = [(0, 0.0, 1.0), (1, 2.0, 3.0), (0, 4.0, 5.0), (1, 6.0, 7.0)];
        let lanes = Lanes::new(&opened(&["0", "1"], &bars));
        assert_eq!(lanes.neighbour(0, Step::On), Some(2));
        assert_eq!(lanes.neighbour(2, Step::On), None);
        assert_eq!(lanes.neighbour(2, Step::Down), Some(1));
        assert_eq!(lanes.neighbour(3, Step::Up), Some(2));
        assert_eq!(lanes.neighbour(0, Step::Up), None);
        assert_eq!(lanes.neighbour(1, Step::Last), Some(3));
    }
}
