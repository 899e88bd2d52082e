//! Failback with reconciliation: what only a former writer has is handed in again.
//!
//! A region that was the writer and finds that its log is no longer the writer's has
//! entries that nobody else has. Before it takes them back it hands its own in to the
//! writer. The writer takes each into its log again, under its own epoch, unless the same
//! was changed there in the meantime: the register, or the item of the set. What is not
//! taken is set aside, and told, since somebody was told that it was saved.
//!
//! Source: Saito and Shapiro, "Optimistic replication", ACM Computing Surveys 37(1), 2005,
//! section 5 (detecting conflicts by what was changed, resolving or reporting them).

use super::message::Message;
use super::replica::{Pending, Replica, Role};
use crate::replication::log::Entry;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context};

/// Entries that were handed in and are being logged.
#[derive(Clone, Debug)]
pub(super) struct Claim {
    from: u8,
    place: u32,
    entries: Vec<Entry>,
}

/// Whether two writes are to the same: a register, or an item of a set.
fn collide(one: &Entry, other: &Entry) -> bool {
    let is_same = one.item() == other.item();
    one.key == other.key && is_same
}

impl Replica {
    /// Hands in what this region alone has from a place on, if it has not yet in this
    /// epoch; whether the answer has to be waited for.
    pub(super) fn hand_in(
        &mut self,
        cx: &mut Context<'_>,
        cause: FactId,
        writer: u8,
        epoch: u32,
        place: u32,
    ) -> bool {
        if !self.settings.reclaims || self.reclaimed >= epoch {
            return false;
        }
        let here = self.region();
        let rest = self.log.entries().iter().skip(place as usize);
        let own = rest.filter(|entry| entry.origin == here && entry.write.is_some());
        let entries: Vec<Entry> = own.copied().collect();
        let Some(last) = entries.last().map(|entry| entry.write) else {
            return false;
        };
        let reclaim = Body::protocol(Message::Reclaim {
            epoch,
            place,
            entries,
        });
        cx.send(self.peer(writer), Label::Replicate, reclaim, cause, last);
        true
    }

    /// A former writer hands in its entries.
    pub(super) fn claimed(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        epoch: u32,
        place: u32,
        entries: &[Entry],
    ) {
        if self.role == Role::Writer && epoch == self.epoch {
            let claim = Claim {
                from,
                place,
                entries: entries.to_vec(),
            };
            self.enqueue(cx, Pending::Claim(claim));
        }
    }

    /// What was handed in is in the log, as far as nothing stands in its way.
    pub(super) fn claim_durable(&mut self, cx: &mut Context<'_>, cause: FactId, claim: &Claim) {
        if self.role != Role::Writer {
            return;
        }
        let former = HostId(u16::from(claim.from));
        let first_new = self.log.len();
        let mut aside = Vec::new();
        for entry in &claim.entries {
            let meanwhile = || self.log.entries().iter().skip(claim.place as usize);
            // Handed in twice, because an answer was lost.
            if meanwhile().any(|held| held.write == entry.write) {
                continue;
            }
            let in_the_way = meanwhile().rev().find(|held| {
                held.origin != claim.from && held.write.is_some() && collide(held, entry)
            });
            if let Some(held) = in_the_way {
                aside.push((entry.write, held.write));
                continue;
            }
            let subjects = [entry.write.0, entry.key.0, 0];
            let kind = FactKind::WriteReclaimed;
            let reclaimed = cx.record_because(cause, kind, 0, former, subjects);
            let entry = Entry {
                epoch: self.epoch,
                ..*entry
            };
            self.log.push(entry);
            self.values.apply(cx, reclaimed, &entry, self.setup.initial);
        }
        let others: Vec<u8> = self.others().collect();
        let is_new = self.log.len() > first_new;
        for region in others.into_iter().filter(|_| is_new) {
            let sent = self.peers[region as usize].sent.min(first_new);
            self.append_to(cx, region, sent, cause, FactId::NONE);
        }
        let epoch = self.epoch;
        let about = aside.first().map_or(FactId::NONE, |pair| pair.0);
        let done = Body::protocol(Message::Reclaimed { epoch, aside });
        cx.send(self.peer(claim.from), Label::LogAck, done, cause, about);
    }

    /// The writer has what this region handed in: the rest can be taken back.
    pub(super) fn reclaimed(
        &mut self,
        cx: &mut Context<'_>,
        from: u8,
        epoch: u32,
        aside: &[(FactId, FactId)],
    ) {
        if epoch < self.epoch || self.reclaimed >= epoch {
            return;
        }
        self.reclaimed = epoch;
        let writer = HostId(u16::from(from));
        for &(write, other) in aside {
            let held = self.log.entries().iter().rev();
            let key = held.clone().find(|entry| entry.write == write);
            let key = key.map_or(u32::MAX, |entry| entry.key.0);
            let subjects = [write.0, key, other.0];
            cx.record(FactKind::WriteSetAside, 0, writer, subjects);
        }
    }
}
