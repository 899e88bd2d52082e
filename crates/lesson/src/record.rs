//! The record: what goals ask about a run, kept up while its facts come.
//!
//! It grows with the run, a hundred bytes or so an operation; a lesson's run is short.

mod jobs;

pub use jobs::{Job, Jobs};

use std::cmp::Ordering;

use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Label, OpKind, Outcome};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_sorted::Map;

/// One intent of a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operation {
    /// The fact that started it.
    pub id: FactId,
    /// When it started.
    pub at: Time,
    /// Whose it is.
    pub customer: u16,
    /// What is wanted.
    pub kind: OpKind,
    /// Of what.
    pub key: Key,
    /// A value, an item's index or an amount.
    pub argument: Value,
    /// Each attempt: its fact and the region asked.
    pub attempts: Vec<(FactId, u8)>,
    /// Replies on their way to the customer that did not arrive.
    pub replies_lost: Vec<FactId>,
    /// Charges at the payment gateway.
    pub charges: Vec<FactId>,
    /// The answer: its fact and what was told.
    pub returned: Option<(FactId, Outcome)>,
    /// When the answer was there; when it started until then.
    pub returned_at: Time,
    /// The value that came with the answer; zero until then.
    pub shown: Value,
    /// What the region that was asked last showed of the key when the answer was there.
    pub stood: Value,
}

/// What one accepted attempt left behind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Write {
    /// The fact that accepted it.
    pub id: FactId,
    /// The operation, by its place in the record.
    pub operation: usize,
    /// Where it was accepted.
    pub region: u8,
    /// Of what.
    pub key: Key,
    /// A value or an item's index.
    pub value: Value,
    /// When it became durable in each region; [`FactId::NONE`] where it did not yet, or
    /// was taken back.
    pub applied: Vec<FactId>,
    /// When it first became durable in each region, whatever came of it there, and the
    /// moment.
    pub arrived: Vec<(FactId, Time)>,
    /// It was taken back wherever it had been: it will not arrive anywhere.
    pub is_gone: bool,
}

/// Two versions that somebody has to choose between.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Question {
    /// The fact that it was asked, or would have been.
    pub id: FactId,
    /// Where.
    pub region: u8,
    /// Of what.
    pub key: Key,
    /// It was asked; the region may have had no questions left.
    pub was_asked: bool,
    /// The fact that it was settled.
    pub settled: Option<FactId>,
}

/// A region that became the writer, or the leader, of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reign {
    /// Of which service, by its place.
    pub service: u8,
    /// Which region.
    pub region: u8,
    /// Its epoch or term.
    pub epoch: u32,
    /// Since when.
    pub since: FactId,
    /// Until when, if it stepped down or crashed.
    pub until: Option<FactId>,
}

/// A time during which messages from one region to another did not pass.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// From.
    pub from: u8,
    /// To.
    pub to: u8,
    /// Since when.
    pub since: FactId,
    /// Until when, if it is over.
    pub until: Option<FactId>,
}

impl Cut {
    /// Whether it was cut at this fact.
    pub fn covers(&self, fact: FactId) -> bool {
        self.since < fact && self.until.is_none_or(|until| fact < until)
    }
}

/// What goals ask about a run.
#[derive(Clone, Debug)]
pub struct Record {
    regions: u8,
    operations: Vec<Operation>,
    writes: Vec<Write>,
    shown: Map<(Key, u8), (Value, FactId)>,
    cuts: Vec<Cut>,
    crashes: Vec<(FactId, u8)>,
    kept_back: Vec<(FactId, u8, Key)>,
    questions: Vec<Question>,
    /// Keys in which messages were posted.
    rooms: Map<Key, ()>,
    reigns: Vec<Reign>,
    jobs: Jobs,
    /// How many removals each region remembers of a key, and since when.
    tombstones: Map<(Key, u8), (u32, FactId)>,
    /// Per cart and item: whether it was ever shown anywhere, a bit an item.
    ever_shown: Map<Key, u32>,
}

impl Record {
    /// Of a world of so many regions in which nothing has happened.
    pub fn new(regions: u8) -> Self {
        Self {
            regions,
            operations: Vec::new(),
            writes: Vec::new(),
            shown: Map::new(),
            cuts: Vec::new(),
            crashes: Vec::new(),
            kept_back: Vec::new(),
            questions: Vec::new(),
            rooms: Map::new(),
            reigns: Vec::new(),
            jobs: Jobs::default(),
            tombstones: Map::new(),
            ever_shown: Map::new(),
        }
    }

    /// How many regions there are.
    pub fn regions(&self) -> u8 {
        self.regions
    }

    /// Every operation, in order.
    pub fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// The operation that this fact started.
    pub fn find(&self, op: FactId) -> Option<&Operation> {
        self.operations.get(self.place(op)?)
    }

