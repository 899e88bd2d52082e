//! An examination: the trace read once, in slices, and the sheet made of it.

use splitbrain_engine::clocks::reading::Cursor;
use splitbrain_engine::run::{Player, Run};
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, OpKind};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::trace::Trace;
use splitbrain_engine::sim::world::World;

use super::conclusion::{Conclusion, Loss, loss, of_one, of_pair, of_payment, rule, winner};
use super::element::Elements;
use super::history::{History, Op, Write};
use super::told::told;
use super::{Autopsy, Moment, Order, Payment, PlaceState, Side, Subject};

/// An autopsy in the making.
#[derive(Clone, Debug)]
pub struct Examination {
    scenario: Scenario,
    subject: Subject,
    /// The first fact that is not read.
    end: FactId,
    until: Time,
    clocks: Cursor,
    history: History,
    payment: Payment,
    /// Plays again what the trace let go.
    replay: Option<World>,
}

impl Examination {
    /// Of what a fact speaks of, from what a run's trace has before `end`; nothing if that
    /// is no write and no payment, or its beginning is not in memory.
    pub fn new(run: &Run, trace: &Trace, fact: FactId, end: FactId) -> Option<Self> {
        let subject = Subject::of(trace, fact)?;
        let scenario = run.design();
        let regions = scenario.regions.len() as u8;
        let elements = Elements::under(rule(&scenario, subject.key));
        Some(Self {
            clocks: Cursor::start(&run.world(), regions),
            history: History::new(subject.key, regions, elements),
            payment: Payment::default(),
            end: FactId(end.0.min(trace.len())),
            until: Time::ZERO,
            replay: None,
            scenario,
            subject,
        })
    }

    /// Reads on, so many facts at most; true when all are read. What the player's trace has
    /// let go is played again, so many events at most.
    pub fn advance(&mut self, player: &Player, budget: u32) -> bool {
        for _ in 0..budget {
            let next = self.clocks.next();
            if next >= self.end {
                return true;
            }
            if let Some(fact) = player.trace().get(next) {
                let fact = *fact;
                self.feed(&fact);
            } else {
                self.play_again(player.run(), budget);
                return self.clocks.next() >= self.end;
            }
        }
        self.clocks.next() >= self.end
    }

    fn play_again(&mut self, run: &Run, budget: u32) {
        let mut world = self.replay.take().unwrap_or_else(|| run.world());
        let first = world.facts();
        let mut recorded = Trace::default();
        for _ in 0..budget {
            if !world.step(&run.commands, Some(&mut recorded)) {
                break;
            }
        }
        for (id, fact) in recorded.range(FactId(0), FactId(recorded.len())) {
            let next = self.clocks.next();
            if first + id.0 == next.0 && next < self.end {
                self.feed(fact);
            }
        }
        self.replay = Some(world);
    }

    fn feed(&mut self, fact: &Fact) {
        let id = self.clocks.next();
        self.clocks.take(fact);
        self.until = fact.at();
        let clocks = &self.clocks;
        self.history.feed(id, fact, || clocks.reading(fact));
        if self.subject.kind == OpKind::Pay {
            self.payment.feed(self.subject.op, id, fact);
        }
    }

