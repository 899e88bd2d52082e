//! The observer: reads a trace once, in order, and keeps up the judge, the ledger
//! and the record. It reads facts only, so the oracle stays independent of the
//! protocols that it judges.

use splitbrain_checker::{
    FactRef, Further, Judge, KeyRef, Observation, OpRef, OperationKind, Outcome as Told, Replica,
    Session, WriteKind, WriteRef,
};
use splitbrain_engine::run::Player;
use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, OpKind, Outcome};
use splitbrain_engine::sim::node::Key;
use splitbrain_engine::sim::trace::Trace;

use crate::ledger::Ledger;
use crate::record::Record;
use crate::rooms::Rooms;
use crate::sales::Sales;

/// Facts between two checkpoints.
const CHECKPOINT_EVERY: u32 = 1 << 16;
/// Checkpoints at most; every second one is let go when there are more.
const MAX_CHECKPOINTS: usize = 16;

/// Facts that an observer needs and that the trace does not hold at the moment.
/// [`Player::load`] makes them again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The first of them.
    pub from: FactId,
    /// The first one after them.
    pub to: FactId,
}

/// What was made of the facts up to one of them.
#[derive(Clone, Debug)]
struct State {
    /// The first fact that has not been read.
    next: FactId,
    /// The event of the last fact.
    event: u32,
    judge: Judge,
    rooms: Rooms,
    sales: Sales,
    ledger: Ledger,
    record: Option<Record>,
}

/// Follows a trace.
#[derive(Clone, Debug)]
pub struct Observer {
    regions: u8,
    state: State,
    /// At the beginning, and now and then since.
    checkpoints: Vec<State>,
    checkpoint_every: u32,
}

impl Observer {
    /// An observer of a world of this scenario, with verdicts and a ledger.
    pub fn new(scenario: &Scenario) -> Self {
        Self::starting(scenario, false, Some(Further::all()))
    }

    /// The same with a record, which goals are decided from.
    pub fn with_record(scenario: &Scenario) -> Self {
        Self::judging(scenario, Some(Further::all()))
    }

    /// The same, with no more verdicts than the first three and these.
    pub fn judging(scenario: &Scenario, further: Option<Further>) -> Self {
        Self::starting(scenario, true, further)
    }

    fn starting(scenario: &Scenario, has_record: bool, further: Option<Further>) -> Self {
        let regions = scenario.regions.len() as u8;
        let state = State {
            next: FactId(0),
            event: 0,
            judge: Judge::with(regions.max(1), further),
            rooms: Rooms::new(scenario),
            sales: Sales::new(regions),
            ledger: Ledger::new(regions),
            record: has_record.then(|| Record::new(regions)),
        };
        Self {
            regions,
            checkpoints: vec![state.clone()],
            state,
            checkpoint_every: CHECKPOINT_EVERY,
        }
    }

    /// The first fact that has not been read.
    pub fn next(&self) -> FactId {
        self.state.next
    }

    /// The verdicts on what has been read.
    pub fn judge(&self) -> &Judge {
        &self.state.judge
    }

    /// What customers were told, beside what regions believe.
    pub fn ledger(&self) -> &Ledger {
        &self.state.ledger
    }

    /// What goals are decided from; none unless it was asked for.
    pub fn record(&self) -> Option<&Record> {
        self.state.record.as_ref()
    }

    /// Forgets everything from this fact on: the run has been forked before it. A run
    /// under another design is another run, and needs another observer.
    pub fn forget_from(&mut self, fact: FactId) {
        if self.state.next > fact {
            self.go_back(fact);
        }
    }

    /// Reads on to this fact, or goes back to it. It has to be the first fact of an
    /// event, or the end of the trace.
    ///
    /// # Errors
    /// The facts that the trace does not hold; everything before them has been read.
    pub fn follow(&mut self, trace: &Trace, to: FactId) -> Result<(), Missing> {
        if to < self.state.next {
            self.go_back(to);
        }
        let missing = trace.missing(self.state.next, to);
        let end = missing.map_or(to, |(from, _)| from.max(self.state.next));
        let from = self.state.next;
        for (id, fact) in trace.range(from, end) {
            if fact.event != self.state.event {
                self.end_of_step(id);
                self.state.event = fact.event;
            }
            self.feed(id, fact);
        }
        match missing {
            None => {
                self.state.judge.end_of_step();
                Ok(())
            }
            Some((_, to)) => Err(Missing { from: end, to }),
        }
    }