    /// The write that this fact accepted.
    pub fn write(&self, write: FactId) -> Option<&Write> {
        let place = near_end(&self.writes, |it| it.id.cmp(&write))?;
        self.writes.get(place)
    }

    /// The latest operation of a kind that a customer started.
    pub fn latest(&self, customer: u16, kind: OpKind) -> Option<&Operation> {
        let mut operations = self.operations.iter().rev();
        operations.find(|held| held.customer == customer && held.kind == kind)
    }

    /// The writes to a key, in order.
    pub fn writes(&self, key: Key) -> impl DoubleEndedIterator<Item = &Write> {
        self.writes.iter().filter(move |write| write.key == key)
    }

    /// What a region shows of a key, and since when. Nothing yet is zero.
    pub fn shown(&self, key: Key, region: u8) -> (Value, FactId) {
        let shown = self.shown.get(&(key, region)).copied();
        shown.unwrap_or((Value(0), FactId::NONE))
    }

    /// Items that some region once showed in a cart, a bit an item.
    pub fn ever_shown(&self, key: Key) -> u32 {
        self.ever_shown.get(&key).copied().unwrap_or(0)
    }

    /// How many removals a region remembers of a key, as it said last, and the fact.
    pub fn tombstones(&self, key: Key, region: u8) -> Option<(u32, FactId)> {
        self.tombstones.get(&(key, region)).copied()
    }

    /// Every cut, over or not, in order.
    pub fn cuts(&self) -> &[Cut] {
        &self.cuts
    }

    /// Every crash of a region, in order.
    pub fn crashes(&self) -> &[(FactId, u8)] {
        &self.crashes
    }

    /// Whether messages were posted under a key, so that a read of it shows a room.
    pub fn is_room(&self, key: Key) -> bool {
        self.rooms.contains_key(&key)
    }

    /// Every message that had to wait somewhere, in order: the fact, the region, the room.
    pub fn kept_back(&self) -> &[(FactId, u8, Key)] {
        &self.kept_back
    }

    /// Every time that somebody had to be asked which of two versions is meant, in order.
    pub fn questions(&self) -> &[Question] {
        &self.questions
    }

    /// Who became the writer or the leader of a service, in order. A writer that was one
    /// from the beginning is not among them.
    pub fn reigns(&self, service: u8) -> impl DoubleEndedIterator<Item = &Reign> {
        self.reigns.iter().filter(move |it| it.service == service)
    }

    /// What is known of scheduled jobs.
    pub fn jobs(&self) -> &Jobs {
        &self.jobs
    }

    /// Takes in the next fact.
    pub fn feed(&mut self, id: FactId, fact: &Fact) {
        self.jobs.feed(id, fact);
        match fact.kind() {
            FactKind::OperationStarted => self.start(id, fact),
            FactKind::AttemptStarted => {
                if let Some(operation) = self.operation(fact.a) {
                    operation.attempts.push((id, fact.peer.0 as u8));
                }
            }
            FactKind::OperationReturned => self.answer(id, fact),
            FactKind::ChargeMade => {
                if let Some(operation) = self.operation(fact.a) {
                    operation.charges.push(id);
                }
            }
            FactKind::MessageSent => {
                if let Some((Label::Reply, fate)) = fact.message()
                    && !fate.arrives()
                    && let Some(operation) = self.operation(fact.b)
                {
                    operation.replies_lost.push(id);
                }
            }
            FactKind::WriteAccepted => self.accept(id, fact),
            FactKind::WriteApplied => self.apply(id, fact),
            FactKind::WriteRolledBack => self.roll_back(fact),
            FactKind::MessagePosted => self.rooms.insert(Key(fact.b), ()),
            FactKind::MessageBuffered => {
                self.kept_back.push((id, fact.host.0 as u8, Key(fact.b)));
            }
            FactKind::QuestionAsked | FactKind::QuestionNotAsked => {
                self.questions.push(Question {
                    id,
                    region: fact.host.0 as u8,
                    key: Key(fact.c),
                    was_asked: fact.kind() == FactKind::QuestionAsked,
                    settled: None,
                });
            }
            FactKind::QuestionAnswered => {
                let mut questions = self.questions.iter_mut();
                if let Some(question) = questions.find(|it| it.id == FactId(fact.c)) {
                    question.settled = Some(id);
                }
            }
            FactKind::RegionCrashed => {
                let region = fact.host.0 as u8;
                self.crashes.push((id, region));
                self.end_reigns(id, |reign| reign.region == region);
            }
            FactKind::RegionPromoted => self.reigns.push(Reign {
                service: fact.b as u8,
                region: fact.host.0 as u8,
                epoch: fact.a,
                since: id,
                until: None,
            }),
            FactKind::SteppedDown => {
                let (service, region) = (fact.b as u8, fact.host.0 as u8);
                self.end_reigns(id, |it| (it.service, it.region) == (service, region));
            }
            FactKind::ValueShown => {
                let key = Key(fact.a);
                self.shown
                    .insert((key, fact.host.0 as u8), (Value(fact.b), id));
                *self.ever_shown.get_or_insert_with(key, || 0) |= fact.b;
            }
            FactKind::TombstonesHeld => {
                let place = (Key(fact.a), fact.host.0 as u8);
                self.tombstones.insert(place, (fact.b, id));
            }
            FactKind::LinkCut => self.cuts.push(Cut {
                from: fact.host.0 as u8,
                to: fact.peer.0 as u8,
                since: id,
                until: None,
            }),
            FactKind::LinkHealed => {
                let (from, to) = (fact.host.0 as u8, fact.peer.0 as u8);
                let mut cuts = self.cuts.iter_mut().rev();
                if let Some(cut) = cuts.find(|cut| (cut.from, cut.to) == (from, to)) {
                    cut.until = Some(id);
                }
            }
            _ => {}
        }
    }

