//! Paints the space-time diagram, once a frame, outside yew.

use splitbrain_engine::sim::fact::FactId;
use splitbrain_words::Lang;
use web_sys::HtmlElement;
use yew::{AttrValue, Callback, NodeRef};

use super::flights::{shown_us, speed};
use super::geometry::{Point, decimal};
use super::motion::Motion;
use super::palette::Palette;
use super::size::Sheet;
use super::space_time_brush::{Brush, Grid};
use super::space_time_clock::ShownClock;
use super::space_time_draw::{Picture, Strokes};
use super::space_time_focus::{Focus, lane_of};
use super::space_time_labels::{Labels, MOST_COST, MOST_COST_LINES, words_of};
use super::space_time_scene::{MarkKind, Scene};
use super::space_time_stamps::Stamps;
use super::space_time_window::TimeWindow;
use crate::session::{Selection, Session};
use crate::text::Text;

/// How near the pointer must be, in CSS pixels.
const NEAR: f64 = 12.0;
/// With more messages than this there is no room for labels, nor for customers.
const CROWD: usize = 900;
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

/// What a clock showed at a fact, in words.
pub(super) type Stamped = (ShownClock, FactId, AttrValue);

/// Everything that the picture depends on.
type Key = (u64, u32, u32, u32, u64, u64, Option<FactId>);

/// The painter of the diagram.
#[derive(Default)]
pub(super) struct Painter {
    /// The lanes in CSS pixels.
    pub(super) size: (u32, u32),
    /// The words.
    pub(super) text: Text,
    /// The writes and charges that the judge holds against the design, in order.
    pub(super) wrong: Vec<FactId>,
    /// What the pointer is on.
    pub(super) hover: Option<FactId>,
    /// The clock that is shown at events.
    pub(super) clock: ShownClock,
    /// Is told what that clock showed at the fact that something is said about.
    pub(super) on_stamp: Callback<Option<Stamped>>,
    /// The lane that stamps stand on while nothing is picked out.
    pub(super) lane: u8,
    /// The stretch of time.
    pub(super) window: TimeWindow,
    stamps: Option<Box<dyn Stamps>>,
    stamp_labels: Labels,
    stamp_labels_for: (ShownClock, u8),
    told: Option<Stamped>,
    lanes: u32,
    sheet: Option<Sheet>,
    ticks: Option<Sheet>,
    palette: Palette,
    motion: Motion,
    scene: Scene,
    labels: Labels,
    labels_for: (u64, (u32, u32), u32, Option<Lang>),
    focus: Focus,
    strokes: Strokes,
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
        if let Some(stamps) = &mut self.stamps
            && !stamps.follow(&session.player, session.branch)
        {
            self.painted = None;
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
        let trace = session.player.trace();
        let is_new = self.focus.take(session);
        if is_new {
            self.painted = None;
        }
        let selected = self.focus.selected;
        let selected = selected.filter(|_| is_new && !session.playing);
        if let Some(fact) = selected.and_then(|fact| trace.get(fact)) {
            self.window.show(fact.at().0 as f64);
        }
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
        self.focus.shown = self.hover.or(self.focus.selected);
        self.lanes = session.scenario().regions.len() as u32;
        self.scene.read(session, &self.window, &self.wrong);
        let grid = self.grid();
        self.place_labels(session, &grid);
        self.place_stamps(session, &grid);
        self.draw(session, grid, now_us);
        self.move_tip(nodes);
        self.tell_stamp(session);
    }

    /// Whether a clock is shown whose stamps nobody reads yet.
    pub(super) fn has_no_stamps(&self) -> bool {
        self.clock != ShownClock::None && self.stamps.is_none()
    }

    /// Another clock is shown, or none; its stamps are made where that can be done.
    pub(super) fn show_clock(&mut self, clock: ShownClock, make: Option<fn() -> Box<dyn Stamps>>) {
        if clock == ShownClock::None {
            self.stamps = None;
        } else if self.stamps.is_none() {
            self.stamps = make.map(|make| make());
        }
        self.clock = clock;
        self.touch();
    }

    fn fit(&mut self) -> bool {
        let lanes = self.sheet.as_mut().is_some_and(|it| it.fit(self.size));
        let ticks = self.ticks.as_mut();
        ticks.is_some_and(|it| it.fit((self.size.0, 24))) || lanes
    }

    fn grid(&self) -> Grid {
        Grid {
            window: self.window,
            height: f64::from(self.size.1),
            lanes: self.lanes,
            is_crowded: self.scene.lines.len() > CROWD,
        }
    }

