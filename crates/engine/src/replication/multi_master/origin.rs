//! What a replica knows of one region's updates, and which of them it keeps for others.

use splitbrain_sorted::Map;

use crate::crdt::Update;

/// What is known of one origin's updates. All of it is durable.
#[derive(Clone, Debug, Default)]
pub(super) struct Origin {
    /// Updates kept for peers that may lack them.
    pub(super) log: Map<u32, Update>,
    /// Everything up to this sequence is here.
    pub(super) contiguous: u32,
    /// Here too, beyond a gap.
    pub(super) ahead: Map<u32, ()>,
}

impl Origin {
    pub(super) fn has(&self, sequence: u32) -> bool {
        sequence <= self.contiguous || self.ahead.contains_key(&sequence)
    }

    pub(super) fn insert(&mut self, update: Update) {
        if update.sequence == self.contiguous + 1 {
            self.contiguous += 1;
            while self.ahead.remove(&(self.contiguous + 1)).is_some() {
                self.contiguous += 1;
            }
        } else {
            self.ahead.insert(update.sequence, ());
        }
        self.log.insert(update.sequence, update);
    }
}
