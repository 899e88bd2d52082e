//! Draws the timeline: names, axis, and the bars that are in sight; of bars narrower than
//! a pixel only the first.

use super::answer::{Axis, Bar};
use super::lanes::LaneRow;
use super::paint::{AXIS, NAME, Painter, ROW};
use super::sheet::Sheet;

/// A bar in its row.
const BAR: f64 = 18.0;
/// The narrowest bar.
const NARROW: f64 = 3.0;
/// How long an open bar is at least before it has faded out.
const FADE: f64 = 96.0;
/// Steps in which it fades.
const FADES: u32 = 32;
/// Between two ticks at least.
const TICK: f64 = 92.0;
/// Around words in a bar.
const PAD: f64 = 5.0;
/// Where words stand in a bar, from its top.
const BASE: f64 = 13.0;
/// Characters beside a bar at most.
const BESIDE: usize = 28;
/// How strong bars are that are not in the proof.
const DIM: f64 = 0.5;

impl Painter {
    /// All of it.
    pub(super) fn draw(&self, sheet: &Sheet) {
        let context = &sheet.context;
        let (width, height) = (f64::from(self.size.0), f64::from(self.size.1));
        let first = (self.top / ROW).floor().max(0.0);
        let last = ((self.top + height - AXIS) / ROW).ceil().max(0.0);
        let rows = self.lanes.rows.iter().enumerate();
        let rows = rows.skip(first as usize).take((last - first) as usize);
        let y_of = |at: usize| AXIS + at as f64 * ROW - self.top;
        context.save();
        context.begin_path();
        context.rect(0.0, AXIS, width, height - AXIS);
        context.clip();
        context.set_fill_style_str(&self.colors.line);
        for (at, _) in rows.clone() {
            context.fill_rect(0.0, (y_of(at) + ROW).round() - 1.0, width, 1.0);
        }
        context.begin_path();
        context.rect(self.names(), AXIS, width - self.names(), height - AXIS);
        context.clip();
        for (at, row) in rows.clone() {
            self.row(sheet, row, y_of(at));
        }
        context.restore();
        context.save();
        context.begin_path();
        context.rect(0.0, AXIS, self.names(), height - AXIS);
        context.clip();
        for (at, row) in rows {
            let is_lit = row.bars.iter().any(|bar| self.lit.contains(bar));
            let color = if is_lit {
                &self.colors.ink
            } else {
                &self.colors.ink_2
            };
            context.set_fill_style_str(color);
            let _ = context.fill_text(&cut(&row.name, NAME), 12.0, y_of(at) + 17.0);
        }
        context.restore();
        self.axis(sheet);
    }

    /// The bars of a row: those of the proof last, over the others.
    fn row(&self, sheet: &Sheet, row: &LaneRow, y: f64) {
        let window = &self.window;
        let end = row.count_before(window.to());
        let mut at = row.first_after(window.from);
        let mut lit = Vec::new();
        while at < end {
            let number = row.bars[at];
            let Some(bar) = self.bar(number) else {
                return;
            };
            if self.lit.contains(&number) {
                lit.push(number);
                at += 1;
                continue;
            }
            self.draw_bar(sheet, number, bar, y);
            at += 1;
            // What ends before this pixel does would be painted over it.
            let painted = window.at(window.x(bar.call) + NARROW);
            if bar.ret < painted {
                let next = at + row.skip(at, painted);
                lit.extend(
                    row.bars[at..next.min(end)]
                        .iter()
                        .filter(|it| self.lit.contains(it)),
                );
                at = next;
            }
        }
        for number in lit {
            if let Some(bar) = self.bar(number) {
                self.draw_bar(sheet, number, bar, y);
            }
        }
    }

    fn draw_bar(&self, sheet: &Sheet, number: u32, bar: Bar, y: f64) {
        let context = &sheet.context;
        let colors = &self.colors;
        let names = self.names();
        let is_lit = self.lit.contains(&number);
        let x = names + self.window.x(bar.call);
        let end = if bar.ret.is_finite() {
            names + self.window.x(bar.ret)
        } else {
            f64::from(self.size.0).max(x + FADE)
        };
        let wide = (end - x).max(NARROW);
        let top = (y + (ROW - BAR) / 2.0).round();
        let (fill, edge) = match (is_lit, bar.is_update) {
            (true, _) => (&colors.bad_soft, &colors.bad),
            (false, true) => (&colors.raise, &colors.edge),
            (false, false) => (&colors.ground, &colors.edge),
        };
        let strong = if is_lit || self.lit.is_empty() {
            1.0
        } else {
            DIM
        };
        context.set_global_alpha(strong);
        if bar.ret.is_finite() {
            context.set_fill_style_str(fill);
            context.fill_rect(x, top, wide, BAR);
            context.set_stroke_style_str(edge);
            context.set_line_width(if is_lit { 1.5 } else { 1.0 });
            if wide > NARROW {
                context.stroke_rect(x + 0.5, top + 0.5, wide - 1.0, BAR - 1.0);
            } else {
                context.set_fill_style_str(edge);
                context.fill_rect(x, top, wide, BAR);
            }
        } else {
            fade(sheet, [x, top, wide], fill, edge, strong);
        }
        let is_told = self.hover == Some(number) || self.picked == Some(number);
        if is_told {
            context.set_stroke_style_str(&colors.accent);
            context.set_line_width(2.0);
            let seen = wide.min(f64::from(self.size.0) - x + 8.0);
            context.stroke_rect(x - 1.0, top - 1.0, seen + 2.0, BAR + 2.0);
        }
        self.words(sheet, number, bar, [x, top, wide]);
    }

