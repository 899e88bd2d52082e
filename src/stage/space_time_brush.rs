//! Draws the parts of the diagram: lanes, ticks, lines, marks, labels.

use std::f64::consts::TAU;

use js_sys::Array;
use wasm_bindgen::JsValue;
use web_sys::CanvasRenderingContext2d;

use super::geometry::{Area, Point};
use super::palette::Palette;
use super::space_time_scene::{Line, Mark, MarkKind, Way};
use super::space_time_window::TimeWindow;

/// How far customers and the payment gateway are from a lane, in CSS pixels.
const STUB: f64 = 12.0;
/// From so many pixels a second on there is room for them.
const STUBS_FROM: f64 = 60.0;
/// From so many pixels a second on there is room for what replicas tell each other
/// every half second.
const CHATTER_FROM: f64 = 300.0;
/// How far a message gets that does not arrive.
pub(super) const LOST_AT: f64 = 0.6;

/// Where things are on the sheet.
#[derive(Clone, Copy, Debug)]
pub(super) struct Grid {
    /// The stretch of time.
    pub(super) window: TimeWindow,
    /// In CSS pixels.
    pub(super) height: f64,
    /// How many lanes.
    pub(super) lanes: u32,
    /// There is so much of it that only the greater part is drawn, and that with less
    /// care.
    pub(super) is_crowded: bool,
}

impl Grid {
    /// The middle of a lane.
    pub(super) fn y(&self, lane: u8) -> f64 {
        (self.height / f64::from(self.lanes.max(1)) * (f64::from(lane) + 0.5)).round()
    }

    /// Where a mark is.
    pub(super) fn point(&self, mark: &Mark) -> Point {
        let shift = if matches!(mark.kind, MarkKind::Charge | MarkKind::Ran) {
            STUB
        } else {
            0.0
        };
        Point::new(self.window.x(mark.at_us), self.y(mark.lane) + shift)
    }

    /// The ends of a line, if there is room for it.
    pub(super) fn ends(&self, line: &Line) -> Option<(Point, Point)> {
        let sent = self.window.x(line.flight.sent_us);
        let arrived = self.window.x(line.flight.sent_us + line.flight.span_us);
        let (from, to) = match line.way {
            _ if line.is_chatter() && self.window.second() < CHATTER_FROM => return None,
            Way::Across(from, to) => (self.y(from), self.y(to)),
            _ if self.is_crowded || self.window.second() < STUBS_FROM => return None,
            Way::In(lane) => (self.y(lane) - STUB, self.y(lane)),
            Way::Out(lane) => (self.y(lane), self.y(lane) - STUB),
            Way::ToTill(lane) => (self.y(lane), self.y(lane) + STUB),
            Way::FromTill(lane) => (self.y(lane) + STUB, self.y(lane)),
        };
        Some((Point::new(sent, from), Point::new(arrived, to)))
    }
}

/// A mark that is a dot of one colour. There can be hundreds.
#[derive(Clone, Copy, Debug)]
pub(super) enum Dot {
    /// With this radius, in CSS pixels.
    Disc(f64),
    /// With half its side, in CSS pixels.
    Square(f64),
}

impl Dot {
    /// The dot of a mark, if it is nothing else.
    pub(super) fn of(mark: &Mark, is_crowded: bool) -> Option<Self> {
        match mark.kind {
            MarkKind::Accepted => Some(Self::Disc(4.0)),
            // Among very many a square is quicker to paint than a disc.
            MarkKind::Applied if is_crowded => Some(Self::Square(2.0)),
            MarkKind::Applied => Some(Self::Disc(2.5)),
            MarkKind::Charge | MarkKind::Ran => Some(Self::Square(3.5)),
            _ => None,
        }
    }
}

/// Draws on one sheet.
pub(super) struct Brush<'a> {
    /// What is drawn with.
    pub(super) context: &'a CanvasRenderingContext2d,
    /// The colours.
    pub(super) palette: &'a Palette,
}

