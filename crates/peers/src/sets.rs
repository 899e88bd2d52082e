//! Sets.

use crdts::{CmRDT, CvRDT, GSet, Orswot};
use splitbrain_engine::crdt::replicated::{Act, Content, Writer};

use super::{Peer, packed};

/// Its G-set.
#[derive(Clone, Debug, Default)]
pub struct Growing(GSet<u8>);

impl Peer for Growing {
    fn act(&mut self, _: Writer, act: Act) {
        if let Act::Add(item) = act {
            self.0.insert(item);
        }
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        Some(Content::Items(self.0.read().into_iter().collect()))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}

/// Its observed-remove set without tombstones.
#[derive(Clone, Debug, Default)]
pub struct ObservedRemove(Orswot<u8, u8>);

impl Peer for ObservedRemove {
    fn act(&mut self, writer: Writer, act: Act) {
        let change = match act {
            Act::Add(item) => {
                let context = self.0.read_ctx().derive_add_ctx(writer.dot.origin);
                self.0.add(item, context)
            }
            Act::Remove(item) => {
                let context = self.0.contains(&item).derive_rm_ctx();
                self.0.rm(item, context)
            }
            _ => return,
        };
        self.0.apply(change);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        let mut items: Vec<u8> = self.0.iter().map(|it| *it.val).collect();
        items.sort_unstable();
        Some(Content::Items(items))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}
