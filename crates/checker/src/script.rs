//! A stream of observations for tests, told as a story about one key.

use crate::reading::Seen;
use crate::{
    FactRef, Judge, KeyRef, Observation, OpRef, OperationKind, Outcome, PropertyId, Replica,
    Session, Verdict, Violation, ViolationKind, WriteKind, WriteRef,
};

const KEY: KeyRef = KeyRef(0);

/// What a write that was told saved is known by.
pub(crate) struct Saved {
    pub(crate) op: OpRef,
    pub(crate) write: WriteRef,
    pub(crate) told: FactRef,
}

/// Every method is one step and gives the last fact of it, or what it made.
pub(crate) struct Script {
    pub(crate) judge: Judge,
    facts: u32,
    at_us: u64,
    kinds: Vec<OperationKind>,
    items: Vec<u32>,
    writes: u32,
    /// Every operation that returned, as the properties are told of it.
    pub(crate) seen: Vec<Seen>,
}

impl Script {
    pub(crate) fn new(replicas: u8) -> Self {
        Self {
            judge: Judge::new(replicas),
            facts: 0,
            at_us: 0,
            kinds: Vec::new(),
            items: Vec::new(),
            writes: 0,
            seen: Vec::new(),
        }
    }

    pub(crate) fn write(&mut self, session: u16) -> OpRef {
        self.start(session, OperationKind::Write, 0)
    }

    pub(crate) fn add(&mut self, session: u16, item: u32) -> OpRef {
        self.start(session, OperationKind::Add, item)
    }

    pub(crate) fn remove(&mut self, session: u16, item: u32) -> OpRef {
        self.start(session, OperationKind::Remove, item)
    }

    pub(crate) fn pay(&mut self, session: u16) -> OpRef {
        self.start(session, OperationKind::Pay, 50)
    }

    /// The write is accepted, and displaces these from what its origin reflects.
    pub(crate) fn accept(&mut self, op: OpRef, origin: u8, displaced: &[WriteRef]) -> WriteRef {
        let write = self.accepted(op, origin);
        self.applied(write, origin, displaced);
        self.judge.end_of_step();
        write
    }

    pub(crate) fn accept_and_show(
        &mut self,
        op: OpRef,
        origin: u8,
        displaced: &[WriteRef],
        value: u32,
    ) -> WriteRef {
        let write = self.accepted(op, origin);
        self.applied(write, origin, displaced);
        self.shows(origin, value);
        write
    }

    /// The write is accepted, and gives way at once to what its origin reflects.
    pub(crate) fn accept_discarded(&mut self, op: OpRef, origin: u8, by: WriteRef) -> WriteRef {
        let write = self.accepted(op, origin);
        self.deliver_discarded(write, origin, Some(by));
        write
    }

    /// A group commit: the write is accepted, then another arrives and replaces it.
    pub(crate) fn accept_and_deliver_in_one_step(
        &mut self,
        op: OpRef,
        origin: u8,
        arrives: WriteRef,
    ) -> WriteRef {
        let write = self.accepted(op, origin);
        self.applied(write, origin, &[]);
        self.applied(arrives, origin, &[write]);
        self.judge.end_of_step();
        write
    }

    /// An attempt's write is in the log of a replica, which takes it out again before it
    /// was applied.
    pub(crate) fn accept_and_take_back(&mut self, op: OpRef, origin: u8) -> WriteRef {
        let write = self.accepted(op, origin);
        self.judge.end_of_step();
        self.alone(|fact| Observation::RolledBack {
            fact,
            write,
            replica: Replica(origin),
        });
        write
    }

    /// Says which replicas are to hold the key.
    pub(crate) fn place(&mut self, replicas: u32) -> FactRef {
        self.alone(|fact| Observation::KeyPlaced {
            fact,
            key: KEY,
            replicas,
        })
    }

    /// The only replica of the key gives it to another, with the value of this write.
    pub(crate) fn hand_over(&mut self, from: u8, to: u8, write: WriteRef) -> FactRef {
        let (from, to) = (Replica(from), Replica(to));
        self.alone(|fact| Observation::HandedOver {
            fact,
            key: KEY,
            from,
            to,
            write: Some(write),
        })
    }

    pub(crate) fn deliver(&mut self, write: WriteRef, to: u8, displaced: &[WriteRef]) -> FactRef {
        let fact = self.applied(write, to, displaced);
        self.judge.end_of_step();
        fact
    }

