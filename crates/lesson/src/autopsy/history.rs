//! What a trace says of one key: its writes, what each region shows, and who asked.

use splitbrain_engine::clocks::{Reading, VersionVector};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, Fate, Label, OpKind};
use splitbrain_engine::sim::node::{Key, Status, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_sorted::Map;

use super::element::{Element, Elements};
use super::places::Showing;
use super::{Accepted, Moment};
use crate::ledger::Answer;
use crate::record::Record;

/// An operation on the key.
#[derive(Clone, Debug)]
pub(super) struct Op {
    pub(super) asked: Moment,
    pub(super) customer: Option<u16>,
    pub(super) kind: OpKind,
    pub(super) argument: Value,
    pub(super) told: Option<Answer>,
    /// Of a read: what it was served last.
    pub(super) served: Option<Served>,
}

/// What a region answered a read with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Served {
    pub(super) fact: FactId,
    pub(super) region: u8,
    pub(super) value: Value,
    /// The write that stood behind it, of a register.
    pub(super) write: Option<FactId>,
}

/// The first message that carried a write to a region.
#[derive(Clone, Copy, Debug)]
pub(super) struct News {
    pub(super) message: FactId,
    pub(super) fate: Fate,
    pub(super) arrives_at: Time,
}

/// A write to the key.
#[derive(Clone, Debug)]
pub(super) struct Write {
    pub(super) op: FactId,
    pub(super) kind: OpKind,
    pub(super) argument: Value,
    pub(super) accepted: Accepted,
    /// When it arrived in each region; [`FactId::NONE`] where it has not, or was taken back.
    pub(super) applied: Vec<FactId>,
    /// When it first arrived, whatever came of it there.
    pub(super) arrived: Vec<Option<Moment>>,
    pub(super) news: Vec<Option<News>>,
    /// What it replaced knowingly: writes that were shown where it was accepted, or that its
    /// customer had read, where she says so.
    pub(super) base: Vec<FactId>,
    /// Its customer said what she had read, and replaces nothing else knowingly.
    pub(super) says_what_was_read: bool,
    /// Of a removal: the additions of its item that its region showed.
    pub(super) seen: Vec<FactId>,
    /// By which writes it was displaced, in the order of the facts, and where.
    pub(super) displaced: Vec<(FactId, Moment)>,
    /// In which regions it was displaced, a bit each.
    pub(super) displaced_in: u32,
    /// Where it was taken out of a log again.
    pub(super) taken_back: Vec<(u8, Moment)>,
    /// What was made to the same in the meantime, where it was set aside.
    pub(super) set_aside: Option<(FactId, Moment)>,
}

impl Write {
    /// Whether every region that is to have it has received it.
    pub(super) fn is_everywhere(&self, holders: u32) -> bool {
        let mut arrived = (0..).zip(&self.arrived);
        arrived.all(|(place, arrived): (u32, _)| holders >> place & 1 == 0 || arrived.is_some())
    }

    /// Whether it was taken out wherever it had been, so that it arrives nowhere any more.
    fn is_gone(&self) -> bool {
        !self.taken_back.is_empty() && !self.applied.iter().any(|it| it.is_some())
    }
}

/// A region that became the writer of the service.
#[derive(Clone, Copy, Debug)]
pub(super) struct Promotion {
    pub(super) region: u8,
    pub(super) moment: Moment,
}

/// Everything of one key.
#[derive(Clone, Debug)]
pub(super) struct History {
    pub(super) key: Key,
    pub(super) regions: u8,
    pub(super) ops: Map<FactId, Op>,
    pub(super) writes: Map<FactId, Write>,
    pub(super) showing: Showing,
    /// What operations on the key are about.
    pub(super) elements: Elements,
    pub(super) promotions: Vec<Promotion>,
    /// Operations whose write was not durable when its region crashed, and the region.
    pub(super) unflushed: Vec<(FactId, u8, Moment)>,
    /// Writes by each region that each region has received.
    received: Vec<VersionVector>,
    /// Whether the key is one value, which each write replaces as a whole: a register, if need
    /// be with a whole set in it.
    pub(super) is_register: bool,
    /// Versions have stood side by side: a region may show several.
    has_siblings: bool,
    /// Writes that some region has yet to receive.
    pub(super) under_way: Map<FactId, ()>,
    /// Writes that had been replaced knowingly when the key last converged: they cannot be
    /// lost any more.
    settled: Map<FactId, ()>,
    /// Writes of which nothing was left when the key last converged: what is written by
    /// somebody who read them brings none of them back.
    dead: Map<FactId, ()>,
    /// Of which regions a copy is asked, a bit each; all of them unless facts say less.
    pub(super) holders: u32,
}

