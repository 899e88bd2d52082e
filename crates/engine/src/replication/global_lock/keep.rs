//! What a region keeps of each key, and the fence: where there is one nothing is let in
//! that is older than what is here, or than what this region is about to write.

use super::message::{Message, Version};
use super::replica::Replica;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context, Key, Value};

/// A key.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Cell {
    /// Durable.
    pub(super) version: Option<Version>,
    /// The highest token that was given to this region: nothing older is let in, or what
    /// it is about to write would not rest on it. In memory only, as what it is for.
    pub(super) promised: u32,
}

impl Cell {
    pub(super) fn token(&self) -> u32 {
        self.version.map_or(0, |version| version.token)
    }
}

impl Replica {
    pub(super) fn value(&self, key: Key) -> Value {
        let cell = self.cells.get(&key).and_then(|cell| cell.version);
        cell.map_or(self.setup.initial, |version| version.value)
    }

    /// Shows a version that is in the log and later than the one before.
    pub(super) fn apply(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        key: Key,
        version: Version,
    ) {
        let before = self.value(key);
        let cell = self.cells.get_or_insert_with(key, Cell::default);
        let lost = cell.version.replace(version);
        let origin = HostId(u16::from(version.origin));
        let subjects = [version.write.0, key.0, 0];
        let applied = cx.record_because(cause, FactKind::WriteApplied, 1, origin, subjects);
        if let Some(lost) = lost {
            let subjects = [lost.write.0, version.write.0, key.0];
            cx.record_because(applied, FactKind::ValueOverwritten, 0, origin, subjects);
        }
        if before != version.value {
            let subjects = [key.0, version.value.0, before.0];
            let here = cx.me.host();
            cx.record_because(applied, FactKind::ValueShown, 0, here, subjects);
        }
    }

    /// A region wants a write logged here: true if it is to be. What is not later than
    /// what is here is answered at once.
    pub(super) fn lets_in(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        key: Key,
        version: Version,
    ) -> bool {
        let cell = self.cells.get(&key).copied().unwrap_or_default();
        let (token, newest) = (version.token, cell.token());
        let is_known = |held: &Version| held.write == version.write;
        if !self.is_fenced && !cell.version.as_ref().is_some_and(is_known) {
            return true;
        }
        let (message, cause) = match cell.version {
            Some(_) if token == newest => (Message::Confirmed { key, token }, cx.cause),
            Some(held) if token < newest => {
                let origin = HostId(u16::from(version.origin));
                let subjects = [version.write.0, token, newest];
                let refused = cx.record(FactKind::StaleLockRefused, 0, origin, subjects);
                let subjects = [version.write.0, key.0, 0];
                let kind = FactKind::WriteApplied;
                let discarded = cx.record_because(refused, kind, 0, origin, subjects);
                let subjects = [version.write.0, held.write.0, key.0];
                let kind = FactKind::ValueOverwritten;
                cx.record_because(discarded, kind, 0, origin, subjects);
                (Message::Stale { key, token }, refused)
            }
            // Asked again it gets the answer, when this region's own write is in the log.
            _ => return token > cell.promised,
        };
        let body = Body::protocol(message);
        let about = version.write;
        cx.send(self.addr(from), Label::QuorumWriteAck, body, cause, about);
        false
    }

    pub(super) fn write_durable(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        key: Key,
        version: Version,
    ) {
        if self.lets_in(cx, from, key, version) {
            let cause = cx.cause;
            self.apply(cx, cause, key, version);
            let confirmed = Message::Confirmed {
                key,
                token: version.token,
            };
            let (to, about) = (self.addr(from), version.write);
            let body = Body::protocol(confirmed);
            cx.send(to, Label::QuorumWriteAck, body, cause, about);
        }
    }
}
