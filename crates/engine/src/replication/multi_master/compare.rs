//! A replica compares itself with its peers: who lacks something gets it, and what everybody
//! has is forgotten.

use super::message::Message;
use super::replica::Replica;
use crate::clocks::VersionVector;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context};

/// Updates in one repair message at most.
const REPAIR_UPDATES: usize = 256;

impl Replica {
    /// Sends a peer what it lacks; asks for what it has more.
    pub(super) fn compare(&mut self, cx: &mut Context<'_>, region: u8, theirs: &VersionVector) {
        let mut updates = Vec::new();
        let mut lacking = 0;
        for (origin, known) in self.origins.iter().enumerate() {
            let given = theirs.get(origin as u8);
            lacking += given.saturating_sub(known.contiguous);
            updates.extend(
                known
                    .log
                    .range_from(&(given + 1))
                    .map(|(_, update)| update.clone()),
            );
        }
        if lacking == 0 && updates.is_empty() {
            return;
        }
        let subjects = [lacking, updates.len() as u32, 0];
        let host = HostId(u16::from(region));
        let compared = cx.record(FactKind::ReplicasCompared, 0, host, subjects);
        let peer = self.setup.peer(region);
        if lacking > 0 {
            let have = Body::protocol(Message::Have(self.have()));
            cx.send(peer, Label::Digest, have, compared, FactId::NONE);
        }
        if !updates.is_empty() {
            updates.truncate(REPAIR_UPDATES);
            let about = updates.last().map_or(FactId::NONE, |update| update.write);
            let repair = Body::protocol(Message::Repair(updates));
            cx.send(peer, Label::Repair, repair, compared, about);
        }
    }

    /// Forgets updates that every peer has.
    pub(super) fn trim(&mut self) {
        let others = self.setup.others();
        for (index, origin) in self.origins.iter_mut().enumerate() {
            let everywhere = others
                .clone()
                .map(|region| self.peers[region as usize].get(index as u8))
                .min()
                .unwrap_or(origin.contiguous);
            let first_needed = everywhere.min(origin.contiguous) + 1;
            let oldest = origin.log.keys().next();
            if oldest.is_some_and(|&oldest| oldest < first_needed) {
                origin.log.retain(|&sequence, _| sequence >= first_needed);
            }
        }
    }
}