    pub(crate) fn deliver_and_show(
        &mut self,
        write: WriteRef,
        to: u8,
        displaced: &[WriteRef],
        value: u32,
    ) -> FactRef {
        self.applied(write, to, displaced);
        self.shows(to, value)
    }

    pub(crate) fn deliver_discarded(
        &mut self,
        write: WriteRef,
        to: u8,
        by: Option<WriteRef>,
    ) -> FactRef {
        let mut last = self.observe(|fact| Observation::WriteApplied {
            fact,
            write,
            replica: Replica(to),
            key: KEY,
            reflected: false,
        });
        if let Some(by) = by {
            last = self.overwritten(write, by, to);
        }
        self.judge.end_of_step();
        last
    }

    pub(crate) fn told(&mut self, op: OpRef, outcome: Outcome) -> FactRef {
        self.returned(op, outcome, None)
    }

    pub(crate) fn read(&mut self, session: u16) -> OpRef {
        self.start(session, OperationKind::Read, 0)
    }

    pub(crate) fn serve(&mut self, op: OpRef, at: u8) -> FactRef {
        self.serve_value(op, at, 0)
    }

    pub(crate) fn serve_value(&mut self, op: OpRef, at: u8, value: u32) -> FactRef {
        self.alone(|fact| Observation::ReadServed {
            fact,
            op,
            replica: Replica(at),
            key: KEY,
            value,
        })
    }

    /// The reader gets the answer of this replica.
    pub(crate) fn answer(&mut self, op: OpRef, by: u8) -> FactRef {
        self.returned(op, Outcome::Ok, Some(by))
    }

    /// A customer reads at a replica.
    pub(crate) fn reads(&mut self, session: u16, at: u8) -> FactRef {
        let op = self.read(session);
        self.serve(op, at);
        self.answer(op, at)
    }

    /// A customer writes at a replica, where it displaces these, and is told so.
    pub(crate) fn saves(&mut self, session: u16, at: u8, displaced: &[WriteRef]) -> Saved {
        let op = self.write(session);
        let write = self.accept(op, at, displaced);
        let told = self.told(op, Outcome::Ok);
        Saved { op, write, told }
    }

    /// A customer writes at a replica and says that she had read these and nothing else;
    /// there it displaces some versions and stays beside others.
    pub(crate) fn saves_after(
        &mut self,
        session: u16,
        at: u8,
        read: &[WriteRef],
        displaced: &[WriteRef],
        beside: &[WriteRef],
    ) -> Saved {
        let op = self.write(session);
        let write = self.accepted(op, at);
        let given = read.iter().copied().map(Some);
        let none = read.is_empty().then_some(None);
        for read in given.chain(none) {
            self.observe(|fact| Observation::ContextGiven { fact, write, read });
        }
        self.applied(write, at, displaced);
        for _ in beside {
            let key = KEY;
            self.observe(|fact| Observation::SiblingKept { fact, write, key });
        }
        self.judge.end_of_step();
        let told = self.told(op, Outcome::Ok);
        Saved { op, write, told }
    }

    /// Time passes.
    pub(crate) fn wait(&mut self, us: u64) {
        self.at_us += us;
    }

    /// The next fact.
    pub(crate) fn next(&self) -> FactRef {
        FactRef(self.facts + 1)
    }

    pub(crate) fn stock(&mut self, units: u32) -> FactRef {
        let item = KEY;
        self.alone(|fact| Observation::Stocked { fact, item, units })
    }

    pub(crate) fn sell(&mut self, session: u16, units: u32) -> FactRef {
        self.alone(|fact| Observation::Sold {
            fact,
            op: OpRef(fact.0),
            session: Session(session),
            item: KEY,
            units,
        })
    }

    pub(crate) fn due(&mut self, tick: u32) -> FactRef {
        let job = KEY;
        self.alone(|fact| Observation::JobDue { fact, job, tick })
    }

    pub(crate) fn runs(&mut self, tick: u32, at: u8) -> FactRef {
        self.alone(|fact| Observation::JobRan {
            fact,
            job: KEY,
            tick,
            replica: Replica(at),
        })
    }

    pub(crate) fn posts(&mut self, session: u16) -> (OpRef, FactRef) {
        self.posts_in(0, session)
    }

    pub(crate) fn posts_in(&mut self, room: u32, session: u16) -> (OpRef, FactRef) {
        let (op, session) = (OpRef(self.facts + 1), Session(session));
        let room = KeyRef(room);
        let fact = self.alone(|fact| Observation::MessagePosted {
            fact,
            op,
            room,
            session,
        });
        (op, fact)
    }