    /// What the operation did, as far as there is room.
    fn words(&self, sheet: &Sheet, number: u32, bar: Bar, [x, top, wide]: [f64; 3]) {
        let label = self.opened.labels.get(bar.label as usize);
        let label = label.map_or("", String::as_str);
        // What begins left of what is in sight says it where it can be read.
        let start = x.max(self.names()) + PAD;
        let right = f64::from(self.size.0);
        let room = (((x + wide).min(right) - start - PAD) / self.letter).max(0.0) as usize;
        let context = &sheet.context;
        if let Some(place) = self.proof.iter().position(|&at| at == number) {
            let words = format!("✕{} {label}", place + 1);
            let long = words.chars().count();
            context.set_fill_style_str(&self.colors.bad);
            if long <= room {
                let _ = context.fill_text(&words, start, top + BASE);
            } else {
                self.beside(sheet, &cut(&words, BESIDE), [x, top, wide]);
            }
            return;
        }
        let long = label.chars().count();
        if long > room && room < 4 {
            return;
        }
        let color = if bar.is_update {
            &self.colors.ink
        } else {
            &self.colors.ink_2
        };
        context.set_fill_style_str(color);
        let words = if long > room {
            cut(label, room - 1)
        } else {
            label.to_owned()
        };
        let _ = context.fill_text(&words, start, top + BASE);
    }

    /// Words of the proof beside their bar, where it is too narrow for them, over
    /// whatever is there.
    fn beside(&self, sheet: &Sheet, words: &str, [x, top, wide]: [f64; 3]) {
        let long = words.chars().count() as f64 * self.letter;
        let right = x + wide + PAD;
        let x = if right + long > f64::from(self.size.0) {
            (x - PAD - long).max(self.names() + PAD)
        } else {
            right
        };
        let context = &sheet.context;
        context.set_line_join("round");
        context.set_line_width(5.0);
        context.set_stroke_style_str(&self.colors.ground);
        // Fails only for numbers that are none.
        let _ = context.stroke_text(words, x, top + BASE);
        let _ = context.fill_text(words, x, top + BASE);
    }

    fn axis(&self, sheet: &Sheet) {
        if self.opened.axis == Axis::Sessions {
            return;
        }
        let context = &sheet.context;
        let window = &self.window;
        let step = window.tick(TICK);
        context.set_fill_style_str(&self.colors.ink_3);
        context.set_text_align("center");
        let mut at = (window.from / step).ceil() * step;
        while at <= window.to() {
            let x = self.names() + window.x(at);
            // Not `-0`, which is what a float makes of what is left of nought.
            let text = format!("{}", at.round() as i64);
            let half = text.len() as f64 * self.letter / 2.0;
            if x - half > self.names() && x + half < f64::from(self.size.0) {
                let _ = context.fill_text(&text, x, 16.0);
            }
            at += step;
        }
        context.set_text_align("left");
    }
}

/// A bar that nobody saw end.
fn fade(sheet: &Sheet, [x, top, wide]: [f64; 3], fill: &str, edge: &str, strong: f64) {
    let context = &sheet.context;
    // On whole pixels, or the seams would be seen.
    let edge_of = |at: u32| (x + wide * f64::from(at) / f64::from(FADES)).round();
    for at in 0..FADES {
        let left = 1.0 - f64::from(at) / f64::from(FADES);
        let (x, piece) = (edge_of(at), edge_of(at + 1) - edge_of(at));
        context.set_global_alpha(strong * left * left);
        context.set_fill_style_str(fill);
        context.fill_rect(x, top, piece, BAR);
        context.set_fill_style_str(edge);
        context.fill_rect(x, top, piece, 1.0);
        context.fill_rect(x, top + BAR - 1.0, piece, 1.0);
    }
    context.set_global_alpha(strong);
    context.set_fill_style_str(edge);
    context.fill_rect(x.round(), top, 1.0, BAR);
}

/// So many characters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
