//! A read of every key of the service: it is asked of all homes at once, and answered when
//! the last of them has answered.
//!
//! So it takes as long as the farthest home, and fails while one of them is out of reach.
//! Each home counts at its own moment: the whole is no snapshot, and a key that is just
//! moving may be missed.
//!
//! Source: Dean and Barroso, "The tail at scale", CACM 56(2), 2013 (who waits for all
//! waits for the slowest).

use super::message::Message;
use super::replica::{GATHER, Replica};
use crate::replication::proxy::{Asked, Said};
use crate::sim::fact::{FactId, FactKind, HostId, Label};
use crate::sim::node::{Addr, Body, Context, SessionToken, Status, Timer, Value};

/// How long a home may take, in microseconds, before the whole is given up. A choice.
const PATIENCE_US: u64 = 500_000;
/// Reads of the whole that are under way at most, in one region.
const MOST: usize = 64;

/// Which attempt of which read of the whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Query {
    op: FactId,
    attempt: u8,
}

/// A read of the whole that is under way. In memory only.
#[derive(Clone, Copy, Debug)]
pub(super) struct Gathering {
    query: Query,
    asked: Asked,
    cause: FactId,
    /// Who has answered, in a mask.
    answered: u32,
    total: u32,
    /// Its timer.
    tick: u32,
}

impl Replica {
    /// How much is held of the keys that are at home here: items in carts, or prices.
    fn count(&self) -> u32 {
        let values = self.values.iter();
        let counts = values.map(|(_, value)| {
            if self.holds_sets {
                value.0.count_ones()
            } else {
                1
            }
        });
        counts.sum()
    }

    /// A customer wants to know of every key.
    pub(super) fn gather(&mut self, cx: &mut Context<'_>, asked: Asked) {
        let cause = cx.cause;
        if self.gatherings.len() >= MOST {
            return Self::refuse(cx, &asked, cause);
        }
        self.gathers += 1;
        let query = Query {
            op: asked.request.op,
            attempt: asked.request.attempt,
        };
        self.gatherings.push(Gathering {
            query,
            asked,
            cause,
            answered: 0,
            total: 0,
            tick: self.gathers,
        });
        let here = self.region();
        for region in (0..self.setup.regions).filter(|&region| region != here) {
            let to = Addr::new(HostId(u16::from(region)), cx.me.service());
            let body = Body::protocol(Message::Count(query));
            cx.send(to, Label::Forward, body, cause, query.op);
        }
        let timer = Timer {
            kind: GATHER,
            tick: self.gathers,
        };
        cx.set_timer(PATIENCE_US, timer, cause);
        let count = self.count();
        self.counted(cx, here, query, count);
    }

    /// Another region gathers.
    pub(super) fn tell_count(&self, cx: &mut Context<'_>, from: Addr, query: Query) {
        let count = self.count();
        let body = Body::protocol(Message::Counted { query, count });
        let cause = cx.cause;
        cx.send(from, Label::ForwardResult, body, cause, query.op);
    }

    /// A home has answered.
    pub(super) fn counted(&mut self, cx: &mut Context<'_>, from: u8, query: Query, count: u32) {
        let mut under_way = self.gatherings.iter();
        let Some(place) = under_way.position(|it| it.query == query) else {
            return;
        };
        let gathering = &mut self.gatherings[place];
        if gathering.answered >> from & 1 == 1 {
            return;
        }
        gathering.answered |= 1 << from;
        gathering.total += count;
        let needed = u32::from(self.setup.regions);
        if gathering.answered.count_ones() == needed {
            let gathering = self.gatherings.remove(place);
            let (peer, subjects) = (HostId(u16::from(from)), [query.op.0, needed, needed]);
            let whole = cx.record(FactKind::ShardsRead, 0, peer, subjects);
            let said = Said {
                status: Status::OK,
                value: Value(gathering.total),
                chosen: None,
                session: SessionToken::NONE,
            };
            gathering.asked.answer(cx, said, whole, Message::Forwarded);
        }
    }

    /// Somebody has not answered in time: the customer is refused, and told who.
    pub(super) fn stop_gathering(&mut self, cx: &mut Context<'_>, tick: u32) {
        let mut under_way = self.gatherings.iter();
        let Some(place) = under_way.position(|it| it.tick == tick) else {
            return;
        };
        let gathering = self.gatherings.remove(place);
        let needed = u32::from(self.setup.regions);
        let have = gathering.answered.count_ones();
        let subjects = [gathering.query.op.0, have, needed];
        let missing =
            (0..self.setup.regions).filter(|region| gathering.answered >> region & 1 == 0);
        let mut cause = gathering.cause;
        for region in missing {
            let peer = HostId(u16::from(region));
            cause = cx.record_because(cause, FactKind::ShardsRead, 0, peer, subjects);
        }
        Self::refuse(cx, &gathering.asked, cause);
    }
}
