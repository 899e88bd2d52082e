//! Reads that are linearizable: confirmed by a majority, or by a lease.

use super::replica::Replica;
use super::settings::{LeaderReads, Mistake};
use crate::replication::proxy::Asked;
use crate::sim::fact::FactId;
use crate::sim::node::{Context, Status};

/// The share of patience for which a leader trusts a majority's answer, in percent: so
/// that clocks may drift by a tenth.
const LEASE_PERCENT: u64 = 90;

/// A read at the leader that waits to be confirmed. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    pub(super) asked: Asked,
    /// What has to be answered by a majority first.
    round: u32,
    /// What has to be applied first.
    place: u32,
}

impl Replica {
    /// A read at the leader.
    pub(super) fn lead_read(&mut self, cx: &mut Context<'_>, asked: Asked) {
        let place = self.commit.max(self.term_begins);
        let has_lease = self.settings.reads == LeaderReads::Lease && self.has_lease(cx);
        let is_rash = self.settings.mistake == Mistake::ReadsUnconfirmed;
        if (has_lease || is_rash) && self.applied >= place {
            return self.answer_read(cx, &asked, cx.cause);
        }
        self.beat(cx, cx.cause);
        self.reads.push(Waiting {
            asked,
            round: self.round,
            place,
        });
        self.confirm_reads(cx);
    }

    /// Whether nobody else can have been elected since a majority last answered.
    fn has_lease(&self, cx: &Context<'_>) -> bool {
        let percent = match self.settings.mistake {
            Mistake::LeaseWithoutMargin => 2 * LEASE_PERCENT,
            _ => LEASE_PERCENT,
        };
        let lease_us = self.patience_us() * percent / 100;
        let here = self.region();
        self.is_majority(self.mask(|region, peer| {
            let followed_us = peer.followed_us;
            let is_lately = cx.monotonic_us.saturating_sub(followed_us) < lease_us;
            region == here || (followed_us != 0 && is_lately)
        }))
    }

    /// Answers reads that a majority has confirmed and whose place is applied.
    pub(super) fn confirm_reads(&mut self, cx: &mut Context<'_>) {
        let (here, applied) = (self.region(), self.applied);
        let reads = std::mem::take(&mut self.reads);
        for read in reads {
            let has_followed = self.mask(|region, peer| region == here || peer.round >= read.round);
            if self.is_majority(has_followed) && applied >= read.place {
                self.answer_read(cx, &read.asked, cx.cause);
            } else {
                self.reads.push(read);
            }
        }
    }

    fn answer_read(&self, cx: &mut Context<'_>, asked: &Asked, cause: FactId) {
        let (value, write) = self.values.get(asked.request.key, self.setup.initial);
        Self::answer(cx, asked, Status::OK, value, Some(write), cause);
    }
}
