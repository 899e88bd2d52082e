//! The definitions, executed literally: at every step everything is recomputed
//! from the whole stream, with sets, and nothing is incremental but the two things
//! that are defined over time: what was settled when a key converged, and when a
//! violation was first true.

mod writes;

use std::collections::{BTreeMap, BTreeSet};

use splitbrain_checker::{
    EMPTY, KeyRef, Observation, OpRef, OperationKind, Outcome, Replica, Violation, ViolationKind,
    WriteRef,
};
use writes::Writes;

/// Whom a violation concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject {
    Op(OpRef),
    Key(KeyRef),
}

/// What should be said: violations with the step in which each was first true and
/// whether it stands, and the operations at risk.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Expected {
    pub(crate) violations: BTreeMap<(ViolationKind, Subject), (u32, bool)>,
    pub(crate) at_risk: BTreeSet<OpRef>,
}

pub(crate) struct Naive {
    replicas: u8,
    violations: BTreeMap<(ViolationKind, Subject), (u32, bool)>,
    /// Writes that were settled, with the step at whose end they were.
    settled: BTreeMap<WriteRef, u32>,
    /// Operations on which the last word is said.
    closed: BTreeSet<OpRef>,
    /// Operations all of whose writes are dead, with how they died.
    doomed: BTreeMap<OpRef, ViolationKind>,
    writes: Writes,
}

struct Told {
    kind: OperationKind,
    ok: bool,
    failed: bool,
    effects: u32,
}

impl Naive {
    pub(crate) fn new(replicas: u8) -> Self {
        Self {
            replicas,
            violations: BTreeMap::new(),
            settled: BTreeMap::new(),
            closed: BTreeSet::new(),
            doomed: BTreeMap::new(),
            writes: Writes::default(),
        }
    }

    /// What should be said at the end of the last of these steps; asked for every
    /// step in turn.
    pub(crate) fn judge(&mut self, steps: &[Vec<Observation>]) -> Expected {
        let now = steps.len() as u32 - 1;
        self.writes = Writes::replay(self.replicas, steps, &self.settled);
        let told = told(steps);
        self.exactly_once(now, &told);
        self.convergence(now, steps);
        let at_risk = self.acknowledged_writes(now, &told);
        self.settle(now);
        Expected {
            violations: self.violations.clone(),
            at_risk,
        }
    }

    /// The winner of a loss of this step did not see what it won over, unless all
    /// that it ever gave way to are dead.
    pub(crate) fn check_winner(&self, violation: &Violation) {
        let Some(winner) = violation.winner else {
            return;
        };
        let past = self.writes.past(winner);
        if self.writes.lives(winner) {
            assert!(violation.writes.iter().all(|it| !past.contains(it)));
        }
    }

    fn mark(&mut self, now: u32, kind: ViolationKind, of: Subject, stands: bool) {
        if stands {
            self.violations.entry((kind, of)).or_insert((now, true)).1 = true;
        } else if let Some(known) = self.violations.get_mut(&(kind, of)) {
            known.1 = false;
        }
    }

    fn exactly_once(&mut self, now: u32, told: &BTreeMap<OpRef, Told>) {
        for (&op, it) in told.iter().filter(|(_, it)| it.kind == OperationKind::Pay) {
            let of = Subject::Op(op);
            self.mark(now, ViolationKind::ChargedTwice, of, it.effects > 1);
            let though_failed = it.failed && it.effects > 0;
            self.mark(now, ViolationKind::ChargedThoughFailed, of, though_failed);
            self.mark(
                now,
                ViolationKind::NeverCharged,
                of,
                it.ok && it.effects == 0,
            );
        }
    }

    fn convergence(&mut self, now: u32, steps: &[Vec<Observation>]) {
        let mut received: BTreeMap<(KeyRef, Replica), BTreeSet<WriteRef>> = BTreeMap::new();
        let mut shown = BTreeMap::new();
        for observation in steps.iter().flatten() {
            match *observation {
                Observation::WriteApplied {
                    write,
                    replica,
                    key,
                    ..
                } => {
                    received.entry((key, replica)).or_default().insert(write);
                }
                Observation::ValueShown {
                    replica,
                    key,
                    value,
                    ..
                } => {
                    shown.insert((key, replica), value);
                }
                _ => {}
            }
        }
        for key in [KeyRef(0), KeyRef(1)] {
            let of = |replica| {
                let value = shown.get(&(key, replica)).copied().unwrap_or(EMPTY);
                Some((received.get(&(key, replica))?, value))
            };
            let all: Vec<_> = (0..self.replicas)
                .filter_map(|it| of(Replica(it)))
                .collect();
            let pairs = all
                .iter()
                .flat_map(|one| all.iter().map(move |other| (one, other)));
            let differ =
                |(one, other): (&(_, u32), &(_, u32))| one.0 == other.0 && one.1 != other.1;
            let diverged = pairs.clone().any(|(one, other)| differ((one, other)));
            self.mark(now, ViolationKind::Diverged, Subject::Key(key), diverged);
        }
    }

