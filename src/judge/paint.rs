//! What the picture of the timeline depends on, and when it is painted anew: outside yew,
//! in a frame after something has changed. [`super::draw`] draws it.

use std::collections::BTreeSet;
use std::rc::Rc;

use yew::NodeRef;

use super::answer::{Bar, Opened};
use super::lanes::Lanes;
use super::sheet::{Colors, Sheet};
use super::window::Window;

/// The axis above the rows, in CSS pixels.
pub(super) const AXIS: f64 = 24.0;
/// A row.
pub(super) const ROW: f64 = 26.0;
/// Characters of a name at most.
pub(super) const NAME: usize = 12;
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
    /// The same as a set.
    pub(super) lit: BTreeSet<u32>,
    sheet: Option<Sheet>,
    /// As they are now.
    pub(super) colors: Colors,
    /// The width of a letter.
    pub(super) letter: f64,
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
}
