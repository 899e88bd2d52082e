//! The stretch of the axis that the timeline shows.

/// Each step of zooming.
const STEP: f64 = 1.5;
/// Units of the axis that are shown at least.
const LEAST: f64 = 2.0;
/// Room at the ends, as a share of what is shown.
const EDGE: f64 = 0.02;
/// How much of the window what is to be seen takes at most.
const SHARE: f64 = 0.7;

/// A stretch of the axis.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Window {
    /// Its left edge.
    pub(super) from: f64,
    /// How much it shows.
    pub(super) span: f64,
    /// In CSS pixels.
    pub(super) width: f64,
    whole: (f64, f64),
}

impl Window {
    /// All of a history.
    pub(super) fn of(whole: (f64, f64), width: f64) -> Self {
        let (from, to) = if whole.0 <= whole.1 {
            whole
        } else {
            (0.0, 0.0)
        };
        let mut window = Self {
            from,
            span: 0.0,
            width,
            whole: (from, to),
        };
        window.fit();
        window
    }

    fn widest(&self) -> f64 {
        ((self.whole.1 - self.whole.0) / (1.0 - 2.0 * EDGE)).max(LEAST)
    }

    /// Shows all of it.
    pub(super) fn fit(&mut self) {
        self.span = self.widest();
        self.from = self.whole.0;
        self.hold();
    }

    /// Keeps it over the history.
    fn hold(&mut self) {
        self.span = self.span.clamp(LEAST.min(self.widest()), self.widest());
        let room = EDGE * self.span;
        let last = (self.whole.1 + room - self.span).max(self.whole.0 - room);
        self.from = self.from.clamp(self.whole.0 - room, last);
    }

    /// Where this is.
    pub(super) fn x(&self, at: f64) -> f64 {
        (at - self.from) / self.span * self.width
    }

    /// What is there.
    pub(super) fn at(&self, x: f64) -> f64 {
        self.from + x / self.width.max(1.0) * self.span
    }

    /// Its right edge.
    pub(super) fn to(&self) -> f64 {
        self.from + self.span
    }

    /// Shows less, in more detail, or with a negative number more; what is at this
    /// pixel stays there.
    pub(super) fn zoom(&mut self, steps: f64, x: f64) {
        let at = self.at(x);
        self.span /= STEP.powf(steps);
        self.hold();
        self.from = at - x / self.width.max(1.0) * self.span;
        self.hold();
    }

    /// Moves by so many pixels.
    pub(super) fn pan(&mut self, pixels: f64) {
        self.from += pixels / self.width.max(1.0) * self.span;
        self.hold();
    }

    /// Shows this stretch, by moving if it fits, else by zooming out too.
    pub(super) fn show(&mut self, from: f64, to: f64) {
        let is_in = from >= self.from && to <= self.to();
        if is_in {
            return;
        }
        self.span = self.span.max((to - from) / SHARE);
        self.from = f64::midpoint(from, to) - self.span / 2.0;
        self.hold();
    }

    /// Shows this stretch as large as may be.
    pub(super) fn close_up(&mut self, from: f64, to: f64) {
        self.span = (to - from) / SHARE;
        self.hold();
        self.from = f64::midpoint(from, to) - self.span / 2.0;
        self.hold();
    }

    /// Between two ticks that are at least this many pixels apart: 1, 2 or 5 times a
    /// power of ten, and whole.
    pub(super) fn tick(&self, pixels: f64) -> f64 {
        let least = (pixels / self.width.max(1.0) * self.span).max(1.0);
        let power = 10_f64.powf(least.log10().floor());
        let times = [1.0, 2.0, 5.0, 10.0];
        let fits = times.into_iter().find(|times| power * times >= least);
        power * fits.unwrap_or(10.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn window() -> Window {
        Window::of((100.0, 1_100.0), 800.0)
    }

    #[test]
    fn what_is_under_the_pointer_stays_there_while_the_scale_changes() {
        let mut window = window();
        let at = window.at(300.0);
        for _ in 0..6 {
            window.zoom(1.0, 300.0);
            assert!((window.x(at) - 300.0).abs() < 1e-6);
        }
        assert!(window.span < 1_000.0);
        window.zoom(-20.0, 300.0);
        assert!(window.from <= 100.0 && window.to() >= 1_100.0);
    }

    #[test]
    fn nothing_leads_out_of_the_history() {
        let mut window = window();
        window.zoom(3.0, 400.0);
        for pixels in [-1e9, 1e9] {
            window.pan(pixels);
            assert!(window.from >= 100.0 - window.span && window.to() <= 1_100.0 + window.span);
        }
        window.zoom(99.0, 0.0);
        assert!((window.span - LEAST).abs() < 1e-9);
        let empty = Window::of((f64::INFINITY, f64::NEG_INFINITY), 800.0);
        assert!(empty.from.is_finite() && empty.span > 0.0);
    }

    #[test]
    fn what_is_to_be_seen_is_seen() {
        let mut window = window();
        window.zoom(8.0, 0.0);
        for (from, to) in [(900.0, 950.0), (100.0, 101.0), (150.0, 1_050.0)] {
            window.show(from, to);
            assert!(window.from <= from && window.to() >= to);
            window.close_up(from, to);
            assert!(window.from <= from && window.to() >= to);
        }
    }

    #[test]
    fn ticks_are_round_and_whole() {
        let mut window = window();
        assert!((window.tick(80.0) - 200.0).abs() < 1e-9);
        window.zoom(99.0, 0.0);
        assert!((window.tick(80.0) - 1.0).abs() < 1e-9);
    }
}
