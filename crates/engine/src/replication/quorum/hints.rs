//! Hinted handoff: versions kept for regions that did not answer, until they confirm.

use super::message::Copy;
use super::replica::Replica;
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::conflict::{Version, Winner};
use crate::sim::dice::identity;
use crate::sim::fact::{FactId, FactKind, HostId};
use crate::sim::node::{Context, Key};

impl Replica {
    /// A region confirmed what was kept for it here.
    pub(super) fn hint_delivered(&mut self, cx: &mut Context<'_>, region: u8, ticket: u32) {
        let delivered = self.hints.iter().find_map(|(&(of, key), copy)| {
            (of == region && hint_ticket(key, &copy.version) == ticket).then_some((of, key))
        });
        if let Some(place) = delivered
            && let Some(copy) = self.hints.remove(&place)
        {
            let subjects = [copy.version.write.0, place.1.0, 0];
            let host = HostId(u16::from(region));
            cx.record(FactKind::HintDelivered, 0, host, subjects);
        }
    }

    pub(super) fn keep_hint(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        place: (u8, Key),
        copy: Copy,
    ) {
        let subjects = [copy.version.write.0, place.1.0, 0];
        let host = HostId(u16::from(place.0));
        cx.record_because(cause, FactKind::HintStored, 0, host, subjects);
        let newer = self
            .hints
            .get(&place)
            .is_none_or(|held| LastWriterWins.replaces(&held.version, &copy.version));
        if newer {
            self.hints.insert(place, copy);
        }
    }
}

/// Names what is kept for another region, so that its confirmation is recognised.
pub(super) fn hint_ticket(key: Key, version: &Version) -> u32 {
    let name = u64::from(version.dot.origin) << 32 | u64::from(version.dot.counter);
    identity(u64::from(key.0), name) as u32
}
