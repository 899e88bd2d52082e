//! What is known of the writes after a number of steps, by replaying them all.

use std::collections::{BTreeMap, BTreeSet};

use splitbrain_checker::{KeyRef, Observation, OpRef, Replica, WriteKind, WriteRef};

#[derive(Default)]
pub(crate) struct Writes {
    replicas: u8,
    made: BTreeMap<WriteRef, Made>,
    received: BTreeSet<(WriteRef, Replica)>,
    reflected: BTreeSet<(WriteRef, Replica)>,
    displaced: BTreeSet<WriteRef>,
}

struct Made {
    op: OpRef,
    key: KeyRef,
    kind: WriteKind,
    origin: Replica,
    base: BTreeSet<WriteRef>,
    saw: BTreeSet<WriteRef>,
}

impl Writes {
    /// A write that was settled at the end of some step is no part of what follows.
    pub(crate) fn replay(
        replicas: u8,
        steps: &[Vec<Observation>],
        settled: &BTreeMap<WriteRef, u32>,
    ) -> Self {
        let mut writes = Self {
            replicas,
            ..Self::default()
        };
        for (step, observations) in steps.iter().enumerate() {
            let mut newest = None;
            for observation in observations {
                writes.take(observation, &mut newest);
            }
            for (write, _) in settled.iter().filter(|it| *it.1 == step as u32) {
                writes.made.remove(write);
            }
        }
        writes
    }

    /// `newest` is the write that was just applied at its origin for the first time.
    fn take(&mut self, observation: &Observation, newest: &mut Option<WriteRef>) {
        match *observation {
            Observation::WriteAccepted {
                write,
                op,
                replica,
                key,
                kind,
                ..
            } => {
                let saw = self.made.iter().filter(|&(&it, made)| {
                    self.reflected.contains(&(it, replica))
                        && made.key == key
                        && matches!((made.kind, kind), (WriteKind::Add { item }, WriteKind::Remove { item: gone }) if item == gone)
                });
                let made = Made {
                    op,
                    key,
                    kind,
                    origin: replica,
                    base: BTreeSet::new(),
                    saw: saw.map(|it| *it.0).collect(),
                };
                self.made.insert(write, made);
            }
            Observation::WriteApplied {
                write,
                replica,
                reflected,
                ..
            } => {
                *newest = None;
                let Some(made) = self.made.get(&write) else {
                    return;
                };
                if self.received.insert((write, replica)) && made.origin == replica {
                    *newest = Some(write);
                }
                if reflected {
                    self.reflected.insert((write, replica));
                }
            }
            Observation::Overwritten {
                lost, by, replica, ..
            } => {
                for (new, old) in [(by, lost), (lost, by)] {
                    if *newest == Some(new)
                        && self.made.contains_key(&old)
                        && self.reflected.contains(&(old, replica))
                        && let Some(made) = self.made.get_mut(&new)
                    {
                        made.base.insert(old);
                    }
                }
                self.reflected.remove(&(lost, replica));
                self.displaced.insert(lost);
            }
            _ => {}
        }
    }

    /// Its causal past, as far as it is not settled.
    pub(crate) fn past(&self, write: WriteRef) -> BTreeSet<WriteRef> {
        let mut past = BTreeSet::new();
        let mut pending = vec![write];
        while let Some(write) = pending.pop() {
            for &base in self.made.get(&write).iter().flat_map(|made| &made.base) {
                if self.made.contains_key(&base) && past.insert(base) {
                    pending.push(base);
                }
            }
        }
        past
    }

    /// It, and every write that has it in its past.
    fn heirs(&self, write: WriteRef) -> impl Iterator<Item = WriteRef> {
        let heirs = self.made.keys().copied();
        heirs.filter(move |&it| it == write || self.past(it).contains(&write))
    }

    fn in_flight(&self, write: WriteRef) -> bool {
        (0..self.replicas).any(|at| !self.received(write, Replica(at)))
    }

    pub(crate) fn lives(&self, write: WriteRef) -> bool {
        let mut all = (0..self.replicas).map(Replica);
        self.heirs(write).any(|it| self.in_flight(it)) || all.any(|at| self.lives_at(write, at))
    }

    pub(crate) fn lives_at(&self, write: WriteRef, at: Replica) -> bool {
        self.heirs(write)
            .any(|it| self.reflected.contains(&(it, at)))
    }

    pub(crate) fn received(&self, write: WriteRef, at: Replica) -> bool {
        self.received.contains(&(write, at))
    }

    pub(crate) fn was_displaced(&self, write: WriteRef) -> bool {
        self.displaced.contains(&write)
    }

    /// A removal that this replica has, though it reflects an addition that the
    /// removal saw.
    pub(crate) fn is_undone(&self, removal: WriteRef, at: Replica) -> bool {
        self.received(removal, at)
            && self.made.get(&removal).is_some_and(|made| {
                let mut saw = made.saw.iter().filter(|it| self.made.contains_key(it));
                saw.any(|&it| self.reflected.contains(&(it, at)))
            })
    }

    /// The writes of an operation that are not settled.
    pub(crate) fn of(&self, op: OpRef) -> Vec<WriteRef> {
        let of = self.made.iter().filter(|(_, made)| made.op == op);
        of.map(|(&write, _)| write).collect()
    }

    /// If the key has converged: what is settled by that, and whether it is safe.
    pub(crate) fn settled(&self, key: KeyRef) -> Vec<(WriteRef, OpRef, bool)> {
        let of = || self.made.iter().filter(|(_, made)| made.key == key);
        let count = |write| {
            let all = (0..self.replicas).map(Replica);
            all.filter(|&at| self.reflected.contains(&(write, at)))
                .count()
        };
        let partly =
            |write| !matches!(count(write), it if it == 0 || it == usize::from(self.replicas));
        if of().any(|(&it, _)| self.in_flight(it) || partly(it)) {
            return Vec::new();
        }
        let gone = of().filter(|(it, _)| count(**it) == 0);
        let mut settled: Vec<_> = gone
            .map(|(&it, made)| (it, made.op, self.lives(it)))
            .collect();
        let mut left = of().count() - settled.len();
        for (&it, made) in of().filter(|(it, _)| count(**it) > 0) {
            let removal = matches!(made.kind, WriteKind::Remove { .. });
            if removal && left > 1 && !self.is_undone(it, Replica(0)) {
                settled.push((it, made.op, true));
                left -= 1;
            }
        }
        settled
    }
}