    /// The customer on a host: hosts are the regions, the gateway, the customers.
    pub(crate) fn customer(regions: u8, host: HostId) -> Option<u16> {
        host.0.checked_sub(u16::from(regions) + 1)
    }

    /// Where an operation stands: they are in the order of their facts.
    fn place(&self, op: FactId) -> Option<usize> {
        near_end(&self.operations, |it| it.id.cmp(&op))
    }

    fn operation(&mut self, op: u32) -> Option<&mut Operation> {
        let place = self.place(FactId(op))?;
        self.operations.get_mut(place)
    }

    fn write_mut(&mut self, write: u32) -> Option<&mut Write> {
        let write = FactId(write);
        let place = near_end(&self.writes, |it| it.id.cmp(&write))?;
        self.writes.get_mut(place)
    }

    fn apply(&mut self, id: FactId, fact: &Fact) {
        let region = fact.host.0 as usize;
        if let Some(write) = self.write_mut(fact.a)
            && let Some(applied) = write.applied.get_mut(region)
        {
            *applied = id;
            if !write.arrived[region].0.is_some() {
                write.arrived[region] = (id, fact.at());
            }
            write.is_gone = false;
        }
    }

    fn roll_back(&mut self, fact: &Fact) {
        if let Some(write) = self.write_mut(fact.a)
            && let Some(applied) = write.applied.get_mut(fact.host.0 as usize)
        {
            *applied = FactId::NONE;
            write.is_gone = !write.applied.iter().any(|applied| applied.is_some());
        }
    }

    fn end_reigns(&mut self, id: FactId, ends: impl Fn(&Reign) -> bool) {
        let reigns = self.reigns.iter_mut();
        for reign in reigns.filter(|reign| reign.until.is_none() && ends(reign)) {
            reign.until = Some(id);
        }
    }

    fn start(&mut self, id: FactId, fact: &Fact) {
        let customer = Self::customer(self.regions, fact.host);
        let (Some(kind), Some(customer)) = (fact.op_kind(), customer) else {
            return;
        };
        self.operations.push(Operation {
            id,
            at: fact.at(),
            customer,
            kind,
            key: Key(fact.a),
            argument: Value(fact.b),
            attempts: Vec::new(),
            replies_lost: Vec::new(),
            charges: Vec::new(),
            returned: None,
            returned_at: fact.at(),
            shown: Value(0),
            stood: Value(0),
        });
    }

    fn answer(&mut self, id: FactId, fact: &Fact) {
        let asked = self.find(FactId(fact.a)).and_then(|it| {
            let &(_, region) = it.attempts.last()?;
            Some((it.key, region))
        });
        let stood = asked.map_or(Value(0), |(key, region)| self.shown(key, region).0);
        if let (Some(outcome), Some(operation)) = (fact.outcome(), self.operation(fact.a)) {
            operation.returned = Some((id, outcome));
            operation.returned_at = fact.at();
            operation.shown = Value(fact.b);
            operation.stood = stood;
        }
    }

    fn accept(&mut self, id: FactId, fact: &Fact) {
        let Some(operation) = self.place(FactId(fact.a)) else {
            return;
        };
        self.writes.push(Write {
            id,
            operation,
            region: fact.host.0 as u8,
            key: Key(fact.b),
            value: Value(fact.c),
            applied: vec![FactId::NONE; self.regions as usize],
            arrived: vec![(FactId::NONE, Time::ZERO); self.regions as usize],
            is_gone: false,
        });
    }
}

/// Where something stands in a list that is in order and mostly asked for what came last.
fn near_end<T>(list: &[T], compare: impl Fn(&T) -> Ordering) -> Option<usize> {
    let mut begin = list.len();
    let mut stride = 8;
    while begin > 0 {
        let end = begin;
        begin = begin.saturating_sub(stride);
        if compare(&list[begin]) != Ordering::Greater {
            let found = list[begin..end].binary_search_by(&compare);
            return found.ok().map(|place| begin + place);
        }
        stride *= 8;
    }
    None
}
