//! The ledger: per customer what she was told, and per region and key what is
//! believed there now. Where the two disagree is what most lessons are about.

use std::collections::VecDeque;

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Status, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_sorted::Map;

use crate::record::Record;

/// Rows kept for each customer.
pub const ROWS: usize = 200;

/// Payments of which a late charge is still told from whom it was taken.
const PAYMENTS: usize = 1 << 14;

/// One operation, as its customer knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The fact that started it.
    pub op: FactId,
    /// When it started.
    pub asked_at: Time,
    /// What was wanted.
    pub kind: OpKind,
    /// Of what.
    pub key: Key,
    /// A value, an item's index or an amount.
    pub argument: Value,
    /// Attempts so far.
    pub attempts: u32,
    /// What she was told; nothing while she waits.
    pub told: Option<Answer>,
    /// How often the payment gateway charged for it.
    pub charges: u32,
}

/// What a customer was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The fact.
    pub fact: FactId,
    /// When.
    pub at: Time,
    /// Saved, failed, or nobody knows.
    pub outcome: Outcome,
    /// What came with it.
    pub value: Value,
    /// The status, as in HTTP.
    pub status: Status,
    /// The region that answered, or was asked last.
    pub region: u8,
}

/// What a region shows of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Belief {
    /// The value.
    pub value: Value,
    /// The fact since which it is shown.
    pub fact: FactId,
    /// Since when.
    pub at: Time,
}

/// What customers were told, beside what regions believe.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ledger {
    regions: u8,
    rows: Map<u16, VecDeque<Row>>,
    /// Whose payments these are, in order; the payment gateway is not told.
    payments: VecDeque<(FactId, u16)>,
    beliefs: Map<(Key, u8), Belief>,
}

impl Ledger {
    /// Of a world of so many regions in which nothing has happened.
    pub fn new(regions: u8) -> Self {
        Self {
            regions,
            rows: Map::new(),
            payments: VecDeque::new(),
            beliefs: Map::new(),
        }
    }

    /// The latest operations of a customer, [`ROWS`] at most, oldest first.
    pub fn rows(&self, customer: u16) -> impl DoubleEndedIterator<Item = &Row> {
        self.rows.get(&customer).into_iter().flatten()
    }

    /// The latest operations of everybody, oldest first, with whose they are.
    pub fn all(&self) -> Vec<(u16, &Row)> {
        let mut all = Map::new();
        for (&customer, rows) in self.rows.iter() {
            for row in rows {
                all.insert(row.op, (customer, row));
            }
        }
        all.into_values().collect()
    }

    /// What a region shows of a key; nothing if it never showed any value.
    pub fn belief(&self, key: Key, region: u8) -> Option<Belief> {
        self.beliefs.get(&(key, region)).copied()
    }

    /// What each region shows of a key.
    pub fn beliefs(&self, key: Key) -> impl Iterator<Item = Option<Belief>> {
        (0..self.regions).map(move |region| self.belief(key, region))
    }

    /// Keys of which some region shows something.
    pub fn keys(&self) -> Vec<Key> {
        let mut keys: Vec<Key> = self.beliefs.keys().map(|&(key, _)| key).collect();
        keys.dedup();
        keys
    }

    /// Takes in the next fact.
    pub fn feed(&mut self, id: FactId, fact: &Fact) {
        match fact.kind() {
            FactKind::OperationStarted => self.ask(id, fact),
            FactKind::AttemptStarted => {
                if let Some(row) = self.row(fact, fact.a) {
                    row.attempts += 1;
                }
            }
            FactKind::OperationReturned => {
                let Some(outcome) = fact.outcome() else {
                    return;
                };
                let answer = Answer {
                    fact: id,
                    at: fact.at(),
                    outcome,
                    value: Value(fact.b),
                    status: Status(fact.c as u16),
                    region: fact.peer.0 as u8,
                };
                if let Some(row) = self.row(fact, fact.a) {
                    row.told = Some(answer);
                }
            }
            FactKind::ChargeMade => {
                let op = FactId(fact.a);
                let known = self.payments.binary_search_by_key(&op, |it| it.0);
                let customer = known.ok().map(|place| self.payments[place].1);
                if let Some(row) = customer.and_then(|customer| self.row_of(customer, op)) {
                    row.charges += 1;
                }
            }
            FactKind::ValueShown => {
                let belief = Belief {
                    value: Value(fact.b),
                    fact: id,
                    at: fact.at(),
                };
                self.beliefs
                    .insert((Key(fact.a), fact.host.0 as u8), belief);
            }
            _ => {}
        }
    }

    fn ask(&mut self, id: FactId, fact: &Fact) {
        let customer = Record::customer(self.regions, fact.host);
        let (Some(kind), Some(customer)) = (fact.op_kind(), customer) else {
            return;
        };
        if kind == OpKind::Pay {
            if self.payments.len() == PAYMENTS {
                self.payments.pop_front();
            }
            self.payments.push_back((id, customer));
        }
        let rows = self.rows.get_or_insert_with(customer, VecDeque::new);
        if rows.len() == ROWS {
            rows.pop_front();
        }
        rows.push_back(Row {
            op: id,
            asked_at: fact.at(),
            kind,
            key: Key(fact.a),
            argument: Value(fact.b),
            attempts: 0,
            told: None,
            charges: 0,
        });
    }

    /// The row of a customer's own fact.
    fn row(&mut self, fact: &Fact, op: u32) -> Option<&mut Row> {
        let customer = Record::customer(self.regions, fact.host)?;
        self.row_of(customer, FactId(op))
    }

    fn row_of(&mut self, customer: u16, op: FactId) -> Option<&mut Row> {
        let rows = self.rows.get_mut(&customer)?;
        // Mostly it is about the latest.
        let last = rows.len().checked_sub(1)?;
        let place = if rows[last].op == op {
            last
        } else {
            rows.binary_search_by_key(&op, |row| row.op).ok()?
        };
        rows.get_mut(place)
    }
}
