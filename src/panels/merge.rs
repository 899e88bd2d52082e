//! The merge at the cursor: what a region held before it, what arrived, what it holds since;
//! and the merges before and after it. Read from the trace and from the world on both sides
//! of one event.

use std::ops::Range;

use splitbrain_engine::scenario::{Scenario, ServiceKind};
use splitbrain_engine::sim::fact::{Fact, FactId, FactKind};
use splitbrain_engine::sim::node::{Addr, Key, Value};
use splitbrain_engine::sim::time::Time;
use splitbrain_engine::sim::world::World;
use splitbrain_engine::view::StateView;

use super::inside;
use super::state::Scene;
use crate::session::Session;
use crate::text::Text;

/// A region took in what others had done.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Merge {
    /// Which region.
    pub region: u8,
    /// Of what.
    pub key: Key,
    /// When.
    pub at: Time,
    /// The event, which no other merge of the run has.
    pub event: u32,
    /// The writes that came with it and were new here, as the facts that accepted them.
    pub arrived: Vec<FactId>,
    /// What it showed, before and since.
    pub values: [Value; 2],
    /// What its state was made of and is made of, a part a line.
    pub parts: Vec<Compared>,
}

/// A part of a state: its id, and its rows in words.
pub(crate) type Part = (&'static str, Vec<String>);

/// A part of a state on both sides of a merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Compared {
    /// The part's id.
    pub id: &'static str,
    /// Its rows, before and since: those of both sides first once, in their order.
    pub rows: Vec<(String, Side)>,
}

impl Merge {
    /// Whether nothing here is another than it was.
    pub(crate) fn is_idle(&self) -> bool {
        let mut rows = self.parts.iter().flat_map(|part| &part.rows);
        self.values[0] == self.values[1] && rows.all(|(_, side)| *side == Side::Both)
    }

    /// Whether a row has a version vector, which has to be explained.
    pub(crate) fn has_vectors(&self) -> bool {
        let mut rows = self.parts.iter().flat_map(|part| &part.rows);
        rows.any(|(row, _)| row.contains('\u{27e8}'))
    }
}

/// On which side of a merge a row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// On both.
    Both,
    /// Before it only: the merge took it away.
    Before,
    /// Since then only: the merge brought it.
    Since,
}

/// Whether regions merge what they hold of this service, by a data type or by a rule.
pub(crate) fn merges(scenario: &Scenario, kind: ServiceKind) -> bool {
    let service = scenario.service(kind);
    let service = service.and_then(|place| scenario.services.get(usize::from(place)));
    service.is_some_and(|service| service.merge_rule().is_some())
}

/// Whether a region took a write of another one in, of this service.
fn is_merge(fact: &Fact, service: u8) -> bool {
    fact.kind() == FactKind::WriteApplied
        && fact.peer != fact.host
        && Key(fact.b).service() == service
}

/// The event at the cursor, and its facts.
fn at_cursor(session: &Session) -> Option<(u32, Range<FactId>)> {
    let event = session.player.world().events().checked_sub(1)?;
    let first = session.player.trace().first_of_event(event);
    Some((event, first..session.player.end()))
}

/// The nearest merge of a service on one side of the cursor, as far as it was played.
pub(crate) fn neighbour(session: &Session, kind: ServiceKind, is_next: bool) -> Option<FactId> {
    let service = session.design.service(kind)?;
    let trace = session.player.trace();
    let is_one = |&(_, fact): &(FactId, &Fact)| is_merge(fact, service);
    let found = if is_next {
        let end = FactId(trace.len());
        trace.range(session.player.end(), end).find(is_one)
    } else {
        let (_, now) = at_cursor(session)?;
        trace.range(FactId(0), now.start).filter(is_one).last()
    };
    found.map(|(id, _)| id)
}

/// The fact by which the event at the cursor merged something of a service.
pub(crate) fn found(session: &Session, kind: ServiceKind) -> Option<FactId> {
    let service = session.design.service(kind)?;
    let (_, facts) = at_cursor(session)?;
    let mut facts = session.player.trace().range(facts.start, facts.end);
    let found = facts.find(|(_, fact)| is_merge(fact, service));
    found.map(|(id, _)| id)
}