impl History {
    pub(super) fn new(key: Key, regions: u8, elements: Elements) -> Self {
        let nothing = VersionVector::new(regions);
        Self {
            key,
            regions,
            ops: Map::new(),
            writes: Map::new(),
            showing: Showing::new(regions, elements),
            elements,
            promotions: Vec::new(),
            unflushed: Vec::new(),
            received: vec![nothing; regions as usize],
            is_register: false,
            has_siblings: false,
            under_way: Map::new(),
            settled: Map::new(),
            dead: Map::new(),
            holders: u32::MAX,
        }
    }

    /// Takes in the next fact; `reading` says what the clocks of its host showed.
    pub(super) fn feed(&mut self, id: FactId, fact: &Fact, reading: impl FnOnce() -> Reading) {
        let moment = Moment {
            fact: id,
            at: fact.at(),
        };
        let region = fact.host.0 as u8;
        match fact.kind() {
            FactKind::OperationStarted if fact.a == self.key.0 => self.ask(moment, fact),
            FactKind::OperationReturned => self.answer(moment, fact),
            FactKind::ReadServed if fact.b == self.key.0 => self.serve(id, fact),
            FactKind::VersionChosen if fact.c == self.key.0 => {
                let write = FactId(fact.b);
                self.showing.choose(FactId(fact.a), region, write);
            }
            FactKind::WriteAccepted if fact.b == self.key.0 => {
                self.accept(moment, fact, &reading());
            }
            FactKind::ContextGiven => self.rest(FactId(fact.a), FactId(fact.b)),
            FactKind::WriteApplied if fact.b == self.key.0 => self.apply(moment, fact),
            FactKind::ValueOverwritten if fact.c == self.key.0 => self.overwrite(moment, fact),
            FactKind::SiblingKept if fact.c == self.key.0 => {
                self.has_siblings = true;
                self.showing.keep(region, FactId(fact.b), moment);
            }
            FactKind::WriteRolledBack if fact.b == self.key.0 => {
                if let Some(write) = self.writes.get_mut(&FactId(fact.a)) {
                    write.applied[region as usize] = FactId::NONE;
                    write.taken_back.push((region, moment));
                    if write.is_gone() {
                        self.under_way.remove(&FactId(fact.a));
                    }
                    self.showing.take_back(region, FactId(fact.a), moment);
                }
                self.settle();
            }
            FactKind::WriteSetAside if fact.b == self.key.0 => {
                if let Some(write) = self.writes.get_mut(&FactId(fact.a)) {
                    write.set_aside = Some((FactId(fact.c), moment));
                }
            }
            FactKind::ValueShown if fact.a == self.key.0 => {
                self.showing.show(region, Value(fact.b), moment);
            }
            FactKind::UnflushedLost if fact.b == self.key.0 => {
                self.unflushed.push((FactId(fact.a), region, moment));
            }
            FactKind::KeyPlaced if fact.a == self.key.0 => self.holders = fact.b,
            FactKind::RegionPromoted if fact.b == u32::from(self.key.service()) => {
                self.promotions.push(Promotion { region, moment });
            }
            FactKind::MessageSent => self.carry(id, fact),
            _ => {}
        }
    }

    fn ask(&mut self, asked: Moment, fact: &Fact) {
        let Some(kind) = fact.op_kind().filter(|&kind| kind != OpKind::ReadAll) else {
            return;
        };
        let op = Op {
            asked,
            customer: Record::customer(self.regions, fact.host),
            kind,
            argument: Value(fact.b),
            told: None,
            served: None,
        };
        self.ops.insert(asked.fact, op);
    }

    fn answer(&mut self, moment: Moment, fact: &Fact) {
        let (Some(op), Some(outcome)) = (self.ops.get_mut(&FactId(fact.a)), fact.outcome()) else {
            return;
        };
        op.told = Some(Answer {
            fact: moment.fact,
            at: moment.at,
            outcome,
            value: Value(fact.b),
            status: Status(fact.c as u16),
            region: fact.peer.0 as u8,
        });
    }

    fn serve(&mut self, id: FactId, fact: &Fact) {
        let region = fact.host.0 as u8;
        let write = self.showing.write_behind(FactId(fact.a), region);
        if let Some(op) = self.ops.get_mut(&FactId(fact.a)) {
            op.served = Some(Served {
                fact: id,
                region,
                value: Value(fact.c),
                write,
            });
        }
    }

    fn accept(&mut self, moment: Moment, fact: &Fact, reading: &Reading) {
        let region = fact.host.0 as u8;
        let mut vector = self.received[region as usize].clone();
        vector.increment(region);
        let nowhere = vec![FactId::NONE; self.regions as usize];
        let kind = fact.op_kind().unwrap_or(OpKind::Write);
        let is_addition = |it: &FactId| {
            let write = self.writes.get(it);
            write.is_some_and(|it| it.kind == OpKind::Add && it.argument.0 == fact.c)
        };
        let seen = match kind {
            OpKind::Remove => self.showing.standing(region).filter(is_addition).collect(),
            _ => Vec::new(),
        };
        let write = Write {
            op: FactId(fact.a),
            kind,
            argument: Value(fact.c),
            accepted: Accepted {
                moment,
                region,
                wall_us: reading.wall_us,
                hybrid: reading.hybrid,
                vector,
            },
            applied: nowhere,
            arrived: vec![None; self.regions as usize],
            news: vec![None; self.regions as usize],
            base: Vec::new(),
            says_what_was_read: false,
            seen,
            displaced: Vec::new(),
            displaced_in: 0,
            taken_back: Vec::new(),
            set_aside: None,
        };
        self.writes.insert(moment.fact, write);
        self.under_way.insert(moment.fact, ());
    }

