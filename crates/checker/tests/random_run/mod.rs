//! Random runs of small replicated systems, sound, broken and chaotic, as the
//! steps that somebody would observe of them.

use std::collections::BTreeMap;

use splitbrain_checker::{
    FactRef, KeyRef, Observation, OpRef, OperationKind, Outcome, Replica, Session, WriteKind,
    WriteRef,
};

/// Four random bytes: what to do, to what, where, and a coin for chaos.
pub(crate) type Action = [u8; 4];

/// How replicas take in a write.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Design {
    /// A register, by stamps that a skewed clock may have given.
    LastWriterWins,
    /// A register that keeps what came last.
    ArrivalOrder,
    /// A set whose removals remove what they saw.
    ObservedRemove,
    /// A register that tosses a coin, for the winner and for whether to tell.
    ChaoticRegister,
    /// A set that removes, brings back and shows what it likes.
    ChaoticSet,
}

impl Design {
    fn is_set(self) -> bool {
        matches!(self, Self::ObservedRemove | Self::ChaoticSet)
    }

    fn is_chaotic(self) -> bool {
        matches!(self, Self::ChaoticRegister | Self::ChaoticSet)
    }
}

#[derive(Clone)]
struct Made {
    key: KeyRef,
    kind: WriteKind,
    stamp: (u8, u32),
    saw: Vec<usize>,
}

#[derive(Default)]
struct Cell {
    reflected: Vec<usize>,
    /// Additions that a removal has forbidden here.
    removed: Vec<usize>,
    shown: u32,
}

struct World {
    design: Design,
    ops: Vec<(OperationKind, KeyRef, u32)>,
    writes: Vec<Made>,
    cells: BTreeMap<(u8, KeyRef), Cell>,
    on_the_way: Vec<(usize, u8)>,
    facts: u32,
    step: Vec<Observation>,
}

/// The steps of a run. Two customers, two keys, two items.
pub(crate) fn random_run(
    replicas: u8,
    design: Design,
    actions: &[Action],
) -> Vec<Vec<Observation>> {
    let mut world = World {
        design,
        ops: Vec::new(),
        writes: Vec::new(),
        cells: BTreeMap::new(),
        on_the_way: Vec::new(),
        facts: 0,
        step: Vec::new(),
    };
    let mut steps = Vec::new();
    for &action in actions {
        world.act(replicas, action);
        // Now and then a step goes on, as a group commit does.
        if action[3] < 200 {
            steps.push(std::mem::take(&mut world.step));
        }
    }
    steps.push(world.step);
    steps
}

impl World {
    fn act(&mut self, replicas: u8, [what, which, place, coin]: Action) {
        let pick = |len: usize| usize::from(which) % len.max(1);
        match what % 16 {
            0..=2 => self.start(which, coin),
            3..=6 if !self.ops.is_empty() => {
                // Mostly the newest operation, now and then a retry of an old one.
                let newest = self.ops.len() - 1;
                let op = if coin.is_multiple_of(4) {
                    pick(newest)
                } else {
                    newest
                };
                self.accept(replicas, op, place % replicas, coin);
            }
            7..=11 if !self.on_the_way.is_empty() => {
                let (write, to) = self.on_the_way.remove(pick(self.on_the_way.len()));
                self.apply(write, to, coin);
            }
            12 | 13 if !self.ops.is_empty() => {
                let outcome = [Outcome::Ok, Outcome::Ok, Outcome::Unknown, Outcome::Failed];
                let newest = self.ops.len() - 1;
                let op = if coin & 1 == 0 { pick(newest) } else { newest };
                let op = OpRef(op as u32);
                let outcome = outcome[usize::from(place) % 4];
                self.see(|fact| Observation::OperationReturned {
                    fact,
                    at_us: u64::from(fact.0),
                    op,
                    outcome,
                    value: 0,
                    status: 0,
                    answered_by: None,
                });
            }
            14 if !self.ops.is_empty() => {
                let op = OpRef(pick(self.ops.len()) as u32);
                if self.ops[op.0 as usize].0 == OperationKind::Pay {
                    self.see(|fact| Observation::EffectMade {
                        fact,
                        op,
                        amount: 1,
                    });
                }
            }
            15 if !self.writes.is_empty() && self.design.is_chaotic() => {
                let write = pick(self.writes.len());
                if !self.on_the_way.contains(&(write, place % replicas)) {
                    self.apply(write, place % replicas, coin);
                }
            }
            _ => {}
        }
    }

    fn see(&mut self, make: impl FnOnce(FactRef) -> Observation) {
        self.facts += 1;
        self.step.push(make(FactRef(self.facts)));
    }

    fn start(&mut self, which: u8, coin: u8) {
        let kind = match (which % 8, self.design.is_set()) {
            (0, _) => OperationKind::Pay,
            (1, _) => OperationKind::Read,
            (2 | 3, true) => OperationKind::Remove,
            (_, true) => OperationKind::Add,
            _ => OperationKind::Write,
        };
        let op = OpRef(self.ops.len() as u32);
        let key = KeyRef(u32::from(coin.is_multiple_of(8)));
        let argument = u32::from(coin % 2);
        self.ops.push((kind, key, argument));
        self.see(|fact| Observation::OperationStarted {
            fact,
            at_us: u64::from(fact.0),
            op,
            session: Session(u16::from(which % 2)),
            kind,
            key,
            argument,
        });
    }