    /// Reads on to a player's cursor, or goes back to it, and has the player make
    /// again what its trace let go.
    pub fn follow_player(&mut self, player: &mut Player) {
        let end = player.end();
        while let Err(missing) = self.follow(player.trace(), end) {
            if player.load(missing.from, missing.to) == 0 {
                return;
            }
        }
    }

    /// Goes back to the last checkpoint up to a fact. Those after it go: the run may
    /// be forked here, and reading on makes them again.
    fn go_back(&mut self, to: FactId) {
        let kept = self.checkpoints.partition_point(|held| held.next <= to);
        self.checkpoints.truncate(kept.max(1));
        if let Some(held) = self.checkpoints.last() {
            self.state = held.clone();
        }
    }

    /// The event before this fact is over: judge it, and keep a checkpoint now and then.
    fn end_of_step(&mut self, next: FactId) {
        self.state.judge.end_of_step();
        let last = self.checkpoints.last().map_or(0, |held| held.next.0);
        if next.0 >= last.saturating_add(self.checkpoint_every) {
            self.checkpoints.push(self.state.clone());
            if self.checkpoints.len() > MAX_CHECKPOINTS {
                let mut place = 0;
                self.checkpoints.retain(|_| {
                    place += 1;
                    place % 2 == 1
                });
                self.checkpoint_every = self.checkpoint_every.saturating_mul(2);
            }
        }
    }

    fn feed(&mut self, id: FactId, fact: &Fact) {
        let state = &mut self.state;
        let judge = &mut state.judge;
        let is_chat = state.rooms.feed(id, fact, |it| judge.observe(it));
        if !is_chat && let Some(observation) = observation(self.regions, id, fact) {
            judge.observe(&observation);
        }
        state.sales.feed(id, fact, |it| judge.observe(it));
        state.ledger.feed(id, fact);
        if let Some(record) = &mut state.record {
            record.feed(id, fact);
        }
        state.next = FactId(id.0 + 1);
    }
}

/// What a fact is to the judge; nothing for those that it is not told.
fn observation(regions: u8, id: FactId, fact: &Fact) -> Option<Observation> {
    let at = FactRef(id.0);
    let replica = Replica(fact.host.0 as u8);
    Some(match fact.kind() {
        FactKind::OperationStarted => Observation::OperationStarted {
            fact: at,
            at_us: fact.at().0,
            op: OpRef(id.0),
            session: Session(Record::customer(regions, fact.host)?),
            kind: match fact.op_kind()? {
                OpKind::Read => OperationKind::Read,
                OpKind::Write | OpKind::Resolve | OpKind::WriteField => OperationKind::Write,
                OpKind::Add => OperationKind::Add,
                kind if counts(kind) => OperationKind::Count,
                OpKind::Remove => OperationKind::Remove,
                OpKind::Pay => OperationKind::Pay,
                // Of what is asked of all keys at once no property speaks.
                _ => return None,
            },
            key: KeyRef(fact.a),
            argument: fact.b,
        },
        FactKind::OperationReturned => Observation::OperationReturned {
            fact: at,
            at_us: fact.at().0,
            op: OpRef(fact.a),
            outcome: match fact.outcome()? {
                Outcome::Ok => Told::Ok,
                Outcome::Failed => Told::Failed,
                Outcome::Unknown => Told::Unknown,
            },
            value: fact.b,
            status: fact.c as u16,
            // Where nobody answered, the peer is the region that was asked last.
            answered_by: (fact.outcome()? != Outcome::Unknown && fact.peer.0 < u16::from(regions))
                .then_some(Replica(fact.peer.0 as u8)),
        },
        FactKind::ReadServed => Observation::ReadServed {
            fact: at,
            op: OpRef(fact.a),
            replica,
            key: KeyRef(fact.b),
            value: fact.c,
        },
        FactKind::WriteAccepted => Observation::WriteAccepted {
            fact: at,
            write: WriteRef(id.0),
            op: OpRef(fact.a),
            replica,
            key: KeyRef(fact.b),
            kind: match fact.op_kind()? {
                OpKind::Add => WriteKind::Add { item: fact.c },
                kind if counts(kind) => WriteKind::Count,
                OpKind::Remove => WriteKind::Remove { item: fact.c },
                OpKind::WriteField => WriteKind::Part,
                _ => WriteKind::Write,
            },
            value: fact.c,
        },
        FactKind::WriteApplied => Observation::WriteApplied {
            fact: at,
            write: WriteRef(fact.a),
            replica,
            key: KeyRef(fact.b),
            reflected: fact.flag() == 1,
        },
        FactKind::ValueOverwritten => Observation::Overwritten {
            fact: at,
            lost: WriteRef(fact.a),
            by: WriteRef(fact.b),
            replica,
            key: KeyRef(fact.c),
        },
        FactKind::ValueShown => Observation::ValueShown {
            fact: at,
            replica,
            key: KeyRef(fact.a),
            value: fact.b,
        },
        FactKind::VersionChosen => Observation::VersionChosen {
            fact: at,
            op: OpRef(fact.a),
            replica,
            write: FactId(fact.b).is_some().then_some(WriteRef(fact.b)),
        },
        FactKind::ContextGiven => Observation::ContextGiven {
            fact: at,
            write: WriteRef(fact.a),
            read: FactId(fact.b).is_some().then_some(WriteRef(fact.b)),
        },
        FactKind::SiblingKept => Observation::SiblingKept {
            fact: at,
            write: WriteRef(fact.a),
            key: KeyRef(fact.c),
        },
        FactKind::WriteRolledBack => Observation::RolledBack {
            fact: at,
            write: WriteRef(fact.a),
            replica,
        },
        FactKind::KeyPlaced => Observation::KeyPlaced {
            fact: at,
            key: KeyRef(fact.a),
            replicas: fact.b,
        },
        FactKind::HomeTaken => Observation::HandedOver {
            fact: at,
            key: KeyRef(fact.a),
            from: Replica(fact.peer.0 as u8),
            to: replica,
            write: FactId(fact.c).is_some().then_some(WriteRef(fact.c)),
        },
        FactKind::JobDue => Observation::JobDue {
            fact: at,
            job: job(fact),
            tick: fact.a,
        },
        FactKind::JobRan => Observation::JobRan {
            fact: at,
            job: job(fact),
            tick: fact.a,
            replica: Replica(fact.peer.0 as u8),
        },
        FactKind::ChargeMade => Observation::EffectMade {
            fact: at,
            op: OpRef(fact.a),
            amount: fact.b,
        },
        _ => return None,
    })
}

