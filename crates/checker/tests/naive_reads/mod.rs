//! What reads are judged by, executed literally: from the whole stream, for every
//! operation by itself, nothing kept up and nothing forgotten.

use std::collections::BTreeMap;

use splitbrain_checker::{
    FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Replica, Session, WriteRef,
};

/// A version: what was there at first, or what an operation wrote.
type Source = Option<OpRef>;

#[derive(Debug, Clone)]
struct Operation {
    op: OpRef,
    session: Session,
    kind: OperationKind,
    key: KeyRef,
    call: FactRef,
    called_us: u64,
    returned: Option<Returned>,
    /// Replica, value and version of every attempt served until it returned.
    served: Vec<(Replica, u32, Source)>,
}

#[derive(Debug, Clone, Copy)]
struct Returned {
    fact: FactRef,
    at_us: u64,
    outcome: Outcome,
    answer: Option<(Replica, u32)>,
}

pub(crate) struct Naive {
    operations: Vec<Operation>,
}

impl Naive {
    pub(crate) fn of(steps: &[Vec<Observation>]) -> Self {
        let all: Vec<&Observation> = steps.iter().flatten().collect();
        let mut operations: Vec<Operation> = Vec::new();
        for (place, &observation) in all.iter().enumerate() {
            match *observation {
                Observation::OperationStarted {
                    fact,
                    at_us,
                    op,
                    session,
                    kind,
                    key,
                    ..
                } => operations.push(Operation {
                    op,
                    session,
                    kind,
                    key,
                    call: fact,
                    called_us: at_us,
                    returned: None,
                    served: Vec::new(),
                }),
                Observation::OperationReturned {
                    fact,
                    at_us,
                    op,
                    outcome,
                    value,
                    answered_by,
                    ..
                } => {
                    let returned = Returned {
                        fact,
                        at_us,
                        outcome,
                        answer: answered_by.map(|by| (by, value)),
                    };
                    let it = operations.iter_mut().find(|it| it.op == op);
                    it.expect("it started").returned.get_or_insert(returned);
                }
                Observation::ReadServed {
                    op,
                    replica,
                    key,
                    value,
                    ..
                } => {
                    let source = shown(&all[..place], replica, key);
                    let it = operations.iter_mut().find(|it| it.op == op);
                    let it = it.expect("it started");
                    if it.returned.is_none() {
                        it.served.push((replica, value, source));
                    }
                }
                _ => {}
            }
        }
        Self { operations }
    }

    /// Every update of a version that another customer had updated, by its operation
    /// and the fact from which on that stands; with all that it may be blamed on.
    pub(crate) fn lost_updates(&self) -> BTreeMap<OpRef, (FactRef, Vec<OpRef>)> {
        let updates: Vec<(&Operation, FactRef, (KeyRef, Source))> = self
            .told_ok(OperationKind::Write)
            .filter_map(|(it, told)| Some((it, told.fact, self.rests_on(it)?)))
            .collect();
        let mut lost = BTreeMap::new();
        for &(it, saved, version) in &updates {
            let others = updates.iter().filter(|other| {
                other.2 == version && other.0.session != it.session && other.1 < saved
            });
            let others: Vec<OpRef> = others.map(|other| other.0.op).collect();
            if !others.is_empty() {
                lost.insert(it.op, (saved, others));
            }
        }
        lost
    }

    /// How stale each read was that tells anything, in microseconds, and by which write.
    pub(crate) fn staleness(&self) -> BTreeMap<OpRef, (u64, FactRef, OpRef)> {
        let mut all = BTreeMap::new();
        for (read, told) in self.told_ok(OperationKind::Read) {
            let Some(source) = returned_version(read) else {
                continue;
            };
            let newer = self.told_ok(OperationKind::Write).filter(|(write, saved)| {
                let is_newer = source.is_none_or(|source| {
                    let since = self.in_force_since(source);
                    since.is_some_and(|since| since < write.call)
                });
                write.key == read.key && is_newer && saved.fact < read.call
            });
            if let Some((write, saved)) = newer.min_by_key(|(_, saved)| saved.fact) {
                let us = read.called_us - saved.at_us;
                all.insert(read.op, (us, told.fact, write.op));
            }
        }
        all
    }

    fn told_ok(&self, kind: OperationKind) -> impl Iterator<Item = (&Operation, Returned)> {
        self.operations.iter().filter_map(move |it| {
            let returned = it
                .returned
                .filter(|returned| returned.outcome == Outcome::Ok)?;
            (it.kind == kind).then_some((it, returned))
        })
    }

    fn in_force_since(&self, source: OpRef) -> Option<FactRef> {
        let saved = self
            .told_ok(OperationKind::Write)
            .filter(|(it, _)| it.op == source);
        let read = self
            .told_ok(OperationKind::Read)
            .filter(|(it, _)| returned_version(it) == Some(Some(source)));
        saved.chain(read).map(|(_, told)| told.fact).min()
    }

    /// The version that a write rests on.
    fn rests_on(&self, write: &Operation) -> Option<(KeyRef, Source)> {
        let own = |kind| {
            let all = self.operations.iter();
            all.filter(move |it| {
                it.kind == kind && it.session == write.session && it.key == write.key
            })
        };
        let (read, told) = own(OperationKind::Read)
            .filter_map(|it| Some((it, it.returned?)))
            .filter(|(_, told)| told.outcome == Outcome::Ok && told.fact < write.call)
            .max_by_key(|(_, told)| told.fact)?;
        let wrote_since = own(OperationKind::Write).any(|it| {
            it.returned.is_some_and(|returned| {
                returned.outcome != Outcome::Failed
                    && told.fact < returned.fact
                    && returned.fact < write.call
            })
        });
        let version = returned_version(read)?;
        (!wrote_since).then_some((write.key, version))
    }
}

/// The version that a read returned, if the servings that match the answer agree.
fn returned_version(read: &Operation) -> Option<Source> {
    let (by, value) = read.returned?.answer?;
    let served = read.served.iter().filter(|it| (it.0, it.1) == (by, value));
    let mut versions: Vec<Source> = served.map(|it| it.2).collect();
    versions.dedup();
    match versions[..] {
        [version] => Some(version),
        _ => None,
    }
}

/// The newest write that a replica reflects after these observations.
fn shown(before: &[&Observation], at: Replica, of: KeyRef) -> Source {
    let mut reflected: Vec<WriteRef> = Vec::new();
    let mut writers = BTreeMap::new();
    for observation in before {
        match **observation {
            Observation::WriteAccepted { write, op, .. } => {
                writers.insert(write, op);
            }
            Observation::WriteApplied {
                write,
                replica,
                key,
                reflected: true,
                ..
            } if (replica, key) == (at, of) => reflected.push(write),
            Observation::Overwritten {
                lost, replica, key, ..
            } if (replica, key) == (at, of) => reflected.retain(|&it| it != lost),
            _ => {}
        }
    }
    reflected.last().map(|write| writers[write])
}
