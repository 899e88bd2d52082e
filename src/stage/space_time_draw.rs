//! Draws the picture of a window of time: ground, lines, marks, labels, playhead.

use splitbrain_engine::sim::fact::FactId;

use super::geometry::{Point, within};
use super::space_time_brush::{Brush, Dot, Grid, LOST_AT, moments};
use super::space_time_focus::Focus;
use super::space_time_labels::Labels;
use super::space_time_scene::{Line, Mark, MarkKind, Scene, Way};

/// Hues that regions take in turn.
const HUES: usize = 8;
/// How strong what does not matter now is.
const FAINT: f64 = 0.28;

/// Stretches in one colour.
type Stretches = Vec<[f64; 4]>;

/// Lines and dots by hue and strength; kept from frame to frame.
#[derive(Debug, Default)]
pub(super) struct Strokes {
    strong: [Stretches; HUES],
    middling: [Stretches; HUES],
    faint: [Stretches; HUES],
    lost: [Stretches; HUES],
    crosses: Vec<(Point, bool)>,
    dots: [Vec<(Point, Dot)>; HUES],
    faint_dots: [Vec<(Point, Dot)>; HUES],
}

impl Strokes {
    fn clear(&mut self) {
        let Self {
            strong,
            middling,
            faint,
            lost,
            crosses,
            dots,
            faint_dots,
        } = self;
        for stretches in [strong, middling, faint, lost].into_iter().flatten() {
            stretches.clear();
        }
        for dots in [dots, faint_dots].into_iter().flatten() {
            dots.clear();
        }
        crosses.clear();
    }
}

/// What is drawn.
pub(super) struct Picture<'a> {
    /// What it is drawn with.
    pub(super) brush: Brush<'a>,
    /// Where things are.
    pub(super) grid: Grid,
    /// The lines and marks.
    pub(super) scene: &'a Scene,
    /// Their labels, and what a clock showed at them.
    pub(super) labels: [&'a Labels; 2],
    /// What is picked out.
    pub(super) focus: &'a Focus,
    /// The moment that is shown, in microseconds.
    pub(super) now_us: f64,
    /// The first fact that has not happened yet then.
    pub(super) end: FactId,
    /// How far the run has been played, in microseconds.
    pub(super) frontier_us: f64,
}

