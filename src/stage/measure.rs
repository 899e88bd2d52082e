//! How wide words are.

use std::cell::OnceCell;

use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

use super::palette::Palette;

/// A font of the stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Font {
    /// Names of regions.
    Name,
    /// Data: every character is as wide as the others.
    Data,
}

thread_local! {
    static CONTEXT: OnceCell<Option<CanvasRenderingContext2d>> = const { OnceCell::new() };
    static DATA_WIDTH: OnceCell<f64> = const { OnceCell::new() };
}

/// How wide words are in CSS pixels.
pub(super) fn width(words: &str, font: Font) -> f64 {
    match font {
        Font::Name => measured(words, "600 12px system-ui, sans-serif", 7.0),
        Font::Data => data_width() * words.chars().count() as f64,
    }
}

/// How wide one character of data is.
fn data_width() -> f64 {
    DATA_WIDTH.with(|width| {
        *width.get_or_init(|| {
            let mut palette = Palette::default();
            palette.refresh();
            measured("0000000000", &format!("11px {}", palette.mono), 6.7) / 10.0
        })
    })
}

fn measured(words: &str, font: &str, guess: f64) -> f64 {
    CONTEXT.with(|context| {
        let context = context.get_or_init(new_context).as_ref();
        let metrics = context.and_then(|context| {
            context.set_font(font);
            context.measure_text(words).ok()
        });
        metrics.map_or(guess * words.chars().count() as f64, |m| m.width())
    })
}

fn new_context() -> Option<CanvasRenderingContext2d> {
    let document = web_sys::window()?.document()?;
    let canvas: HtmlCanvasElement = document.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.get_context("2d").ok()??.dyn_into().ok()
}
