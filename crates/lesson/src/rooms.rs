//! What a chat is to the judge: messages that were posted and shown to people, and no
//! values that are read and overwritten.
//!
//! A region shows a room as a list that only grows at its end, so a read that returns a
//! count returned the first so many messages that were shown there.

use splitbrain_checker::{FactRef, KeyRef, Observation, OpRef, Session};
use splitbrain_engine::chat::Shown;
use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind, HostId, Outcome};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_sorted::Map;

use crate::record::Record;

/// What is known of the rooms of a run.
#[derive(Clone, Debug)]
pub(crate) struct Rooms {
    regions: u8,
    /// The place of the chat in the scenario, if there is one.
    service: Option<u8>,
    /// The operation that each message was posted in.
    posted: Map<u32, OpRef>,
    /// What each region shows of a room, in order.
    shows: Map<(HostId, Key), Vec<OpRef>>,
    /// What each customer has asked for and not been told, and where it was last served.
    open: Map<HostId, Open>,
    /// How much of what a region shows of a room a customer was shown.
    told: Map<(HostId, HostId, Key), usize>,
}

#[derive(Clone, Copy, Debug)]
struct Open {
    op: FactId,
    room: Key,
    served_by: Option<HostId>,
}

impl Rooms {
    /// Of a world of this scenario in which nothing has happened.
    pub(crate) fn new(scenario: &Scenario) -> Self {
        Self {
            regions: scenario.regions.len() as u8,
            service: scenario.service(ServiceKind::Chat),
            posted: Map::new(),
            shows: Map::new(),
            open: Map::new(),
            told: Map::new(),
        }
    }

    /// Takes in the next fact. Whether it is about a chat; then what the judge is to be
    /// told of it is what was passed to `tell`, and nothing else.
    pub(crate) fn feed(
        &mut self,
        id: FactId,
        fact: &Fact,
        mut tell: impl FnMut(&Observation),
    ) -> bool {
        let Some(service) = self.service else {
            return false;
        };
        let is_room = |key: u32| Key(key).service() == service;
        match fact.kind() {
            FactKind::OperationStarted if is_room(fact.a) => {
                let open = Open {
                    op: id,
                    room: Key(fact.a),
                    served_by: None,
                };
                self.open.insert(fact.host, open);
            }
            FactKind::ReadServed if is_room(fact.b) => {
                let open = self.open.get_mut(&fact.peer);
                if let Some(open) = open.filter(|open| open.op == FactId(fact.a)) {
                    open.served_by = Some(fact.host);
                }
            }
            FactKind::OperationReturned => {
                let open = self.open.get(&fact.host).copied();
                let Some(open) = open.filter(|open| open.op == FactId(fact.a)) else {
                    return false;
                };
                self.open.remove(&fact.host);
                if fact.outcome() == Some(Outcome::Ok) {
                    self.show(id, fact, open, tell);
                }
            }
            FactKind::MessagePosted => {
                self.posted.insert(id.0, OpRef(fact.a));
                if let Some(author) = Record::customer(self.regions, fact.peer) {
                    tell(&Observation::MessagePosted {
                        fact: FactRef(id.0),
                        op: OpRef(fact.a),
                        room: KeyRef(fact.b),
                        session: Session(author),
                    });
                }
            }
            FactKind::MessageDelivered => {
                if let Some(&op) = self.posted.get(&fact.a) {
                    let room = (fact.host, Key(fact.b));
                    self.shows.get_or_insert_with(room, Vec::new).push(op);
                }
            }
            FactKind::ValueShown => return is_room(fact.a),
            _ => return false,
        }
        true
    }

    /// A customer is told what a room holds: what of it she was not shown there before.
    fn show(&mut self, id: FactId, fact: &Fact, open: Open, mut tell: impl FnMut(&Observation)) {
        let Some((region, reader)) = open
            .served_by
            .zip(Record::customer(self.regions, fact.host))
        else {
            return;
        };
        let count = Shown::from_value(Value(fact.b)).count as usize;
        let shown = self.shows.get(&(region, open.room));
        let shown = shown.map_or(&[][..], Vec::as_slice);
        let key = (fact.host, region, open.room);
        let before = self.told.get(&key).copied().unwrap_or(0);
        for &op in shown.iter().take(count).skip(before) {
            tell(&Observation::MessageShown {
                fact: FactRef(id.0),
                op,
                session: Session(reader),
            });
        }
        self.told.insert(key, before.max(count.min(shown.len())));
    }
}
