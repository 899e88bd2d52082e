//! Hinted handoff: versions kept for regions that did not answer, until they confirm.

use super::message::{Copy, Message};
use super::replica::{OFFER_HINTS, Replica};
use crate::conflict::last_writer_wins::LastWriterWins;
use crate::conflict::{Version, Winner};
use crate::sim::dice::identity;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Context, Key, Timer};

/// Hints are offered at least this often, in microseconds, however rare comparisons are. A
/// choice: Cassandra looks every ten seconds, and when it hears that a region is back.
const OFFER_EVERY_US: u64 = 5_000_000;

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
            if self.hints.is_empty() {
                self.set_offer(cx);
            }
            self.hints.insert(place, copy);
        }
    }

    /// Offers what is kept for others to whom it is kept for.
    pub(super) fn offer_hints(&self, cx: &mut Context<'_>) {
        for (&(region, key), copy) in self.hints.iter() {
            let message = Message::Write {
                ticket: hint_ticket(key, &copy.version),
                key,
                copy: copy.clone(),
                keep_for: None,
            };
            self.send(cx, region, Label::Hint, message, copy.version.write);
        }
    }

    /// The time to offer hints has come, and comes again while there are some.
    pub(super) fn offer_hints_again(&mut self, cx: &mut Context<'_>) {
        self.offer_hints(cx);
        if !self.hints.is_empty() {
            self.set_offer(cx);
        }
    }

    /// Sets the time to offer hints, where comparisons do not come as often.
    pub(super) fn set_offer(&mut self, cx: &mut Context<'_>) {
        let every_us = self.setup.compare_every_us;
        if every_us == 0 || every_us > OFFER_EVERY_US {
            self.offers += 1;
            let timer = Timer {
                kind: OFFER_HINTS,
                tick: self.offers,
            };
            cx.set_timer(OFFER_EVERY_US, timer, FactId::NONE);
        }
    }
}

/// Names what is kept for another region, so that its confirmation is recognised.
pub(super) fn hint_ticket(key: Key, version: &Version) -> u32 {
    let name = u64::from(version.dot.origin) << 32 | u64::from(version.dot.counter);
    identity(u64::from(key.0), name) as u32
}
