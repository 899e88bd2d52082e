//! What each write had seen of the others, and what was built on which.

use splitbrain_engine::sim::fact::{FactId, Fate, OpKind, Outcome};
use splitbrain_sorted::Map;

use super::element::Element;
use super::history::{History, Write};
use super::{Moment, Unaware};

impl History {
    /// Whether a write was received where another was accepted, before it was; or a write
    /// built on it was.
    pub(super) fn is_before(&self, one: FactId, other: FactId) -> bool {
        let (Some(write), Some(later)) = (self.writes.get(&one), self.writes.get(&other)) else {
            return false;
        };
        let arrived = write.arrived[later.accepted.region as usize];
        arrived.is_some_and(|it| it.fact < other) || self.is_past(one, other)
    }

    /// Whether a write is among those that another was built on.
    pub(super) fn is_past(&self, one: FactId, other: FactId) -> bool {
        let mut seen = Map::new();
        let mut left = vec![other];
        while let Some(write) = left.pop().and_then(|it| self.writes.get(&it)) {
            for &base in &write.base {
                if base == one {
                    return true;
                }
                if !seen.contains_key(&base) {
                    seen.insert(base, ());
                    left.push(base);
                }
            }
        }
        false
    }

    /// When a write that was built on this one gave way to one that was not: what was carried
    /// on in it went with it.
    pub(super) fn heir_lost(&self, write: FactId) -> Option<Moment> {
        let heirs = self.writes.range_from(&write);
        let heirs = heirs.filter(|(id, _)| self.is_past(write, **id));
        let displaced = heirs.flat_map(|(id, heir)| heir.displaced.iter().map(move |it| (id, it)));
        let mut unseen =
            displaced.filter(|(id, (by, _))| !self.is_past(**id, *by) && !self.is_past(write, *by));
        unseen.next().map(|(_, (_, moment))| *moment)
    }

    /// Whether a region shows what an operation wanted, or a later one on the same element that
    /// had seen it, or of a field and a count was built on it: for values of which each item or
    /// field is kept by itself, and for counts.
    pub(super) fn keeps_element(&self, region: u8, id: FactId) -> bool {
        let Some(write) = self.writes.get(&id) else {
            return false;
        };
        let is_here = |it: &Write| it.applied[region as usize].is_some();
        let element = self.elements.of(write.kind, write.argument);
        if !matches!(element, Element::Item(_)) {
            let of_same = |it: &Write| self.elements.of(it.kind, it.argument) == element;
            let mut others = self.writes.iter().filter(|(_, it)| of_same(it));
            let carries = |other| self.showing.shows(region, other) && self.is_past(id, other);
            return self.showing.shows(region, id) || others.any(|(&other, _)| carries(other));
        }
        let others = self.writes.iter().filter(|(_, it)| {
            it.argument == write.argument && it.kind != write.kind && is_here(it)
        });
        // A removal takes out what it saw, and nothing else.
        let mut leaves_some = false;
        for (&other, it) in others {
            // Nobody took out knowingly what had not been shown to her.
            let is_answer = match it.kind {
                OpKind::Remove => it.seen.contains(&id),
                _ => self.is_before(id, other),
            };
            if is_answer {
                return true;
            }
            let is_left = it.displaced_in >> region & 1 == 0;
            leaves_some |= is_left && self.is_before(other, id);
        }
        match write.kind {
            OpKind::Add => self.showing.shows(region, id),
            _ => is_here(write) && !leaves_some,
        }
    }

    /// Whether a region that has a removal shows an addition that the removal saw.
    pub(super) fn is_undone(&self, id: FactId) -> bool {
        let Some(write) = self.writes.get(&id).filter(|_| !self.is_register) else {
            return false;
        };
        let mut having = (0..self.regions).filter(|&it| write.applied[it as usize].is_some());
        having.any(|region| {
            let mut standing = self.showing.standing(region);
            standing.any(|it| write.seen.contains(&it))
        })
    }

    /// Whether a write, or one built on it, is still to reach a region that is to have it.
    pub(super) fn is_under_way(&self, write: FactId) -> bool {
        let mut writes = self.under_way.keys();
        writes.any(|&id| id == write || self.is_past(write, id))
    }

    /// Why the later of two writes was made without the earlier one.
    pub(super) fn unaware(&self, one: FactId, other: FactId) -> Option<Unaware> {
        let earlier = self.writes.get(&one.min(other))?;
        let later = self.writes.get(&one.max(other))?;
        let news = earlier.news[later.accepted.region as usize];
        Some(match news {
            Some(news) if news.fate == Fate::Cut => Unaware::Cut(news.message),
            Some(news) if !news.fate.arrives() => Unaware::Lost(news.message),
            Some(news) if news.arrives_at >= later.accepted.moment.at => {
                Unaware::UnderWay(news.message)
            }
            _ => Unaware::Unsent,
        })
    }

    /// Whether the customer of an operation was told that it is done.
    pub(super) fn is_promised(&self, op: FactId) -> bool {
        let told = self.ops.get(&op).and_then(|op| op.told);
        told.is_some_and(|answer| answer.outcome == Outcome::Ok)
    }
}
