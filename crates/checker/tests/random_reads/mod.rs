//! Random runs of small replicated registers: customers who read and write, one thing
//! at a time, with retries, lost answers and time-outs, as the steps that somebody
//! would observe of them.

use splitbrain_checker::{
    FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Replica, Session, WriteKind,
    WriteRef,
};

/// Four random bytes: what to do, who does it, where, and a coin.
pub(crate) type Action = [u8; 4];

/// How replicas take in a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Design {
    /// By the number of the write.
    Ordered,
    /// What came last stays.
    ArrivalOrder,
    /// A coin decides.
    Chaotic,
}

const SESSIONS: u8 = 3;

struct Operation {
    session: u8,
    is_read: bool,
    key: u32,
    /// Where it was served, and the value.
    served: Vec<(u8, u32)>,
    writes: Vec<usize>,
    has_returned: bool,
}

struct World {
    design: Design,
    replicas: u8,
    operations: Vec<Operation>,
    /// The operation of each write.
    writes: Vec<usize>,
    /// What each replica reflects of each key.
    held: Vec<[Option<usize>; 2]>,
    on_the_way: Vec<(usize, u8)>,
    facts: u32,
    at_us: u64,
    step: Vec<Observation>,
}

/// The steps of a run. Three customers, two keys.
pub(crate) fn random_reads(
    replicas: u8,
    design: Design,
    actions: &[Action],
) -> Vec<Vec<Observation>> {
    let mut world = World {
        design,
        replicas,
        operations: Vec::new(),
        writes: Vec::new(),
        held: vec![[None; 2]; usize::from(replicas)],
        on_the_way: Vec::new(),
        facts: 0,
        at_us: 0,
        step: Vec::new(),
    };
    let mut steps = Vec::new();
    for &action in actions {
        world.act(action);
        if action[3] < 220 {
            steps.push(std::mem::take(&mut world.step));
        }
    }
    steps.push(world.step);
    steps
}

impl World {
    fn act(&mut self, [what, who, place, coin]: Action) {
        self.at_us += u64::from(coin % 8);
        let session = who % SESSIONS;
        let replica = place % self.replicas;
        let open = self
            .operations
            .iter()
            .position(|it| it.session == session && !it.has_returned);
        match (what % 16, open) {
            (0..=9, None) => self.start(session, coin),
            // Nearly always an attempt is made before its customer gives up.
            (0..=9, Some(op)) if what % 16 < 2 || (!self.was_served(op) && coin > 20) => {
                self.attempt(op, replica, coin);
            }
            (0..=9, Some(op)) => self.finish(op, place, coin),
            (10, _) if !self.operations.is_empty() => {
                // An attempt that was given up arrives late.
                let op = usize::from(who) % self.operations.len();
                if self.operations[op].has_returned && self.may_write_again(op) {
                    self.attempt(op, replica, coin);
                }
            }
            (13.., _) if !self.on_the_way.is_empty() => {
                let next = usize::from(who) % self.on_the_way.len();
                let (write, to) = self.on_the_way.remove(next);
                self.apply(write, to, coin);
            }
            _ => {}
        }
    }

    fn was_served(&self, op: usize) -> bool {
        let operation = &self.operations[op];
        !operation.served.is_empty() || !operation.writes.is_empty()
    }

    /// Later than that, the judge takes it for another write.
    fn may_write_again(&self, op: usize) -> bool {
        let is_its = |write: usize| self.writes[write] == op;
        self.on_the_way.iter().any(|it| is_its(it.0))
            || self.held.iter().flatten().flatten().any(|&it| is_its(it))
    }

    fn see(&mut self, make: impl FnOnce(FactRef) -> Observation) {
        self.facts += 1;
        self.step.push(make(FactRef(self.facts)));
    }

    fn start(&mut self, session: u8, coin: u8) {
        let op = OpRef(self.operations.len() as u32);
        let (is_read, key) = (!coin.is_multiple_of(3), u32::from(coin.is_multiple_of(7)));
        self.operations.push(Operation {
            session,
            is_read,
            key,
            served: Vec::new(),
            writes: Vec::new(),
            has_returned: false,
        });
        let kind = if is_read {
            OperationKind::Read
        } else {
            OperationKind::Write
        };
        let at_us = self.at_us;
        self.see(|fact| Observation::OperationStarted {
            fact,
            at_us,
            op,
            session: Session(u16::from(session)),
            kind,
            key: KeyRef(key),
            argument: op.0 % 3,
        });
    }

    fn attempt(&mut self, op: usize, replica: u8, coin: u8) {
        let (key, op_ref, at) = (self.operations[op].key, OpRef(op as u32), Replica(replica));
        if self.operations[op].is_read {
            let held = self.held[usize::from(replica)][key as usize];
            let value = held.map_or(9, |write| self.writes[write] as u32 % 3);
            self.operations[op].served.push((replica, value));
            self.see(|fact| Observation::ReadServed {
                fact,
                op: op_ref,
                replica: at,
                key: KeyRef(key),
                value,
            });
            return;
        }
        let write = self.writes.len();
        self.writes.push(op);
        self.operations[op].writes.push(write);
        self.see(|fact| Observation::WriteAccepted {
            fact,
            write: WriteRef(write as u32),
            op: op_ref,
            replica: at,
            key: KeyRef(key),
            kind: WriteKind::Write,
            value: op_ref.0 % 3,
        });
        self.apply(write, replica, coin);
        let others = (0..self.replicas).filter(|&it| it != replica);
        self.on_the_way.extend(others.map(|to| (write, to)));
    }

    fn apply(&mut self, write: usize, at: u8, coin: u8) {
        let key = self.operations[self.writes[write]].key;
        let held = self.held[usize::from(at)][key as usize];
        let wins = match self.design {
            Design::Ordered => held.is_none_or(|held| held < write),
            Design::ArrivalOrder => true,
            Design::Chaotic => coin & 1 == 0,
        };
        self.see(|fact| Observation::WriteApplied {
            fact,
            write: WriteRef(write as u32),
            replica: Replica(at),
            key: KeyRef(key),
            reflected: wins,
        });
        if wins {
            self.held[usize::from(at)][key as usize] = Some(write);
        }
        if let Some(held) = held {
            let (lost, by) = if wins { (held, write) } else { (write, held) };
            self.see(|fact| Observation::Overwritten {
                fact,
                lost: WriteRef(lost as u32),
                by: WriteRef(by as u32),
                replica: Replica(at),
                key: KeyRef(key),
            });
        }
    }

    fn finish(&mut self, op: usize, place: u8, coin: u8) {
        let operation = &mut self.operations[op];
        operation.has_returned = true;
        let answer = match operation.served.len() {
            0 => None,
            count => Some(operation.served[usize::from(place) % count]),
        };
        let outcome = match (coin % 8, operation.is_read, operation.writes.is_empty()) {
            (0, ..) => Outcome::Unknown,
            (_, false, false) => Outcome::Ok,
            (_, true, _) if answer.is_some() => Outcome::Ok,
            _ => Outcome::Failed,
        };
        let at_us = self.at_us;
        self.see(|fact| Observation::OperationReturned {
            fact,
            at_us,
            op: OpRef(op as u32),
            outcome,
            value: answer.map_or(0, |it| it.1),
            status: 0,
            answered_by: answer.map(|it| Replica(it.0)),
        });
    }
}
