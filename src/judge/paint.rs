//! Paints the timeline, outside yew: only what is in sight, and of bars narrower than a
//! pixel only the first.

use std::collections::BTreeSet;
use std::rc::Rc;

use yew::NodeRef;

use super::answer::{Axis, Bar, Opened};
use super::lanes::{LaneRow, Lanes};
use super::sheet::{Colors, Sheet};
use super::window::Window;

/// The axis above the rows, in CSS pixels.
pub(super) const AXIS: f64 = 24.0;
/// A row.
pub(super) const ROW: f64 = 26.0;
/// A bar in its row.
const BAR: f64 = 18.0;
/// The narrowest bar.
const NARROW: f64 = 3.0;
/// How long an open bar is at least before it has faded out.
const FADE: f64 = 96.0;
/// Steps in which it fades.
const FADES: u32 = 12;
/// Between two ticks at least.
const TICK: f64 = 92.0;
/// Around words in a bar.
const PAD: f64 = 5.0;
/// Characters of a name at most.
const NAME: usize = 12;
/// How strong bars are that are not in the proof.
const DIM: f64 = 0.38;
/// How near the pointer must be to a bar.
const NEAR: f64 = 4.0;
/// Frames between two looks at the theme.
const LOOK_EVERY: u32 = 20;

/// What the picture depends on.
pub(super) struct Painter {
    /// What is shown.
    pub(super) opened: Rc<Opened>,
    /// The same, laid out.
    pub(super) lanes: Rc<Lanes>,
    /// The proof that is lit, in the order of its list.
    pub(super) proof: Vec<u32>,
    /// What the pointer is on.
    pub(super) hover: Option<u32>,
    /// What was picked out by keys.
    pub(super) picked: Option<u32>,
    /// The stretch of the axis, right of the names.
    pub(super) window: Window,
    /// The size of what is in sight, in CSS pixels.
    pub(super) size: (u32, u32),
    /// How far it is scrolled down.
    pub(super) top: f64,
    lit: BTreeSet<u32>,
    sheet: Option<Sheet>,
    colors: Colors,
    letter: f64,
    frames: u32,
    is_stale: bool,
}

impl Painter {
    /// Of a history; it has no size yet.
    pub(super) fn new(opened: Rc<Opened>, lanes: Rc<Lanes>) -> Self {
        Self {
            window: Window::of(lanes.whole, 1.0),
            opened,
            lanes,
            proof: Vec::new(),
            hover: None,
            picked: None,
            size: (0, 0),
            top: 0.0,
            lit: BTreeSet::new(),
            sheet: None,
            colors: Colors::default(),
            letter: 6.6,
            frames: 0,
            is_stale: true,
        }
    }

    /// Something has changed.
    pub(super) fn touch(&mut self) {
        self.is_stale = true;
    }

    /// Takes another size.
    pub(super) fn resize(&mut self, size: (u32, u32)) {
        self.size = size;
        self.window.width = (f64::from(size.0) - self.names()).max(1.0);
        self.is_stale = true;
    }