    fn acknowledged_writes(&mut self, now: u32, told: &BTreeMap<OpRef, Told>) -> BTreeSet<OpRef> {
        let mut at_risk = BTreeSet::new();
        for (&op, it) in told {
            if it.kind == OperationKind::Read || self.closed.contains(&op) {
                continue;
            }
            if it.failed && !it.ok {
                self.closed.insert(op);
                continue;
            }
            match self.fate(op, it) {
                Fate::Lost(kind) => {
                    let kind = *self.doomed.entry(op).or_insert(kind);
                    let known = [ViolationKind::OverwrittenUnseen, ViolationKind::Vanished]
                        .into_iter()
                        .find(|&known| self.violations.contains_key(&(known, Subject::Op(op))));
                    if it.ok {
                        self.mark(now, known.unwrap_or(kind), Subject::Op(op), true);
                    }
                    continue;
                }
                Fate::NothingToLose => {
                    self.closed.insert(op);
                }
                Fate::Missing if it.ok => {
                    at_risk.insert(op);
                }
                Fate::Missing | Fate::Kept => {}
            }
            self.doomed.remove(&op);
            for kind in [ViolationKind::OverwrittenUnseen, ViolationKind::Vanished] {
                self.mark(now, kind, Subject::Op(op), false);
            }
        }
        at_risk
    }

    fn fate(&self, op: OpRef, told: &Told) -> Fate {
        let of = self.writes.of(op);
        if of.is_empty() {
            return match (self.doomed.get(&op), told.kind) {
                (Some(&kind), _) => Fate::Lost(kind),
                (None, OperationKind::Write | OperationKind::Add) if told.ok => {
                    Fate::Lost(ViolationKind::Vanished)
                }
                _ if told.ok => Fate::NothingToLose,
                _ => Fate::Kept,
            };
        }
        if of.iter().all(|&write| !self.writes.lives(write)) {
            let displaced = of.iter().any(|&write| self.writes.was_displaced(write));
            return Fate::Lost(if displaced {
                ViolationKind::OverwrittenUnseen
            } else {
                ViolationKind::Vanished
            });
        }
        let all: Vec<Replica> = (0..self.replicas).map(Replica).collect();
        let received_at = |at| move |&&write: &&WriteRef| self.writes.received(write, at);
        let undone_at = |at| of.iter().any(|&write| self.writes.is_undone(write, at));
        let complete = all
            .iter()
            .all(|&at| of.iter().filter(received_at(at)).count() == of.len());
        if complete && all.iter().any(|&at| undone_at(at)) {
            return Fate::Lost(ViolationKind::Vanished);
        }
        let missing = |&at: &Replica| {
            of.iter().any(|it| received_at(at)(&it))
                && (of.iter().all(|&write| !self.writes.lives_at(write, at)) || undone_at(at))
        };
        if all.iter().any(missing) {
            Fate::Missing
        } else {
            Fate::Kept
        }
    }

    fn settle(&mut self, now: u32) {
        for key in [KeyRef(0), KeyRef(1)] {
            for (write, op, safe) in self.writes.settled(key) {
                self.settled.insert(write, now);
                if safe {
                    self.closed.insert(op);
                }
            }
        }
    }
}

enum Fate {
    Lost(ViolationKind),
    NothingToLose,
    Missing,
    Kept,
}

fn told(steps: &[Vec<Observation>]) -> BTreeMap<OpRef, Told> {
    let mut told = BTreeMap::new();
    for observation in steps.iter().flatten() {
        match *observation {
            Observation::OperationStarted { op, kind, .. } => {
                let new = Told {
                    kind,
                    ok: false,
                    failed: false,
                    effects: 0,
                };
                told.insert(op, new);
            }
            Observation::OperationReturned { op, outcome, .. } => {
                if let Some(it) = told.get_mut(&op)
                    && !it.ok
                    && !it.failed
                {
                    it.ok = outcome == Outcome::Ok;
                    it.failed = outcome == Outcome::Failed;
                }
            }
            Observation::EffectMade { op, .. } => {
                if let Some(it) = told.get_mut(&op) {
                    it.effects += 1;
                }
            }
            _ => {}
        }
    }
    told
}