/// Whether it stands beside what others do and rests on nothing that was read: it counts up
/// or down, or changes a text at one place.
fn counts(kind: OpKind) -> bool {
    use OpKind::{Buy, DeleteWord, InsertWord, Like, Restock, Unlike};
    matches!(
        kind,
        Like | Unlike | Buy | Restock | InsertWord | DeleteWord
    )
}

/// The job that a fact is about: a service has one.
fn job(fact: &Fact) -> KeyRef {
    KeyRef(Key::new(fact.b as u8, 0).0)
}

#[cfg(test)]
mod tests {
    use std::rc::Rc;

    use splitbrain_checker::PropertyId;
    use splitbrain_engine::playground::playground;
    use splitbrain_engine::run::{Acted, Command, Run, Target};
    use splitbrain_engine::sim::time::Time;

    use super::*;

    #[test]
    fn going_back_and_forth_ends_where_going_once_does() {
        let scenario = Rc::new(playground());
        let mut player = Player::new(Run::new(scenario.clone(), 7));
        let mut observer = Observer::with_record(&scenario);
        observer.checkpoint_every = 500;
        for second in [20, 5, 12, 40, 1, 30] {
            player.jump(Target::Time(Time::from_ms(second * 1_000)));
            observer.follow_player(&mut player);
            let mut fresh = Observer::with_record(&scenario);
            fresh.follow_player(&mut player);
            assert_eq!(observer.next(), fresh.next());
            for property in [PropertyId::AcknowledgedWrites, PropertyId::ExactlyOnce] {
                assert_eq!(
                    observer.judge().verdict(property),
                    fresh.judge().verdict(property)
                );
            }
            assert_eq!(observer.ledger(), fresh.ledger());
        }
    }

    #[test]
    fn after_a_fork_nothing_of_the_old_branch_is_left() {
        let scenario = Rc::new(playground());
        let mut player = Player::new(Run::new(scenario.clone(), 7));
        let mut observer = Observer::with_record(&scenario);
        observer.checkpoint_every = 500;
        let mut go = |player: &mut Player, second: u64| {
            player.jump(Target::Time(Time::from_ms(second * 1_000)));
            observer.follow_player(player);
            observer.ledger().clone()
        };
        let unforked = go(&mut player, 40);
        go(&mut player, 10);
        let crash = Command::CrashRegion { region: 0 };
        assert!(matches!(player.act(crash), Ok(Acted::Forked(..))));
        go(&mut player, 40);
        let forked = go(&mut player, 35);
        assert_ne!(unforked, forked);
        let mut fresh = Observer::with_record(&scenario);
        fresh.follow_player(&mut player);
        assert_eq!(&forked, fresh.ledger());
    }
}
