//! Registers, and the map that holds them.

use crdts::{CmRDT, CvRDT, LWWReg, MVReg, Map};
use splitbrain_engine::crdt::replicated::{Act, Content, Writer};

use super::{Peer, packed};

/// A time, and the name of the write where times tie.
type Marker = (u32, u8, u32);

/// Its last-write-wins register.
#[derive(Clone, Debug, Default)]
pub struct LastWrite(LWWReg<Option<u32>, Option<Marker>>);

impl Peer for LastWrite {
    fn act(&mut self, writer: Writer, act: Act) {
        if let Act::Write(value) = act {
            let marker = (writer.time, writer.dot.origin, writer.dot.counter);
            self.0.update(Some(value), Some(marker));
        }
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        Some(Content::Values(self.0.val.into_iter().collect()))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}

/// Its multi-value register.
#[derive(Clone, Debug, Default)]
pub struct ManyValues(MVReg<u32, u8>);

fn values(register: &MVReg<u32, u8>) -> Vec<u32> {
    let mut values = register.read().val;
    values.sort_unstable();
    values
}

impl Peer for ManyValues {
    fn act(&mut self, writer: Writer, act: Act) {
        if let Act::Write(value) = act {
            let context = self.0.read_ctx().derive_add_ctx(writer.dot.origin);
            self.0.apply(self.0.write(value, context));
        }
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        Some(Content::Values(values(&self.0)))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}

/// Its map, of multi-value registers.
///
/// It is used as its documentation does. Now and then it brings a deleted value back:
/// `validate/types/cut_clocks.rs` says when, and why.
#[derive(Clone, Debug, Default)]
pub struct Entries(Map<u8, MVReg<u32, u8>, u8>);

impl Peer for Entries {
    fn act(&mut self, writer: Writer, act: Act) {
        let change = match act {
            Act::Put { key, value } => {
                let context = self.0.read_ctx().derive_add_ctx(writer.dot.origin);
                let write = |register: &MVReg<u32, u8>, context| register.write(value, context);
                self.0.update(key, context, write)
            }
            Act::Delete(key) => {
                let context = self.0.get(&key).derive_rm_ctx();
                self.0.rm(key, context)
            }
            _ => return,
        };
        self.0.apply(change);
    }

    fn merge(&mut self, other: Self) {
        self.0.merge(other.0);
    }

    fn content(&self) -> Option<Content> {
        let entries = self.0.iter().map(|it| (*it.val.0, values(it.val.1)));
        Some(Content::Entries(entries.collect()))
    }

    fn bytes(&self) -> u64 {
        packed(&self.0)
    }
}
