//! The labels of the diagram. A label is placed when it is first seen and keeps its
//! spot, so that nothing jumps while the picture moves.

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::{Fact, FactId};
use splitbrain_engine::sim::node::{Key, Value};
use splitbrain_engine::sim::trace::Trace;
use splitbrain_sorted::Map;
use splitbrain_words::Arg;

use super::geometry::{Area, Point, within};
use super::measure::{Font, width};
use super::place::{Ground, Spot, spot_area};
use super::space_time_brush::Grid;
use super::space_time_scene::{Mark, MarkKind, Scene};
use crate::text::Text;

/// Labels that are placed in one frame at most.
const A_FRAME: usize = 6;
/// How high a label is, in CSS pixels.
pub(super) const HEIGHT: f64 = 11.0;
const GAP: f64 = 8.0;
/// A label that covers more than this is left out.
pub(super) const MOST_COST: f64 = 12.0;
/// What went wrong, and what was asked for, may cover lines, though no other label.
pub(super) const MOST_COST_LINES: f64 = 90.0;

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
    entries: Map<FactId, Entry>,
}

/// Says what a mark says, if it says anything.
pub(super) type Speak<'a> = &'a mut dyn FnMut(&Mark) -> Option<String>;

/// What a mark says in words.
pub(super) fn words_of(
    text: &Text,
    scenario: &Scenario,
    trace: &Trace,
    mark: &Mark,
) -> Option<String> {
    let fact = trace.get(mark.fact)?;
    let words = text.words();
    let money = |amount: u32| words.money(u64::from(amount)).to_string();
    Some(match mark.kind {
        MarkKind::Accepted => write(text, scenario, fact)?,
        MarkKind::Displaced => {
            let lost = write(text, scenario, trace.get(FactId(fact.a))?)?;
            let args = [("value", Arg::Plain(lost))];
            text.with("ui.diagram.overwritten", &args).to_string()
        }
        MarkKind::Charge => money(fact.b),
        MarkKind::Ran => text
            .with("ui.diagram.ran", &[("n", Arg::from(fact.a))])
            .to_string(),
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

/// A write in a few characters: `lamp €110`, `+ mug`.
fn write(text: &Text, scenario: &Scenario, accepted: &Fact) -> Option<String> {
    let (key, value) = (Key(accepted.b), Value(accepted.c));
    let kind = accepted.op_kind()?;
    Some(text.words().brief(scenario, kind, key, value))
}

impl Labels {
    /// Forgets all places.
    pub(super) fn clear(&mut self) {
        self.entries = Map::new();
    }

    /// Forgets labels of facts before this one.
    pub(super) fn forget_before(&mut self, fact: FactId) {
        if self.entries.len() > 400 {
            self.entries.retain(|id, _| *id >= fact);
        }
    }

    /// Looks for places for the labels of marks that are new in the scene. Nothing is
    /// put beyond `unknown`: what comes next would lie under it there; nor on `others`, nor where it
    /// would cover more than `most_cost`.
    pub(super) fn place(
        &mut self,
        scene: &Scene,
        grid: &Grid,
        unknown: f64,
        others: &[&Self],
        most_cost: f64,
        words: Speak<'_>,
    ) {
        let is_repeated = |place: usize, mark: &Mark| {
            // A link that is cut both ways is named once.
            let before = place.checked_sub(1).and_then(|at| scene.marks.get(at));
            matches!((mark.kind, before.map(|it| (it.kind, it.lane))),
                (MarkKind::Cut(peer), Some((MarkKind::Cut(_), lane)))
                | (MarkKind::Healed(peer), Some((MarkKind::Healed(_), lane))) if peer == lane)
        };
        let marks = scene.marks.iter().enumerate();
        let wanted: Vec<(&Mark, String)> = marks
            .filter(|(place, mark)| {
                !self.entries.contains_key(&mark.fact) && !is_repeated(*place, mark)
            })
            .filter_map(|(_, mark)| Some((mark, words(mark)?)))
            .take(A_FRAME)
            .collect();
        if wanted.is_empty() {
            return;
        }
        let mut ground = ground(scene, grid, &wanted);
        let rest = grid.window.width.max(unknown) - unknown;
        ground
            .boxes
            .push(Area::new(unknown, 0.0, rest, grid.height));
        for mark in &scene.marks {
            let held = others.iter().copied().chain([&*self]);
            let areas = held.filter_map(|labels| labels.area(mark.fact, grid.point(mark)));
            ground.boxes.extend(areas.map(|(area, _)| area));
        }
        for (mark, words) in wanted {
            let anchor = grid.point(mark);
            let width = width(&words, Font::Data);
            let found = ground.best(width, HEIGHT, anchor, GAP, &SPOTS);
            let most = if mark.is_wrong {
                MOST_COST_LINES
            } else {
                most_cost
            };
            let is_placed = found.cost <= most;
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

/// What labels must not lie on, as far as these marks are concerned.
fn ground(scene: &Scene, grid: &Grid, wanted: &[(&Mark, String)]) -> Ground {
    const REACH: f64 = 160.0;
    let xs = || wanted.iter().map(|(mark, _)| grid.point(mark).x);
    let left = xs().fold(f64::INFINITY, f64::min) - REACH;
    let right = xs().fold(f64::NEG_INFINITY, f64::max) + REACH;
    let mut ground = Ground {
        bounds: Area::new(2.0, 0.0, grid.window.width - 4.0, grid.height),
        ..Ground::default()
    };
    for mark in &scene.marks {
        let at = grid.point(mark);
        if (left..right).contains(&at.x) {
            ground.boxes.push(Area::around(at, 5.0));
        }
    }
    for lane in 0..grid.lanes {
        let mut x = left;
        while x < right {
            ground.points.push(Point::new(x, grid.y(lane as u8)));
            x += 5.0;
        }
    }
    for line in scene.lines.iter().filter(|line| line.is_replication()) {
        let Some((from, to)) = grid.ends(line) else {
            continue;
        };
        if to.x < left || from.x > right {
            continue;
        }
        let steps = within((from.distance(to) / 4.0).ceil(), 1.0, 120.0) as u32;
        for step in 0..=steps {
            let share = f64::from(step) / f64::from(steps);
            ground.points.push(from.towards(to, share));
        }
    }
    ground
}