impl Picture<'_> {
    /// Draws all of it.
    pub(super) fn draw(&self, strokes: &mut Strokes, step_us: f64) {
        self.ground(step_us);
        strokes.clear();
        let picked = self.sort_lines(strokes);
        self.lines(strokes);
        let brush = &self.brush;
        brush.alpha(1.0);
        if let Some((ends, hue)) = picked {
            brush.lines(&[ends], brush.palette.hue(hue as u8), 3.0, &[]);
        }
        self.marks(strokes);
        self.words();
        let x = self.grid.window.x(self.now_us);
        let ends = [[x, 0.0, x, self.grid.height]];
        brush.alpha(1.0);
        brush.lines(&ends, &brush.palette.accent, 1.5, &[]);
    }

    fn ground(&self, step_us: f64) {
        let (brush, grid) = (&self.brush, &self.grid);
        let (window, palette) = (&grid.window, brush.palette);
        let crisp = |length: f64| length.round() + 0.5;
        let ticks: Stretches = moments(window, step_us)
            .map(|at_us| crisp(window.x(at_us)))
            .map(|x| [x, 0.0, x, grid.height])
            .collect();
        brush.alpha(0.5);
        brush.lines(&ticks, &palette.line, 1.0, &[]);
        let start = window.x(0.0).max(0.0);
        let lanes: Stretches = (0..grid.lanes)
            .map(|lane| grid.y(lane as u8) + 0.5)
            .map(|y| [start, y, window.width, y])
            .collect();
        brush.alpha(1.0);
        brush.lines(&lanes, &palette.line, 1.0, &[]);
        for &(lane, from_us, to_us) in &self.scene.downs {
            let (from, to) = (window.x(from_us), window.x(to_us));
            if to > 0.0 && from < window.width {
                let y = grid.y(lane) + 0.5;
                let ends = [[from.max(0.0), y, to.min(window.width), y]];
                brush.lines(&ends, &palette.surface, 3.0, &[]);
                brush.lines(&ends, &palette.bad, 2.0, &[2.0, 4.0]);
            }
        }
    }

    /// Sorts lines by how they are drawn; returns the one that something is said about.
    fn sort_lines(&self, strokes: &mut Strokes) -> Option<([f64; 4], usize)> {
        let mut picked = None;
        let is_any_picked = self.focus.is_any();
        for line in &self.scene.lines {
            let Some((from, to)) = self.grid.ends(line) else {
                continue;
            };
            let flight = &line.flight;
            let is_future = flight.fact >= self.end;
            let is_lesser = !line.is_replication() && !is_any_picked;
            let is_aside = self.focus.is_aside(flight.fact, line.about);
            let stop = if flight.fate.arrives() { 1.0 } else { LOST_AT };
            let until_us = if is_future {
                self.frontier_us
            } else {
                self.now_us
            };
            let share = within(flight.share(until_us), 0.0, stop);
            let tip = from.towards(to, share);
            let hue = usize::from(hue_of(line)) % HUES;
            let ends = [from.x, from.y, tip.x, tip.y];
            if self.focus.shown == Some(flight.fact) {
                picked = Some((ends, hue));
            }
            let is_faint = is_future || is_lesser || is_aside;
            let is_passed_on = matches!(line.way, Way::Across(..)) && !line.is_chatter();
            let kind = if is_lesser && is_passed_on && !is_future {
                &mut strokes.middling
            } else if is_faint {
                &mut strokes.faint
            } else if stop < 1.0 {
                &mut strokes.lost
            } else {
                &mut strokes.strong
            };
            kind[hue].push(ends);
            if stop < 1.0 && share >= stop {
                strokes.crosses.push((tip, is_faint));
            }
        }
        picked
    }

    fn lines(&self, strokes: &Strokes) {
        let brush = &self.brush;
        // A line of one pixel is much quicker to paint than a broader one.
        let (alpha, width) = match self.scene.lines.len() {
            0..=400 => (1.0, 1.25),
            401..=1_500 => (0.7, 1.0),
            _ => (0.45, 1.0),
        };
        for hue in 0..HUES {
            let color = brush.palette.hue(hue as u8);
            brush.alpha(FAINT * alpha);
            brush.lines(&strokes.faint[hue], color, 1.0, &[]);
            brush.alpha(2.0 * FAINT * alpha);
            brush.lines(&strokes.middling[hue], color, 1.0, &[]);
            brush.alpha(alpha);
            brush.lines(&strokes.strong[hue], color, width, &[]);
            brush.lines(&strokes.lost[hue], color, width, &[3.0, 3.0]);
        }
        for &(at, is_faint) in &strokes.crosses {
            brush.alpha(if is_faint { FAINT } else { 1.0 });
            brush.cross(at, 3.5, &brush.palette.bad);
        }
    }

    /// Dots first, those of one colour together; what else there is lies on them.
    fn marks(&self, strokes: &mut Strokes) {
        let (brush, grid) = (&self.brush, &self.grid);
        for mark in &self.scene.marks {
            if let Some(dot) = Dot::of(mark, grid.is_crowded) {
                let dots = if self.is_faint(mark) {
                    &mut strokes.faint_dots
                } else {
                    &mut strokes.dots
                };
                dots[usize::from(mark.hue) % HUES].push((grid.point(mark), dot));
            }
        }
        for (alpha, dots) in [(FAINT, &strokes.faint_dots), (1.0, &strokes.dots)] {
            brush.alpha(alpha);
            for (hue, dots) in dots.iter().enumerate() {
                brush.dots(dots, brush.palette.hue(hue as u8));
            }
        }
        for mark in &self.scene.marks {
            let is_shown = self.focus.shown == Some(mark.fact) || self.focus.is_heart(mark.fact);
            let is_dot = Dot::of(mark, grid.is_crowded).is_some();
            if is_dot && !mark.is_wrong && !is_shown {
                continue;
            }
            let at = grid.point(mark);
            let peer_y = match mark.kind {
                MarkKind::Cut(peer) | MarkKind::Healed(peer) => Some(grid.y(peer)),
                _ => None,
            };
            brush.alpha(if self.is_faint(mark) { FAINT } else { 1.0 });
            brush.mark(mark, at, peer_y);
            if is_shown {
                brush.alpha(1.0);
                brush.halo(at, 8.0, &brush.palette.ink);
            }
        }
    }

    /// Whether a mark does not matter now: it is still to come, or something else is
    /// picked out.
    fn is_faint(&self, mark: &Mark) -> bool {
        mark.fact >= self.end || self.focus.is_aside(mark.fact, mark.about)
    }

    fn words(&self) {
        for mark in &self.scene.marks {
            let at = self.grid.point(mark);
            let [said, stamped] = self.labels;
            let alpha = if self.is_faint(mark) { 0.45 } else { 1.0 };
            let draw = |labels: &Labels, color: &str| {
                if let Some((area, words)) = labels.area(mark.fact, at) {
                    self.brush.alpha(alpha);
                    self.brush.words(words, &area, color);
                }
            };
            draw(said, self.brush.label_color(mark));
            draw(stamped, &self.brush.palette.accent);
        }
    }
}

/// The region whose hue a line has: its sender's, or else the region it is at.
fn hue_of(line: &Line) -> u8 {
    match line.way {
        Way::Across(region, _)
        | Way::In(region)
        | Way::Out(region)
        | Way::ToTill(region)
        | Way::FromTill(region) => region,
    }
}
