//! Where twins part: the first answer that a customer gets in one of them and not in
//! the other, or the first value that a region shows in one of them only.
//!
//! Compared is what was said and shown, in its order: the third answer to Ana with the
//! third answer to Ana, the fifth value of her cart in a region with the fifth. That
//! something comes a little later under one design is a difference of latency, and the
//! figures tell it; what has not come [`LATE_US`] after it came in the other twin counts
//! as not come at all.

use std::collections::VecDeque;

use splitbrain_checker::STALENESS_BOUND_US;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_sorted::Map;

use crate::observe::Missing;
use crate::record::Record;

/// What comes later than this after the same in the other twin has not come, in
/// microseconds: the age at which a read is called too stale, too.
pub const LATE_US: u64 = STALENESS_BOUND_US;

/// Of what twins say different things.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// What this customer was told.
    Told(u16),
    /// What a region shows of a key.
    Shown(u8, Key),
}

/// The first moment at which twins differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Divergence {
    /// When it is there to be seen for the first time, in one of them.
    pub at: Time,
    /// What it is about.
    pub subject: Subject,
    /// What came in each; nothing where nothing came within [`LATE_US`].
    pub facts: [Option<FactId>; 2],
}

impl Divergence {
    /// By what the first of several is chosen.
    fn order(&self) -> (Time, Subject) {
        (self.at, self.subject)
    }
}

/// What was asked: place among the customer's operations, kind, key, argument.
type Asked = (u32, OpKind, Key, u32);

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Saying {
    Told {
        asked: Option<Asked>,
        outcome: Option<Outcome>,
        value: u32,
        status: u32,
    },
    Shown(u32),
}

/// Something that came in one twin and is waited for in the other.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    fact: FactId,
    at: Time,
    saying: Saying,
}

/// What came about one subject in one twin only, so far.
#[derive(Clone, Debug, Default)]
struct Queue {
    side: usize,
    waiting: VecDeque<Waiting>,
    /// They differ; what comes after it is no news.
    is_over: bool,
}

/// Looks for the first divergence of two traces while they grow.
///
/// What it finds up to a moment is the same however often it was asked before.
#[derive(Clone, Debug)]
pub struct Seeker {
    regions: u8,
    next: [FactId; 2],
    asked: [Map<FactId, Asked>; 2],
    queues: Map<Subject, Queue>,
    read_to: Time,
    first: Option<Divergence>,
}

impl Seeker {
    /// One for twins of so many regions, at their beginning.
    pub fn new(regions: u8) -> Self {
        Self {
            regions,
            next: [FactId(0); 2],
            asked: [Map::new(), Map::new()],
            queues: Map::new(),
            read_to: Time::ZERO,
            first: None,
        }
    }

    /// The first divergence up to the moment to which both were read. Until
    /// [`Seeker::is_settled`] an earlier one may still be found.
    pub fn first(&self) -> Option<Divergence> {
        self.first
    }

    /// Whether nothing that comes can change what was found.
    pub fn is_settled(&self) -> bool {
        let found = self.first;
        found.is_some_and(|first| self.read_to.since(first.at) > LATE_US)
    }

    /// The moment to which both were read.
    pub fn read_to(&self) -> Time {
        self.read_to
    }

    /// Reads both traces to a moment that both have been played to, so many facts at
    /// most; true when it is there. Once settled it reads no more.
    ///
    /// # Errors
    /// Which of the two does not hold the facts that are needed, and which facts.
    pub fn follow(
        &mut self,
        traces: [&Trace; 2],
        until: Time,
        budget: u32,
    ) -> Result<bool, (usize, Missing)> {
        for _ in 0..budget {
            if self.is_settled() {
                self.look_for_late();
                self.let_go();
                return Ok(true);
            }
            let mut heads: [Option<Fact>; 2] = [None; 2];
            for side in 0..2 {
                heads[side] = self.head(traces[side], side, until)?;
            }
            let side = match heads.map(|head| head.map(|fact| fact.at())) {
                [None, None] => {
                    self.read_to = self.read_to.max(until);
                    self.look_for_late();
                    return Ok(true);
                }
                [Some(one), Some(other)] => usize::from(other < one),
                [one, _] => usize::from(one.is_none()),
            };
            if let Some(fact) = heads[side] {
                self.read_to = fact.at();
                self.take(side, self.next[side], &fact);
            }
            self.next[side].0 += 1;
        }
        Ok(false)
    }

    /// The next fact of a side, if there is one up to a moment.
    fn head(
        &self,
        trace: &Trace,
        side: usize,
        until: Time,
    ) -> Result<Option<Fact>, (usize, Missing)> {
        let next = self.next[side];
        if next.0 >= trace.len() {
            return Ok(None);
        }
        if let Some(fact) = trace.get(next) {
            return Ok(Some(*fact).filter(|fact| fact.at() <= until));
        }
        let missing = trace.missing(next, FactId(trace.len()));
        let (from, to) = missing.unwrap_or((next, FactId(next.0 + 1)));
        Err((side, Missing { from, to }))
    }

    fn take(&mut self, side: usize, id: FactId, fact: &Fact) {
        let customer = |host: HostId| Record::customer(self.regions, host);
        let (subject, saying) = match fact.kind() {
            FactKind::OperationStarted => {
                if let Some(kind) = fact.op_kind() {
                    self.asked[side].insert(id, (fact.c, kind, Key(fact.a), fact.b));
                }
                return;
            }
            FactKind::OperationReturned => {
                let Some(customer) = customer(fact.host) else {
                    return;
                };
                let saying = Saying::Told {
                    asked: self.asked[side].remove(&FactId(fact.a)),
                    outcome: fact.outcome(),
                    value: fact.b,
                    status: fact.c,
                };
                (Subject::Told(customer), saying)
            }
            FactKind::ValueShown => {
                let subject = Subject::Shown(fact.host.0 as u8, Key(fact.a));
                (subject, Saying::Shown(fact.b))
            }
            _ => return,
        };
        let new = Waiting {
            fact: id,
            at: fact.at(),
            saying,
        };
        let queue = self.queues.get_or_insert_with(subject, Queue::default);
        if queue.is_over {
            return;
        }
        let other = (queue.side != side).then(|| queue.waiting.pop_front());
        let Some(other) = other.flatten() else {
            queue.side = side;
            queue.waiting.push_back(new);
            return;
        };
        let mut facts = [Some(id); 2];
        facts[1 - side] = Some(other.fact);
        let is_late = new.at.since(other.at) > LATE_US;
        if is_late {
            facts[side] = None;
        }
        if is_late || other.saying != new.saying {
            queue.is_over = true;
            queue.waiting.clear();
            self.found(Divergence {
                at: other.at,
                subject,
                facts,
            });
        }
    }

    /// What is waited for in vain.
    fn look_for_late(&mut self) {
        let late = self.queues.iter().filter_map(|(&subject, queue)| {
            let first = queue.waiting.front()?;
            let is_late = self.read_to.since(first.at) > LATE_US;
            let mut facts = [None; 2];
            facts[queue.side] = Some(first.fact);
            is_late.then_some(Divergence {
                at: first.at,
                subject,
                facts,
            })
        });
        if let Some(late) = late.min_by_key(Divergence::order) {
            self.found(late);
        }
    }

    fn found(&mut self, divergence: Divergence) {
        let is_first = |first: Divergence| divergence.order() < first.order();
        if self.first.is_none_or(is_first) {
            self.first = Some(divergence);
        }
    }

    /// Nothing more is needed of what was read.
    fn let_go(&mut self) {
        self.queues = Map::new();
        self.asked = [Map::new(), Map::new()];
    }
}
