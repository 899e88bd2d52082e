//! Counters.

use crdts::{CmRDT, CvRDT, GCounter, PNCounter};
use splitbrain_engine::crdt::replicated::{Act, Content, Writer};

use super::{Peer, packed};

/// Its G-counter.
#[derive(Clone, Debug, Default)]
pub struct GrowOnly(GCounter<u8>);

impl Peer for GrowOnly {
    fn act(&mut self, writer: Writer, act: Act) {
        if let Act::Increment(by) = act {
            let counted = self.0.inc_many(writer.dot.origin, by.into());
            self.0.apply(counted);
        }
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        let number = i64::try_from(self.0.read()).ok()?;
        Some(Content::Number(number))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}

/// Its PN-counter.
#[derive(Clone, Debug, Default)]
pub struct UpAndDown(PNCounter<u8>);

impl Peer for UpAndDown {
    fn act(&mut self, writer: Writer, act: Act) {
        let origin = writer.dot.origin;
        let counted = match act {
            Act::Increment(by) => self.0.inc_many(origin, by.into()),
            Act::Decrement(by) => self.0.dec_many(origin, by.into()),
            _ => return,
        };
        self.0.apply(counted);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        let number = i64::try_from(self.0.read()).ok()?;
        Some(Content::Number(number))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}
