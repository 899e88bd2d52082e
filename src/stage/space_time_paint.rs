//! Paints the space-time diagram, once a frame, outside yew.

use std::collections::BTreeSet;
use std::rc::Rc;

use splitbrain_engine::scenario::Scenario;
use splitbrain_engine::sim::fact::FactId;
use splitbrain_words::Lang;
use web_sys::HtmlElement;
use yew::NodeRef;

use super::flights::{shown_us, speed};
use super::geometry::{Area, Point};
use super::motion::Motion;
use super::palette::Palette;
use super::place::Ground;
use super::size::Sheet;
use super::space_time_brush::{Brush, Grid, LOST_AT, moments};
use super::space_time_focus::causes;
use super::space_time_labels::{Labels, words_of};
use super::space_time_scene::{Mark, MarkKind, Scene, Way};
use super::space_time_window::TimeWindow;
use crate::session::{Selection, Session};
use crate::text::Text;

/// How near the pointer must be, in CSS pixels.
const NEAR: f64 = 12.0;
/// How strong what does not matter now is.
const FAINT: f64 = 0.28;
/// With more messages than this there is no room for labels.
const MOST_LABELLED: usize = 900;
/// Pixels between two ticks at least.
const TICK: f64 = 92.0;

/// The elements that are painted on.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Nodes {
    /// The lanes.
    pub(super) lanes: NodeRef,
    /// The moments above them.
    pub(super) ticks: NodeRef,
    /// What is said about a fact.
    pub(super) tip: NodeRef,
}

/// Everything that the picture depends on.
type Key = (u64, u32, u32, u32, u64, u64, Option<FactId>);

/// The painter of the diagram.
#[derive(Default)]
pub(super) struct Painter {
    /// The lanes in CSS pixels.
    pub(super) size: (u32, u32),
    /// The words.
    pub(super) text: Text,
    /// What the pointer is on.
    pub(super) hover: Option<FactId>,
    /// The stretch of time.
    pub(super) window: TimeWindow,
    scenario: Option<Rc<Scenario>>,
    sheet: Option<Sheet>,
    ticks: Option<Sheet>,
    palette: Palette,
    motion: Motion,
    scene: Scene,
    labels: Labels,
    labels_for: (u64, (u32, u32), u32, Option<Lang>),
    related: (Option<FactId>, u32, BTreeSet<FactId>),
    shown: Option<FactId>,
    painted: Option<Key>,
}

impl Painter {
    /// Paints the moment that is shown, if it is not on the sheet already.
    pub(super) fn paint(&mut self, nodes: &Nodes, session: &Session) {
        if self.size.0 == 0 || self.size.1 == 0 {
            return;
        }
        let is_new_theme = self.motion.is_due() && self.palette.refresh();
        if self.sheet.is_none() {
            self.sheet = Sheet::on(&nodes.lanes);
            self.ticks = Sheet::on(&nodes.ticks);
        }
        let now_us = shown_us(session);
        let is_resized = self.fit();
        if !(is_resized || is_new_theme || self.motion.may_move(session.playing)) {
            return;
        }
        let at_once = self.motion.is_reduced() || session.seeking;
        self.window.width = f64::from(self.size.0);
        self.window
            .follow(now_us, speed(session), session.playing, at_once);
        let selected = match session.selection {
            Selection::Fact(fact) => Some(fact),
            _ => None,
        };
        self.relate(session, selected);
        let key = (
            now_us.to_bits(),
            session.player.trace().len(),
            session.player.end().0,
            session.changes,
            self.window.start_us.to_bits(),
            self.window.span_us.to_bits(),
            self.hover,
        );
        if self.painted == Some(key) && !is_resized && !is_new_theme {
            return;
        }
        self.painted = Some(key);
        self.shown = self.hover.or(self.related.0);
        self.scenario = Some(session.scenario().clone());
        self.scene.read(session, &self.window);
        self.place_labels(session);
        self.draw(session, now_us);
        self.move_tip(nodes);
    }

    fn fit(&mut self) -> bool {
        let lanes = self.sheet.as_mut().is_some_and(|it| it.fit(self.size));
        let ticks = self.ticks.as_mut();
        ticks.is_some_and(|it| it.fit((self.size.0, 24))) || lanes
    }

    fn grid(&self) -> Grid {
        let lanes = self.scenario.as_ref().map_or(1, |it| it.regions.len());
        Grid {
            window: self.window,
            height: f64::from(self.size.1),
            lanes: lanes as u32,
        }
    }