    pub(crate) fn shown(&mut self, op: OpRef, session: u16) -> FactRef {
        let session = Session(session);
        self.alone(|fact| Observation::MessageShown { fact, op, session })
    }

    fn returned(&mut self, op: OpRef, outcome: Outcome, answered_by: Option<u8>) -> FactRef {
        let at_us = self.at_us;
        self.alone(|fact| Observation::OperationReturned {
            fact,
            at_us,
            op,
            outcome,
            value: 0,
            status: 200,
            answered_by: answered_by.map(Replica),
        })
    }

    /// One observation, one step.
    fn alone(&mut self, make: impl FnOnce(FactRef) -> Observation) -> FactRef {
        let fact = self.observe(make);
        self.judge.end_of_step();
        fact
    }

    pub(crate) fn effect(&mut self, op: OpRef) -> FactRef {
        let amount = 50;
        self.alone(|fact| Observation::EffectMade { fact, op, amount })
    }

    pub(crate) fn shows(&mut self, replica: u8, value: u32) -> FactRef {
        self.alone(|fact| Observation::ValueShown {
            fact,
            replica: Replica(replica),
            key: KEY,
            value,
        })
    }

    /// Accepted, and reflected by neither of two replicas, for no other write.
    pub(crate) fn discard_everywhere(&mut self, op: OpRef) -> FactRef {
        let write = self.accepted(op, 0);
        self.deliver_discarded(write, 0, None);
        self.deliver_discarded(write, 1, None)
    }

    /// Written at replicas 0 and 1 by customers 0 and 1, and told so.
    pub(crate) fn two_concurrent_writes(&mut self) -> (WriteRef, WriteRef) {
        let [x, y] = [0, 1].map(|replica| {
            let op = self.write(u16::from(replica));
            let write = self.accept(op, replica, &[]);
            self.told(op, Outcome::Ok);
            write
        });
        (x, y)
    }

    pub(crate) fn kinds(&self, property: PropertyId) -> Vec<ViolationKind> {
        match self.judge.verdict(property) {
            Verdict::Violated { violations, .. } => violations.iter().map(|it| it.kind).collect(),
            _ => Vec::new(),
        }
    }

    /// The first violation.
    pub(crate) fn violation(&self, property: PropertyId) -> &Violation {
        match self.judge.verdict(property) {
            Verdict::Violated { violations, .. } => violations[0],
            other => panic!("no violation: {other:?}"),
        }
    }

    fn start(&mut self, session: u16, kind: OperationKind, argument: u32) -> OpRef {
        let op = OpRef(self.kinds.len() as u32);
        self.kinds.push(kind);
        self.items.push(argument);
        let at_us = self.at_us;
        self.alone(|fact| Observation::OperationStarted {
            fact,
            at_us,
            op,
            session: Session(session),
            kind,
            key: KEY,
            argument,
        });
        op
    }

    fn accepted(&mut self, op: OpRef, origin: u8) -> WriteRef {
        let write = WriteRef(self.writes);
        self.writes += 1;
        let item = self.items[op.0 as usize];
        let kind = match self.kinds[op.0 as usize] {
            OperationKind::Add => WriteKind::Add { item },
            OperationKind::Remove => WriteKind::Remove { item },
            _ => WriteKind::Write,
        };
        self.observe(|fact| Observation::WriteAccepted {
            fact,
            write,
            op,
            replica: Replica(origin),
            key: KEY,
            kind,
            value: item,
        });
        write
    }

    fn applied(&mut self, write: WriteRef, at: u8, displaced: &[WriteRef]) -> FactRef {
        let mut last = self.observe(|fact| Observation::WriteApplied {
            fact,
            write,
            replica: Replica(at),
            key: KEY,
            reflected: true,
        });
        for &lost in displaced {
            last = self.overwritten(lost, write, at);
        }
        last
    }

    fn overwritten(&mut self, lost: WriteRef, by: WriteRef, at: u8) -> FactRef {
        self.observe(|fact| Observation::Overwritten {
            fact,
            lost,
            by,
            replica: Replica(at),
            key: KEY,
        })
    }

    fn observe(&mut self, make: impl FnOnce(FactRef) -> Observation) -> FactRef {
        self.facts += 1;
        let fact = FactRef(self.facts);
        self.judge.observe(&make(fact));
        if let Some(&seen) = self.judge.reading().seen().last()
            && seen.fact == fact
        {
            self.seen.push(seen);
        }
        fact
    }
}
