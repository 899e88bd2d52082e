//! The weak models by definition: orders are enumerated, relations closed by brute
//! force. For a handful of transactions: what the checkers are held against.

use super::{
    Access, Key, Model, Operation, OperationId, Status, TransactionId, TransactionalHistory, Value,
};

/// What there is, in plain lists: transactions that took place, by number.
#[derive(Debug, Clone)]
pub struct Naive {
    ids: Vec<TransactionId>,
    /// Session order, read-from, and both with their chains.
    session: Vec<Vec<bool>>,
    read_from: Vec<Vec<bool>>,
    causal: Vec<Vec<bool>>,
    reads: Vec<Read>,
    writes: Vec<Vec<Key>>,
}

/// A read of what another transaction wrote, or of the initial value.
#[derive(Debug, Clone, Copy)]
struct Read {
    by: usize,
    key: Key,
    from: Option<usize>,
    operation: OperationId,
}

impl Naive {
    /// The history in such lists; none where a read is at fault by itself, which breaks
    /// every model.
    pub fn new(history: &TransactionalHistory) -> Option<Self> {
        let ids: Vec<_> = history
            .transactions()
            .filter(|it| history.takes_part(*it))
            .collect();
        let place = |it: TransactionId| ids.iter().position(|id| *id == it);
        let count = ids.len();
        let mut naive = Self {
            session: vec![vec![false; count]; count],
            read_from: vec![vec![false; count]; count],
            causal: vec![vec![false; count]; count],
            reads: Vec::new(),
            writes: vec![Vec::new(); count],
            ids: ids.clone(),
        };
        for (at, id) in ids.iter().enumerate() {
            for (earlier, other) in ids[..at].iter().enumerate() {
                let is_same = history.session_of(*id) == history.session_of(*other);
                let precedes = history.status(*other) == Status::Committed;
                naive.session[earlier][at] = is_same && precedes;
            }
            let operations: Vec<_> = history.operations_of(*id).collect();
            for (index, operation) in operations.iter().enumerate() {
                let Operation { key, access } = history.operation(*operation);
                let Access::Read(value) = access else {
                    naive.writes[at].push(key);
                    continue;
                };
                if history.status(*id) != Status::Committed {
                    continue;
                }
                let own = operations[..index].iter().rev();
                let own = own
                    .map(|it| history.operation(*it))
                    .find(|it| it.key == key && it.is_write());
                if let Some(own) = own {
                    if value.map(Access::Write) != Some(own.access) {
                        return None;
                    }
                    continue;
                }
                let from = match value {
                    None => None,
                    Some(value) => {
                        let writer = last_writer(history, key, value)?;
                        if writer == *id {
                            return None;
                        }
                        Some(place(writer)?)
                    }
                };
                if let Some(from) = from {
                    naive.read_from[from][at] = true;
                }
                naive.reads.push(Read {
                    by: at,
                    key,
                    from,
                    operation: *operation,
                });
            }
        }
        for from in 0..count {
            for to in 0..count {
                naive.causal[from][to] = naive.session[from][to] || naive.read_from[from][to];
            }
        }
        close(&mut naive.causal);
        Some(naive)
    }

    fn is_acyclic(&self) -> bool {
        (0..self.ids.len()).all(|it| !self.causal[it][it])
    }

    fn writes_key(&self, it: usize, key: Key) -> bool {
        self.writes[it].contains(&key)
    }

    /// Whether the history keeps a model: takes time that grows with the orders of its
    /// transactions, so for seven or eight of them.
    pub fn holds(&self, model: Model) -> bool {
        if !self.is_acyclic() {
            return false;
        }
        match model {
            Model::ReadCommitted | Model::ReadAtomic | Model::CausalConvergence => {
                self.has_commit_order(model)
            }
            Model::Causal => self.reads.iter().all(|it| self.is_explained(it)),
            _ => self.reads.iter().all(|it| self.is_kept(model, it)),
        }
    }

    /// The same without enumerating anything, so for longer histories: what reads
    /// force has no cycle, and no read misses what it had to see.
    pub fn holds_by_closure(&self, model: Model) -> bool {
        if !self.is_acyclic() {
            return false;
        }
        let all = || 0..self.ids.len();
        if !matches!(
            model,
            Model::ReadCommitted | Model::ReadAtomic | Model::CausalConvergence
        ) {
            return self.reads.iter().all(|it| self.is_kept(model, it));
        }
        let mut order = self.causal.clone();
        for read in &self.reads {
            for other in all().filter(|it| self.writes_key(*it, read.key)) {
                if self.is_seen(model, other, read) && read.from != Some(other) {
                    match read.from {
                        Some(from) => order[other][from] = true,
                        None => return false,
                    }
                }
            }
        }
        close(&mut order);
        all().all(|it| !order[it][it])
    }