    /// Finds what led to the selected fact; brings it into sight.
    fn relate(&mut self, session: &Session, selected: Option<FactId>) {
        if (self.related.0, self.related.1) == (selected, session.changes) {
            return;
        }
        let trace = session.player.trace();
        let is_new = self.related.0 != selected;
        let found = selected.map_or_else(BTreeSet::new, |fact| causes(trace, fact));
        self.related = (selected, session.changes, found);
        if let Some(fact) = selected.and_then(|fact| trace.get(fact))
            && is_new
            && !session.playing
        {
            self.window.show(fact.at().0 as f64);
        }
    }

    fn is_faint(&self, fact: FactId, about: FactId) -> bool {
        let Some(selected) = self.related.0 else {
            return false;
        };
        !self.related.2.contains(&fact) && about != selected
    }

    fn place_labels(&mut self, session: &Session) {
        let scale = self.window.span_us.to_bits();
        let sign = (
            scale,
            self.size,
            session.branch,
            Some(self.text.words().lang()),
        );
        if self.labels_for != sign {
            self.labels_for = sign;
            self.labels.clear();
        }
        let (Some(scenario), true) = (
            self.scenario.clone(),
            self.scene.lines.len() <= MOST_LABELLED,
        ) else {
            return;
        };
        if let Some(first) = self.scene.marks.first() {
            self.labels.forget_before(first.fact);
        }
        let (trace, text) = (session.player.trace(), &self.text);
        let labels = &self.labels;
        let is_repeated = |place: usize, mark: &Mark| {
            // A link that is cut both ways is named once.
            let before = place.checked_sub(1).and_then(|at| self.scene.marks.get(at));
            matches!((mark.kind, before.map(|it| (it.kind, it.lane))),
                (MarkKind::Cut(peer), Some((MarkKind::Cut(_), lane)))
                | (MarkKind::Healed(peer), Some((MarkKind::Healed(_), lane))) if peer == lane)
        };
        let wanted: Vec<(&Mark, String)> = self
            .scene
            .marks
            .iter()
            .enumerate()
            .filter(|(place, mark)| !labels.knows(mark.fact) && !is_repeated(*place, mark))
            .filter_map(|(_, mark)| {
                let words = words_of(text, &scenario, mark, trace.get(mark.fact)?)?;
                Some((mark, words))
            })
            .take(6)
            .collect();
        if wanted.is_empty() {
            return;
        }
        let grid = self.grid();
        let mut ground = self.ground(&grid, &wanted);
        // What comes next would lie under a label there.
        let unknown = self.window.x(session.player.frontier_time().0 as f64) + 2.0;
        let rest = self.window.width.max(unknown) - unknown;
        ground
            .boxes
            .push(Area::new(unknown, 0.0, rest, grid.height));
        let marks = &self.scene.marks;
        self.labels
            .place(wanted.into_iter(), ground, marks.iter(), |mark| {
                grid.point(mark)
            });
    }

