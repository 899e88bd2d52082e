//! The labels of the diagram. A label is placed when it is first seen and keeps its
//! spot, so that nothing jumps while the picture moves.

use std::collections::BTreeMap;

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId, OpKind};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_words::Arg;
use splitbrain_words::names::Form;

use super::geometry::{Area, Point};
use super::measure::{Font, width};
use super::place::{Ground, Spot, spot_area};
use super::space_time_scene::{Mark, MarkKind};
use crate::text::Text;

/// Labels that are placed in one frame at most.
const A_FRAME: u32 = 6;
/// How high a label is, in CSS pixels.
pub(super) const HEIGHT: f64 = 11.0;
const GAP: f64 = 8.0;
/// A label that covers more than this is left out.
const MOST_COST: f64 = 12.0;

const SPOTS: [Spot; 14] = [
    (-0.6, -1.0),
    (0.6, -1.0),
    (0.6, 1.0),
    (-0.6, 1.0),
    (0.0, -1.0),
    (0.0, 1.0),
    (1.4, -0.7),
    (1.4, 0.7),
    (-1.4, -0.7),
    (-1.4, 0.7),
    (-2.4, -0.7),
    (2.4, -0.7),
    (-2.4, 0.7),
    (2.4, 0.7),
];

/// A label that was looked for a place for.
#[derive(Clone, Debug)]
struct Entry {
    words: String,
    width: f64,
    /// From the mark to the label's corner; none if there was no room.
    spot: Option<Spot>,
}

/// All labels in sight.
#[derive(Debug, Default)]
pub(super) struct Labels {
    entries: BTreeMap<FactId, Entry>,
}

/// What a mark says in words.
pub(super) fn words_of(
    text: &Text,
    scenario: &Scenario,
    mark: &Mark,
    fact: &Fact,
) -> Option<String> {
    let words = text.words();
    let money = |amount: u32| words.money(u64::from(amount)).to_string();
    Some(match mark.kind {
        MarkKind::Accepted => {
            let (key, value) = (Key(fact.b), Value(fact.c));
            let item = |index| words.item(scenario, index, Form::Label).to_string();
            match fact.op_kind()? {
                OpKind::Add => format!("+ {}", item(value.0)),
                OpKind::Remove => format!("− {}", item(value.0)),
                _ => format!(
                    "{} {}",
                    item(key.index()),
                    words.value(scenario, key, value)
                ),
            }
        }
        MarkKind::Charge => money(fact.b),
        MarkKind::Rejected => fact.b.to_string(),
        MarkKind::Crashed => text.get("ui.region.down").to_string(),
        MarkKind::Restarted => text.get("ui.diagram.up").to_string(),
        MarkKind::Cut(_) => text.get("ui.link.cut").to_string(),
        MarkKind::Healed(_) => text.get("ui.diagram.healed").to_string(),
        MarkKind::Clock => {
            let offset_us = fact.clock_offset_us();
            let id = if offset_us < 0 {
                "ui.region.clock_behind"
            } else {
                "ui.region.clock_ahead"
            };
            let span = Arg::Span(offset_us.unsigned_abs());
            text.with(id, &[("span", span)]).to_string()
        }
        _ => return None,
    })
}

impl Labels {
    /// Forgets all places.
    pub(super) fn clear(&mut self) {
        self.entries.clear();
    }

    /// Forgets labels of facts before this one.
    pub(super) fn forget_before(&mut self, fact: FactId) {
        if self.entries.len() > 400 {
            self.entries = self.entries.split_off(&fact);
        }
    }

    /// Whether a mark has been looked at.
    pub(super) fn knows(&self, fact: FactId) -> bool {
        self.entries.contains_key(&fact)
    }

    /// Looks for places for new labels. `at` says where a mark is; `ground` is what is
    /// there but for labels.
    pub(super) fn place<'a>(
        &mut self,
        marks: impl Iterator<Item = (&'a Mark, String)>,
        mut ground: Ground,
        known: impl Iterator<Item = &'a Mark>,
        at: impl Fn(&Mark) -> Point,
    ) {
        for mark in known {
            if let Some((area, _)) = self.area(mark.fact, at(mark)) {
                ground.boxes.push(area);
            }
        }
        for (mark, words) in marks.take(A_FRAME as usize) {
            let anchor = at(mark);
            let width = width(&words, Font::Data);
            let found = ground.best(width, HEIGHT, anchor, GAP, &SPOTS);
            let is_placed = found.cost <= MOST_COST;
            let spot = (found.area.x - anchor.x, found.area.y - anchor.y);
            if is_placed {
                ground.boxes.push(found.area);
            }
            self.entries.insert(
                mark.fact,
                Entry {
                    words,
                    width,
                    spot: is_placed.then_some(spot),
                },
            );
        }
    }

    /// The box and the words of a mark's label, if it has a place.
    pub(super) fn area(&self, fact: FactId, anchor: Point) -> Option<(Area, &str)> {
        let entry = self.entries.get(&fact)?;
        let (dx, dy) = entry.spot?;
        let corner = Point::new(anchor.x + dx, anchor.y + dy);
        let area = spot_area(entry.width, HEIGHT, corner, 0.0, (1.0, 1.0));
        Some((area, &entry.words))
    }
}