/// What a region holds of a key, in the words of its panel.
fn parts(scene: &Scene<'_>, world: &World, at: Addr, key: Key) -> Vec<Part> {
    let found = world.state(at).into_iter().find_map(|line| match line {
        StateView::Parts { key: of, parts, .. } if of == key => {
            let parts = parts.into_iter().map(|part| {
                let rows = part.rows.iter().map(|row| scene.row(row));
                (part.id, rows.collect())
            });
            Some(parts.collect())
        }
        StateView::Inside {
            key: of,
            versions,
            beside,
        } if of == key => Some(inside::parts(scene, key, &versions, &beside)),
        _ => None,
    });
    found.unwrap_or_default()
}

/// The merge at the cursor. It plays the run again from before, as far as it has to.
pub(crate) fn merge(session: &Session, text: &Text, kind: ServiceKind) -> Option<Merge> {
    let service = session.design.service(kind)?;
    let trace = session.player.trace();
    let first = *trace.get(found(session, kind)?)?;
    let (event, facts) = at_cursor(session)?;
    let key = Key(first.b);
    let here = trace.range(facts.start, facts.end).filter(|(_, fact)| {
        is_merge(fact, service) && fact.b == first.b && fact.host == first.host
    });
    let arrived = here.map(|(_, fact)| FactId(fact.a)).collect();
    let before = session.player.world_at(event);
    let now = session.player.world();
    let at = Addr::new(first.host, service);
    let value = |world: &World| {
        let view = world.view(at).into_iter();
        let mut view = view.filter(|entry| entry.key == key);
        view.next()
            .map_or_else(|| session.design.initial(kind), |entry| entry.value)
    };
    let scenario = &session.design;
    let scene = Scene { text, scenario };
    let parts = |world: &World| parts(&scene, world, at, key);
    Some(Merge {
        region: first.host.0 as u8,
        key,
        at: first.at(),
        event,
        arrived,
        values: [value(&before), value(now)],
        parts: compare(&parts(&before), &parts(now)),
    })
}

/// Every part of both sides, with what became of each row.
pub(crate) fn compare(before: &[Part], since: &[Part]) -> Vec<Compared> {
    let rows = |parts: &[Part], id: &str| -> Vec<String> {
        let part = parts.iter().find(|part| part.0 == id);
        part.map_or_else(Vec::new, |part| part.1.clone())
    };
    let gone = before.iter().map(|part| part.0);
    let gone = gone.filter(|id| since.iter().all(|part| part.0 != *id));
    let ids = since.iter().map(|part| part.0).chain(gone);
    let parts = ids.map(|id| {
        let (before, since) = (rows(before, id), rows(since, id));
        let old = before.iter().map(|row| {
            let side = if since.contains(row) {
                Side::Both
            } else {
                Side::Before
            };
            (row.clone(), side)
        });
        let new = since.iter().filter(|row| !before.contains(row));
        let new = new.map(|row| (row.clone(), Side::Since));
        Compared {
            id,
            rows: old.chain(new).collect(),
        }
    });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_row_is_on_one_side_or_on_both() {
        let part = |id, items: &[u8]| -> Part {
            let rows = items.iter().map(u8::to_string);
            (id, rows.collect())
        };
        let before = [part("added", &[1, 2]), part("removed", &[2])];
        let since = [part("added", &[1, 3]), part("context", &[])];
        let compared = compare(&before, &since);
        let of = |item: u8, side| (item.to_string(), side);
        let expected = [
            (
                "added",
                vec![of(1, Side::Both), of(2, Side::Before), of(3, Side::Since)],
            ),
            ("context", vec![]),
            ("removed", vec![of(2, Side::Before)]),
        ];
        let expected = expected.map(|(id, rows)| Compared { id, rows });
        assert_eq!(compared, expected);
    }
}
