//! A stream of observations for tests, told as a story about one key.

use crate::{
    FactRef, Judge, KeyRef, Observation, OpRef, OperationKind, Outcome, PropertyId, Replica,
    Session, Verdict, Violation, ViolationKind, WriteKind, WriteRef,
};

const KEY: KeyRef = KeyRef(0);

/// Every method is one step and gives the last fact of it, or what it made.
pub(crate) struct Script {
    pub(crate) judge: Judge,
    facts: u32,
    kinds: Vec<OperationKind>,
    items: Vec<u32>,
    writes: u32,
}

impl Script {
    pub(crate) fn new(replicas: u8) -> Self {
        Self {
            judge: Judge::new(replicas),
            facts: 0,
            kinds: Vec::new(),
            items: Vec::new(),
            writes: 0,
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
        let fact = self.observe(|fact| Observation::OperationReturned {
            fact,
            op,
            outcome,
            value: 0,
            status: 200,
        });
        self.judge.end_of_step();
        fact
    }

    pub(crate) fn effect(&mut self, op: OpRef) -> FactRef {
        let amount = 50;
        let fact = self.observe(|fact| Observation::EffectMade { fact, op, amount });
        self.judge.end_of_step();
        fact
    }

    pub(crate) fn shows(&mut self, replica: u8, value: u32) -> FactRef {
        let fact = self.observe(|fact| Observation::ValueShown {
            fact,
            replica: Replica(replica),
            key: KEY,
            value,
        });
        self.judge.end_of_step();
        fact
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
        self.observe(|fact| Observation::OperationStarted {
            fact,
            op,
            session: Session(session),
            kind,
            key: KEY,
            argument,
        });
        self.judge.end_of_step();
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
        fact
    }
}