    /// A write replaces knowingly what its customer had read, which is this.
    fn rest(&mut self, id: FactId, read: FactId) {
        let is_older =
            read < id && self.writes.contains_key(&read) && !self.dead.contains_key(&read);
        if let Some(write) = self.writes.get_mut(&id) {
            write.says_what_was_read = true;
            if is_older && !write.base.contains(&read) {
                write.base.push(read);
            }
        }
    }

    fn apply(&mut self, moment: Moment, fact: &Fact) {
        let (id, region) = (FactId(fact.a), fact.host.0 as u8);
        let Some(write) = self.writes.get_mut(&id) else {
            return;
        };
        let place = region as usize;
        write.applied[place] = moment.fact;
        if write.arrived[place].is_none() {
            write.arrived[place] = Some(moment);
            self.received[place].increment(write.accepted.region);
        }
        if write.is_everywhere(self.holders) {
            self.under_way.remove(&id);
        } else {
            self.under_way.insert(id, ());
        }
        let (kind, argument) = (write.kind, write.argument);
        let is_reflected = fact.flag() == 1;
        self.showing
            .apply(region, id, (kind, argument), is_reflected, moment);
        self.settle();
    }

    /// If the key has converged, what was replaced knowingly by what all regions show is
    /// settled.
    fn settle(&mut self) {
        if !self.under_way.is_empty() {
            return;
        }
        let mut holders = (0..self.regions).filter(|&region| self.holders >> region & 1 == 1);
        let shown = |region: u8| -> Vec<FactId> {
            if self.has_siblings {
                self.showing.standing(region).collect()
            } else {
                self.showing.current(region).into_iter().collect()
            }
        };
        let of_all = holders.next().map(shown).unwrap_or_default();
        if of_all.is_empty() || holders.any(|region| shown(region) != of_all) {
            return;
        }
        let mut left = of_all.clone();
        while let Some(write) = left.pop().and_then(|it| self.writes.get(&it)) {
            for &base in &write.base {
                if !self.settled.contains_key(&base) {
                    self.settled.insert(base, ());
                    left.push(base);
                }
            }
        }
        if self.has_siblings {
            let others = self.writes.keys().copied();
            let dead = others.filter(|it| !of_all.contains(it) && !self.settled.contains_key(it));
            let dead: Vec<FactId> = dead.collect();
            for write in dead {
                self.dead.insert(write, ());
            }
        }
    }

    /// Whether a write was replaced knowingly before the key last converged.
    pub(super) fn is_settled(&self, write: FactId) -> bool {
        self.settled.contains_key(&write)
    }

    fn overwrite(&mut self, moment: Moment, fact: &Fact) {
        let (lost, by, region) = (FactId(fact.a), FactId(fact.b), fact.host.0 as u8);
        // Whichever of the two was applied at its origin just now knew the other.
        let knew = [(by, lost), (lost, by)].into_iter().find(|(newer, _)| {
            let came_now = |it: &Write| {
                let arrived = it.arrived[region as usize];
                let is_its_own = it.accepted.region == region && !it.says_what_was_read;
                is_its_own && arrived.is_some_and(|it| it.fact == fact.cause)
            };
            self.writes.get(newer).is_some_and(came_now)
        });
        if let Some((newer, older)) = knew
            && let Some(write) = self.writes.get_mut(&newer)
            && !write.base.contains(&older)
        {
            write.base.push(older);
        }
        if let (Some(one), Some(other)) = (self.writes.get(&lost), self.writes.get(&by)) {
            let [one, other] = [one, other].map(|it| self.elements.of(it.kind, it.argument));
            self.is_register |= one == Element::Whole || one != other;
        }
        if let Some(write) = self.writes.get_mut(&lost) {
            write.displaced.push((by, moment));
            write.displaced_in |= 1 << region;
            self.showing.displace(region, lost, moment);
        }
        self.settle();
    }

    fn carry(&mut self, id: FactId, fact: &Fact) {
        let Some((Label::Replicate | Label::QuorumWrite, fate)) = fact.message() else {
            return;
        };
        let news = self
            .writes
            .get_mut(&FactId(fact.b))
            .and_then(|write| write.news.get_mut(fact.peer.0 as usize));
        if let Some(news) = news {
            news.get_or_insert(News {
                message: id,
                fate,
                arrives_at: fact.arrives_at(),
            });
        }
    }
}