    /// The sheet, from what has been read so far; nothing if the operation is not among it.
    pub fn sheet(&self) -> Option<Autopsy> {
        let op = self.history.ops.get(&self.subject.op)?;
        if self.subject.kind == OpKind::Pay {
            return Some(self.of_payment(op));
        }
        let of_op = |(_, write): &(&FactId, &Write)| write.op == self.subject.op;
        let writes = self.history.writes.iter().filter(of_op);
        let writes: Vec<FactId> = writes.map(|(&id, _)| id).collect();
        let lost = self.write_in_question(&writes);
        let write = lost.and_then(|id| self.history.writes.get(&id));
        let taken = lost
            .zip(write)
            .and_then(|(id, write)| self.taker(id, write));
        let places = match (lost, write) {
            (Some(id), Some(write)) => self.history.showing.places(id, &write.arrived),
            _ => Vec::new(),
        };
        let pair = lost.zip(taken.map(|(by, _)| by));
        let order = pair.map(|pair| self.order(pair));
        let is_concurrent = order == Some(Order::Concurrent);
        let pair_says = pair
            .zip(order)
            .and_then(|(pair, order)| of_pair(&self.scenario, &self.history, pair, order));
        let loss = loss(&self.history, self.subject.op, &writes);
        let heir_lost = || self.history.heir_lost(lost?);
        let pair_says = match (pair_says, loss) {
            (Some(Conclusion::Knowingly), Loss::Lost | Loss::Unpromised) => {
                let heir = heir_lost().map(|displaced| Conclusion::HeirLost { displaced });
                heir.or(pair_says)
            }
            (_, Loss::Lost | Loss::Unpromised)
                if writes.iter().any(|&it| self.history.is_undone(it)) =>
            {
                Some(Conclusion::Undone)
            }
            _ => pair_says,
        };
        let taken_back = write.and_then(|it| it.taken_back.first());
        let last = places.iter().filter_map(|place| match place.state {
            PlaceState::Over(_, until) => Some((place.region, until)),
            _ => None,
        });
        let is_shown = places
            .iter()
            .any(|place| matches!(place.state, PlaceState::Shown(_)));
        Some(Autopsy {
            subject: self.subject,
            until: self.until,
            lost: self.side(self.subject.op, op, lost),
            won: pair.and_then(|(_, won)| self.side_of(won)),
            displaced: taken
                .map(|(_, moment)| moment)
                .or(taken_back.map(|(_, moment)| *moment)),
            order,
            unaware: pair
                .filter(|_| is_concurrent)
                .and_then(|(lost, won)| self.history.unaware(lost, won)),
            forgotten: last
                .max_by_key(|(_, until)| until.fact)
                .filter(|_| !is_shown),
            told: lost.map_or_else(Vec::new, |lost| {
                told(&self.history, lost, pair.map(|(_, won)| won))
            }),
            payment: None,
            loss,
            // What was taken out of a log was not replaced by what another log has.
            conclusion: pair_says
                .filter(|_| taken_back.is_none())
                .unwrap_or_else(|| of_one(&self.history, self.subject.op, write, &places)),
            places,
        })
    }

    /// Which of the writes of the operation the sheet is about: the one that was asked about,
    /// else one that gave way unseen, else any that gave way, else the first.
    fn write_in_question(&self, writes: &[FactId]) -> Option<FactId> {
        let asked = self.subject.write.filter(|it| writes.contains(it));
        let gave_way = |unseen: bool| {
            let mut ids = writes.iter().copied();
            ids.find(|&id| {
                let write = self.history.writes.get(&id);
                let by = write.and_then(|it| winner(&self.history, id, it));
                by.is_some_and(|(by, _)| !unseen || !self.history.is_past(id, by))
            })
        };
        asked
            .or_else(|| gave_way(true))
            .or_else(|| gave_way(false))
            .or(writes.first().copied())
    }

    /// The write that took the place, and when.
    fn taker(&self, id: FactId, write: &Write) -> Option<(FactId, Moment)> {
        let named = self.subject.by.and_then(|by| {
            let of_it = |(it, _): &&(FactId, Moment)| *it == by;
            let displaced = write.displaced.iter().find(of_it).copied();
            displaced.or(write.set_aside.filter(|(it, _)| *it == by))
        });
        let known = |(by, _): &(FactId, Moment)| self.history.writes.contains_key(by);
        // One that was taken out of the logs was not replaced by what came before.
        let is_back = !write.taken_back.is_empty();
        named
            .filter(known)
            .or_else(|| winner(&self.history, id, write).filter(|_| !is_back))
    }

    fn order(&self, (lost, won): (FactId, FactId)) -> Order {
        if self.history.is_before(lost, won) {
            Order::Before
        } else if self.history.is_before(won, lost) {
            Order::After
        } else {
            Order::Concurrent
        }
    }

    fn side_of(&self, write: FactId) -> Option<Side> {
        let op = self.history.writes.get(&write)?.op;
        let held = self.history.ops.get(&op)?;
        Some(self.side(op, held, Some(write)))
    }

    fn side(&self, id: FactId, op: &Op, write: Option<FactId>) -> Side {
        let write = write.and_then(|write| self.history.writes.get(&write));
        Side {
            asked: Moment {
                fact: id,
                at: op.asked.at,
            },
            customer: op.customer,
            kind: op.kind,
            key: self.subject.key,
            argument: op.argument,
            told: op.told,
            accepted: write.map(|it| it.accepted.clone()),
        }
    }

    fn of_payment(&self, op: &Op) -> Autopsy {
        let told = op.told.map(|it| it.outcome);
        let (loss, conclusion) = of_payment(&self.payment, told);
        Autopsy {
            subject: self.subject,
            until: self.until,
            lost: self.side(self.subject.op, op, None),
            won: None,
            displaced: None,
            order: None,
            unaware: None,
            places: Vec::new(),
            forgotten: None,
            told: Vec::new(),
            payment: Some(self.payment.clone()),
            loss,
            conclusion,
        }
    }
}
