//! Additions that a removal took out, and that were forgotten when their key converged.
//!
//! Nothing is to happen to them any more. Where one is reflected again all the same, the
//! removal is undone, and whoever asked for it has to hear of it. What is kept for that is
//! the addition's reference with those of the removals that saw it.

use splitbrain_sorted::Map;

use crate::observation::{FactRef, OpRef, Replica, WriteRef};

/// What a removal took out came back, or went again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Return {
    pub(crate) fact: FactRef,
    /// The removal.
    pub(crate) removal: WriteRef,
    /// Whose attempt that was.
    pub(crate) op: OpRef,
    /// Whether any replica reflects the addition now.
    pub(crate) is_back: bool,
}

/// All of them.
#[derive(Debug, Clone, Default)]
pub(super) struct Graves {
    /// By addition and removal.
    buried: Map<(WriteRef, WriteRef), OpRef>,
    /// Additions that are reflected again, with the mask of the replicas that do.
    risen: Map<WriteRef, u64>,
    returns: Vec<Return>,
}

impl Graves {
    /// An addition that this removal had seen is forgotten.
    pub(super) fn bury(&mut self, addition: WriteRef, removal: WriteRef, op: OpRef) {
        self.buried.insert((addition, removal), op);
    }

    /// A write that nobody remembers is reflected at a replica.
    pub(super) fn rise(&mut self, fact: FactRef, write: WriteRef, replica: Replica) {
        if self.removals(write).is_empty() {
            return;
        }
        let mask = self.risen.get_or_insert_with(write, || 0);
        let before = std::mem::replace(mask, *mask | replica.bit());
        if before == 0 {
            self.tell(fact, write, true);
        }
    }

    /// It is so no more.
    pub(super) fn fall(&mut self, fact: FactRef, write: WriteRef, replica: Replica) {
        let Some(mask) = self.risen.get_mut(&write) else {
            return;
        };
        *mask &= !replica.bit();
        if *mask == 0 {
            self.risen.remove(&write);
            self.tell(fact, write, false);
        }
    }

    /// What happened in this step.
    pub(super) fn returns(&self) -> &[Return] {
        &self.returns
    }

    pub(super) fn end_of_step(&mut self) {
        self.returns.clear();
    }

    fn removals(&self, addition: WriteRef) -> Vec<(WriteRef, OpRef)> {
        let first = (addition, WriteRef(0));
        let from = self.buried.range_from(&first);
        let of_it = from.take_while(|(key, _)| key.0 == addition);
        of_it.map(|(&(_, removal), &op)| (removal, op)).collect()
    }

    fn tell(&mut self, fact: FactRef, addition: WriteRef, is_back: bool) {
        let removals = self.removals(addition).into_iter();
        self.returns.extend(removals.map(|(removal, op)| Return {
            fact,
            removal,
            op,
            is_back,
        }));
    }
}
