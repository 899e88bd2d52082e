//! Who was told which of the two writes.

use splitbrain_engine::sim::fact::{FactId, Outcome};
use splitbrain_engine::sim::node::Value;
use splitbrain_sorted::Map;

use super::Moment;
use super::element::{Element, is_as_wanted};
use super::history::{History, Op, Served, Write};

/// Rows at most; the rest is counted.
pub(super) const ROWS: usize = 100;

/// In which way somebody was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// That it is saved: she wrote it.
    Acknowledged,
    /// She read it.
    Read,
}

impl How {
    /// Both.
    pub const ALL: &'static [Self] = &[Self::Acknowledged, Self::Read];

    /// Its stable id.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Acknowledged => "acknowledged",
            Self::Read => "read",
        }
    }
}

/// A customer was told one of the two, once or more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// Who.
    pub customer: u16,
    /// How.
    pub how: How,
    /// Whether it was the write that took the place, and not the one in question.
    pub is_winner: bool,
    /// The first time.
    pub first: Moment,
    /// The last time.
    pub last: Moment,
    /// How often.
    pub times: u32,
}

/// Whether what a read was answered with was this write.
fn is_shown(history: &History, id: FactId, write: &Write, served: &Served) -> bool {
    let argument = argument(history, write);
    let arrived = write.arrived[served.region as usize];
    let is_there = arrived.is_some_and(|it| it.fact < served.fact);
    match history.elements.of(write.kind, argument) {
        Element::Whole => served.write == Some(id),
        // What is displaced later was a part of it still, but the reads do not say.
        Element::Count | Element::Part(_) => {
            is_there && write.displaced_in >> served.region & 1 == 0
        }
        _ => is_there && is_as_wanted(write.kind, argument, served.value),
    }
}

/// What was asked for, whatever the region made of it.
fn argument(history: &History, write: &Write) -> Value {
    let op = history.ops.get(&write.op);
    op.map_or(write.argument, |op| op.argument)
}

fn answered(op: &Op) -> Option<(u16, Moment)> {
    let answer = op.told.filter(|it| it.outcome == Outcome::Ok)?;
    let moment = Moment {
        fact: answer.fact,
        at: answer.at,
    };
    Some((op.customer?, moment))
}

/// Who was told the write in question, and who the one that took its place, in the order in
/// which they were told first; at most [`ROWS`] of them.
pub(super) fn told(history: &History, lost: FactId, won: Option<FactId>) -> Vec<Told> {
    let mut rows: Map<(u16, How, bool), Told> = Map::new();
    let mut add = |customer: u16, how: How, is_winner: bool, moment: Moment| {
        let row = rows.get_or_insert_with((customer, how, is_winner), || Told {
            customer,
            how,
            is_winner,
            first: moment,
            last: moment,
            times: 0,
        });
        row.times += 1;
        row.first = if moment.fact < row.first.fact {
            moment
        } else {
            row.first
        };
        row.last = if moment.fact > row.last.fact {
            moment
        } else {
            row.last
        };
    };
    let both = [(Some(lost), false), (won, true)];
    let both = both.map(|(id, is_winner)| {
        let write = id.and_then(|id| Some((id, history.writes.get(&id)?)));
        (write, is_winner)
    });
    for (&id, op) in history.ops.iter() {
        let Some((customer, moment)) = answered(op) else {
            continue;
        };
        for (write, is_winner) in both {
            let Some((write_id, write)) = write else {
                continue;
            };
            if write.op == id {
                add(customer, How::Acknowledged, is_winner, moment);
            } else if let Some(served) = &op.served
                && is_shown(history, write_id, write, served)
            {
                add(customer, How::Read, is_winner, moment);
            }
        }
    }
    let mut in_order = Map::new();
    for row in rows.into_values() {
        in_order.insert((row.first.fact, row.is_winner), row);
    }
    in_order.into_values().take(ROWS).collect()
}