    fn accept(&mut self, replicas: u8, op: usize, origin: u8, coin: u8) {
        let (kind, key, item) = self.ops[op];
        let kind = match kind {
            OperationKind::Read | OperationKind::Pay => return,
            OperationKind::Write => WriteKind::Write,
            OperationKind::Count => WriteKind::Count,
            OperationKind::Add => WriteKind::Add { item },
            OperationKind::Remove => WriteKind::Remove { item },
        };
        let write = self.writes.len();
        let (op, replica) = (OpRef(op as u32), Replica(origin));
        let cell = self.cells.entry((origin, key)).or_default();
        let saw = cell.reflected.iter().copied();
        let saw = saw.filter(|&it| same_item(self.writes[it].kind, kind));
        let made = Made {
            key,
            kind,
            stamp: (coin % 5, write as u32),
            saw: saw.collect(),
        };
        self.writes.push(made);
        self.see(|fact| Observation::WriteAccepted {
            fact,
            write: WriteRef(write as u32),
            op,
            replica,
            key,
            kind,
            value: item,
        });
        self.apply(write, origin, coin);
        let others = (0..replicas).filter(|&it| it != origin);
        self.on_the_way.extend(others.map(|to| (write, to)));
    }

    fn apply(&mut self, write: usize, at: u8, coin: u8) {
        let made = self.writes[write].clone();
        let cell = self.cells.entry((at, made.key)).or_default();
        let present = cell.reflected.contains(&write);
        let others: Vec<usize> = cell
            .reflected
            .iter()
            .copied()
            .filter(|&it| it != write)
            .collect();
        let (reflected, gone, by) = match self.design {
            Design::LastWriterWins => {
                let wins = |&it: &usize| self.writes[it].stamp < made.stamp;
                let by = others.iter().copied().find(|it| !wins(it));
                (by.is_none(), others, by)
            }
            Design::ArrivalOrder => (true, others, None),
            Design::ChaoticRegister => {
                let wins = present || coin & 1 == 0;
                let by = others.first().copied().filter(|_| coin & 6 != 0);
                (wins, others, by)
            }
            Design::ObservedRemove => {
                cell.removed.extend_from_slice(&made.saw);
                (!cell.removed.contains(&write), made.saw.clone(), None)
            }
            Design::ChaoticSet => {
                let alike = others.into_iter().filter(|&it| {
                    let same = same_item(self.writes[it].kind, made.kind);
                    same && (coin & 1 == 0) == made.saw.contains(&it)
                });
                let wins = coin & 6 != 0 || matches!(made.kind, WriteKind::Remove { .. });
                (wins, alike.collect(), None)
            }
        };
        self.see(|fact| Observation::WriteApplied {
            fact,
            write: WriteRef(write as u32),
            replica: Replica(at),
            key: made.key,
            reflected,
        });
        let cell = self.cells.entry((at, made.key)).or_default();
        let mut pairs = Vec::new();
        // An addition that is removed already still takes away what it saw.
        if reflected || self.design == Design::ObservedRemove {
            let gone = gone.into_iter().filter(|it| cell.reflected.contains(it));
            pairs.extend(gone.map(|lost| (lost, write)));
            cell.reflected
                .retain(|it| pairs.iter().all(|pair| pair.0 != *it));
            if reflected && !present {
                cell.reflected.push(write);
            }
        } else if let Some(by) = by.filter(|_| !present) {
            pairs.push((write, by));
        }
        for (lost, by) in pairs {
            self.see(|fact| Observation::Overwritten {
                fact,
                lost: WriteRef(lost as u32),
                by: WriteRef(by as u32),
                replica: Replica(at),
                key: made.key,
            });
        }
        self.show(at, made.key, coin);
    }

    fn show(&mut self, at: u8, key: KeyRef, coin: u8) {
        let cell = self.cells.entry((at, key)).or_default();
        let mut value = 0;
        for &write in &cell.reflected {
            value |= match self.writes[write].kind {
                WriteKind::Write | WriteKind::Part | WriteKind::Count => write as u32 + 1,
                WriteKind::Add { item } => 1 << item,
                WriteKind::Remove { .. } => 0,
            };
        }
        let lies = self.design.is_chaotic() && coin.is_multiple_of(16);
        value += u32::from(lies);
        if cell.shown != value {
            cell.shown = value;
            self.see(|fact| Observation::ValueShown {
                fact,
                replica: Replica(at),
                key,
                value,
            });
        }
    }
}

fn same_item(held: WriteKind, new: WriteKind) -> bool {
    match (held, new) {
        (
            WriteKind::Add { item },
            WriteKind::Add { item: other } | WriteKind::Remove { item: other },
        ) => item == other,
        _ => false,
    }
}