    /// Whether a read must not see less than another transaction wrote.
    fn is_seen(&self, model: Model, other: usize, read: &Read) -> bool {
        match model {
            Model::ReadCommitted => self.reads.iter().any(|earlier| {
                earlier.by == read.by
                    && earlier.operation < read.operation
                    && earlier.from == Some(other)
            }),
            Model::ReadAtomic => self.session[other][read.by] || self.read_from[other][read.by],
            _ => self.causal[other][read.by],
        }
    }

    /// Biswas and Enea's axioms over all orders that contain causality.
    fn has_commit_order(&self, model: Model) -> bool {
        let all: Vec<usize> = (0..self.ids.len()).collect();
        self.some_order(&all, &mut Vec::new(), &|order| {
            let at = |it: usize| order.iter().position(|other| *other == it);
            self.reads.iter().all(|read| {
                all.iter().all(|other| {
                    !self.is_seen(model, *other, read)
                        || !self.writes_key(*other, read.key)
                        || read.from == Some(*other)
                        || read.from.is_some_and(|from| at(*other) < at(from))
                })
            })
        })
    }

    /// Some order of the causal past explains the read (Bouajjani et al., CC).
    fn is_explained(&self, read: &Read) -> bool {
        let all = 0..self.ids.len();
        let past: Vec<usize> = all.filter(|it| self.causal[*it][read.by]).collect();
        self.some_order(&past, &mut Vec::new(), &|order| {
            let mut writers = order.iter().rev();
            writers.find(|it| self.writes_key(**it, read.key)).copied() == read.from
        })
    }

    /// One order of everything in which each read sees the last write.
    pub fn is_sequential(&self) -> bool {
        let all: Vec<usize> = (0..self.ids.len()).collect();
        self.is_acyclic()
            && self.some_order(&all, &mut Vec::new(), &|order| {
                self.reads.iter().all(|read| {
                    let before = order.iter().take_while(|it| **it != read.by);
                    let last = before.filter(|it| self.writes_key(**it, read.key)).last();
                    last.copied() == read.from
                })
            })
    }

    fn some_order(
        &self,
        of: &[usize],
        order: &mut Vec<usize>,
        accept: &dyn Fn(&[usize]) -> bool,
    ) -> bool {
        if order.len() == of.len() {
            return accept(order);
        }
        for next in of {
            let is_ready = |it: &usize| order.contains(it) || !self.causal[*it][*next];
            if order.contains(next) || !of.iter().all(is_ready) {
                continue;
            }
            order.push(*next);
            let is_found = self.some_order(of, order, accept);
            order.pop();
            if is_found {
                return true;
            }
        }
        false
    }

    /// The session guarantees as their files state them.
    fn is_kept(&self, model: Model, read: &Read) -> bool {
        let all = || 0..self.ids.len();
        let same_session = |it: usize| it == read.by || self.session[it][read.by];
        let shown = |writer: usize| all().any(|it| same_session(it) && self.read_from[writer][it]);
        let is_obliged = |newer: usize| match model {
            Model::Causal => self.causal[newer][read.by],
            Model::ReadYourWrites => self.session[newer][read.by],
            Model::MonotonicReads => self.reads.iter().any(|earlier| {
                earlier.from == Some(newer)
                    && earlier.key == read.key
                    && self.session[earlier.by][read.by]
            }),
            Model::MonotonicWrites => all().any(|it| self.session[newer][it] && shown(it)),
            Model::WritesFollowReads => self.reads.iter().any(|earlier| {
                earlier.from == Some(newer)
                    && earlier.key == read.key
                    && all().any(|it| self.session[earlier.by][it] && shown(it))
            }),
            _ => unreachable!(),
        };
        all().all(|newer| {
            !self.writes_key(newer, read.key)
                || !is_obliged(newer)
                || read.from.is_some_and(|from| !self.causal[from][newer])
        })
    }
}

/// Who wrote a value last in its transaction, and was not aborted.
fn last_writer(history: &TransactionalHistory, key: Key, value: Value) -> Option<TransactionId> {
    history.transactions().find(|id| {
        let mut operations = history.operations_of(*id).rev();
        let last = operations.find(|it| {
            let it = history.operation(*it);
            it.key == key && it.is_write()
        });
        last.is_some_and(|it| history.operation(it) == Operation::write(key, value))
            && history.status(*id) != Status::Aborted
    })
}

/// Adds all chains to a relation (Warshall 1962).
fn close(relation: &mut [Vec<bool>]) {
    let count = relation.len();
    for via in 0..count {
        for from in 0..count {
            for to in 0..count {
                relation[from][to] |= relation[from][via] && relation[via][to];
            }
        }
    }
}