    fn place_labels(&mut self, session: &Session, grid: &Grid) {
        let scale = self.window.span_us.to_bits();
        let lang = Some(self.text.words().lang());
        let sign = (scale, self.size, session.branch, lang);
        if self.labels_for != sign {
            self.labels_for = sign;
            self.labels.clear();
            self.stamp_labels.clear();
        }
        if grid.is_crowded {
            return;
        }
        if let Some(first) = self.scene.marks.first() {
            self.labels.forget_before(first.fact);
            self.stamp_labels.forget_before(first.fact);
        }
        let (trace, scenario) = (session.player.trace(), session.scenario());
        let unknown = self.window.x(session.player.frontier_time().0 as f64) + 2.0;
        let others = [&self.stamp_labels];
        self.labels.place(
            &self.scene,
            grid,
            unknown,
            &others,
            MOST_COST,
            &mut |mark| words_of(&self.text, scenario, trace, mark),
        );
    }

    /// Stamps stand at the events of one lane only, or the picture would be full of them.
    fn place_stamps(&mut self, session: &Session, grid: &Grid) {
        let lane = self.stamped_lane(session);
        if self.stamp_labels_for != (self.clock, lane) {
            self.stamp_labels_for = (self.clock, lane);
            self.stamp_labels.clear();
        }
        let Some(stamps) = self.stamps.as_mut().filter(|_| !grid.is_crowded) else {
            return;
        };
        let (clock, trace) = (self.clock, session.player.trace());
        let unknown = self.window.x(session.player.frontier_time().0 as f64) + 2.0;
        let others = [&self.labels];
        self.stamp_labels.place(
            &self.scene,
            grid,
            unknown,
            &others,
            MOST_COST_LINES,
            &mut |mark| {
                let is_here =
                    mark.lane == lane && !matches!(mark.kind, MarkKind::Charge | MarkKind::Ran);
                let stamp = is_here.then(|| stamps.short(clock, trace, mark.fact));
                stamp.flatten()
            },
        );
    }

    /// The lane of what is picked out, or else where somebody was last.
    fn stamped_lane(&self, session: &Session) -> u8 {
        match session.selection {
            Selection::Region(region) => region,
            Selection::Fact(fact) => {
                let fact = session.player.trace().get(fact);
                let here = fact.filter(|fact| u32::from(fact.host.0) < self.lanes);
                let lane = fact.and_then(|fact| lane_of(fact, self.lanes as u16));
                lane.or(here.map(|fact| fact.host.0 as u8))
                    .unwrap_or(self.lane)
            }
            _ => self.lane,
        }
    }

    fn tell_stamp(&mut self, session: &Session) {
        let told = self.focus.shown.and_then(|id| {
            let stamps = self.stamps.as_mut()?;
            let words = stamps.told(&self.text, self.clock, &session.player, id)?;
            Some((self.clock, id, AttrValue::from(words)))
        });
        if self.told != told {
            self.told.clone_from(&told);
            self.on_stamp.emit(told);
        }
    }

    fn draw(&mut self, session: &Session, grid: Grid, now_us: f64) {
        let (Some(sheet), Some(ticks)) = (&self.sheet, &self.ticks) else {
            return;
        };
        let step_us = self.window.tick_us(TICK);
        let palette = &self.palette;
        ticks.clear();
        let above = Brush {
            context: &ticks.context,
            palette,
        };
        above.ticks(&self.window, step_us);
        sheet.clear();
        sheet.context.set_font(&format!("11px {}", palette.mono));
        let picture = Picture {
            brush: Brush {
                context: &sheet.context,
                palette,
            },
            grid,
            scene: &self.scene,
            labels: [&self.labels, &self.stamp_labels],
            focus: &self.focus,
            now_us,
            end: session.player.end(),
            frontier_us: session.player.frontier_time().0 as f64,
        };
        picture.draw(&mut self.strokes, step_us);
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
        let at = self.focus.shown.and_then(|id| {
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
            let whole = |length| decimal(length, 0);
            let across = if at.x > width * 0.55 {
                format!("max(0px, {}px - 100%)", whole(at.x - 12.0))
            } else {
                format!(
                    "max(0px, min({}px, {}px - 100%))",
                    whole(at.x + 12.0),
                    whole(width)
                )
            };
            let down = if at.y > grid.height / 2.0 {
                // Its beginning stays in sight where few lanes leave no room above.
                format!("max(-22px, {}px - 100%)", whole(at.y - 10.0))
            } else {
                // Its end stays in sight as well: it is where one asks why.
                let (below, end) = (whole(at.y + 10.0), whole(grid.height + 8.0));
                format!("max(-22px, min({below}px, {end}px - 100%))")
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
