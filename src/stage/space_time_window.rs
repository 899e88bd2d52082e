//! The stretch of time that the diagram shows.

use super::geometry::within;

/// Real time that the window holds, in microseconds: at a higher speed it shows a
/// longer stretch, so that the picture always moves at the same pace.
const REAL_US: f64 = 4_000_000.0;
/// Where the playhead stands while time passes, as a share of the width.
const HEAD_AT: f64 = 0.8;
/// How near the edges it may come while time stands still.
const EDGE: f64 = 0.06;
/// Each step of zooming.
const ZOOM_STEP: f64 = 1.5;
/// The narrowest and the widest window, in microseconds.
const SPANS: (f64, f64) = (5_000.0, 900_000_000.0);
/// How fast a new scale is taken on, as a share a frame.
const EASE: f64 = 0.25;

/// A window of time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct TimeWindow {
    /// Its left edge, in microseconds; may lie before the beginning.
    pub(super) start_us: f64,
    /// How much it holds, in microseconds.
    pub(super) span_us: f64,
    /// In CSS pixels.
    pub(super) width: f64,
    zoom: f64,
    shown_us: f64,
}

impl Default for TimeWindow {
    fn default() -> Self {
        Self {
            start_us: 0.0,
            span_us: 0.0,
            width: 1.0,
            zoom: 1.0,
            shown_us: -1.0,
        }
    }
}

impl TimeWindow {
    /// Where a moment is.
    pub(super) fn x(&self, at_us: f64) -> f64 {
        (at_us - self.start_us) / self.span_us.max(1.0) * self.width
    }

    /// Which moment is where.
    pub(super) fn at(&self, x: f64) -> f64 {
        self.start_us + x / self.width.max(1.0) * self.span_us
    }

    /// The right edge, in microseconds.
    pub(super) fn end_us(&self) -> f64 {
        self.start_us + self.span_us
    }

    /// How many pixels a second takes.
    pub(super) fn second(&self) -> f64 {
        self.width * 1e6 / self.span_us.max(1.0)
    }

    /// Follows the moment that is shown. True while the scale is still changing.
    pub(super) fn follow(&mut self, now_us: f64, speed: f64, playing: bool, at_once: bool) -> bool {
        let (least, most) = SPANS;
        let wanted = within(REAL_US * speed / self.zoom, least, most);
        let is_first = self.span_us <= 0.0;
        let gap = wanted / self.span_us.max(1.0) - 1.0;
        let is_changing = !is_first && !at_once && gap.abs() > 0.005;
        let head = if is_first {
            HEAD_AT
        } else {
            (now_us - self.start_us) / self.span_us
        };
        let span = if is_changing {
            self.span_us * (1.0 + gap * EASE)
        } else {
            wanted
        };
        let has_moved = (now_us - self.shown_us).abs() > 0.5;
        if (span - self.span_us).abs() > 1e-6 {
            // The playhead stays where it is while the scale changes around it.
            self.span_us = span;
            self.start_us = now_us - within(head, EDGE, HEAD_AT) * span;
        }
        self.shown_us = now_us;
        if has_moved {
            let share = (now_us - self.start_us) / self.span_us;
            if share > HEAD_AT && (playing || share > 1.0 - EDGE) {
                self.start_us = now_us - HEAD_AT * self.span_us;
            } else if share < EDGE {
                self.start_us = now_us - (1.0 - HEAD_AT) * self.span_us;
            }
        }
        self.start_us = self.start_us.max(-EDGE * self.span_us);
        is_changing
    }

    /// Shows less or more; a positive number shows less in more detail.
    pub(super) fn zoom(&mut self, steps: f64) {
        let factor = 1.0 + steps.abs() * (ZOOM_STEP - 1.0);
        let zoom = if steps < 0.0 {
            self.zoom / factor
        } else {
            self.zoom * factor
        };
        self.zoom = within(zoom, 1.0 / 32.0, 32.0);
    }

    /// Moves by so many pixels.
    pub(super) fn pan(&mut self, pixels: f64) {
        self.start_us += pixels / self.width.max(1.0) * self.span_us;
        self.start_us = self.start_us.max(-EDGE * self.span_us);
    }

    /// Makes sure that a moment is in sight.
    pub(super) fn show(&mut self, at_us: f64) {
        let share = (at_us - self.start_us) / self.span_us.max(1.0);
        if !(EDGE..=1.0 - EDGE).contains(&share) {
            self.start_us = (at_us - 0.5 * self.span_us).max(-EDGE * self.span_us);
        }
    }

    /// The time between two ticks that are at least this many pixels apart: 1, 2 or 5
    /// times a power of ten, in microseconds.
    pub(super) fn tick_us(&self, pixels: f64) -> f64 {
        let least = pixels / self.width.max(1.0) * self.span_us;
        let mut power = 1_000.0;
        loop {
            for times in [1.0, 2.0, 5.0] {
                if power * times >= least {
                    return power * times;
                }
            }
            power *= 10.0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> TimeWindow {
        let mut window = TimeWindow {
            width: 800.0,
            ..TimeWindow::default()
        };
        window.follow(0.0, 1.0, false, true);
        window
    }

    #[test]
    fn the_playhead_stays_in_sight_wherever_it_is_sent() {
        let mut window = window();
        for now_us in [0.0, 1e6, 9e6, 3.6e9, 8e6, 7.9e6, 0.0] {
            for playing in [false, true] {
                window.follow(now_us, 1.0, playing, true);
                let x = window.x(now_us);
                assert!((0.0..=800.0).contains(&x), "{now_us}: {x}");
            }
        }
    }

    #[test]
    fn small_steps_move_the_playhead_and_not_the_window() {
        let mut window = window();
        window.follow(2e6, 1.0, false, true);
        let before = window.start_us;
        window.follow(2.1e6, 1.0, false, true);
        assert!((window.start_us - before).abs() < 1e-6);
    }

    #[test]
    fn ticks_are_round() {
        let window = window();
        assert!((window.tick_us(92.0) - 500_000.0).abs() < 1e-6);
        assert!((window.at(window.x(123.0)) - 123.0).abs() < 1e-6);
    }
}