    /// What labels must not lie on, as far as these marks are concerned.
    fn ground(&self, grid: &Grid, wanted: &[(&Mark, String)]) -> Ground {
        const REACH: f64 = 160.0;
        let xs = || wanted.iter().map(|(mark, _)| grid.point(mark).x);
        let left = xs().fold(f64::INFINITY, f64::min) - REACH;
        let right = xs().fold(f64::NEG_INFINITY, f64::max) + REACH;
        let mut ground = Ground {
            bounds: Area::new(2.0, 0.0, self.window.width - 4.0, grid.height),
            ..Ground::default()
        };
        for mark in &self.scene.marks {
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
        for line in self.scene.lines.iter().filter(|line| line.is_replication()) {
            let Some((from, to)) = grid.ends(line) else {
                continue;
            };
            if to.x < left || from.x > right {
                continue;
            }
            let steps = (from.distance(to) / 4.0).ceil().clamp(1.0, 120.0) as u32;
            for step in 0..=steps {
                let share = f64::from(step) / f64::from(steps);
                ground.points.push(from.towards(to, share));
            }
        }
        ground
    }

    fn draw(&mut self, session: &Session, now_us: f64) {
        let (Some(sheet), Some(ticks)) = (&self.sheet, &self.ticks) else {
            return;
        };
        let grid = self.grid();
        let step_us = self.window.tick_us(TICK);
        ticks.clear();
        let above = Brush {
            context: &ticks.context,
            palette: &self.palette,
        };
        above.ticks(&self.window, step_us);
        sheet.clear();
        let brush = Brush {
            context: &sheet.context,
            palette: &self.palette,
        };
        brush
            .context
            .set_font(&format!("11px {}", self.palette.mono));
        self.draw_ground(&brush, &grid, step_us);
        self.draw_lines(&brush, &grid, session, now_us);
        self.draw_marks(&brush, &grid, session);
        let x = self.window.x(now_us);
        brush.alpha(1.0);
        brush.lines(&[[x, 0.0, x, grid.height]], &self.palette.accent, 1.5, &[]);
    }

    fn draw_ground(&self, brush: &Brush<'_>, grid: &Grid, step_us: f64) {
        let (line, width) = (&self.palette.line, self.window.width);
        let crisp = |length: f64| length.round() + 0.5;
        brush.alpha(0.5);
        let grid_lines: Vec<[f64; 4]> = moments(&self.window, step_us)
            .map(|at_us| crisp(self.window.x(at_us)))
            .map(|x| [x, 0.0, x, grid.height])
            .collect();
        brush.lines(&grid_lines, line, 1.0, &[]);
        brush.alpha(1.0);
        let start = self.window.x(0.0).max(0.0);
        let lanes: Vec<[f64; 4]> = (0..grid.lanes)
            .map(|lane| grid.y(lane as u8) + 0.5)
            .map(|y| [start, y, width, y])
            .collect();
        brush.lines(&lanes, line, 1.0, &[]);
        for &(lane, from_us, to_us) in &self.scene.downs {
            let (from, to) = (self.window.x(from_us), self.window.x(to_us));
            if to > 0.0 && from < width {
                let y = grid.y(lane) + 0.5;
                let ends = [[from.max(0.0), y, to.min(width), y]];
                brush.lines(&ends, &self.palette.surface, 3.0, &[]);
                brush.lines(&ends, &self.palette.bad, 2.0, &[2.0, 4.0]);
            }
        }
    }

    fn draw_lines(&self, brush: &Brush<'_>, grid: &Grid, session: &Session, now_us: f64) {
        const HUES: usize = 8;
        let end = session.player.end();
        let frontier_us = session.player.frontier_time().0 as f64;
        let mut strong: [Vec<[f64; 4]>; HUES] = Default::default();
        let mut faint: [Vec<[f64; 4]>; HUES] = Default::default();
        let mut middling: [Vec<[f64; 4]>; HUES] = Default::default();
        let mut lost: [Vec<[f64; 4]>; HUES] = Default::default();
        let mut crosses = Vec::new();
        let mut picked = None;
        for line in &self.scene.lines {
            let Some((from, to)) = grid.ends(line) else {
                continue;
            };
            let flight = &line.flight;
            let is_future = flight.fact >= end;
            let is_faint = is_future || !line.is_replication() && self.related.0.is_none();
            let is_faint = is_faint || self.is_faint(flight.fact, line.about);
            let stop = if flight.fate.arrives() { 1.0 } else { LOST_AT };
            let until_us = if is_future { frontier_us } else { now_us };
            let share = flight.share(until_us).clamp(0.0, stop);
            let tip = from.towards(to, share);
            let hue = usize::from(hue_of(line.way)) % HUES;
            let ends = [from.x, from.y, tip.x, tip.y];
            if self.shown == Some(flight.fact) {
                picked = Some((ends, hue));
            }
            let is_passed_on = matches!(line.way, Way::Across(..)) && !line.is_chatter();
            if is_faint && is_passed_on && !is_future && self.related.0.is_none() {
                middling[hue].push(ends);
            } else if is_faint {
                faint[hue].push(ends);
            } else if stop < 1.0 {
                lost[hue].push(ends);
            } else {
                strong[hue].push(ends);
            }
            if stop < 1.0 && share >= stop {
                crosses.push((tip, is_faint));
            }
        }
        let count = self.scene.lines.len();
        let crowd = if count > 1_500 {
            0.35
        } else if count > 500 {
            0.6
        } else {
            1.0
        };
        for hue in 0..HUES {
            let color = self.palette.hue(hue as u8);
            brush.alpha(FAINT * crowd);
            brush.lines(&faint[hue], color, 1.0, &[]);
            brush.alpha(2.0 * FAINT * crowd);
            brush.lines(&middling[hue], color, 1.0, &[]);
            brush.alpha(crowd);
            brush.lines(&strong[hue], color, 1.25, &[]);
            brush.lines(&lost[hue], color, 1.25, &[3.0, 3.0]);
        }
        if let Some((ends, hue)) = picked {
            brush.alpha(1.0);
            brush.lines(&[ends], self.palette.hue(hue as u8), 3.0, &[]);
        }
        for (at, is_faint) in crosses {
            brush.alpha(if is_faint { FAINT } else { 1.0 });
            brush.cross(at, 3.5, &self.palette.bad);
        }
    }

    fn draw_marks(&self, brush: &Brush<'_>, grid: &Grid, session: &Session) {
        let end = session.player.end();
        for mark in &self.scene.marks {
            let is_faint = self.is_faint(mark.fact, mark.about);
            let alpha = if is_faint || mark.fact >= end {
                FAINT
            } else {
                1.0
            };
            let at = grid.point(mark);
            let peer_y = match mark.kind {
                MarkKind::Cut(peer) | MarkKind::Healed(peer) => Some(grid.y(peer)),
                _ => None,
            };
            brush.alpha(alpha);
            brush.mark(mark, at, peer_y);
            if self.shown == Some(mark.fact) || self.related.0 == Some(mark.fact) {
                brush.alpha(1.0);
                brush.halo(at, 8.0, &self.palette.ink);
            }
        }
        for mark in &self.scene.marks {
            if let Some((area, words)) = self.labels.area(mark.fact, grid.point(mark)) {
                let is_faint = self.is_faint(mark.fact, mark.about) || mark.fact >= end;
                brush.alpha(if is_faint { 0.45 } else { 1.0 });
                brush.words(words, &area, brush.label_color(mark.kind));
            }
        }
    }

    /// What is nearest to a point on the lanes.
    pub(super) fn hit(&self, at: Point) -> Option<FactId> {
        let grid = self.grid();
        let marks = self.scene.marks.iter().map(|mark| {
            // A mark is a smaller target than a line, so it comes first.
            (mark.fact, grid.point(mark).distance(at) - 4.0)
        });
        let lines = self.scene.lines.iter().filter_map(|line| {
            let (from, to) = grid.ends(line)?;
            Some((line.flight.fact, at.distance_to_line(from, to)))
        });
        let nearest = marks.chain(lines).min_by(|a, b| a.1.total_cmp(&b.1));
        nearest
            .filter(|(_, far)| *far <= NEAR)
            .map(|(fact, _)| fact)
    }

    /// Paints again, even if nothing else has changed.
    pub(super) fn touch(&mut self) {
        self.painted = None;
    }

    /// The tip stands beside the fact that it tells of, wherever that moves.
    fn move_tip(&self, nodes: &Nodes) {
        let Some(tip) = nodes.tip.cast::<HtmlElement>() else {
            return;
        };
        let grid = self.grid();
        let at = self.shown.and_then(|id| {
            let mark = self.scene.marks.iter().find(|mark| mark.fact == id);
            let line = || {
                let line = self
                    .scene
                    .lines
                    .iter()
                    .find(|line| line.flight.fact == id)?;
                let (from, to) = grid.ends(line)?;
                Some(from.towards(to, 0.5))
            };
            mark.map(|mark| grid.point(mark)).or_else(line)
        });
        let style = tip.style();
        let shown = at.filter(|at| (0.0..=self.window.width).contains(&at.x));
        let placed = shown.map(|at| {
            let width = self.window.width;
            let across = if at.x > width * 0.55 {
                format!("max(0px, {:.0}px - 100%)", at.x - 12.0)
            } else {
                format!("max(0px, min({:.0}px, {width:.0}px - 100%))", at.x + 12.0)
            };
            let down = if at.y > grid.height / 2.0 {
                format!("calc({:.0}px - 100%)", at.y - 10.0)
            } else {
                format!("{:.0}px", at.y + 10.0)
            };
            format!("translate({across}, {down})")
        });
        // Fails only for properties that there are not.
        let _ = style.set_property("visibility", if placed.is_some() { "" } else { "hidden" });
        if let Some(placed) = placed {
            let _ = style.set_property("transform", &placed);
        }
    }
}

/// The region whose hue a line has: its sender's, or else the region it is at.
fn hue_of(way: Way) -> u8 {
    match way {
        Way::Across(region, _)
        | Way::In(region)
        | Way::Out(region)
        | Way::ToTill(region)
        | Way::FromTill(region) => region,
    }
}
