//! How replicas of a data type find out what the other lacks, and bring it there.
//!
//! Regularly each tells one other in turn how many writes of each region it has of every
//! key; who has more sends that, in whatever form travels. Demers et al., "Epidemic
//! algorithms for replicated database maintenance", PODC 1987, section 1.3 (anti-entropy).

use super::collection::Collecting;
use super::forms::Form;
use super::message::Message;
use super::replica::Replica;
use crate::clocks::VersionVector;
use crate::crdt::replicated::Verb;
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Body, Context, Key};

/// Writes in one repair message at most.
const REPAIR_LETTERS: usize = 256;

impl Replica {
    fn have(&self) -> Message {
        let have = self.cells.iter();
        Message::Have(
            have.map(|(&key, cell)| (key, cell.vector.clone()))
                .collect(),
        )
    }

    /// Tells the next one in turn what is here; where tombstones can be forgotten, forgets
    /// them first.
    pub(super) fn compare_with_next(&mut self, cx: &mut Context<'_>) {
        if self.collecting.is_some() {
            self.forget(cx);
        } else if self.of.does(Verb::Collect) {
            let keys: Vec<Key> = self.cells.keys().copied().collect();
            for key in keys {
                let writer = self.writer(cx, key);
                // Others can forget only what they know this one to have.
                if self.cell(key).collect(writer) && self.form == Form::State {
                    for region in self.setup.others() {
                        let state = Message::State(key, self.cell(key).whole(region));
                        let (none, body) = (FactId::NONE, Body::protocol(state));
                        cx.send(self.setup.peer(region), Label::Repair, body, none, none);
                    }
                }
            }
        }
        let have = Body::protocol(self.have());
        let peer = self.setup.peer(self.turns.peer(&self.setup));
        cx.send(peer, Label::Digest, have, FactId::NONE, FactId::NONE);
    }

    /// Forgets the removals that the design lets go.
    fn forget(&mut self, cx: &mut Context<'_>) {
        let Some(Collecting { policy, is_told }) = self.collecting else {
            return;
        };
        let (me, wall_us) = (self.setup.region(), cx.wall_us);
        let keys: Vec<Key> = self.cells.keys().copied().collect();
        for key in keys {
            let mut cause = cx.cause;
            for dropped in self.cell(key).forget(policy, me, wall_us) {
                if !is_told || dropped.is_again {
                    continue;
                }
                let lacks = dropped.unknown_to;
                let peer = if lacks == 0 {
                    self.setup.me.host()
                } else {
                    HostId(lacks.trailing_zeros() as u16)
                };
                let subjects = [dropped.write.0, key.0, lacks];
                let fact = cx.record(FactKind::TombstoneDropped, 0, peer, subjects);
                self.cell(key).removals.forgotten(dropped.dot, fact);
                cause = fact;
            }
            self.count_tombstones(cx, key, cause);
        }
    }

    /// Sends a peer what it lacks; asks for what it has more.
    pub(super) fn compare(
        &mut self,
        cx: &mut Context<'_>,
        region: u8,
        theirs: &[(Key, VersionVector)],
    ) {
        let none = VersionVector::new(self.setup.regions);
        let mut lacking = 0;
        for (key, vector) in theirs {
            let cell = self.cell(*key);
            cell.peers[region as usize].merge(vector);
            let counts = vector.counts().iter().zip(cell.vector.counts());
            let more = counts.map(|(theirs, ours)| theirs.saturating_sub(*ours));
            lacking += more.sum::<u32>();
        }
        let others = self.setup.others();
        let mut letters = Vec::new();
        let mut keys = Vec::new();
        let mut beyond_repair = Vec::new();
        for (&key, cell) in self.cells.iter() {
            let known = theirs.iter().find(|(of, _)| *of == key);
            let known = known.map_or(&none, |(_, vector)| vector);
            let lacks = cell.lacking(known);
            let mut removals = lacks.iter();
            if removals.any(|letter| cell.removals.is_forgotten(letter.mark.dot)) {
                beyond_repair.push(key);
                continue;
            }
            if !lacks.is_empty() {
                keys.push(key);
            }
            letters.extend(lacks.into_iter().map(|letter| (key, letter)));
        }
        for cell in self.cells.values_mut() {
            cell.trim(others.clone());
        }
        if lacking == 0 && letters.is_empty() && beyond_repair.is_empty() {
            return;
        }
        let given = letters.len() + beyond_repair.len();
        let subjects = [lacking, given as u32, 0];
        let host = HostId(u16::from(region));
        let compared = cx.record(FactKind::ReplicasCompared, 0, host, subjects);
        let peer = self.setup.peer(region);
        if lacking > 0 {
            let have = Body::protocol(self.have());
            cx.send(peer, Label::Digest, have, compared, FactId::NONE);
        }
        for key in beyond_repair {
            let body = Body::protocol(Message::Snapshot(key, self.cell(key).whole(region)));
            cx.send(peer, Label::Repair, body, compared, FactId::NONE);
        }
        let about = letters
            .last()
            .map_or(FactId::NONE, |(_, letter)| letter.mark.write);
        match self.form {
            Form::State => {
                for key in keys {
                    let whole = Message::State(key, self.cell(key).whole(region));
                    let body = Body::protocol(whole);
                    cx.send(peer, Label::Repair, body, compared, about);
                }
            }
            Form::Operation | Form::Delta if !letters.is_empty() => {
                letters.truncate(REPAIR_LETTERS);
                let repair = Body::protocol(Message::Letters(letters));
                cx.send(peer, Label::Repair, repair, compared, about);
            }
            Form::Operation | Form::Delta => {}
        }
    }
}