    /// Lights a proof, and shows it as large as may be.
    pub(super) fn light(&mut self, proof: Vec<u32>) {
        self.lit = proof.iter().copied().collect();
        self.proof = proof;
        self.is_stale = true;
        let bars = self.proof.iter().filter_map(|&at| self.bar(at));
        let ends = bars.map(|bar| {
            (
                bar.call,
                if bar.ret.is_finite() {
                    bar.ret
                } else {
                    bar.call
                },
            )
        });
        let whole = ends.reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)));
        if let Some((from, to)) = whole {
            self.window.close_up(from, to);
        }
    }

    /// How far down the first row of the proof is.
    pub(super) fn proof_top(&self) -> Option<f64> {
        let rows = self.proof.iter().map(|&at| self.lanes.place(at).0);
        rows.min().map(|row| f64::from(row) * ROW)
    }

    /// The bar with this number.
    pub(super) fn bar(&self, at: u32) -> Option<Bar> {
        self.opened.bars.get(at as usize).copied()
    }

    /// The width of the names.
    pub(super) fn names(&self) -> f64 {
        let rows = self.lanes.rows.iter();
        let longest = rows.map(|row| row.name.chars().count().min(NAME + 1)).max();
        longest.unwrap_or(0) as f64 * self.letter + 28.0
    }

    /// The bar at this place of the element.
    pub(super) fn hit(&self, x: f64, y: f64) -> Option<u32> {
        let x = x - self.names();
        let row = (y + self.top - AXIS) / ROW;
        if x < 0.0 || y < AXIS || row < 0.0 {
            return None;
        }
        let row = self.lanes.rows.get(row as usize)?;
        let (from, to) = (self.window.at(x - NEAR), self.window.at(x + NEAR));
        let found = row.first_after(from)..row.count_before(to);
        let at = self.window.at(x);
        let away = |bar: Bar| (bar.call - at).max(at - bar.ret).max(0.0);
        let bars = row.bars.get(found)?.iter().copied();
        bars.min_by(|&a, &b| {
            let away = |at: u32| self.bar(at).map_or(f64::INFINITY, away);
            away(a).total_cmp(&away(b))
        })
    }

    /// Paints, if the picture is not on the sheet already.
    pub(super) fn paint(&mut self, canvas: &NodeRef) {
        if self.size.0 == 0 || self.size.1 == 0 {
            return;
        }
        if self.frames.is_multiple_of(LOOK_EVERY)
            && let Some(colors) = Colors::read()
            && colors != self.colors
        {
            self.colors = colors;
            self.is_stale = true;
        }
        self.frames = self.frames.wrapping_add(1);
        if !std::mem::take(&mut self.is_stale) {
            return;
        }
        let sheet = self.sheet.take().or_else(|| Sheet::on(canvas));
        let Some(mut sheet) = sheet else {
            return;
        };
        sheet.begin(self.size);
        sheet
            .context
            .set_font(&format!("11px {}", self.colors.mono));
        if let Ok(measured) = sheet.context.measure_text("0000000000") {
            self.letter = measured.width() / 10.0;
        }
        self.window.width = (f64::from(self.size.0) - self.names()).max(1.0);
        self.draw(&sheet);
        self.sheet = Some(sheet);
    }

    fn draw(&self, sheet: &Sheet) {
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

    /// What the operation did, as far as there is room; before it its number in the
    /// list of the proof.
    fn words(&self, sheet: &Sheet, number: u32, bar: Bar, [x, top, wide]: [f64; 3]) {
        let place = self.proof.iter().position(|&at| at == number);
        // What begins left of what is in sight says it where it can be read.
        let start = x.max(self.names()) + PAD;
        let room = ((x + wide).min(f64::from(self.size.0)) - start - PAD) / self.letter;
        let mark = place.map(|place| format!("✕{} ", place + 1));
        let mark_long = mark.as_ref().map_or(0, |mark| mark.chars().count());
        let label = self.opened.labels.get(bar.label as usize);
        let label = label.map_or("", String::as_str);
        let context = &sheet.context;
        let mut x = start;
        if let Some(mark) = &mark {
            // The sign is there even where there is no room in the bar.
            context.set_fill_style_str(&self.colors.bad);
            let _ = context.fill_text(mark, x, top + 13.0);
            x += mark_long as f64 * self.letter;
        }
        let left = room as i64 - mark_long as i64;
        let long = label.chars().count() as i64;
        if left < 3 && left < long {
            return;
        }
        let color = if place.is_some() || bar.is_update {
            &self.colors.ink
        } else {
            &self.colors.ink_2
        };
        context.set_fill_style_str(color);
        let words = if long <= left {
            label.to_owned()
        } else {
            cut(label, left as usize - 1)
        };
        let _ = context.fill_text(&words, x, top + 13.0);
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
            let text = format!("{at:.0}");
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
    let piece = wide / f64::from(FADES);
    for at in 0..FADES {
        let left = 1.0 - f64::from(at) / f64::from(FADES);
        let x = x + f64::from(at) * piece;
        context.set_global_alpha(strong * left * left);
        context.set_fill_style_str(fill);
        context.fill_rect(x, top, piece, BAR);
        context.set_fill_style_str(edge);
        context.fill_rect(x, top, piece, 1.0);
        context.fill_rect(x, top + BAR - 1.0, piece, 1.0);
    }
    context.set_global_alpha(strong);
    context.set_fill_style_str(edge);
    context.fill_rect(x, top, 1.0, BAR);
}

/// So many characters of a text.
fn cut(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
