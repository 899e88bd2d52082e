//! The canvas of the timeline, and the colours that it is painted in.

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, CssStyleDeclaration, HtmlCanvasElement};
use yew::NodeRef;

/// A canvas with as many pixels as the screen has.
pub(super) struct Sheet {
    /// What is painted with.
    pub(super) context: CanvasRenderingContext2d,
    canvas: HtmlCanvasElement,
    size: (u32, u32),
    ratio: f64,
}

impl Sheet {
    /// The sheet on a canvas.
    pub(super) fn on(node: &NodeRef) -> Option<Self> {
        let canvas = node.cast::<HtmlCanvasElement>()?;
        let context = canvas.get_context("2d").ok()??.dyn_into().ok()?;
        Some(Self {
            context,
            canvas,
            size: (0, 0),
            ratio: 0.0,
        })
    }

    /// Wipes it, at this size in CSS pixels, which are the unit from now on.
    pub(super) fn begin(&mut self, size: (u32, u32)) {
        let ratio = web_sys::window().map_or(1.0, |window| window.device_pixel_ratio());
        if self.size != size || (self.ratio - ratio).abs() > 1e-9 {
            (self.size, self.ratio) = (size, ratio);
            let pixels = |length: u32| (f64::from(length) * ratio).round() as u32;
            self.canvas.set_width(pixels(size.0));
            self.canvas.set_height(pixels(size.1));
        }
        // Fails only for a matrix that cannot be inverted.
        let _ = self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0);
        let (width, height) = (f64::from(size.0), f64::from(size.1));
        self.context.clear_rect(0.0, 0.0, width, height);
        self.context.set_global_alpha(1.0);
    }
}

/// The colours and the font of the style sheet, as they are now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Colors {
    /// Words.
    pub(super) ink: String,
    /// Lesser words.
    pub(super) ink_2: String,
    /// The least of words.
    pub(super) ink_3: String,
    /// Hairlines.
    pub(super) line: String,
    /// Edges of bars.
    pub(super) edge: String,
    /// Behind everything.
    pub(super) ground: String,
    /// In bars that may change something.
    pub(super) raise: String,
    /// What is picked out.
    pub(super) accent: String,
    /// The proof.
    pub(super) bad: String,
    /// In the bars of the proof.
    pub(super) bad_soft: String,
    /// The font of data.
    pub(super) mono: String,
}

impl Colors {
    /// Reads them.
    pub(super) fn read() -> Option<Self> {
        let window = web_sys::window()?;
        let root = window.document()?.document_element()?;
        let style = window.get_computed_style(&root).ok()??;
        let get = |name: &str| value(&style, name);
        Some(Self {
            ink: get("--ink"),
            ink_2: get("--ink-2"),
            ink_3: get("--ink-3"),
            line: get("--line"),
            edge: get("--line-2"),
            ground: get("--bg"),
            raise: get("--raise-2"),
            accent: get("--accent"),
            bad: get("--bad"),
            bad_soft: get("--bad-soft"),
            mono: get("--mono"),
        })
    }
}

fn value(style: &CssStyleDeclaration, name: &str) -> String {
    let value = style.get_property_value(name).unwrap_or_default();
    value.trim().to_owned()
}