impl Brush<'_> {
    /// How strong what follows is.
    pub(super) fn alpha(&self, alpha: f64) {
        self.context.set_global_alpha(alpha);
    }

    /// Stretches, all in one colour.
    pub(super) fn lines(&self, ends: &[[f64; 4]], color: &str, width: f64, dashes: &[f64]) {
        if ends.is_empty() {
            return;
        }
        let context = self.context;
        let pattern: Array = dashes.iter().map(|&dash| JsValue::from_f64(dash)).collect();
        // Fails only for something that is no list of numbers.
        let _ = context.set_line_dash(&pattern);
        context.set_stroke_style_str(color);
        context.set_line_width(width);
        context.begin_path();
        for [x1, y1, x2, y2] in ends {
            context.move_to(*x1, *y1);
            context.line_to(*x2, *y2);
        }
        context.stroke();
        if !dashes.is_empty() {
            let _ = context.set_line_dash(&Array::new());
        }
    }

    /// A cross.
    pub(super) fn cross(&self, at: Point, half: f64, color: &str) {
        let ends = [
            [at.x - half, at.y - half, at.x + half, at.y + half],
            [at.x - half, at.y + half, at.x + half, at.y - half],
        ];
        self.lines(&ends, color, 1.5, &[]);
    }

    fn disc(&self, at: Point, radius: f64) {
        self.context.begin_path();
        // Fails only for a negative radius.
        let _ = self.context.arc(at.x, at.y, radius, 0.0, TAU);
    }

    /// Filled.
    pub(super) fn fill_disc(&self, at: Point, radius: f64, color: &str) {
        self.disc(at, radius);
        self.context.set_fill_style_str(color);
        self.context.fill();
    }

    /// Outlined, with the ground inside.
    pub(super) fn ring(&self, at: Point, radius: f64, color: &str) {
        self.disc(at, radius);
        self.context.set_fill_style_str(&self.palette.surface);
        self.context.fill();
        self.outline(color);
    }

    /// Outlined only.
    pub(super) fn halo(&self, at: Point, radius: f64, color: &str) {
        self.disc(at, radius);
        self.outline(color);
    }

    fn outline(&self, color: &str) {
        self.context.set_stroke_style_str(color);
        self.context.set_line_width(1.5);
        self.context.stroke();
    }

    /// Dots, all in one colour.
    pub(super) fn dots(&self, dots: &[(Point, Dot)], color: &str) {
        if dots.is_empty() {
            return;
        }
        let context = self.context;
        context.set_fill_style_str(color);
        context.begin_path();
        for &(at, dot) in dots {
            match dot {
                Dot::Square(half) => {
                    context.fill_rect(at.x - half, at.y - half, 2.0 * half, 2.0 * half);
                }
                Dot::Disc(radius) => {
                    context.move_to(at.x + radius, at.y);
                    // Fails only for a negative radius.
                    let _ = context.arc(at.x, at.y, radius, 0.0, TAU);
                }
            }
        }
        context.fill();
    }

    /// Outlined, with the ground inside.
    fn square(&self, at: Point, half: f64, color: &str) {
        let context = self.context;
        context.begin_path();
        context.rect(at.x - half, at.y - half, 2.0 * half, 2.0 * half);
        context.set_fill_style_str(&self.palette.surface);
        context.fill();
        self.outline(color);
    }

    fn diamond(&self, at: Point, half: f64, color: &str) {
        let context = self.context;
        context.begin_path();
        context.move_to(at.x, at.y - half);
        context.line_to(at.x + half, at.y);
        context.line_to(at.x, at.y + half);
        context.line_to(at.x - half, at.y);
        context.close_path();
        context.set_fill_style_str(color);
        context.fill();
    }

    /// A mark that is no mere [`Dot`]; the other end of its link, if it is about one, is at `peer_y`.
    pub(super) fn mark(&self, mark: &Mark, at: Point, peer_y: Option<f64>) {
        let palette = self.palette;
        let hue = palette.hue(mark.hue);
        let to_peer = |color: &str| {
            if let Some(y) = peer_y {
                self.lines(&[[at.x, at.y, at.x, y]], color, 1.0, &[2.0, 3.0]);
            }
        };
        match mark.kind {
            MarkKind::Accepted | MarkKind::Applied | MarkKind::Charge | MarkKind::Ran => {}
            MarkKind::Crowned => self.diamond(at, 5.0, hue),
            MarkKind::Uncrowned => self.ring(at, 4.0, hue),
            MarkKind::TakenBack => self.cross(at, 3.0, &palette.warn),
            MarkKind::Discarded => self.ring(at, 3.0, hue),
            MarkKind::Suppressed | MarkKind::Begun => self.square(at, 3.0, hue),
            MarkKind::Rejected => self.ring(at, 4.0, &palette.warn),
            MarkKind::Gone | MarkKind::Crashed => self.cross(at, 4.0, &palette.bad),
            MarkKind::Restarted => self.ring(at, 4.0, &palette.good),
            MarkKind::Cut(_) => {
                to_peer(&palette.bad);
                self.cross(at, 3.5, &palette.bad);
            }
            MarkKind::Healed(_) => {
                to_peer(&palette.good);
                self.fill_disc(at, 3.0, &palette.good);
            }
            MarkKind::Clock => self.diamond(at, 5.0, &palette.warn),
            MarkKind::Armed => self.ring(at, 3.0, &palette.warn),
            MarkKind::Displaced => self.ring(at, 5.0, &palette.bad),
        }
        if mark.is_wrong && mark.kind != MarkKind::Displaced {
            self.halo(at, 7.0, &palette.bad);
        }
    }

    /// The colour of a mark's label.
    pub(super) fn label_color(&self, mark: &Mark) -> &str {
        match mark.kind {
            _ if mark.is_wrong => &self.palette.bad,
            MarkKind::Crashed | MarkKind::Cut(_) => &self.palette.bad,
            MarkKind::Restarted | MarkKind::Healed(_) => &self.palette.good,
            MarkKind::Rejected | MarkKind::Clock => &self.palette.warn,
            _ => &self.palette.ink_2,
        }
    }

    /// Words on a ground of their own.
    pub(super) fn words(&self, words: &str, area: &Area, color: &str) {
        let context = self.context;
        context.set_line_join("round");
        context.set_line_width(4.0);
        context.set_stroke_style_str(&self.palette.surface);
        // Fails only for numbers that are none.
        let _ = context.stroke_text(words, area.x, area.y + 9.0);
        context.set_fill_style_str(color);
        let _ = context.fill_text(words, area.x, area.y + 9.0);
    }

    /// The moments above the lanes.
    pub(super) fn ticks(&self, window: &TimeWindow, step_us: f64) {
        let context = self.context;
        context.set_font(&format!("11px {}", self.palette.mono));
        context.set_fill_style_str(&self.palette.ink_3);
        context.set_text_align("center");
        for at_us in moments(window, step_us) {
            let x = window.x(at_us);
            if x > 34.0 && x < window.width - 34.0 {
                // Fails only for numbers that are none.
                let _ = context.fill_text(&moment(at_us, step_us), x, 16.0);
            }
        }
    }
}

/// The ticks in a window, from time zero on.
pub(super) fn moments(window: &TimeWindow, step_us: f64) -> impl Iterator<Item = f64> + use<> {
    let first = (window.start_us.max(0.0) / step_us).ceil() as u64;
    let last = (window.end_us() / step_us).floor().max(0.0) as u64;
    (first..=last).map(move |n| n as f64 * step_us)
}

/// A moment with as many digits as its neighbours need.
fn moment(at_us: f64, step_us: f64) -> String {
    let full = splitbrain_words::clock(splitbrain_engine::sim::time::Time(at_us as u64));
    let drop = if step_us >= 1e6 { 4 } else { 0 };
    full[..full.len() - drop].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_have_no_idle_digits() {
        assert_eq!(moment(62_500_000.0, 500_000.0), "01:02.500");
        assert_eq!(moment(62_000_000.0, 2e6), "01:02");
    }
}
